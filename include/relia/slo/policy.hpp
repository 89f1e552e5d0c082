// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Burn-rate alerting as a value: tiers of a long window, a short window, a factor and a severity,
/// and rules with conditions of their own beside them. A tier fires while the burn rate over both
/// windows reaches its factor. Times to detect and to reset follow in closed form for an error
/// ratio that is constant from a clean start, at traffic that gives the tier its failures, events
/// and evidence.
/// Ref: Google SRE workbook (2018), chapter 5, iterations 5 and 6.

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/fraction.hpp>
#include <relia/detail/text.hpp>
#include <relia/slo/burn_rate.hpp>
#include <relia/slo/condition.hpp>
#include <relia/slo/objective.hpp>
#include <relia/slo/tier.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::slo {

/// A tier by what it protects: it fires when this share of the period's budget is spent within the
/// long window.
struct budget_tier {
  double budget_share = 0;
  duration long_window{};
  duration short_window{};
  slo::severity severity = slo::severity::page;
};

/// `notes`: what was changed on the way from budget shares to factors. `rules`: alerts that no tier
/// can say, evaluated alike and numbered after the tiers.
struct policy {
  std::string name{};
  duration period{};
  std::vector<tier> tiers{};
  std::vector<std::string> notes{};
  std::vector<alert_rule> rules{};

  friend bool operator==(const policy&, const policy&) = default;
};

/// The severity of a tier, or of the rule numbered after them.
[[nodiscard]] inline severity severity_of(const policy& p, std::size_t index) noexcept {
  return index < p.tiers.size() ? p.tiers[index].severity
                                : p.rules[index - p.tiers.size()].severity;
}

/// What becomes of a tier whose factor would be below 1, and would so alert inside the objective.
enum class below_one { raise, drop, keep };

/// The tiers of the workbook: 2 % in 1 h and 5 % in 6 h page, 10 % in 24 h and in 3 d open a
/// ticket; short windows are a twelfth.
inline constexpr std::array<budget_tier, 4> workbook_tiers{{
    {0.02, std::chrono::hours(1), std::chrono::minutes(5), severity::page},
    {0.05, std::chrono::hours(6), std::chrono::minutes(30), severity::page},
    {0.10, std::chrono::hours(24), std::chrono::hours(2), severity::ticket},
    {0.10, std::chrono::hours(72), std::chrono::hours(6), severity::ticket},
}};

/// A policy from budget shares: factor = share * period / long window. A factor below 1 is raised
/// to 1, dropped or kept, as asked, and noted; a window longer than the period is dropped and
/// noted. Domain: period, shares and windows positive. Throws: std::domain_error;
/// std::invalid_argument when no tier remains.
[[nodiscard]] inline policy from_budget_shares(std::string name, duration period,
                                               std::span<const budget_tier> tiers,
                                               below_one low = below_one::raise) {
  relia::detail::require_domain(period > duration{0}, "slo::from_budget_shares", "period",
                                "positive", period.count());
  using relia::detail::to_text;
  policy result{std::move(name), period, {}, {}};
  for (const budget_tier& t : tiers) {
    const double factor = burn_rate_for(t.budget_share, t.long_window, period);
    const std::string window = to_text(real_seconds(t.long_window).count()) + " s: ";
    if (t.long_window > period) {
      result.notes.push_back(window + "dropped, the window is longer than the period");
      continue;
    }
    const std::string low_note = window + to_text(t.budget_share) + " of the budget is burn rate " +
                                 to_text(factor) + ", inside the objective: ";
    if (factor < 1 && low == below_one::drop) {
      result.notes.push_back(low_note + "dropped");
      continue;
    }
    const bool raised = factor < 1 && low == below_one::raise;
    if (raised) {
      const double share = budget_share(1, t.long_window, period);
      result.notes.push_back(low_note + "raised to 1, which is " + to_text(share) +
                             " of the budget");
    } else if (factor < 1) {
      result.notes.push_back(low_note + "kept");
    }
    result.tiers.push_back({t.long_window, t.short_window, raised ? 1.0 : factor, t.severity});
  }
  relia::detail::require_argument(!result.tiers.empty(), "slo::from_budget_shares", "period",
                                  "long enough for a tier", period.count());
  return result;
}

