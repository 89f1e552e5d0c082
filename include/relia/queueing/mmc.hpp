// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How long is the line at a pool of identical servers? M/M/c in steady state: Poisson arrivals,
/// exponential service, `servers` in parallel, one queue, first come first served, nobody gives up.
/// Rates are per any one unit of time; times come out in that unit. The spare capacity
/// servers - arrival_rate / service_rate is formed once, without cancellation, so that the answers
/// hold at a utilization of 1 - 1e-9.
/// Ref: Gross, Shortle, Thompson, Harris, "Fundamentals of Queueing Theory", 4th ed. (2008), ch. 2.

#include <cmath>
#include <limits>
#include <string_view>

#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/queueing/delay.hpp>
#include <relia/queueing/detail/poisson.hpp>
#include <relia/queueing/detail/poisson_sides.hpp>
#include <relia/queueing/erlang.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

namespace detail {

/// The delays of a pool whose load and slack are known; `load` as odds_of_wait wants it.
[[nodiscard]] inline delay_model delay_of_slack(double servers, double load, double slack,
                                                double service_rate) noexcept {
  delay_model model;
  model.service_rate = service_rate;
  if (!(slack > 0)) return model;
  const auto wait = detail::odds_of_wait(servers, load, slack);
  model.log_wait_probability = wait.log_probability();
  model.wait_probability = wait.probability();
  model.slack = slack;
  model.gap = slack - 1;
  return model;
}

/// Both rates are first scaled by the same power of two, which changes neither the load nor the
/// slack and keeps servers * service_rate in range.
[[nodiscard]] inline delay_model delay_of(double arrival_rate, double service_rate,
                                          double servers) noexcept {
  const int exponent = std::ilogb(service_rate);
  const double service = std::scalbn(service_rate, -exponent);
  const double arrival = std::scalbn(arrival_rate, -exponent);
  const double slack = std::fma(servers, service, -arrival) / service;
  delay_model model = delay_of_slack(servers, arrival / service, slack, service_rate);
  if (slack > 0) model.gap = std::fma(servers - 1, service, -arrival) / service;
  return model;
}

}  // namespace detail

/// An M/M/c queue. At or over capacity there is no steady state: `state()` is unstable, every
/// arrival waits, delays and numbers are infinite, and no finite number in the system has a
/// probability.
class mmc {
 public:
  /// Domain: arrival_rate >= 0, service_rate > 0 (of one server), finite; servers from 1 to 1e9.
  /// Throws: std::domain_error. Cost: O(1).
  mmc(double arrival_rate, double service_rate, count servers)
      : mmc("queueing::mmc", arrival_rate, service_rate, servers) {}

  [[nodiscard]] double arrival_rate() const noexcept { return arrival_rate_; }
  [[nodiscard]] double service_rate() const noexcept { return delay_.service_rate; }
  [[nodiscard]] count servers() const noexcept { return servers_; }

  /// relia::state::ok or relia::state::unstable.
  [[nodiscard]] relia::state state() const noexcept {
    return delay_.slack > 0 ? relia::state::ok : relia::state::unstable;
  }

  /// Offered load in erlangs: arrival_rate / service_rate.
  [[nodiscard]] double load() const noexcept { return load_; }

  /// Offered load per server: the fraction of time that each is busy; 1 or more when unstable.
  [[nodiscard]] double utilization() const noexcept { return load_ / capacity(); }

  /// The fraction of arrivals that wait: Erlang C. `log_` where it is below the smallest number.
  [[nodiscard]] double wait_probability() const noexcept { return delay_.wait_probability; }
  [[nodiscard]] double log_wait_probability() const noexcept { return delay_.log_wait_probability; }

  [[nodiscard]] queueing::waiting_time waiting_time() const noexcept {
    return queueing::waiting_time(delay_);
  }
  [[nodiscard]] queueing::response_time response_time() const noexcept {
    return queueing::response_time(delay_);
  }

  /// Requests that wait, on average: C load / slack.
  [[nodiscard]] double mean_in_queue() const noexcept {
    return wait_probability() * load_ / delay_.slack;
  }
  /// C rho (1 + rho (1 - C)) / (1 - rho)^2.
  [[nodiscard]] double variance_in_queue() const noexcept {
    if (state() != relia::state::ok) return std::numeric_limits<double>::infinity();
    return mean_in_queue() * (1 + utilization() * delay_.immediate_probability()) * capacity() /
           delay_.slack;
  }

