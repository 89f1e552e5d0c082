// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// May these durations be log-normal? The Anderson-Darling statistic of their logarithms against
/// the normal distribution fitted to them.
/// Ref: R. B. D'Agostino, M. A. Stephens, "Goodness-of-Fit Techniques" (1986), section 4.8 and
/// table 4.7: both parameters estimated.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <span>
#include <vector>

#include <boost/math/special_functions/erf.hpp>

#include <relia/detail/policy.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::incident::detail {

/// The adjusted statistic exceeds this in 5 % of normal samples.
inline constexpr double anderson_darling_critical = 0.752;
/// Below this size the adjustment is not tabulated.
inline constexpr std::size_t anderson_darling_smallest = 8;

/// A^2 (1 + 0.75 / n + 2.25 / n^2) of the logarithms; 0, no doubt, for fewer than 8 values or when
/// all are equal. Domain: values positive and finite. Cost: O(n log n).
[[nodiscard]] inline double log_normal_misfit(std::span<const double> values) {
  if (values.size() < anderson_darling_smallest) return 0;
  std::vector<double> logs(values.begin(), values.end());
  for (double& x : logs) x = std::log(x);
  std::sort(logs.begin(), logs.end());
  if (logs.front() == logs.back()) return 0;
  const auto n = static_cast<double>(logs.size());
  double mean = 0;
  for (const double x : logs) mean += x / n;
  double square = 0;
  for (const double x : logs) square += (x - mean) * (x - mean);
  const double deviation = std::sqrt(square / (n - 1));
  const auto log_below = [&](double x) {
    const double z = (x - mean) / deviation;
    return std::log(boost::math::erfc(-z / std::numbers::sqrt2, relia::detail::policy()) / 2);
  };
  double sum = 0;
  for (std::size_t i = 0; i < logs.size(); ++i) {
    // The upper tail of x is the lower tail of its mirror image.
    sum += (2 * static_cast<double>(i) + 1) *
           (log_below(logs[i]) + log_below(2 * mean - logs[logs.size() - 1 - i]));
  }
  const double statistic = -n - sum / n;
  return statistic * (1 + 0.75 / n + 2.25 / (n * n));
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::incident::detail
