// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/sli/counter_events.hpp>
#include <relia/slo/backtest.hpp>
#include <relia/slo/presets.hpp>

#include <support/close.hpp>
#include <support/event_rows.hpp>

using namespace relia;
using namespace std::chrono_literals;
using relia::test::event_rows;

TEST_SUITE_BEGIN("backtest");

namespace {

const slo::objective three_nines(0.999);

period between(duration from, duration to) { return {instant(from), instant(to)}; }

slo::policy fast() { return {"fast", std::chrono::days(30), {{1h, 5min, 14.4}}, {}, {}}; }

/// Ten days of minutes; 100 % errors for 10 min on day 1, 10 % for 30 min on day 3, 1 % for 2 h on
/// day 5, a burst that nobody labelled on day 7.
sli::event_series ten_days() {
  return event_rows(14400, 1min, 1000, [](std::size_t i) -> count {
    if (i >= 1440 && i < 1450) return 1000;
    if (i >= 4320 && i < 4350) return 100;
    if (i >= 7200 && i < 7320) return 10;
    if (i >= 10080 && i < 10090) return 300;
    return 0;
  });
}

const std::vector<period> labelled{between(1440min, 1450min), between(4320min, 4350min),
                                   between(7200min, 7320min)};

}  // namespace

TEST_CASE("backtest: precision, recall, detection and reset against labels") {
  const auto r = slo::backtest(fast(), three_nines, ten_days(), labelled);
  CHECK(r.policy == "fast");
  REQUIRE(r.pages.size() == 3);
  CHECK(r.true_pages == 2);
  CHECK(r.found == 2);
  // 864 of 60000 failures: one minute at 100 %, nine at 10 %, never at 1 %.
  CHECK(r.outcomes[0].detected_after == real_seconds(60));
  CHECK(r.outcomes[1].detected_after == real_seconds(9 * 60));
  CHECK_FALSE(r.outcomes[2].found());
  CHECK(std::isnan(r.outcomes[2].reset_after.count()));
  // Under 14.4 * 0.001 * 5000 = 72 failures: five minutes after the end at 1000 a minute, and at
  // 100 a minute too.
  CHECK(r.outcomes[0].reset_after == real_seconds(5 * 60));
  CHECK(r.outcomes[1].reset_after == real_seconds(5 * 60));
  CHECK(r.paging == real_seconds(60 * ((10 - 1 + 5) + (30 - 9 + 5) + (10 - 3 + 1 + 4))));
  // Clopper-Pearson, 2 of 3 at 95 %: roots of the binomial tails, 0.0943 and 0.9916 in published
  // tables.
  CHECK(r.precision.value == 2.0 / 3);
  CHECK(std::abs(r.precision.interval.lower - 0.0943) < 5e-5);  // the table's digits
  CHECK(std::abs(r.recall.interval.upper - 0.9916) < 5e-5);
  // The missed one counts as infinite: the median of 1 min, 9 min and never.
  CHECK(r.detection_time().value == real_seconds(540));
  CHECK(r.detection_time(0.9).value == never);
  CHECK(r.detection_time().n == 3);
  CHECK(r.reset_time().value == real_seconds(300));
  CHECK(r.reset_time().n == 2);
  CHECK_FALSE(r.detection_time().notes.empty());  // three values bound no median
}

TEST_CASE("backtest: a page after the end is of the incident within the grace only") {
  // 2 min at 100 % found only by a tier that is held for 3 min.
  slo::policy p = fast();
  p.tiers[0].hold = 3min;
  const auto s = event_rows(
      300, 1min, 1000, [](std::size_t i) { return i >= 100 && i < 102 ? count{1000} : count{0}; });
  const std::vector<period> incident{between(100min, 102min)};
  CHECK(slo::backtest(p, three_nines, s, incident).found == 0);
  const auto r = slo::backtest(p, three_nines, s, incident, {.grace = 5min});
  CHECK(r.found == 1);
  CHECK(r.outcomes[0].detected_after == real_seconds(240));
}

TEST_CASE("backtest: a page that is open already, and one that never ends") {
  const auto s =
      event_rows(300, 1min, 1000, [](std::size_t i) { return i >= 100 ? count{1000} : count{0}; });
  const std::vector<period> incidents{between(200min, 210min), between(90min, 150min)};
  const auto r = slo::backtest(fast(), three_nines, s, incidents);
  CHECK(r.pages.size() == 1);
  CHECK(r.outcomes[0].detected_after == real_seconds(0));
  CHECK(r.outcomes[1].detected_after == real_seconds(660));  // labelled ten minutes early
  CHECK(r.outcomes[0].open);
  CHECK(r.reset_time().value == never);
  CHECK(r.precision.value == 1);
}

