// SPDX-License-Identifier: BSL-1.0
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/io/quantity.hpp>

#include <support/close.hpp>

using namespace relia::io;

TEST_SUITE_BEGIN("quantity");

TEST_CASE("parse_percent: gives the double nearest to the fraction that was written") {
  CHECK(parse_percent("99.9%") == 0.999);
  CHECK(parse_percent("99.99999 %") == 0.9999999);
  CHECK(parse_percent("5%") == 0.05);
  CHECK(parse_percent("0.1%") == 0.001);
  CHECK(parse_percent("100%") == 1.0);
}

TEST_CASE("parse_percent: a bare fraction is refused, with what to write") {
  CHECK_THROWS_WITH_AS((void)parse_percent("0.999"),
                       "expected a percentage such as 99.9%, found the bare number \"0.999\": "
                       "write it with a percent sign",
                       std::invalid_argument);
  CHECK_THROWS_AS((void)parse_percent("99.9"), std::invalid_argument);
  CHECK_THROWS_AS((void)parse_percent("99.9ms"), std::invalid_argument);
}

TEST_CASE("parse_duration: every unit, exactly rounded") {
  CHECK(parse_duration("400ms").count() == 0.4);
  CHECK(parse_duration("250 us").count() == 250e-6);
  CHECK(parse_duration("7ns").count() == 7e-9);
  CHECK(parse_duration("1.5h").count() == 5400.0);
  CHECK(parse_duration("5min").count() == 300.0);
  CHECK(parse_duration("5m").count() == 300.0);
  CHECK(parse_duration("30d").count() == 2592000.0);
  CHECK(parse_duration("2w").count() == 1209600.0);
}

TEST_CASE("parse_duration: the unit is required") {
  for (const char* text : {"400", "ms", "", "4 00ms", "1e3s", "infs", "nans", "400msec", "0x10s"}) {
    CAPTURE(text);
    CHECK_THROWS_AS((void)parse_duration(text), std::invalid_argument);
  }
  CHECK_THROWS_WITH_AS((void)parse_duration("400"),
                       "expected a duration such as 400ms, 5min, 6h or 30d, found \"400\"",
                       std::invalid_argument);
}

TEST_CASE("parse_rate, parse_size and parse_ratio: their units and nothing else") {
  CHECK(parse_rate("90/s") == 90.0);
  CHECK(parse_rate("1200/min") == 20.0);
  CHECK_THROWS_AS((void)parse_rate("90"), std::invalid_argument);
  CHECK(parse_size("20GB") == 20e9);
  CHECK(parse_size("1.5KiB") == 1536.0);
  CHECK(parse_size("512 B") == 512.0);
  CHECK_THROWS_AS((void)parse_size("20G"), std::invalid_argument);
  CHECK(parse_ratio("14.4") == 14.4);
  CHECK(parse_ratio("14.4x") == 14.4);
  CHECK_THROWS_AS((void)parse_ratio("14.4%"), std::invalid_argument);
}

TEST_CASE("parse_time_unit: a unit alone, because a multiple would be read as another number") {
  CHECK(parse_time_unit("ms") == 0.001);
  CHECK(parse_time_unit("min") == 60);
  for (const char* text : {"1s", "5min", "0s", ".5s", "000ms", "", "parsec"}) {
    CAPTURE(text);
    CHECK_THROWS_AS((void)parse_time_unit(text), std::invalid_argument);
  }
}

TEST_CASE("parse_duration: what no 64 bits of nanoseconds hold is refused") {
  CHECK(parse_duration("36524d").count() == 36524 * 86400.0);
  for (const char* text : {"36525d", "-36525d", "99999999999999999999999d"}) {
    CAPTURE(text);
    CHECK_THROWS_AS((void)parse_duration(text), std::invalid_argument);
  }
}

TEST_SUITE_END();
