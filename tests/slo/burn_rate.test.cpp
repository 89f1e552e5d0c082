// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <limits>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/slo/burn_rate.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace std::chrono_literals;

TEST_SUITE_BEGIN("burn_rate");

namespace {

const slo::objective three_nines(0.999);
constexpr real_seconds month = std::chrono::days(30);

}  // namespace

TEST_CASE("burn_rate: table 5-4 of the SRE workbook") {
  // Burn rates 1, 2, 10, 1000 at 99.9 %: error ratios 0.1 %, 0.2 %, 1 %, 100 %; the budget of 30
  // days lasts 30 d, 15 d, 3 d, 43.2 min (printed "43 minutes").
  CHECK(slo::burn_rate(three_nines, 0.001) == 1);
  CHECK(slo::burn_rate(three_nines, 0.002) == 2);
  CHECK(slo::burn_rate(three_nines, 0.01) == 10);
  CHECK(slo::burn_rate(three_nines, 1.0) == 1000);
  CHECK(slo::time_to_exhaustion(1, month) == real_seconds(std::chrono::days(30)));
  CHECK(slo::time_to_exhaustion(2, month) == real_seconds(std::chrono::days(15)));
  CHECK(slo::time_to_exhaustion(10, month) == real_seconds(std::chrono::days(3)));
  CHECK(slo::time_to_exhaustion(1000, month) == 2592s);
  CHECK_ULP(slo::time_to_exhaustion(35, month).count(), 2592000.0 / 35, 0);  // 20.57 h
}

TEST_CASE("burn_rate: one failure of ten requests burns at 100, not 1000") {
  // The workbook prints 1000 for its low-traffic example; 10 % over 0.1 % is 100. Its other figures
  // hold: 7200 requests in 30 d, 7.2 failures allowed, 13.89 % of the budget.
  CHECK_ULP(slo::burn_rate(three_nines, aggregate::counts(9, 1)).rate, 100.0, 0);
  CHECK_ULP(slo::budget_share(100, 1h, month), 5.0 / 36, 0);
}

TEST_CASE("burn_rate: budget shares and factors of other periods") {
  const auto factor = [](double share, duration w, int days) {
    return slo::burn_rate_for(share, w, std::chrono::days(days));
  };
  // Splunk and Datadog, 7 d: 16.8 and 5.6 from 10 % in 1 h and 20 % in 6 h; 90 d: 21.6 from 1 %.
  CHECK_ULP(factor(0.1, 1h, 7), 16.8, 1);  // 0.1 and 0.2 are themselves rounded
  CHECK_ULP(factor(0.2, 6h, 7), 5.6, 1);
  CHECK_ULP(factor(0.01, 1h, 90), 21.6, 1);
  CHECK_ULP(slo::budget_share(36, 1h, month), 0.05, 1);
  // The same factors kept for 7 d: 8.57 %, 21.4 % and 42.9 % of the budget.
  CHECK_ULP(slo::budget_share(14.4, 1h, std::chrono::days(7)), 14.4 / 168, 0);
  CHECK_ULP(slo::budget_share(6, 6h, std::chrono::days(7)), 36.0 / 168, 0);
  CHECK_ULP(slo::budget_share(3, 24h, std::chrono::days(7)), 3.0 / 7, 0);
}

TEST_CASE("burn_rate: no traffic is no data, never a NaN to be summed up") {
  const slo::burn b = slo::burn_rate(three_nines, aggregate::counts());
  CHECK(b.state == state::no_data);
}

TEST_CASE("time_to_exhaustion: never, at once, and what is refused") {
  CHECK(slo::time_to_exhaustion(0, month) == never);
  CHECK(slo::time_to_exhaustion(0, month, -0.5) == real_seconds{0});
  CHECK(slo::time_to_exhaustion(5, month, 0) == real_seconds{0});
  CHECK(slo::time_to_exhaustion(1, month, 0.5) == real_seconds(std::chrono::days(15)));
  CHECK_THROWS_WITH_AS((void)slo::time_to_exhaustion(-1, month),
                       "relia::slo::time_to_exhaustion: rate must be at least 0 and finite, got -1",
                       std::domain_error);
  CHECK_THROWS_AS((void)slo::time_to_exhaustion(1, month, 1.5), std::domain_error);
  CHECK_THROWS_AS((void)slo::time_to_exhaustion(1, month, std::numeric_limits<double>::quiet_NaN()),
                  std::domain_error);
  CHECK_THROWS_WITH_AS(
      (void)slo::burn_rate(three_nines, 5.0),
      "relia::slo::burn_rate: bad_fraction must be a fraction in [0, 1] (99.9 % is "
      "0.999), got 5",
      std::domain_error);
}

TEST_CASE("effective_burn_rate: a quiet hour weighs less than a busy one") {
  // The example of sloth's pull request 459: 100 bad of 120 in an hour that has 125 on average,
  // 90 000 requests in 30 d. The hour spends 100 / (0.05 * 90 000) = 2.222 % of a 95 % objective's
  // budget, where the plain burn rate says 100 / 120 / 0.05 / 720 = 2.315 %.
  const slo::objective goal(0.95);
  const aggregate::counts hour(20, 100);
  const double effective = slo::effective_burn_rate(goal, hour, 1h, 720h, 90000);
  CHECK_REL(slo::budget_share(effective, 1h, 720h), 1.0 / 45, 1e-15);  // three roundings
  CHECK_REL(slo::budget_share(slo::burn_rate(goal, hour).rate, 1h, 720h), 0.25 / 10.8, 1e-15);
  CHECK_REL(effective * goal.error_budget(), 0.8, 1e-15);  // the corrected ratio
  // At the average traffic the two are one.
  CHECK_REL(slo::effective_burn_rate(goal, {25, 100}, 1h, 720h, 90000),
            slo::burn_rate(goal, aggregate::counts(25, 100)).rate, 1e-15);
  CHECK_THROWS_WITH_AS((void)slo::effective_burn_rate(goal, hour, 1h, 720h, 0),
                       "relia::slo::effective_burn_rate: expected_valid must be at least 1, got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(
      (void)slo::effective_burn_rate(goal, hour, 0h, 720h, 1),
      "relia::slo::effective_burn_rate: lookback must be positive and finite, got 0",
      std::domain_error);
}

TEST_SUITE_END();
