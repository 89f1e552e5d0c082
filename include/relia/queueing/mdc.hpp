// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How long is the line when every service takes the same time? M/D/c and M/D/1: Poisson arrivals,
/// constant service, first come first served; batch jobs, cron work, fixed-size transfers. The
/// distribution of the wait is a sum of positive terms at every t: the textbook's alternating sum
/// is without a digit beyond 20 services. Ref: Franx, "A simple solution for the M/D/c waiting time
/// distribution", Operations Research Letters 29 (2001), theorem 1.

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <string_view>

#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/queueing/delay.hpp>
#include <relia/queueing/detail/mdc_states.hpp>
#include <relia/queueing/detail/poisson_sides.hpp>
#include <relia/queueing/detail/sign_change.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// A delay of M/D/c: the wait, or the response, which is the wait and one service. Infinite when
/// unstable. Cost of a tail: O(sqrt servers).
class mdc_delay {
 public:
  mdc_delay(queueing::delay which, std::shared_ptr<const detail::mdc_states> states,
            double service_time, double mean, double variance)
      : states_(std::move(states)),
        service_time_(service_time),
        shift_(which == delay::response ? service_time : 0),
        mean_(mean),
        variance_(variance) {}

  [[nodiscard]] double mean() const noexcept { return mean_; }
  [[nodiscard]] double variance() const noexcept { return variance_; }

  /// The probability to take longer than t; 1 for t < 0.
  [[nodiscard]] double survival(double t) const noexcept { return std::exp(log_survival(t)); }

  /// Its logarithm.
  [[nodiscard]] double log_survival(double t) const noexcept {
    if (!(t >= shift_)) return t < shift_ ? 0 : t;
    if (t == infinity) return -infinity;
    if (!(states_->slack > 0)) return 0;
    const double services = (t - shift_) / service_time_;
    return services < infinity ? log_tail(services) : -infinity;
  }

  /// The probability to take no longer than t.
  [[nodiscard]] double cdf(double t) const noexcept {
    const double log = log_survival(t);
    if (log < -0.5 || !(states_->slack > 0) || !(t >= shift_)) return 0 - std::expm1(log);
    return within((t - shift_) / service_time_);
  }

  /// The time that a fraction `level` does not exceed; infinite at 1. NaN outside [0, 1].
  [[nodiscard]] double quantile(double level) const {
    return solve(level <= 0.5 ? std::log1p(-level) : std::log(1 - level), level);
  }

  /// The time that a fraction `probability` exceeds. NaN outside [0, 1].
  [[nodiscard]] double survival_quantile(double probability) const {
    return solve(std::log(probability), 1 - probability);
  }

 private:
  static constexpr double infinity = std::numeric_limits<double>::infinity();

  /// Of the wait in services. In (k - 1, k]: with u = a (k - x) arrivals expected until k, those
  /// that came before them wait if more than k c - 1 - (arrivals) are left.
  [[nodiscard]] double log_tail(double x) const noexcept {
    const detail::mdc_states& q = *states_;
    if (q.load == 0) return -infinity;
    if (x == 0) return std::log(q.wait_probability);
    if (q.none_queued()) {
      return x < 1 ? detail::log_poisson_at_least(q.servers, q.load * (1 - x)) : -infinity;
    }
    const double k = std::floor(x) + 1;
    const double u = q.load * (k - x);
    const double last = k * q.servers - 1;
    const double weighted = u * (1 + q.decay);  // where the terms are largest, if the tail is pure
    const auto size = static_cast<double>(q.tail.size());
    if (last - (weighted + 40 * std::sqrt(weighted + 1) + 40) > size) {
      return q.log_tail(last) + u * q.decay;
    }
    const double start = std::floor(std::min(weighted, last));
    const double reference = term(start, last, u);
    if (reference == -infinity) return -infinity;
    double sum = 0;
    for (double j = start; j <= last; j += 1) {
      const double part = std::exp(term(j, last, u) - reference);
      sum += part;
      if (part < 1e-18 * sum) break;
    }
    for (double j = start - 1; j >= 0; j -= 1) {
      const double part = std::exp(term(j, last, u) - reference);
      sum += part;
      if (part < 1e-18 * sum) break;
    }
    sum += std::exp(detail::log_poisson_mass(last, u) - reference) *
           detail::poisson_tail_ratio(last, u);
    return std::min(0.0, reference + std::log(sum));
  }

