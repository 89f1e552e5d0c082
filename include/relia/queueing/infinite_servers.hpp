// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How many requests are in flight when nobody ever waits? M/M/infinity: elastic capacity,
/// sessions, requests on the wire. In steady state their number is Poisson with mean `load` for any
/// distribution of service (M/G/infinity); only mean_after() needs an exponential one, and
/// mean_in_flight takes any.
/// Ref: Gross, Shortle, Thompson, Harris, "Fundamentals of Queueing Theory", 4th ed. (2008), 2.7.

#include <cmath>
#include <limits>
#include <string_view>

#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/queueing/detail/poisson.hpp>
#include <relia/queueing/detail/poisson_sides.hpp>
#include <relia/queueing/erlang.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

class infinite_servers {
 public:
  /// Domain: arrival_rate >= 0, service_rate > 0, finite, their ratio at most 1e15. Throws:
  /// std::domain_error.
  infinite_servers(double arrival_rate, double service_rate)
      : arrival_rate_(arrival_rate), service_rate_(service_rate) {
    constexpr std::string_view where = "queueing::infinite_servers";
    relia::detail::require_non_negative(where, "arrival_rate", arrival_rate);
    relia::detail::require_positive(where, "service_rate", service_rate);
    relia::detail::require_domain(load() <= 1e15, where, "arrival_rate / service_rate",
                                  "at most 1e15", load());
  }

  [[nodiscard]] double arrival_rate() const noexcept { return arrival_rate_; }
  [[nodiscard]] double service_rate() const noexcept { return service_rate_; }
  [[nodiscard]] double load() const noexcept { return arrival_rate_ / service_rate_; }

  [[nodiscard]] double mean_in_system() const noexcept { return load(); }
  [[nodiscard]] double variance_in_system() const noexcept { return load(); }

  /// The probability of exactly n requests in the system, and its logarithm.
  [[nodiscard]] double probability_of(count n) const noexcept {
    return n < 0 ? 0 : detail::poisson_mass(static_cast<double>(n), load());
  }
  [[nodiscard]] double log_probability_of(count n) const noexcept {
    return n < 0 ? -std::numeric_limits<double>::infinity()
                 : detail::log_poisson_mass(static_cast<double>(n), load());
  }

  /// The probability of n requests or more: how often n connections are not enough for the next.
  /// Cost: O(1).
  [[nodiscard]] double probability_at_least(count n) const noexcept {
    if (n <= 0) return 1;
    const auto k = static_cast<double>(n);
    if (load() < k) {
      return probability_of(n) * (1 + detail::poisson_tail_ratio(k, load()));
    }
    // P(N < n) = P(N = n - 1) / B(n - 1); of one, what is not idle.
    if (n == 1) return -std::expm1(-load());
    return 1 - probability_of(n - 1) * (1 + detail::erlang_b_excess(k - 1, load()));
  }

  /// The mean number at a time t after there were `initial`: initial e^(-mu t) + load (1 - e^(-mu
  /// t)). Domain: initial >= 0, t >= 0, not NaN. Throws: std::domain_error.
  [[nodiscard]] double mean_after(double t, double initial = 0) const {
    constexpr std::string_view where = "queueing::infinite_servers::mean_after";
    relia::detail::require_non_negative(where, "t", t);
    relia::detail::require_non_negative(where, "initial", initial);
    return initial * std::exp(-service_rate_ * t) - load() * std::expm1(-service_rate_ * t);
  }

 private:
  double arrival_rate_;
  double service_rate_;
};

/// The mean number in M/G/infinity a time t after it began with none: arrival_rate E min(S, t), of
/// any law of service in service.hpp or empirical_time.hpp. Domain: arrival_rate >= 0 and finite, t
/// >= 0, infinity included. Throws: std::domain_error.
template <class Service>
requires requires(const Service& s) { s.limited_mean(1.0); }
[[nodiscard]] double mean_in_flight(double arrival_rate, const Service& service, double t) {
  constexpr std::string_view where = "queueing::mean_in_flight";
  relia::detail::require_non_negative(where, "arrival_rate", arrival_rate);
  relia::detail::require_domain(t >= 0, where, "t", "at least 0", t);
  return arrival_rate * service.limited_mean(t);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
