// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How long does a request wait for a server, and how long until it is served? The two delays of a
/// first-come first-served pool with exponential service: the wait is 0, or exponential with the
/// rate at which a backlog drains; the response is the wait and then the service. Every formula is
/// a sum of positive terms, so both tails keep all their digits, next to saturation and where the
/// two rates meet. Get them from `mm1` and `mmc`. Of an unstable pool both are infinite.
/// Ref: Gross, Shortle, Thompson, Harris, "Fundamentals of Queueing Theory", 4th ed. (2008), ch. 2.

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include <relia/core/real.hpp>
#include <relia/detail/root.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// The two delays of a request: until its service starts, and until it ends.
enum class delay { wait, response };

namespace detail {

/// What both delays follow from. Time is counted in mean services: `slack`, the spare servers, is
/// the rate of the wait; `gap` = slack - 1, formed without its rounding. Unstable: slack 0.
struct delay_model {
  double log_wait_probability = 0;
  double wait_probability = 1;
  double slack = 0;
  double gap = -1;
  double service_rate = 1;

  /// Finite for a finite t, so that 0 * services_in(t) is 0.
  [[nodiscard]] double services_in(double t) const noexcept {
    const double x = service_rate * t;
    return t < std::numeric_limits<double>::infinity()
               ? std::min(x, std::numeric_limits<double>::max())
               : x;
  }

  [[nodiscard]] double immediate_probability() const noexcept {
    return 0 - std::expm1(log_wait_probability);  // never -0
  }
};

}  // namespace detail

/// The time until service starts: 0 with probability 1 - wait_probability, else exponential.
class waiting_time {
 public:
  explicit waiting_time(const detail::delay_model& model) noexcept : model_(model) {}

  /// The probability to wait longer than t; 1 for t < 0.
  [[nodiscard]] double survival(double t) const noexcept {
    if (t < 0) return 1;
    if (t == infinity) return 0;
    return model_.wait_probability * std::exp(-model_.slack * model_.services_in(t));
  }

  /// Its logarithm, where the probability itself may be below the smallest number.
  [[nodiscard]] double log_survival(double t) const noexcept {
    if (t < 0) return 0;
    if (t == infinity) return -infinity;
    return model_.log_wait_probability - model_.slack * model_.services_in(t);
  }

  /// The probability to wait no longer than t; the atom at 0 included.
  [[nodiscard]] double cdf(double t) const noexcept {
    if (t < 0) return 0;
    if (t == infinity) return 1;
    const double late = std::expm1(-model_.slack * model_.services_in(t));
    return std::min(model_.immediate_probability() - model_.wait_probability * late, 1.0);
  }

  /// The wait that a fraction `level` does not exceed; infinite at 1. NaN for a level outside
  /// [0, 1].
  [[nodiscard]] double quantile(double level) const noexcept {
    // C - (1 - level): one of the differences is exact wherever the result is positive.
    const double over =
        level < 0.5 ? (model_.wait_probability - 1) + level : model_.wait_probability - (1 - level);
    return solve(1 - level, over);
  }

  /// The wait that a fraction `probability` exceeds: quantile(1 - probability), for tails that
  /// 1 - probability cannot hold.
  [[nodiscard]] double survival_quantile(double probability) const noexcept {
    return solve(probability, model_.wait_probability - probability);
  }

  [[nodiscard]] double mean() const noexcept {
    return model_.wait_probability / model_.slack / model_.service_rate;
  }

  /// Of those that wait: the mean, and the standard deviation, of their wait.
  [[nodiscard]] double mean_given_wait() const noexcept {
    return 1 / model_.slack / model_.service_rate;
  }

  [[nodiscard]] double variance() const noexcept {
    const double c = model_.wait_probability;
    return c * (2 - c) / (model_.slack * model_.slack) / model_.service_rate / model_.service_rate;
  }

 private:
  static constexpr double infinity = std::numeric_limits<double>::infinity();

  /// log(C / q) / slack, given q and C - q.
  [[nodiscard]] double solve(double q, double over) const noexcept {
    if (!(q >= 0 && q <= 1)) return std::numeric_limits<double>::quiet_NaN();
    if (q == 0) return infinity;
    if (!(over > 0)) return 0;
    const double ratio = over / q;
    return (ratio < infinity ? std::log1p(ratio) : model_.log_wait_probability - std::log(q)) /
           model_.slack / model_.service_rate;
  }

  detail::delay_model model_;
};

/// The time until service ends: the wait and the service.
class response_time {
 public:
  explicit response_time(const detail::delay_model& model) noexcept : model_(model) {}

  /// The probability to take longer than t; 1 for t < 0.
  [[nodiscard]] double survival(double t) const noexcept {
    if (t < 0) return 1;
    if (t == infinity) return 0;
    const double x = model_.services_in(t);
    return std::min(std::exp(-slow() * x) * scaled_tail(x), 1.0);
  }

  [[nodiscard]] double log_survival(double t) const noexcept {
    if (t < 0) return 0;
    if (t == infinity) return -infinity;
    const double x = model_.services_in(t);
    return std::log(scaled_tail(x)) - slow() * x;
  }

