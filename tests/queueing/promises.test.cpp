// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <limits>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/queueing/promises.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("promises");

TEST_CASE("promises: the one furthest from being kept is named") {
  // M/M/1 at 0.8: P(wait) = utilization = 0.8, mean wait 4, mean response 5.
  const workload load{.arrival_rate = 0.8, .service_rate = 1};
  const auto worst = [&](const service_targets& t) { return judge(load, 1, t); };
  CHECK(worst({.wait_probability = 0.4, .utilization = 0.7}).name == "wait_probability");
  CHECK_REL(worst({.wait_probability = 0.4}).excess, std::log(2.0), 1e-14);
  CHECK(worst({.utilization = 0.1, .mean_wait = 3}).name == "utilization");
  CHECK(worst({.mean_wait = 3, .mean_response = 4}).name == "mean_wait");
  CHECK(worst({.mean_wait = 4.5, .mean_response = 5.5}).kept());
  CHECK(worst({.latency = {{delay::wait, 0.99, 1}}}).name == "wait_quantile");
  CHECK(worst({.latency = {{delay::response, 0.99, 1}}}).name == "response_quantile");
  CHECK(worst({}).kept());
}

TEST_CASE("promises: no steady state keeps none") {
  CHECK_FALSE(judge({.arrival_rate = 3, .service_rate = 1}, 2, {}).kept());
  CHECK(judge({.arrival_rate = 3, .service_rate = 1}, 2, {}).name == "capacity");
}

TEST_CASE("promises: pools that lose requests") {
  const workload room{.arrival_rate = 1, .service_rate = 1, .waiting_room = 0};
  CHECK_REL(judge(room, 1, {.blocking = 0.25}).excess, std::log(2.0), 1e-14);
  CHECK(judge(room, 1, {.blocking = 0.25}).name == "blocking");
  const workload impatient{.arrival_rate = 10, .service_rate = 1, .abandonment_rate = 1};
  const auto judged = judge(impatient, 10, {.abandonment = 0.1});
  CHECK(judged.name == "abandonment");
  CHECK_REL(judged.excess, std::log(1.25110035721133298984765), 1e-13);  // mpmath
}

TEST_CASE("judge: servers beyond any pool are refused before they are added to") {
  CHECK_THROWS_AS((void)judge({.arrival_rate = 1, .service_rate = 1, .waiting_room = 165},
                              std::numeric_limits<count>::max(), {.blocking = 0.5}),
                  std::domain_error);
}

TEST_SUITE_END();
