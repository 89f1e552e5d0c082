// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How many servers does this latency need, and how much load do these servers bear? The inverse
/// questions of M/M/c ("p99 of the response under 400 ms") and of Erlang B ("one in a thousand
/// turned away"). Each probability falls with every server and rises with every request, so a
/// bracket and a bisection find the answer, in O(log servers) evaluations.
/// Ref: the bracket starts in steps of sqrt(load), after Halfin and Whitt, Operations Research 29
/// (1981).

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>

#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/queueing/delay.hpp>
#include <relia/queueing/detail/sign_change.hpp>
#include <relia/queueing/erlang.hpp>
#include <relia/queueing/mmc.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// "A fraction `level` of the requests has a `delay` of `limit` or less." The p99 of the response
/// under 0.4 s: {.limit = 0.4}. One request in a hundred may wait: {delay::wait, 0.99, 0.0}.
struct latency_target {
  queueing::delay delay = queueing::delay::response;
  double level = 0.99;
  double limit = 0;
};

/// Whether any number of servers suffices. `impossible`: the service alone takes too long.
enum class outcome { met, impossible };

[[nodiscard]] constexpr std::string_view to_string(outcome o) noexcept {
  return o == outcome::met ? "met" : "impossible";
}

/// `servers`: the least number that meets the target; 0 when none does. `probability`: that of
/// missing the limit, or of being turned away, with that many; when impossible, with any number.
struct sizing {
  queueing::outcome outcome = queueing::outcome::impossible;
  count servers = 0;
  double probability = 1;
};

namespace detail {

inline void require_target(std::string_view where, const latency_target& target) {
  relia::detail::require_open_fraction(where, "level", target.level);
  relia::detail::require_non_negative(where, "limit", target.limit);
}

[[nodiscard]] inline double log_exceedance(const delay_model& model,
                                           const latency_target& target) noexcept {
  return target.delay == delay::wait ? waiting_time(model).log_survival(target.limit)
                                     : response_time(model).log_survival(target.limit);
}

/// What even an idle pool exceeds: the logarithm of the probability that the service alone does.
[[nodiscard]] inline double log_unavoidable(double service_rate,
                                            const latency_target& target) noexcept {
  return target.delay == delay::wait ? -std::numeric_limits<double>::infinity()
                                     : -service_rate * target.limit;
}

/// The least count from `least` to `most` of which the excess over a limit is 0 or less. Domain:
/// excess(most) <= 0, and it never rises above 0 again. Steps of `step` are doubled until it holds;
/// then a line through the ends of the bracket says where to look, the far end halved each time as
/// in the Illinois rule, and every third time the middle, so that it ends.
template <class Excess>
[[nodiscard]] count least_count(count least, count step, count most, const Excess& excess) {
  count fails = least - 1;
  count holds = least;
  double above = std::numeric_limits<double>::infinity();
  double below = 0;
  while (holds < most && !((below = excess(holds)) <= 0)) {
    fails = holds;
    above = below;
    holds = std::min(most, least + step);
    step *= 2;
  }
  for (int turn = 1; holds - fails > 1; ++turn) {
    const count width = holds - fails;
    const double part = above / (above - below);
    count at = fails + width / 2;
    if (turn % 3 != 0 && part <= 1) {
      at = fails + std::clamp(static_cast<count>(std::ceil(part * static_cast<double>(width))),
                              count{1}, width - 1);
    }
    if (const double e = excess(at); e <= 0) {
      holds = at;
      below = e;
      above /= 2;
    } else {
      fails = at;
      above = e;
      below /= 2;
    }
  }
  return holds;
}

/// The positive number at which an increasing `f` reaches 0, from below: f(result) <= 0. Domain:
/// f(upper) >= 0, f < 0 somewhere below.
template <class Function>
[[nodiscard]] double increasing_root(const Function& f, double upper) {
  double lower = upper / 2;
  while (lower > 0 && f(lower) > 0) {
    upper = lower;
    lower /= 2;
  }
  return lower > 0 ? sign_change(f, lower, upper, 52).lower : 0;
}

[[nodiscard]] inline count step_at(double load) noexcept {
  return 1 + static_cast<count>(std::sqrt(load));
}

}  // namespace detail

