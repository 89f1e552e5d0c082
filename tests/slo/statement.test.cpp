// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/slo/statement.hpp>
#include <relia/stats/random.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace std::chrono_literals;
using aggregate::counts;
using sli::no_traffic;
using slo::accounting;
using slo::budgeting;
using slo::ledger;
using slo::objective;
using days = std::chrono::days;

TEST_SUITE_BEGIN("statement");

namespace {

constexpr instant start = std::chrono::sys_days(std::chrono::year(2026) / 3 / 1);

/// `n` buckets of this length from `from`, each with these events.
void fill(ledger& l, instant from, int n, const counts& events) {
  for (int i = 0; i < n; ++i) {
    const instant t = from + l.width() * i;
    l.record(period(t, t + l.width()), events);
  }
}

const counts good_slice{1, 0};
const counts bad_slice{0, 1};
const accounting slices{.budgeting = budgeting::time_slices};

}  // namespace

TEST_CASE("statement: Datadog's time slices, one of 144 down, is 715 of 720 minutes") {
  // Datadog documentation, time_slice.md: 12 h in slices of 5 min.
  ledger l({.width = 5min});
  fill(l, start, 144, good_slice);
  l.record(start, false, 100);
  const auto s = slo::account(l, objective(0.99), {start, start + 12h}, slices);
  CHECK_ULP(s.bad_fraction.value, 5.0 / 720.0, 0);
  CHECK(s.bad_time == real_seconds(300));
  CHECK(s.good_time == real_seconds(715 * 60));
  CHECK(s.met);
}

TEST_CASE("statement: a correction leaves the time out, or counts it good: 60/8640 or 60/10080") {
  // Datadog documentation: a week of which a day was corrected and an hour was down.
  ledger l;
  fill(l, start, 60, bad_slice);
  fill(l, start + 1h, 10080 - 60, good_slice);
  const std::vector<period> day{{start + days(3), start + days(4)}};
  accounting how = slices;
  const period week(start, start + days(7));
  CHECK_ULP(slo::account(l, objective(0.99), week, how, day).bad_fraction.value, 60.0 / 8640, 0);
  how.corrections = slo::correction_effect::count_good;
  const auto counted = slo::account(l, objective(0.99), week, how, day);
  CHECK_ULP(counted.bad_fraction.value, 60.0 / 10080, 0);
  CHECK(counted.corrected_slices == 1440);
  how.budgeting = budgeting::occurrences;
  CHECK_ULP(slo::account(l, objective(0.99), week, how, day).bad_fraction.value, 60.0 / 10080, 0);
}

TEST_CASE("statement: overlapping corrections count once; bad events in them are good or gone") {
  ledger l;
  fill(l, start, 10, {8, 2});
  const std::vector<period> twice{
      {start + 2min, start + 5min}, {start, start + 3min}, {start + 9min, start + 9min}};
  const period all(start, start + 10min);
  auto s = slo::account(l, objective(0.9), all, {}, twice);
  CHECK(s.corrected_slices == 5);
  CHECK(s.events == counts(40, 10));
  s = slo::account(l, objective(0.9), all, {.corrections = slo::correction_effect::count_good},
                   twice);
  CHECK(s.events == counts(90, 10));
  CHECK(s.met);
  // A slice is corrected when the correction holds its start.
  const std::vector<period> askew{{start + 30s, start + 90s}};
  CHECK(slo::account(l, objective(0.9), all, {}, askew).corrected_slices == 1);
}

TEST_CASE("statement: Kibana's missing slices count good: 1 - 50/2016, and the other answers") {
  // Elastic documentation prints 97.52 %: 7 d in slices of 5 min, 50 bad, 216 missing.
  ledger l({.width = 5min});
  fill(l, start, 50, bad_slice);
  fill(l, start + 5min * 50, 2016 - 50 - 216, good_slice);
  const period week(start, start + days(7));
  accounting how = slices;
  how.missing = no_traffic::good;
  auto s = slo::account(l, objective(0.95), week, how);
  CHECK_ULP(1 - s.bad_fraction.value, 0.97519841269841268, 1);  // 1966 / 2016
  CHECK(s.missing_slices == 216);
  how.missing = no_traffic::bad;
  CHECK_ULP(slo::account(l, objective(0.95), week, how).bad_fraction.value, 266.0 / 2016, 0);
  how.missing = no_traffic::ignore;
  s = slo::account(l, objective(0.95), week, how);
  CHECK_ULP(s.bad_fraction.value, 50.0 / 1800, 0);
  CHECK_ULP(s.bad_fraction.lower, 50.0 / 2016, 0);
  CHECK_ULP(s.bad_fraction.upper, 266.0 / 2016, 0);
}

