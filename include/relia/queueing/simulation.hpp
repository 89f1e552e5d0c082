// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// What does a station do that no formula answers, or is the formula right? A simulation of one
/// station: any laws, any number of servers, a finite room, impatience, batches, and disciplines
/// other than first come first served; run until the mean delay is known as well as was asked. The
/// same seed gives the same answer, and two stations of one seed meet the same arrivals and
/// services, so that they can be compared. What has no station here: see sequential_mean.
/// Ref: Law, "Simulation Modeling and Analysis", 5th ed. (2015), ch. 9 and 11; for how it stops and
/// how sure it is, sequential_mean.hpp.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/text.hpp>
#include <relia/queueing/delay.hpp>
#include <relia/queueing/detail/batch_means.hpp>
#include <relia/queueing/detail/first_come_engine.hpp>
#include <relia/queueing/detail/ranked_engine.hpp>
#include <relia/queueing/detail/station_batch.hpp>
#include <relia/queueing/detail/station_model.hpp>
#include <relia/queueing/erlang.hpp>
#include <relia/queueing/sequential_mean.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// Who is served. processor_sharing: all at once, each with min(1, servers / n) of a server.
/// shortest_remaining: the least service left, interrupting. priority: the first class that waits;
/// preemptive_priority: it also interrupts, and what was interrupted is resumed.
enum class discipline {
  first_come,
  processor_sharing,
  shortest_remaining,
  priority,
  preemptive_priority
};

/// A station. `capacity`: the most requests inside, waiting or served; more are turned away.
/// `patience`: how long a request waits for its service to begin before it leaves, first come first
/// served only. `lower_classes`: further requests, each class less important than the one before,
/// with arrivals and services of their own. `batch_sizes`: the probabilities of 1, 2, ... requests
/// at each arrival.
struct simulation_model {
  time_law between_arrivals;
  time_law service;
  count servers = 1;
  std::optional<count> capacity = {};
  queueing::discipline discipline = discipline::first_come;
  std::optional<time_law> patience = {};
  std::vector<request_source> lower_classes = {};
  std::vector<double> batch_sizes = {};
};

/// The run ends when the interval of the mean `delay`, over all classes, is at most
/// relative_half_width of it on either side, or after max_customers. `levels`: the quantiles of
/// that delay to give.
struct simulation_options {
  std::uint64_t seed = 0;
  double relative_half_width = 0.01;
  double confidence_level = 0.95;
  count max_customers = 10'000'000;
  queueing::delay delay = delay::response;
  std::vector<double> levels = {0.99};
};

/// converged: to the precision asked for. inconclusive: not within max_customers; the intervals say
/// how far. unstable: more work arrives than the servers can do, and nothing limits it: not run.
enum class simulation_outcome { converged, inconclusive, unstable };

[[nodiscard]] constexpr std::string_view to_string(simulation_outcome o) noexcept {
  return o == simulation_outcome::converged      ? "converged"
         : o == simulation_outcome::inconclusive ? "inconclusive"
                                                 : "unstable";
}

/// Of one class: of those that are served.
struct class_simulation {
  estimate<double> mean_wait;
  estimate<double> mean_response;
};

/// What was seen. Delays are of requests that are served; mean_wait_abandoned of those that gave
/// up. wait_probability is of those let in, blocking and abandonment of all. mean_in_system,
/// utilization: over time. quantiles: as many as levels. customers: simulated, the first eighth,
/// which is not used, included. Each interval is for itself.
struct simulation {
  simulation_outcome outcome = simulation_outcome::unstable;
  count customers = 0;
  estimate<double> mean_wait;
  estimate<double> mean_response;
  estimate<double> mean_wait_abandoned;
  estimate<double> wait_probability;
  estimate<double> blocking_probability;
  estimate<double> abandonment_probability;
  estimate<double> mean_in_system;
  estimate<double> utilization;
  std::vector<estimate<double>> quantiles;
  std::vector<class_simulation> classes;
};

