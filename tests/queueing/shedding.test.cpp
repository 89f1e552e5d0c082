// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <initializer_list>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/queueing/shedding.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("shedding");

namespace {

/// P(fewer than n events) of a Poisson process, summed as it stands: the n-th in line is late.
double late(count n, double mean) {
  double sum = 0;
  double term = std::exp(-mean);
  for (count k = 0; k < n; term *= mean / static_cast<double>(++k)) sum += term;
  return sum;
}

}  // namespace

TEST_CASE("shed: what is let in meets the target, and no more could be") {
  const latency_target target{.level = 0.99, .limit = 0.4};
  for (const double arrival : {0.0, 50.0, 150.0, 1e6}) {
    const shedding found = shed(arrival, 12.5, 12, target);
    CAPTURE(arrival);
    CHECK(found.outcome == outcome::met);
    CHECK(found.admitted_rate <= arrival);
    CHECK(mmc(found.admitted_rate, 12.5, 12).response_time().survival(0.4) <=
          0.01 * (1 + 1e-13));  // exp and log
    if (found.shed_fraction == 0) continue;
    CHECK(mmc(found.admitted_rate * 1.0001, 12.5, 12).response_time().survival(0.4) > 0.01);
    CHECK_REL(arrival * (1 - found.shed_fraction), found.admitted_rate, 1e-10);  // 1 - 0.9999
  }
}

TEST_CASE("shed: everything, when the service alone is too slow") {
  const shedding found = shed(100, 12.5, 10, {.limit = 0.35});
  CHECK(found.outcome == outcome::impossible);
  CHECK(found.admitted_rate == 0);
  CHECK(found.shed_fraction == 1);
}

TEST_CASE("longest_line: the last in line is in time, one more would not be") {
  for (const count servers : {1, 10, 100}) {
    for (const double limit : {0.0, 0.001, 0.1, 1.0, 5.0}) {
      for (const double level : {0.5, 0.99, 0.9999}) {
        const double departures = static_cast<double>(servers) * limit;
        const count found = longest_line(1, servers, limit, level);
        CAPTURE(departures);
        CHECK(late(found, departures) <= 1 - level);
        CHECK(late(found + 1, departures) > 1 - level);
      }
    }
  }
  CHECK(longest_line(1e3, 1'000'000, 0.9) > 899'928'000);  // mean 9e8, sd 3e4, 2.33 of them
  CHECK(longest_line(1e3, 1'000'000, 0.9) < 899'932'000);
}

TEST_CASE("shedding: what is refused") {
  CHECK_THROWS_WITH_AS((void)shed(-1, 1, 1, {.limit = 1}),
                       "relia::queueing::shed: arrival_rate must be at least 0 and finite, got -1",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)longest_line(1, 0, 1),
                       "relia::queueing::longest_line: servers must be from 1 to 1e9, got 0",
                       std::domain_error);
  CHECK_THROWS_AS((void)longest_line(1e300, 1, 1e300), std::domain_error);
  CHECK_THROWS_AS((void)longest_line(1, 1, 1, 1), std::domain_error);
}

TEST_CASE("longest_line: a level that 1 - level cannot hold") {
  // P(Gamma(n) <= x) >= 1e-300, x = 1: about 1 / n!, up to 166! = 1e298 (tables).
  CHECK(longest_line(1, 1, 1, 1e-300) == 166);
  CHECK(longest_line(1e-3, 1, 1e-3, 5e-324) >= 40);
}

TEST_SUITE_END();
