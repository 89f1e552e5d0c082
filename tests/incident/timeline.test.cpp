// SPDX-License-Identifier: BSL-1.0
#include <incident/make.hpp>
#include <stdexcept>
#include <string>

#include <doctest/doctest.h>

#include <relia/incident/timeline.hpp>

using namespace relia;
using namespace relia::incident;
using test::as_of;
using test::from_to;
using test::minute;

TEST_SUITE_BEGIN("timeline");

namespace {

std::vector<finding> found(const timeline& t, long now = 10'000,
                           const history_options& options = {}) {
  const history h = as_of(now, {t}, options);
  return {h.findings().begin(), h.findings().end()};
}

}  // namespace

TEST_CASE("history: a whole and orderly row has no finding") {
  timeline t = from_to(0, 60);
  t.detected = minute(0);
  t.acknowledged = minute(5);
  t.mitigated = minute(40);
  const history h = as_of(100, {t});
  CHECK(h.findings().empty());
  CHECK(h.kept().size() == 1);
  CHECK(h.kept()[0].open == false);
  CHECK(h.excluded().empty());
}

TEST_CASE("history: an end before the start is negative and keeps the row aside") {
  // jenkins-infra/status 2023-06-02: started 08:30, resolved 05:00 of the same day.
  const history h = as_of(10'000, {from_to(510, 300), from_to(0, 10)});
  REQUIRE(h.findings().size() == 1);
  CHECK(h.findings()[0] == finding{0, problem::negative, milestone::resolved});
  CHECK(h.kept().size() == 1);
  CHECK(h.kept_rows()[0] == 1);
  REQUIRE(h.excluded().size() == 1);
  CHECK(h.excluded()[0] == 0);
  CHECK(h.given() == 2);
}

TEST_CASE("history: stamps out of order are named and the row is kept") {
  timeline t = from_to(0, 60);
  t.detected = minute(-5);
  t.acknowledged = minute(30);
  t.mitigated = minute(21);  // healed before anybody looked
  const history h = as_of(100, {t});
  REQUIRE(h.findings().size() == 2);
  CHECK(h.findings()[0] == finding{0, problem::out_of_order, milestone::detected});
  CHECK(h.findings()[1] == finding{0, problem::out_of_order, milestone::mitigated});
  CHECK(h.kept().size() == 1);
}

TEST_CASE("history: a wrong year is told from a long and from a negative duration") {
  using namespace std::chrono;
  const auto outage = [](sys_seconds start, sys_seconds end) {
    timeline t;
    t.started = start;
    t.resolved = end;
    return found(t, 10'000'000);
  };
  const auto only = [](const std::vector<finding>& f, problem what) {
    return f.size() == 1 && f[0].what == what;
  };
  // A scraped status page gives two incidents of one hour these ends: two years late, and, over New
  // Year, a year early.
  CHECK(
      only(outage(sys_days(2020y / March / 4) + hours(10), sys_days(2022y / March / 4) + hours(11)),
           problem::wrong_year));
  CHECK(only(
      outage(sys_days(2020y / December / 31) + hours(23), sys_days(2020y / January / 1) + hours(1)),
      problem::wrong_year));
  CHECK(only(outage(sys_days(2020y / February / 28), sys_days(2024y / February / 29)),
             problem::wrong_year));
  CHECK(only(outage(sys_days(2023y / February / 28), sys_days(2024y / February / 29)),
             problem::wrong_year));
  CHECK(outage(sys_days(2020y / March / 4), sys_days(2020y / November / 30)).empty());
  CHECK(outage(sys_days(2020y / March / 4), sys_days(2021y / August / 4)).empty());
  CHECK(only(outage(sys_days(2021y / January / 1) + minutes(5),
                    sys_days(2020y / December / 31) + hours(23)),
             problem::negative));
}

TEST_CASE("history: the ends of time are judged like the rest") {
  timeline t;
  t.started = instant::max();
  t.resolved = instant::max() - std::chrono::hours(1);
  CHECK(found(t).back().what == problem::negative);
}

TEST_CASE("history: stamps after as_of, zero durations and contradictions are named") {
  CHECK(found(from_to(0, 50), 40) ==
        std::vector{finding{0, problem::in_future, milestone::resolved}});
  CHECK(found(from_to(7, 7)) ==
        std::vector{finding{0, problem::zero_duration, milestone::resolved}});
  timeline t = from_to(0, 50);
  t.open = true;
  CHECK(found(t) == std::vector{finding{0, problem::contradictory, milestone::resolved}});
  CHECK(as_of(100, {t}).kept()[0].open == false);
  CHECK(found(timeline{}) == std::vector{finding{0, problem::missing_start, milestone::started},
                                         finding{0, problem::missing_end, milestone::resolved}});
}

TEST_CASE("history: the caller says whether a blank resolution means open") {
  timeline blank = from_to(0, std::nullopt);
  CHECK(as_of(9, {blank}).kept()[0].open == true);
  CHECK(as_of(9, {blank}, {.blank_end = blank_end::unknown}).kept()[0].open == false);
  blank.open = true;
  CHECK(as_of(9, {blank}, {.blank_end = blank_end::unknown}).kept()[0].open == true);
  blank.open = false;
  CHECK(as_of(9, {blank}).kept()[0].open == false);
  CHECK(as_of(9, {blank}).found(problem::missing_end) == 1);
}

TEST_CASE("history: an incident open for longer than any closed one is pointed out") {
  const std::vector rows{from_to(0, 60), from_to(10, std::nullopt), from_to(950, std::nullopt)};
  const history h = as_of(1000, rows);
  CHECK(h.found(problem::open_longest) == 1);
  CHECK(h.findings()[1] == finding{1, problem::open_longest, milestone::started});
  CHECK(h.kept().size() == 3);
  CHECK(as_of(1000, rows, {.exclude = {problem::open_longest}}).kept_rows()[1] == 2);
}

TEST_CASE("history: the second row of an id is kept aside") {
  timeline t = from_to(0, 60);
  t.id = "INC-1";
  const history h = as_of(100, {t, t, from_to(0, 1), from_to(0, 1)});
  CHECK(h.found(problem::duplicate_id) == 1);
  CHECK(h.excluded()[0] == 1);
  CHECK(h.kept().size() == 3);
}

TEST_CASE("history: the policy decides which problems exclude") {
  const std::vector rows{from_to(10, 5), from_to(0, 0)};
  CHECK(as_of(100, rows, {.exclude = {}}).kept().size() == 2);
  CHECK(as_of(100, rows, {.exclude = {problem::zero_duration}}).kept_rows()[0] == 0);
}

TEST_CASE("history: every row is kept or set aside, whatever the damage") {
  std::vector<timeline> rows;
  for (long i = 0; i < 64; ++i) {
    timeline t = from_to(i, i % 3 == 0 ? std::optional<long>() : (i * 37) % 50);
    if (i % 5 == 0) t.started.reset();
    if (i % 7 == 0) t.mitigated = minute(i - 3);
    rows.push_back(t);
  }
  const history h = as_of(45, rows);
  CHECK(h.kept().size() + h.excluded().size() == rows.size());
  CHECK(h.kept().size() == h.kept_rows().size());
}

TEST_CASE("history: refuses a plausible time that is not positive") {
  CHECK_THROWS_WITH_AS(as_of(0, {}, {.longest_plausible = duration{0}}),
                       "relia::incident::history: longest_plausible must be positive, in "
                       "nanoseconds, got 0",
                       std::domain_error);
}

TEST_CASE("to_string: a finding reads as a sentence") {
  CHECK(to_string(finding{3, problem::wrong_year, milestone::resolved}) ==
        "row 3: wrong_year (resolved)");
}

TEST_CASE("selection: planned work is out unless asked for") {
  timeline t;
  t.planned = true;
  t.service = "api";
  CHECK_FALSE(selection{}.matches(t));
  CHECK(selection{.planned = std::nullopt}.matches(t));
  CHECK(selection{.service = "api", .planned = true}.matches(t));
  CHECK_FALSE(selection{.severity = "1", .planned = true}.matches(t));
}

TEST_SUITE_END();
