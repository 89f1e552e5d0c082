// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <limits>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/queueing/empirical_time.hpp>
#include <relia/queueing/infinite_servers.hpp>
#include <relia/queueing/lognormal_time.hpp>
#include <relia/queueing/service.hpp>

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

TEST_CASE(
    "mean_in_flight: the shared reference row, and each law against the integral of its tail") {
  // lambda 5, services of 2, 1 after an empty start: 5. mpmath 1.2.1, 60 digits.
  CHECK(mean_in_flight(5, deterministic_time(2), 1) == 5);
  CHECK(mean_in_flight(5, deterministic_time(2), 3) == 10);
  CHECK_REL(mean_in_flight(10, exponential_time(2), 3), infinite_servers(10, 0.5).mean_after(3),
            1e-15);
  const double probabilities[] = {0.875, 0.125};
  const double means[] = {0.5, 4.5};
  const auto check = [](const auto& law) {
    for (const double t : {0x1p-20, 0.25, 1.0, 3.0, 40.0}) {
      double sum = 0;  // by the rule of midpoints: off by (t / n)^2 / 24 |S'(0)|, 3e-7
      constexpr int n = 20'000;
      for (int i = 0; i < n; ++i) sum += law.survival((i + 0.5) * t / n) * t / n;
      CHECK_REL(mean_in_flight(1, law, t), sum, 1e-6);
    }
    CHECK(mean_in_flight(3, law, 0) == 0);
    constexpr double infinity = std::numeric_limits<double>::infinity();
    CHECK_REL(mean_in_flight(3, law, infinity), 3 * law.mean(), 1e-15);
  };
  check(exponential_time(1));
  check(erlang_time(3, 1));
  check(hyperexponential_time(probabilities, means));
  check(lognormal_time(1, 4));
  // Uniform on [1, 3]: t, then the half square, then the mean.
  const double bounds[] = {1, 3};
  const count counts[] = {7};
  const empirical_time uniform(bounds, counts);
  CHECK(mean_in_flight(1, uniform, 0.5) == 0.5);
  CHECK(mean_in_flight(1, uniform, 2) == 1.75);
  CHECK(mean_in_flight(1, uniform, 9) == 2);
  CHECK_THROWS_WITH_AS((void)mean_in_flight(1, uniform, -1),
                       "relia::queueing::mean_in_flight: t must be at least 0, got -1",
                       std::domain_error);
  CHECK_THROWS_AS((void)mean_in_flight(-1, uniform, 1), std::domain_error);
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

TEST_CASE("infinite_servers: a number far beyond all others has no probability") {
  CHECK(infinite_servers(1, 44.5).probability_of(std::numeric_limits<count>::max()) == 0);
}

TEST_SUITE_END();
