// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Which pool did this load test measure? `fit_station` looks for the one that explains the mean
/// response, and quantiles where given, of each level: effective servers, service rate, variability
/// and a constant delay (network, proxy, client) that no queue explains. The pool is G/G/c with
/// gamma distributed times; M/M/c when told so. Weights, bias and goodness of fit come from
/// simulating the fitted pool at the lengths of the runs, so that a run next to saturation weighs
/// as little as it knows. Check the data with `check_little` first.
/// Ref: Allen, "Probability, Statistics, and Queueing Theory" (1990), 5.3; Gourieroux, Monfort,
/// Renault, Journal of Applied Econometrics 8 (1993).

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <Eigen/Core>
#include <boost/math/distributions/chi_squared.hpp>

#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/core/verdict.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/policy.hpp>
#include <relia/detail/row.hpp>
#include <relia/detail/text.hpp>
#include <relia/queueing/detail/station.hpp>
#include <relia/queueing/detail/station_calibration.hpp>
#include <relia/queueing/detail/station_profile.hpp>
#include <relia/queueing/detail/station_search.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// Profile likelihood under simulated weights: what is not worse than chi-squared allows.
inline constexpr method likelihood{"likelihood"};

/// A measured quantile of the response at each level of a load test: the least latency that a
/// fraction `level` of the requests did not exceed.
struct latency_quantile {
  double level;
  std::span<const double> latency;
};

/// `most_servers`: how many to look for. `mm`: exponential traffic and service. `delay`: look for a
/// constant one. `arrival_scv`: of the times between requests, as sent: 1 when they were random, 0
/// when paced. `replicates` of the test are simulated from `seed`.
struct station_options {
  count most_servers = 128;
  bool mm = false;
  bool delay = true;
  double arrival_scv = 1;
  std::uint64_t seed = 0;
  count replicates = 200;
  double confidence_level = 0.95;
};

/// The response of a fitted station at one arrival rate. Itself a latency_tail.
class station_response {
 public:
  station_response(const detail::station_law& law, double arrival_rate) noexcept
      : law_(law), delay_(law, arrival_rate) {}

  [[nodiscard]] relia::state state() const noexcept {
    return delay_.stable() ? relia::state::ok : relia::state::unstable;
  }
  [[nodiscard]] double mean() const noexcept { return delay_.mean(); }
  /// The probability to take longer than t; 1 when unstable.
  [[nodiscard]] double survival(double t) const { return delay_.survival(t); }

  /// The time that a fraction `probability` exceeds; NaN outside [0, 1]. Cost: bisection.
  [[nodiscard]] double survival_quantile(double probability) const {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    if (!(probability >= 0 && probability <= 1)) return std::numeric_limits<double>::quiet_NaN();
    if (probability == 0 || !delay_.stable()) return infinity;
    double low = law_.delay;
    if (survival(low) <= probability) return low;
    double step = law_.service_time;
    while (survival(low + step) > probability && step < infinity) step *= 2;
    double high = low + step;
    for (int i = 0; i < 1100; ++i) {
      const double middle = low + (high - low) / 2;
      if (!(middle > low && middle < high)) break;
      (survival(middle) <= probability ? high : low) = middle;
    }
    return high;
  }
  [[nodiscard]] double quantile(double level) const { return survival_quantile(1 - level); }

 private:
  detail::station_law law_;
  detail::station_delay delay_;
};

/// The pool that explains a load test. `servers`: its interval holds the counts that fit as well.
/// `variability`: (ca^2 + cs^2) / 2; 1 for Poisson arrivals and exponential service. `delay`: what
/// every request takes besides. An interval that reaches as far as was looked is open there, and a
/// note says so. `residual`: of each level's mean, in standard errors. `fit`: does the pool explain
/// the levels? Its bound is the probability of so much misfit.
struct station_fit {
  estimate<double> servers = {};
  estimate<double> service_rate = {};
  estimate<double> variability = {};
  estimate<double> delay = {};
  std::vector<double> residual = {};
  relia::decision fit = {};
  detail::station_law law = {};

  /// The response at an arrival rate; infinite at or over capacity. Domain: arrival_rate >= 0.
  [[nodiscard]] station_response response_time(double arrival_rate) const {
    relia::detail::require_non_negative("queueing::station_fit::response_time", "arrival_rate",
                                        arrival_rate);
    return {law, arrival_rate};
  }
};

