// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The standard normal distribution and its inverse, as noexcept scalars: 0 and 1 give infinities.

#include <limits>
#include <numbers>

#include <boost/math/special_functions/erf.hpp>

#include <relia/core/real.hpp>
#include <relia/detail/policy.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::stats::detail {

/// P(Z <= z). For the upper tail pass -z, never 1 - cdf.
[[nodiscard]] inline double gaussian_cdf(double z) noexcept {
  return 0.5 * boost::math::erfc(-z * (1.0 / std::numbers::sqrt2), relia::detail::quiet_policy());
}

/// The z with P(Z <= z) = p. Domain: p in [0, 1]; its ends give -infinity and infinity.
[[nodiscard]] inline double gaussian_quantile(double p) noexcept {
  if (p <= 0) return -std::numeric_limits<double>::infinity();
  if (p >= 1) return std::numeric_limits<double>::infinity();
  return -std::numbers::sqrt2 * boost::math::erfc_inv(2 * p, relia::detail::quiet_policy());
}

/// The z that a two-sided interval reaches on either side: 1.959963984540054 at level 0.95.
[[nodiscard]] inline double gaussian_score(double confidence_level) noexcept {
  return -gaussian_quantile(0.5 * (1 - confidence_level));
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::stats::detail
