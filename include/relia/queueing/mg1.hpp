// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How long is the line when services vary more, or less, than exponential ones? M/G/1: Poisson
/// arrivals, one server, first come first served, any law of the service time. Means and variances
/// are closed (Pollaczek, Khinchine); the distributions of wait and response are inverted from
/// their transforms. A measured pool of several servers: see ggc.hpp.
/// Ref: Gross, Shortle, Thompson, Harris, "Fundamentals of Queueing Theory", 4th ed. (2008), ch. 5.

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <utility>

#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/queueing/delay.hpp>
#include <relia/queueing/detail/inversion.hpp>
#include <relia/queueing/detail/sign_change.hpp>
#include <relia/queueing/service.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// A delay of M/G/1: survival, cdf and quantile by numerical inversion. Relative error of the tail
/// about 1e-10 for a smooth law of service, 1e-4 for one with atoms or corners (deterministic: see
/// md1, which is exact). Infinite when unstable. Cost: some 80 values of the transform.
template <service_time Service>
class mg1_delay {
 public:
  mg1_delay(queueing::delay which, Service service, double load, double slack, double decay,
            double mean, double variance)
      : service_(std::move(service)),
        which_(which),
        load_(load),
        slack_(slack),
        decay_(decay),
        mean_(mean),
        variance_(variance) {}

  [[nodiscard]] double mean() const noexcept { return mean_; }
  [[nodiscard]] double variance() const noexcept { return variance_; }

  /// The exponential rate at which the tail falls in the end; 0 when it does not (log-normal).
  [[nodiscard]] double decay_rate() const noexcept { return decay_; }

  /// The probability to take longer than t; 1 for t < 0.
  [[nodiscard]] double survival(double t) const {
    if (!(t >= 0)) return t < 0 ? 1 : t;
    return std::exp(log_survival(t));
  }

  /// Its logarithm.
  [[nodiscard]] double log_survival(double t) const {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    if (!(t >= 0)) return t < 0 ? 0 : t;
    if (t == infinity) return -infinity;
    if (!(slack_ > 0)) return 0;
    const double scale = service_.mean();
    if (load_ == 0 && which_ == delay::wait) return -infinity;
    if (t < 1e-12 * scale) return which_ == delay::wait ? std::log(load_) : 0;
    constexpr int terms = Service::smooth ? 24 : 400;
    const double scaled = detail::scaled_inverse(
        [this](std::complex<double> s) { return transform(s); }, t, decay_, terms);
    const double tail = which_ == delay::wait ? std::log(load_) : 0;
    return scaled > 0 ? std::min(tail, std::log(scaled) - decay_ * t) : -infinity;
  }

  /// The probability to take no longer than t.
  [[nodiscard]] double cdf(double t) const {
    if (!(t >= 0)) return t < 0 ? 0 : t;
    if (load_ == 0 && which_ == delay::wait) return 1;
    return -std::expm1(log_survival(t));
  }

  /// The time that a fraction `level` does not exceed; infinite at 1. NaN outside [0, 1].
  [[nodiscard]] double quantile(double level) const {
    return solve(level <= 0.5 ? std::log1p(-level) : std::log(1 - level), level);
  }

  /// The time that a fraction `probability` exceeds: 1e-4 for the p99.99. NaN outside [0, 1].
  [[nodiscard]] double survival_quantile(double probability) const {
    return solve(std::log(probability), 1 - probability);
  }

 private:
  /// Of survival: (1 - E exp(-s T)) / s.
  [[nodiscard]] std::complex<double> transform(std::complex<double> s) const {
    const std::complex<double> left = load_ * service_.excess(s);
    const std::complex<double> wait = left / (s * (slack_ + left));
    return which_ == delay::wait ? wait
                                 : wait + slack_ / (slack_ + left) * service_.complement(s) / s;
  }

  [[nodiscard]] double solve(double log_probability, double level) const {
    if (!(level >= 0 && level <= 1 && log_probability <= 0)) {
      return std::numeric_limits<double>::quiet_NaN();
    }
    if (level == 0) return 0;
    if (which_ == delay::wait && log_probability >= std::log(load_)) return slack_ > 0 ? 0 : mean_;
    if (log_probability == -std::numeric_limits<double>::infinity() || !(slack_ > 0))
      return std::numeric_limits<double>::infinity();
    return detail::tail_root([this](double t) { return log_survival(t); }, log_probability, mean_);
  }

