// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How many clients are out there retrying when one server turns them away while busy? The M/M/1
/// retrial queue: who finds the server busy tries again after an exponential time, for ever. The
/// number that retry is a mixture of two negative binomial ones. With timeouts and budgets on the
/// retries: not this model.
/// Ref: Falin and Templeton, "Retrial Queues" (1997), theorem 1.1.

#include <cmath>
#include <limits>

#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/policy.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// An M/M/1 retrial queue. At or over capacity `state()` is unstable and the answers are infinite.
class retrial_mm1 {
 public:
  /// retry_rate: of one waiting client. Domain: arrival_rate >= 0, service_rate > 0, retry_rate >
  /// 0, at least 1e-300 and 1e-15 of arrival_rate; finite. Throws: std::domain_error.
  retrial_mm1(double arrival_rate, double service_rate, double retry_rate)
      : arrival_rate_(arrival_rate), service_rate_(service_rate), retry_rate_(retry_rate) {
    relia::detail::require_non_negative("queueing::retrial_mm1", "arrival_rate", arrival_rate);
    relia::detail::require_positive("queueing::retrial_mm1", "service_rate", service_rate);
    relia::detail::require_positive("queueing::retrial_mm1", "retry_rate", retry_rate);
    relia::detail::require_domain(retry_rate >= 1e-300 && arrival_rate / retry_rate <= 1e15,
                                  "queueing::retrial_mm1", "retry_rate",
                                  "at least 1e-300 and 1e-15 of arrival_rate", retry_rate);
    slack_ = (service_rate - arrival_rate) / service_rate;
  }

  [[nodiscard]] double arrival_rate() const noexcept { return arrival_rate_; }
  [[nodiscard]] double service_rate() const noexcept { return service_rate_; }
  [[nodiscard]] double retry_rate() const noexcept { return retry_rate_; }
  [[nodiscard]] double utilization() const noexcept { return arrival_rate_ / service_rate_; }
  [[nodiscard]] relia::state state() const noexcept {
    return slack_ > 0 ? relia::state::ok : relia::state::unstable;
  }

  /// Clients that wait to retry: rho / (1 - rho) (lambda / theta + rho).
  [[nodiscard]] double mean_orbit() const noexcept {
    if (!(slack_ > 0)) return infinity;
    return utilization() / slack_ * (patience() + utilization());
  }
  /// r rho / (1 - rho)^2 + rho^2 / (1 - rho)^2 + rho^3 / (1 - rho), r = lambda / theta: the two
  /// negative binomials of r and r + 1, and what chooses between them.
  [[nodiscard]] double variance_orbit() const noexcept {
    if (!(slack_ > 0)) return infinity;
    const double rho = utilization();
    return rho * (patience() + rho) / (slack_ * slack_) + rho * rho * rho / slack_;
  }
  [[nodiscard]] double mean_in_system() const noexcept { return mean_orbit() + utilization(); }
  /// From the first try until the service ends.
  [[nodiscard]] double mean_response() const noexcept { return mean_wait() + 1 / service_rate_; }
  /// From the first try until the service begins: (1 / theta + 1 / mu) rho / (1 - rho).
  [[nodiscard]] double mean_wait() const noexcept {
    if (!(slack_ > 0)) return infinity;
    if (arrival_rate_ == 0) return 0;
    return (1 / retry_rate_ + 1 / service_rate_) * utilization() / slack_;
  }

  /// The probability of exactly n clients waiting to retry; 0 for n < 0 and when unstable.
  [[nodiscard]] double probability_of(count n) const noexcept {
    if (n < 0 || !(slack_ > 0)) return 0;
    const double rho = utilization();
    if (rho == 0) return n == 0 ? 1 : 0;
    const auto k = static_cast<double>(n);
    return slack_ * negative_binomial(patience(), k) + rho * negative_binomial(patience() + 1, k);
  }

 private:
  static constexpr double infinity = std::numeric_limits<double>::infinity();

  [[nodiscard]] double patience() const noexcept { return arrival_rate_ / retry_rate_; }

  /// Gamma(k + r) / (Gamma(r) k!) rho^k (1 - rho)^r.
  [[nodiscard]] double negative_binomial(double r, double k) const noexcept {
    if (k == 0) return std::exp(r * std::log(slack_));
    if (r == 0) return 0;
    const relia::detail::quiet_policy quiet;
    // Gamma(k) / Gamma(k + 1) is 1 / k; the ratio of the other two keeps its digits at large r.
    const double ways = 1 / (k * boost::math::beta(r, k, quiet));
    if (ways > 0 && ways < infinity) {
      return std::exp(std::log(ways) + k * std::log(utilization()) + r * std::log(slack_));
    }
    return std::exp(boost::math::lgamma(k + r, quiet) - boost::math::lgamma(r, quiet) -
                    boost::math::lgamma(k + 1, quiet) + k * std::log(utilization()) +
                    r * std::log(slack_));
  }

  double arrival_rate_;
  double service_rate_;
  double retry_rate_;
  double slack_ = 0;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
