// SPDX-License-Identifier: BSL-1.0
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/io/time.hpp>

using namespace relia;
using namespace std::chrono;

TEST_SUITE_BEGIN("time");

TEST_CASE("parse_time: RFC 3339 with Z, an offset, a space and fractions") {
  const instant noon = sys_days(2026y / March / 1) + 12h;
  CHECK(io::parse_time("2026-03-01T12:00:00Z") == noon);
  CHECK(io::parse_time("2026-03-01 12:00:00Z") == noon);
  CHECK(io::parse_time("2026-03-01T13:30:00+01:30") == noon);
  CHECK(io::parse_time("2026-03-01T12:00:00.000000007Z") == noon + 7ns);
}

TEST_CASE("parse_time: refuses times without a zone, impossible dates and trailing text") {
  for (const char* text : {"2026-03-01T12:00:00", "2026-02-30T12:00:00Z", "2026-03-01", "", "now",
                           "2026-03-01T12:00:00Zx", "2026-03-01T25:00:00Z"}) {
    CAPTURE(text);
    CHECK_THROWS_AS((void)io::parse_time(text), std::invalid_argument);
  }
}

TEST_CASE(
    "parse_time: refuses what wraps around in 64 bits, or that a lenient reader would guess") {
  CHECK(io::parse_time("2026-03-01T12:00:00+01") == sys_days(2026y / March / 1) + 11h);
  for (const char* text :
       {"9999-12-31T00:00:00Z", "0001-01-01T00:00:00Z", "1899-12-31T00:00:00Z",
        "2190-01-01T00:00:00Z", "26-03-01T12:00:00Z", "2026-3-1T12:00:00Z", "-2026-03-01T12:00:00Z",
        "2026-03-01T12:00:00+99:00", "2026-03-01T12:00:00+01:99", "2026-03-01T12:00:00.Z"}) {
    CAPTURE(text);
    CHECK_THROWS_AS((void)io::parse_time(text), std::invalid_argument);
  }
}

TEST_CASE("format_time: reads back as the same instant") {
  CHECK(io::format_time(sys_days(2026y / March / 1) + 12h) == "2026-03-01T12:00:00Z");
  CHECK(io::format_time(sys_days(2026y / March / 1) + 250ms) == "2026-03-01T00:00:00.25Z");
}

TEST_CASE("load_zone: days of 23 and 25 hours in Berlin") {
  // Central European Summer Time began 2025-03-30 01:00 UTC and ended 2025-10-26 01:00 UTC (EU
  // directive 2000/84/EC).
  const zone berlin = io::load_zone("Europe/Berlin",
                                    {sys_days(2025y / January / 1), sys_days(2026y / January / 1)});
  const auto hours_of = [&](instant t) {
    return berlin.calendar_period(calendar_unit::day, t).length() / 1h;
  };
  CHECK(hours_of(sys_days(2025y / March / 30) + 12h) == 23);
  CHECK(hours_of(sys_days(2025y / October / 26) + 12h) == 25);
  CHECK(hours_of(sys_days(2025y / July / 1)) == 24);
  CHECK(berlin.offset_at(sys_days(2025y / July / 1)) == 2h);
  CHECK_THROWS_AS((void)io::load_zone("Europe/Nowhere", {}), std::invalid_argument);
}

TEST_SUITE_END();
