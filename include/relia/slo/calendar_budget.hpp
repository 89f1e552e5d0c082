// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How large is the budget of a period that is not over? The budget in events is a share of events
/// that have not happened yet. Three answers, because no one is right for all: what has been
/// earned, what the same traffic until the end would earn, and what the traffic of the same hours
/// of past weeks would.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <relia/aggregate/counts.hpp>
#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/slo/budget.hpp>
#include <relia/slo/ledger.hpp>
#include <relia/slo/objective.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::slo {

/// `conservative`: of the events so far, as if none came. `prorated`: of as many for each hour to
/// come. `forecast`: of what the season's history says. State no_data where nothing supports it.
struct calendar_budget {
  error_budget<double> conservative{};
  error_budget<double> prorated{};
  error_budget<double> forecast{};
  aggregate::counts events{};  ///< so far
  count prorated_valid = 0;    ///< of the whole period
  count forecast_valid = 0;
};

/// The valid events to expect in a stretch of time: for each bucket the mean of the watched buckets
/// at the same place in the season, or of all where there is none. 0 for an empty ledger.
/// Domain: the stretch's ends on the grid, the season a multiple of the width, up to 2^22 widths.
/// Throws: std::invalid_argument. Cost: O(buckets of the ledger and of the stretch).
[[nodiscard]] inline double expected_events(const ledger& past, const period& of,
                                            duration season = std::chrono::days(7)) {
  relia::detail::require_argument(season > duration{0} && season % past.width() == duration{0} &&
                                      season / past.width() <= ledger::longest,
                                  "slo::expected_events", "season",
                                  "a multiple of the ledger's width, up to 4194304 of them",
                                  season.count());
  struct phase {
    double events = 0;
    double buckets = 0;
  };
  const auto phases = static_cast<std::int64_t>(season / past.width());
  std::vector<phase> mean(static_cast<std::size_t>(phases));
  phase all;
  const auto at = [&](std::int64_t index) -> phase& {
    return mean[static_cast<std::size_t>((index % phases + phases) % phases)];
  };
  for (const ledger_bucket& b : past.buckets()) {
    if (b.watched == 0 && b.events.empty() && b.late.empty()) continue;
    const double valid =
        static_cast<double>(b.events.valid()) + static_cast<double>(b.late.valid());
    for (phase* p : {&at(b.index), &all}) {
      p->events += valid;
      p->buckets += 1;
    }
  }
  double sum = 0;
  if (all.buckets == 0) return sum;
  past.each_slice(of, past.width(), [&](instant from, const ledger_sum&) {
    const phase& p = at(from.time_since_epoch() / past.width());
    sum += p.buckets > 0 ? p.events / p.buckets : all.events / all.buckets;
  });
  return sum;
}

/// The budget in events of a whole period, at a time within it. `so_far`: its events until then, as
/// an accounting made them (statement::events); `past`: the ledger that the forecast learns from.
/// Domain: the period's ends and `at` on the grid, `at` inside the period; season as
/// expected_events. Throws: std::invalid_argument, std::domain_error.
[[nodiscard]] inline calendar_budget calendar_budgets(const objective& goal,
                                                      const aggregate::counts& so_far,
                                                      const period& whole, instant at,
                                                      const ledger& past,
                                                      duration season = std::chrono::days(7)) {
  relia::detail::require_domain(whole.from() <= at && at <= whole.to(), "slo::calendar_budgets",
                                "at", "inside the period", at.time_since_epoch().count());
  const auto rounded = [](double events) {
    return static_cast<count>(std::min(std::nearbyint(events), 9.2e18));
  };
  calendar_budget result;
  result.events = so_far;
  result.conservative = event_budget(goal, so_far);
  const auto valid = static_cast<double>(so_far.valid());
  const duration elapsed = at - whole.from();
  if (elapsed > duration{0}) {
    result.prorated_valid = rounded(valid * (real_seconds(whole.length()) / real_seconds(elapsed)));
    result.prorated = event_budget(goal, so_far, result.prorated_valid);
  }
  result.forecast_valid = rounded(valid + expected_events(past, {at, whole.to()}, season));
  result.forecast = event_budget(goal, so_far, result.forecast_valid);
  return result;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::slo
