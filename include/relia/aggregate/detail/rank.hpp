// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Which of n sorted values is the quantile: the inverse of the empirical distribution function.

#include <cmath>

#include <relia/core/real.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate::detail {

/// The smallest k in 1..n with k >= level n. A product within one rounding of a whole number is
/// that number: 0.07 of 100 is the 7th value, although the double 0.07 lies above 7/100.
/// Domain: 0 <= level <= 1, n >= 1.
[[nodiscard]] inline count rank_of(double level, count n) noexcept {
  const double product = level * static_cast<double>(n);
  const double whole = std::nearbyint(product);
  const bool is_whole = std::abs(product - whole) <= 0x1p-52 * product;
  const double k = is_whole ? whole : std::ceil(product);
  if (k < 1) return 1;
  return k >= static_cast<double>(n) ? n : static_cast<count>(k);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate::detail
