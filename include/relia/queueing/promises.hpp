// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Are these promises kept by this many servers, and which of them is the nearest to be broken? A
/// set of promises is judged on one model: patient requests, a finite waiting room, or impatience.

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/queueing/erlang_a.hpp>
#include <relia/queueing/mmck.hpp>
#include <relia/queueing/sizing.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// What arrives. Nothing else: M/M/c. With a `waiting_room`, that many may wait and the rest are
/// turned away: M/M/c/K. With an `abandonment_rate`, those that wait give up: Erlang A. Not both.
struct workload {
  double arrival_rate = 0;
  double service_rate = 1;
  std::optional<count> waiting_room = {};
  double abandonment_rate = 0;
};

/// Promises, all of them to be kept; those left alone promise nothing. Delays are those of requests
/// that are let in and served; a service level is a latency_target of the wait.
struct service_targets {
  double blocking = 1;
  double abandonment = 1;
  double wait_probability = 1;
  double utilization = 1;
  double mean_wait = std::numeric_limits<double>::infinity();
  double mean_response = std::numeric_limits<double>::infinity();
  std::vector<latency_target> latency = {};
};

/// The promise that is furthest from being kept, named as in service_targets, or "wait_quantile",
/// "response_quantile", or "capacity" where there is no steady state. `excess`: the logarithm of
/// actual / promised; 0 or less when it is kept.
struct worst_promise {
  double excess = -std::numeric_limits<double>::infinity();
  std::string_view name = {};

  void consider(std::string_view promise, double log_ratio) noexcept {
    if (!(log_ratio <= excess)) {
      excess = log_ratio;
      name = promise;
    }
  }
  void consider(std::string_view promise, double actual, double promised) noexcept {
    if (promised < std::numeric_limits<double>::infinity()) {
      consider(promise, std::log(actual) - std::log(promised));
    }
  }
  [[nodiscard]] bool kept() const noexcept { return excess <= 0; }
};

namespace detail {

inline void require_targets(std::string_view where, const workload& load,
                            const service_targets& targets) {
  using namespace relia::detail;
  require_domain(
      !load.waiting_room || (*load.waiting_room >= 0 && *load.waiting_room <= most_waiting), where,
      "waiting_room", "from 0 to 1e7", load.waiting_room.value_or(0));
  require_non_negative(where, "abandonment_rate", load.abandonment_rate);
  require_domain(!load.waiting_room || load.abandonment_rate == 0, where, "abandonment_rate",
                 "0 with a waiting_room", load.abandonment_rate);
  const auto fraction = [&](std::string_view name, double value) {
    require_domain(value > 0 && value <= 1, where, name, "a fraction in (0, 1] (1: no promise)",
                   value);
  };
  fraction("blocking", targets.blocking);
  fraction("abandonment", targets.abandonment);
  fraction("wait_probability", targets.wait_probability);
  fraction("utilization", targets.utilization);
  require_domain(targets.mean_wait > 0, where, "mean_wait", "positive", targets.mean_wait);
  require_domain(targets.mean_response > 0, where, "mean_response", "positive",
                 targets.mean_response);
  for (const auto& latency : targets.latency) require_target(where, latency);
}

template <class Delays>
void judge_latency(worst_promise& worst, const std::vector<latency_target>& targets,
                   const Delays& log_survival) {
  for (const auto& t : targets) {
    worst.consider(t.delay == delay::wait ? "wait_quantile" : "response_quantile",
                   log_survival(t) - std::log1p(-t.level));
  }
}

[[nodiscard]] inline worst_promise judge(const mmc& q, const service_targets& targets) {
  worst_promise worst;
  worst.consider("capacity", q.state() == relia::state::ok
                                 ? -std::numeric_limits<double>::infinity()
                                 : std::numeric_limits<double>::infinity());
  worst.consider("wait_probability", q.log_wait_probability() - std::log(targets.wait_probability));
  worst.consider("utilization", q.utilization(), targets.utilization);
  worst.consider("mean_wait", q.waiting_time().mean(), targets.mean_wait);
  worst.consider("mean_response", q.response_time().mean(), targets.mean_response);
  judge_latency(worst, targets.latency, [&](const latency_target& t) {
    return t.delay == delay::wait ? q.waiting_time().log_survival(t.limit)
                                  : q.response_time().log_survival(t.limit);
  });
  return worst;
}

/// For a pool that loses requests. What is not promised is not computed.
template <class Pool>
[[nodiscard]] worst_promise judge_lossy(const Pool& q, double abandonment,
                                        const service_targets& targets) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  worst_promise worst;
  if (targets.blocking < 1) worst.consider("blocking", q.blocking_probability(), targets.blocking);
  if (targets.abandonment < 1) worst.consider("abandonment", abandonment, targets.abandonment);
  if (targets.wait_probability < 1) {
    worst.consider("wait_probability", q.wait_probability(), targets.wait_probability);
  }
  if (targets.utilization < 1) {
    worst.consider("utilization", q.utilization(), targets.utilization);
  }
  const bool waits = targets.mean_wait < infinity || targets.mean_response < infinity ||
                     std::any_of(targets.latency.begin(), targets.latency.end(),
                                 [](const auto& t) { return t.delay == delay::wait; });
  if (waits) {
    const auto wait = q.waiting_time();
    worst.consider("mean_wait", wait.mean(), targets.mean_wait);
    worst.consider("mean_response", wait.mean() + 1 / q.service_rate(), targets.mean_response);
    for (const auto& t : targets.latency) {
      if (t.delay == delay::wait) {
        worst.consider("wait_quantile", wait.survival(t.limit), 1 - t.level);
      }
    }
  }
  if (std::any_of(targets.latency.begin(), targets.latency.end(),
                  [](const auto& t) { return t.delay == delay::response; })) {
    const auto response = q.response_time();
    for (const auto& t : targets.latency) {
      if (t.delay == delay::response) {
        worst.consider("response_quantile", response.survival(t.limit), 1 - t.level);
      }
    }
  }
  return worst;
}

[[nodiscard]] inline worst_promise judge(const workload& load, count servers,
                                         const service_targets& targets) {
  if (load.waiting_room) {
    return judge_lossy(
        mmck(load.arrival_rate, load.service_rate, servers, servers + *load.waiting_room), 0,
        targets);
  }
  if (load.abandonment_rate > 0) {
    const erlang_a q(load.arrival_rate, load.service_rate, servers, load.abandonment_rate);
    return judge_lossy(q, targets.abandonment < 1 ? q.abandonment_probability() : 0, targets);
  }
  return judge(mmc(load.arrival_rate, load.service_rate, servers), targets);
}

/// What not even an idle pool keeps, for the service alone breaks it.
[[nodiscard]] inline worst_promise judge_idle(double service_rate, const service_targets& targets) {
  worst_promise worst;
  worst.consider("mean_response", 1 / service_rate, targets.mean_response);
  judge_latency(worst, targets.latency,
                [&](const latency_target& t) { return log_unavoidable(service_rate, t); });
  return worst;
}

}  // namespace detail

/// Whether `servers` keep every promise, and which one is the nearest to be broken. Domain: as
/// mmc, mmck or erlang_a; fractions in (0, 1]; limits as latency_target. Throws: std::domain_error.
[[nodiscard]] inline worst_promise judge(const workload& load, count servers,
                                         const service_targets& targets) {
  detail::require_servers("queueing::judge", servers);
  detail::require_targets("queueing::judge", load, targets);
  return detail::judge(load, servers, targets);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