TEST_CASE("backtest: tickets are judged when asked for, together with pages") {
  slo::policy p = fast();
  p.tiers.push_back({6h, 30min, 2, slo::severity::ticket});
  const auto pages = slo::backtest(p, three_nines, ten_days(), labelled);
  const auto all =
      slo::backtest(p, three_nines, ten_days(), labelled, {.judged = slo::severity::ticket});
  CHECK(pages.found == 2);
  CHECK(all.found == 3);  // 720 of 360000: 72 min at 1 %
  CHECK(all.outcomes[2].detected_after == real_seconds(72 * 60));
  CHECK(all.paging > pages.paging);
}

TEST_CASE("backtest: no labels, no events") {
  const auto r = slo::backtest(fast(), three_nines, ten_days());
  CHECK(r.pages.size() == 3);
  CHECK(r.precision.state == state::no_data);
  CHECK(r.recall.state == state::no_data);
  CHECK(r.detection_time().state == state::no_data);
  const auto none = slo::backtest(fast(), three_nines, {}, labelled);
  CHECK(none.found == 0);
  CHECK(none.recall.value == 0);
  CHECK(none.precision.state == state::no_data);
  CHECK(none.detection_time().value == never);
  CHECK(none.reset_time().state == state::no_data);
}

TEST_CASE("backtest: raw counters, with a restart in the incident") {
  // A counter of requests and one of failures, once a minute; both restart at minute 105.
  std::vector<instant> times;
  std::vector<double> valid;
  std::vector<double> failed;
  double all = 5e6;
  double bad = 1000;
  for (int i = 0; i < 300; ++i) {
    if (i == 105) all = bad = 0;
    times.emplace_back(std::chrono::minutes(i));
    valid.push_back(all += 1000);
    failed.push_back(bad += i > 100 && i <= 110 ? 500 : 0);
  }
  const auto counted =
      sli::events_of(sli::counter(times, failed), sli::counter(times, valid), sli::part::bad);
  CHECK(counted.resets == 1);
  const std::vector<period> incident{between(100min, 110min)};
  const auto r = slo::backtest(fast(), three_nines, counted.events, incident);
  CHECK(r.found == 1);
  CHECK(r.true_pages == 1);
  CHECK(r.outcomes[0].detected_after == real_seconds(120));  // 864 of 60000 at 500 a minute
}

TEST_CASE("backtest: several policies at once, and what changes between two") {
  slo::policy slow{"slow", std::chrono::days(30), {{6h, 30min, 1}}, {}, {}};
  const std::vector<slo::policy> both{fast(), slow};
  const auto r = slo::backtest(both, three_nines, ten_days(), labelled);
  REQUIRE(r.size() == 2);
  CHECK(r[1].policy == "slow");
  const auto d = slo::difference(r[0], r[1]);
  CHECK(d.pages == 1);
  CHECK(d.false_pages == 0);
  CHECK(d.gained == std::vector<std::size_t>{2});
  CHECK(d.lost.empty());
  CHECK_REL(d.recall.value, 1.0 / 3, 1e-15);
  CHECK(d.recall.interval.lower == 0);
  // 360 of 360000 failures: a minute, four minutes. Differences of 0 and -5 min: the median -2.5.
  CHECK(d.detection.value == real_seconds(-150));
  CHECK(d.detection.n == 2);
  CHECK(d.only_first.empty());
  REQUIRE(d.only_second.size() == 6);
  CHECK(d.only_second[0] == between(1455min, 1480min));  // 30 min window less 5 min window
  CHECK(d.only_second[1] == between(4324min, 4329min));
  const auto same = slo::difference(r[0], r[0]);
  CHECK(same.pages == 0);
  CHECK(same.recall.value == 0);
  CHECK(same.only_first.empty());
  const auto back = slo::difference(r[1], r[0]);
  CHECK(back.only_first == d.only_second);
  CHECK(back.lost == d.gained);
}

TEST_CASE("backtest: refuses what it cannot judge") {
  const std::vector<period> empty{between(0s, 1s), between(2s, 2s)};
  CHECK_THROWS_WITH_AS((void)slo::backtest(fast(), three_nines, {}, empty),
                       "relia::slo::backtest: incidents must be longer than nothing, got row 1",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)slo::backtest(fast(), three_nines, {}, {}, {.grace = -1s}),
                       "relia::slo::backtest: grace must be at least 0, got -1000000000",
                       std::domain_error);
  const auto a = slo::backtest(fast(), three_nines, ten_days(), labelled);
  const auto b = slo::backtest(fast(), three_nines, ten_days());
  CHECK_THROWS_WITH_AS((void)slo::difference(a, b),
                       "relia::slo::difference: second must be of the same incidents as first, "
                       "got 0",
                       std::invalid_argument);
}

TEST_SUITE_END();
