// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Do retries carry the load over the point of no return? Fresh requests come at `arrival_rate`;
/// who fails is tried again at once, up to `max_retries` times, while a budget lasts. The attempts
/// load the pool, and a loaded pool fails more of them: the attempt rate x solves
///   x = arrival_rate A(p(x)),  A(p) = min(1 + p + ... + p^max_retries, 1 + budget),
/// p(x) the fraction of attempts that fail. Read the other way, x / A(p(x)) is the arrival rate
/// that x belongs to: it rises (stable), falls past its peak (unstable: a spike beyond goes on
/// growing), and rises again where every permitted retry is spent. Independent failures and Poisson
/// attempts are assumed: what a client does within one overload is worse, not better. A large pool
/// away from its limits is as this says; at 2 servers of load 0.45, a timeout of 3 services and one
/// retry, three times as many attempts fail, by simulation.
/// Ref: Bronson, Aghayev, Charapko, Zhu, "Metastable failures in distributed systems", HotOS
/// (2021); Cohen, Philips Telecommunication Review 18 (1957), for the fixed point; Lee and Cohen,
/// Journal of Applied Probability 20 (1983), for the convexity behind the one peak.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/queueing/detail/sign_change.hpp>
#include <relia/queueing/erlang.hpp>
#include <relia/queueing/mmc.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// `timeout`: an attempt whose response takes longer has failed, though the server still does the
/// work. `budget`: retries per fresh request, on average, that clients may spend together; 0.1
/// allows a tenth more load.
struct retry_policy {
  double timeout = 0;
  count max_retries = 3;
  double budget = std::numeric_limits<double>::infinity();
};

/// `settles`: one steady state, whatever the spike. `metastable`: a normal state, and a storm that
/// feeds itself once a spike has passed the point of no return. `storm`: the storm from any start.
enum class retry_outcome { settles, metastable, storm };

[[nodiscard]] constexpr std::string_view to_string(retry_outcome o) noexcept {
  return o == retry_outcome::settles      ? "settles"
         : o == retry_outcome::metastable ? "metastable"
                                          : "storm";
}

/// A steady state: attempts per unit of time, the fraction of them that fail, and the fraction of
/// fresh requests none of whose attempts succeeds.
struct retry_point {
  double attempt_rate = 0;
  double attempt_failure = 0;
  double request_failure = 0;
};

/// `normal` and `storm`: the steady states that exist. `point_of_no_return`: the attempt rate past
/// which the load grows into the storm; infinite when it settles, 0 when there is only the storm.
/// `safe_budget`: with less than that many retries per fresh request the storm cannot last;
/// infinite when no number of retries feeds one, 0 when the normal state needs none.
struct retry_load {
  retry_outcome outcome = retry_outcome::settles;
  std::optional<retry_point> normal = {};
  std::optional<retry_point> storm = {};
  double point_of_no_return = std::numeric_limits<double>::infinity();
  double safe_budget = std::numeric_limits<double>::infinity();
};

/// Arrival rates: up to `safe` no spike leaves a storm behind; above `largest` there is nothing but
/// the storm. Between them the pool is metastable.
struct retry_limits {
  double safe = 0;
  double largest = 0;
};

namespace detail {

/// 1 + p + ... + p^retries.
[[nodiscard]] inline double attempts_per_request(double p, double retries) noexcept {
  if (p >= 1) return 1 + retries;
  if (p == 0) return 1;
  return -std::expm1((1 + retries) * std::log(p)) / (1 - p);
}

/// The curve x -> x / A(p(x)) of an M/M/c pool whose attempts time out.
class retry_curve {
 public:
  retry_curve(double service_rate, count servers, const retry_policy& policy)
      : service_rate_(service_rate),
        servers_(static_cast<double>(servers)),
        timeout_(policy.timeout),
        retries_(static_cast<double>(policy.max_retries)),
        budget_(std::min(policy.budget, retries_)) {
    exhausted_from_ = capacity();
    if (budget_ > 0 && budget_ < retries_) {
      exhausted_from_ =
          sign_change(
              [&](double x) { return attempts_per_request(failure(x), retries_) - 1 - budget_; }, 0,
              capacity(), 52)
              .middle();
    }
    peak_ = highest();
  }