  Service service_;
  queueing::delay which_;
  double load_;
  double slack_;
  double decay_;
  double mean_;
  double variance_;
};

/// An M/G/1 queue. At or over capacity `state()` is unstable and delays and numbers are infinite.
template <service_time Service>
class mg1 {
 public:
  /// Domain: arrival_rate >= 0 and finite. Throws: std::domain_error.
  mg1(double arrival_rate, Service service)
      : service_(std::move(service)), arrival_rate_(arrival_rate) {
    relia::detail::require_non_negative("queueing::mg1", "arrival_rate", arrival_rate);
    load_ = arrival_rate * service_.mean();
    slack_ = std::fma(-arrival_rate, service_.mean(), 1.0);
  }

  [[nodiscard]] double arrival_rate() const noexcept { return arrival_rate_; }
  [[nodiscard]] const Service& service() const noexcept { return service_; }
  [[nodiscard]] double utilization() const noexcept { return load_; }
  [[nodiscard]] relia::state state() const noexcept {
    return slack_ > 0 ? relia::state::ok : relia::state::unstable;
  }
  /// The fraction of arrivals that wait; 1 when unstable.
  [[nodiscard]] double wait_probability() const noexcept { return slack_ > 0 ? load_ : 1; }

  /// rho (1 + scv) / (2 (1 - rho)) mean services.
  [[nodiscard]] double mean_wait() const noexcept {
    if (!(slack_ > 0)) return infinity;
    return load_ * (1 + service_.scv()) / (2 * slack_) * service_.mean();
  }
  /// mean_wait^2 + lambda E S^3 / (3 (1 - rho)).
  [[nodiscard]] double variance_wait() const noexcept {
    if (!(slack_ > 0)) return infinity;
    return mean_wait() * mean_wait() + arrival_rate_ * service_.third_moment() / (3 * slack_);
  }
  [[nodiscard]] double mean_response() const noexcept { return mean_wait() + service_.mean(); }
  [[nodiscard]] double variance_response() const noexcept {
    return variance_wait() + service_.scv() * service_.mean() * service_.mean();
  }

  [[nodiscard]] double mean_in_queue() const noexcept { return number(mean_wait()); }
  [[nodiscard]] double mean_in_system() const noexcept { return number(mean_response()); }
  /// Whom a request leaves behind arrived, as a Poisson process, during its delay: variance and
  /// mean of the number from those of the delay.
  [[nodiscard]] double variance_in_queue() const noexcept {
    return number(mean_wait()) + number(number(variance_wait()));
  }
  [[nodiscard]] double variance_in_system() const noexcept {
    return number(mean_response()) + number(number(variance_response()));
  }

  [[nodiscard]] mg1_delay<Service> waiting_time() const {
    return {delay::wait, service_, load_, slack_, decay_rate(), mean_wait(), variance_wait()};
  }
  [[nodiscard]] mg1_delay<Service> response_time() const {
    return {delay::response, service_,           load_, slack_, decay_rate(),
            mean_response(), variance_response()};
  }

 private:
  static constexpr double infinity = std::numeric_limits<double>::infinity();

  [[nodiscard]] double number(double delay) const noexcept {
    return slack_ > 0 ? arrival_rate_ * delay : infinity;
  }

  /// The pole of the transforms next to 0: where rho E exp(theta (time left of a service)) is 1, by
  /// bisection below the bound that its convexity gives. It need not be sharp: it only scales.
  [[nodiscard]] double decay_rate() const {
    const double most = service_.decay_limit();
    if (!(slack_ > 0 && load_ > 0) || most == 0) return 0;
    double lower = 0;
    double upper = std::min(
        most,
        2 * slack_ / (arrival_rate_ * service_.mean() * service_.mean() * (1 + service_.scv())));
    for (int i = 0; i < 60; ++i) {
      const double at = lower + (upper - lower) / 2;
      const double over = slack_ + load_ * service_.excess({-at, 0.0}).real();
      (over > 0 ? lower : upper) = at;
    }
    return lower;
  }

  Service service_;
  double arrival_rate_;
  double load_ = 0;
  double slack_ = 0;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
