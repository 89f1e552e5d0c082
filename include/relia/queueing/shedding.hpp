// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// What should an overloaded pool refuse? By rate: the fraction to turn away at the door so that
/// the rest, as M/M/c, meets a latency target. By length: the longest line that may be joined,
/// which bounds the wait of whoever is let in at any load, also while the load is not steady. Ref:
/// Gross, Shortle, Thompson, Harris, "Fundamentals of Queueing Theory", 4th ed. (2008), ch. 2.

#include <string_view>

#include <boost/math/special_functions/gamma.hpp>

#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/policy.hpp>
#include <relia/queueing/sizing.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// `admitted_rate`: what is let in; `shed_fraction`: the part of the arrivals that is turned away,
/// at random. impossible: even one request alone misses the target, and all are shed.
struct shedding {
  queueing::outcome outcome = queueing::outcome::impossible;
  double admitted_rate = 0;
  double shed_fraction = 1;
};

/// The least fraction of Poisson arrivals to turn away for the rest to meet a latency target, as
/// M/M/c. Domain: arrival_rate >= 0, service_rate > 0, servers from 1 to 1e9, level in (0, 1),
/// limit >= 0. Throws: std::domain_error. Cost: that of max_arrival_rate.
[[nodiscard]] inline shedding shed(double arrival_rate, double service_rate, count servers,
                                   const latency_target& target) {
  constexpr std::string_view where = "queueing::shed";
  relia::detail::require_non_negative(where, "arrival_rate", arrival_rate);
  const double bearable = max_arrival_rate(service_rate, servers, target);
  if (bearable == 0) return {};
  if (arrival_rate <= bearable) return {outcome::met, arrival_rate, 0};
  return {outcome::met, bearable, (arrival_rate - bearable) / arrival_rate};
}

/// The most requests that may wait, so that the last of them waits no longer than `limit` with a
/// probability of `level` or more; 0 when nobody may. The n-th in line is served after n departures
/// from busy servers, a gamma time of shape n and rate servers service_rate. Exact for exponential
/// service, whatever the arrivals. Domain: service_rate > 0; servers from 1 to 1e9; limit >= 0;
/// level in (0, 1); servers service_rate limit under 1e9. Throws: std::domain_error. Cost: some
/// hundred incomplete gamma functions.
[[nodiscard]] inline count longest_line(double service_rate, count servers, double limit,
                                        double level = 0.99) {
  constexpr std::string_view where = "queueing::longest_line";
  relia::detail::require_positive(where, "service_rate", service_rate);
  detail::require_servers(where, servers);
  relia::detail::require_non_negative(where, "limit", limit);
  relia::detail::require_open_fraction(where, "level", level);
  const double departures = static_cast<double>(servers) * service_rate * limit;
  relia::detail::require_domain(departures < 1e9, where, "servers * service_rate * limit",
                                "under 1e9", departures);
  // Whichever of the two tails is the smaller keeps the level's digits.
  const auto late = [&](count n) {
    if (departures == 0) return true;
    const auto ahead = static_cast<double>(n);
    return level < 0.5
               ? boost::math::gamma_p(ahead, departures, relia::detail::policy()) < level
               : boost::math::gamma_q(ahead, departures, relia::detail::policy()) > 1 - level;
  };
  count fits = 0;
  count fails = 1;
  while (!late(fails)) {
    fits = fails;
    fails *= 2;
  }
  while (fails - fits > 1) {
    const count middle = fits + (fails - fits) / 2;
    (late(middle) ? fails : fits) = middle;
  }
  return fits;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