TEST_CASE("statement: one bad slice of an hour that has just begun burns at 16.67, not 1000") {
  ledger l;
  l.record(period(start + 59min, start + 1h), bad_slice);
  accounting how = slices;
  how.missing = no_traffic::good;
  const objective goal(0.999);
  const auto s = slo::account(l, goal, {start, start + 1h}, how);
  CHECK_REL(slo::burn_rate(goal, s.bad_fraction.value), 16.666666666666668, 1e-15);  // 1/60/0.001
}

TEST_CASE("statement: OpenSLO's example of budgeting, 14 days at 95 % under attack") {
  // OpenSLO README: 1000 requests a minute here; 99 % are good, 1 % under attack. The budget lasts
  // 1008 min by time slices and (1008 - 201.6) / 0.98 = 822.86 min by ratios of slices.
  const objective goal(0.95);
  const period fortnight(start, start + days(14));
  const auto under_attack = [&](int minutes, const accounting& how) {
    ledger l;
    fill(l, start, minutes, {10, 990});
    fill(l, start + 1min * minutes, 20160 - minutes, {990, 10});
    return slo::account(l, goal, fortnight, how);
  };
  CHECK(under_attack(1008, slices).met);
  CHECK(under_attack(1008, slices).time_budget.remaining.count() == 0);
  CHECK_FALSE(under_attack(1009, slices).met);
  const accounting ratios{.budgeting = budgeting::slice_ratios};
  CHECK(under_attack(822, ratios).met);
  CHECK_FALSE(under_attack(823, ratios).met);
  CHECK(under_attack(823, ratios).time_budget.remaining.count() < 0);
  CHECK(under_attack(822, {}).met);  // even traffic: occurrences are ratios
  CHECK_FALSE(under_attack(823, {}).met);
  CHECK_REL(under_attack(0, ratios).time_budget.allowed.count(), 1008 * 60.0,
            1e-15);  // 2 roundings
  // 1000 requests an hour: 336,000 of which 16,800 may fail.
  CHECK(slo::event_budget(goal, {336'000, 0}).allowed == 16'800);
  CHECK_REL(slo::time_budget(objective(0.9995), days(7)).allowed.count(), 5.04 * 60, 1e-15);
}

TEST_CASE("statement: the period is weighted by requests unless asked: 0.0495 %, not 2.5 %") {
  // Half the time 1000 requests a minute without errors, half 10 a minute with 5 %: the mean of
  // 5-minute ratios that sloth records by default is 50 times too high.
  ledger l({.width = 5min});
  fill(l, start, 144, {10'000, 0});
  fill(l, start + 12h, 144, {95, 5});
  const period day(start, start + days(1));
  const auto s = slo::account(l, objective(0.99), day, {});
  CHECK_ULP(s.bad_fraction.value, 720.0 / 1'454'400, 0);
  CHECK_REL(s.bad_fraction.value, 0.000495, 1e-3);  // three digits
  const accounting ratios{.budgeting = budgeting::slice_ratios};
  CHECK_ULP(slo::account(l, objective(0.99), day, ratios).bad_fraction.value, 0.025, 1);
  // A slice without traffic is no NaN, for any accounting.
  l.watch({start + days(1), start + days(2)});
  const period two(start, start + days(2));
  CHECK_ULP(slo::account(l, objective(0.99), two, ratios).bad_fraction.value, 0.025, 1);
  accounting up = ratios;
  up.no_traffic = no_traffic::good;
  CHECK_ULP(slo::account(l, objective(0.99), two, up).bad_fraction.value, 0.0125, 1);
  up.no_traffic = no_traffic::bad;
  CHECK_ULP(slo::account(l, objective(0.99), two, up).bad_fraction.value, 0.5125, 1);
  CHECK(slo::account(l, objective(0.99), two, up).no_traffic_slices == 288);
}

TEST_CASE("statement: nothing is rounded before it is compared, at any number of nines") {
  // slo-generator rounds an indicator to six digits: at 99.999 % one of them is 10 % of the budget.
  ledger l;
  l.record(period(start, start + 1min), counts(99'998'999, 1001));
  const period minute(start, start + 1min);
  CHECK_FALSE(slo::account(l, objective(0.99999), minute).met);
  l.record(start, true, 100'000);
  CHECK(slo::account(l, objective(0.99999), minute).met);  // 1001 of 100,100,000: exactly on it
  // Google's API stops at 0.999; here one failure in 10^12 is the budget of twelve nines.
  ledger twelve;
  twelve.record(period(start, start + 1min), counts(999'999'999'999, 1));
  const auto s = slo::account(twelve, objective::from_error_budget(1e-12), minute);
  CHECK(s.met);
  CHECK_ULP(s.event_budget.consumed_fraction, 1.0, 0);
}

TEST_CASE("statement: budgets in events and in time stand side by side, negative where overspent") {
  ledger l;
  fill(l, start, 50, {100, 0});
  fill(l, start + 50min, 10, {0, 1});
  const auto s = slo::account(l, objective(0.99), {start, start + 1h});
  CHECK_REL(s.event_budget.allowed, 50.1, 1e-15);  // 0.01 is rounded
  CHECK(s.event_budget.consumed == 10);
  CHECK_REL(s.time_budget.allowed.count(), 36.0, 1e-15);
  CHECK(s.time_budget.consumed == real_seconds(600));
  CHECK_REL(s.time_budget.remaining.count(), -564.0, 1e-15);
  CHECK(s.met);
  CHECK_FALSE(slo::account(l, objective(0.99), {start, start + 1h}, slices).met);
}

TEST_CASE("statement: missing time stands for events at the rate of the rest") {
  ledger l;
  fill(l, start, 30, {95, 5});
  const period hour(start, start + 1h);
  accounting how;
  auto s = slo::account(l, objective(0.9), hour, how);
  CHECK(s.assumed == 0);
  CHECK_ULP(s.bad_fraction.value, 0.05, 0);
  CHECK_ULP(s.bad_fraction.lower, 0.025, 0);
  CHECK_ULP(s.bad_fraction.upper, 0.525, 0);
  CHECK(s.watched == real_seconds(1800));
  how.missing = no_traffic::bad;
  s = slo::account(l, objective(0.9), hour, how);
  CHECK(s.assumed == 3000);
  CHECK(s.events == counts(2850, 3150));
}

TEST_CASE("statement: late events are counted or dropped, and told either way") {
  ledger l({.width = 1min, .late_after = 10min});
  l.record(period(start, start + 1min), counts(90, 0), start + 2min);
  l.record(period(start, start + 1min), counts(0, 10), start + 1h);
  const period minute(start, start + 1min);
  CHECK(slo::account(l, objective(0.9), minute).events == counts(90, 10));
  const auto s = slo::account(l, objective(0.9), minute, {.late = slo::late_events::drop});
  CHECK(s.events == counts(90, 0));
  CHECK(s.late == 10);
}

TEST_CASE("statement: good events above the valid ones are refused, clamped or netted") {
  ledger l;
  const auto row = [&](int minute, count good, count valid) {
    l.record(period(start + 1min * minute, start + 1min * (minute + 1)),
             sli::events({.good = good, .valid = valid}, sli::excess_policy::clamp));
  };
  row(0, 96, 100);  // four of the next minute's good events were read too late
  row(1, 103, 100);
  const period both(start, start + 2min);
  CHECK_THROWS_WITH_AS((void)slo::account(l, objective(0.9), both),
                       "relia::slo::account: the good events must be at most the valid ones (or "
                       "choose excess clamp or net), got an excess of 3",
                       std::domain_error);
  CHECK(slo::account(l, objective(0.9), both, {.excess = slo::excess_good::clamp}).events ==
        counts(196, 4));
  const auto net = slo::account(l, objective(0.9), both, {.excess = slo::excess_good::net});
  CHECK(net.events == counts(199, 1));
  CHECK(net.excess == 3);
  accounting ratios{.budgeting = budgeting::slice_ratios, .excess = slo::excess_good::net};
  CHECK_ULP(slo::account(l, objective(0.9), both, ratios).bad_fraction.value, 0.02, 1);
  ratios.slice = 2min;
  CHECK_ULP(slo::account(l, objective(0.9), both, ratios).bad_fraction.value, 0.005, 1);
}

TEST_CASE("statement: several windows of one objective, calendar days of 23 hours among them") {
  const instant spring = std::chrono::sys_days(std::chrono::year(2026) / 3 / 29) + 1h;
  const zone madrid("Europe/Madrid", 1h, {{spring, 2h}});
  ledger l({.width = 15min});
  const instant day = std::chrono::sys_days(std::chrono::year(2026) / 3 / 28) + 23h;
  fill(l, day - days(2), 4 * 24 * 4, {99, 1});
  const std::vector<slo::budget_window> windows{
      slo::budget_window::calendar(calendar_unit::day, madrid),
      slo::budget_window::rolling(days(1)), slo::budget_window::rolling(1h)};
  const auto all =
      slo::account(l, objective(0.9), windows, day + 23h - 1s, {});  // floored to 22:45
  REQUIRE(all.size() == 3);
  CHECK(all[0].events.valid() == (23 * 4 - 1) * 100);
  CHECK(all[0].period.from() == day);
  CHECK(all[1].events.valid() == 24 * 4 * 100);
  CHECK(all[2].events.valid() == 400);
  const auto full = slo::account(l, objective(0.9), period(day, day + 23h));
  CHECK(full.good_time + full.bad_time == real_seconds(23h));
  CHECK_THROWS_WITH_AS((void)slo::account(l, objective(0.9), {day + 1min, day + 23h}),
                       "relia::slo::ledger: from must be an edge of the grid of buckets (see "
                       "floor), got 1774738860000000000",
                       std::invalid_argument);
}

TEST_CASE("statement: an empty period and an empty ledger are no data, not NaN met") {
  for (const budgeting by :
       {budgeting::occurrences, budgeting::time_slices, budgeting::slice_ratios}) {
    const accounting how{.budgeting = by};
    for (const period& p : {period(start, start), period(start, start + 1h)}) {
      const auto s = slo::account(ledger(), objective(0.9), p, how);
      CHECK(s.bad_fraction.state == state::no_data);
      CHECK(std::isnan(s.bad_fraction.value));
      CHECK_FALSE(s.met);
      CHECK(s.event_budget.state == state::no_data);
    }
  }
  const auto s = slo::account(ledger(), objective(0.9), {start, start + 1h},
                              {.budgeting = budgeting::time_slices, .missing = no_traffic::bad});
  CHECK(s.bad_fraction.value == 1);
  CHECK(s.bad_fraction.lower == 0);
}

TEST_CASE("statement: of merged parts is the statement of the whole, whatever the accounting") {
  const stats::random_stream random(11);
  ledger whole;
  ledger one;
  ledger two;
  for (std::uint64_t i = 0; i < 500; ++i) {
    const instant t = start + std::chrono::minutes(random.below(4 * i, 300));
    const counts events(static_cast<count>(random.below(4 * i + 1, 20)),
                        static_cast<count>(random.below(4 * i + 2, 2)));
    const period minute(t, t + 1min);
    whole.record(minute, events);
    (random.below(4 * i + 3, 2) == 0 ? one : two).record(minute, events);
  }
  one.merge(two);
  for (const budgeting by :
       {budgeting::occurrences, budgeting::time_slices, budgeting::slice_ratios}) {
    const accounting how{.budgeting = by, .slice = 5min};
    const period all(start, start + 5h);
    const auto a = slo::account(whole, objective(0.95), all, how);
    const auto b = slo::account(one, objective(0.95), all, how);
    CHECK(a.bad_fraction.value == b.bad_fraction.value);
    CHECK(a.events == b.events);
  }
}

TEST_CASE("statement: occurrences agree with an event series, slices with sli::time_slices") {
  const stats::random_stream random(12);
  std::vector<instant> times;
  std::vector<count> good;
  std::vector<count> bad;
  for (std::uint64_t i = 0; i < 240; ++i) {
    times.push_back(start + 1min * (i + 1));
    good.push_back(static_cast<count>(random.below(2 * i, 30)));
    bad.push_back(static_cast<count>(random.below(2 * i + 1, 3)));
  }
  const sli::event_series rows(times, good, bad);
  ledger l;
  l.record(rows);
  const period all(start, start + 4h);
  CHECK(slo::account(l, objective(0.9), all).events == rows.total());
  const auto cut = sli::cut(rows, all, 10min);
  const auto expected = sli::time_slices(cut, {.threshold = 0.95});
  accounting how{.budgeting = budgeting::time_slices, .slice = 10min};
  CHECK(slo::account(l, objective(0.9), all, how).bad_fraction.value == expected.bad_fraction);
  how.budgeting = budgeting::slice_ratios;
  CHECK_REL(slo::account(l, objective(0.9), all, how).bad_fraction.value,
            expected.mean_bad_fraction, 1e-15);  // the same sum, multiplied by a length
}

TEST_CASE("statement: the slice target must be a fraction") {
  accounting how = slices;
  how.slice_target = 95;
  CHECK_THROWS_WITH_AS((void)slo::account(ledger(), objective(0.9), {start, start + 1h}, how),
                       "relia::slo::account: slice_target must be a fraction in (0, 1] (95 % is "
                       "0.95), got 95",
                       std::domain_error);
}

TEST_SUITE_END();
