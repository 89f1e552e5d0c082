// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How many spare servers does a large pool need? Square-root staffing: with servers = load + beta
/// sqrt(load) the fraction that waits tends to a limit that depends on beta alone, between 0 and 1
/// however large the pool. For a rule of thumb and for planning at a glance; `erlang_c` and
/// `min_servers` are exact, and as fast.
/// Ref: Halfin and Whitt, Operations Research 29 (1981), theorem 2.

#include <cmath>
#include <limits>
#include <numbers>

#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/root.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

namespace detail {

/// (1 - P) / P = beta Phi(beta) / phi(beta), and its logarithmic slope. The square in the exponent
/// is taken with its rounding.
[[nodiscard]] inline double halfin_whitt_odds_against(double beta) noexcept {
  const double square = beta * beta;
  const double below = std::erfc(-beta / std::numbers::sqrt2) / 2;
  return beta * below * std::sqrt(2 * std::numbers::pi) *
         std::exp(std::fma(beta, beta, -square) / 2) * std::exp(square / 2);
}

[[nodiscard]] inline double halfin_whitt_slope(double beta) noexcept {
  const double density = std::exp(-beta * beta / 2) / std::sqrt(2 * std::numbers::pi);
  return 1 / beta + beta + density / (std::erfc(-beta / std::numbers::sqrt2) / 2);
}

}  // namespace detail

/// The limit of erlang_c: 1 / (1 + beta Phi(beta) / phi(beta)), Phi and phi the normal distribution
/// and its density. Without spare servers, beta <= 0, every arrival waits: 1. Domain: beta not NaN.
/// Throws: std::domain_error.
[[nodiscard]] inline double halfin_whitt_wait_probability(double beta) {
  relia::detail::require_number("queueing::halfin_whitt_wait_probability", "beta", beta);
  if (!(beta > 0)) return 1;
  const double against = detail::halfin_whitt_odds_against(beta);
  if (against < std::numeric_limits<double>::infinity()) return 1 / (1 + against);
  return std::exp(-beta * beta / 2) / (beta * std::sqrt(2 * std::numbers::pi));
}

/// The beta at which a fraction `wait_probability` waits: the spare servers, in square roots of the
/// load. Domain: wait_probability in (0, 1). Throws: std::domain_error.
[[nodiscard]] inline double halfin_whitt_beta(double wait_probability) {
  relia::detail::require_open_fraction("queueing::halfin_whitt_beta", "wait_probability",
                                       wait_probability);
  const double against = (1 - wait_probability) / wait_probability;
  if (against <= 1) {  // odds / beta rises from sqrt(pi / 2), and is below 3.5 up to 1
    return relia::detail::decreasing_root(
        [&](double beta) {
          const double odds = detail::halfin_whitt_odds_against(beta);
          return relia::detail::value_and_slope{against - odds,
                                                -odds * detail::halfin_whitt_slope(beta)};
        },
        against / 3.5, against * 0.8);
  }
  const double log_against = std::log1p(-wait_probability) - std::log(wait_probability);
  return relia::detail::decreasing_root(
      [&](double beta) {
        const double below = std::erfc(-beta / std::numbers::sqrt2) / 2;
        const double log_odds =
            std::log(beta * below * std::sqrt(2 * std::numbers::pi)) + beta * beta / 2;
        return relia::detail::value_and_slope{log_against - log_odds,
                                              -detail::halfin_whitt_slope(beta)};
      },
      1 / 3.5, 1 + std::sqrt(2 * log_against));
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
