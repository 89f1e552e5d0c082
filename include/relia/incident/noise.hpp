// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Is repair really getting faster? How far the mean of one period may lie from that of the next by
/// chance, and how often it says the wrong thing though every incident was shortened. At 90
/// incidents a period, of mean 146 and deviation 316 minutes, cutting each by 10 % still shows a
/// longer mean in 3 periods of 8.
/// Means of independent durations, taken as normal: good from some 30 incidents a period; below,
/// skewed durations wander further.
/// Ref: S. Davidovic, "Incident Metrics in SRE", O'Reilly (2021).

#include <cmath>
#include <numbers>
#include <string_view>

#include <boost/math/special_functions/erf.hpp>

#include <relia/core/estimate.hpp>
#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/policy.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::incident {

/// The fall of the mean duration from one period of `before` incidents to the next of `after`, when
/// each incident is shortened by the fraction `reduction`; 0: nothing changed. Its expectation is
/// mean reduction, its variance deviation^2 (1 / before + (1 - reduction)^2 / after).
class mean_change {
 public:
  /// Domain: mean >= 0, deviation > 0, finite; before, after >= 1; reduction in [0, 1].
  /// Throws: std::domain_error.
  mean_change(real_seconds mean, real_seconds deviation, count before, count after,
              double reduction = 0) {
    constexpr std::string_view where = "incident::mean_change";
    relia::detail::require_non_negative(where, "mean", mean.count());
    relia::detail::require_positive(where, "deviation", deviation.count());
    relia::detail::require_positive_count(where, "before", before);
    relia::detail::require_positive_count(where, "after", after);
    relia::detail::require_fraction(where, "reduction", reduction);
    expected_ = mean.count() * reduction;
    error_ = deviation.count() *
             std::sqrt(1 / static_cast<double>(before) +
                       (1 - reduction) * (1 - reduction) / static_cast<double>(after));
  }

  [[nodiscard]] real_seconds expected() const noexcept { return real_seconds(expected_); }
  [[nodiscard]] real_seconds standard_error() const noexcept { return real_seconds(error_); }

  /// The probability that the mean falls by `at_least` or more; NaN gives NaN.
  [[nodiscard]] double falls_by(real_seconds at_least) const noexcept {
    return above((at_least.count() - expected_) / error_);
  }

  /// The probability that it rises by `at_least` or more: with 0, that it looks worse.
  [[nodiscard]] double rises_by(real_seconds at_least) const noexcept {
    return above((at_least.count() + expected_) / error_);
  }

  /// Where the fall lies with probability `level`, centred; a negative fall is a rise.
  /// Domain: level in (0, 1). Throws: std::domain_error.
  [[nodiscard]] interval<real_seconds> range(double level = 0.9) const {
    relia::detail::require_open_fraction("incident::mean_change::range", "level", level);
    const double reach =
        error_ * std::numbers::sqrt2 *
        boost::math::erfc_inv(2 * tail_probability(level, sides::both), relia::detail::policy());
    return {real_seconds(expected_ - reach), real_seconds(expected_ + reach), level};
  }

 private:
  [[nodiscard]] static double above(double z) noexcept {
    return std::isnan(z)
               ? z
               : boost::math::erfc(z / std::numbers::sqrt2, relia::detail::quiet_policy()) / 2;
  }

  double expected_ = 0;
  double error_ = 0;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::incident
