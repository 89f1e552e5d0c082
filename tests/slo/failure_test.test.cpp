// SPDX-License-Identifier: BSL-1.0
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/slo/failure_test.hpp>
#include <relia/slo/significance.hpp>
#include <relia/stats/proportion.hpp>

#include <support/close.hpp>

using namespace relia;

TEST_SUITE_BEGIN("failure_test");

TEST_CASE("binomial_p_value: how often one failure fires the workbook's hour at an honest 0.1 %") {
  // Published with the comparison of burn alerts at low traffic, to four digits: half a unit of the
  // last is 5e-5 of the smallest.
  CHECK_REL(slo::binomial_p_value(1, 10, 0.001), 0.009955, 5e-5);
  CHECK_REL(slo::binomial_p_value(1, 60, 0.001), 0.05826, 1e-4);
  CHECK_REL(slo::binomial_p_value(1, 69, 0.001), 0.06671, 1e-4);
  CHECK_REL(slo::binomial_p_value(2, 70, 0.001), 0.002308, 3e-4);
  CHECK_REL(slo::binomial_p_value(2, 100, 0.001), 0.004638, 2e-4);
  CHECK_REL(slo::binomial_p_value(3, 139, 0.001), 0.0003956, 2e-4);
}

TEST_CASE("binomial_p_value: the ends") {
  CHECK(slo::binomial_p_value(0, 0, 0.5) == 1);
  CHECK(slo::binomial_p_value(0, 10, 0) == 1);
  CHECK(slo::binomial_p_value(1, 10, 0) == 0);
  CHECK(slo::binomial_p_value(10, 10, 1) == 1);
}

TEST_CASE("poisson_p_value: never surer than the binomial from its mean + 1 on") {
  // T. W. Anderson, S. M. Samuels, "Some inequalities among binomial and Poisson probabilities",
  // Proc. 5th Berkeley Symp. 1 (1967).
  for (const count valid : {10, 100, 1000}) {
    for (count bad = 2 + valid / 100; bad <= 20 && bad <= valid; ++bad) {
      CHECK(slo::poisson_p_value(bad, 0.01 * static_cast<double>(valid)) >=
            slo::binomial_p_value(bad, valid, 0.01));
    }
  }
  CHECK(slo::poisson_p_value(0, 5) == 1);
  CHECK(slo::poisson_p_value(3, 0) == 0);
}

TEST_CASE("poisson_p_value: agrees with the look-up on either side of every limit") {
  for (const double dispersion : {1.0, 3.0}) {
    const slo::significance test({1e-4, 1, dispersion}, 40);
    for (count k = 1; k <= 40; ++k) {
      const double limit = test.largest_expected()[static_cast<std::size_t>(k - 1)];
      CHECK(slo::poisson_p_value(k, limit * (1 - 1e-9), dispersion) < 1e-4);
      CHECK(slo::poisson_p_value(k, limit * (1 + 1e-9), dispersion) > 1e-4);
    }
  }
}

TEST_CASE("critical_failures: published counts at 1e-4 for an error ratio of 0.001") {
  CHECK(slo::critical_failures(10, 0.001, 1e-4) == 2);
  CHECK(slo::critical_failures(30, 0.001, 1e-4) == 3);
  CHECK(slo::critical_failures(100, 0.001, 1e-4) == 4);
  CHECK(slo::critical_failures(300, 0.001, 1e-4) == 5);
  CHECK(slo::critical_failures(1000, 0.001, 1e-4) == 7);
  CHECK(slo::critical_failures(3000, 0.001, 1e-4) == 12);
  CHECK(slo::critical_failures(1, 0.5, 1e-4) == 2);  // not even all of one would be too many
  CHECK(slo::critical_failures(0, 0.5, 1e-4) == 1);
}

