// SPDX-License-Identifier: BSL-1.0
#include <limits>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/sli/event_series.hpp>

using namespace relia;
using namespace std::chrono_literals;

TEST_SUITE_BEGIN("event_series");

namespace {

const std::vector<instant> minutes{instant(1min), instant(2min), instant(5min)};

}  // namespace

TEST_CASE("event_series: a window holds the rows that end in it") {
  const sli::event_series s(minutes, std::vector<count>{10, 20, 30}, std::vector<count>{1, 2, 3});
  CHECK(s.between(instant(0min), instant(5min)) == aggregate::counts(60, 6));
  CHECK(s.between(instant(1min), instant(2min)) == aggregate::counts(20, 2));
  CHECK(s.between(instant(2min), instant(4min)).empty());
  CHECK(s.between(instant(5min), instant(1min)).empty());
  CHECK(s.total() == aggregate::counts(60, 6));
  CHECK(s.size() == 3);
}

TEST_CASE("event_series: counting began one first step before the first row, unless told") {
  const std::vector<count> n{1, 1, 1};
  CHECK(sli::event_series(minutes, n, n).from() == instant(0min));
  CHECK(sli::event_series(minutes, n, n, instant(-1h)).from() == instant(-1h));
  CHECK_THROWS_WITH_AS((void)sli::event_series(minutes, n, n, instant(61s)),
                       "relia::sli::event_series: from must be at or before the first time, got "
                       "1000000000",
                       std::invalid_argument);
}

TEST_CASE("event_series: empty holds nothing") {
  const sli::event_series none;
  CHECK(none.empty());
  CHECK(none.total().empty());
  CHECK(none.between(instant(0min), instant(5min)).empty());
}

TEST_CASE("event_series: refuses rows by number") {
  const std::vector<count> n{1, 1, 1};
  const std::vector<instant> back{instant(1min), instant(3min), instant(2min)};
  CHECK_THROWS_WITH_AS((void)sli::event_series(back, n, n),
                       "relia::sli::event_series: times must be strictly increasing, got row 2",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)sli::event_series(minutes, std::vector<count>{1, -1, 1}, n),
                       "relia::sli::event_series: good must be at least 0, got -1",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)sli::event_series(minutes, std::vector<count>{1}, n),
                       "relia::sli::event_series: good must be of size 3, got 1",
                       std::invalid_argument);
  constexpr count most = std::numeric_limits<count>::max();
  CHECK_THROWS_WITH_AS(
      (void)sli::event_series(minutes, std::vector<count>{most - 1, 0, 0}, n),
      "relia::sli::event_series: the sum of all events must be below 2^63, got row 1",
      std::domain_error);
}

TEST_SUITE_END();