  /// The same sum of those that do not wait that long: where most do, it alone has their digits.
  [[nodiscard]] double within(double x) const noexcept {
    const detail::mdc_states& q = *states_;
    const double k = std::floor(x) + 1;
    const double u = q.load * (k - x);
    const double last = k * q.servers - 1;
    const double start = std::floor(std::min(u, last));
    const double mass = detail::poisson_mass(start, u);
    double sum = 0;
    double part = mass;
    for (double j = start; j <= last && part > 1e-18 * mass; j += 1, part *= u / j) {
      sum += part * q.at_most(last - j);
    }
    part = mass * (start / u);
    for (double j = start - 1; j >= 0 && part > 1e-18 * mass; part *= j / u, j -= 1) {
      sum += part * q.at_most(last - j);
    }
    return std::min(1.0, sum);
  }

  [[nodiscard]] double term(double j, double last, double u) const noexcept {
    return detail::log_poisson_mass(j, u) + states_->log_tail(last - j);
  }

  [[nodiscard]] double solve(double log_probability, double level) const {
    if (!(level >= 0 && level <= 1 && log_probability <= 0)) {
      return std::numeric_limits<double>::quiet_NaN();
    }
    if (level == 0) return shift_;
    if (!(states_->slack > 0)) return infinity;
    if (log_probability >= std::log(states_->wait_probability)) return shift_;
    if (log_probability == -infinity) return infinity;
    return shift_ + service_time_ * detail::tail_root([this](double x) { return log_tail(x); },
                                                      log_probability, 1 / states_->slack);
  }

  std::shared_ptr<const detail::mdc_states> states_;
  double service_time_;
  double shift_;
  double mean_;
  double variance_;
};

/// An M/D/c queue. At or over capacity `state()` is unstable and delays and numbers are infinite.
class mdc {
 public:
  /// Domain: arrival_rate >= 0, service_time > 0, finite; servers from 1 to 10000. Throws:
  /// std::domain_error. Cost: under a millisecond for 10 servers, some 0.1 s for 1000.
  mdc(double arrival_rate, double service_time, count servers)
      : mdc("queueing::mdc", arrival_rate, service_time, servers) {}

  [[nodiscard]] double arrival_rate() const noexcept { return arrival_rate_; }
  [[nodiscard]] double service_time() const noexcept { return service_time_; }
  [[nodiscard]] count servers() const noexcept { return servers_; }
  [[nodiscard]] double load() const noexcept { return states_->load; }
  [[nodiscard]] double utilization() const noexcept { return states_->load / states_->servers; }
  [[nodiscard]] relia::state state() const noexcept {
    return states_->slack > 0 ? relia::state::ok : relia::state::unstable;
  }
  /// The fraction of arrivals that wait.
  [[nodiscard]] double wait_probability() const noexcept { return states_->wait_probability; }
  [[nodiscard]] double mean_in_queue() const noexcept { return queue_; }
  [[nodiscard]] double mean_in_system() const noexcept { return queue_ + states_->load; }
  [[nodiscard]] mdc_delay waiting_time() const { return delay_of(delay::wait, 0); }
  [[nodiscard]] mdc_delay response_time() const { return delay_of(delay::response, service_time_); }

 protected:
  mdc(std::string_view where, double arrival_rate, double service_time, count servers)
      : arrival_rate_(arrival_rate), service_time_(service_time), servers_(servers) {
    relia::detail::require_non_negative(where, "arrival_rate", arrival_rate);
    relia::detail::require_positive(where, "service_time", service_time);
    relia::detail::require_domain(servers >= 1 && servers <= 10'000, where, "servers",
                                  "from 1 to 10000", servers);
    const auto c = static_cast<double>(servers);
    states_ = std::make_shared<const detail::mdc_states>(c, arrival_rate * service_time,
                                                         std::fma(-arrival_rate, service_time, c));
    if (!(states_->slack > 0)) return;
    queue_ = states_->load == 0 ? 0 : states_->mean();
    // The number waiting is that of the Poisson arrivals during a wait.
    square_ = states_->load == 0 ? 0 : states_->factorial_moment();
  }

 private:
  [[nodiscard]] mdc_delay delay_of(delay which, double shift) const {
    const double infinity = std::numeric_limits<double>::infinity();
    if (!(states_->slack > 0)) return {which, states_, service_time_, infinity, infinity};
    const double rate = arrival_rate_;
    const double mean = queue_ == 0 ? 0 : queue_ / rate;
    const double variance = queue_ == 0 ? 0 : (square_ - queue_ * queue_) / rate / rate;
    return {which, states_, service_time_, mean + shift, variance};
  }

  double arrival_rate_;
  double service_time_;
  count servers_;
  std::shared_ptr<const detail::mdc_states> states_;
  double queue_ = std::numeric_limits<double>::infinity();
  double square_ = std::numeric_limits<double>::infinity();
};

/// M/D/1: the pool of one.
class md1 : public mdc {
 public:
  /// Domain: arrival_rate >= 0, service_time > 0, finite. Throws: std::domain_error.
  md1(double arrival_rate, double service_time)
      : mdc("queueing::md1", arrival_rate, service_time, 1) {}
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
