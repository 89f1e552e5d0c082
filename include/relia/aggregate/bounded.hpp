// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// A figure that an aggregate kept only roughly: buckets say between which two values a quantile
/// lies, cells of a ring say between which two counts a window's total lies. The bounds hold with
/// certainty; they are no confidence interval.

#include <limits>

#include <relia/core/estimate.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate {

/// lower <= the exact figure <= upper; `value` is the point between them that is quoted. Unless
/// `state` is ok the figure does not exist and the three are NaN.
struct bounded {
  double value = std::numeric_limits<double>::quiet_NaN();
  double lower = std::numeric_limits<double>::quiet_NaN();
  double upper = std::numeric_limits<double>::quiet_NaN();
  relia::state state = relia::state::no_data;

  [[nodiscard]] constexpr bool has_value() const noexcept { return state == relia::state::ok; }
  [[nodiscard]] constexpr bool exact() const noexcept { return lower == upper; }
  [[nodiscard]] constexpr bool contains(double x) const noexcept {
    return lower <= x && x <= upper;
  }
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate
