// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// When would Prometheus have fired this policy? The same conditions as evaluate(), but on what
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
#include <relia/sli/counter.hpp>
#include <relia/slo/detail/watch.hpp>
#include <relia/slo/evaluate.hpp>
#include <relia/slo/objective.hpp>
#include <relia/slo/policy.hpp>

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

namespace detail {

/// A window of counters as a watch asks for it. What is not known reaches nothing.
struct growth_sum {
  double bad = 0;
  double valid = 0;
  bool covered = false;

  explicit growth_sum(const event_growth& g) noexcept {
    if (g.state != state::ok) return;
    // Growth is never below what was seen: a failure and a bit is one failure, as a whole number.
    bad = g.bad >= 0 ? std::min(g.bad, 9007199254740992.0) : 0.0;
    valid = g.valid;
    covered = true;
  }

  [[nodiscard]] double presumed() const noexcept { return valid; }
};

/// The windows of one watch at one moment, each looked up when it is asked for.
struct growth_windows {
  const event_counters& events;
  const sli::counter_options& options;
  std::span<const duration> lengths;
  instant at{};

  [[nodiscard]] event_growth growth(std::size_t slot) const {
    return event_increase(events, at, lengths[slot], options);
  }
  [[nodiscard]] growth_sum operator()(std::size_t slot) const { return growth_sum(growth(slot)); }

  [[nodiscard]] double burn_rate(std::size_t slot, const objective& goal) const {
    const event_growth g = growth(slot);
    return g.bad / (goal.error_budget() * g.valid);
  }
};

}  // namespace detail

/// The alerts that a policy gives rise to, tiers and rules alike, when it is evaluated at these
/// times. Windows reach back to the first sample and no further, as Prometheus' do
/// (before_start::partial); `silent` needs samples that stand still. Throws: std::domain_error for
/// a policy or times that cannot be; std::invalid_argument as event_increase. Cost: O(evaluations *
/// windows * series * log samples).
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
  std::size_t index = 0;
  for (detail::watch& w : detail::watches_of(where, p, goal)) {
    tier_summary& summary = result.tiers.emplace_back();
    bool firing = false;
    const auto stop = [&](instant at, bool open) {
      alert& a = result.alerts.back();
      a.end = at;
      a.open = open;
      ++summary.alerts;
      summary.firing += a.end - a.start;
    };
    detail::growth_windows windows{events, options, w.lengths(), times.from};
    for (; windows.at <= times.to; windows.at += times.every) {
      const bool now = w.update(windows.at, windows);
      if (now && !firing) {
        result.alerts.push_back({index, windows.at, windows.at, true,
                                 windows.burn_rate(w.wide(), goal),
                                 windows.burn_rate(w.narrow(), goal)});
      }
      if (firing && !now) stop(windows.at, false);
      firing = now;
    }
    if (firing) stop(windows.at - times.every, true);
    ++index;
  }
  std::stable_sort(result.alerts.begin(), result.alerts.end(),
                   [](const alert& a, const alert& b) { return a.start < b.start; });
  detail::notify(result, p, true);
  return result;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::slo
