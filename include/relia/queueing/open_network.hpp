// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How long is a request in a set of services that call each other? An open Jackson network:
/// requests arrive from outside, are served by pools (M/M/c), and are routed on, at random, until
/// they leave. Each pool behaves as if it were alone with its own arrival rate, so means per pool
/// and of the whole are exact. Quantiles of the whole response are not given: with feedback the
/// delays along a path depend on each other.
/// Ref: Jackson, Operations Research 5 (1957); the elimination: Grassmann, Taksar and Heyman,
/// Operations Research 33 (1985).

#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/text.hpp>
#include <relia/queueing/mmc.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// A pool of an open network: the rate of one server, and their number.
struct open_station {
  double service_rate = 1;
  count servers = 1;
};

/// Pools with their arrival rates solved from the routing. Unstable when any pool is: its numbers
/// and the response are infinite, the other pools are still answered for the arrivals asked for.
class open_network {
 public:
  /// `arrivals`: from outside, per station. `routing`: row by row, the fraction of what leaves
  /// station i that goes to station j; the rest of a row leaves the network. No probability is
  /// subtracted but for that rest. Domain: arrivals >= 0, at least one positive; routing in [0, 1],
  /// rows at most 1; a way out of every station that requests reach. Throws: std::domain_error,
  /// std::invalid_argument (sizes). Cost: O(stations^3).
  open_network(std::span<const double> arrivals, std::span<const double> routing,
               std::span<const open_station> stations) {
    const std::size_t size = stations.size();
    relia::detail::require_argument(size > 0, where, "stations", "at least one", size);
    relia::detail::require_same_size(where, "arrivals", arrivals.size(), size);
    relia::detail::require_same_size(where, "routing", routing.size(), size * size);
    for (const double rate : arrivals) {
      relia::detail::require_non_negative(where, "arrivals", rate);
      outside_ += rate;
    }
    relia::detail::require_domain(outside_ > 0 && relia::detail::is_finite(outside_), where,
                                  "arrivals", "positive somewhere, and finite together", outside_);
    const auto rates = solve(arrivals, routing, size);
    add(rates, "routing", stations);
  }

  /// The same with the visits known, as traces tell them: requests arrive at `arrival_rate` and pay
  /// visits[i] calls to station i, on average. Domain: arrival_rate > 0, visits >= 0.
  open_network(double arrival_rate, std::span<const double> visits,
               std::span<const open_station> stations)
      : outside_(arrival_rate) {
    relia::detail::require_positive(where, "arrival_rate", arrival_rate);
    relia::detail::require_argument(!stations.empty(), where, "stations", "at least one",
                                    stations.size());
    relia::detail::require_same_size(where, "visits", visits.size(), stations.size());
    std::vector<double> rates;
    for (const double v : visits) {
      relia::detail::require_non_negative(where, "visits", v);
      rates.push_back(arrival_rate * v);
    }
    add(rates, "visits", stations);
  }

  [[nodiscard]] std::size_t size() const noexcept { return pools_.size(); }
  /// The pools, with their arrival rates, utilizations, waits and responses per visit.
  [[nodiscard]] std::span<const mmc> stations() const noexcept { return pools_; }

  [[nodiscard]] relia::state state() const noexcept { return pools_[bottleneck_].state(); }

  /// Arrivals from outside to all stations: with a steady state also what leaves.
  [[nodiscard]] double arrival_rate() const noexcept { return outside_; }

  /// Visits that a request pays to station i, on average. `i` below size().
  [[nodiscard]] double visits(std::size_t i) const noexcept {
    return pools_[i].arrival_rate() / outside_;
  }

  /// The station with the highest utilization.
  [[nodiscard]] std::size_t bottleneck() const noexcept { return bottleneck_; }

  /// By how much the arrivals may be multiplied before the bottleneck saturates: 1 or less when
  /// unstable.
  [[nodiscard]] double growth_to_saturation() const noexcept {
    return 1 / pools_[bottleneck_].utilization();
  }

  [[nodiscard]] double mean_in_system() const noexcept {
    double sum = 0;
    for (const mmc& pool : pools_) sum += pool.mean_in_system();
    return sum;
  }

  /// From entering the network to leaving it: mean_in_system / arrival_rate.
  [[nodiscard]] double mean_response() const noexcept {
    if (state() == relia::state::unstable) return std::numeric_limits<double>::infinity();
    double sum = 0;
    for (std::size_t i = 0; i < size(); ++i) {
      if (visits(i) > 0) sum += visits(i) * pools_[i].response_time().mean();
    }
    return sum;
  }

 private:
  static constexpr std::string_view where = "queueing::open_network";

  void add(std::span<const double> rates, std::string_view name,
           std::span<const open_station> stations) {
    for (std::size_t i = 0; i < rates.size(); ++i) {
      relia::detail::require_domain(relia::detail::is_finite(rates[i]), where, name,
                                    "such that arrival rates are finite", rates[i]);
      const double rate = rates[i] + 0.0;  // of -0 visits: 0, for it is divided by
      pools_.emplace_back(rate, stations[i].service_rate, stations[i].servers);
      if (pools_[i].utilization() > pools_[bottleneck_].utilization()) bottleneck_ = i;
    }
  }

  /// rate_j = arrivals_j + sum of rate_i routing_ij, by taking out one station after the other:
  /// what it sends on is sent by those before it. The diagonal is never used; a station's way out
  /// is the sum of what leaves it.
  [[nodiscard]] static std::vector<double> solve(std::span<const double> arrivals,
                                                 std::span<const double> routing,
                                                 std::size_t size) {
    std::vector<double> in(arrivals.begin(), arrivals.end());
    std::vector<double> to(routing.begin(), routing.end());
    std::vector<double> exit(size);
    std::vector<double> out(size);
    for (std::size_t i = 0; i < size; ++i) {
      double row = 0;
      for (std::size_t j = 0; j < size; ++j) {
        relia::detail::require_fraction(where, "routing", to[i * size + j]);
        row += to[i * size + j];
      }
      // A row of decimals that should add up to 1 misses it by its rounding.
      const double rounding = 1.2e-16 * static_cast<double>(size + 1);
      relia::detail::require_domain(row <= 1 + rounding, where,
                                    "routing row " + relia::detail::to_text(i), "at most 1", row);
      exit[i] = 1 - row > rounding ? 1 - row : 0;
    }
    for (std::size_t k = size; k-- > 0;) {
      out[k] = exit[k];
      bool reached = in[k] > 0;
      for (std::size_t i = 0; i < k; ++i) {
        out[k] += to[k * size + i];
        reached = reached || to[i * size + k] > 0;
      }
      relia::detail::require_domain(out[k] > 0 || !reached, where, "routing",
                                    "such that every request leaves at some time",
                                    "station " + relia::detail::to_text(k) + " without a way out");
      if (out[k] == 0) {
        out[k] = 1;
        continue;
      }
      for (std::size_t i = 0; i < k; ++i) {
        in[i] += in[k] * (to[k * size + i] / out[k]);
        const double share = to[i * size + k] / out[k];
        exit[i] += share * exit[k];
        for (std::size_t j = 0; j < k; ++j) to[i * size + j] += share * to[k * size + j];
      }
    }
    std::vector<double> rates(size);
    for (std::size_t k = 0; k < size; ++k) {
      double sum = in[k];
      for (std::size_t i = 0; i < k; ++i) sum += rates[i] * to[i * size + k];
      rates[k] = sum / out[k];
    }
    return rates;
  }

  double outside_ = 0;
  std::vector<mmc> pools_ = {};
  std::size_t bottleneck_ = 0;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
