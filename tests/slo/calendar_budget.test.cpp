// SPDX-License-Identifier: BSL-1.0
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/slo/calendar_budget.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace std::chrono_literals;
using aggregate::counts;
using slo::ledger;
using slo::objective;
using days = std::chrono::days;

TEST_SUITE_BEGIN("calendar_budget");

namespace {

constexpr instant monday = std::chrono::sys_days(std::chrono::year(2026) / 3 / 2);

/// Hours from `from`, 100 events each on weekdays and 10 on weekends.
ledger weeks(instant from, int n) {
  ledger l({.width = 1h});
  for (int h = 0; h < 24 * 7 * n; ++h) {
    const instant t = from + 1h * h;
    const bool weekend = h / 24 % 7 >= 5;
    l.record(period(t, t + 1h), counts(weekend ? 10 : 100, 0));
  }
  return l;
}

}  // namespace

TEST_CASE("expected_events: the same hours of past weeks") {
  const ledger l = weeks(monday, 2);
  CHECK(slo::expected_events(l, {monday + days(14), monday + days(21)}) == 5 * 2400 + 2 * 240);
  CHECK(slo::expected_events(l, {monday + days(19), monday + days(20)}) == 240);
  CHECK(slo::expected_events(l, {monday - days(2), monday}) == 480);
  CHECK(slo::expected_events(ledger(), {monday, monday + days(1)}) == 0);
}

TEST_CASE("expected_events: hours never seen count as the mean of those that were") {
  ledger l({.width = 1h});
  l.record(period(monday, monday + 1h), counts(30, 0));
  l.record(period(monday + 1h, monday + 2h), counts(10, 0));
  CHECK(slo::expected_events(l, {monday + days(7), monday + days(7) + 3h}) == 30 + 10 + 20);
  CHECK_THROWS_WITH_AS((void)slo::expected_events(l, {monday, monday + 1h}, 90min),
                       "relia::slo::expected_events: season must be a multiple of the ledger's "
                       "width, up to 4194304 of them, got 5400000000000",
                       std::invalid_argument);
}

TEST_CASE("calendar_budgets: conservative, prorated and forecast, five working days into a week") {
  const ledger past = weeks(monday - days(14), 2);
  const period week(monday, monday + days(7));
  const counts so_far(11'990, 10);
  const auto b = slo::calendar_budgets(objective(0.999), so_far, week, monday + days(5), past);
  CHECK_ULP(b.conservative.allowed, 12.0, 1);
  CHECK(b.prorated_valid == 16'800);  // 12,000 * 7 / 5: the weekend is not that busy
  CHECK_ULP(b.prorated.allowed, 16.8, 1);
  CHECK(b.forecast_valid == 12'480);
  CHECK_ULP(b.forecast.allowed, 12.48, 1);
  CHECK_REL(b.forecast.remaining, 2.48, 1e-14);  // a difference of 12 and 10
}

TEST_CASE("calendar_budgets: slogen's question, 30/7 after a week") {
  const period month(monday, monday + days(30));
  const auto b = slo::calendar_budgets(objective(0.99), counts(6990, 10), month, monday + days(7),
                                       ledger({.width = 1h}));
  CHECK(b.prorated_valid == 30'000);
  CHECK(b.forecast_valid == 7000);  // nothing to learn from: nothing more is promised
}

TEST_CASE("calendar_budgets: at the ends of the period") {
  const ledger past = weeks(monday - days(14), 2);
  const period week(monday, monday + days(7));
  const auto begin = slo::calendar_budgets(objective(0.999), {}, week, monday, past);
  CHECK(begin.conservative.state == state::no_data);
  CHECK(begin.prorated.state == state::no_data);
  CHECK_ULP(begin.forecast.allowed, 12.48, 1);
  const auto end = slo::calendar_budgets(objective(0.999), {999, 1}, week, week.to(), past);
  CHECK(end.prorated_valid == 1000);
  CHECK(end.forecast_valid == 1000);
  CHECK_THROWS_AS((void)slo::calendar_budgets(objective(0.9), {}, week, monday + days(8), past),
                  std::domain_error);
}

TEST_SUITE_END();