TEST_CASE("the published intervals of few failures") {
  // Clopper-Pearson and Wilson, 95 and 98 %, published to six digits: half a unit is under 5e-6.
  const auto limits = [](count bad, count valid, method how, double level = 0.95) {
    return stats::proportion(bad, valid, {.confidence_level = level, .method = how}).interval;
  };
  CHECK_REL(limits(1, 10, stats::clopper_pearson).lower, 0.0025286, 2e-5);
  CHECK_REL(limits(1, 10, stats::clopper_pearson).upper, 0.445016, 2e-6);
  CHECK_REL(limits(0, 10, stats::clopper_pearson).upper, 0.308497, 2e-6);
  CHECK_REL(limits(0, 1000, stats::clopper_pearson).upper, 0.00368208, 2e-6);
  CHECK_REL(limits(5, 1000, stats::clopper_pearson).lower, 0.00162542, 4e-6);
  CHECK_REL(limits(5, 1000, stats::clopper_pearson).upper, 0.0116295, 5e-6);
  CHECK_REL(limits(1, 10, stats::wilson).lower, 0.0178762, 3e-6);
  CHECK_REL(limits(1, 10, stats::wilson).upper, 0.40415, 2e-5);
  CHECK_REL(limits(5, 1000, stats::wilson).lower, 0.00213754, 3e-6);
  CHECK_REL(limits(5, 1000, stats::wilson).upper, 0.011651, 5e-5);
  CHECK_REL(limits(1, 10, stats::wilson, 0.98).lower, 0.0138932, 4e-6);
}

TEST_CASE("events_without_failure: 2995 show less than 0.1 % at 95 %") {
  CHECK(slo::events_without_failure(0.001) == 2995);
  CHECK(slo::binomial_p_value(1, 2995, 0.001) >= 0.95);
  CHECK(slo::binomial_p_value(1, 2994, 0.001) < 0.95);
}

TEST_CASE("probability_above: falls with the burn rate, to 0 at a total outage") {
  const slo::objective goal(0.999);
  const aggregate::counts one_of_ten(9, 1);
  double previous = 1;
  for (const double rate : {0.0, 1.0, 6.0, 14.4, 500.0, 1000.0}) {
    const double p = slo::probability_above(goal, one_of_ten, rate);
    CHECK(p <= previous);
    previous = p;
  }
  CHECK(slo::probability_above(goal, one_of_ten, 0) == 1);
  CHECK(slo::probability_above(goal, one_of_ten, 1000) == 0);
  // One failure of ten leaves little doubt that 0.1 % is exceeded, under a prior that expects half
  // of all requests to fail; under one that expects the objective, much: the prior decides.
  CHECK(slo::probability_above(goal, one_of_ten, 1) > 0.99);
  CHECK(slo::probability_above(goal, one_of_ten, 14.4, {1, 999}) < 0.01);
}

TEST_CASE("failure tests: name the argument they reject") {
  CHECK_THROWS_WITH_AS((void)slo::binomial_p_value(11, 10, 0.1),
                       "relia::slo::binomial_p_value: bad must be from 0 to valid, got 11",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(
      (void)slo::poisson_p_value(1, -1),
      "relia::slo::poisson_p_value: expected must be at least 0 and finite, got -1",
      std::domain_error);
  CHECK_THROWS_WITH_AS((void)slo::poisson_p_value(1, 1, 0.5),
                       "relia::slo::poisson_p_value: dispersion must be from 1 to 1e6, got 0.5",
                       std::domain_error);
  CHECK_THROWS_AS((void)slo::critical_failures(-1, 0.1, 1e-4), std::domain_error);
  CHECK_THROWS_AS((void)slo::critical_failures(1, 0.1, 0), std::domain_error);
  CHECK_THROWS_AS((void)slo::events_without_failure(0), std::domain_error);
  CHECK_THROWS_AS((void)slo::probability_above(slo::objective(0.9), {}, -1), std::domain_error);
  CHECK_THROWS_AS((void)slo::probability_above(slo::objective(0.9), {}, 1, {0, 1}),
                  std::domain_error);
}

TEST_SUITE_END();