  /// Requests that wait or are served, on average.
  [[nodiscard]] double mean_in_system() const noexcept { return mean_in_queue() + load_; }
  /// load (1 - C) + mean_in_queue (1 + 2 slack + rho (2 - C) / (1 - rho)): from E[N (N - 1)], with
  /// the squares cancelled by hand.
  [[nodiscard]] double variance_in_system() const noexcept {
    if (state() != relia::state::ok) return std::numeric_limits<double>::infinity();
    return load_ * delay_.immediate_probability() +
           mean_in_queue() *
               (1 + 2 * delay_.slack + load_ * (2 - wait_probability()) / delay_.slack);
  }

  /// The probability of exactly n requests in the system; 0 for n < 0. Cost: O(1).
  [[nodiscard]] double probability_of(count n) const noexcept {
    if (n < 0 || state() != relia::state::ok) return 0;
    if (n > servers_) return full_probability() * power_of_utilization(beyond(n));
    return detail::poisson_mass(static_cast<double>(n), load_) * std::exp(-log_norm());
  }

  /// Its logarithm: that of an idle pool of a thousand servers is -1000. Cost: O(1).
  [[nodiscard]] double log_probability_of(count n) const noexcept {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    if (n < 0 || state() != relia::state::ok) return -infinity;
    if (load_ == 0) return n == 0 ? 0 : -infinity;
    if (n > servers_) {
      return log_wait_probability() + std::log(delay_.slack / capacity()) +
             beyond(n) * log_utilization();
    }
    return detail::log_poisson_mass(static_cast<double>(n), load_) - log_norm();
  }

  /// The probability of n requests or more in the system: how often n servers, or connections, are
  /// not enough. Cost: O(1).
  [[nodiscard]] double probability_at_least(count n) const noexcept {
    if (n <= 0 || state() != relia::state::ok) return 1;
    if (n >= servers_) return wait_probability() * power_of_utilization(beyond(n));
    if (static_cast<double>(n) <= load_) {  // P(N <= m) = P(N = m) / B(m)
      const auto below = static_cast<double>(n - 1);
      if (n == 1) return -std::expm1(log_probability_of(0));
      return 1 - probability_of(n - 1) * (1 + detail::erlang_b_excess(below, load_));
    }
    double sum = wait_probability();
    double term = probability_of(n);
    for (count k = n; k < servers_ && sum + term != sum; term *= load_ / static_cast<double>(++k)) {
      sum += term;
    }
    return sum;
  }

 protected:
  mmc(std::string_view where, double arrival_rate, double service_rate, count servers)
      : arrival_rate_(arrival_rate), servers_(servers) {
    relia::detail::require_non_negative(where, "arrival_rate", arrival_rate);
    relia::detail::require_positive(where, "service_rate", service_rate);
    detail::require_servers(where, servers);
    load_ = arrival_rate / service_rate;
    delay_ = detail::delay_of(arrival_rate, service_rate, capacity());
  }

 private:
  [[nodiscard]] double capacity() const noexcept { return static_cast<double>(servers_); }
  [[nodiscard]] double beyond(count n) const noexcept { return static_cast<double>(n - servers_); }

  [[nodiscard]] double log_utilization() const noexcept {
    return delay_.slack < load_ ? std::log1p(-delay_.slack / capacity())
                                : std::log(load_ / capacity());
  }

  [[nodiscard]] double power_of_utilization(double k) const noexcept {
    return k == 0 ? 1 : std::exp(k * log_utilization());
  }

  /// P(N = servers) = C (1 - rho).
  [[nodiscard]] double full_probability() const noexcept {
    return wait_probability() * delay_.slack / capacity();
  }

  /// The logarithm of K in P(N = n) = Poisson mass(n) / K, n <= servers.
  [[nodiscard]] double log_norm() const noexcept {
    const double mass = detail::poisson_mass(capacity(), load_);
    // Both are right for any C; each keeps its digits on its side.
    return wait_probability() > 0.01
               ? std::log(mass / full_probability())
               : std::log1p(mass *
                            (load_ / delay_.slack - detail::poisson_tail_ratio(capacity(), load_)));
  }

  double arrival_rate_ = 0;
  count servers_ = 1;
  double load_ = 0;
  detail::delay_model delay_;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
