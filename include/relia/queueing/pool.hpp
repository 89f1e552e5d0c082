// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// What every pool answers that turns requests away, loses them to impatience, or serves a finite
/// number of sources: it always has a steady state. Rates are per any one unit of time; times come
/// out in that unit. See `mmck`, `finite_source` and `erlang_a`.
/// Ref: Gross, Shortle, Thompson, Harris, "Fundamentals of Queueing Theory", 4th ed. (2008), ch. 2.

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <vector>

#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/queueing/detail/birth_death.hpp>
#include <relia/queueing/erlang.hpp>
#include <relia/queueing/pool_delay.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// The longest line that a pool may have room for. Where the load meets the capacity every length
/// of it is as likely as any other, and counts.
inline constexpr count most_waiting = 10'000'000;

class pool {
 public:
  /// Of one source, where the sources are finite; else of all requests.
  [[nodiscard]] double arrival_rate() const noexcept { return arrival_rate_; }
  [[nodiscard]] double service_rate() const noexcept { return service_rate_; }
  [[nodiscard]] count servers() const noexcept { return static_cast<count>(rates().servers); }

  /// Requests that are in the system, waiting or served, on average, and their variance.
  [[nodiscard]] double mean_in_system() const {
    return mean_of([](double n) { return n; });
  }
  [[nodiscard]] double variance_in_system() const {
    const double mean = mean_in_system();
    return mean_of([&](double n) { return (n - mean) * (n - mean); });
  }

  /// Requests that wait, on average, and their variance.
  [[nodiscard]] double mean_in_queue() const {
    const double c = rates().servers;
    return chain_.expect(c + 1, rates().highest, [&](double n) { return n - c; });
  }
  [[nodiscard]] double variance_in_queue() const {
    const double c = rates().servers;
    const double mean = mean_in_queue();
    return chain_.expect(c + 1, rates().highest, [&](double n) {
      return (n - c - mean) * (n - c - mean);
    }) + mean * mean * chain_.probability_between(0, std::min(c, rates().highest));
  }

  /// Servers that are busy, on average, and the fraction of them.
  [[nodiscard]] double mean_busy() const {
    const double c = rates().servers;
    return mean_of([&](double n) { return std::min(n, c); });
  }
  [[nodiscard]] double utilization() const { return mean_busy() / rates().servers; }

  /// Requests served per unit of time.
  [[nodiscard]] double throughput() const { return mean_busy() * service_rate_; }

  /// Of the requests that are let in, the fraction that finds every server busy.
  [[nodiscard]] double wait_probability() const {
    return std::min(1.0, seen_between(rates().servers, last_open()) / seen_between(0, last_open()));
  }

  /// The fraction of requests that is turned away.
  [[nodiscard]] double blocking_probability() const {
    const double refused = seen_between(rates().highest, rates().highest);
    return refused == 0 ? 0 : refused / (refused + seen_between(0, last_open()));
  }

  /// The fraction of time in which nobody is let in.
  [[nodiscard]] double full_probability() const { return probability(rates().highest); }

  /// The probability of exactly n requests in the system; 0 for n that cannot be. Cost: O(|n - the
  /// likeliest number|).
  [[nodiscard]] double probability_of(count n) const {
    const auto k = static_cast<double>(n);
    return k < 0 || k > rates().highest ? 0 : probability(k);
  }

  /// Its logarithm, where it is below the smallest number.
  [[nodiscard]] double log_probability_of(count n) const {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const auto k = static_cast<double>(n);
    if (k < 0 || k > rates().highest) return -infinity;
    return chain_.log_probability(k);
  }

  /// The probability of n requests or more in the system.
  [[nodiscard]] double probability_at_least(count n) const {
    return n <= 0 ? 1 : chain_.probability_between(static_cast<double>(n), rates().highest);
  }

 protected:
  /// Scaled by a power of two, which changes no ratio and keeps servers * service_rate in range.
  pool(std::string_view where, double arrival_rate, double service_rate, count servers,
       double highest, double abandonment_rate = 0,
       double sources = std::numeric_limits<double>::infinity())
      : arrival_rate_(arrival_rate),
        service_rate_(service_rate),
        exponent_(std::ilogb(checked(where, arrival_rate, service_rate, servers))),
        chain_({std::scalbn(arrival_rate, -exponent_), std::scalbn(service_rate, -exponent_),
                static_cast<double>(servers), std::scalbn(abandonment_rate, -exponent_), sources,
                highest}) {}

  [[nodiscard]] const detail::birth_death& chain() const noexcept { return chain_; }
  [[nodiscard]] const detail::pool_rates& rates() const noexcept { return chain_.rates(); }
  /// The unit of time in which rates() are.
  [[nodiscard]] double unit() const noexcept { return std::scalbn(1.0, -exponent_); }

  /// What a request finds that is let in, and, where some give up, is served; or, with `served`
  /// false, as if it never gave up.
  [[nodiscard]] detail::queue_seen seen(bool served = true) const {
    const auto& r = rates();
    detail::queue_seen found{.service = r.service,
                             .servers = r.servers,
                             .abandonment = r.abandonment,
                             .unit = unit(),
                             .served = served};
    const auto weight_of = [&](double n) {
      if (!served) return r.calling(n);
      const double busy = r.servers * r.service;
      return r.calling(n) * (busy / (busy + (n - r.servers + 1) * r.abandonment));
    };
    detail::running_sum waiting;
    if (r.servers <= last_open()) {
      const double start = std::clamp(chain_.mode(), r.servers, last_open());
      const double weight = probability(start);
      std::vector<double> below;
      detail::outward(r, start, r.servers, last_open(), 1e-60, [&](double n, double term) {
        const double p = weight * term * weight_of(n);
        (n >= start ? found.ahead : below).push_back(p);
        waiting.add(p);
        return term;
      });
      found.first = start - r.servers - static_cast<double>(below.size());
      found.ahead.insert(found.ahead.begin(), below.rbegin(), below.rend());
    }
    // Further down the steps of the line are below the smallest number: nobody waits.
    const double all = waiting.value() > 1e-240 ? waiting.value() : 0;
    if (all == 0) found.ahead.clear();
    const double idle = seen_between(0, std::min(r.servers - 1, last_open()));
    found.immediate = idle / (idle + all);
    for (double& p : found.ahead) p /= idle + all;
    return found;
  }

 private:
  [[nodiscard]] static double checked(std::string_view where, double arrival_rate,
                                      double service_rate, count servers) {
    relia::detail::require_non_negative(where, "arrival_rate", arrival_rate);
    relia::detail::require_positive(where, "service_rate", service_rate);
    detail::require_servers(where, servers);
    relia::detail::require_domain(arrival_rate / service_rate <= 1e15, where,
                                  "arrival_rate / service_rate", "at most 1e15",
                                  arrival_rate / service_rate);
    return service_rate;
  }

  [[nodiscard]] double probability(double n) const { return chain_.probability(n).value(); }
  [[nodiscard]] double last_open() const noexcept { return rates().highest - 1; }

  template <class Value>
  [[nodiscard]] double mean_of(const Value& value) const {
    return chain_.expect(0, rates().highest, value);
  }
  [[nodiscard]] double seen_between(double from, double to) const {
    return chain_.expect(from, to, [this](double n) { return rates().calling(n); });
  }

  double arrival_rate_;
  double service_rate_;
  int exponent_;
  detail::birth_death chain_;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
