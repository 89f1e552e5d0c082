// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// What every statistical answer returns: a value, how sure it is, from how many observations, and
/// how it was made. An answer that does not exist has a named state, never a bare NaN.

#include <chrono>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <relia/core/real.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE {

/// How a figure was made: a static name, such as "wilson". Constants stand beside each topic.
struct method {
  std::string_view name = {};

  friend constexpr bool operator==(method, method) = default;
};

/// Whether an answer exists. `no_data`: nothing was observed. `unstable`: the model has no steady
/// state.
enum class state { ok, no_data, unstable };

[[nodiscard]] constexpr std::string_view to_string(state s) noexcept {
  return s == state::ok ? "ok" : s == state::no_data ? "no_data" : "unstable";
}

namespace detail {

template <class T>
struct limits_of {
  static constexpr T lowest = -std::numeric_limits<T>::infinity();
  static constexpr T highest = std::numeric_limits<T>::infinity();
  static constexpr T nan = std::numeric_limits<T>::quiet_NaN();
};

template <real Rep, class Period>
struct limits_of<std::chrono::duration<Rep, Period>> {
  using duration = std::chrono::duration<Rep, Period>;
  static constexpr duration lowest{limits_of<Rep>::lowest};
  static constexpr duration highest{limits_of<Rep>::highest};
  static constexpr duration nan{limits_of<Rep>::nan};
};

}  // namespace detail

/// Values compatible with the data at `confidence_level`. A one-sided interval has an infinite end,
/// or the end of the quantity's domain where it has one (0 or 1 for a fraction).
template <class T = double>
struct interval {
  T lower = detail::limits_of<T>::lowest;
  T upper = detail::limits_of<T>::highest;
  double confidence_level = 0.95;

  [[nodiscard]] constexpr bool contains(T value) const { return lower <= value && value <= upper; }
  friend constexpr bool operator==(const interval&, const interval&) = default;
};

/// Which ends an interval bounds. `lower` gives [bound, infinity), `upper` gives (-infinity,
/// bound].
enum class sides { both, lower, upper };

/// The probability to leave out at each bounded end. Computed as (1 - level) / 2 for two sides.
[[nodiscard]] constexpr double tail_probability(double confidence_level, sides s) noexcept {
  const double outside = 1.0 - confidence_level;  // exact for levels in [0.5, 1], by Sterbenz
  return s == sides::both ? 0.5 * outside : outside;
}

/// A value with its uncertainty. T is a real number or a std::chrono::duration of one.
/// `n`: observations used. `n_open`: those among them that had not ended (censored). `notes`: what
/// a reader should know before quoting the value. Unless `state` is ok, `value` is NaN and the
/// interval is the whole domain.
template <class T = double>
struct estimate {
  T value = detail::limits_of<T>::nan;
  relia::interval<T> interval = {};
  count n = 0;
  count n_open = 0;
  relia::method method = {};
  relia::state state = relia::state::ok;
  std::vector<std::string> notes = {};

  [[nodiscard]] bool has_value() const noexcept { return state == relia::state::ok; }
};

/// The estimate that nothing supports: state `no_data`, the interval as wide as the domain.
template <class T = double>
[[nodiscard]] estimate<T> no_data(method how, double confidence_level = 0.95,
                                  T lowest = detail::limits_of<T>::lowest,
                                  T highest = detail::limits_of<T>::highest) {
  estimate<T> e;
  e.interval = {lowest, highest, confidence_level};
  e.method = how;
  e.state = state::no_data;
  return e;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE
