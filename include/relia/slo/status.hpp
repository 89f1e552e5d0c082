// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Where does an objective stand now? What was attained over its rolling period and how surely,
/// what is left of the budget, which tiers fire, and for how long the budget lasts if each window
/// goes on.

#include <algorithm>
#include <string_view>
#include <vector>

#include <relia/aggregate/counts.hpp>
#include <relia/core/estimate.hpp>
#include <relia/core/time.hpp>
#include <relia/core/verdict.hpp>
#include <relia/detail/check.hpp>
#include <relia/sli/event_series.hpp>
#include <relia/sli/ratio.hpp>
#include <relia/slo/budget.hpp>
#include <relia/slo/burn_rate.hpp>
#include <relia/slo/evaluate.hpp>
#include <relia/slo/objective.hpp>
#include <relia/slo/policy.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::slo {

/// `since`: when the tier began to fire, if it does. `lasts`: how long the rest of the budget lasts
/// at the burn rate of the long window. Of a rule, whose windows are its own, only the first two.
struct tier_status {
  burn long_burn{};
  burn short_burn{};
  bool firing = false;
  instant since{};
  real_seconds lasts = never;
};

/// `events`, `attained` and `budget`: of the last period, or of the part of it that the series
/// covers; the budget is what those events earned. `tiers`: as in
/// the policy, then its rules. `pages`: of the whole series.
struct objective_status {
  instant at{};
  aggregate::counts events{};
  real_seconds covered{0};
  estimate<double> attained{};
  error_budget<double> budget{};
  std::vector<tier_status> tiers{};
  count pages = 0;
  relia::verdict verdict = relia::verdict::inconclusive;
};

/// The status at the last row of a series. Its verdict: fail when the budget is overspent or a page
/// is firing, inconclusive when the period holds no valid event. Domain: the policy's period
/// positive. Throws: std::domain_error, and as evaluate. Cost: as evaluate.
[[nodiscard]] inline objective_status status(const policy& p, const objective& goal,
                                             const sli::event_series& events,
                                             const evaluate_options& options = {}) {
  relia::detail::require_domain(p.period > duration{0}, "slo::status", "period", "positive",
                                p.period.count());
  objective_status result;
  if (!events.empty()) {
    result.at = events.times().back();
    result.events = events.between(result.at - p.period, result.at);
    result.covered = std::min(result.at - events.from(), p.period);
  }
  result.attained = sli::attainment(result.events);
  result.budget = event_budget(goal, result.events);
  const evaluation found = evaluate(p, goal, events, options);
  result.pages = found.pages();
  const bool known = result.budget.state == state::ok;
  const double left = known ? result.budget.remaining_fraction : 1.0;
  bool paged = false;
  for (const tier& t : p.tiers) {
    tier_status s;
    s.long_burn = burn_rate(goal, events, result.at, t.long_window, options.unseen);
    s.short_burn = burn_rate(goal, events, result.at, t.short_window, options.unseen);
    if (s.long_burn.state == state::ok) {
      s.lasts = time_to_exhaustion(s.long_burn.rate, p.period, left);
    }
    result.tiers.push_back(s);
  }
  result.tiers.resize(p.tiers.size() + p.rules.size());
  for (const alert& a : found.alerts) {
    if (!a.open) continue;
    result.tiers[a.tier].firing = true;
    result.tiers[a.tier].since = a.start;
    paged = paged || severity_of(p, a.tier) == severity::page;
  }
  if (known) {
    result.verdict = result.budget.remaining < 0 || paged ? verdict::fail : verdict::pass;
  }
  return result;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::slo
