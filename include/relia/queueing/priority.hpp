// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// What do the important requests gain, and the others lose, when some go first? Classes in order
/// of importance, Poisson arrivals, first come first served within a class. One server and any
/// services, where a service once begun goes on (non-preemptive) or is interrupted and later
/// resumed (preemptive-resume); or a pool of servers and one exponential service rate. A class is
/// stable whenever it and those before it fit, even if those behind it do not: each has its own
/// state. Ref: Cobham, Operations Research 2 (1954); Kella and Yechiali, Advances in Applied
/// Probability 17 (1985), for the pool; Gross et al., "Fundamentals of Queueing Theory", 4th ed.
/// (2008), 3.4, 5.4.

#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <span>
#include <string_view>
#include <vector>

#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/queueing/mmc.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// The requests of one importance.
struct priority_class {
  double arrival_rate = 0;
  double mean_service = 0;
  double service_scv = 1;
};

/// What a class meets: infinite delays and state unstable when it, or one before it, does not fit.
struct class_delay {
  double mean_wait = 0;      ///< until the service first begins
  double mean_response = 0;  ///< until it ends, interruptions included
  relia::state state = relia::state::ok;
};

/// Whether a more important arrival interrupts the service of another.
enum class preemption { none, resume };

namespace detail {

inline constexpr class_delay starved{std::numeric_limits<double>::infinity(),
                                     std::numeric_limits<double>::infinity(),
                                     relia::state::unstable};

inline void require_classes(std::string_view where, std::span<const priority_class> classes) {
  relia::detail::require_argument(!classes.empty(), where, "classes", "not empty", classes.size());
  for (const priority_class& k : classes) {
    relia::detail::require_non_negative(where, "arrival_rate", k.arrival_rate);
    relia::detail::require_positive(where, "mean_service", k.mean_service);
    relia::detail::require_non_negative(where, "service_scv", k.service_scv);
    const double left = (1 + k.service_scv) / 2 * k.mean_service;
    relia::detail::require_finite(where, "mean_service (1 + service_scv)", left);
  }
}

/// E S^2 / (2 E S): what is left, on average, of a service seen at random.
[[nodiscard]] inline double residual(const priority_class& k) noexcept {
  return (1 + k.service_scv) / 2 * k.mean_service;
}

}  // namespace detail

/// The delays of each class at one server, the most important first. Non-preemptive: (work in
/// service) / ((1 - load before) (1 - load up to it)); the first class that does not fit takes, of
/// the server, what is left, and those behind it nothing. Domain: classes not empty; rates >= 0,
/// mean_service > 0, scv >= 0. Throws: std::domain_error, std::invalid_argument. Cost: O(classes).
[[nodiscard]] inline std::vector<class_delay> mg1_priority(std::span<const priority_class> classes,
                                                           preemption rule = preemption::none) {
  detail::require_classes("queueing::mg1_priority", classes);
  // The slack after each class, and the work of services in progress, per class that fits.
  double in_service = 0;
  double slack = 1;
  for (const priority_class& k : classes) {
    const double left = std::fma(-k.arrival_rate, k.mean_service, slack);
    const double share = left > 0 ? k.arrival_rate * k.mean_service : slack;
    in_service += share * detail::residual(k);
    if (!(left > 0)) break;
    slack = left;
  }
  std::vector<class_delay> delays;
  double before = 1;
  double resumed = 0;
  for (const priority_class& k : classes) {
    const double after = std::fma(-k.arrival_rate, k.mean_service, before);
    if (!(after > 0)) break;
    resumed += k.arrival_rate * k.mean_service * detail::residual(k);
    const bool interrupts = rule == preemption::resume;
    const double wait = (interrupts ? resumed : in_service) / before / after;
    delays.push_back({wait, wait + (interrupts ? k.mean_service / before : k.mean_service)});
    before = after;
  }
  delays.resize(classes.size(), detail::starved);
  return delays;
}

/// The delays of each class, the most important first, at a pool whose services are all exponential
/// of one rate. Non-preemptive, C / (c mu) / ((1 - load before) (1 - load up to it)), C of all
/// classes together. Preemptive-resume: the wait is the same with C of the classes up to it, which
/// are an M/M/c of their own; the response follows from their total less the total before. Domain:
/// arrival_rates not empty, >= 0 (preemptive: > 0); service_rate > 0; servers from 1 to 1e9.
/// Throws: std::domain_error, std::invalid_argument. Cost: O(classes sqrt(servers)).
[[nodiscard]] inline std::vector<class_delay> mmc_priority(std::span<const double> arrival_rates,
                                                           double service_rate, count servers,
                                                           preemption rule = preemption::none) {
  constexpr std::string_view where = "queueing::mmc_priority";
  relia::detail::require_argument(!arrival_rates.empty(), where, "arrival_rates", "not empty",
                                  arrival_rates.size());
  relia::detail::require_positive(where, "service_rate", service_rate);
  detail::require_servers(where, servers);
  const bool interrupts = rule == preemption::resume;
  for (const double rate : arrival_rates) {
    if (interrupts) {
      relia::detail::require_positive(where, "arrival_rates", rate);
    } else {
      relia::detail::require_non_negative(where, "arrival_rates", rate);
    }
  }
  const double total = std::accumulate(arrival_rates.begin(), arrival_rates.end(), 0.0);
  relia::detail::require_finite(where, "sum of arrival_rates", total);
  const auto c = static_cast<double>(servers);
  const double all = detail::delay_of(total, service_rate, c).wait_probability;
  std::vector<class_delay> delays;
  double up_to = 0;
  double before = c;  // spare servers
  double waiting = 0;
  for (const double rate : arrival_rates) {
    up_to += rate;
    const detail::delay_model model = detail::delay_of(up_to, service_rate, c);
    if (!(model.slack > 0)) break;
    const double delayed = interrupts ? model.wait_probability : all;
    const double wait = delayed * c / before / model.slack / service_rate;
    double in_line = wait;  // interruptions included
    if (interrupts) {
      const double together = up_to * queueing::waiting_time(model).mean();
      in_line = (together - waiting) / rate;
      waiting = together;
    }
    delays.push_back({wait, in_line + 1 / service_rate});
    before = model.slack;
  }
  delays.resize(arrival_rates.size(), detail::starved);
  return delays;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
