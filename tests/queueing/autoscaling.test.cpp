// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/queueing/autoscaling.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("autoscaling");

TEST_CASE("staffing: a constant load is a stationary one, by both methods") {
  const std::vector<double> rates(5, 100.0);
  const latency_target target{.limit = 0.4};
  const count expected = min_servers(100, 12.5, target).servers;
  for (const method how : {pointwise_stationary, modified_offered_load}) {
    const staffing_plan plan = staffing(rates, 60, 12.5, target, {.method = how});
    CHECK(plan.outcome == outcome::met);
    CHECK(plan.needed == std::vector<count>(5, expected));
    CHECK(plan.ordered == plan.needed);
  }
}

TEST_CASE("staffing: the modified offered load lags by a service time") {
  // m' = 10 u(t) - m from 2: 10 - 8 e^-t after the step, and back: 2 + (10 - 8/e - 2) e^-t.
  const std::vector<double> rates{2, 10, 2};
  const staffing_plan plan = staffing(rates, 1, 1, {.limit = 6});
  const double peak = 10 - 8 * std::exp(-1.0);
  CHECK(plan.loads[0] == 2);
  CHECK_REL(plan.loads[1], peak, 1e-15);
  CHECK_REL(plan.loads[2], peak, 1e-15);  // it falls from there
  const staffing_plan pointwise =
      staffing(rates, 1, 1, {.limit = 6}, {.method = pointwise_stationary});
  CHECK(pointwise.loads == rates);
  CHECK(pointwise.needed[1] > plan.needed[1]);
  CHECK(pointwise.needed[2] < plan.needed[2]);
}

TEST_CASE("staffing: orders run ahead of the need by the start-up delay") {
  const std::vector<double> rates{1, 1, 1, 9, 1};
  const staffing_plan plan =
      staffing(rates, 60, 1, {.limit = 6}, {.method = pointwise_stationary, .start_up_delay = 90});
  const count low = plan.needed[0];
  const count high = plan.needed[3];
  CHECK(high > low);
  CHECK(plan.ordered == std::vector<count>{low, high, high, high, low});
  const staffing_plan far = staffing(rates, 60, 1, {.limit = 6},
                                     {.method = pointwise_stationary, .start_up_delay = 1e300});
  CHECK(far.ordered.front() == high);
  const staffing_plan never = staffing(rates, 60, 1, {.limit = 1});
  CHECK(never.outcome == outcome::impossible);
}

TEST_CASE("step_of_load: by hand") {
  // 100 a second into 5 x 10 for 30 s: 1500 wait; then 20 x 10, and 100 a second fewer.
  const scale_up cost = step_of_load(100, 10, 5, 20, 30);
  CHECK(cost.state == state::ok);
  CHECK(cost.backlog == 1500);
  CHECK(cost.longest_wait == 15);
  CHECK(cost.drained_after == 45);
  CHECK(cost.servers_for_none == 10);
  CHECK(step_of_load(100, 10, 10, 10, 30).backlog == 0);
  CHECK(step_of_load(100, 10, 5, 20, 0).drained_after == 0);
  const scale_up growing = step_of_load(100, 10, 5, 10, 30);
  CHECK(growing.state == state::unstable);
  CHECK(growing.drained_after == std::numeric_limits<double>::infinity());
}

TEST_CASE("step_of_load: the longest wait is that of no other request") {
  // Each request by itself: what is before it, served at 50 a second until 30 s and then at 200.
  double longest = 0;
  for (double at = 0; at < 45; at += 0.01) {
    const double before = at < 30 ? 50 * at : 1500 - 100 * (at - 30);
    const double early = at < 30 ? 50 * (30 - at) : 0;
    const double wait =
        before <= early ? before / 50 : (at < 30 ? 30 - at : 0) + (before - early) / 200;
    longest = std::max(longest, wait);
  }
  CHECK_REL(longest, step_of_load(100, 10, 5, 20, 30).longest_wait, 1e-3);  // the step of 0.01 s
}

TEST_CASE("autoscaling: what is refused") {
  const std::vector<double> rates{1, -1};
  CHECK_THROWS_WITH_AS(
      (void)staffing(rates, 1, 1, {.limit = 9}),
      "relia::queueing::staffing: arrival_rates must be at least 0 and finite, got -1",
      std::domain_error);
  CHECK_THROWS_WITH_AS((void)staffing({}, 1, 1, {.limit = 9}),
                       "relia::queueing::staffing: arrival_rates must be of size 1 or more, got 0",
                       std::invalid_argument);
  CHECK_THROWS_AS((void)staffing(rates, 1, 1, {.limit = 9}, {.method = method{"wilson"}}),
                  std::invalid_argument);
  CHECK_THROWS_WITH_AS(
      (void)step_of_load(1, 1, 5, 4, 1),
      "relia::queueing::step_of_load: new_servers must be from servers to 1e9, got 4",
      std::domain_error);
}

TEST_SUITE_END();
