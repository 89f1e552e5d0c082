// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How many servers, how much load, how slow a service does this set of promises bear, with growth
/// and failures to come, and which promise is the one that binds? Every promise gets easier with
/// every server and harder with every request and every second of service, so each question is a
/// bracket and a bisection over the whole set at once, for patient requests, for a finite waiting
/// room and for impatient requests.

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>

#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/queueing/promises.hpp>
#include <relia/queueing/sizing.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// What is to come: the load grows by `growth` (0.3: 30 % more), and `failures` servers are down.
struct contingency {
  double growth = 0;
  count failures = 0;
};

/// The answer, in `value` servers, requests per unit of time, or units of time; `binding` names the
/// promise that one more step would break: "blocking", "abandonment", "wait_probability",
/// "utilization", "mean_wait", "mean_response", "wait_quantile", "response_quantile", or "capacity"
/// where only the steady state itself would end. Impossible: the service alone breaks it; value 0.
/// No promise is ever broken: value infinite.
struct bearing {
  queueing::outcome outcome = queueing::outcome::impossible;
  double value = 0;
  std::string_view binding = {};
};

namespace detail {

inline void require_plan(std::string_view where, const contingency& plan) {
  relia::detail::require_non_negative(where, "growth", plan.growth);
  relia::detail::require_domain(plan.failures >= 0 && plan.failures < most_servers, where,
                                "failures", "at least 0, under 1e9", plan.failures);
}

inline void require_fleet(std::string_view where, const workload& load, count servers,
                          const service_targets& targets, const contingency& plan) {
  require_servers(where, servers);
  require_targets(where, load, targets);
  require_plan(where, plan);
  relia::detail::require_domain(servers > plan.failures, where, "servers", "more than the failures",
                                servers);
}

/// The largest positive double for which `kept` holds, given that it holds at `least` and fails at
/// `most`: bisection over the doubles themselves, 64 steps whatever the scale.
template <class Predicate>
[[nodiscard]] double largest(double least, double most, const Predicate& kept) {
  auto low = std::bit_cast<std::uint64_t>(least);
  auto high = std::bit_cast<std::uint64_t>(most);
  while (high - low > 1) {
    const std::uint64_t middle = low + (high - low) / 2;
    (kept(std::bit_cast<double>(middle)) ? low : high) = middle;
  }
  return std::bit_cast<double>(low);
}

/// The most that the models take.
[[nodiscard]] inline double most_arrivals(const workload& load, count servers) {
  if (load.waiting_room) return 1e15 * load.service_rate;
  return load.abandonment_rate > 0 ? std::min(1e15 * load.service_rate, 1e9 * load.abandonment_rate)
                                   : static_cast<double>(servers) * load.service_rate * 2;
}

}  // namespace detail

/// The least number of servers, those that fail included, that keep every promise with the load
/// grown. Domain: rates as mmc, mmck or erlang_a take them; load grown under 5e8; fractions in (0,
/// 1]; limits as latency_target. Throws: std::domain_error. Cost: O(log servers) evaluations.
[[nodiscard]] inline bearing servers_for(workload load, const service_targets& targets,
                                         const contingency& plan = {}) {
  constexpr std::string_view where = "queueing::servers_for";
  relia::detail::require_non_negative(where, "arrival_rate", load.arrival_rate);
  relia::detail::require_positive(where, "service_rate", load.service_rate);
  detail::require_targets(where, load, targets);
  detail::require_plan(where, plan);
  load.arrival_rate *= 1 + plan.growth;
  const double offered = load.arrival_rate / load.service_rate;
  relia::detail::require_domain(offered < 5e8, where, "arrival_rate (1 + growth) / service_rate",
                                "under 5e8", offered);
  const auto idle = detail::judge_idle(load.service_rate, targets);
  if (idle.excess >= 0) return {outcome::impossible, 0, idle.name};
  const bool loses = load.waiting_room || load.abandonment_rate > 0;
  const count least = loses ? 1 : std::max(count{1}, static_cast<count>(offered));
  const count found =
      detail::least_count(least, detail::step_at(offered), most_servers,
                          [&](count n) { return detail::judge(load, n, targets).excess; });
  return {outcome::met, static_cast<double>(found + plan.failures),
          found == 1 ? "" : detail::judge(load, found - 1, targets).name};
}

/// The largest arrival rate, before it grows, at which `servers` less those that fail keep every
/// promise; infinite where none is ever broken. load.arrival_rate is not used. Domain, Throws: as
/// servers_for; servers from failures + 1 to 1e9. Cost: some sixty evaluations.
[[nodiscard]] inline bearing arrival_rate_for(workload load, count servers,
                                              const service_targets& targets,
                                              const contingency& plan = {}) {
  constexpr std::string_view where = "queueing::arrival_rate_for";
  relia::detail::require_positive(where, "service_rate", load.service_rate);
  detail::require_fleet(where, load, servers, targets, plan);
  const auto idle = detail::judge_idle(load.service_rate, targets);
  if (idle.excess >= 0) return {outcome::impossible, 0, idle.name};
  const auto at = [&](double rate) {
    load.arrival_rate = rate * (1 + plan.growth);
    return detail::judge(load, servers - plan.failures, targets);
  };
  const double most = detail::most_arrivals(load, servers) / (1 + plan.growth);
  if (at(most).kept()) return {outcome::met, std::numeric_limits<double>::infinity(), {}};
  const double rate = detail::largest(0, most, [&](double x) { return at(x).kept(); });
  return {outcome::met, rate, at(std::nextafter(rate, most)).name};
}

/// The largest mean service time with which `servers` less those that fail keep every promise,
/// under the load grown; infinite where none is ever broken. load.service_rate is not used. Domain,
/// Throws: as servers_for, arrival_rate > 0. Cost: some sixty evaluations.
[[nodiscard]] inline bearing service_time_for(workload load, count servers,
                                              const service_targets& targets,
                                              const contingency& plan = {}) {
  constexpr std::string_view where = "queueing::service_time_for";
  relia::detail::require_positive(where, "arrival_rate", load.arrival_rate);
  detail::require_fleet(where, load, servers, targets, plan);
  load.arrival_rate *= 1 + plan.growth;
  const auto at = [&](double time) {
    load.service_rate = 1 / time;
    const auto idle = detail::judge_idle(load.service_rate, targets);
    return idle.kept() ? detail::judge(load, servers - plan.failures, targets) : idle;
  };
  double most = 1e9 / load.arrival_rate;
  double least = 1e-9 / load.arrival_rate;
  if (load.abandonment_rate > 0) {
    most = std::min(most, 1e9 / load.abandonment_rate);
    least = std::max(least, 1e-9 / load.abandonment_rate);
  }
  if (at(most).kept()) return {outcome::met, std::numeric_limits<double>::infinity(), {}};
  if (!at(least).kept()) return {outcome::impossible, 0, at(least).name};
  const double time = detail::largest(least, most, [&](double x) { return at(x).kept(); });
  return {outcome::met, time, at(std::nextafter(time, most)).name};
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
