// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// What is the best that any order of service can do for the mean response? Shortest remaining
/// processing time at one server: Poisson arrivals whose service times are known on arrival. Half
/// of all requests, or more, are faster than under any other rule; the longest wait for all others.
/// Ref: Schrage and Miller, Operations Research 14 (1966), eqs. 4 to 7.

#include <cmath>
#include <limits>
#include <string_view>
#include <utility>

#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/queueing/detail/quadrature.hpp>
#include <relia/queueing/service.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// M/G/1 under SRPT, with a law of service that has a density. At or over capacity `state()` is
/// unstable and the mean is infinite, though requests up to some size still have a finite one.
template <continuous_service_time Service>
class srpt {
 public:
  /// Domain: arrival_rate >= 0 and finite. Throws: std::domain_error.
  srpt(double arrival_rate, Service service)
      : service_(std::move(service)), arrival_rate_(arrival_rate) {
    relia::detail::require_non_negative("queueing::srpt", "arrival_rate", arrival_rate);
    slack_ = std::fma(-arrival_rate, service_.mean(), 1.0);
  }

  [[nodiscard]] double arrival_rate() const noexcept { return arrival_rate_; }
  [[nodiscard]] const Service& service() const noexcept { return service_; }
  [[nodiscard]] double utilization() const noexcept { return arrival_rate_ * service_.mean(); }
  [[nodiscard]] relia::state state() const noexcept {
    return slack_ > 0 ? relia::state::ok : relia::state::unstable;
  }

  /// Over all requests. Throws: relia::convergence_error. Cost: some thousand values of the
  /// density, each with an integral below it: 5 ms.
  [[nodiscard]] double mean_response() const {
    if (!(slack_ > 0)) return std::numeric_limits<double>::infinity();
    constexpr std::string_view where = "queueing::srpt::mean_response";
    return detail::integral_to_infinity(where, service_.mean(), [&](double x) {
      const double free = slack_below(x);
      const double density = service_.pdf(x);
      return service_.survival(x) / free +
             (density == 0 ? 0 : density * waiting(x) / (free * free));
    });
  }

  /// Of a request of the given size: until it is first served, lambda (E[S^2; S <= x] + x^2 P(S >
  /// x)) / (2 (1 - rho(x))^2), and from then on the integral of dt / (1 - rho(t)). Infinite when
  /// the requests up to that size alone are too many. Domain: size > 0. Throws: std::domain_error.
  [[nodiscard]] double mean_response_of(double size) const {
    constexpr std::string_view where = "queueing::srpt::mean_response_of";
    relia::detail::require_positive(where, "size", size);
    const double free = slack_below(size);
    if (!(free > 0)) return std::numeric_limits<double>::infinity();
    return waiting(size) / (free * free) +
           detail::integral_to(where, size, [&](double t) { return 1 / slack_below(t); });
  }

 private:
  static constexpr double nothing = 1e-20;  // no integral up to there differs from the whole

  /// 1 - lambda E[S; S <= x], E[S; S <= x] = E min(S, x) - x P(S > x).
  [[nodiscard]] double slack_below(double x) const {
    if (service_.survival(x) < nothing) return slack_;
    return 1 - arrival_rate_ * (service_.limited_mean(x) - x * service_.survival(x));
  }

  /// lambda E[min(S, x)^2] / 2.
  [[nodiscard]] double waiting(double x) const {
    if (service_.survival(x) < nothing) return arrival_rate_ * service_.second_moment() / 2;
    return arrival_rate_ * detail::integral_to("queueing::srpt", x,
                                               [&](double t) { return t * service_.survival(t); });
  }

  Service service_;
  double arrival_rate_;
  double slack_ = 0;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
