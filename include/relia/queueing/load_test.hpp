// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Which pool did this load test measure? `fit_station` looks for the one whose mean response
/// explains the levels: effective servers, service rate, and the variability of traffic and
/// service, by the Allen-Cunneen formula 1 / mu + v C(c, a) / (c mu - lambda); v = 1 is M/M/c. It
/// is an approximation unless v = 1. Levels near saturation weigh little: a run of a few thousand
/// requests says little about their mean. Check the data with `check_little` first.
/// Ref: Allen, "Probability, Statistics, and Queueing Theory" (1990), 5.3; Daley, Advances in
/// Applied Probability 1 (1968), for the weights.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/math/distributions/chi_squared.hpp>

#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/core/verdict.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/policy.hpp>
#include <relia/detail/row.hpp>
#include <relia/detail/text.hpp>
#include <relia/queueing/delay.hpp>
#include <relia/queueing/erlang.hpp>
#include <relia/queueing/mmc.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// The servers whose likelihood is not worse than chi-squared allows.
inline constexpr method likelihood{"likelihood"};

/// The most variability that is looked for: beyond it the approximation says nothing, and any
/// number of servers would do.
inline constexpr double most_variability = 10;

/// `most_servers`: how many to look for. `mm`: exponential traffic and service, v = 1.
struct station_options {
  count most_servers = 128;
  bool mm = false;
  double confidence_level = 0.95;
};

/// The pool that explains a load test. `servers`: its interval holds the counts that fit as well.
/// `variability`: 1 for Poisson arrivals and exponential service, less when either is steadier.
/// `fit`: does it explain the levels? `residual`: of each level, in its standard errors.
struct station_fit {
  estimate<double> servers;
  double service_rate = 0;
  double variability = 1;
  std::vector<double> residual;
  relia::decision fit;

  /// The response at an arrival rate: exponential service, and a wait whose tail is that of M/M/c
  /// with the variability in its rate. Infinite at or over capacity. Domain: arrival_rate >= 0.
  [[nodiscard]] queueing::response_time response_time(double arrival_rate) const {
    relia::detail::require_non_negative("queueing::station_fit::response_time", "arrival_rate",
                                        arrival_rate);
    auto model = detail::delay_of(arrival_rate, service_rate, servers.value);
    model.slack /= std::max(variability, 1e-9);
    model.gap = model.slack - 1;
    return queueing::response_time(model);
  }
};

namespace detail {

/// `misfit`: -2 log likelihood of normal means, but for a constant.
struct station_trial {
  double rate = 0;
  double variability = 1;
  double misfit = std::numeric_limits<double>::infinity();
};

struct load_level {
  double arrival_rate;
  double latency;
  double requests;
};

/// Mean wait of M/M/c, and of the mean response of `requests` the variance, as of a single queue of
/// the pool's speed: Daley's rho (2 + 5 rho - 4 rho^2 + rho^3) / (1 - rho)^4, thinned by C / rho.
struct level_moments {
  double wait;
  double variance;
};

[[nodiscard]] inline level_moments moments_of(const load_level& level, double rate, double servers,
                                              double variability) noexcept {
  const delay_model model = delay_of(level.arrival_rate, rate, servers);
  if (!(model.slack > 0)) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    return {infinity, infinity};
  }
  const double rho = level.arrival_rate / rate / servers;
  const double idle = model.slack / servers;
  const double daley = (2 + rho * (5 + rho * (rho - 4))) / std::pow(idle, 4);
  const double speed = servers * rate;
  const double wait = model.wait_probability / model.slack / rate;
  return {wait, (1 / rate / rate +
                 variability * variability * model.wait_probability * daley / speed / speed) /
                    level.requests};
}

/// For given servers and rate: the variability by weighted least squares, its weights from the
/// variability before.
[[nodiscard]] inline station_trial try_station(std::span<const load_level> levels, double rate,
                                               double servers, bool mm) noexcept {
  station_trial trial{rate, 1, 0};
  for (int pass = 0; pass < (mm ? 1 : 4); ++pass) {
    double over = 0;
    double under = 0;
    for (const auto& level : levels) {
      const auto m = moments_of(level, rate, servers, trial.variability);
      if (m.variance == std::numeric_limits<double>::infinity()) return {rate};
      over += m.wait * (level.latency - 1 / rate) / m.variance;
      under += m.wait * m.wait / m.variance;
    }
    if (!mm && under > 0) trial.variability = std::clamp(over / under, 0.01, most_variability);
  }
  for (const auto& level : levels) {
    const auto m = moments_of(level, rate, servers, trial.variability);
    const double r = level.latency - 1 / rate - trial.variability * m.wait;
    // The logarithm is the price of a large variance: without it none would fit best.
    trial.misfit += r * r / m.variance + std::log(m.variance / level.latency / level.latency);
  }
  return trial;
}

