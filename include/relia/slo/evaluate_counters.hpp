// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// When would Prometheus have fired this policy? The same tiers as evaluate(), but on what
/// increase() answers at each evaluation of the rules: extrapolated, fractional growth, summed over
/// series. io::to_prometheus_rules writes the same comparisons as PromQL. Use evaluate() for what
/// was right, this for what a Prometheus of a given version says.

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/fraction.hpp>
#include <relia/sli/counter.hpp>
#include <relia/slo/evaluate.hpp>
#include <relia/slo/objective.hpp>
#include <relia/slo/policy.hpp>
#include <relia/slo/significance.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::slo {

/// The counters of any two of good, bad and valid events. A group that is given but has no series
/// counted nothing: no error was ever seen. In the order of Prometheus, which sorts by labels, sums
/// agree with its to the bit.
struct event_counters {
  std::optional<std::span<const sli::counter>> bad = {};
  std::optional<std::span<const sli::counter>> good = {};
  std::optional<std::span<const sli::counter>> valid = {};
};

/// Bad and valid events of a window. `valid` is bad + good where both are given, so that the two
/// share their extrapolation and the error ratio is at most 1.
struct event_growth {
  double bad = relia::detail::limits_of<double>::nan;
  double valid = relia::detail::limits_of<double>::nan;
  relia::state state = relia::state::no_data;

  /// NaN when nothing was valid. At most 1, also where bad and valid count different things.
  [[nodiscard]] double error_ratio() const noexcept {
    return state == state::ok && valid > 0 ? std::min(bad / valid, 1.0)
                                           : relia::detail::limits_of<double>::nan;
  }
};

/// The times at which rules are evaluated: from, from + every, ..., up to and with `to`.
struct evaluation_times {
  instant from{};
  instant to{};
  duration every = std::chrono::minutes(1);
};

namespace detail {

inline void require_two(std::string_view where, const event_counters& events) {
  const int given = events.bad.has_value() + events.good.has_value() + events.valid.has_value();
  relia::detail::require_argument(given == 2, where, "the counters given",
                                  "exactly two of good, bad and valid", given);
}

/// The sum of increases, of the series that have one.
[[nodiscard]] inline std::optional<double> sum_of_increases(std::span<const sli::counter> group,
                                                            instant at, duration window,
                                                            const sli::counter_options& options) {
  std::optional<double> sum;
  for (const sli::counter& c : group) {
    const sli::counter_answer grown = c.increase(at, window, options);
    if (grown.state != state::ok) continue;
    sum = sum ? *sum + grown.value : grown.value;
  }
  return sum;
}

/// Extrapolated growth is at least the growth that was seen: a failure and a bit is one.
[[nodiscard]] inline count whole_events(double growth) noexcept {
  return static_cast<count>(std::min(growth, 9007199254740992.0));
}

/// Does the tier's condition hold at this moment? `evident`: made of the tier's evidence.
[[nodiscard]] inline bool burns(const tier& t, const objective& goal, const significance& evident,
                                const event_growth& wide, const event_growth& narrow) noexcept {
  const double threshold = error_ratio_at(t, goal);
  return wide.state == state::ok && narrow.state == state::ok && narrow.bad > 0 &&
         wide.bad >= static_cast<double>(t.min_failures) &&
         wide.valid >= static_cast<double>(t.min_events) &&
         relia::detail::reaches(narrow.bad, threshold, narrow.valid) &&
         relia::detail::reaches(wide.bad, threshold, wide.valid) &&
         evident.reached(whole_events(wide.bad),
                         wide.valid * goal.error_budget() * t.evidence.burn_rate);
}

}  // namespace detail

/// What the counters say about the window that ends at `at`. no_data when no valid event can be
/// known of; a group without an answer beside one that has some counts as 0. Domain: window
/// positive. Throws: std::domain_error; std::invalid_argument unless exactly two groups are given.
/// Cost: O(series * log samples).
[[nodiscard]] inline event_growth event_increase(const event_counters& events, instant at,
                                                 duration window,
                                                 const sli::counter_options& options = {}) {
  detail::require_two("slo::event_increase", events);
  const auto sum = [&](const std::optional<std::span<const sli::counter>>& group) {
    return group ? detail::sum_of_increases(*group, at, window, options) : std::nullopt;
  };
  const std::optional<double> bad = sum(events.bad);
  const std::optional<double> good = sum(events.good);
  std::optional<double> valid = sum(events.valid);
  if (!events.valid) valid = bad && good ? *bad + *good : bad ? bad : good;
  if (!valid) return {};
  const double spared = events.bad ? 0.0 : std::max(*valid - good.value_or(0.0), 0.0);
  return {events.bad ? bad.value_or(0.0) : spared, *valid, state::ok};
}

/// The alerts that the rules of a policy give rise to, evaluated at these times: a tier fires at an
/// evaluation at which its condition held, and had held at all of them for its hold time. Windows
/// reach back to the first sample and no further, as Prometheus' do (before_start::partial).
/// Throws: std::domain_error for a tier or times that cannot be; std::invalid_argument as
/// event_increase. Cost: O(evaluations * windows * series * log samples).
[[nodiscard]] inline evaluation evaluate_counters(const policy& p, const objective& goal,
                                                  const event_counters& events,
                                                  const evaluation_times& times,
                                                  const sli::counter_options& options = {}) {
  constexpr std::string_view where = "slo::evaluate_counters";
  detail::require_two(where, events);
  relia::detail::require_domain(times.every > duration{0}, where, "every", "positive",
                                times.every.count());
  relia::detail::require_domain(times.from <= times.to, where, "to", "at or after from",
                                (times.to - times.from).count());
  evaluation result;
  result.unseen = before_start::partial;
  result.tiers.resize(p.tiers.size());
  for (std::size_t k = 0; k < p.tiers.size(); ++k) {
    const tier& t = p.tiers[k];
    detail::require_tier(where, t);
    relia::detail::require_positive_count(where, "min_failures", t.min_failures);
    const significance evident(t.evidence);
    instant since{};
    bool held = false;
    bool firing = false;
    const auto stop = [&](instant at, bool open) {
      alert& a = result.alerts.back();
      a.end = at;
      a.open = open;
      ++result.tiers[k].alerts;
      result.tiers[k].firing += a.end - a.start;
    };
    instant last = times.from;
    for (instant at = times.from; at <= times.to; at += times.every) {
      last = at;
      const event_growth narrow = event_increase(events, at, t.short_window, options);
      const event_growth wide =
          narrow.bad > 0 ? event_increase(events, at, t.long_window, options) : event_growth{};
      const bool holds = detail::burns(t, goal, evident, wide, narrow);
      if (holds && !held) since = at;
      held = holds;
      const bool now = holds && at - since >= t.hold;
      if (now && !firing) {
        const double budget = goal.error_budget();
        result.alerts.push_back({k, at, at, true, wide.bad / (budget * wide.valid),
                                 narrow.bad / (budget * narrow.valid)});
      }
      if (firing && !now) stop(at, false);
      firing = now;
    }
    if (firing) stop(last, true);
  }
  detail::notify(p, result);
  return result;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::slo