/// The least number of servers that meets a latency target, as M/M/c. Service alone too slow:
/// outcome::impossible, never a search without end. Domain: arrival_rate >= 0, service_rate > 0,
/// their ratio under 5e8; level in (0, 1); limit >= 0, in the unit of the rates. Throws:
/// std::domain_error. Cost: O(log load).
[[nodiscard]] inline sizing min_servers(double arrival_rate, double service_rate,
                                        const latency_target& target) {
  constexpr std::string_view where = "queueing::min_servers";
  relia::detail::require_non_negative(where, "arrival_rate", arrival_rate);
  relia::detail::require_positive(where, "service_rate", service_rate);
  detail::require_target(where, target);
  const double load = arrival_rate / service_rate;
  relia::detail::require_domain(load < 5e8, where, "arrival_rate / service_rate", "under 5e8",
                                load);
  const double allowed = std::log1p(-target.level);
  const double unavoidable = detail::log_unavoidable(service_rate, target);
  if (unavoidable >= allowed) return {outcome::impossible, 0, std::exp(unavoidable)};
  const auto reached = [&](count servers) {
    return detail::log_exceedance(
        detail::delay_of(arrival_rate, service_rate, static_cast<double>(servers)), target);
  };
  const count servers =
      detail::least_count(std::max(count{1}, static_cast<count>(load)), detail::step_at(load),
                          most_servers, [&](count n) { return reached(n) - allowed; });
  return {outcome::met, servers, std::exp(reached(servers))};
}

/// The largest arrival rate at which `servers` still meet a latency target, as M/M/c; 0 when the
/// service alone takes too long. Domain: service_rate > 0; servers from 1 to 1e9; level in (0, 1);
/// limit >= 0. Throws: std::domain_error. Cost: some twenty evaluations.
[[nodiscard]] inline double max_arrival_rate(double service_rate, count servers,
                                             const latency_target& target) {
  constexpr std::string_view where = "queueing::max_arrival_rate";
  relia::detail::require_positive(where, "service_rate", service_rate);
  detail::require_servers(where, servers);
  detail::require_target(where, target);
  const double allowed = std::log1p(-target.level);
  if (detail::log_unavoidable(service_rate, target) >= allowed) return 0;
  const auto capacity = static_cast<double>(servers);
  const auto over = [&](double load, double slack) {
    return detail::log_exceedance(detail::delay_of_slack(capacity, load, slack, service_rate),
                                  target) -
           allowed;
  };
  // The root is sought in the smaller of load and slack, so that neither loses its digits.
  double load = capacity / 2;
  if (over(load, load) > 0) {
    load = detail::increasing_root([&](double at) { return over(at, capacity - at); }, load);
  } else {
    double slack =
        detail::increasing_root([&](double at) { return -over(capacity - at, at); }, capacity / 2);
    load = capacity - slack;
  }
  // Rounded to where the model itself says that the target is met.
  double rate = load * service_rate;
  for (double step = std::numeric_limits<double>::epsilon(); step < 1; step *= 2) {
    const auto model = detail::delay_of(rate, service_rate, capacity);
    if (detail::log_exceedance(model, target) <= allowed) break;
    rate *= 1 - step;
  }
  return rate;
}

/// The least number of servers, or connections, that turn away no more than a fraction `blocking`
/// of the arrivals, as Erlang B. Domain: load from 0 to 5e8, blocking in (0, 1). Throws:
/// std::domain_error. Cost: O(log load).
[[nodiscard]] inline sizing min_servers_for_blocking(double load, double blocking) {
  constexpr std::string_view where = "queueing::min_servers_for_blocking";
  relia::detail::require_domain(load >= 0 && load < 5e8, where, "load", "at least 0, under 5e8",
                                load);
  relia::detail::require_open_fraction(where, "blocking", blocking);
  // No pool carries more than its size: load (1 - B) <= servers.
  const count least = std::max(count{1}, static_cast<count>(load * (1 - blocking)));
  const count servers =
      detail::least_count(least, detail::step_at(load), most_servers,
                          [&](count n) { return std::log(erlang_b(n, load) / blocking); });
  return {outcome::met, servers, erlang_b(servers, load)};
}

/// The largest offered load of which `servers` turn away no more than a fraction `blocking`.
/// Domain: servers from 1 to 1e9, blocking in (0, 1). Throws: std::domain_error. Cost: some twenty
/// evaluations.
[[nodiscard]] inline double max_load_for_blocking(count servers, double blocking) {
  constexpr std::string_view where = "queueing::max_load_for_blocking";
  detail::require_servers(where, servers);
  relia::detail::require_open_fraction(where, "blocking", blocking);
  const double allowed = std::log(blocking);
  return detail::increasing_root([&](double load) { return log_erlang_b(servers, load) - allowed; },
                                 static_cast<double>(servers) / (1 - blocking));
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
