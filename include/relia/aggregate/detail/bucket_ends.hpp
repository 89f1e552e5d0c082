// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Where the values of a bucket lie, and the straight line across it.

#include <algorithm>
#include <cmath>

#include <relia/version.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate::detail {

/// Halves are taken before differences, since the width of (-max, max] overflows.
struct bucket_ends {
  double lower, upper;

  /// The point with `share` of the bucket below it; the finite end where the other is infinite.
  [[nodiscard]] double at(double share) const noexcept {
    if (!std::isfinite(lower)) return upper;
    if (!std::isfinite(upper)) return lower;
    return std::clamp(lower + 2 * ((upper / 2 - lower / 2) * share), lower, upper);
  }

  /// Domain: lower <= x < upper. 0 where an end is infinite.
  [[nodiscard]] double share_below(double x) const noexcept {
    if (!std::isfinite(lower) || !std::isfinite(upper)) return 0;
    return (x / 2 - lower / 2) / (upper / 2 - lower / 2);
  }
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate::detail