/// The best rate for a number of servers: the least of a scan, narrowed by golden section to 1e-7.
[[nodiscard]] inline station_trial best_rate(std::span<const load_level> levels, double servers,
                                             bool mm) noexcept {
  double least_latency = std::numeric_limits<double>::infinity();
  double most_arrivals = 0;
  for (const auto& level : levels) {
    least_latency = std::min(least_latency, level.latency);
    most_arrivals = std::max(most_arrivals, level.arrival_rate);
  }
  const double low = std::log(std::max(0.25 / least_latency, most_arrivals / servers * (1 + 1e-6)));
  const double high = std::log(std::max(8 / least_latency, 2 * most_arrivals / servers));
  const auto at = [&](double x) { return try_station(levels, std::exp(x), servers, mm); };
  constexpr int steps = 60;
  int least = 0;
  station_trial best;
  for (int i = 0; i <= steps; ++i) {
    const auto trial = at(low + (high - low) * i / steps);
    if (trial.misfit < best.misfit) {
      best = trial;
      least = i;
    }
  }
  double a = low + (high - low) * std::max(0, least - 1) / steps;
  double b = low + (high - low) * std::min(steps, least + 1) / steps;
  constexpr double golden = 0.6180339887498949;
  while (b - a > 1e-7) {
    const double x = b - golden * (b - a);
    const double y = a + golden * (b - a);
    const bool left = at(x).misfit < at(y).misfit;
    (left ? b : a) = left ? y : x;
  }
  return at((a + b) / 2);
}

}  // namespace detail

/// Fits a station to a load test: at each level the arrival rate, the mean response, and how many
/// requests it is a mean of. Leave out levels over capacity: their mean depends on how long they
/// ran. Domain: all from 1e-15 to 1e15; at least 4 levels. Throws: std::domain_error,
/// std::invalid_argument. Cost: some 100 passes for each number of servers tried.
[[nodiscard]] inline station_fit fit_station(std::span<const double> arrival_rate,
                                             std::span<const double> latency,
                                             std::span<const double> requests,
                                             const station_options& options = {}) {
  constexpr std::string_view where = "queueing::fit_station";
  relia::detail::require_argument(arrival_rate.size() >= 4, where, "arrival_rate",
                                  "of at least 4 levels", arrival_rate.size());
  relia::detail::require_same_size(where, "latency", latency.size(), arrival_rate.size());
  relia::detail::require_same_size(where, "requests", requests.size(), arrival_rate.size());
  relia::detail::require_domain(options.most_servers >= 1 && options.most_servers <= 10'000, where,
                                "most_servers", "from 1 to 10000", options.most_servers);
  relia::detail::require_open_fraction(where, "confidence_level", options.confidence_level);
  std::vector<detail::load_level> levels;
  count total = 0;
  for (std::size_t i = 0; i < arrival_rate.size(); ++i) {
    const auto positive = [&](double x, std::string_view name) {
      relia::detail::require_domain(x >= 1e-15 && x <= 1e15, where, name, "from 1e-15 to 1e15",
                                    relia::detail::row{i});
    };
    positive(arrival_rate[i], "arrival_rate");
    positive(latency[i], "latency");
    positive(requests[i], "requests");
    levels.push_back({arrival_rate[i], latency[i], requests[i]});
    total += static_cast<count>(requests[i]);
  }

  station_fit found;
  found.servers = no_data<double>(likelihood, options.confidence_level, 1);
  std::vector<double> misfits;
  detail::station_trial best;
  for (count servers = 1; servers <= options.most_servers; ++servers) {
    const auto trial = detail::best_rate(levels, static_cast<double>(servers), options.mm);
    misfits.push_back(trial.misfit);
    if (trial.misfit < best.misfit) {
      best = trial;
      found.servers.value = static_cast<double>(servers);
    }
  }
  found.service_rate = best.rate;
  found.variability = best.variability;
  found.servers.state = state::ok;
  found.servers.n = total;
  using chi_squared = boost::math::chi_squared_distribution<double, relia::detail::policy>;
  const double allowed =
      best.misfit + boost::math::quantile(chi_squared(1), options.confidence_level);
  std::size_t first = misfits.size();
  std::size_t last = 0;
  for (std::size_t i = 0; i < misfits.size(); ++i) {
    if (misfits[i] > allowed) continue;
    first = std::min(first, i);
    last = i;
  }
  found.servers.interval.lower = static_cast<double>(first + 1);
  found.servers.interval.upper = last + 1 == misfits.size()
                                     ? std::numeric_limits<double>::infinity()
                                     : static_cast<double>(last + 1);

  double squares = 0;
  for (const auto& level : levels) {
    const auto m = detail::moments_of(level, best.rate, found.servers.value, best.variability);
    found.residual.push_back((level.latency - 1 / best.rate - best.variability * m.wait) /
                             std::sqrt(m.variance));
    squares += found.residual.back() * found.residual.back();
  }
  const auto degrees = static_cast<double>(levels.size()) - (options.mm ? 2 : 3);
  const double p = boost::math::cdf(boost::math::complement(chi_squared(degrees), squares));
  found.fit.bound = p;
  found.fit.margin = p - (1 - options.confidence_level);
  if (found.fit.margin < 0) {
    found.fit.verdict = verdict::fail;
    found.fit.reason = "no such pool explains the levels: so much misfit has a probability of " +
                       relia::detail::to_short_text(p);
  } else if (found.servers.interval.upper == std::numeric_limits<double>::infinity()) {
    found.fit.reason = "the levels do not bound the servers: measure nearer to capacity";
  } else {
    found.fit.verdict = verdict::pass;
    found.fit.reason = "the pool explains the levels";
  }
  return found;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
