// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How much more work do more workers, or more clients, get done? Amdahl's and Gustafson's
/// speedups, and the universal scalability law: throughput(n) = rate n / (1 + contention (n - 1) +
/// coherency n (n - 1)), n requests in progress at once. By Little's law the mean latency is n /
/// throughput, a parabola in n, so that concurrency, throughput and latency follow from one another
/// in closed form. Fit it with `fit_usl`. Ref: Gunther, "Guerrilla Capacity Planning" (2007), ch. 4
/// to 6; Amdahl (1967); Gustafson (1988).

#include <cmath>
#include <limits>
#include <string_view>
#include <type_traits>

#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// How much faster n workers do a fixed amount of work: n / (1 + serial_fraction (n - 1)).
/// Domain: serial_fraction in [0, 1], n >= 1 and finite. Throws: std::domain_error.
template <real Real>
[[nodiscard]] Real amdahl_speedup(Real serial_fraction, std::type_identity_t<Real> n) {
  constexpr std::string_view where = "queueing::amdahl_speedup";
  relia::detail::require_fraction(where, "serial_fraction", serial_fraction);
  relia::detail::require_domain(n >= 1 && relia::detail::is_finite(n), where, "n",
                                "at least 1 and finite", n);
  // In terms of 1 / n: n (n - 1) never overflows, and n = 1 gives 1.
  return 1 / (serial_fraction + (1 - serial_fraction) / n);
}

/// How much more work n workers do in a fixed time: n - serial_fraction (n - 1). Domain:
/// serial_fraction in [0, 1], n >= 1 and finite. Throws: std::domain_error.
template <real Real>
[[nodiscard]] Real gustafson_speedup(Real serial_fraction, std::type_identity_t<Real> n) {
  constexpr std::string_view where = "queueing::gustafson_speedup";
  relia::detail::require_fraction(where, "serial_fraction", serial_fraction);
  relia::detail::require_domain(n >= 1 && relia::detail::is_finite(n), where, "n",
                                "at least 1 and finite", n);
  return serial_fraction + (1 - serial_fraction) * n;
}

/// The universal scalability law. Amdahl's law is the case of coherency 0.
class usl {
 public:
  /// contention (Gunther's alpha or sigma): the share of the work that is done one at a time;
  /// coherency (beta or kappa): the cost of each pair that has to agree; single_rate (gamma or
  /// lambda): the throughput at a concurrency of 1. Domain: contention in [0, 1], coherency in [0,
  /// 1e100], single_rate > 0 and finite. Throws: std::domain_error.
  usl(double contention, double coherency, double single_rate)
      : contention_(contention), coherency_(coherency), single_rate_(single_rate) {
    constexpr std::string_view where = "queueing::usl";
    relia::detail::require_fraction(where, "contention", contention);
    relia::detail::require_domain(coherency >= 0 && coherency <= 1e100, where, "coherency",
                                  "from 0 to 1e100", coherency);
    relia::detail::require_positive(where, "single_rate", single_rate);
  }

  [[nodiscard]] double contention() const noexcept { return contention_; }
  [[nodiscard]] double coherency() const noexcept { return coherency_; }
  [[nodiscard]] double single_rate() const noexcept { return single_rate_; }

  /// Requests done per unit of time with n in progress; 0 for n <= 0. At infinity its limit. Below
  /// a concurrency of 1 a large coherency turns the law's cost negative: then infinite.
  [[nodiscard]] double throughput(double n) const noexcept {
    if (n <= 0) return 0;
    const double pairs = coherency_ == 0 ? 0 : coherency_ * (n - 1);
    const double cost = (1 - contention_) / n + contention_ + pairs;
    return single_rate_ / (cost < 0 ? 0 : cost);
  }

  /// The mean time in the system with n in progress: n / throughput. (1 - contention) / single_rate
  /// at n <= 0.
  [[nodiscard]] double latency(double n) const noexcept { return cost(n) / single_rate_; }

  /// throughput(n) / (n single_rate): what is left of each unit of concurrency. 1 at n = 1.
  [[nodiscard]] double efficiency(double n) const noexcept { return 1 / cost(n); }

  /// The concurrency beyond which more of it gets less done, sqrt((1 - contention) / coherency);
  /// infinite without coherency.
  [[nodiscard]] double peak_concurrency() const noexcept {
    if (coherency_ == 0) return infinity;
    return std::sqrt((1 - contention_) / coherency_);
  }

  /// The most throughput at any concurrency; without coherency the limit single_rate / contention,
  /// infinite without contention too.
  [[nodiscard]] double peak_throughput() const noexcept {
    return single_rate_ / std::fmax(linear() + 2 * cross(), 0.0);
  }

  /// The least concurrency with a throughput of x; infinite when none has.
  [[nodiscard]] double concurrency_at_throughput(double x) const noexcept {
    if (x <= 0) return 0;
    // coherency n^2 - g n + (1 - contention) = 0, and the discriminant as a product: next to the
    // peak the difference of squares would lose its digits.
    const double g = single_rate_ / x - linear();
    const double over = g - 2 * cross();
    if (std::isnan(over)) return over;
    // At the peak itself rounding may leave `over` a little negative.
    if (over < -4 * std::numeric_limits<double>::epsilon() * (single_rate_ / x)) return infinity;
    const double root = std::sqrt(std::fmax(over, 0.0) * (g + 2 * cross()));
    if (contention_ == 1) return coherency_ == 0 ? (g > 0 ? 0 : infinity) : 0;
    return 2 * (1 - contention_) / (g + root);
  }

  /// The largest concurrency with a mean latency of t or less; 0 when none has, infinite when all
  /// have.
  [[nodiscard]] double concurrency_at_latency(double t) const noexcept {
    const double over = t * single_rate_ - (1 - contention_);
    if (std::isnan(over)) return over;
    if (over < 0) return 0;
    if (over == infinity) return infinity;
    const double b = linear();
    const double root = std::hypot(b, 2 * std::sqrt(coherency_) * std::sqrt(over));
    if (b >= 0) return b + root == 0 ? infinity : 2 * over / (b + root);
    return (root - b) / (2 * coherency_);
  }

  /// The mean latency at a throughput of x, on the rising side; infinite when x is out of reach.
  [[nodiscard]] double latency_at_throughput(double x) const noexcept {
    if (x <= 0) return latency(0);
    const double n = concurrency_at_throughput(x);
    return n == infinity ? infinity : n / x;
  }

  /// The throughput where the mean latency is t, by Little's law; 0 when no load is so fast.
  [[nodiscard]] double throughput_at_latency(double t) const noexcept {
    const double n = concurrency_at_latency(t);
    if (n == 0) return 0;
    return n == infinity ? throughput(n) : n / (t + 0.0);  // of -0 as of 0
  }

 private:
  static constexpr double infinity = std::numeric_limits<double>::infinity();

  /// 1 + contention (n - 1) + coherency n (n - 1), a sum of positive terms for n >= 1.
  [[nodiscard]] double cost(double n) const noexcept {
    if (n <= 0) return 1 - contention_;
    const double serial = contention_ == 0 ? 0 : contention_ * n;
    const double pairs = coherency_ == 0 ? 0 : coherency_ * n * (n - 1);
    const double sum = 1 - contention_ + serial + pairs;
    return sum < 0 ? 0 : sum;
  }

  [[nodiscard]] double linear() const noexcept { return contention_ - coherency_; }
  [[nodiscard]] double cross() const noexcept { return std::sqrt((1 - contention_) * coherency_); }

  double contention_;
  double coherency_;
  double single_rate_;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
