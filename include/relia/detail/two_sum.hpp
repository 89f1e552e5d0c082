// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The error of one addition, exactly.

#include <relia/version.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::detail {

/// What rounding took from sum = a + b. Real: a floating-point number, or a vector of them.
/// Ref: D. E. Knuth, The Art of Computer Programming, vol. 2, 4.2.2, theorem B.
template <class Real>
[[nodiscard]] constexpr Real lost_in_sum(Real a, Real b, Real sum) noexcept {
  const Real part = sum - a;
  return (a - (sum - part)) + (b - part);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::detail
