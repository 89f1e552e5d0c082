// SPDX-License-Identifier: BSL-1.0
#include <chrono>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/slo/evaluate.hpp>
#include <relia/slo/tier.hpp>

#include <support/close.hpp>
#include <support/event_rows.hpp>

using namespace relia;
using namespace std::chrono_literals;
using relia::test::event_rows;

TEST_SUITE_BEGIN("tier");

namespace {

const slo::objective three_nines(0.999);

slo::policy of(const slo::tier& t) { return {"", std::chrono::days(30), {t}, {}, {}}; }

slo::tier hourly() {
  slo::tier t;
  t.long_window = 1h;
  t.short_window = 5min;
  t.factor = 14.4;
  return t;
}

}  // namespace

TEST_CASE("tier: asks for nothing but its burn rates unless told to") {
  const slo::tier t = hourly();
  CHECK(t.severity == slo::severity::page);
  CHECK(t.min_failures == 1);
  CHECK(t.min_events == 0);
  CHECK(t.hold == 0s);
  CHECK(t.evidence == slo::evidence{1.0, 1.0, 1.0});
  CHECK(to_string(slo::severity::ticket) == "ticket");
}

TEST_CASE("tier: a smallest number of failures is its own, beside the option for all") {
  // 10 events an hour, three failures within the hour before minute 660: at 30, 36 and 42.
  const auto s = event_rows(200, 6min, 1, [](std::size_t i) { return count{i >= 104 && i < 107}; });
  slo::tier t = hourly();
  t.short_window = 10min;
  t.min_failures = 3;
  const auto e = slo::evaluate(of(t), three_nines, s);
  REQUIRE(e.alerts.size() == 1);
  CHECK(e.alerts[0].start == s.times()[106]);
  t.min_failures = 4;
  CHECK(slo::evaluate(of(t), three_nines, s).alerts.empty());
  t.min_failures = 1;
  const auto by_option = slo::evaluate(of(t), three_nines, s, {.min_failures = 3});
  REQUIRE(by_option.alerts.size() == 1);
  CHECK(by_option.alerts[0].start == e.alerts[0].start);
}

TEST_CASE("tier: a smallest number of events is counted, not presumed") {
  // Ten events a minute, all bad from the first: the long window holds 100 at the tenth row.
  const auto s = event_rows(60, 1min, 10, [](std::size_t) { return count{10}; });
  slo::tier t = hourly();
  t.min_events = 100;
  const auto e = slo::evaluate(of(t), three_nines, s);
  REQUIRE(e.alerts.size() == 1);
  CHECK(e.alerts[0].start == instant(10min));
}

TEST_CASE("tier: hold asks all of it to last, and a break begins anew") {
  // Errors of 50 % in rows 100 to 119 and 125 to 134 (minutes 101 to 120, 126 to 135).
  const auto s = event_rows(300, 1min, 1000, [](std::size_t i) {
    return (i >= 100 && i < 120) || (i >= 130 && i < 135) ? count{500} : count{0};
  });
  slo::tier t = hourly();
  const auto plain = slo::evaluate(of(t), three_nines, s);
  REQUIRE(plain.alerts.size() == 2);
  // 14.4 * 0.001 / 0.5 of an hour is 1.728 min: the second bad minute. The short window clears at
  // the end of the fifth good minute.
  CHECK(plain.alerts[0].start == instant(102min));
  CHECK(plain.alerts[0].end == instant(125min));
  t.hold = 15min;
  const auto held = slo::evaluate(of(t), three_nines, s);
  REQUIRE(held.alerts.size() == 1);  // the second stretch lasts 9 min
  CHECK(held.alerts[0].start == instant(117min));
  CHECK(held.alerts[0].end == instant(125min));
  t.hold = 23min;  // the rule turned false just then
  CHECK(slo::evaluate(of(t), three_nines, s).alerts.empty());
  t.hold = 22min;
  CHECK(slo::evaluate(of(t), three_nines, s).alerts.size() == 1);
}

TEST_CASE("tier: the closed forms know the hold time and the failures") {
  slo::tier t = hourly();
  const double before = slo::detection_time(t, three_nines, 0.15).count();
  CHECK_REL(before, 345.6, 1e-15);  // 5.76 min; one rounding
  CHECK(slo::single_failure_events(t, three_nines) > 69);
  t.hold = 2min;
  t.min_failures = 2;
  CHECK_REL(slo::detection_time(t, three_nines, 0.15).count(), 465.6, 1e-15);
  CHECK(slo::detection_time(t, three_nines, 0.001) == never);
  // 150 times the budget for 465.6 s of 30 days.
  CHECK_REL(slo::budget_spent_at_detection(t, three_nines, 0.15, std::chrono::days(30)),
            150 * 465.6 / 2592000, 1e-14);
  CHECK(slo::single_failure_events(t, three_nines) == 0);
}

