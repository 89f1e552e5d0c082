// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Why did this alert fire, in words that belong in a page: which window, how fast, what it has
/// cost since it began, and when the budget would be gone.

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <string>

#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/text.hpp>
#include <relia/sli/event_series.hpp>
#include <relia/slo/burn_rate.hpp>
#include <relia/slo/detail/watch.hpp>
#include <relia/slo/evaluate.hpp>
#include <relia/slo/objective.hpp>
#include <relia/slo/policy.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::slo {

/// The arithmetic behind an alert. `lasting`: since when errors outran the budget, within the long
/// window; `spent`: the share of the period's budget that went in that time, at its traffic;
/// `empty_in`: until a whole budget is gone at this burn rate.
struct explanation {
  std::string name{};  ///< "page", "ticket", or the rule's name
  duration window{};   ///< the long window
  double burn_rate = 0;
  real_seconds lasting{0};
  double spent = 0;
  real_seconds empty_in = never;
  std::string text{};
};

namespace detail {

[[nodiscard]] inline std::string two_digits(double value) {
  std::array<char, 32> text;
  char* const begin = text.data();
  // A whole number where two digits would need an exponent.
  const auto end =
      value < 99.5 ? std::to_chars(begin, begin + text.size(), value, std::chars_format::general, 2)
                   : std::to_chars(begin, begin + text.size(), value, std::chars_format::fixed, 0);
  return {begin, end.ptr};
}

/// "37 min", "31 h": two digits, or a window's own unit.
[[nodiscard]] inline std::string in_words(real_seconds length) {
  const double s = length.count();
  if (length == never) return "never";
  if (s < 90) return two_digits(s) + " s";
  if (s < 90 * 60 && s != 3600) return two_digits(s / 60) + " min";
  if (s < 48 * 3600) return two_digits(s / 3600) + " h";
  return two_digits(s / 86400) + " d";
}

/// The row after which the errors of (start, now] outran the budget most: the start of the rise, as
/// a cumulative sum sees it.
[[nodiscard]] inline instant onset(const objective& goal, const sli::event_series& events,
                                   instant start, instant now) {
  const auto times = events.times();
  const auto bad = events.bad_sums();
  const auto good = events.good_sums();
  auto row =
      static_cast<std::size_t>(std::upper_bound(times.begin(), times.end(), now) - times.begin());
  instant began = now;
  double excess = 0;
  double most = 0;
  for (; row > 0 && times[row - 1] > start; --row) {
    const auto failed = static_cast<double>(bad[row] - bad[row - 1]);
    const auto valid = failed + static_cast<double>(good[row] - good[row - 1]);
    excess += failed - goal.error_budget() * valid;
    if (excess <= most) continue;
    most = excess;
    began = row > 1 ? times[row - 2] : events.from();
  }
  return std::max(began, start);
}

}  // namespace detail

/// What to tell whoever is woken by this alert, as of its start: "page: 1 h = 23x, 3.2 % of the
/// budget in 37 min, a full budget is empty in 31 h". Throws: std::invalid_argument for an alert
/// that is not of this policy, std::domain_error unless the policy's period is positive. Cost:
/// O(rows of the long window).
[[nodiscard]] inline explanation explain(const policy& p, const objective& goal,
                                         const sli::event_series& events, const alert& of) {
  relia::detail::require_argument(of.tier < p.tiers.size() + p.rules.size(), "slo::explain",
                                  "of.tier", "a tier or rule of the policy", of.tier);
  relia::detail::require_domain(p.period > duration{0}, "slo::explain", "period", "positive",
                                p.period.count());
  explanation e;
  if (of.tier < p.tiers.size()) {
    e.name = to_string(p.tiers[of.tier].severity);
    e.window = p.tiers[of.tier].long_window;
  } else {
    const alert_rule& r = p.rules[of.tier - p.tiers.size()];
    const detail::watch w(r.condition, r.hold, goal);
    e.name = r.name.empty() ? std::string(to_string(r.severity)) : r.name;
    if (!w.lengths().empty()) e.window = w.lengths()[w.wide()];
  }
  e.burn_rate = of.long_burn_rate;
  if (!(e.burn_rate > 0)) {
    e.text = e.name + ": nothing burns in " + detail::in_words(e.window);
    return e;
  }
  const instant began = detail::onset(goal, events, of.start - e.window, of.start);
  e.lasting = of.start - began;
  if (of.start > began) {
    const burn since = burn_rate(goal, events, of.start, of.start - began, before_start::partial);
    if (since.state == state::ok) e.spent = budget_share(since.rate, e.lasting, p.period);
  }
  e.empty_in = time_to_exhaustion(e.burn_rate, p.period);
  e.text = e.name + ": " + detail::in_words(e.window) + " = " + detail::two_digits(e.burn_rate) +
           "x, " + detail::two_digits(100 * e.spent) + " % of the budget in " +
           detail::in_words(e.lasting) + ", a full budget is empty in " +
           detail::in_words(e.empty_in);
  return e;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::slo