namespace detail {

inline void require_model(std::string_view where, const simulation_model& model) {
  require_servers(where, model.servers);
  relia::detail::require_domain(model.servers <= 1'000'000, where, "servers", "at most 1e6",
                                model.servers);
  if (model.capacity) {
    relia::detail::require_domain(*model.capacity >= model.servers, where, "capacity",
                                  "at least the servers", *model.capacity);
  }
  relia::detail::require_argument(!model.patience || model.discipline == discipline::first_come,
                                  where, "patience", "none unless the discipline is first_come",
                                  model.patience ? mean_of(*model.patience) : 0);
  if (model.batch_sizes.empty()) return;
  double total = 0;
  for (const double p : model.batch_sizes) {
    relia::detail::require_fraction(where, "batch_sizes", p);
    total += p;
  }
  relia::detail::require_domain(std::abs(total - 1) <= 1e-12, where, "sum of batch_sizes", "1",
                                total);
}

/// Service time that arrives per unit of time. The clock keeps its digits within these bounds.
[[nodiscard]] inline double checked_load(std::string_view where, const station_parts& parts) {
  double batch = parts.batch_sizes.empty() ? 1 : 0;
  for (std::size_t i = 0; i < parts.batch_sizes.size(); ++i) {
    batch += static_cast<double>(i + 1) * parts.batch_sizes[i];
  }
  double load = 0;
  for (const request_source& k : parts.classes) {
    load += batch * (mean_of(k.service) / mean_of(k.between_arrivals));
  }
  relia::detail::require_domain(load >= 1e-4 && load <= 1e9, where, "offered load",
                                "from 1e-4 to 1e9", load);
  return load;
}

/// Of a station that has no steady state.
[[nodiscard]] inline simulation unstable_simulation(const station_parts& parts,
                                                    const simulation_options& options,
                                                    double load) {
  estimate<double> none = no_data<double>(batch_means, options.confidence_level, 0);
  none.state = state::unstable;
  none.notes.push_back("the load is " + relia::detail::to_short_text(load) + " servers of " +
                       relia::detail::to_text(parts.servers));
  simulation s{
      simulation_outcome::unstable, 0, none, none, none, none, none, none, none, none, {}, {}};
  s.quantiles.assign(options.levels.size(), none);
  s.classes.assign(parts.classes.size(), {none, none});
  return s;
}

/// Runs the engine, and fills in what it says.
template <class Engine>
[[nodiscard]] simulation run(Engine engine, const station_parts& parts,
                             const simulation_options& options) {
  using served = station_batch::served;
  station_batch empty;
  empty.classes.resize(parts.classes.size());
  const auto length =
      std::clamp<count>(static_cast<count>(parts.servers), 64, options.max_customers / 64);
  doubling_batches<station_batch> batches(length, empty);
  const bool waits = options.delay == delay::wait;
  const auto requests = [](const station_batch& b) { return b.sum(&served::requests); };
  const auto total_delay = [waits](const station_batch& b) {
    return b.sum(waits ? &served::wait : &served::response);
  };
  simulation seen;
  seen.outcome = simulation_outcome::inconclusive;
  stopping_rule rule(options.relative_half_width, options.confidence_level);
  double began = 0;
  while (seen.customers < options.max_customers) {
    const departure d = engine.next();
    ++seen.customers;
    station_batch& batch = batches.current();
    batch.add(d);
    if (!options.levels.empty() && d.fate == fate::served) {
      batch.delays.add(waits ? d.wait : d.response);
    }
    if (!batches.next()) continue;
    batch.time = engine.now() - std::exchange(began, engine.now());
    if (!batches.close()) continue;
    if (rule.met(ratio_of(batches.used(), total_delay, requests), seen.customers)) {
      seen.outcome = simulation_outcome::converged;
      break;
    }
    batches.extend();
  }
  const auto used = batches.used();
  const auto of = [&](const auto& above, const auto& below, double most) {
    batch_ratio ratio = ratio_of(used, above, below);
    ratio.standard_error *= rule.widening();
    return answer_of(ratio, options.confidence_level, seen.customers, most);
  };
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const auto all = [](const station_batch& b) { return b.requests; };
  const auto time = [](const station_batch& b) { return b.time; };
  const auto servers = static_cast<double>(parts.servers);
  seen.mean_wait = of([](const auto& b) { return b.sum(&served::wait); }, requests, infinity);
  seen.mean_response =
      of([](const auto& b) { return b.sum(&served::response); }, requests, infinity);
  seen.mean_wait_abandoned = of([](const auto& b) { return b.wait_abandoned; },
                                [](const auto& b) { return b.abandoned; }, infinity);
  seen.wait_probability =
      of([](const auto& b) { return b.waited; }, [](const auto& b) { return b.admitted(); }, 1);
  seen.blocking_probability =
      of([](const auto& b) { return b.blocked; }, all, std::isfinite(parts.capacity) ? 1 : 0);
  seen.abandonment_probability =
      of([](const auto& b) { return b.abandoned; }, all, parts.patience != nullptr ? 1 : 0);
  seen.mean_in_system = of([](const auto& b) { return b.inside; }, time, infinity);
  seen.utilization = of([servers](const auto& b) { return b.work / servers; }, time, 1);
  for (std::size_t i = 0; i < parts.classes.size(); ++i) {
    const auto mine = [i](const auto& b) { return b.classes[i].requests; };
    seen.classes.push_back(
        {of([i](const auto& b) { return b.classes[i].wait; }, mine, infinity),
         of([i](const auto& b) { return b.classes[i].response; }, mine, infinity)});
  }
  log_cells together;
  for (const station_batch& b : used) together += b.delays;
  for (const double level : options.levels) {
    seen.quantiles.push_back(
        quantile_of(used, together, level, options.confidence_level, rule.widening()));
    seen.quantiles.back().n = seen.customers;
  }
  return seen;
}

}  // namespace detail

