// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How long does a request take when all requests share the server, as threads share a core or
/// transfers a link? M/G/1 processor sharing: the mean depends on the service time only through its
/// mean, and each request is slowed down by the same factor, whatever its size.
/// Ref: Kleinrock, "Queueing Systems", vol. 2 (1976), 4.4; Coffman, Muntz, Trotter, JACM 17 (1970),
/// and Ott, J. Applied Probability 21 (1984), for the variances with exponential services;
/// Morrison, SIAM J. Applied Mathematics 45 (1985), for the distribution.

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/queueing/detail/sign_change.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// The response under processor sharing with exponential services: a mixture of exponentials of
/// rates r(a) = (1 - sqrt(rho))^2 + 4 sqrt(rho) sin^2(a/2), 0 < a < pi, in services, of weights
///   2 (1 - rho) sin a exp(-2 cot a atan(k cot(a/2))) / ((1 + exp(-pi cot a)) r(a)^2),
/// k = (1 - sqrt(rho)) / (1 + sqrt(rho)): Morrison's integral with its angles written as one, so
/// that nothing is subtracted next to saturation. Over u = log tan(a/2) the trapezoidal rule takes
/// it to rounding. Itself a latency_tail. Cost: some 100 exponentials; a quantile ten times that.
class sharing_response {
 public:
  /// `slack` = 1 - rho; at 0 or less every answer is infinite.
  sharing_response(double utilization, double slack, double mean_service) noexcept
      : mean_service_(mean_service), slack_(slack), root_(std::sqrt(utilization)) {
    least_ = slack > 0 ? slack / (1 + root_) : 0;
  }

  /// The probability to take longer than t; 1 for t < 0 and when unstable.
  [[nodiscard]] double survival(double t) const noexcept { return std::exp(log_survival(t)); }

  [[nodiscard]] double log_survival(double t) const noexcept {
    if (std::isnan(t)) return t;
    if (t <= 0 || !(slack_ > 0)) return 0;
    if (t == infinity) return -infinity;
    const double x = std::min(t / mean_service_, std::numeric_limits<double>::max());
    if (root_ == 0) return -x;
    // The slowest exponential is taken out.
    const double rest = log_integral([&](double, double beyond) { return -beyond * x; });
    const double log = rest - least_ * least_ * x;
    return log < -0.5 ? log : std::log1p(-cdf(t));
  }

  /// The probability to take no longer than t.
  [[nodiscard]] double cdf(double t) const noexcept {
    if (std::isnan(t)) return t;
    if (t <= 0 || !(slack_ > 0)) return 0;
    if (t == infinity) return 1;
    const double x = std::min(t / mean_service_, std::numeric_limits<double>::max());
    if (root_ == 0) return -std::expm1(-x);
    return std::min(1.0, std::exp(log_integral([&](double rate, double) {
                      return std::log(-std::expm1(-rate * x));
                    })));
  }

  /// The time that a fraction `level` does not exceed; infinite at 1. NaN outside [0, 1].
  [[nodiscard]] double quantile(double level) const noexcept { return solve(1 - level, level); }

  /// The time that a fraction `probability` exceeds: 1e-4 for the p99.99.
  [[nodiscard]] double survival_quantile(double probability) const noexcept {
    return solve(probability, 1 - probability);
  }

 private:
  static constexpr double infinity = std::numeric_limits<double>::infinity();

  /// The logarithm of the weights integrated against exp(log_f(rate, rate - slowest rate)): the
  /// trapezoidal rule outwards from the highest term, with steps below its width.
  template <class Function>
  [[nodiscard]] double log_integral(const Function& log_f) const noexcept {
    const double k = least_ / (1 + root_);
    const auto log_term = [&](double u) {
      const double tangent = std::exp(u);  // of a/2
      const double square = tangent * tangent;
      const double cotangent = (1 - tangent) * (1 + tangent) / (2 * tangent);
      const double beyond = 4 * root_ * (square / (1 + square));
      const double rate = least_ * least_ + beyond;
      const double turned = -std::numbers::pi * std::abs(cotangent);
      // 2 log(sin a), one of the two from da = sin a du
      return 2 * (std::numbers::ln2 + u - std::log1p(square) - std::log(rate)) -
             2 * cotangent * std::atan(k / tangent) + (cotangent > 0 ? 0 : turned) -
             std::log1p(std::exp(turned)) + log_f(rate, beyond);
    };
    // Uphill from a/2 = 45 degrees: there is one top. The strides become as small as it is wide.
    double top = 0;
    double at_top = log_term(top);
    double width = 0;
    for (double stride = 0.25; width < stride && stride > 1e-9; stride /= 4) {
      for (const double way : {-stride, stride}) {
        for (double next; (next = log_term(top + way)) > at_top; at_top = next) top += way;
      }
      const double fall = 2 * at_top - log_term(top - stride) - log_term(top + stride);
      width = fall > 0 ? stride / std::sqrt(fall) : infinity;
    }
    const double step = std::clamp(0.6 * width, 1e-9, 1.0 / 16);
    double sum = 1;
    for (const double way : {-step, step}) {
      for (double u = top + way;; u += way) {
        // What is above the top by so much is rounding, which is all there is at a time of 1e300.
        const double term = std::min(1e100, std::exp(log_term(u) - at_top));
        sum += term;
        if (!(term > 1e-18 * sum)) break;
      }
    }
    return at_top + std::log(2 * slack_ * step * sum);
  }

