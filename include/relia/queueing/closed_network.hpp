// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How much throughput do N users get from these pools, and where do they queue? A closed network:
/// a fixed number of requests, each of which thinks, passes the stations and thinks again, as
/// threads in front of a connection pool do. Exact at every size, also with pools of many servers:
/// the mean value analysis of the textbooks takes p(0) as 1 - (the rest) and ends at throughputs of
/// four times the capacity; here every sum is of positive terms.
/// Ref: Gordon and Newell, Operations Research 15 (1967); Buzen, CACM 16 (1973); Casale and
/// Serazzi, the failure of multi-server mean value analysis, MASCOTS (2005).

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/text.hpp>
#include <relia/queueing/detail/convolution.hpp>
#include <relia/queueing/erlang.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// One pool. `demand`: visits per cycle times the mean service time at speed 1. `speeds`, where
/// given, make it load-dependent: the speed with 1, 2, ... requests present, the last from then on;
/// 1, 2, ..., c is what `servers` = c means.
struct closed_station {
  double demand = 0;
  count servers = 1;
  std::vector<double> speeds = {};
};

/// What the population gets. `throughput`: cycles per unit of time; `response_time`: of a cycle
/// without its think time. Per station: requests there on average, time there per cycle, and the
/// fraction of time that each server is busy (with `speeds`: that the station has work).
/// `throughputs`: of each population from 1 up.
struct closed_solution {
  double throughput = 0;
  double response_time = 0;
  std::vector<double> queue_lengths = {};
  std::vector<double> residence_times = {};
  std::vector<double> utilizations = {};
  std::vector<double> throughputs = {};
};

/// The largest population that is followed one by one.
inline constexpr count most_population = 10'000'000;

namespace detail {

/// A checked network, its times divided by a power of two so that the largest is near 1.
class closed_arithmetic {
 public:
  closed_arithmetic(std::string_view where, std::span<const closed_station> stations,
                    double think_time, count population)
      : population_(population) {
    relia::detail::require_non_negative(where, "think_time", think_time);
    relia::detail::require_domain(population >= 1 && population <= most_population, where,
                                  "population", "from 1 to 1e7", population);
    double largest = think_time;
    double work = 0;
    for (std::size_t i = 0; i < stations.size(); ++i) {
      check(where, stations[i], i);
      largest = std::max(largest, stations[i].demand);
      work +=
          std::min(static_cast<double>(levels_of(stations[i])), static_cast<double>(population));
    }
    relia::detail::require_domain(largest > 0, where, "think_time",
                                  "positive where every demand is 0", think_time);
    relia::detail::require_domain(
        work * static_cast<double>(population) <= 2e10, where, "population",
        "at most 2e10 divided by the servers of all stations", population);
    exponent_ = std::ilogb(largest);
    think_time_ = std::scalbn(think_time, -exponent_);
    for (const auto& s : stations) {
      stations_.push_back({std::scalbn(s.demand, -exponent_), s.servers, s.speeds});
    }
  }

  [[nodiscard]] count population() const noexcept { return population_; }
  [[nodiscard]] double think_time() const noexcept { return think_time_; }
  [[nodiscard]] std::span<const working_station> stations() const noexcept { return stations_; }
  [[nodiscard]] double per_time(double rate) const noexcept {
    return std::scalbn(rate, -exponent_);
  }
  /// In two factors: one alone may leave the range where the rates do not.
  void to_rates(std::vector<double>& rates) const noexcept {
    const double half = std::scalbn(1.0, -exponent_ / 2);
    const double rest = std::scalbn(1.0, -exponent_ - -exponent_ / 2);
    for (double& x : rates) x = x * half * rest;
  }
  [[nodiscard]] double time(double t) const noexcept { return std::scalbn(t, exponent_); }

 private:
  [[nodiscard]] static std::size_t levels_of(const closed_station& s) {
    return s.speeds.empty() ? static_cast<std::size_t>(s.servers) : s.speeds.size();
  }

  static void check(std::string_view where, const closed_station& s, std::size_t i) {
    const auto name = [i](const char* field) {
      return "stations[" + relia::detail::to_text(i) + "]." + field;
    };
    relia::detail::require_non_negative(where, name("demand"), s.demand);
    relia::detail::require_domain(s.servers >= 1 && s.servers <= most_servers, where,
                                  name("servers"), "from 1 to 1e9", s.servers);
    relia::detail::require_argument(s.speeds.empty() || s.servers == 1, where, name("servers"),
                                    "1 where speeds are given", s.servers);
    for (const double speed : s.speeds) {
      relia::detail::require_domain(speed >= 1e-100 && speed <= 1e100, where, name("speeds"),
                                    "from 1e-100 to 1e100", speed);
    }
  }