  /// The probability to take no longer than t.
  [[nodiscard]] double cdf(double t) const noexcept {
    if (t < 0) return 0;
    if (t == infinity) return 1;
    return std::min(cdf_in_services(model_.services_in(t)), 1.0);
  }

  /// Probability per unit of time at t.
  [[nodiscard]] double pdf(double t) const noexcept {
    if (t < 0 || t == infinity) return 0;
    const double x = model_.services_in(t);
    return std::exp(-slow() * x) * scaled_density(x) * model_.service_rate;
  }

  /// The time that a fraction `level` does not exceed (0.99: the p99); infinite at 1. NaN for a
  /// level outside [0, 1]. Newton's method on the logarithm of the tail, which is convex or concave
  /// throughout, between max(S(q), W(q)) and S(q/2) + W(q/2), the quantiles of service and wait.
  [[nodiscard]] double quantile(double level) const noexcept { return solve(1 - level, level); }

  /// The time that a fraction `probability` exceeds: 1e-4 for the p99.99.
  [[nodiscard]] double survival_quantile(double probability) const noexcept {
    return solve(probability, 1 - probability);
  }

  [[nodiscard]] double mean() const noexcept {
    return (model_.wait_probability / model_.slack + 1) / model_.service_rate;
  }

  [[nodiscard]] double variance() const noexcept {
    return waiting_time(model_).variance() + 1 / model_.service_rate / model_.service_rate;
  }

 private:
  static constexpr double infinity = std::numeric_limits<double>::infinity();

  [[nodiscard]] double slow() const noexcept { return std::min(1.0, model_.slack); }

  /// exp(-x) with exp(-slow x) taken out.
  [[nodiscard]] double service_part(double x) const noexcept {
    return model_.gap < 0 ? std::exp(model_.gap * x) : 1.0;
  }

  /// (exp(-x) - exp(-slack x)) / (slack - 1) with exp(-slow x) taken out; x where the rates meet.
  [[nodiscard]] double both_part(double x) const noexcept {
    const double distance = std::abs(model_.gap);
    return distance == 0 ? x : -std::expm1(-distance * x) / distance;
  }

  [[nodiscard]] double scaled_tail(double x) const noexcept {
    return service_part(x) + model_.wait_probability * both_part(x);
  }

  [[nodiscard]] double scaled_density(double x) const noexcept {
    return model_.immediate_probability() * service_part(x) +
           model_.wait_probability * model_.slack * both_part(x);
  }

  [[nodiscard]] double cdf_in_services(double x) const noexcept {
    return -model_.immediate_probability() * std::expm1(-x) +
           model_.wait_probability * cdf_of_both(x);
  }

  /// P(wait + service <= x), given that there is a wait.
  [[nodiscard]] double cdf_of_both(double x) const noexcept {
    const double y = model_.slack * x;
    if (y == 0) return 0;
    if (std::max(x, y) < 1) {
      // The closed form below vanishes as x y / 2 by cancellation. This is its series, x y times
      // the sum of (-1)^k h_k / (k + 2)!, h_k the complete homogeneous symmetric polynomial of x
      // and y; h_k < k + 1, so 20 terms leave less than 1e-18.
      double h = 1;
      double power = 1;
      double coefficient = 0.5;
      double sum = 0.5;
      for (int k = 1; k < 20; ++k) {
        power *= x;
        h = h * y + power;
        coefficient /= -(k + 2);
        sum += coefficient * h;
      }
      return x * y * sum;
    }
    if (std::min(x, y) > 0.25) {
      return 1 - std::exp(-slow() * x) * (service_part(x) + both_part(x));
    }
    return (x * std::expm1(-y) - y * std::expm1(-x)) / (model_.gap * x);
  }

  /// The time exceeded with probability q = 1 - p; the smaller of the two decides.
  [[nodiscard]] double solve(double q, double p) const noexcept {
    if (!(q >= 0 && q <= 1)) return std::numeric_limits<double>::quiet_NaN();
    if (p <= 0) return 0;
    if (q == 0 || model_.slack == 0) return infinity;
    const double service = q < 0.5 ? -std::log(q) : -std::log1p(-p);
    const double wait = service + model_.log_wait_probability;
    const double lower = std::max(service, wait / model_.slack);
    const double upper =
        service + std::numbers::ln2 + std::max(0.0, wait + std::numbers::ln2) / model_.slack;
    const double x =
        q < 0.5 ? relia::detail::decreasing_root(
                      [&](double at) {
                        const double tail = scaled_tail(at);
                        return relia::detail::value_and_slope{
                            std::log(tail) - slow() * at + service, -scaled_density(at) / tail};
                      },
                      lower, upper)
                : relia::detail::decreasing_root(
                      [&](double at) {
                        return relia::detail::value_and_slope{
                            p - cdf_in_services(at), -std::exp(-slow() * at) * scaled_density(at)};
                      },
                      lower, upper);
    return x / model_.service_rate;
  }

  detail::delay_model model_;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
