// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/queueing/infinite_servers.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("infinite_servers");

TEST_CASE("infinite_servers: the shared reference rows") {
  // mpmath, 60 digits.
  const infinite_servers q(10, 1);
  CHECK(q.mean_in_system() == 10);
  CHECK(q.variance_in_system() == 10);
  CHECK_REL(q.probability_of(0), 4.539992976248485153559152e-5, 1e-15);
  CHECK_REL(q.probability_at_least(51), 3.620001580923151196811033e-20, 1e-14);
  CHECK_REL(infinite_servers(10, 0.5).mean_after(3), 15.53739679703140342133439, 1e-15);
}

TEST_CASE("infinite_servers: at least n and fewer than n are everything") {
  const infinite_servers q(1000, 2);
  double fewer = 0;
  for (count n = 0; n <= 700; ++n) {
    CHECK_REL(fewer + q.probability_at_least(n), 1.0, 1e-12);
    fewer += q.probability_of(n);
  }
  CHECK(q.probability_at_least(-5) == 1);
  CHECK(q.probability_of(-5) == 0);
  CHECK(std::isinf(q.log_probability_of(-5)));
  CHECK_REL(q.log_probability_of(0), -500.0, 1e-15);
}

TEST_CASE("infinite_servers: no load, and a start in the middle") {
  const infinite_servers idle(0, 1);
  CHECK(idle.probability_of(0) == 1);
  CHECK(idle.probability_at_least(1) == 0);
  CHECK(idle.mean_after(1, 8) == 8 * std::exp(-1.0));
  CHECK(infinite_servers(6, 2).mean_after(0, 8) == 8);
  CHECK_REL(infinite_servers(6, 2).mean_after(1e6, 8), 3.0, 1e-15);
}

TEST_CASE("infinite_servers: names what it refuses") {
  CHECK_THROWS_WITH_AS(
      infinite_servers(1, 0),
      "relia::queueing::infinite_servers: service_rate must be positive and finite, got 0",
      std::domain_error);
  CHECK_THROWS_AS(infinite_servers(-1, 1), std::domain_error);
  CHECK_THROWS_AS(infinite_servers(1e300, 1e-300), std::domain_error);
  CHECK_THROWS_WITH_AS(
      (void)infinite_servers(1, 1).mean_after(-1),
      "relia::queueing::infinite_servers::mean_after: t must be at least 0 and finite, got -1",
      std::domain_error);
}

TEST_SUITE_END();