  count population_;
  int exponent_ = 0;
  double think_time_ = 0;
  std::vector<working_station> stations_;
};

/// The demands of the single servers, with 0 in the place of every other station.
[[nodiscard]] inline std::vector<double> single_demands(const closed_arithmetic& network) {
  std::vector<double> demands;
  for (const auto& s : network.stations()) demands.push_back(s.single() ? s.demand : 0);
  return demands;
}

/// Queues from the arrival theorem at the throughputs of the whole network; those of the pools are
/// there already.
inline void queues_at_single_servers(const closed_arithmetic& network,
                                     std::span<const double> demands,
                                     std::span<const double> throughputs,
                                     std::span<double> queue_lengths) {
  for (const double x : throughputs) {
    for (std::size_t i = 0; i < demands.size(); ++i) {
      if (demands[i] > 0) queue_lengths[i] = x * demands[i] * (1 + queue_lengths[i]);
    }
  }
  // A saturated queue sums the rounding of every throughput. What misses to the population belongs
  // to it, and is split by the squares, as the sensitivity of a queue to the throughput goes.
  double singles = 0;
  double squares = 0;
  auto missing = static_cast<double>(network.population());
  for (std::size_t i = 0; i < demands.size(); ++i) {
    missing -= queue_lengths[i];
    if (demands[i] > 0) {
      singles += queue_lengths[i];
      squares += queue_lengths[i] * queue_lengths[i];
    }
  }
  missing -= throughputs.back() * network.think_time();
  if (2 * singles < static_cast<double>(network.population())) return;
  for (std::size_t i = 0; i < demands.size(); ++i) {
    if (demands[i] > 0) queue_lengths[i] += missing * queue_lengths[i] / squares * queue_lengths[i];
  }
}

/// The probabilities of 0, 1, ... requests at the station. `others`: constants of the rest.
[[nodiscard]] inline std::vector<double> numbers_at(const working_station& station,
                                                    const scaled_sequence& others) {
  const std::size_t size = others.size();
  const scaled_sequence weights = weights_of(station, size);
  const scaled all = convolution_at(weights, others, size - 1);
  std::vector<double> probabilities(size);
  for (std::size_t j = 0; j < size; ++j) {
    probabilities[j] = ratio(weights[j] * others[size - 1 - j], all);
  }
  return probabilities;
}

}  // namespace detail

/// Solves the network exactly. Without stations of several servers or speeds it is plain mean value
/// analysis, else the positive convolution. Domain: demands and think_time >= 0, not all 0;
/// servers from 1 to 1e9; population from 1 to most_population, and at most 2e10 / (servers of all
/// stations, each up to the population). Throws: std::domain_error, std::invalid_argument (servers
/// and speeds). Cost: O(population stations), with S servers in pools O(population S log pools)
/// time, O(population) memory.
[[nodiscard]] inline closed_solution solve_closed(std::span<const closed_station> stations,
                                                  double think_time, count population) {
  const detail::closed_arithmetic network("queueing::solve_closed", stations, think_time,
                                          population);
  const std::size_t size = stations.size();
  std::vector<double> singles = detail::single_demands(network);
  std::vector<detail::working_station> pools;
  std::vector<std::size_t> pool_at;
  for (std::size_t i = 0; i < size; ++i) {
    const auto& s = network.stations()[i];
    if (s.single() || s.demand == 0) continue;
    pools.push_back(s);
    pool_at.push_back(i);
  }

  closed_solution answer;
  answer.queue_lengths.resize(size);
  answer.residence_times.resize(size);
  answer.utilizations.resize(size);
  auto& throughputs = answer.throughputs;
  if (pools.empty()) {
    throughputs.resize(static_cast<std::size_t>(population));
    detail::mean_value_analysis(singles, network.think_time(), population, answer.residence_times,
                                [at = throughputs.data()](count n, double x) { at[n - 1] = x; });
    for (std::size_t i = 0; i < size; ++i) {
      answer.queue_lengths[i] = throughputs.back() * answer.residence_times[i];
    }
  } else {
    const auto base = detail::constants_of(singles, network.think_time(), population);
    detail::for_each_complement(base, pools, 0, [&](std::size_t k, const auto& others) {
      if (throughputs.empty()) {
        const auto all = detail::convolved(others, pools[k]);
        for (std::size_t n = 1; n < all.size(); ++n) {
          throughputs.push_back(detail::ratio(all[n - 1], all[n]));
        }
      }
      const auto numbers = detail::numbers_at(pools[k], others);
      double mean = 0;
      double busy = 0;
      for (std::size_t j = numbers.size() - 1; j > 0; --j) {
        mean += static_cast<double>(j) * numbers[j];
        busy += numbers[j];
      }
      answer.queue_lengths[pool_at[k]] = mean;
      if (!pools[k].speeds.empty()) answer.utilizations[pool_at[k]] = busy;
    });
    detail::queues_at_single_servers(network, singles, throughputs, answer.queue_lengths);
  }

  const double throughput = throughputs.back();
  for (std::size_t i = 0; i < size; ++i) {
    const auto& s = network.stations()[i];
    const double residence = answer.queue_lengths[i] / throughput;
    answer.response_time += residence;
    answer.residence_times[i] = network.time(residence);
    if (s.speeds.empty()) {
      answer.utilizations[i] = throughput * s.demand / static_cast<double>(s.servers);
    }
  }
  answer.response_time = network.time(answer.response_time);
  network.to_rates(throughputs);
  answer.throughput = throughputs.back();
  return answer;
}

/// The probability of 0, 1, ..., population requests at stations[station]: how often so many
/// connections are taken or waited for. Domain, Throws: as solve_closed; station must be an index.
/// Cost: O(population servers of all stations).
[[nodiscard]] inline std::vector<double> queue_distribution(
    std::span<const closed_station> stations, double think_time, count population, count station) {
  constexpr std::string_view where = "queueing::queue_distribution";
  const detail::closed_arithmetic network(where, stations, think_time, population);
  relia::detail::require_domain(station >= 0 && static_cast<std::size_t>(station) < stations.size(),
                                where, "station", "an index of stations", station);
  const auto chosen = static_cast<std::size_t>(station);
  std::vector<double> singles = detail::single_demands(network);
  singles[chosen] = 0;
  auto others = detail::constants_of(singles, network.think_time(), population);
  for (std::size_t i = 0; i < stations.size(); ++i) {
    const auto& s = network.stations()[i];
    if (i != chosen && !s.single() && s.demand > 0) others = detail::convolved(others, s);
  }
  return detail::numbers_at(network.stations()[chosen], others);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
