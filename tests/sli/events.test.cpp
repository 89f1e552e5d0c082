// SPDX-License-Identifier: BSL-1.0
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/sli/events.hpp>

using namespace relia;

TEST_SUITE_BEGIN("events");

TEST_CASE("events: any two of good, bad and valid give the third") {
  const aggregate::counts expected(990, 10);
  CHECK(sli::events({.good = 990, .bad = 10}).counts == expected);
  CHECK(sli::events({.good = 990, .valid = 1000}).counts == expected);
  CHECK(sli::events({.bad = 10, .valid = 1000}).counts == expected);
  CHECK(sli::events({.good = 0, .valid = 0}).counts.empty());
}

TEST_CASE("events: good above valid is refused, or clamped and reported") {
  CHECK_THROWS_WITH_AS((void)sli::events({.good = 1001, .valid = 1000}),
                       "relia::sli::events: good must be at most valid (read both at the same "
                       "moment, or pass excess_policy::clamp), got an excess of 1",
                       std::domain_error);
  const auto good = sli::events({.good = 1001, .valid = 1000}, sli::excess_policy::clamp);
  CHECK(good.counts == aggregate::counts(1000, 0));
  CHECK(good.excess == 1);
  const auto bad = sli::events({.bad = 7, .valid = 5}, sli::excess_policy::clamp);
  CHECK(bad.counts == aggregate::counts(0, 5));
  CHECK(bad.excess == 2);
}

TEST_CASE("events: refuses one count, three, and negative ones") {
  CHECK_THROWS_WITH_AS((void)sli::events({.good = 1}),
                       "relia::sli::events: the counts given must be exactly two of good, bad and "
                       "valid, got 1",
                       std::invalid_argument);
  CHECK_THROWS_AS((void)sli::events({.good = 1, .bad = 1, .valid = 2}), std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)sli::events({.bad = -1, .valid = 2}),
                       "relia::sli::events: bad must be at least 0, got -1", std::domain_error);
  CHECK_THROWS_AS((void)sli::events({.good = 0, .bad = -1}), std::domain_error);
}

TEST_SUITE_END();
