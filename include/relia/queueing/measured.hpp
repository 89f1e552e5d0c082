// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How many servers, and how much load do they bear, when load and service time were measured? The
/// questions of targets.hpp asked with estimates. Every promise gets harder with every request and
/// every second of service, so that the answers at the extreme corners bound the answer: coverage
/// is at least 1 less both errors (Bonferroni). Here too: how long is a service, from measured
/// service times or, where only responses were measured, from the pool that explains them.
/// Ref: Dunn, JASA 56 (1961); Epstein and Sobel, JASA 48 (1953); Miller, Biometrika 61 (1974), for
/// the jackknife.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/math/distributions/students_t.hpp>

#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/policy.hpp>
#include <relia/detail/row.hpp>
#include <relia/queueing/load_test.hpp>
#include <relia/queueing/targets.hpp>
#include <relia/queueing/uncertainty.hpp>
#include <relia/stats/rate.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// Every level of a load test left out in turn.
inline constexpr method jackknife{"jackknife"};

/// As workload, of estimates. What is known for certain: `known`.
struct measured_workload {
  estimate<double> arrival_rate = {};
  estimate<double> service_time = {};
  std::optional<count> waiting_room = {};
  double abandonment_rate = 0;
};

/// A number that was decided and not measured: an interval of no width.
[[nodiscard]] inline estimate<double> known(double value) {
  estimate<double> e;
  e.value = value;
  e.interval = {value, value, 1};
  return e;
}

/// The mean of exponential service times, with its exact interval, from the levels of a load test:
/// how many requests, and their mean service time. State no_data without requests. Domain: whole
/// numbers of requests >= 0 and positive finite times, as many of both; confidence_level in (0, 1).
/// Throws: std::domain_error, std::invalid_argument.
[[nodiscard]] inline estimate<double> measured_service_time(std::span<const double> requests,
                                                            std::span<const double> service_time,
                                                            double confidence_level = 0.95) {
  constexpr std::string_view where = "queueing::measured_service_time";
  relia::detail::require_open_fraction(where, "confidence_level", confidence_level);
  relia::detail::require_same_size(where, "service_time", service_time.size(), requests.size());
  double number = 0;
  double total = 0;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    relia::detail::require_domain(
        requests[i] >= 0 && requests[i] <= 1e15 && requests[i] == std::floor(requests[i]), where,
        "requests", "whole numbers from 0 to 1e15", relia::detail::row{i});
    relia::detail::require_domain(service_time[i] > 0 && relia::detail::is_finite(service_time[i]),
                                  where, "service_time", "positive and finite",
                                  relia::detail::row{i});
    number += requests[i];
    total += requests[i] * service_time[i];
  }
  const auto served = static_cast<count>(number);
  if (served == 0) {
    return no_data<double>(stats::garwood, confidence_level, 0,
                           std::numeric_limits<double>::infinity());
  }
  const auto rate = stats::rate(
      served, total, {.confidence_level = confidence_level, .stopping = stats::stopping::at_event});
  estimate<double> e = rate;
  e.value = total / number;
  e.interval.lower = 1 / rate.interval.upper;
  e.interval.upper = 1 / rate.interval.lower;
  return e;
}

/// The mean service time of the M/M/c pool that explains a load test (fit_station), with an
/// interval from leaving out each level in turn: what the levels disagree on widens it, be it
/// chance or a pool that is not M/M/c. Domain: as fit_station, but at least 5 levels. Throws:
/// std::domain_error, std::invalid_argument. Cost: a fit for each level, and one more.
[[nodiscard]] inline estimate<double> fitted_service_time(std::span<const double> arrival_rate,
                                                          std::span<const double> latency,
                                                          std::span<const double> requests,
                                                          double confidence_level = 0.95) {
  constexpr std::string_view where = "queueing::fitted_service_time";
  relia::detail::require_open_fraction(where, "confidence_level", confidence_level);
  relia::detail::require_argument(arrival_rate.size() >= 5, where, "arrival_rate",
                                  "of at least 5 levels", arrival_rate.size());
  // All of the response, a constant delay included, is taken as service: the careful side, and what
  // means alone can tell.
  const station_options options{.mm = true, .delay = false, .replicates = 50};
  const auto settled = detail::settle(arrival_rate, latency, requests, {}, options);
  const auto all = detail::describe(settled, options);
  const auto levels = static_cast<double>(arrival_rate.size());
  double mean = 0;
  double squares = 0;
  for (std::size_t out = 0; out < arrival_rate.size(); ++out) {
    auto others = settled.problem;
    others.levels.erase(others.levels.begin() + static_cast<std::ptrdiff_t>(out));
    others.laws.erase(others.laws.begin() + static_cast<std::ptrdiff_t>(out));
    // Twice the servers: what is left of the levels may point to more.
    const auto trials = detail::look_around(others, detail::best_of(settled.trials),
                                            std::max(4.0, 2 * all.servers.value));
    const double log_time = detail::best_of(trials).at[0];
    const double step = log_time - mean;
    mean += step / static_cast<double>(out + 1);
    squares += step * (log_time - mean);
  }
  const double error = std::sqrt((levels - 1) / levels * squares);
  const double t = boost::math::quantile(boost::math::complement(
      boost::math::students_t_distribution<double, relia::detail::policy>(levels - 1),
      tail_probability(confidence_level, sides::both)));
  estimate<double> e;
  e.value = 1 / all.service_rate.value;
  e.interval = {e.value * std::exp(-t * error), e.value * std::exp(t * error), confidence_level};
  e.n = all.servers.n;
  e.method = jackknife;
  if (all.fit.verdict != verdict::pass) e.notes.push_back(all.fit.reason);
  return e;
}

