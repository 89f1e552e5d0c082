// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The error budget of a period, in events or in time: what was allowed, what was spent, what is
/// left. The two are different budgets when traffic is uneven, and neither is converted into the
/// other.

#include <relia/aggregate/counts.hpp>
#include <relia/core/estimate.hpp>
#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/slo/burn_rate.hpp>
#include <relia/slo/objective.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::slo {

/// T: double for events, real_seconds for time. `remaining` and its fraction are negative when more
/// was spent than allowed. Fractions are of the allowed amount; NaN under no_data.
template <class T>
struct error_budget {
  T allowed = T{0};
  T consumed = T{0};
  T remaining = T{0};
  double consumed_fraction = relia::detail::limits_of<double>::nan;
  double remaining_fraction = relia::detail::limits_of<double>::nan;
  relia::state state = relia::state::no_data;
};

/// The budget in events, of a period that is over or not: `expected_valid` are the valid events of
/// all of it. Domain: expected_valid at least events.valid(). Throws: std::domain_error.
[[nodiscard]] inline error_budget<double> event_budget(const objective& goal,
                                                       const aggregate::counts& events,
                                                       count expected_valid) {
  relia::detail::require_domain(expected_valid >= events.valid(), "slo::event_budget",
                                "expected_valid", "at least the valid events so far",
                                expected_valid);
  error_budget<double> b;
  if (expected_valid == 0) return b;
  b.allowed = goal.error_budget() * static_cast<double>(expected_valid);
  b.consumed = static_cast<double>(events.bad());
  b.remaining = b.allowed - b.consumed;
  b.consumed_fraction = b.consumed / b.allowed;
  b.remaining_fraction = b.remaining / b.allowed;
  b.state = state::ok;
  return b;
}

/// The budget that the events so far have earned.
[[nodiscard]] inline error_budget<double> event_budget(const objective& goal,
                                                       const aggregate::counts& events) {
  return event_budget(goal, events, events.valid());
}

/// The budget in time: error budget * period, of which `bad_time` is spent.
/// Domain: period positive, bad_time at least 0. Throws: std::domain_error.
[[nodiscard]] inline error_budget<real_seconds> time_budget(const objective& goal,
                                                            real_seconds period,
                                                            real_seconds bad_time = {}) {
  relia::detail::require_positive("slo::time_budget", "period", period.count());
  relia::detail::require_non_negative("slo::time_budget", "bad_time", bad_time.count());
  error_budget<real_seconds> b;
  b.allowed = real_seconds(goal.error_budget() * period.count());
  b.consumed = bad_time;
  b.remaining = b.allowed - b.consumed;
  b.consumed_fraction = b.consumed / b.allowed;
  b.remaining_fraction = b.remaining / b.allowed;
  b.state = state::ok;
  return b;
}

/// Until the budget is gone if errors go on as `now` says: the budget's own remaining fraction, and
/// the burn rate of a recent window. Infinite when nothing burns, or when nothing is known of now.
[[nodiscard]] inline real_seconds time_to_exhaustion(const error_budget<double>& budget,
                                                     const burn& now, real_seconds period) {
  const double left = budget.state == state::ok ? budget.remaining_fraction : 1.0;
  return time_to_exhaustion(now.state == state::ok ? now.rate : 0.0, period, left);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::slo
