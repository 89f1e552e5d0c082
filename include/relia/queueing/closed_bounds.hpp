// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// What can N users get at most and at least, on the back of an envelope? Bounds on the throughput
/// of a closed network that need the demands only, in O(stations): asymptotic ones for any
/// service times, tighter ones for balanced and for product-form networks of single servers. Each
/// also bounds the response, by Little's law: population / throughput - think_time.
/// Ref: Denning and Buzen, Computing Surveys 10 (1978); Zahorjan, Sevcik, Eager and Galler, CACM
/// 25 (1982); Casale, Muntz and Serazzi, IEEE Transactions on Computers 57 (2008).

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string_view>

#include <relia/core/error.hpp>
#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/queueing/closed_network.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// Of any service times and pools of servers; the widest.
inline constexpr method asymptotic{"asymptotic"};
/// From the same total demand spread evenly, and piled up; single servers only.
inline constexpr method balanced_job{"balanced_job"};
/// From geometric bounds of each queue; single servers only; the tightest of the three at most
/// populations.
inline constexpr method geometric{"geometric"};

/// Bounds that hold with certainty.
struct closed_bounds {
  double throughput_lower = 0;
  double throughput_upper = 0;
  double response_lower = 0;
  double response_upper = 0;
};

struct closed_bounds_options {
  relia::method method = geometric;
};

/// The population from which on queueing is certain: where the two asymptotes of the throughput
/// meet, (sum of demands + think_time) / (largest demand per server). Domain, Throws: as
/// throughput_bounds.
[[nodiscard]] inline double saturation_population(std::span<const closed_station> stations,
                                                  double think_time) {
  const detail::closed_arithmetic network("queueing::saturation_population", stations, think_time,
                                          1);
  double total = network.think_time();
  double slowest = 0;
  for (const auto& s : network.stations()) {
    total += s.speeds.empty() ? s.demand : s.demand / s.fastest();
    slowest = std::max(slowest, s.demand / s.fastest());
  }
  relia::detail::require_domain(slowest > 0, "queueing::saturation_population", "demand",
                                "positive at some station", slowest);
  return total / slowest;
}

namespace detail {

/// Times of one network of single servers, and the bounds on its queues and throughput.
class geometric_bounds {
 public:
  geometric_bounds(std::span<const working_station> stations, double think_time)
      : stations_(stations), think_time_(think_time) {
    double squares = 0;
    for (const auto& s : stations) {
      total_ += s.demand;
      squares += s.demand * s.demand;
      largest_ = std::max(largest_, s.demand);
    }
    spread_ = total_ > 0 ? squares / total_ : 0;
  }

  [[nodiscard]] double lower(double population) const {
    return throughput(population, population - 1, [&](double demand, double n) {
      return sum_of_powers(n * demand / (think_time_ + total_ + largest_ * n), n);
    });
  }

  [[nodiscard]] double upper(double population) const {
    return std::min(
        throughput(population, population,
                   [&](double demand, double n) {
                     if (n == 0) return 0.0;
                     const double light = std::min(1 / largest_, (n - 1) / (total_ + think_time_));
                     const double x =
                         n / (think_time_ + total_ + spread_ * (n - 1 - think_time_ * light));
                     const double y = demand * std::min(1 / largest_, x);
                     return y < 1 ? sum_of_powers(y, n) : n;
                   }),
        std::min(1 / largest_, population / (think_time_ + total_)));
  }

 private:
  /// y + y^2 + ... + y^n.
  [[nodiscard]] static double sum_of_powers(double y, double n) {
    return y == 0 ? 0 : y * -std::expm1(n * std::log(y)) / (1 - y);
  }

  template <class Queue>
  [[nodiscard]] double throughput(double population, double under_root, const Queue& queue) const {
    double cycle = think_time_ + total_ + largest_ * (population - 1);
    for (const auto& s : stations_) {
      if (s.demand < largest_) {
        cycle -= (largest_ - s.demand) * queue(s.demand, population - 1);
      }
    }
    const double root = cycle * cycle - 4 * think_time_ * largest_ * under_root;
    return 2 * population / (cycle + std::sqrt(std::max(0.0, root)));
  }

  std::span<const working_station> stations_;
  double think_time_;
  double total_ = 0;
  double largest_ = 0;
  double spread_ = 0;
};

}  // namespace detail

/// Bounds of throughput and response time. Domain: as solve_closed; some demand positive; method
/// balanced_job and geometric, single servers. Throws: std::domain_error, std::invalid_argument
/// (method). Cost: O(stations).
[[nodiscard]] inline closed_bounds throughput_bounds(std::span<const closed_station> stations,
                                                     double think_time, count population,
                                                     const closed_bounds_options& options = {}) {
  constexpr std::string_view where = "queueing::throughput_bounds";
  relia::detail::require_positive_count(where, "population", population);
  const detail::closed_arithmetic network(where, stations, think_time, 1);
  const auto n = static_cast<double>(population);
  const double z = network.think_time();
  double total = 0;
  double alone = 0;
  double slowest = 0;
  bool single = true;
  double places = 0;
  for (const auto& s : network.stations()) {
    const double least = s.speeds.empty() ? s.demand : s.demand / s.fastest();
    total += least;
    alone +=
        s.speeds.empty() ? least + (n - 1) * s.demand / s.fastest() : n * s.demand / s.slowest();
    slowest = std::max(slowest, s.demand / s.fastest());
    single = single && s.single();
    if (s.demand > 0) ++places;
  }
  relia::detail::require_domain(slowest > 0, where, "demand", "positive at some station", slowest);

  double lower = n / (z + alone);
  double upper = std::min(1 / slowest, n / (total + z));
  if (options.method != asymptotic) {
    relia::detail::require_argument(options.method == balanced_job || options.method == geometric,
                                    where, "method", "asymptotic, balanced_job or geometric",
                                    options.method.name);
    relia::detail::require_argument(single, where, "method",
                                    "asymptotic for stations of several servers or speeds",
                                    options.method.name);
    if (options.method == balanced_job) {
      lower = n / (total + z + (n - 1) * slowest / (1 + z / (n * total)));
      upper = std::min(1 / slowest, n / (total + z + (n - 1) * (total / places) / (1 + z / total)));
    } else {
      const detail::geometric_bounds bounds(network.stations(), z);
      lower = bounds.lower(n);
      upper = bounds.upper(n);
    }
  }
  return {network.per_time(lower), network.per_time(upper),
          network.time(std::max(0.0, n / upper - z)), network.time(std::max(0.0, n / lower - z))};
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
