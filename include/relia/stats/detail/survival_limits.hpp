// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The pointwise limits of a survival probability on each scale, from Greenwood's variance.
/// Ref: Klein and Moeschberger, Survival Analysis (2003), section 4.3.

#include <algorithm>
#include <cmath>
#include <numbers>

#include <relia/core/estimate.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::stats {

/// The scales on which a limit of survival is symmetric. On log-log it stays in [0, 1] by itself.
inline constexpr method log_log_limits{"log_log"};
inline constexpr method log_limits{"log"};
inline constexpr method plain_limits{"plain"};
inline constexpr method logit_limits{"logit"};
inline constexpr method arcsine_limits{"arcsine"};

namespace detail {

/// The least survival at which no event among `m` rows is likelier than the tail: exact binomial.
[[nodiscard]] inline double no_event_limit(count m, double level) noexcept {
  if (m == 0) return 0;
  return std::exp(std::log(tail_probability(level, sides::both)) / static_cast<double>(m));
}

/// Domain: 0 < survival < 1; log_variance, the variance of log(survival), finite; z >= 0.
[[nodiscard]] inline interval<double> survival_limits(double survival, double log_variance,
                                                      method scale, double z, double level) {
  const double reach = z * std::sqrt(log_variance);  // of log(survival)
  if (scale == log_log_limits) {
    const double log_survival = std::log(survival);
    const double factor = std::exp(reach / -log_survival);
    return {std::exp(log_survival * factor), std::exp(log_survival / factor), level};
  }
  if (scale == log_limits) {
    const double factor = std::exp(reach);
    return {survival / factor, std::min(1.0, survival * factor), level};
  }
  if (scale == logit_limits) {
    const double odds = survival / (1 - survival);
    const double factor = std::exp(reach / (1 - survival));
    return {odds / (odds + factor), odds / (odds + 1 / factor), level};
  }
  if (scale == arcsine_limits) {
    const double centre = std::asin(std::sqrt(survival));
    const double half = 0.5 * reach * std::sqrt(survival / (1 - survival));
    const double low = std::sin(std::max(0.0, centre - half));
    const double high = std::sin(std::min(std::numbers::pi / 2, centre + half));
    return {low * low, high * high, level};
  }
  return {std::max(0.0, survival - survival * reach), std::min(1.0, survival + survival * reach),
          level};
}

}  // namespace detail
}  // namespace relia::inline RELIA_VERSION_NAMESPACE::stats
