// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The rules that a gate can hold, as values: each knows its name, what it measures and how, in
/// which unit, and how to measure it with a two-sided interval of a given level.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include <relia/aggregate/counts.hpp>
#include <relia/check/report.hpp>
#include <relia/core/estimate.hpp>
#include <relia/core/series.hpp>
#include <relia/core/time.hpp>
#include <relia/core/verdict.hpp>
#include <relia/forecast/exhaustion.hpp>
#include <relia/incident/downtime.hpp>
#include <relia/incident/mttx.hpp>
#include <relia/queueing/latency.hpp>
#include <relia/sli/event_series.hpp>
#include <relia/sli/ratio.hpp>
#include <relia/slo/burn_rate.hpp>
#include <relia/slo/evaluate.hpp>
#include <relia/slo/objective.hpp>
#include <relia/slo/policy.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::check {

/// What there is to know about a rule: for `relia explain`, and for errors that list the rules.
/// `example`: an item of a rules file, which the tests read.
struct rule_info {
  std::string_view name;
  std::string_view question;
  std::string_view measures;
  std::string_view method;
  std::string_view example;
};

namespace detail {

/// A census counts everything: its interval is the value.
[[nodiscard]] inline estimate<double> counted(double value, double level, count n, method how) {
  estimate<double> e;
  e.value = value;
  e.interval = {value, value, level};
  e.n = n;
  e.method = how;
  return e;
}

/// The same estimate of factor * value + offset, factor > 0.
[[nodiscard]] inline estimate<double> scaled(estimate<double> e, double factor) {
  e.value *= factor;
  e.interval.lower *= factor;
  e.interval.upper *= factor;
  return e;
}

}  // namespace detail

struct sli_ratio {
  static constexpr rule_info info{
      "sli.ratio", "What fraction of events was good?",
      "good / valid events, from counters or given counts",
      "Wilson interval of the proportion; counter resets are found per series",
      R"(- name: requests succeed
  rule: sli.ratio
  counters: {file: requests.json, metric: http_requests_total, bad: {code: "500"}}
  at_least: 99.9%
)"};
  static constexpr check::unit unit = check::unit::fraction;
  static constexpr sense good = sense::at_least;

  aggregate::counts events{};

  [[nodiscard]] estimate<double> measure(double level) const {
    return sli::attainment(events, {.confidence_level = level});
  }
};

struct sli_latency {
  static constexpr rule_info info{"sli.latency", "What fraction of requests was fast enough?",
                                  "requests no slower than faster_than / all requests",
                                  "Wilson interval of the proportion",
                                  R"(- name: requests are fast
  rule: sli.latency
  requests: {file: requests.csv, unit: s, latency: latency_seconds}
  faster_than: 300ms
  at_least: 99%
)"};
  static constexpr check::unit unit = check::unit::fraction;
  static constexpr sense good = sense::at_least;

  aggregate::counts events{};

  [[nodiscard]] estimate<double> measure(double level) const {
    return sli::attainment(events, {.confidence_level = level});
  }
};

struct slo_burn_rate {
  static constexpr rule_info info{
      "slo.burn_rate", "How fast is the error budget burning?",
      "bad fraction of the last window / error budget; 1 spends exactly the budget",
      "Wilson interval of the bad fraction, over the error budget",
      R"(- name: the budget lasts
  rule: slo.burn_rate
  counters: {file: requests.json, metric: http_requests_total, bad: {code: "500"}}
  objective: 99.9%
  window: 1h
  at_most: 2x
)"};
  static constexpr check::unit unit = check::unit::ratio;
  static constexpr sense good = sense::at_most;

  aggregate::counts events{};
  slo::objective objective;

  [[nodiscard]] estimate<double> measure(double level) const {
    return detail::scaled(sli::bad_fraction(events, {.confidence_level = level}),
                          1 / objective.error_budget());
  }
};

struct slo_pages {
  static constexpr rule_info info{
      "slo.pages", "How often would somebody have been paged?",
      "pages of the SRE workbook's multiwindow burn-rate policy over the recorded events",
      "every row evaluated; overlapping page tiers are one page; a census",
      R"(- name: nobody was woken
  rule: slo.pages
  counters: {file: requests.json, metric: http_requests_total, bad: {code: "500"}}
  objective: 99.9%
  period: 30d
  at_most: 0
)"};
  static constexpr check::unit unit = check::unit::events;
  static constexpr sense good = sense::at_most;

  sli::event_series events{};
  slo::objective objective;
  slo::policy policy{};

  [[nodiscard]] estimate<double> measure(double level) const {
    constexpr method how{"policy_replay"};
    if (events.total().empty()) return no_data(how, level, 0.0);
    const slo::evaluation replay = slo::evaluate(policy, objective, events);
    estimate<double> e = detail::counted(static_cast<double>(replay.pages()), level,
                                         static_cast<count>(events.size()), how);
    const real_seconds recorded = events.times().back() - events.from();
    for (const slo::tier& t : policy.tiers) {
      if (t.severity != slo::severity::page || t.long_window <= recorded) continue;
      e.notes.push_back("the recorded " + relia::detail::to_text(recorded.count()) +
                        " s are shorter than a paging window of " +
                        relia::detail::to_text(real_seconds(t.long_window).count()) +
                        " s: the time before counts as clean");
    }
    return e;
  }
};

