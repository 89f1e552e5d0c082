// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The steady state of a pool as a birth-death chain: requests come at a rate that may fall with
/// the number in the system (finite sources), and leave by service or by giving up. Every answer is
/// one sum of positive terms, started where its range has its largest probability, so an event of
/// 1e-200 has as many digits as the mean.

#include <algorithm>
#include <cmath>
#include <limits>

#include <relia/core/real.hpp>
#include <relia/queueing/detail/outward.hpp>
#include <relia/queueing/detail/poisson.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail {

/// The rates in state n. `sources` infinite: every state has the same arrivals.
struct pool_rates {
  double arrival = 0;
  double service = 1;
  double servers = 1;
  double abandonment = 0;
  double sources = std::numeric_limits<double>::infinity();
  double highest = 1;

  /// The weight that arrivals give to state n: 1, or the sources that are not in the system.
  [[nodiscard]] double calling(double n) const noexcept {
    return sources < std::numeric_limits<double>::infinity() ? sources - n : 1.0;
  }
  [[nodiscard]] double up(double n) const noexcept { return calling(n) * arrival; }
  [[nodiscard]] double down(double n) const noexcept {
    return n <= servers ? n * service : servers * service + (n - servers) * abandonment;
  }

  // Multiplied before it is divided: a rounded ratio would be raised to the power of n.
  [[nodiscard]] double next(double term, double n) const noexcept {
    return term * up(n) / down(n + 1);
  }
  [[nodiscard]] double previous(double term, double n) const noexcept {
    return term * down(n) / up(n - 1);
  }
};

/// mantissa * 2^exponent.
struct chain_weight {
  double mantissa = 1;
  double exponent = 0;

  void set(double value) noexcept {
    int shift = 0;
    mantissa = std::frexp(value, &shift);
    exponent += shift;
  }
  void multiply(double factor) noexcept { set(mantissa * factor); }
  [[nodiscard]] double value() const noexcept {
    return exponent < -1200 ? 0 : std::ldexp(mantissa, static_cast<int>(exponent));
  }
  [[nodiscard]] double log() const noexcept {
    return std::log(mantissa) + exponent * 0x1.62e42fefa39efp-1;
  }
};

class birth_death {
 public:
  explicit birth_death(const pool_rates& rates)
      : rates_(rates), mode_(mode_of(rates, 0, rates.highest)) {
    total_ = outward_sum(rates_, mode_, 0, rates_.highest, [](double) { return 1.0; });
  }

  [[nodiscard]] const pool_rates& rates() const noexcept { return rates_; }

  /// P(N = n). Cost: O(|n - mode|), no more than until it is below `floor`.
  [[nodiscard]] chain_weight probability(double n, double floor = -1200) const noexcept {
    chain_weight p;
    p.multiply(1 / total_);
    for (double k = mode_; k < n && p.mantissa > 0 && p.exponent > floor; k += 1) {
      p.set(rates_.next(p.mantissa, k));
    }
    for (double k = mode_; k > n && p.exponent > floor; k -= 1) {
      p.set(rates_.previous(p.mantissa, k));
    }
    return p;
  }

  /// log P(N = n). Cost: bounded; with finite sources O(|n - mode|).
  [[nodiscard]] double log_probability(double n) const noexcept {
    if (std::abs(n - mode_) < 1000 || rates_.sources < std::numeric_limits<double>::infinity() ||
        rates_.arrival == 0) {
      return probability(n, -std::numeric_limits<double>::infinity()).log();
    }
    return (n > mode_ ? log_rise(mode_, n) : -log_rise(n, mode_)) - std::log(total_);
  }

  /// The sum of P(N = n) value(n) over n from `from` to `to`; 0 over nothing.
  template <class Value>
  [[nodiscard]] double expect(double from, double to, const Value& value) const {
    if (from > to) return 0;
    const double start = std::clamp(mode_, from, to);
    chain_weight sum = probability(start);
    if (sum.value() == 0) return 0;
    sum.multiply(outward_sum(rates_, start, from, to, value));
    return sum.value();
  }

  [[nodiscard]] double probability_between(double from, double to) const {
    return std::min(1.0, expect(from, to, [](double) { return 1.0; }));
  }

  [[nodiscard]] double mode() const noexcept { return mode_; }

 private:
  /// log P(N = to) / P(N = from), from < to, of endless sources: the product of the rates down is
  /// one of factorials up to `servers`, and of a geometric sequence or of factorials beyond.
  [[nodiscard]] double log_rise(double from, double to) const noexcept {
    const pool_rates& r = rates_;
    double sum = 0;
    if (from < r.servers) sum -= log_factors(from, std::min(to, r.servers), r.arrival / r.service);
    const double start = std::max(from, r.servers);
    if (to <= start) return sum;
    if (r.abandonment == 0) return sum + (to - start) * std::log(r.arrival / r.down(r.servers));
    const double shift = r.servers * r.service / r.abandonment - r.servers;
    return sum - log_factors(start + shift, to + shift, r.arrival / r.abandonment);
  }

  /// The sum of log(k / unit) over k = from + 1, ..., to, by Stirling's series around `unit`.
  [[nodiscard]] static double log_factors(double from, double to, double unit) noexcept {
    if (from == to) return 0;
    if (from < 1) return std::log((from + 1) / unit) + log_factors(from + 1, to, unit);
    const auto above = deviance(to, unit);
    const auto below = deviance(from, unit);
    return above.high - below.high + (above.low - below.low) + std::log(to / from) / 2 +
           stirling_error(to) - stirling_error(from);
  }

  pool_rates rates_;
  double mode_ = 0;
  double total_ = 1;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail
