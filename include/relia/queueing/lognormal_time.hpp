// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// A service time whose logarithm is normal: the usual shape of what is measured. Its transform has
/// no closed form; it is an integral along a line on which nothing cancels
/// (detail/lognormal_transform.hpp).

#include <cmath>
#include <complex>
#include <cstdint>
#include <limits>
#include <numbers>

#include <relia/detail/check.hpp>
#include <relia/queueing/detail/complex.hpp>
#include <relia/queueing/detail/lognormal_transform.hpp>
#include <relia/queueing/service.hpp>
#include <relia/stats/random.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// Heavy tailed: no exponential moment. Domain: mean > 0; scv > 0, up to 1e4. Throws:
/// std::domain_error.
class lognormal_time {
 public:
  static constexpr bool smooth = true;
  lognormal_time(double mean, double scv) : mean_(mean), scv_(scv) {
    detail::require_time("queueing::lognormal_time", "mean", mean);
    relia::detail::require_domain(scv > 0 && scv <= 1e4, "queueing::lognormal_time", "scv",
                                  "above 0, up to 1e4", scv);
    sigma_ = std::sqrt(std::log1p(scv));
  }
  [[nodiscard]] double mean() const noexcept { return mean_; }
  [[nodiscard]] double scv() const noexcept { return scv_; }
  [[nodiscard]] double second_moment() const noexcept { return (1 + scv_) * mean_ * mean_; }
  [[nodiscard]] double third_moment() const noexcept {
    return (1 + scv_) * (1 + scv_) * (1 + scv_) * mean_ * mean_ * mean_;
  }
  [[nodiscard]] std::complex<double> complement(std::complex<double> s) const {
    return detail::lognormal_complement(s * median(), sigma_);
  }
  [[nodiscard]] std::complex<double> excess(std::complex<double> s) const {
    const std::complex<double> x = s * mean_;
    if (std::norm(x) > 0.01) return 1.0 - complement(s) / x;
    // Of a random observer's service, of median median() exp(sigma^2).
    return detail::lognormal_average(
        s * (median() * (1 + scv_)), sigma_,
        [](std::complex<double> z) { return detail::one_minus_decay(z); });
  }
  [[nodiscard]] double transform(double s) const {
    return s > 0 ? detail::lognormal_transform(s * median(), sigma_).real() : 1;
  }
  [[nodiscard]] double decay_limit() const noexcept { return 0; }
  [[nodiscard]] double pdf(double x) const noexcept {
    if (!(x > 0)) return x <= 0 ? 0 : x;
    const double z = score(x);
    return std::exp(-z * z / 2) / (x * sigma_ * std::sqrt(2 * std::numbers::pi));
  }
  [[nodiscard]] double survival(double x) const noexcept {
    if (!(x > 0)) return x <= 0 ? 1 : x;
    return std::erfc(score(x) / std::numbers::sqrt2) / 2;
  }
  [[nodiscard]] double draw(const stats::random_stream& random, std::uint64_t n) const noexcept {
    return median() * std::exp(sigma_ * random.normal(n));
  }
  [[nodiscard]] double limited_mean(double t) const noexcept {
    if (!(t < std::numeric_limits<double>::infinity())) return mean_;
    if (t == 0) return 0;
    return mean_ * std::erfc((sigma_ - score(t)) / std::numbers::sqrt2) / 2 + t * survival(t);
  }

 private:
  [[nodiscard]] double median() const noexcept { return mean_ / std::sqrt(1 + scv_); }
  [[nodiscard]] double score(double x) const noexcept { return std::log(x / median()) / sigma_; }

  double mean_;
  double scv_;
  double sigma_ = 0;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