TEST_CASE("tier: evidence waits for the critical count") {
  // Critical counts of the exact test at 1e-4 against 0.1 %: 10 events 2, 30 events 3, 100 events
  // 4, 300 events 5 (binomial and Poisson agree on these).
  const struct {
    count events;
    count critical;
  } known[] = {{10, 2}, {30, 3}, {100, 4}, {300, 5}};
  for (const auto& k : known) {
    for (const count bad : {k.critical - 1, k.critical}) {
      // One row holds the whole hour.
      const auto s =
          event_rows(30, 1h, k.events, [&](std::size_t i) { return i == 20 ? bad : count{0}; });
      slo::tier t = hourly();
      t.factor = 1;
      t.evidence.p_value = 1e-4;
      CAPTURE(k.events);
      CHECK(slo::evaluate(of(t), three_nines, s).pages() == (bad >= k.critical ? 1 : 0));
    }
  }
}

TEST_CASE("tier: evidence against a higher burn rate, and in clusters, asks for more") {
  const auto s = event_rows(30, 1h, 1000, [](std::size_t i) { return count{i == 20 ? 8 : 0}; });
  slo::tier t = hourly();
  t.factor = 1;
  t.evidence = {1e-4, 1.0, 1.0};  // P(X >= 8 | 1) = 1.0e-5, P(X >= 7 | 1) = 8.3e-5
  CHECK(slo::evaluate(of(t), three_nines, s).pages() == 1);
  t.evidence.burn_rate = 3;  // P(X >= 8 | 3) = 0.012
  CHECK(slo::evaluate(of(t), three_nines, s).pages() == 0);
  t.evidence = {1e-4, 1.0, 3.0};
  CHECK(slo::evaluate(of(t), three_nines, s).pages() == 0);
}

TEST_CASE("tier: what it asks for must be possible") {
  const auto evaluate = [](const slo::tier& t) {
    (void)slo::evaluate(of(t), three_nines, sli::event_series());
  };
  slo::tier t = hourly();
  t.min_failures = 0;
  CHECK_THROWS_WITH_AS(evaluate(t), "relia::slo::evaluate: min_failures must be at least 1, got 0",
                       std::domain_error);
  t = hourly();
  t.min_events = -1;
  CHECK_THROWS_WITH_AS(evaluate(t), "relia::slo::evaluate: min_events must be at least 0, got -1",
                       std::domain_error);
  t = hourly();
  t.hold = -1s;
  CHECK_THROWS_WITH_AS(evaluate(t),
                       "relia::slo::evaluate: hold must be at least 0, got -1000000000",
                       std::domain_error);
  t = hourly();
  t.evidence.p_value = 0;
  CHECK_THROWS_WITH_AS(evaluate(t),
                       "relia::slo::significance: p_value must be a fraction in (0, 1], got 0",
                       std::domain_error);
}

TEST_CASE("tier: a ticket that a page covers is not sent") {
  // The page is over 1 h; the ticket tier has the same windows and a lower factor, so it fires
  // before and after the page does.
  slo::tier ticket = hourly();
  ticket.factor = 7;
  ticket.severity = slo::severity::ticket;
  const auto burst = event_rows(
      600, 1min, 1000, [](std::size_t i) { return i >= 200 && i < 230 ? count{200} : count{0}; });
  slo::policy p{"", std::chrono::days(30), {hourly(), ticket}, {}, {}};
  const auto e = slo::evaluate(p, three_nines, burst);
  // Tickets are sent before the page: 3 min against 5 min, and stay one.
  REQUIRE(e.notifications.size() == 2);
  CHECK(e.notifications[0].severity == slo::severity::ticket);
  CHECK(e.suppressed == 0);

  p.tiers[1].factor = 14.5;  // fires later and clears sooner
  const auto covered = slo::evaluate(p, three_nines, burst);
  CHECK(covered.alerts.size() == 2);
  CHECK(covered.notifications.size() == 1);
  CHECK(covered.notifications[0].severity == slo::severity::page);
  CHECK(covered.suppressed == 1);
  const auto all = slo::evaluate(p, three_nines, burst, {.suppress_covered = false});
  CHECK(all.notifications.size() == 2);
  CHECK(all.suppressed == 0);

  p.tiers[1] = {6h, 30min, 6, slo::severity::ticket};  // fires during the page and outlives it
  const auto outlives = slo::evaluate(p, three_nines, burst);
  REQUIRE(outlives.notifications.size() == 2);
  CHECK(outlives.alerts[1].start < outlives.notifications[0].end);
  CHECK(outlives.notifications[1].severity == slo::severity::ticket);
  CHECK(outlives.notifications[1].start == outlives.notifications[0].end);
  CHECK(outlives.notifications[1].end == outlives.alerts[1].end);
}

TEST_SUITE_END();
