// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How many requests give up waiting, and how long do the others wait? Erlang A, M/M/c+M: requests
/// that wait leave at rate `abandonment_rate`, 1 over their mean patience (client timeouts that are
/// themselves random, users who close the page). It has a steady state at any load.
/// Ref: Palm (1957); Mandelbaum and Zeltyn, "Service engineering in action: the Palm/Erlang-A
/// queue" (2007).

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/queueing/erlang.hpp>
#include <relia/queueing/pool.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// An M/M/c+M queue; see pool for what else it answers. Nobody is turned away.
class erlang_a : public pool {
 public:
  /// Domain: arrival_rate >= 0; service_rate > 0, their ratio at most 1e15; servers from 1 to 1e9;
  /// abandonment_rate > 0, at least 1e-9 arrival_rate and 1e-9 service_rate, at most 1e9
  /// service_rate (who never gives up: mmc). Throws: std::domain_error. Cost: O(sqrt servers +
  /// sqrt(arrival_rate / abandonment_rate)).
  erlang_a(double arrival_rate, double service_rate, count servers, double abandonment_rate)
      : pool(where_, arrival_rate, service_rate, servers, 1e15,
             checked(arrival_rate, service_rate, abandonment_rate)),
        abandonment_rate_(abandonment_rate) {}

  [[nodiscard]] double abandonment_rate() const noexcept { return abandonment_rate_; }
  /// Offered load in erlangs: arrival_rate / service_rate.
  [[nodiscard]] double load() const noexcept { return arrival_rate() / service_rate(); }

  /// The fraction of requests that give up.
  [[nodiscard]] double abandonment_probability() const {
    const auto& r = rates();
    const double busy = r.servers * r.service;
    return std::min(1.0, chain().expect(r.servers, r.highest, [&](double n) {
      const double giving_up = (n - r.servers + 1) * r.abandonment;
      return giving_up / (busy + giving_up);
    }));
  }

  /// The time spent waiting, on average: of all requests, served or not; of those that are served;
  /// of those that give up.
  [[nodiscard]] double mean_wait() const {
    return arrival_rate() == 0 ? 0 : mean_in_queue() / arrival_rate();
  }
  [[nodiscard]] double mean_wait_given_served() const { return waiting_time().mean(); }
  /// With k waiting ahead all the stages j <= k are as likely to be the last: theta / (c mu + (k +
  /// 1) theta) each. The limit without load is that of one request behind busy servers.
  [[nodiscard]] double mean_wait_given_abandoned() const {
    const auto& r = rates();
    const double busy = r.servers * r.service;
    const auto found = seen(false);
    double gave_up = 0;
    double waited = 0;
    double k = 1;
    double stages = 0;  // the sum of k / (busy + k theta)
    if (found.first <= 1e5) {
      for (; k <= found.first; k += 1) stages += k / (busy + k * r.abandonment);
    } else {
      k = found.first + 1;
      stages =
          (found.first - busy * detail::stages(busy, r.abandonment, 1, found.first).mean.value()) /
          r.abandonment;
    }
    for (const double p : found.ahead) {
      const double rate = busy + k * r.abandonment;
      stages += k / rate;
      gave_up += p * k / rate;
      waited += p * stages / rate;
      k += 1;
    }
    return unit() * (gave_up > 0 ? waited / gave_up : 1 / (busy + r.abandonment));
  }

  /// Exact: the fraction of all requests that are served after a wait of t or less.
  [[nodiscard]] double served_within(double t) const {
    return (1 - abandonment_probability()) * waiting_time().cdf(t);
  }
  /// The fraction of all requests that wait for longer than t, whether they are served later or
  /// not.
  [[nodiscard]] double waits_longer(double t) const {
    return t < 0 ? 1 : std::exp(-abandonment_rate_ * t) * offered_wait().survival(t);
  }

  /// The delays of a request that is served.
  [[nodiscard]] pool_delay waiting_time() const { return {delay::wait, seen()}; }
  [[nodiscard]] pool_delay response_time() const { return {delay::response, seen()}; }
  /// What a request would wait that never gave up, among others who do.
  [[nodiscard]] pool_delay offered_wait() const { return {delay::wait, seen(false)}; }

 private:
  static constexpr std::string_view where_ = "queueing::erlang_a";

  [[nodiscard]] static double checked(double arrival_rate, double service_rate,
                                      double abandonment_rate) {
    relia::detail::require_positive(where_, "abandonment_rate", abandonment_rate);
    // The other rates are checked by the base; here they only must not turn this into a riddle.
    relia::detail::require_domain(
        !(arrival_rate > 1e9 * abandonment_rate) && !(service_rate > 1e9 * abandonment_rate) &&
            !(abandonment_rate > 1e9 * service_rate),
        where_, "abandonment_rate",
        "from 1e-9 of the other rates to 1e9 of the service rate (mmc: nobody gives up)",
        abandonment_rate);
    return abandonment_rate;
  }

  double abandonment_rate_;
};

/// Erlang A of a number of servers that need not be whole.
struct impatience {
  double wait_probability = 0;
  double abandonment_probability = 0;
  double mean_in_queue = 0;
};

/// `load`: arrival rate times mean service time; `abandonment`: abandonment rate times mean service
/// time. Domain: servers over 0, at most 1e9; load from 0 to 1e15; abandonment from 1e-9 to 1e9 and
/// at least 1e-9 load. Throws: std::domain_error. Cost: as erlang_a. Ref: Palm (1957), with 1/B of
/// a real number of servers.
[[nodiscard]] inline impatience erlang_a_real(double servers, double load, double abandonment) {
  constexpr std::string_view where = "queueing::erlang_a_real";
  detail::require_real_servers(where, servers);
  relia::detail::require_domain(load >= 0 && load <= 1e15, where, "load", "from 0 to 1e15", load);
  relia::detail::require_domain(
      abandonment >= 1e-9 && abandonment <= 1e9 && load <= 1e9 * abandonment, where, "abandonment",
      "from 1e-9 to 1e9, at least 1e-9 load", abandonment);
  if (load == 0) return {};
  struct {
    double servers, load, abandonment;
    [[nodiscard]] double down(double k) const noexcept { return servers + k * abandonment; }
    [[nodiscard]] double next(double t, double k) const noexcept { return t * load / down(k + 1); }
    [[nodiscard]] double previous(double t, double k) const noexcept { return t * down(k) / load; }
  } const waiting{servers, load, abandonment};
  const double mode = detail::mode_of(waiting, 0, 1e15);
  detail::chain_weight none;  // the weight of nobody waiting, with that of the mode as 1
  for (double k = mode; k > 0 && none.exponent > -1200; k -= 1) {
    none.set(waiting.previous(none.mantissa, k));
  }
  double below = detail::erlang_b_excess(servers, load);
  if (!std::isfinite(below)) below = std::numeric_limits<double>::max();
  below *= none.value();
  const auto sum = [&](const auto& value) {
    return detail::outward_sum(waiting, mode, 0, 1e15, value);
  };
  const double busy = sum([](double) { return 1.0; });
  const double total = below + busy;
  const double gave_up = sum([&](double k) { return (k + 1) * abandonment / waiting.down(k + 1); });
  return {busy / total, std::min(1.0, gave_up / total), sum([](double k) { return k; }) / total};
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