  [[nodiscard]] double solve(double q, double p) const noexcept {
    if (!(q >= 0 && q <= 1)) return std::numeric_limits<double>::quiet_NaN();
    if (p <= 0) return 0;
    if (q == 0 || !(slack_ > 0)) return infinity;
    const double typical = mean_service_ / slack_;
    return q < 0.5
               ? detail::tail_root([&](double t) { return log_survival(t); }, std::log(q), typical)
               : detail::tail_root([&](double t) { return -std::log(cdf(t)); }, -std::log(p),
                                   typical);
  }

  double mean_service_;
  double slack_;
  double root_;
  double least_ = 0;  ///< 1 - sqrt(rho)
};

/// M/G/1 processor sharing. At or over capacity `state()` is unstable and the answers are infinite.
class processor_sharing {
 public:
  /// Domain: arrival_rate >= 0, mean_service > 0, finite. Throws: std::domain_error.
  processor_sharing(double arrival_rate, double mean_service)
      : arrival_rate_(arrival_rate), mean_service_(mean_service) {
    relia::detail::require_non_negative("queueing::processor_sharing", "arrival_rate",
                                        arrival_rate);
    relia::detail::require_positive("queueing::processor_sharing", "mean_service", mean_service);
    slack_ = std::fma(-arrival_rate, mean_service, 1.0);
  }

  [[nodiscard]] double arrival_rate() const noexcept { return arrival_rate_; }
  [[nodiscard]] double mean_service() const noexcept { return mean_service_; }
  [[nodiscard]] double utilization() const noexcept { return arrival_rate_ * mean_service_; }
  [[nodiscard]] relia::state state() const noexcept {
    return slack_ > 0 ? relia::state::ok : relia::state::unstable;
  }

  /// How many times longer a request takes than alone, on average: 1 / (1 - rho), for every size.
  [[nodiscard]] double mean_slowdown() const noexcept { return slack_ > 0 ? 1 / slack_ : infinity; }
  [[nodiscard]] double mean_response() const noexcept { return mean_service_ * mean_slowdown(); }

  /// Of a request of the given size: size / (1 - rho). Domain: size >= 0. Throws:
  /// std::domain_error.
  [[nodiscard]] double mean_response_of(double size) const {
    relia::detail::require_non_negative("queueing::processor_sharing::mean_response_of", "size",
                                        size);
    return size == 0 ? 0 : size * mean_slowdown();
  }

  /// Of the response, with exponential services only: (2 + rho) / ((2 - rho) (1 - rho)^2) in
  /// squares of the mean service.
  [[nodiscard]] double variance_response_exponential() const noexcept {
    if (!(slack_ > 0)) return infinity;
    const double mean = mean_response();
    return mean * mean * (2 + utilization()) / (1 + slack_);
  }

  /// Of a request of the given size, the others exponential. Domain, Throws: as mean_response_of.
  [[nodiscard]] double variance_response_exponential_of(double size) const {
    relia::detail::require_non_negative(
        "queueing::processor_sharing::variance_response_exponential_of", "size", size);
    if (size == 0) return 0;
    if (!(slack_ > 0)) return infinity;
    // 2 rho (x - (1 - e^-x)) / (1 - rho)^4 in services, x = (1 - rho) size; small x by its series.
    const double x = slack_ * (size / mean_service_);
    double excess = x + std::expm1(-x);
    if (x < 0.5) {
      double term = x * x / 2;
      excess = term;
      for (int n = 3; n < 20; ++n) excess += term *= -x / n;
    }
    const double unit = mean_response() / slack_;
    return 2 * utilization() * excess * unit * unit;
  }

  /// The distribution of the response, with exponential services only.
  [[nodiscard]] sharing_response response_time_exponential() const noexcept {
    return {utilization(), slack_, mean_service_};
  }

  [[nodiscard]] double mean_in_system() const noexcept { return utilization() * mean_slowdown(); }

  /// The probability of n or more in the system: rho^n; 1 when unstable.
  [[nodiscard]] double probability_at_least(count n) const noexcept {
    if (n <= 0 || !(slack_ > 0)) return 1;
    return std::pow(utilization(), static_cast<double>(n));
  }

 private:
  static constexpr double infinity = std::numeric_limits<double>::infinity();

  double arrival_rate_;
  double mean_service_;
  double slack_ = 0;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
