// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/slo/budget.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace std::chrono_literals;

TEST_SUITE_BEGIN("budget");

namespace {

const slo::objective three_nines(0.999);
constexpr real_seconds month = std::chrono::days(30);

}  // namespace

TEST_CASE("event_budget: allowed, consumed and remaining, below zero when overspent") {
  const auto b = slo::event_budget(three_nines, {99900, 40});
  CHECK_ULP(b.allowed, 99.94, 1);  // 0.001 is rounded
  CHECK(b.consumed == 40);
  CHECK_ULP(b.remaining, 59.94, 1);
  const auto over = slo::event_budget(slo::objective(0.99), {900, 100});
  CHECK(over.allowed == 10);
  CHECK(over.remaining == -90);
  CHECK(over.consumed_fraction == 10);
  CHECK(over.remaining_fraction == -9);
}

TEST_CASE("event_budget: the remaining fraction is Datadog's (status - target) / (100 - target)") {
  const auto b = slo::event_budget(slo::objective(0.99), {9950, 50});
  CHECK_REL(b.remaining_fraction, (99.5 - 99) / (100 - 99), 1e-15);  // exact in both
}

TEST_CASE("event_budget: a running period may say how many events it expects") {
  // The workbook's low-traffic service: 10 requests an hour, 7200 in 30 d, 7.2 failures; one is
  // 13.89 % of the budget.
  const auto b = slo::event_budget(three_nines, {9, 1}, 7200);
  CHECK_ULP(b.allowed, 7.2, 0);
  CHECK_ULP(b.consumed_fraction, 1 / 7.2, 0);
  CHECK_THROWS_WITH_AS((void)slo::event_budget(three_nines, {9, 1}, 9),
                       "relia::slo::event_budget: expected_valid must be at least the valid events "
                       "so far, got 9",
                       std::domain_error);
}

TEST_CASE("event_budget: nothing valid is no data; nothing bad is a full budget") {
  const auto none = slo::event_budget(three_nines, {});
  CHECK(none.state == state::no_data);
  CHECK(std::isnan(none.remaining_fraction));
  CHECK(slo::event_budget(three_nines, {5, 0}).remaining_fraction == 1);
  CHECK_ULP(slo::event_budget(three_nines, {0, 5}).remaining_fraction, -999.0, 0);
}

TEST_CASE("time_budget: minutes of a period") {
  CHECK_ULP(slo::time_budget(three_nines, month).allowed.count(), 2592.0, 0);  // 43.2 min
  CHECK_ULP(slo::time_budget(slo::objective(0.9995), std::chrono::days(7)).allowed.count(), 302.4,
            1);  // 5.04 min; 0.0005 is rounded
  // 99.99 % of 365 days is 52.56 min; three outages of 20 min are more.
  const auto year = slo::time_budget(slo::objective(0.9999), std::chrono::days(365), 60min);
  CHECK_ULP(year.allowed.count(), 52.56 * 60, 1);
  CHECK(year.remaining < real_seconds{0});
  // Ten minutes at 0.1 % are 0.0231 % of the budget.
  CHECK_ULP(slo::time_budget(three_nines, month, 600s * 0.001).consumed_fraction, 0.6 / 2592, 1);
  CHECK_THROWS_WITH_AS((void)slo::time_budget(three_nines, real_seconds{0}),
                       "relia::slo::time_budget: period must be positive and finite, got 0",
                       std::domain_error);
  CHECK_THROWS_AS((void)slo::time_budget(three_nines, month, real_seconds{-1}), std::domain_error);
}

TEST_CASE("time_to_exhaustion: from what is left and how it burns now") {
  const auto half = slo::event_budget(slo::objective(0.99), {9950, 50});
  const auto burning = slo::burn_rate(slo::objective(0.99), aggregate::counts(90, 10));
  CHECK_ULP(slo::time_to_exhaustion(half, burning, month).count(), 0.05 * month.count(), 1);
  const auto idle = slo::burn_rate(slo::objective(0.99), aggregate::counts());
  CHECK(slo::time_to_exhaustion(half, idle, month) == never);
}

TEST_SUITE_END();
