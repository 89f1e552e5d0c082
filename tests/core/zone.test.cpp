// SPDX-License-Identifier: BSL-1.0
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/core/zone.hpp>

using namespace relia;
using namespace std::chrono;

TEST_SUITE_BEGIN("zone");

namespace {

/// Central European time in 2025: summer time from 03-30 01:00 UTC to 10-26 01:00 UTC (EU directive
/// 2000/84/EC).
zone berlin_2025() {
  return {"Europe/Berlin",
          1h,
          {{sys_days(2025y / March / 30) + 1h, 2h}, {sys_days(2025y / October / 26) + 1h, 1h}}};
}

}  // namespace

TEST_CASE("calendar_period: days of 23 and 25 hours, and the month that holds one") {
  const zone berlin = berlin_2025();
  CHECK(berlin.calendar_period(calendar_unit::day, sys_days(2025y / March / 30) + 12h).length() ==
        23h);
  CHECK(berlin.calendar_period(calendar_unit::day, sys_days(2025y / October / 26)).length() == 25h);
  CHECK(berlin.calendar_period(calendar_unit::month, sys_days(2025y / March / 15)).length() ==
        31 * 24h - 1h);
  CHECK(berlin.calendar_period(calendar_unit::year, sys_days(2025y / July / 1)).length() ==
        365 * 24h);
}

TEST_CASE("calendar_period: weeks start on Monday, quarters in January, April, July and October") {
  const zone utc;
  const instant t = sys_days(2026y / November / 25) + 3h;  // a Wednesday
  CHECK(utc.calendar_period(calendar_unit::week, t).from() == sys_days(2026y / November / 23));
  CHECK(utc.calendar_period(calendar_unit::quarter, t) ==
        period(sys_days(2026y / October / 1), sys_days(2027y / January / 1)));
  CHECK(utc.calendar_period(calendar_unit::month, sys_days(2024y / February / 29)).length() ==
        29 * 24h);
}

TEST_CASE(
    "calendar_period: holds its instant and ends where the next begins, every hour of a year") {
  const zone berlin = berlin_2025();
  for (instant t = sys_days(2025y / January / 1); t < sys_days(2026y / January / 1); t += 1h) {
    for (const calendar_unit unit :
         {calendar_unit::day, calendar_unit::week, calendar_unit::month}) {
      const period p = berlin.calendar_period(unit, t);
      REQUIRE(p.contains(t));
      REQUIRE(berlin.calendar_period(unit, p.to()).from() == p.to());
    }
  }
}

TEST_CASE(
    "to_utc: a skipped local time maps to the change, a doubled one to its first occurrence") {
  const zone berlin = berlin_2025();
  const instant spring = sys_days(2025y / March / 30) + 1h;
  CHECK(berlin.to_utc(local_days(2025y / March / 30) + 2h + 30min) == spring);
  CHECK(berlin.to_utc(local_days(2025y / October / 26) + 2h + 30min) ==
        sys_days(2025y / October / 26) + 30min);
  CHECK(berlin.to_utc(local_days(2025y / July / 1)) == sys_days(2025y / June / 30) + 22h);
}

TEST_CASE("zone: refuses unsorted changes and an offset of a day") {
  const instant t{};
  CHECK_THROWS_AS(zone("x", 0s, {{t, 1h}, {t, 2h}}), std::invalid_argument);
  CHECK_THROWS_AS(zone("x", 24h, {}), std::domain_error);
}

TEST_CASE("calendar_period: refuses instants whose year the clock does not hold") {
  CHECK_THROWS_WITH_AS(
      (void)zone().calendar_period(calendar_unit::year, instant::max()),
      "relia::zone::calendar_period: t must be in the years 1679 to 2260, got 2262",
      std::domain_error);
  CHECK_THROWS_AS((void)zone().calendar_period(calendar_unit::day, instant::min()),
                  std::domain_error);
  const period last = zone().calendar_period(calendar_unit::year, sys_days(2260y / December / 31));
  CHECK(last.to() == sys_days(2261y / January / 1));
}

TEST_SUITE_END();
