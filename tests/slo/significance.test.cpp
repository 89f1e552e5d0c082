// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <limits>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/slo/significance.hpp>

#include <support/close.hpp>

using namespace relia;

TEST_SUITE_BEGIN("significance");

TEST_CASE("significance: critical counts at 1e-4 for an error ratio of 0.001") {
  // Exact binomial tails, published with the comparison of burn alerts at low traffic; the Poisson
  // ones are the same counts.
  const slo::significance test({1e-4});
  CHECK(test.critical(0.01) == 2);
  CHECK(test.critical(0.03) == 3);
  CHECK(test.critical(0.1) == 4);
  CHECK(test.critical(0.3) == 5);
  CHECK(test.critical(1) == 7);
  CHECK(test.critical(3) == 12);
}

TEST_CASE("significance: a single failure is significant where 1 - exp(-expected) <= p") {
  const slo::significance test({1e-4});
  CHECK_REL(test.largest_expected()[0], -std::log1p(-1e-4), 1e-15);  // one rounding
  CHECK(test.reached(1, 0.0001));
  CHECK_FALSE(test.reached(1, 0.0002));
}

TEST_CASE("significance: a p-value of 1 asks for nothing and takes no memory") {
  for (const slo::significance& test : {slo::significance(), slo::significance({1.0})}) {
    CHECK(test.reached(0, 10));
    CHECK(test.reached(1, 1e9));
    CHECK(test.critical(7) == 0);
    CHECK(test.largest_expected().empty());
  }
}

TEST_CASE("significance: nothing bad is never significant, whatever was expected") {
  const slo::significance test({0.5});
  for (const double expected : {0.0, -1.0, 1.0, 1e300, std::numeric_limits<double>::infinity(),
                                std::numeric_limits<double>::quiet_NaN()}) {
    CHECK_FALSE(test.reached(0, expected));
    CHECK_FALSE(test.reached(-1, expected));
  }
  CHECK_FALSE(test.reached(5, std::numeric_limits<double>::quiet_NaN()));
  CHECK_FALSE(test.reached(5000, std::numeric_limits<double>::infinity()));
  CHECK(test.reached(1, 0.0));
}

TEST_CASE("significance: more events and fewer expected are never less significant") {
  for (const double dispersion : {1.0, 3.0}) {
    const slo::significance test({1e-3, 1, dispersion}, 64);  // past the table at 65
    count previous = 0;
    for (double expected = 1e-4; expected < 1e6; expected *= 1.1) {
      const count k = test.critical(expected);
      CHECK(k >= previous);
      CHECK(test.reached(k, expected));
      CHECK_FALSE(test.reached(k - 1, expected));
      previous = k;
    }
  }
}

TEST_CASE("significance: beyond the table the bound never takes chance for significance") {
  for (const double dispersion : {1.0, 3.0, 20.0}) {
    const slo::significance exact({1e-4, 1, dispersion}, 2000);
    const slo::significance bounded({1e-4, 1, dispersion}, 50);
    for (double expected = 20; expected < 1000; expected *= 1.2) {
      const count k = exact.critical(expected);
      const count later = bounded.critical(expected);
      CHECK(later >= k);
      // Chernoff's bound is off by a factor near sqrt(2 pi k) z, some 30 here: less than one
      // deviation, or, where single clusters decide, log(30) / log((d + 1) / (d - 1)) < 2 d events.
      CHECK(static_cast<double>(later - k) <= std::sqrt(dispersion * expected) + 2 * dispersion);
    }
  }
}

TEST_CASE("significance: clusters ask for more events") {
  CHECK(slo::significance({1e-4, 1, 3}).critical(0.01) == 7);  // one cluster: 0.005 / 2^6 = 8e-5
  CHECK(slo::significance({1e-4, 1, 1}).critical(0.01) == 2);
}

TEST_CASE("significance: names the argument it rejects") {
  CHECK_THROWS_WITH_AS(slo::significance({0.0}),
                       "relia::slo::significance: p_value must be a fraction in (0, 1], got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(slo::significance({1e-4, 0.0}),
                       "relia::slo::significance: burn_rate must be positive and finite, got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(slo::significance({1e-4, 1, 0.5}),
                       "relia::slo::significance: dispersion must be from 1 to 1e6, got 0.5",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(slo::significance({1e-4}, 0),
                       "relia::slo::significance: largest must be from 1 to 2^20, got 0",
                       std::domain_error);
}

TEST_SUITE_END();
