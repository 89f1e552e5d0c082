// SPDX-License-Identifier: BSL-1.0
#include <chrono>
#include <cmath>
#include <span>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/slo/evaluate_counters.hpp>

#include "support/close.hpp"

using namespace relia;
using namespace std::chrono_literals;

TEST_SUITE_BEGIN("evaluate_counters");

namespace {

// That it agrees with Prometheus is tests/io/prometheus_rules.test.cpp's matter.

/// A sample every 15 s from the epoch on, as many as values.
sli::counter counter_of(const std::vector<double>& values) {
  std::vector<instant> times;
  for (std::size_t i = 0; i < values.size(); ++i) {
    times.emplace_back(static_cast<int>(i) * 15s);
  }
  return {times, values};
}

/// Grows by `step` each time, `n` samples.
sli::counter steady(double step, int n = 41) {
  std::vector<double> values;
  for (int i = 0; i < n; ++i) values.push_back(step * i);
  return counter_of(values);
}

const sli::counter_options prometheus_2{.preset = sli::prometheus_2};

}  // namespace

TEST_CASE("evaluate_counters: any two of good, bad and valid say the same") {
  const std::vector<sli::counter> bad{steady(1)};
  const std::vector<sli::counter> good{steady(2), steady(1)};
  const std::vector<sli::counter> valid{steady(1), steady(2), steady(1)};
  for (const slo::event_counters& events : {slo::event_counters{.bad = bad, .good = good},
                                            slo::event_counters{.bad = bad, .valid = valid},
                                            slo::event_counters{.good = good, .valid = valid}}) {
    const auto grown = slo::event_increase(events, instant(600s), 60s, prometheus_2);
    CHECK(grown.state == state::ok);
    CHECK(grown.bad == 4);
    CHECK(grown.valid == 16);
    CHECK(grown.error_ratio() == 0.25);
  }
}

TEST_CASE("evaluate_counters: groups without series, without samples, and without events") {
  const std::vector<sli::counter> none;
  const std::vector<sli::counter> some{steady(1)};
  const std::vector<sli::counter> idle{steady(0)};
  const instant at(600s);
  const auto outage = slo::event_increase({.bad = some, .good = none}, at, 60s, prometheus_2);
  CHECK(outage.error_ratio() == 1);
  const auto clean = slo::event_increase({.bad = none, .valid = some}, at, 60s, prometheus_2);
  CHECK(clean.error_ratio() == 0);
  const auto unknown = slo::event_increase({.bad = none, .good = none}, at, 60s, prometheus_2);
  CHECK(unknown.state == state::no_data);
  CHECK(std::isnan(unknown.error_ratio()));
  const auto quiet = slo::event_increase({.bad = none, .valid = idle}, at, 60s, prometheus_2);
  CHECK(quiet.state == state::ok);
  CHECK(std::isnan(quiet.error_ratio()));
  const auto early =
      slo::event_increase({.bad = some, .good = some}, instant(0s), 60s, prometheus_2);
  CHECK(early.state == state::no_data);
}

TEST_CASE("evaluate_counters: never above 1, whatever is counted as valid") {
  const std::vector<sli::counter> bad{steady(2)};
  const std::vector<sli::counter> valid{steady(1)};
  CHECK(slo::event_increase({.bad = bad, .valid = valid}, instant(600s), 60s).error_ratio() == 1);
  CHECK(slo::event_increase({.good = bad, .valid = valid}, instant(600s), 60s).bad == 0);
}

TEST_CASE("evaluate_counters: fires, holds, and ends at the evaluations") {
  // Errors from 300 s to 420 s: a sample every 15 s, one bad of two.
  std::vector<double> errors;
  for (int i = 0; i < 41; ++i) errors.push_back(std::min(std::max(i - 20, 0), 8));
  const std::vector<sli::counter> bad{counter_of(errors)};
  const std::vector<sli::counter> valid{steady(2)};
  slo::policy p{"", std::chrono::days(30), {{120s, 60s, 20, slo::severity::page}}, {}, {}};
  const slo::objective goal(0.99);
  const slo::event_counters events{.bad = bad, .valid = valid};
  const slo::evaluation_times times{instant{}, instant(600s), 30s};
  // Long window of 120 s: 20 % of 16 events is 3.2; the short one of 60 s, with 8 events,
  // needs 1.6. The sample at 360 s shows the fourth error. The last error is at 420 s; at 450 s the
  // short window holds two errors (405 s and 420 s after 390 s), at 480 s none.
  const auto found = slo::evaluate_counters(p, goal, events, times, prometheus_2);
  REQUIRE(found.alerts.size() == 1);
  CHECK(found.alerts[0].start == instant(360s));
  CHECK(found.alerts[0].end == instant(480s));
  CHECK_FALSE(found.alerts[0].open);
  CHECK_REL(found.alerts[0].long_burn_rate, 25.0, 1e-15);  // 4 of 16 over 0.01
  CHECK(found.pages() == 1);
  CHECK(found.tiers[0].firing == 120s);
  CHECK(found.unseen == slo::before_start::partial);

  p.tiers[0].hold = 60s;
  CHECK(slo::evaluate_counters(p, goal, events, times, prometheus_2).alerts.at(0).start ==
        instant(420s));
  p.tiers[0].hold = 120s;
  CHECK(slo::evaluate_counters(p, goal, events, times, prometheus_2).alerts.empty());
  p.tiers[0].hold = 0s;
  p.tiers[0].min_failures = 8;
  CHECK(slo::evaluate_counters(p, goal, events, times, prometheus_2).alerts.at(0).start ==
        instant(420s));
  p.tiers[0].min_failures = 9;
  CHECK(slo::evaluate_counters(p, goal, events, times, prometheus_2).alerts.empty());
  p.tiers[0].min_failures = 1;
  p.tiers[0].min_events = 17;
  CHECK(slo::evaluate_counters(p, goal, events, times, prometheus_2).alerts.empty());
  p.tiers[0].min_events = 0;
  // Four bad where 0.16 are expected: P(X >= 4) = 2.4e-5 by the Poisson tail, and of six 2.1e-8.
  p.tiers[0].evidence.p_value = 1e-6;
  CHECK(slo::evaluate_counters(p, goal, events, times, prometheus_2).alerts.at(0).start ==
        instant(390s));
  const auto cut =
      slo::evaluate_counters(p, goal, events, {instant{}, instant(400s), 30s}, prometheus_2);
  REQUIRE(cut.alerts.size() == 1);
  CHECK(cut.alerts[0].open);
  CHECK(cut.alerts[0].end == instant(390s));
}

TEST_CASE("evaluate_counters: names the argument it rejects") {
  const std::vector<sli::counter> some{steady(1)};
  const slo::objective goal(0.99);
  const slo::policy p = slo::workbook_30d();
  const slo::event_counters events{.bad = some, .valid = some};
  CHECK_THROWS_WITH_AS((void)slo::evaluate_counters(p, goal, {.bad = some}, {}),
                       "relia::slo::evaluate_counters: the counters given must be exactly two of "
                       "good, bad and valid, "
                       "got 1",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)slo::evaluate_counters(p, goal, events, {instant{}, instant{}, 0s}),
                       "relia::slo::evaluate_counters: every must be positive, got 0",
                       std::domain_error);
  CHECK_THROWS_AS((void)slo::evaluate_counters(p, goal, events, {instant(1s), instant(0s), 1s}),
                  std::domain_error);
  CHECK_THROWS_AS((void)slo::event_increase(events, instant{}, 0s), std::domain_error);
}

TEST_SUITE_END();