/// The workbook's policy for any period of an hour or more. Throws: as from_budget_shares.
[[nodiscard]] inline policy workbook(duration period, below_one low = below_one::raise) {
  return from_budget_shares("workbook", period, workbook_tiers, low);
}

/// The workbook's policy as printed: 14.4, 6, 3 and 1 over 30 days.
[[nodiscard]] inline policy workbook_30d() {
  policy p = workbook(std::chrono::days(30));
  p.name = "workbook_30d";
  return p;
}

/// The error ratio at which a tier fires: factor * error budget. Above 1 it never does.
[[nodiscard]] inline double error_ratio_at(const tier& t, const objective& goal) noexcept {
  return t.factor * goal.error_budget();
}

namespace detail {

inline void require_tier(std::string_view where, const tier& t) {
  relia::detail::require_positive(where, "factor", t.factor);
  relia::detail::require_domain(t.long_window > duration{0}, where, "long_window", "positive",
                                t.long_window.count());
  relia::detail::require_domain(t.short_window > duration{0}, where, "short_window", "positive",
                                t.short_window.count());
  relia::detail::require_positive_count(where, "min_failures", t.min_failures);
  relia::detail::require_non_negative_count(where, "min_events", t.min_events);
  relia::detail::require_domain(t.hold >= duration{0}, where, "hold", "at least 0", t.hold.count());
}

[[nodiscard]] inline bool fires(const tier& t, const objective& goal, double error_ratio) noexcept {
  return error_ratio > 0 && relia::detail::reaches(error_ratio, error_ratio_at(t, goal), 1);
}

}  // namespace detail

/// From the start of a constant error ratio until the tier fires: long window * threshold / ratio,
/// and its hold time. Infinite when it never does. Domain: error_ratio in [0, 1]. Throws:
/// std::domain_error.
[[nodiscard]] inline real_seconds detection_time(const tier& t, const objective& goal,
                                                 double error_ratio) {
  detail::require_tier("slo::detection_time", t);
  relia::detail::require_fraction("slo::detection_time", "error_ratio", error_ratio);
  if (!detail::fires(t, goal, error_ratio)) return never;
  const real_seconds window = std::max(t.long_window, t.short_window);
  return window * std::min(error_ratio_at(t, goal) / error_ratio, 1.0) + t.hold;
}

/// From the end of errors at this ratio, that had fired the tier, until it stops: w (1 - threshold
/// / ratio) for the shorter window w. 0 when the tier does not fire at this ratio. Domain:
/// error_ratio in [0, 1]. Throws: std::domain_error.
[[nodiscard]] inline real_seconds reset_time(const tier& t, const objective& goal,
                                             double error_ratio) {
  detail::require_tier("slo::reset_time", t);
  relia::detail::require_fraction("slo::reset_time", "error_ratio", error_ratio);
  if (!detail::fires(t, goal, error_ratio)) return real_seconds{0};
  const real_seconds window = std::min(t.long_window, t.short_window);
  // One rounding next to the threshold, where error ratio and threshold cancel.
  const double over = std::fma(-t.factor, goal.error_budget(), error_ratio);
  return window * (std::max(over, 0.0) / error_ratio);
}

/// The share of the period's budget that is spent when the tier fires: factor * long window /
/// period for every ratio it fires at, and what its hold time lets burn; infinite for the others,
/// which it lets spend everything.
/// Domain: error_ratio in [0, 1], period positive. Throws: std::domain_error.
[[nodiscard]] inline double budget_spent_at_detection(const tier& t, const objective& goal,
                                                      double error_ratio, duration period) {
  relia::detail::require_domain(period > duration{0}, "slo::budget_spent_at_detection", "period",
                                "positive", period.count());
  const real_seconds detected = detection_time(t, goal, error_ratio);
  if (detected == never) return never.count();
  return budget_share(burn_rate(goal, error_ratio), detected, period);
}

/// How many events a long window must hold so that one failure among them does not fire the tier:
/// 1 / (factor * error budget). With as many or fewer, a single failure fires it; divide by the
/// long window for the traffic. 0 when the tier asks for more failures than one. Evidence is not
/// looked at: it can ask for more. Throws: std::domain_error.
[[nodiscard]] inline double single_failure_events(const tier& t, const objective& goal) {
  detail::require_tier("slo::single_failure_events", t);
  if (t.min_failures > 1) return 0;
  return 1.0 / error_ratio_at(t, goal);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::slo