/// Simulates a station. Domain: servers from 1 to 1e6; capacity at least the servers; patience with
/// first_come only; offered load from 1e-4 to 1e9; batch_sizes >= 0 that add up to 1;
/// relative_half_width > 0; confidence_level and levels in (0, 1); max_customers from 4096 to 4e9.
/// Throws: std::domain_error, std::invalid_argument. Cost: some 60 ns a customer, O(log servers),
/// with priorities and shortest_remaining O(servers); for half the width four times as many.
/// Memory: some MB for the quantiles.
[[nodiscard]] inline simulation simulate(const simulation_model& model,
                                         const simulation_options& options = {}) {
  constexpr std::string_view where = "queueing::simulate";
  detail::require_model(where, model);
  detail::require_precision(where, options.relative_half_width, options.confidence_level,
                            "max_customers", options.max_customers);
  for (const double level : options.levels) {
    relia::detail::require_open_fraction(where, "levels", level);
  }
  std::vector<request_source> classes{{model.between_arrivals, model.service}};
  classes.insert(classes.end(), model.lower_classes.begin(), model.lower_classes.end());
  detail::station_parts parts{.classes = classes,
                              .batch_sizes = model.batch_sizes,
                              .servers = static_cast<std::size_t>(model.servers),
                              .patience = model.patience ? &*model.patience : nullptr,
                              .seed = options.seed};
  if (model.capacity) parts.capacity = static_cast<double>(*model.capacity);
  const double load = detail::checked_load(where, parts);
  if (!model.capacity && !model.patience && !(load < static_cast<double>(model.servers))) {
    return detail::unstable_simulation(parts, options, load);
  }
  switch (model.discipline) {
    case discipline::first_come:
      break;
    case discipline::processor_sharing:
      return detail::run(detail::sharing_engine(parts), parts, options);
    case discipline::shortest_remaining:
      return detail::run(detail::ranked_engine(parts, {.by_remaining = true, .interrupts = true}),
                         parts, options);
    case discipline::priority:
      return detail::run(detail::ranked_engine(parts, {}), parts, options);
    case discipline::preemptive_priority:
      return detail::run(detail::ranked_engine(parts, {.interrupts = true}), parts, options);
  }
  return detail::run(detail::first_come_engine(parts), parts, options);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
