// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <initializer_list>
#include <limits>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/queueing/targets.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("targets");

namespace {

const std::vector<workload> loads = {
    {.arrival_rate = 100, .service_rate = 1},
    {.arrival_rate = 100, .service_rate = 1, .waiting_room = 0},
    {.arrival_rate = 100, .service_rate = 1, .waiting_room = 30},
    {.arrival_rate = 100, .service_rate = 1, .abandonment_rate = 0.5},
};

std::vector<service_targets> promises(const workload& load) {
  std::vector<service_targets> all = {{.utilization = 0.75}};
  if (load.waiting_room) all.push_back({.blocking = 1e-3});
  if (load.abandonment_rate > 0) all.push_back({.abandonment = 1e-3});
  if (load.waiting_room == 0) return all;
  all.push_back({.wait_probability = 0.05});
  all.push_back({.mean_wait = 1e-3});
  all.push_back({.mean_response = 1.001});
  all.push_back({.latency = {{delay::wait, 0.99, 0.02}}});
  all.push_back({.latency = {{delay::response, 0.99, 4.65}}});
  all.push_back(
      {.utilization = 0.9, .latency = {{delay::wait, 0.95, 0.1}, {delay::response, 0.9, 2.4}}});
  return all;
}

}  // namespace

TEST_CASE("servers_for: keeps every promise, and one server fewer breaks the one it names") {
  for (const auto& load : loads) {
    for (const auto& targets : promises(load)) {
      const bearing found = servers_for(load, targets);
      REQUIRE(found.outcome == outcome::met);
      const auto servers = static_cast<count>(found.value);
      CHECK(judge(load, servers, targets).kept());
      CHECK_FALSE(judge(load, servers - 1, targets).kept());
      CHECK(judge(load, servers - 1, targets).name == found.binding);
    }
  }
}

TEST_CASE("arrival_rate_for and service_time_for: the last double that keeps every promise") {
  for (const auto& load : loads) {
    for (const auto& targets : promises(load)) {
      const count servers = static_cast<count>(servers_for(load, targets).value);
      const bearing rate = arrival_rate_for(load, servers, targets);
      CHECK(rate.value >= 100);  // servers were enough for 100
      workload most = load;
      most.arrival_rate = rate.value;
      CHECK(judge(most, servers, targets).kept());
      CHECK(servers_for(most, targets).value == static_cast<double>(servers));
      const bearing time = service_time_for(load, servers, targets);
      CHECK(time.value >= 1);
      most = load;
      most.service_rate = 1 / time.value;
      CHECK(judge(most, servers, targets).kept());
    }
  }
}

TEST_CASE("servers_for: the shared reference rows of M/M/c") {
  // mpmath, 60 digits.
  const workload thousand{.arrival_rate = 1000, .service_rate = 1};
  CHECK(servers_for(thousand, {.wait_probability = 0.01}).value == 1077);
  CHECK(servers_for(thousand, {.latency = {{delay::response, 0.99, 5}}}).value == 1003);
  CHECK(
      servers_for({.arrival_rate = 1e6, .service_rate = 1}, {.latency = {{delay::wait, 0.95, 0.1}}})
          .value == 1000030);
  CHECK(servers_for({.arrival_rate = 10, .service_rate = 1, .waiting_room = 0}, {.blocking = 0.01})
            .value == 18);
}

TEST_CASE("contingency: growth and failures") {
  const workload load{.arrival_rate = 1000, .service_rate = 1};
  const service_targets targets{.latency = {{delay::response, 0.99, 5}}};
  const double grown = servers_for({.arrival_rate = 1300, .service_rate = 1}, targets).value;
  CHECK(servers_for(load, targets, {.growth = 0.3, .failures = 2}).value == grown + 2);
  const double without = arrival_rate_for(load, 1008, targets).value;
  CHECK_REL(arrival_rate_for(load, 1010, targets, {.growth = 0.25, .failures = 2}).value,
            without / 1.25, 1e-15);
  CHECK(service_time_for(load, 1500, targets, {.growth = 0.3, .failures = 2}).value ==
        service_time_for({.arrival_rate = 1300}, 1498, targets).value);
}

TEST_CASE("bearing: what no number of servers keeps, and what nothing breaks") {
  // exp(-4) of the services alone take longer than 4.
  const service_targets slow{.latency = {{delay::response, 0.99, 4}}};
  const bearing none = servers_for({.arrival_rate = 1, .service_rate = 1}, slow);
  CHECK(none.outcome == outcome::impossible);
  CHECK(none.value == 0);
  CHECK(none.binding == "response_quantile");
  CHECK(arrival_rate_for({.service_rate = 1}, 5, slow).outcome == outcome::impossible);
  CHECK(servers_for({.arrival_rate = 1, .service_rate = 1}, {.mean_response = 1}).binding ==
        "mean_response");
  // A line of at most 30 before 5 servers never waits longer than 31 / 5 on average.
  const bearing any =
      arrival_rate_for({.service_rate = 1, .waiting_room = 30}, 5, {.mean_wait = 7});
  CHECK(any.outcome == outcome::met);
  CHECK(any.value == std::numeric_limits<double>::infinity());
  CHECK(servers_for({.arrival_rate = 0, .service_rate = 1}, {.wait_probability = 0.01}).value == 1);
}

TEST_CASE("targets: names what they refuse") {
  const workload load{.arrival_rate = 1, .service_rate = 1};
  CHECK_THROWS_WITH_AS((void)servers_for(load, {.blocking = 0}),
                       "relia::queueing::servers_for: blocking must be a fraction in (0, 1] (1: no "
                       "promise), got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(
      (void)arrival_rate_for(load, 2, {}, {.failures = 2}),
      "relia::queueing::arrival_rate_for: servers must be more than the failures, got 2",
      std::domain_error);
  CHECK_THROWS_WITH_AS(
      (void)servers_for({.arrival_rate = 1, .waiting_room = 3, .abandonment_rate = 1}, {}),
      "relia::queueing::servers_for: abandonment_rate must be 0 with a waiting_room, got 1",
      std::domain_error);
  CHECK_THROWS_AS((void)servers_for({.arrival_rate = std::nan("")}, {}), std::domain_error);
  CHECK_THROWS_AS((void)servers_for({.arrival_rate = 1e308}, {}), std::domain_error);
  CHECK_THROWS_AS((void)servers_for(load, {.mean_wait = 0}), std::domain_error);
  CHECK_THROWS_AS((void)servers_for(load, {}, {.growth = -1}), std::domain_error);
  CHECK_THROWS_AS((void)service_time_for({.arrival_rate = 0}, 1, {}), std::domain_error);
}

TEST_SUITE_END();
