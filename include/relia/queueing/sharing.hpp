// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How long does a request take when all requests share the server, as threads share a core or
/// transfers a link? M/G/1 processor sharing: the mean depends on the service time only through its
/// mean, and each request is slowed down by the same factor, whatever its size.
/// Ref: Kleinrock, "Queueing Systems", vol. 2 (1976), 4.4; Coffman, Muntz, Trotter, JACM 17 (1970),
/// for the variance with exponential services.

#include <cmath>
#include <limits>

#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

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
