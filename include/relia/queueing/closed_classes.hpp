// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// What does each kind of request get when several share the same pools? A closed network of
/// several classes, each with its own number of requests, think time and demands; stations are
/// first come first served with service times that do not depend on the class, or processor
/// sharing with any. Exact over the lattice of populations, also with pools of many servers; for
/// lattices too large, two approximations by name.
/// Ref: Baskett, Chandy, Muntz and Palacios, JACM 22 (1975).

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <relia/core/error.hpp>
#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/text.hpp>
#include <relia/queueing/detail/class_fixed_point.hpp>
#include <relia/queueing/detail/class_lattice.hpp>
#include <relia/queueing/erlang.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// Exact mean value analysis over all populations up to the given ones.
inline constexpr method exact{"exact"};
/// Proportional estimation. Of 400 random networks of up to 3 classes and 4 single servers, the
/// largest error of a throughput was 11 %, the mean 2 %.
inline constexpr method schweitzer{"schweitzer"};
/// Linearizer: on the same networks 1.2 % and 0.14 %. Pools add the error of Seidmann's
/// approximation, most where they are half busy.
inline constexpr method linearizer{"linearizer"};

/// One kind of request. `demands`: per station, visits per cycle times the mean service time.
struct request_class {
  count population = 1;
  double think_time = 0;
  std::vector<double> demands = {};
};

/// Per class, and per class and station.
struct class_solution {
  double throughput = 0;
  double response_time = 0;
  std::vector<double> residence_times = {};
  std::vector<double> queue_lengths = {};
};

/// Per class, and of all classes together per station. Utilization: of each server.
struct classes_solution {
  std::vector<class_solution> classes = {};
  std::vector<double> queue_lengths = {};
  std::vector<double> utilizations = {};
  relia::method method = exact;
};

struct classes_options {
  relia::method method = exact;
};

/// `servers`: per station; empty for single servers. Domain: as solve_closed; each class has work
/// or thinks. The exact method takes at most 2^26 numbers in memory, 2e9 operations and, where
/// fewer than the requests, 600 servers in a station: beyond, a pool's probability of being empty
/// leaves the doubles. Throws: std::domain_error, std::invalid_argument (sizes, method),
/// convergence_error (approximations). Cost: exact, the product of (population + 1) times 2^pools
/// times servers; approximations, steps times classes^2 times stations.
[[nodiscard]] inline classes_solution solve_closed_classes(std::span<const request_class> classes,
                                                           std::span<const count> servers = {},
                                                           const classes_options& options = {}) {
  constexpr std::string_view where = "queueing::solve_closed_classes";
  relia::detail::require_argument(!classes.empty(), where, "classes", "at least one",
                                  classes.size());
  const std::size_t stations = servers.empty() ? classes[0].demands.size() : servers.size();
  detail::class_network network;
  network.servers.assign(servers.begin(), servers.end());
  if (servers.empty()) network.servers.assign(stations, 1);
  for (std::size_t i = 0; i < stations; ++i) {
    relia::detail::require_domain(network.servers[i] >= 1 && network.servers[i] <= most_servers,
                                  where, "servers[" + relia::detail::to_text(i) + "]",
                                  "from 1 to 1e9", network.servers[i]);
  }
  double largest = 0;
  for (std::size_t r = 0; r < classes.size(); ++r) {
    const auto& c = classes[r];
    const auto name = [r](const char* field) {
      return "classes[" + relia::detail::to_text(r) + "]." + field;
    };
    relia::detail::require_domain(c.population >= 1 && c.population <= 1'000'000'000, where,
                                  name("population"), "from 1 to 1e9", c.population);
    relia::detail::require_non_negative(where, name("think_time"), c.think_time);
    relia::detail::require_same_size(where, name("demands"), c.demands.size(), stations);
    double own = c.think_time;
    for (const double demand : c.demands) {
      relia::detail::require_non_negative(where, name("demands"), demand);
      own = std::max(own, demand);
    }
    relia::detail::require_domain(own > 0, where, name("think_time"),
                                  "positive where every demand is 0", c.think_time);
    largest = std::max(largest, own);
  }
  for (const auto& c : classes) {
    double own = c.think_time;
    for (const double demand : c.demands) own = std::max(own, demand);
    relia::detail::require_domain(own >= largest * 1e-100, where, "classes",
                                  "of times that are at least 1e-100 of the longest", own);
  }
  const int exponent = std::ilogb(largest);
  for (const auto& c : classes) {
    network.populations.push_back(c.population);
    network.think_times.push_back(std::scalbn(c.think_time, -exponent));
    for (const double demand : c.demands) {
      network.demands.push_back(std::scalbn(demand, -exponent));
    }
  }

  detail::class_means means;
  if (options.method == exact) {
    const auto cost = detail::class_lattice::cost_of(network);
    relia::detail::require_domain(cost.memory <= 0x1p26, where, "population",
                                  "small enough for 2^26 numbers in memory (else method "
                                  "schweitzer or linearizer)",
                                  cost.memory);
    relia::detail::require_domain(cost.time <= 2e9, where, "population",
                                  "small enough for 2e9 operations (else method schweitzer or "
                                  "linearizer)",
                                  cost.time);
    const count all = network.population();
    for (const count c : network.servers) {
      relia::detail::require_domain(c <= 600 || c >= all, where, "servers",
                                    "at most 600, or as many as there are requests, in the exact "
                                    "method",
                                    c);
    }
    means = detail::class_lattice(network).solve();
  } else if (options.method == schweitzer || options.method == linearizer) {
    const detail::class_fixed_point iteration(where, network);
    means = options.method == schweitzer ? iteration.schweitzer() : iteration.linearizer();
  } else {
    relia::detail::refuse_argument(where, "method", "exact, schweitzer or linearizer",
                                   options.method.name);
  }

  classes_solution answer;
  answer.method = options.method;
  answer.queue_lengths.resize(stations);
  answer.utilizations.resize(stations);
  for (std::size_t r = 0; r < classes.size(); ++r) {
    class_solution own;
    const double x = means.throughputs[r];
    for (std::size_t i = 0; i < stations; ++i) {
      const double residence = means.residences[r * stations + i];
      own.response_time += residence;
      own.residence_times.push_back(std::scalbn(residence, exponent));
      own.queue_lengths.push_back(x * residence);
      answer.queue_lengths[i] += x * residence;
      answer.utilizations[i] += x * network.demand(r, i) / static_cast<double>(network.servers[i]);
    }
    own.throughput = std::scalbn(x, -exponent);
    own.response_time = std::scalbn(own.response_time, exponent);
    answer.classes.push_back(own);
  }
  return answer;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