  [[nodiscard]] double capacity() const noexcept { return servers_ * service_rate_; }
  [[nodiscard]] double most_attempts() const noexcept { return 1 + budget_; }
  /// From this attempt rate on, every permitted retry is spent.
  [[nodiscard]] double exhausted_from() const noexcept { return exhausted_from_; }
  /// Where the stable branch ends.
  [[nodiscard]] double peak() const noexcept { return peak_; }

  [[nodiscard]] double failure(double x) const noexcept {
    if (x >= capacity()) return 1;
    return response_time(delay_of(x, service_rate_, servers_)).survival(timeout_);
  }
  [[nodiscard]] double attempts(double x) const noexcept {
    return std::min(attempts_per_request(failure(x), retries_), most_attempts());
  }
  [[nodiscard]] double arrivals(double x) const noexcept { return x / attempts(x); }

  /// 1 - A (1 - p) is p^(retries + 1) while the budget does not bind.
  [[nodiscard]] retry_point at(double x) const noexcept {
    const double p = failure(x);
    const double all = std::pow(p, 1 + retries_);
    const bool binds = attempts_per_request(p, retries_) > most_attempts();
    return {x, p, binds ? std::max(all, p - budget_ * (1 - p)) : all};
  }

  [[nodiscard]] double root(double arrival_rate, double lower, double upper) const {
    return sign_change([&](double x) { return x - arrival_rate * attempts(x); }, lower, upper, 52)
        .middle();
  }

 private:
  /// By golden sections: x / A has one peak up to exhausted_from, because A(p(x)) is convex in x
  /// (docs/design.md has the proof). What counts is its value, which is flat there.
  [[nodiscard]] double highest() const noexcept {
    constexpr double golden = 0.61803398874989484820;
    double lower = 0;
    double upper = exhausted_from_;
    double left = upper - golden * (upper - lower);
    double right = lower + golden * (upper - lower);
    double at_left = arrivals(left);
    double at_right = arrivals(right);
    for (int i = 0; i < 100 && left < right; ++i) {
      if (at_left < at_right) {
        lower = left;
        left = right;
        at_left = at_right;
        right = lower + golden * (upper - lower);
        at_right = arrivals(right);
      } else {
        upper = right;
        right = left;
        at_right = at_left;
        left = upper - golden * (upper - lower);
        at_left = arrivals(left);
      }
    }
    const double inner = lower + (upper - lower) / 2;
    return arrivals(inner) > arrivals(exhausted_from_) ? inner : exhausted_from_;
  }

  double service_rate_;
  double servers_;
  double timeout_;
  double retries_;
  double budget_;
  double exhausted_from_ = 0;
  double peak_ = 0;
};

inline void require_retries(std::string_view where, count max_retries, double budget) {
  relia::detail::require_domain(max_retries >= 0 && max_retries <= 1'000'000, where, "max_retries",
                                "from 0 to 1e6", max_retries);
  relia::detail::require_domain(budget >= 0, where, "budget", "at least 0", budget);
}

[[nodiscard]] inline retry_curve curve_of(std::string_view where, double service_rate,
                                          count servers, const retry_policy& policy) {
  relia::detail::require_positive(where, "service_rate", service_rate);
  require_servers(where, servers);
  relia::detail::require_domain(
      relia::detail::is_finite(service_rate * static_cast<double>(servers)), where, "service_rate",
      "small enough that servers * service_rate is finite", service_rate);
  relia::detail::require_positive(where, "timeout", policy.timeout);
  require_retries(where, policy.max_retries, policy.budget);
  return {service_rate, servers, policy};
}

}  // namespace detail

