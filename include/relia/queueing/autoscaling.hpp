// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How many servers when, if the load moves and a server takes time to start? `staffing` sizes each
/// interval of a forecast; `scale_up` says what a step of the load costs until the new servers are
/// there.
/// Ref: Green, Kolesar, Management Science 37 (1991), pointwise stationary; Jagerman, Bell System
/// Technical Journal 54 (1975), and Jennings, Mandelbaum, Massey, Whitt, Management Science 42
/// (1996), modified offered load; Newell, "Applications of Queueing Theory" (1982), the fluid.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/queueing/sizing.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// As if each interval lasted for ever: right when a service is short beside it.
inline constexpr method pointwise_stationary{"pointwise_stationary"};
/// The load that infinitely many servers would have, which lags behind the arrivals by a service
/// time: exact for them, close while few wait.
inline constexpr method modified_offered_load{"modified_offered_load"};

/// `start_up_delay`: from the order to the first request served; each interval then also needs the
/// servers of every interval that begins within that time after it.
struct staffing_options {
  relia::method method = modified_offered_load;
  double start_up_delay = 0;
};

/// `loads`: the offered load, in erlangs, that each interval is sized for, the highest within it;
/// `needed`: the servers that meet the target then; `ordered`: those to have been ordered by its
/// beginning.
struct staffing_plan {
  queueing::outcome outcome = queueing::outcome::impossible;
  std::vector<double> loads = {};
  std::vector<count> needed = {};
  std::vector<count> ordered = {};
};

/// Servers for arrival rates that are constant over intervals of length `interval`, as M/M/c at the
/// load of each method; it begins in the steady state of the first. Domain: rates >= 0, at least
/// one; interval > 0, service_rate > 0, start_up_delay >= 0, level in (0, 1), limit >= 0, load
/// under 5e8. Throws: std::domain_error; std::invalid_argument for no rates or another method.
/// Cost: that of min_servers for each interval.
[[nodiscard]] inline staffing_plan staffing(std::span<const double> arrival_rates, double interval,
                                            double service_rate, const latency_target& target,
                                            const staffing_options& options = {}) {
  constexpr std::string_view where = "queueing::staffing";
  relia::detail::require_argument(!arrival_rates.empty(), where, "arrival_rates",
                                  "of size 1 or more", arrival_rates.size());
  relia::detail::require_positive(where, "interval", interval);
  relia::detail::require_positive(where, "service_rate", service_rate);
  relia::detail::require_non_negative(where, "start_up_delay", options.start_up_delay);
  const bool lags = options.method == modified_offered_load;
  relia::detail::require_argument(lags || options.method == pointwise_stationary, where, "method",
                                  "modified_offered_load or pointwise_stationary",
                                  options.method.name);
  staffing_plan plan;
  // m' = arrival_rate - service_rate m, solved exactly over each interval: monotone within it.
  const double approach = -std::expm1(-service_rate * interval);
  double load = 0;
  for (const double rate : arrival_rates) {
    relia::detail::require_non_negative(where, "arrival_rates", rate);
    const double stationary = rate / service_rate;
    const double before = plan.loads.empty() ? stationary : load;
    load = lags ? before + (stationary - before) * approach : stationary;
    const double highest = lags ? std::max(before, load) : stationary;
    const sizing found = min_servers(highest * service_rate, service_rate, target);
    plan.outcome = found.outcome;
    plan.loads.push_back(highest);
    plan.needed.push_back(found.servers);
  }
  const double ahead = std::ceil(options.start_up_delay / interval);
  const std::size_t n = plan.needed.size();
  const std::size_t reach =
      ahead < static_cast<double>(n) ? static_cast<std::size_t>(ahead) : n - 1;
  for (std::size_t i = 0; i < n; ++i) {
    const auto from = plan.needed.begin() + static_cast<std::ptrdiff_t>(i);
    const auto to = plan.needed.begin() + static_cast<std::ptrdiff_t>(std::min(n, i + reach + 1));
    plan.ordered.push_back(*std::max_element(from, to));
  }
  return plan;
}

/// What a step of the load costs. `backlog`: the requests that wait when the new servers come;
/// `longest_wait`: of the request that waits most; `drained_after`: from the step until nobody
/// waits, infinite when even the new servers are too few (state unstable). `servers_for_none`:
/// those needed from the beginning for no backlog at all.
struct scale_up {
  relia::state state = relia::state::ok;
  double backlog = 0;
  double longest_wait = 0;
  double drained_after = 0;
  count servers_for_none = 1;
};

/// A load that steps up to `arrival_rate` while `servers` serve, until `new_servers` in all serve
/// after `start_up_delay`; as a fluid, without the queue that chance adds. The longest wait is
/// start_up_delay (1 - capacity / arrival_rate), that of the request whose turn comes just as they
/// start. Domain: arrival_rate >= 0 and up to 1e9 times service_rate, service_rate > 0; servers and
/// new_servers from 1 to 1e9, new_servers >= servers; start_up_delay >= 0. Throws:
/// std::domain_error.
[[nodiscard]] inline scale_up step_of_load(double arrival_rate, double service_rate, count servers,
                                           count new_servers, double start_up_delay) {
  constexpr std::string_view where = "queueing::step_of_load";
  relia::detail::require_non_negative(where, "arrival_rate", arrival_rate);
  relia::detail::require_positive(where, "service_rate", service_rate);
  detail::require_servers(where, servers);
  relia::detail::require_domain(new_servers >= servers && new_servers <= most_servers, where,
                                "new_servers", "from servers to 1e9", new_servers);
  relia::detail::require_non_negative(where, "start_up_delay", start_up_delay);
  relia::detail::require_domain(arrival_rate / service_rate <= 1e9, where,
                                "arrival_rate / service_rate", "up to 1e9",
                                arrival_rate / service_rate);
  scale_up cost;
  cost.servers_for_none =
      std::max(count{1}, static_cast<count>(std::ceil(arrival_rate / service_rate)));
  const double growth = -std::fma(static_cast<double>(servers), service_rate, -arrival_rate);
  const double shrink = std::fma(static_cast<double>(new_servers), service_rate, -arrival_rate);
  if (growth <= 0) return cost;
  cost.backlog = growth * start_up_delay;
  if (shrink > 0) {
    cost.longest_wait = start_up_delay * (growth / arrival_rate);
    cost.drained_after = cost.backlog == 0 ? 0 : start_up_delay + cost.backlog / shrink;
    return cost;
  }
  constexpr double infinity = std::numeric_limits<double>::infinity();
  cost.state = relia::state::unstable;
  cost.longest_wait = infinity;
  cost.drained_after = infinity;
  return cost;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