namespace detail {

[[nodiscard]] inline station_problem checked_levels(std::string_view where,
                                                    std::span<const double> arrival_rate,
                                                    std::span<const double> latency,
                                                    std::span<const double> requests,
                                                    std::span<const latency_quantile> quantiles) {
  relia::detail::require_argument(arrival_rate.size() >= 4, where, "arrival_rate",
                                  "of at least 4 levels", arrival_rate.size());
  relia::detail::require_same_size(where, "latency", latency.size(), arrival_rate.size());
  relia::detail::require_same_size(where, "requests", requests.size(), arrival_rate.size());
  station_problem problem;
  for (const auto& q : quantiles) {
    relia::detail::require_open_fraction(where, "quantiles.level", q.level);
    relia::detail::require_argument(
        problem.quantile_levels.empty() || problem.quantile_levels.back() < q.level, where,
        "quantiles.level", "in rising order", q.level);
    relia::detail::require_same_size(where, "quantiles.latency", q.latency.size(),
                                     arrival_rate.size());
    problem.quantile_levels.push_back(q.level);
  }
  for (std::size_t i = 0; i < arrival_rate.size(); ++i) {
    const auto positive = [&](double x, std::string_view name) {
      relia::detail::require_domain(x >= 1e-15 && x <= 1e15, where, name, "from 1e-15 to 1e15",
                                    relia::detail::row{i});
    };
    positive(arrival_rate[i], "arrival_rate");
    positive(latency[i], "latency");
    positive(requests[i], "requests");
    load_level level{arrival_rate[i], requests[i], {latency[i]}};
    for (const auto& q : quantiles) {
      positive(q.latency[i], "quantiles.latency");
      relia::detail::require_argument(
          level.measured.size() == 1 || level.measured.back() <= q.latency[i], where,
          "quantiles.latency", "at least that of the level below", relia::detail::row{i});
      relia::detail::require_argument(requests[i] * (1 - q.level) >= 1, where, "requests",
                                      "enough for one beyond each quantile", relia::detail::row{i});
      level.measured.push_back(q.latency[i]);
    }
    problem.levels.push_back(std::move(level));
  }
  return problem;
}

/// A problem with its laws settled, its trials, and the replicates that their misfit is ranked
/// among.
struct settled_station {
  station_problem problem;
  std::vector<station_trial> trials = {};
  Eigen::MatrixXd draws = {};
};

[[nodiscard]] inline settled_station settle(std::span<const double> arrival_rate,
                                            std::span<const double> latency,
                                            std::span<const double> requests,
                                            std::span<const latency_quantile> quantiles,
                                            const station_options& options) {
  constexpr std::string_view where = "queueing::fit_station";
  settled_station found{checked_levels(where, arrival_rate, latency, requests, quantiles)};
  auto& problem = found.problem;
  relia::detail::require_domain(options.most_servers >= 1 && options.most_servers <= 10'000, where,
                                "most_servers", "from 1 to 10000", options.most_servers);
  relia::detail::require_domain(options.arrival_scv >= 0 && options.arrival_scv <= 20, where,
                                "arrival_scv", "from 0 to 20", options.arrival_scv);
  relia::detail::require_domain(options.replicates >= 50 && options.replicates <= 100'000, where,
                                "replicates", "from 50 to 1e5", options.replicates);
  relia::detail::require_open_fraction(where, "confidence_level", options.confidence_level);
  problem.arrival_scv = options.arrival_scv;
  problem.fits_scv = !options.mm;
  problem.fits_delay = options.delay && problem.size() > (options.mm ? 3 : 4);
  problem.guess_laws();
  const auto most = static_cast<double>(options.most_servers);
  auto best = first_guess(problem, most);
  // Off the exponential, which has a formula and variates of its own, so that slopes are smooth.
  if (problem.fits_scv) best.at[2] = -0.02;
  for (int round = 0; round < 6; ++round) {
    // A rough calibration first; done once a fine one no longer moves the fit by half its error.
    const auto before = best;
    found.draws = calibrate(problem, before, round == 0 ? 50 : options.replicates, options.seed);
    found.trials = look_around(problem, before, most);
    best = best_of(found.trials);
    if (round > 0 && best.servers == before.servers &&
        (best.slope * (best.at - before.at)).squaredNorm() < 0.25) {
      break;
    }
  }
  return found;
}

/// What the trials say.
[[nodiscard]] inline station_fit describe(const settled_station& settled,
                                          const station_options& options) {
  const auto& [problem, trials, draws] = settled;
  const auto& best = best_of(trials);
  const auto most = static_cast<double>(options.most_servers);
  station_fit found;
  using chi_squared = boost::math::chi_squared_distribution<double, relia::detail::policy>;
  const double allowed =
      best.misfit + boost::math::quantile(chi_squared(1), options.confidence_level);
  count total = 0;
  for (const auto& level : problem.levels) total += static_cast<count>(level.requests);
  const auto fill = [&](estimate<double>& e, double value, double lower, double upper) {
    e.value = value;
    // A parabola may have its bottom beside the fit, where a few requests bend the misfit.
    e.interval = {std::min(lower, value), std::max(upper, value), options.confidence_level};
    e.n = total;
    e.method = likelihood;
  };
  constexpr double infinity = std::numeric_limits<double>::infinity();
  double fewest = infinity;
  double largest = 0;
  for (const auto& trial : trials) {
    if (trial.misfit > allowed) continue;
    fewest = std::min(fewest, trial.servers);
    largest = std::max(largest, trial.servers);
  }
  fill(found.servers, best.servers, fewest, largest);
  if (largest == most) {
    found.servers.interval.upper = infinity;
    found.servers.notes.emplace_back("no upper bound: measure nearer to capacity");
  }
  found.law = problem.law(best.servers, best.at);
  const auto time = profile(trials, allowed, 0);
  fill(found.service_rate, 1 / found.law.service_time, std::exp(-time.upper),
       std::exp(-time.lower));
  const auto delay = profile(trials, allowed, 1);
  const bool delayed = problem.fits_delay;
  fill(found.delay, found.law.delay, delayed ? std::max(0.0, delay.lower) : 0,
       delayed ? std::max(0.0, delay.upper) : 0);
  if (!delayed && options.delay) {
    found.delay.notes.emplace_back("held at 0: too few levels to tell it from the service");
  }
  const double variability = found.law.variability();
  if (problem.fits_scv) {
    const auto scv = profile(trials, allowed, 2);
    const double low = std::exp(scv.lower);
    const double high = std::exp(scv.upper);
    fill(found.variability, variability,
         (options.arrival_scv + (low > least_service_scv ? low : 0)) / 2,
         (options.arrival_scv + high) / 2);
    if (high >= most_service_scv) found.variability.interval.upper = infinity;
  } else {
    fill(found.variability, variability, variability, variability);
  }

  const Eigen::Index width = problem.per_level();
  Eigen::Index worst = 0;
  for (Eigen::Index i = 0; i < problem.size(); i += width) {
    found.residual.push_back(best.residual[i]);
    const auto misfit_of = [&](Eigen::Index at) {
      return best.residual.segment(at, width).squaredNorm();
    };
    if (misfit_of(i) > misfit_of(worst)) worst = i;
  }
  const double p = misfit_probability(trials, draws);
  found.fit.bound = p;
  found.fit.margin = p - (1 - options.confidence_level);
  if (found.fit.margin < 0) {
    found.fit.verdict = verdict::fail;
    found.fit.reason = "no such pool explains the levels, least of all that at " +
                       relia::detail::to_short_text(
                           problem.levels[static_cast<std::size_t>(worst / width)].arrival_rate) +
                       ": so much misfit has a probability of " + relia::detail::to_short_text(p);
  } else if (largest == most) {
    found.fit.reason = "the levels do not bound the servers: measure nearer to capacity";
  } else {
    found.fit.verdict = verdict::pass;
    found.fit.reason = "the pool explains the levels";
  }
  return found;
}

}  // namespace detail

/// Fits a station to a load test: at each level the arrival rate, the mean response, how many
/// requests it is a mean of, and quantiles of the response, lowest first. Leave out levels over
/// capacity: what they measure depends on how long they ran. Domain: all from 1e-15 to 1e15; at
/// least 4 levels; with 4 and no quantiles the delay is held at 0. Throws: std::domain_error,
/// std::invalid_argument. Cost: some fits for each number of servers, and 1 to 3
/// times `replicates` of the test simulated, a level as of at most 5000 requests or 20 beyond its
/// last quantile.
[[nodiscard]] inline station_fit fit_station(std::span<const double> arrival_rate,
                                             std::span<const double> latency,
                                             std::span<const double> requests,
                                             std::span<const latency_quantile> quantiles,
                                             const station_options& options = {}) {
  return detail::describe(detail::settle(arrival_rate, latency, requests, quantiles, options),
                          options);
}

/// From means alone.
[[nodiscard]] inline station_fit fit_station(std::span<const double> arrival_rate,
                                             std::span<const double> latency,
                                             std::span<const double> requests,
                                             const station_options& options = {}) {
  return fit_station(arrival_rate, latency, requests, {}, options);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
