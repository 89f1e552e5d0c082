// SPDX-License-Identifier: BSL-1.0
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/slo/budget_window.hpp>

using namespace relia;
using namespace std::chrono_literals;
using slo::budget_window;

namespace {

/// Madrid in 2026: an hour ahead, two from 29 March 01:00 UTC to 25 October 01:00 UTC
/// (Directive 2000/84/EC: the last Sundays of March and October).
zone madrid() {
  const instant spring = std::chrono::sys_days(std::chrono::year(2026) / 3 / 29) + 1h;
  const instant autumn = std::chrono::sys_days(std::chrono::year(2026) / 10 / 25) + 1h;
  return {"Europe/Madrid", 1h, {{spring, 2h}, {autumn, 1h}}};
}

constexpr instant day(unsigned month, unsigned d) {
  return std::chrono::sys_days(std::chrono::year(2026) / std::chrono::month(month) /
                               std::chrono::day(d));
}

}  // namespace

TEST_CASE("budget_window: rolling ends now, at any length") {
  const auto w = budget_window::rolling(std::chrono::days(28));
  CHECK(w.whole(day(3, 29)) == period(day(3, 1), day(3, 29)));
  CHECK(w.elapsed(day(3, 29)) == w.whole(day(3, 29)));
  CHECK_FALSE(w.is_calendar());
  CHECK_THROWS_WITH_AS((void)budget_window::rolling(0s),
                       "relia::slo::budget_window::rolling: length must be positive, got 0",
                       std::domain_error);
  CHECK_THROWS_AS((void)w.whole(instant::min()), std::domain_error);
}

TEST_CASE("budget_window: calendar days of 23 and 25 hours, and what has passed of them") {
  const auto w = budget_window::calendar(calendar_unit::day, madrid());
  CHECK(w.is_calendar());
  CHECK(w.whole(day(3, 29) + 12h) == period(day(3, 28) + 23h, day(3, 29) + 22h));
  CHECK(w.elapsed(day(3, 29) + 12h).length() == 13h);
  CHECK(w.whole(day(10, 25) + 12h).length() == 25h);
}

TEST_CASE("budget_window: a calendar month is no 30 days") {
  const auto month = budget_window::calendar(calendar_unit::month);
  CHECK(month.whole(day(2, 14)) == period(day(2, 1), day(3, 1)));
  CHECK(month.whole(day(3, 1)).length() == std::chrono::days(31));
  CHECK(month.elapsed(day(3, 1)).empty());
  CHECK(budget_window::calendar(calendar_unit::quarter, madrid()).whole(day(5, 5)) ==
        period(day(3, 31) + 22h, day(6, 30) + 22h));
}
