// SPDX-License-Identifier: BSL-1.0
#include <chrono>
#include <vector>

#include <doctest/doctest.h>

#include <relia/check/rules.hpp>
#include <relia/queueing/latency.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace std::chrono_literals;

TEST_SUITE_BEGIN("rules");

namespace {
constexpr double level = 0.9;
constexpr instant t0{};
}  // namespace

TEST_CASE("sli_ratio and slo_burn_rate: the areas' own answers") {
  const aggregate::counts events(990, 10);
  const auto ratio = check::sli_ratio{events}.measure(level);
  CHECK(ratio.value == 0.99);
  CHECK(ratio.interval == sli::attainment(events, {.confidence_level = level}).interval);
  const auto burn = check::slo_burn_rate{events, slo::objective(0.99)}.measure(level);
  CHECK_REL(burn.value, 1.0, 1e-15);  // 0.01 / 0.01, two roundings
  CHECK(burn.interval.lower < 1.0);
  CHECK(burn.interval.upper > 1.0);
}

TEST_CASE("slo_pages: counts the pages of a replay, and says when the record is short") {
  // Two hours of one row a minute, the second hour all bad: one page, still open at the end.
  std::vector<instant> times;
  std::vector<count> good;
  std::vector<count> bad;
  for (int minute = 1; minute <= 120; ++minute) {
    times.push_back(t0 + minute * 1min);
    good.push_back(minute <= 60 ? 100 : 0);
    bad.push_back(minute <= 60 ? 0 : 100);
  }
  check::slo_pages rule{sli::event_series(times, good, bad), slo::objective(0.999),
                        slo::workbook_30d()};
  const auto e = rule.measure(level);
  CHECK(e.value == 1.0);
  CHECK(e.interval.lower == e.interval.upper);
  REQUIRE(e.notes.size() == 1);  // the window of six hours
  rule.events = {};
  CHECK(rule.measure(level).state == state::no_data);
}

TEST_CASE(
    "forecast_exhaustion: certain growth over the capacity is certain, too little history is no "
    "data") {
  std::vector<instant> times;
  std::vector<double> values;
  for (int day = 0; day < 60; ++day) {
    times.push_back(t0 + day * 24h);
    values.push_back(10.0 * day);
  }
  check::forecast_exhaustion rule{series(times, values), 600.0, std::chrono::days(30)};
  CHECK(rule.measure(level).value == 1.0);
  rule.capacity = 1e6;
  CHECK(rule.measure(level).value == 0.0);
  rule.history = series(std::span(times).first(5), std::span(values).first(5));
  CHECK(rule.measure(level).state == state::no_data);
}

TEST_CASE("queueing_response: the queueing area's answer, unstable at capacity") {
  check::queueing_response rule{
      .arrivals = 3000, .exposure = 100, .services = 3000, .service_total = 300, .servers = 4};
  const auto e = rule.measure(level);
  CHECK(e.value == queueing::latency_estimate(3000, 100, 3000, 300, 4,
                                              {.level = 0.99, .confidence_level = level})
                       .value);
  rule.servers = 3;
  CHECK(rule.measure(level).state == state::unstable);
  rule.arrivals = 0;
  CHECK(rule.measure(level).state == state::no_data);
}

TEST_CASE("incident_duration and incident_availability: hours and a day, by hand") {
  std::vector<incident::timeline> rows(3);
  for (int i = 0; i < 3; ++i) {
    rows[static_cast<std::size_t>(i)].started = t0 + i * 6h;
    rows[static_cast<std::size_t>(i)].resolved = t0 + i * 6h + (i + 1) * 1h;
  }
  const incident::history history(rows, t0 + 24h);
  const check::incident_duration rule{
      history, {.from = incident::milestone::started, .to = incident::milestone::resolved}};
  CHECK(rule.measure(level).value == 7200.0);
  // Down for 1 + 2 + 3 of 24 hours.
  CHECK(check::incident_availability{history, period(t0, t0 + 24h)}.measure(level).value == 0.75);
  CHECK(check::incident_availability{history, period(t0 + 48h, t0 + 72h)}.measure(level).state ==
        state::no_data);
}

TEST_SUITE_END();
