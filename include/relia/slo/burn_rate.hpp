// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How fast is the error budget burning? Burn rate 1 spends exactly the budget over the period, at
/// any length of window; burn rate 1 / budget is a total outage, the fastest there is.
/// Ref: Google SRE workbook (2018), chapter 5.

#include <limits>
#include <string_view>

#include <relia/aggregate/counts.hpp>
#include <relia/core/estimate.hpp>
#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/slo/objective.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::slo {

/// What a window that reaches back before the first sample takes for the time it cannot see.
/// `clean`: the same traffic without errors, so that a young series does not page for one failure.
/// `partial`: nothing, so that the burn rate is that of what was seen.
enum class before_start { clean, partial };

[[nodiscard]] constexpr std::string_view to_string(before_start b) noexcept {
  return b == before_start::clean ? "clean" : "partial";
}

/// `rate`: NaN unless state is ok. `covered`: the part of the lookback that the series reaches.
struct burn {
  double rate = relia::detail::limits_of<double>::nan;
  relia::state state = relia::state::no_data;
  aggregate::counts events{};
  real_seconds covered{0};
};

/// bad fraction / error budget. Domain: bad_fraction in [0, 1]. Throws: std::domain_error.
[[nodiscard]] inline double burn_rate(const objective& goal, double bad_fraction) {
  relia::detail::require_fraction("slo::burn_rate", "bad_fraction", bad_fraction);
  return bad_fraction / goal.error_budget();
}

/// The burn rate of counted events; no_data when nothing was valid.
[[nodiscard]] inline burn burn_rate(const objective& goal, const aggregate::counts& events) {
  burn result;
  result.events = events;
  if (events.empty()) return result;
  const double budget = goal.error_budget() * static_cast<double>(events.valid());
  result.rate = static_cast<double>(events.bad()) / budget;
  result.state = state::ok;
  return result;
}

/// The burn rate weighted by traffic: bad * period / (error budget * lookback * expected_valid),
/// where expected_valid are the valid events of the whole period. At night it is below burn_rate,
/// in a rush above. Domain: lookback and period positive, expected_valid at least 1. Throws:
/// std::domain_error. Ref: slo-exporter; sloth's denominator-corrected rate.
[[nodiscard]] inline double effective_burn_rate(const objective& goal,
                                                const aggregate::counts& events,
                                                real_seconds lookback, real_seconds period,
                                                count expected_valid) {
  relia::detail::require_positive("slo::effective_burn_rate", "lookback", lookback.count());
  relia::detail::require_positive("slo::effective_burn_rate", "period", period.count());
  relia::detail::require_positive_count("slo::effective_burn_rate", "expected_valid",
                                        expected_valid);
  const double budget = goal.error_budget() * static_cast<double>(expected_valid);
  return static_cast<double>(events.bad()) / budget * (period / lookback);
}

/// The burn rate that spends this share of the budget within the window: share * period / window.
/// Domain: share, period and window positive. Throws: std::domain_error.
[[nodiscard]] inline double burn_rate_for(double budget_share, real_seconds window,
                                          real_seconds period) {
  relia::detail::require_positive("slo::burn_rate_for", "budget_share", budget_share);
  relia::detail::require_positive("slo::burn_rate_for", "window", window.count());
  relia::detail::require_positive("slo::burn_rate_for", "period", period.count());
  return budget_share * period.count() / window.count();
}

/// The share of the budget that this burn rate spends within the window: rate * window / period.
/// Domain: rate at least 0, window and period positive. Throws: std::domain_error.
[[nodiscard]] inline double budget_share(double rate, real_seconds window, real_seconds period) {
  relia::detail::require_non_negative("slo::budget_share", "rate", rate);
  relia::detail::require_positive("slo::budget_share", "window", window.count());
  relia::detail::require_positive("slo::budget_share", "period", period.count());
  return rate * window.count() / period.count();
}

/// Until nothing is left at this burn rate: remaining * period / rate. Infinite when nothing burns,
/// 0 when nothing is left. Domain: rate at least 0, period positive, remaining (a fraction of the
/// budget) at most 1, negative when overspent. Throws: std::domain_error.
[[nodiscard]] inline real_seconds time_to_exhaustion(double rate, real_seconds period,
                                                     double remaining = 1.0) {
  relia::detail::require_non_negative("slo::time_to_exhaustion", "rate", rate);
  relia::detail::require_positive("slo::time_to_exhaustion", "period", period.count());
  relia::detail::require_domain(remaining <= 1, "slo::time_to_exhaustion", "remaining",
                                "a fraction of the budget, at most 1", remaining);
  if (remaining <= 0) return real_seconds{0};
  return rate > 0 ? real_seconds(remaining * period.count() / rate) : never;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::slo
