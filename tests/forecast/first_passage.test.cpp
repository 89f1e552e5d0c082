// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <limits>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/forecast/first_passage.hpp>

#include <support/close.hpp>

using namespace relia::forecast;

TEST_SUITE_BEGIN("first_passage");

namespace {
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
}  // namespace

TEST_CASE("first_passage_quantile: gives up by name where no time brackets the level") {
  // 1e228 steps of the distance in a unit of time, against an sd of 1e-138: it searched for ever.
  CHECK_THROWS_WITH_AS(
      (void)relia::forecast::first_passage_quantile(0.75, 6.9e227, 2.8e-138, 0.999999),
      "relia::forecast::first_passage_quantile: the drift is too steep for the "
      "distance and the sd",
      relia::convergence_error);
}

TEST_CASE("first_passage: probability and survival add up to 1") {
  for (const double drift : {-1.0, -0.01, 0.0, 0.5, 3.0}) {
    for (const double time : {0.1, 1.0, 7.0, 400.0}) {
      const double p = first_passage_probability(5.0, drift, 2, time);
      const double q = first_passage_survival(5.0, drift, 2, time);
      CHECK_ULP(p + q, 1.0, 4);  // two values of up to three roundings each
    }
  }
}

TEST_CASE("first_passage: the quantile is the inverse of the probability") {
  for (const double level : {0.001, 0.05, 0.5, 0.95, 0.999}) {
    const double t = first_passage_quantile(level, 20.0, 1, 2);
    CHECK_REL(first_passage_probability(20.0, 1, 2, t), level, 1e-13);  // root and two tails
  }
}

TEST_CASE("first_passage: scaling time, or the level and its noise, changes nothing") {
  const double p = first_passage_probability(20.0, 1, 2, 15);
  CHECK_REL(first_passage_probability(20.0, 0.25, 1, 60), p, 1e-14);
  CHECK_REL(first_passage_probability(80.0, 4, 8, 15), p, 1e-14);
}

TEST_CASE("first_passage: the ends") {
  CHECK(first_passage_probability(0.0, -1, 2, 0) == 1);  // already there
  CHECK(first_passage_survival(0.0, -1, 2, 0) == 0);
  CHECK(first_passage_quantile(0.5, 0.0, -1, 2) == 0);
  CHECK(first_passage_probability(5.0, 1, 2, 0) == 0);
  CHECK(first_passage_survival(5.0, 1, 2, 0) == 1);
  CHECK(first_passage_probability(5.0, 0, 2, infinity) == 1);
  // Against the drift some paths never arrive: exp(2 * 5 * -1 / 4).
  CHECK_REL(first_passage_probability(5.0, -1, 2, infinity), std::exp(-2.5), 4e-16);
  CHECK_REL(first_passage_survival(5.0, -1, 2, infinity), -std::expm1(-2.5), 4e-16);
  CHECK(first_passage_quantile(0.09, 5.0, -1, 2) == infinity);
  CHECK(first_passage_quantile(0.08, 5.0, -1, 2) < infinity);
  // Without noise the line decides.
  CHECK(first_passage_probability(5.0, 1, 0, 4.9) == 0);
  CHECK(first_passage_survival(5.0, 1, 0, 5) == 0);
  CHECK(first_passage_quantile(0.1, 5.0, 2, 0) == 2.5);
  CHECK(first_passage_quantile(0.1, 5.0, -2, 0) == infinity);
}

TEST_CASE("first_passage: extreme arguments give limits, not NaN") {
  CHECK(first_passage_probability(1e300, 1, 1e-300, 1) == 0);
  CHECK(first_passage_survival(1e300, 1, 1e-300, 1) == 1);
  CHECK(first_passage_probability(1.0, 1e150, 1e-3, 1e9) == 1);
  CHECK(first_passage_survival(1.0, 1e150, 1e-3, 1e9) == 0);
  CHECK(first_passage_probability(1.0, -1e150, 1e-3, 1e9) == 0);
}

TEST_CASE("first_passage: bad input is refused by name") {
  CHECK_THROWS_WITH_AS((void)first_passage_probability(-1.0, 1, 2, 3),
                       "relia::forecast::first_passage_probability: distance must be at least 0 "
                       "and finite, got -1",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)first_passage_survival(1.0, infinity, 2, 3),
                       "relia::forecast::first_passage_survival: drift must be finite, got inf",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)first_passage_probability(1.0, 1, -2, 3),
                       "relia::forecast::first_passage_probability: sd must be at least 0 and "
                       "finite, got -2",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)first_passage_survival(1.0, 1, 2, not_a_number),
                       "relia::forecast::first_passage_survival: time must be at least 0, got nan",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)first_passage_quantile(1.0, 1, 2, 3),
                       "relia::forecast::first_passage_quantile: level must be a fraction in (0, "
                       "1) (95 % is 0.95), got 1",
                       std::domain_error);
}

TEST_SUITE_END();