namespace detail {

/// The workload at a corner; nothing when no model takes it.
[[nodiscard]] inline std::optional<workload> corner(const measured_workload& load, double rate,
                                                    double time) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (!(rate < infinity && time > 0 && time < infinity)) return std::nullopt;
  return workload{std::max(rate, 0.0), 1 / time, load.waiting_room, load.abandonment_rate};
}

}  // namespace detail

/// The least number of servers, those that fail included, that keep every promise with the load
/// grown: plan for the upper end. It is infinite, with a note, when at the upper limits no number
/// suffices; when none does at the values, state unstable, with the promise in a note. Domain,
/// Throws: as servers_for, of values inside their intervals. Cost: three times that of servers_for.
[[nodiscard]] inline estimate<double> servers_for_measured(const measured_workload& load,
                                                           const service_targets& targets,
                                                           const contingency& plan = {}) {
  constexpr std::string_view where = "queueing::servers_for_measured";
  constexpr double infinity = std::numeric_limits<double>::infinity();
  auto answer = no_data<double>(corners, detail::joint_level(load.arrival_rate, load.service_time),
                                1, infinity);
  if (!load.arrival_rate.has_value() || !load.service_time.has_value()) return answer;
  detail::require_estimate(where, "arrival_rate", load.arrival_rate);
  detail::require_estimate(where, "service_time", load.service_time);
  answer.n = std::max(load.arrival_rate.n, load.service_time.n);
  const auto at = [&](double rate, double time) -> bearing {
    const auto corner = detail::corner(load, rate, time);
    if (!corner) return {};
    return servers_for(*corner, targets, plan);
  };
  const auto number = [](const bearing& b) {
    if (b.outcome == outcome::met) return b.value;
    return infinity;
  };
  const bearing best = at(load.arrival_rate.value, load.service_time.value);
  if (best.outcome == outcome::impossible) {
    answer.state = state::unstable;
    answer.notes.push_back("the service alone breaks the promise of " + std::string(best.binding) +
                           ": no number of servers suffices");
    return answer;
  }
  answer.value = best.value;
  answer.state = state::ok;
  const double lower = load.service_time.interval.lower;
  if (lower > 0) answer.interval.lower = number(at(load.arrival_rate.interval.lower, lower));
  answer.interval.upper =
      number(at(load.arrival_rate.interval.upper, load.service_time.interval.upper));
  if (answer.interval.upper == infinity) {
    answer.notes.emplace_back("at the upper limit of the service time no number suffices");
  }
  return answer;
}

/// The largest arrival rate, before it grows, at which `servers` less those that fail keep every
/// promise: count on the lower end. 0 where the service alone breaks one, infinite where none is
/// ever broken. load.arrival_rate is not used. Domain, Throws: as arrival_rate_for, of a value
/// inside its interval. Cost: three times that of arrival_rate_for.
[[nodiscard]] inline estimate<double> arrival_rate_for_measured(const measured_workload& load,
                                                                count servers,
                                                                const service_targets& targets,
                                                                const contingency& plan = {}) {
  constexpr std::string_view where = "queueing::arrival_rate_for_measured";
  constexpr double infinity = std::numeric_limits<double>::infinity();
  auto answer = no_data<double>(corners, load.service_time.interval.confidence_level, 0, infinity);
  if (!load.service_time.has_value()) return answer;
  detail::require_estimate(where, "service_time", load.service_time);
  answer.n = load.service_time.n;
  const auto at = [&](double time) {
    const auto corner = detail::corner(load, 0, time);
    if (!corner && !(time > 0)) return infinity;
    if (!corner) return 0.0;
    return arrival_rate_for(*corner, servers, targets, plan).value;
  };
  answer.value = at(load.service_time.value);
  answer.state = state::ok;
  answer.interval.lower = at(load.service_time.interval.upper);
  answer.interval.upper = at(load.service_time.interval.lower);
  return answer;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
