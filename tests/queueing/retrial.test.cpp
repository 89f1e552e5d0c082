// SPDX-License-Identifier: BSL-1.0
#include <limits>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/queueing/mm1.hpp>
#include <relia/queueing/retrial.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("retrial");

TEST_CASE("retrial_mm1: the shared reference rows") {
  // mpmath 1.2.1, 60 digits.
  CHECK_REL(retrial_mm1(0.5, 1, 1).mean_orbit(), 1.0, 1e-15);
  CHECK_REL(retrial_mm1(0.8, 1, 0.1).mean_orbit(), 35.2, 1e-15);
}

TEST_CASE("retrial_mm1: the distribution has the mean and the variance; Little's law") {
  const retrial_mm1 q(0.75, 1, 0.125);
  double total = 0;
  double mean = 0;
  double square = 0;
  for (count n = 0; n < 3000; ++n) {
    const double p = q.probability_of(n);
    const auto k = static_cast<double>(n);
    total += p;
    mean += k * p;
    square += k * k * p;
  }
  CHECK_REL(total, 1.0, 1e-13);
  CHECK_REL(mean, q.mean_orbit(), 1e-13);
  CHECK_REL(square - mean * mean, q.variance_orbit(), 1e-12);
  CHECK_REL(q.arrival_rate() * q.mean_wait(), q.mean_orbit(), 1e-14);
}

TEST_CASE("retrial_mm1: eager clients make it M/M/1") {
  const retrial_mm1 q(0.75, 1, 1e9);  // lambda / theta is below 1e-9
  CHECK_REL(q.mean_response(), mm1(0.75, 1).response_time().mean(), 1e-8);
}

TEST_CASE("retrial_mm1: unstable, idle, and what is refused") {
  const retrial_mm1 q(1, 1, 1);
  CHECK(q.state() == state::unstable);
  CHECK(q.mean_orbit() == std::numeric_limits<double>::infinity());
  CHECK(q.mean_response() == std::numeric_limits<double>::infinity());
  CHECK(q.probability_of(3) == 0);
  CHECK(retrial_mm1(0, 1, 1).probability_of(0) == 1);
  CHECK(retrial_mm1(0, 1, 1).mean_orbit() == 0);
  CHECK_THROWS_WITH_AS(
      (void)retrial_mm1(1, 2, 0),
      "relia::queueing::retrial_mm1: retry_rate must be positive and finite, got 0",
      std::domain_error);
}

TEST_CASE("retrial_mm1: clients that hardly ever retry are refused") {
  CHECK_THROWS_WITH_AS(retrial_mm1(52, 95, 1e-319),
                       "relia::queueing::retrial_mm1: retry_rate must be at least 1e-300 and 1e-15 "
                       "of arrival_rate, got 1e-319",
                       std::domain_error);
}

TEST_CASE("retrial_mm1: rates whose inverse or ratio no double holds") {
  CHECK(retrial_mm1(0, 5e-324, 2).mean_wait() == 0);
  const retrial_mm1 q(5e-324, 1e-308, 2);
  CHECK(q.probability_of(0) == 1);
  CHECK(q.probability_of(3) < 1e-40);  // rho^4, rho = 5e-16
}

TEST_SUITE_END();