struct forecast_exhaustion {
  static constexpr rule_info info{
      "forecast.exhaustion", "Will it run out before then?",
      "probability that the series reaches its capacity within the horizon",
      "highest point of block-bootstrapped paths of the recorded increments, seeded",
      R"(- name: the disk lasts
  rule: forecast.exhaustion
  series: {file: disk.csv, time: timestamp, value: bytes}
  capacity: 500GB
  within: 30d
  at_most: 5%
)"};
  static constexpr check::unit unit = check::unit::fraction;
  static constexpr sense good = sense::at_most;

  series history{};
  double capacity = 0;
  real_seconds horizon{0};
  std::uint64_t seed = 0;

  [[nodiscard]] estimate<double> measure(double level) const {
    return forecast::exhaustion(history, capacity, horizon,
                                {.seed = seed, .confidence_level = level})
        .probability();
  }
};

struct queueing_response {
  static constexpr rule_info info{
      "queueing.response", "How slow is it under this load, with so many workers?",
      "a quantile of the response time of an M/M/c queue with the measured load and service times",
      "exact limits for arrival rate and service time, joined conservatively (Bonferroni)",
      R"(- name: p99 with one worker down
  rule: queueing.response
  requests: {file: requests.csv, unit: s, arrival: sent_seconds, service: service_seconds}
  servers: 3
  quantile: 99%
  at_most: 400ms
)"};
  static constexpr check::unit unit = check::unit::seconds;
  static constexpr sense good = sense::at_most;

  count arrivals = 0;
  double exposure = 0;  ///< seconds over which they were counted
  count services = 0;
  double service_total = 0;  ///< seconds of service in all
  count servers = 0;
  double quantile = 0.99;

  [[nodiscard]] estimate<double> measure(double level) const {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    if (arrivals == 0) return no_data(queueing::corners, level, 0.0, infinity);  // nor an exposure
    return queueing::latency_estimate(arrivals, exposure, services, service_total, servers,
                                      {.level = quantile, .confidence_level = level});
  }
};

/// Which figure of a set of durations.
enum class statistic { median, mean };

struct incident_duration {
  static constexpr rule_info info{
      "incident.duration", "How long do incidents take?",
      "median or mean of a phase of the incidents; open ones count as at least so long",
      "median: order statistics, or Kaplan-Meier when some are open; mean: modified Cox, "
      "restricted when some are open",
      R"(- name: outages are short
  rule: incident.duration
  incidents: {file: incidents.csv, as_of: 2026-01-01T00:00:00Z}
  from: started
  to: mitigated
  statistic: median
  at_most: 2h
)"};
  static constexpr check::unit unit = check::unit::seconds;
  static constexpr sense good = sense::at_most;

  incident::history incidents;
  incident::definition definition{};
  check::statistic statistic = statistic::median;

  [[nodiscard]] estimate<double> measure(double level) const {
    const incident::response_time time =
        incident::time_to(incidents, definition, {.confidence_level = level});
    const estimate<real_seconds>& e = statistic == statistic::median ? time.median : time.mean;
    return {e.value.count(),
            {e.interval.lower.count(), e.interval.upper.count(), level},
            e.n,
            e.n_open,
            e.method,
            e.state,
            e.notes};
  }
};

struct incident_availability {
  static constexpr rule_info info{
      "incident.availability", "What fraction of the time was it up?",
      "1 - union of the incidents' impact / window; overlapping incidents count once",
      "a census of the window: no interval, unless the downtime of an incident is not known",
      R"(- name: the service was up
  rule: incident.availability
  incidents: {file: incidents.csv, as_of: 2026-01-01T00:00:00Z}
  from: 2025-10-01T00:00:00Z
  to: 2026-01-01T00:00:00Z
  at_least: 99.9%
)"};
  static constexpr check::unit unit = check::unit::fraction;
  static constexpr sense good = sense::at_least;

  incident::history incidents;
  period window{};

  [[nodiscard]] estimate<double> measure(double level) const {
    constexpr method how{"downtime_union"};
    const incident::downtime_report down = incident::downtime(incidents, window);
    if (down.state != state::ok) return no_data(how, level, 0.0, 1.0);
    if (incidents.given() == 0) {
      estimate<double> e = no_data(how, level, 0.0, 1.0);
      e.notes.emplace_back("no incident was read: a perfect service and a wrong table look alike");
      return e;
    }
    estimate<double> e = detail::counted(down.availability, level, down.incidents, how);
    e.n_open = down.n_open;
    if (const count unknown = unknown_in(down); unknown > 0) {
      e.interval.lower = 0;
      e.notes.push_back("incidents whose downtime is not known: " +
                        relia::detail::to_text(unknown) + "; any of them may fill the window");
    }
    if (down.window.to() < window.to()) {
      e.notes.push_back("the window ends after as_of: only its first " +
                        relia::detail::to_text(real_seconds(down.window.length()).count()) +
                        " s were observed");
    }
    return e;
  }

 private:
  /// Incidents that may have been down in the window for a time that nobody knows: left out of the
  /// union, or kept aside as damaged. A row that only repeats an id is counted where it first
  /// stands.
  [[nodiscard]] count unknown_in(const incident::downtime_report& down) const {
    count unknown = 0;
    for (const incident::left_out& left : down.left_out) {
      const auto rows = incidents.kept_rows();
      const auto at = std::lower_bound(rows.begin(), rows.end(), left.row) - rows.begin();
      const auto& start = incidents.kept()[static_cast<std::size_t>(at)].started;
      unknown += !start || *start < down.window.to() ? 1 : 0;
    }
    for (const std::size_t row : incidents.excluded()) {
      const auto found = incidents.findings();
      unknown += std::none_of(found.begin(), found.end(), [row](const incident::finding& f) {
        return f.row == row && f.what == incident::problem::duplicate_id;
      });
    }
    return unknown;
  }
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::check
