// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Where will the queue be in five minutes, from a given backlog? The distribution of the number in
/// M/M/c/K, M/M/c and M/M/1 at a time t, over capacity or not, by uniformisation: a mixture, with
/// Poisson weights taken from their mode outwards, of the states of a chain of jumps; all terms are
/// positive.
/// Ref: Jensen, Skandinavisk Aktuarietidskrift 36 (1953); Fox and Glynn, CACM 31 (1988).

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/queueing/detail/poisson.hpp>
#include <relia/queueing/erlang.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// How many are in the system at one time.
class number_in_system {
 public:
  explicit number_in_system(std::vector<double> probabilities)
      : probabilities_(std::move(probabilities)) {}

  /// Of 0, 1, ... in the system.
  [[nodiscard]] std::span<const double> probabilities() const noexcept { return probabilities_; }
  [[nodiscard]] double probability_of(count n) const noexcept {
    return n < 0 || n >= size() ? 0 : probabilities_[static_cast<std::size_t>(n)];
  }
  [[nodiscard]] double probability_at_least(count n) const noexcept {
    double sum = 0;
    for (count k = size(); k > std::max(n, count{0}); --k) sum += probability_of(k - 1);
    return n <= 0 ? 1 : sum;
  }
  [[nodiscard]] double probability_at_most(count n) const noexcept {
    double sum = 0;
    for (count k = 0; k <= std::min(n, size() - 1); ++k) sum += probability_of(k);
    return n >= size() - 1 ? 1 : sum;
  }
  [[nodiscard]] double mean() const noexcept {
    double sum = 0;
    for (count n = size(); n-- > 1;) sum += static_cast<double>(n) * probability_of(n);
    return sum;
  }
  [[nodiscard]] double variance() const noexcept {
    const double center = mean();
    double sum = 0;
    for (count n = 0; n < size(); ++n) {
      sum +=
          (static_cast<double>(n) - center) * (static_cast<double>(n) - center) * probability_of(n);
    }
    return sum;
  }
  /// The least n that a fraction `level` does not exceed. Domain: (0, 1). Throws:
  /// std::domain_error.
  [[nodiscard]] count quantile(double level) const {
    relia::detail::require_open_fraction("queueing::number_in_system::quantile", "level", level);
    double sum = 0;
    for (count n = 0; n + 1 < size(); ++n) {
      sum += probability_of(n);
      if (sum >= level) return n;
    }
    return size() - 1;
  }

 private:
  [[nodiscard]] count size() const noexcept { return static_cast<count>(probabilities_.size()); }

  std::vector<double> probabilities_;
};

