// SPDX-License-Identifier: BSL-1.0
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/sli/counter_events.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace std::chrono_literals;

TEST_SUITE_BEGIN("counter_events");

namespace {

sli::counter at_minutes(const std::vector<int>& minutes, const std::vector<double>& values) {
  std::vector<instant> times;
  for (const int m : minutes) times.emplace_back(std::chrono::minutes(m));
  return {times, values};
}

}  // namespace

TEST_CASE("events_of: good and bad come from the same samples") {
  const auto valid = at_minutes({0, 1, 2, 3}, {100, 160, 220, 280});
  const auto good = at_minutes({0, 1, 3}, {90, 149, 268});  // the scrape at 2 min was lost
  const auto r = sli::events_of(good, valid, sli::part::good);
  CHECK(r.events.total() == aggregate::counts(178, 2));
  CHECK(r.events.size() == 2);
  CHECK(r.unpaired == 1);
  CHECK(r.events.from() == instant(0min));
  CHECK(sli::events_of(at_minutes({0, 1, 3}, {10, 11, 12}), valid, sli::part::bad).events.total() ==
        aggregate::counts(178, 2));
}

TEST_CASE("events_of: extrapolated apart the indicator would exceed 1, here it does not") {
  // Every request is good, but the good counter missed two scrapes: its samples look further apart,
  // so that it is extrapolated further. 120 * 3.5 / 2 good of 120 * 3.5 / 3 valid.
  const auto valid = at_minutes({0, 1, 2, 3, 4}, {1000, 1000, 1000, 1060, 1120});
  const auto good = at_minutes({0, 2, 4}, {1000, 1000, 1120});
  CHECK(good.increase(instant(4min), 210s).value == 210);
  CHECK_ULP(valid.increase(instant(4min), 210s).value, 140.0, 1);
  const auto r = sli::events_of(good, valid, sli::part::good);
  CHECK(r.events.total() == aggregate::counts(120, 0));
  CHECK(r.unpaired == 2);
}

TEST_CASE("events_of: both restart together") {
  // The process restarts between 1 and 2 min; its bad counter was at 0 and shows no fall.
  const auto valid = at_minutes({0, 1, 2}, {100, 150, 30});
  const auto bad = at_minutes({0, 1, 2}, {0, 0, 3});
  const auto r = sli::events_of(bad, valid, sli::part::bad);
  CHECK(r.resets == 1);
  CHECK(r.events.total() == aggregate::counts(77, 3));
  const auto total_rose =
      sli::events_of(at_minutes({0, 1}, {50, 2}), at_minutes({0, 1}, {60, 70}), sli::part::good);
  CHECK(total_rose.events.total() == aggregate::counts(2, 68));  // not 2 of 10
}

TEST_CASE("events_of: a part that runs ahead is refused, or waits for the next step") {
  const auto valid = at_minutes({0, 1, 2}, {0, 10, 20});
  const auto good = at_minutes({0, 1, 2}, {0, 11, 20});
  CHECK_THROWS_WITH_AS((void)sli::events_of(good, valid, sli::part::good),
                       "relia::sli::events_of: the part must be at most the valid events of its "
                       "step (or pass excess_policy::clamp to carry it on), got row 1",
                       std::domain_error);
  const auto r = sli::events_of(good, valid, sli::part::good, sli::excess_policy::clamp);
  CHECK(r.events.total() == aggregate::counts(20, 0));
  CHECK(r.excess == 0);
  const auto ahead = sli::events_of(at_minutes({0, 1}, {0, 12}), at_minutes({0, 1}, {0, 10}),
                                    sli::part::good, sli::excess_policy::clamp);
  CHECK(ahead.events.total() == aggregate::counts(10, 0));
  CHECK(ahead.excess == 2);
}

TEST_CASE("events_of: a counter that is born counts from 0") {
  // The first failure creates the series: its 1 is a failure, and the minutes before had none.
  const auto valid = at_minutes({0, 1, 2, 3}, {100, 110, 120, 130});
  const auto bad = at_minutes({2, 3}, {1, 3});
  const auto r = sli::events_of(bad, valid, sli::part::bad);
  CHECK(r.events.total() == aggregate::counts(27, 3));
  CHECK(r.born == 1);
  CHECK(r.unpaired == 0);
  const auto none = sli::events_of(sli::counter(), valid, sli::part::bad);
  CHECK(none.events.total() == aggregate::counts(30, 0));
  CHECK(none.born == 0);
}

TEST_CASE("events_of: many series of good and of bad, each with its own restarts") {
  const std::vector<sli::counter> good{at_minutes({0, 1, 2, 3}, {50, 60, 5, 10}),
                                       at_minutes({0, 1, 3}, {7, 8, 9})};
  const std::vector<sli::counter> bad{at_minutes({2, 3}, {1, 3}), sli::counter()};
  const auto r = sli::events_of(good, bad);
  CHECK(r.events.size() == 3);
  CHECK(r.events.from() == instant(0min));
  CHECK(r.events.between(instant(0min), instant(1min)) == aggregate::counts(11, 0));
  CHECK(r.events.between(instant(1min), instant(2min)) == aggregate::counts(5, 1));
  CHECK(r.events.between(instant(2min), instant(3min)) == aggregate::counts(6, 2));
  CHECK(r.resets == 1);
  CHECK(r.born == 1);
}

TEST_CASE("events_of: another target's first sample is not a birth") {
  // Two instances scraped half a minute apart: what the second had counted before is not known.
  const sli::counter late(std::vector{instant(30s), instant(90s)}, std::vector{5000.0, 5010.0});
  const std::vector<sli::counter> good{at_minutes({0, 1}, {100, 120}), late};
  const auto r = sli::events_of(good, {});
  CHECK(r.events.total() == aggregate::counts(30, 0));
  CHECK(r.born == 0);
  CHECK(sli::events_of(std::span<const sli::counter>(), {}).events.empty());
}

TEST_CASE("events_of: nothing in common is no events") {
  const auto r =
      sli::events_of(at_minutes({0, 2}, {0, 1}), at_minutes({1, 3}, {0, 1}), sli::part::good);
  CHECK(r.events.empty());
  CHECK(r.unpaired == 4);
  CHECK_THROWS_WITH_AS(
      (void)sli::events_of(at_minutes({0}, {0.5}), at_minutes({0}, {1}), sli::part::good),
      "relia::sli::events_of: a counter value must be a whole number of events in [0, 2^53), got "
      "0.5",
      std::domain_error);
}

TEST_SUITE_END();