/// The steady states of an M/M/c pool whose clients retry after a timeout. Domain: arrival_rate >=
/// 0 (fresh requests), service_rate > 0, servers from 1 to 1e9, timeout > 0, max_retries from 0 to
/// 1e6, budget >= 0. Throws: std::domain_error. Cost: some two hundred evaluations.
[[nodiscard]] inline retry_load retries(double arrival_rate, double service_rate, count servers,
                                        const retry_policy& policy) {
  constexpr std::string_view where = "queueing::retries";
  relia::detail::require_non_negative(where, "arrival_rate", arrival_rate);
  const detail::retry_curve curve = detail::curve_of(where, service_rate, servers, policy);
  const double spent = arrival_rate * curve.most_attempts();
  const bool calm = arrival_rate < curve.arrivals(curve.peak()) && arrival_rate < curve.capacity();
  const bool stormy = spent >= curve.exhausted_from();
  retry_load load;
  if (calm) load.normal = curve.at(curve.root(arrival_rate, arrival_rate, curve.peak()));
  if (stormy || !calm) load.storm = curve.at(spent);
  load.outcome = !calm    ? retry_outcome::storm
                 : stormy ? retry_outcome::metastable
                          : retry_outcome::settles;
  if (!calm) {
    load.point_of_no_return = 0;
    load.safe_budget = 0;
  } else if (stormy) {
    load.point_of_no_return = curve.root(arrival_rate, curve.peak(), curve.exhausted_from());
    load.safe_budget = load.point_of_no_return / arrival_rate - 1;
  }
  return load;
}

/// The arrival rates at which a pool becomes metastable, and at which it has no normal state left.
/// Domain, Throws, Cost: as retries.
[[nodiscard]] inline retry_limits retry_bounds(double service_rate, count servers,
                                               const retry_policy& policy) {
  const detail::retry_curve curve =
      detail::curve_of("queueing::retry_bounds", service_rate, servers, policy);
  const double largest = curve.arrivals(curve.peak());
  return {std::min(largest, curve.exhausted_from() / curve.most_attempts()), largest};
}

/// Retries at a pool that turns away whom it cannot serve at once (Erlang B). One steady state: the
/// carried load x (1 - B(x)) grows with x, and what the clients ask of it, arrival_rate (1 -
/// B^(max_retries + 1)), falls. Domain: arrival_rate >= 0, service_rate > 0, servers from 1 to 1e9,
/// max_retries from 0 to 1e6, budget >= 0. Throws: std::domain_error. Cost: some twenty
/// evaluations.
[[nodiscard]] inline retry_point retries_when_blocked(
    double arrival_rate, double service_rate, count servers, count max_retries = 3,
    double budget = std::numeric_limits<double>::infinity()) {
  constexpr std::string_view where = "queueing::retries_when_blocked";
  relia::detail::require_non_negative(where, "arrival_rate", arrival_rate);
  relia::detail::require_positive(where, "service_rate", service_rate);
  detail::require_servers(where, servers);
  detail::require_retries(where, max_retries, budget);
  const auto limit = static_cast<double>(max_retries);
  const double most = 1 + std::min(limit, budget);
  relia::detail::require_domain(relia::detail::is_finite(most * (arrival_rate / service_rate)),
                                where, "arrival_rate / service_rate", "finite with all retries",
                                arrival_rate / service_rate);
  const auto blocked = [&](double x) { return erlang_b(servers, x / service_rate); };
  const auto over = [&](double at) {
    return at - arrival_rate * std::min(most, detail::attempts_per_request(blocked(at), limit));
  };
  const double x = detail::sign_change(over, arrival_rate, arrival_rate * most, 52).middle();
  const double p = blocked(x);
  const double all = std::pow(p, 1 + limit);
  const bool binds = detail::attempts_per_request(p, limit) > most;
  return {x, p, binds ? std::max(all, p - (most - 1) * (1 - p)) : all};
}

/// Attempts at the bottom of `depth` layers that each try `attempts` times, for one request at the
/// top, when everything fails: attempts^depth. Domain: attempts >= 1, depth >= 0. Throws:
/// std::domain_error.
[[nodiscard]] inline double worst_retry_amplification(count attempts, count depth) {
  constexpr std::string_view where = "queueing::worst_retry_amplification";
  relia::detail::require_positive_count(where, "attempts", attempts);
  relia::detail::require_non_negative_count(where, "depth", depth);
  return std::pow(static_cast<double>(attempts), static_cast<double>(depth));
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