namespace detail {

/// The chain, of rates at most `rate`, after a Poisson(rate t) number of jumps.
[[nodiscard]] inline std::vector<double> after(double arrival, double service, double servers,
                                               std::size_t capacity, std::size_t start, double rate,
                                               double jumps) {
  const double mode = std::floor(jumps);
  const double reach = 10 * std::sqrt(jumps + 1) + 40;  // beyond it less than 1e-20
  const double first = std::max(0.0, mode - reach);
  const auto last = static_cast<std::size_t>(mode + reach);
  std::vector<double> weights(last + 1, 0.0);
  double weight = detail::poisson_mass(mode, jumps);
  double total = 0;
  for (auto n = static_cast<std::size_t>(mode); n <= last; ++n) {
    total += weights[n] = weight;
    weight *= jumps / static_cast<double>(n + 1);
  }
  weight = weights[static_cast<std::size_t>(mode)];
  for (auto n = static_cast<std::size_t>(mode); n > static_cast<std::size_t>(first); --n) {
    weight *= static_cast<double>(n) / jumps;
    total += weights[n - 1] = weight;
  }
  std::vector<double> now(capacity + 1, 0.0);
  std::vector<double> next(capacity + 1, 0.0);
  std::vector<double> sum(capacity + 1, 0.0);
  now[start] = 1;
  double left = total;
  for (std::size_t jump = 0;; ++jump) {
    const std::size_t lowest = start > jump ? start - jump : 0;
    const std::size_t highest = std::min(capacity, start + jump);
    for (std::size_t n = lowest; n <= highest; ++n) sum[n] += weights[jump] * now[n];
    left -= weights[jump];
    if (jump == last) break;
    double change = 0;
    const std::size_t to = std::min(capacity, highest + 1);
    for (std::size_t n = lowest > 0 ? lowest - 1 : 0; n <= to; ++n) {
      const double out =
          (n < capacity ? arrival : 0) + std::min(static_cast<double>(n), servers) * service;
      double value = now[n] * std::max(0.0, 1 - out / rate);
      if (n > 0) value += now[n - 1] * (arrival / rate);
      if (n < capacity) {
        value += now[n + 1] * (std::min(static_cast<double>(n + 1), servers) * service / rate);
      }
      change += std::abs(value - now[n]);
      next[n] = value;
    }
    now.swap(next);
    // A jump moves no more than the one before it: the rest moves less than this.
    if (change * static_cast<double>(last - jump) < 1e-16) {
      left = std::max(0.0, left);  // what is left of nothing is rounding
      for (std::size_t n = 0; n <= capacity; ++n) sum[n] += left * now[n];
      break;
    }
  }
  for (double& p : sum) p /= total;
  return sum;
}

[[nodiscard]] inline number_in_system transient(std::string_view where, double arrival_rate,
                                                double service_rate, count servers, double capacity,
                                                count start, double t) {
  relia::detail::require_non_negative(where, "arrival_rate", arrival_rate);
  relia::detail::require_positive(where, "service_rate", service_rate);
  detail::require_servers(where, servers);
  relia::detail::require_non_negative_count(where, "start", start);
  relia::detail::require_non_negative(where, "t", t);
  const auto c = static_cast<double>(servers);
  const auto from = static_cast<double>(start);
  // No more than arrive in t; and, of a stable queue, than its steady state on top of the start.
  const double arrivals = arrival_rate * t;
  double most = from + arrivals + 10 * std::sqrt(arrivals + 1) + 40;
  const double utilization = arrival_rate / service_rate / c;
  if (utilization < 1) most = std::min(most, from + c + 45 / -std::log(utilization) + 1);
  most = std::min(most, capacity);
  const double rate = arrival_rate + std::min(c, most) * service_rate;
  const double work = (rate * t + 10 * std::sqrt(rate * t + 1)) * most;
  relia::detail::require_domain(work <= 1e10, where, "t",
                                "short enough for 1e10 operations (jumps x states)", t);
  std::vector<double> p =
      t == 0 || rate == 0
          ? std::vector<double>(static_cast<std::size_t>(start) + 1, 0.0)
          : detail::after(arrival_rate, service_rate, c, static_cast<std::size_t>(most),
                          static_cast<std::size_t>(start), rate, rate * t);
  if (t == 0 || rate == 0) p.back() = 1;
  return number_in_system(std::move(p));
}

}  // namespace detail

/// M/M/c/K at time t after `start` were in the system. Domain: rates as mmc; capacity, servers
/// included, from servers to 1e7; start from 0 to capacity; t >= 0, jumps (rates x t) x states up
/// to 1e10. Throws: std::domain_error. Cost: O(jumps x states), less once it is steady.
[[nodiscard]] inline number_in_system mmck_transient(double arrival_rate, double service_rate,
                                                     count servers, count capacity, count start,
                                                     double t) {
  constexpr std::string_view where = "queueing::mmck_transient";
  relia::detail::require_domain(capacity >= servers && capacity <= 10'000'000, where, "capacity",
                                "from servers to 1e7", capacity);
  relia::detail::require_domain(start <= capacity, where, "start", "at most capacity", start);
  return detail::transient(where, arrival_rate, service_rate, servers,
                           static_cast<double>(capacity), start, t);
}

/// M/M/c, without a limit, at time t after `start` were in the system; M/M/1 with one server.
/// States of a total probability below 1e-18 are left out. Domain, Cost: as mmck_transient; start
/// to 1e7.
[[nodiscard]] inline number_in_system mmc_transient(double arrival_rate, double service_rate,
                                                    count servers, count start, double t) {
  relia::detail::require_domain(start <= 10'000'000, "queueing::mmc_transient", "start",
                                "at most 1e7", start);
  return detail::transient("queueing::mmc_transient", arrival_rate, service_rate, servers,
                           std::numeric_limits<double>::infinity(), start, t);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
