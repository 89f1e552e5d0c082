// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Tails of counts that come in clusters: batches arrive as a Poisson process, each of geometric
/// size on 1, 2, ... (Polya and Aeppli). With the dispersion d = variance / mean, batches have the
/// mean (d + 1) / 2; d = 1 is Poisson. With N the number of batches,
///   P(X >= k) = P(N > Y),  Y binomial(k - 1, 2 / (d + 1)),
/// because k - 1 events end Y batches: a sum of positive terms, without cancellation and without
/// Boost, for the request path. Logarithms of factorials are sums: that of the C library writes a
/// global.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include <relia/version.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::slo::detail {

/// log(0!), ..., log(most!).
[[nodiscard]] inline std::vector<double> log_factorials(std::size_t most) {
  std::vector<double> result(most + 1);
  double sum = 0;
  double lost = 0;
  for (std::size_t i = 2; i <= most; ++i) {  // Kahan: the error stays at an ulp of the sum
    const double next = std::log(static_cast<double>(i)) - lost;
    const double larger = sum + next;
    lost = (larger - sum) - next;
    sum = larger;
    result[i] = sum;
  }
  return result;
}

/// How many batches are expected where `events` events are, and the inverse.
[[nodiscard]] constexpr double batches_of(double events, double dispersion) noexcept {
  return events * (2 / (dispersion + 1));
}
[[nodiscard]] constexpr double events_of(double batches, double dispersion) noexcept {
  return batches * (0.5 * (dispersion + 1));
}

/// P(X >= k) for one k >= 1, as a function of the expected number of batches.
class clustered_tail {
 public:
  /// `tail`: P(X >= k). `slope`: its derivative. `with_one_more`: P(X + a batch >= k).
  struct values {
    double tail = 0;
    double slope = 0;
    double with_one_more = 0;
  };

  /// `factorials`: log_factorials(k) or longer. A weight below 1e-300 is nothing beside any tail
  /// that a double holds.
  clustered_tail(std::size_t k, double dispersion, std::span<const double> factorials)
      : first_(k - 1), factorials_(factorials) {
    if (dispersion == 1) {
      weights_.push_back(1);
      return;
    }
    const double ends = std::log(2 / (dispersion + 1));
    const double goes_on = std::log((dispersion - 1) / (dispersion + 1));
    const std::size_t trials = k - 1;
    for (std::size_t y = 0; y <= trials; ++y) {
      const double log_weight = factorials[trials] - factorials[y] - factorials[trials - y] +
                                static_cast<double>(y) * ends +
                                static_cast<double>(trials - y) * goes_on;
      if (log_weight < least_log) continue;
      if (weights_.empty()) first_ = y;
      weights_.push_back(std::exp(log_weight));
    }
  }

  /// Domain: batches > 0.
  [[nodiscard]] values at(double batches) const noexcept {
    const double log_rate = std::log(batches);
    const auto log_pmf = [&](std::size_t n) {
      return static_cast<double>(n) * log_rate - batches - factorials_[n];
    };
    std::size_t last = first_ + weights_.size() - 1;
    while (last > first_ && log_pmf(last + 1) < least_log) --last;
    double pmf = std::exp(log_pmf(last + 1));
    double beyond = 0;  // P(N > y)
    double term = pmf;
    for (auto n = static_cast<double>(last + 2); term > 1e-17 * beyond; ++n) {
      beyond += term;
      term *= batches / n;
    }
    values result;
    for (std::size_t y = last + 1; y-- > first_;) {
      pmf *= static_cast<double>(y + 1) / batches;
      const double weight = weights_[y - first_];
      result.tail += weight * beyond;
      result.slope += weight * pmf;
      beyond += pmf;
      result.with_one_more += weight * beyond;
    }
    return result;
  }

  /// The expected number of batches at which P(X >= k) = p, by Newton's method on the logarithms
  /// within a bracket. `lower`: positive and below it.
  [[nodiscard]] double batches_for(double p, double lower) const noexcept {
    double low = std::log(lower);
    double high = std::numeric_limits<double>::infinity();
    double x = low;
    for (int i = 0; i < 200; ++i) {
      const double batches = std::exp(x);
      const values now = at(batches);
      const double excess = std::log(now.tail) - std::log(p);
      (excess < 0 ? low : high) = x;
      double next = x - excess * now.tail / (batches * now.slope);
      if (!(next >= low && next <= high)) next = high < 1e300 ? low + (high - low) / 2 : low + 1;
      const double step = std::abs(next - x);
      x = next;
      if (step <= 4e-16 * std::max(1.0, std::abs(x))) break;
    }
    return std::exp(x);
  }

 private:
  static constexpr double least_log = -690;  // e^-690 is 1e-300

  std::size_t first_;
  std::vector<double> weights_;
  std::span<const double> factorials_;
};

/// A lower bound of -log P(X >= k): Chernoff's, by the best exponential tilt e^s = z. 0 where k is
/// not above the mean. Domain: events > 0.
[[nodiscard]] inline double chernoff_exponent(double k, double events, double dispersion) noexcept {
  if (!(k > events)) return 0;
  const double again = (dispersion - 1) / (dispersion + 1);
  const double batches = batches_of(events, dispersion);
  const double c = batches * (1 - again);
  const double z = 2 * k / (2 * k * again + c + std::sqrt(c * (4 * k * again + c)));
  return k * std::log(z) - batches * ((z - 1) / (1 - again * z));
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::slo::detail
