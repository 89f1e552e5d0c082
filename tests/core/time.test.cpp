// SPDX-License-Identifier: BSL-1.0
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/core/time.hpp>

using namespace relia;
using namespace std::chrono_literals;

TEST_SUITE_BEGIN("time");

namespace {
constexpr instant t0{};
}

TEST_CASE("period: is half-open, so that neighbours share nothing") {
  const period first(t0, t0 + 1h);
  const period second(t0 + 1h, t0 + 2h);
  CHECK(first.contains(t0));
  CHECK_FALSE(first.contains(t0 + 1h));
  CHECK(second.contains(t0 + 1h));
  CHECK(first.length() == 1h);
}

TEST_CASE("period: refuses an end before its start, allows an empty one") {
  CHECK(period(t0, t0).empty());
  CHECK_THROWS_WITH_AS(period(t0 + 1ns, t0), "relia::period: to must be at or after from, got -1",
                       std::invalid_argument);
}

TEST_CASE("period: refuses a length that no duration holds") {
  CHECK_THROWS_AS(period(instant::min(), instant::max()), std::domain_error);
  CHECK_THROWS_AS(period(instant::max(), instant::min()), std::invalid_argument);
}

TEST_CASE("clipped_to: the common part, or empty") {
  const period day(t0, t0 + 24h);
  CHECK(day.clipped_to({t0 + 1h, t0 + 2h}) == period(t0 + 1h, t0 + 2h));
  CHECK(day.clipped_to({t0 - 1h, t0 + 48h}) == day);
  CHECK(day.clipped_to({t0 + 30h, t0 + 40h}).empty());
  CHECK(day.clipped_to({t0 - 2h, t0 - 1h}).empty());
}

TEST_SUITE_END();
