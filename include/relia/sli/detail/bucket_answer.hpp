// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// What the buckets of a Prometheus histogram answer, classic or native.

#include <cmath>
#include <limits>
#include <string_view>

#include <relia/core/estimate.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::sli {

/// `value` is PromQL's. The true figure lies in [lower, upper] if the counts are right. Unless
/// `state` is ok the three are NaN and `reason` says why; beside a value it says what skews it.
struct bucket_answer {
  double value = std::numeric_limits<double>::quiet_NaN();
  double lower = std::numeric_limits<double>::quiet_NaN();
  double upper = std::numeric_limits<double>::quiet_NaN();
  relia::state state = relia::state::no_data;
  std::string_view reason = {};

  void settle(double v, double from, double to) noexcept {
    value = v;
    lower = from;
    upper = to;
    state = relia::state::ok;
  }

  /// PromQL's quantile of a level that is none: -inf below 0, inf above 1, NaN for NaN.
  [[nodiscard]] bool settle_beyond(double level) noexcept {
    if (level >= 0 && level <= 1) return false;
    const double v = std::isnan(level) ? level : std::copysign(HUGE_VAL, level);
    settle(v, v, v);
    return true;
  }
};

namespace detail {

/// How many observations lie below a point, as interpolated, and between which counts.
struct count_below {
  double value, lower, upper;
};

}  // namespace detail
}  // namespace relia::inline RELIA_VERSION_NAMESPACE::sli
