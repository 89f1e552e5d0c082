// SPDX-License-Identifier: BSL-1.0
#include <doctest/doctest.h>

#include <relia/sli/watched_time.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace std::chrono_literals;

TEST_SUITE_BEGIN("watched_time");

TEST_CASE("bad_fraction: unknown time counts as the policy says, within bounds that hold all") {
  const sli::watched_time day{.good = 20h, .bad = 1h, .unknown = 3h};
  const auto ignored = sli::bad_fraction(day);
  CHECK(ignored.value == 1.0 / 21);
  CHECK(ignored.lower == 1.0 / 24);
  CHECK(ignored.upper == 4.0 / 24);
  CHECK(sli::bad_fraction(day, sli::no_traffic::good).value == ignored.lower);
  CHECK(sli::bad_fraction(day, sli::no_traffic::bad).value == ignored.upper);
}

TEST_CASE("bad_fraction: doubtful time widens the bounds and not the value") {
  const sli::watched_time day{.good = 20h, .bad = 4h, .good_doubtful = 1h, .bad_doubtful = 2h};
  const auto b = sli::bad_fraction(day);
  CHECK(b.value == 4.0 / 24);
  CHECK(b.lower == 2.0 / 24);
  CHECK(b.upper == 5.0 / 24);
}

TEST_CASE("bad_fraction: no known time is no data") {
  CHECK(sli::bad_fraction(sli::watched_time{}).state == state::no_data);
  const sli::watched_time blind{.unknown = 1h};
  CHECK(sli::bad_fraction(blind).state == state::no_data);
  CHECK(sli::bad_fraction(blind, sli::no_traffic::bad).value == 1.0);
  CHECK(sli::bad_fraction(blind, sli::no_traffic::bad).lower == 0.0);
}

TEST_SUITE_END();
