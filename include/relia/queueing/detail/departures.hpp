// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How many requests leave the queue ahead of one that waits, by a time t: Poisson while every
/// server is busy and nobody gives up; negative binomial when those ahead give up too, for with k
/// ahead they leave at rate c mu + k theta, and exp(-theta t) of such a sum of exponential times
/// has a beta distribution.

#include <cmath>
#include <limits>
#include <numbers>

#include <relia/core/real.hpp>
#include <relia/queueing/detail/poisson.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail {

/// Poisson: mass e^-x x^k / k!. Otherwise, with p = exp(-theta t): mass C(size + k - 1, k) p^size
/// (1 - p)^k.
struct departures {
  double mean = 0;  // Poisson: x
  double size = 0;
  double decay = 0;  // theta t, of the negative binomial

  [[nodiscard]] static departures poisson(double x) noexcept { return {x, 0, 0}; }
  [[nodiscard]] static departures negative_binomial(double size, double decay) noexcept {
    return {-std::expm1(-decay), size, decay};
  }

  [[nodiscard]] double next(double term, double k) const noexcept {
    return (size > 0 ? term * (size + k) : term) * mean / (k + 1);
  }
  [[nodiscard]] double previous(double term, double k) const noexcept {
    return term * k / mean / (size > 0 ? size + k - 1 : 1.0);
  }

  /// Ref: Loader (2000), for the binomial.
  [[nodiscard]] double log_mass(double k) const noexcept {
    if (size == 0) return log_poisson_mass(k, mean);
    if (k == 0) return -size * decay;
    if (mean == 0) return -std::numeric_limits<double>::infinity();
    const double n = size + k;
    const auto kept = deviance(size, n * std::exp(-decay));
    const auto left = deviance(k, n * mean);
    return stirling_error(n) - stirling_error(size) - stirling_error(k) - kept.low - left.low -
           kept.high - left.high + std::log(size / n / k / (2 * std::numbers::pi)) / 2;
  }
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail
