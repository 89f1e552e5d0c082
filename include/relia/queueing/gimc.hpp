// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How long is the line when arrivals are more regular, or more bursty, than Poisson ones? GI/M/c
/// and GI/M/1, exact: independent times between arrivals of any law, exponential service, first
/// come first served. A pacing client or a cron schedule is a deterministic_time or an erlang_time,
/// bursts are a hyperexponential_time. Ref: Takacs, "Introduction to the Theory of Queues" (1962),
/// ch. 2, theorem 1 of 2.3.

#include <array>
#include <cmath>
#include <complex>
#include <limits>
#include <utility>

#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/queueing/delay.hpp>
#include <relia/queueing/detail/sign_change.hpp>
#include <relia/queueing/service.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// A GI/M/c queue. The wait is 0 or exponential, as in M/M/c. At or over capacity `state()` is
/// unstable and delays are infinite.
template <service_time Arrivals>
class gimc {
 public:
  /// Domain: service_rate > 0 (of one server); servers from 1 to 10000. Throws: std::domain_error.
  /// Cost: O(servers).
  gimc(Arrivals between_arrivals, double service_rate, count servers)
      : arrivals_(std::move(between_arrivals)), servers_(servers) {
    relia::detail::require_positive("queueing::gimc", "service_rate", service_rate);
    relia::detail::require_domain(servers >= 1 && servers <= 10'000, "queueing::gimc", "servers",
                                  "from 1 to 10000", servers);
    model_.service_rate = service_rate;
    const auto c = static_cast<double>(servers);
    const double spare = std::fma(c * service_rate, arrivals_.mean(), -1.0);  // 1 / rho - 1
    if (!(spare > 0)) return;
    free_ = solve(spare);
    model_.slack = c * free_;
    model_.gap = std::fma(c, free_, -1.0);
    model_.wait_probability = servers == 1 ? 1 - free_ : wait_of_pool();
    model_.log_wait_probability =
        servers == 1 ? std::log1p(-free_) : std::log(model_.wait_probability);
  }

  [[nodiscard]] const Arrivals& between_arrivals() const noexcept { return arrivals_; }
  [[nodiscard]] double arrival_rate() const noexcept { return 1 / arrivals_.mean(); }
  [[nodiscard]] double service_rate() const noexcept { return model_.service_rate; }
  [[nodiscard]] count servers() const noexcept { return servers_; }
  [[nodiscard]] double utilization() const noexcept {
    return arrival_rate() / model_.service_rate / static_cast<double>(servers_);
  }
  [[nodiscard]] relia::state state() const noexcept {
    return model_.slack > 0 ? relia::state::ok : relia::state::unstable;
  }

  /// sigma: of the requests that an arrival finds beyond the servers, the ratio of their geometric
  /// distribution; the root of sigma = E exp(-c mu (1 - sigma) A). 1 when unstable.
  [[nodiscard]] double sigma() const noexcept { return 1 - free_; }

  /// The fraction of arrivals that wait.
  [[nodiscard]] double wait_probability() const noexcept { return model_.wait_probability; }
  [[nodiscard]] queueing::waiting_time waiting_time() const noexcept {
    return queueing::waiting_time(model_);
  }
  [[nodiscard]] queueing::response_time response_time() const noexcept {
    return queueing::response_time(model_);
  }
  [[nodiscard]] double mean_in_queue() const noexcept {
    return waiting_time().mean() / arrivals_.mean();
  }
  [[nodiscard]] double mean_in_system() const noexcept {
    return response_time().mean() / arrivals_.mean();
  }

 private:
  [[nodiscard]] double complement(double s) const { return arrivals_.complement({s, 0.0}).real(); }

  /// 1 - sigma, the y with complement(c mu y) = y: complement / y falls, and is above
  /// 1 + spare - y (c mu)^2 E A^2 / 2.
  [[nodiscard]] double solve(double spare) const {
    const double rate = static_cast<double>(servers_) * model_.service_rate;
    const auto over = [&](double y) { return complement(rate * y) / y - 1; };
    const double x = rate * arrivals_.mean();
    double lower = std::min(0.5, 2 * spare / (x * x * (1 + arrivals_.scv())));
    while (lower > 0 && over(lower) < 0) lower /= 2;  // the bound, rounded
    if (!(over(1) < 0)) return 1;
    return detail::sign_change(over, lower, 1.0, 52).middle();
  }

  /// d complement / ds, by a step along the imaginary axis, which subtracts nothing.
  [[nodiscard]] double slope(double s) const {
    const double step = 1e-100 / arrivals_.mean();
    return arrivals_.complement({s, step}).imag() / step;
  }

  /// (complement(s) - complement(t)) / (s - t); the mean slope where the two are near.
  [[nodiscard]] double chord(double s, double t) const {
    if (std::abs(s - t) > 0.125 * std::min(s, t)) return (complement(s) - complement(t)) / (s - t);
    constexpr std::array<double, 4> nodes{0.1834346424956498, 0.5255324099163290,
                                          0.7966664774136267, 0.9602898564975363};
    constexpr std::array<double, 4> weights{0.3626837833783620, 0.3137066458778873,
                                            0.2223810344533745, 0.1012285362903763};
    double sum = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const double off = (s - t) / 2 * nodes[i];
      sum += weights[i] * (slope((s + t) / 2 + off) + slope((s + t) / 2 - off)) / 2;
    }
    return sum;
  }

  /// Takacs's sum. His quotients (c (1 - phi_j) - j) / (c (1 - sigma) - j) are 0 / 0 where c (1 -
  /// sigma) is whole; as 1 - c mu (chord of the complement) they are not.
  [[nodiscard]] double wait_of_pool() const {
    const auto c = static_cast<double>(servers_);
    const double mu = model_.service_rate;
    const double root = c * mu * free_;
    double product = 1;
    double sum = 1 / free_;
    for (double j = 1; j <= c; j += 1) {
      const double phi_complement = complement(j * mu);
      const double phi = arrivals_.transform(j * mu);
      product *= (c - j + 1) / j * (phi_complement / phi);
      if (!(product < std::numeric_limits<double>::max())) return 0;
      sum += product / phi_complement * (1 - c * mu * chord(j * mu, root));
    }
    return 1 / (sum * free_);
  }

  Arrivals arrivals_;
  count servers_;
  double free_ = 0;
  detail::delay_model model_;
};

/// GI/M/1: the pool of one.
template <service_time Arrivals>
class gim1 : public gimc<Arrivals> {
 public:
  /// Domain: service_rate > 0. Throws: std::domain_error.
  gim1(Arrivals between_arrivals, double service_rate)
      : gimc<Arrivals>(std::move(between_arrivals), service_rate, 1) {}
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
