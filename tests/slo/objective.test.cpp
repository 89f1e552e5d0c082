// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <limits>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/slo/objective.hpp>

using namespace relia;

TEST_SUITE_BEGIN("objective");

TEST_CASE("objective: the error budget is that of the decimal") {
  CHECK(slo::objective(0.999).error_budget() == 0.001);  // 1 - 0.999 is 0.0010000000000000009
  CHECK(slo::objective(0.999999999999).error_budget() == 1e-12);
  CHECK(slo::objective(0.95).error_budget() == 0.05);
  CHECK(slo::objective(0.25).error_budget() == 0.75);
  CHECK(slo::objective(0.999).target() == 0.999);
}

TEST_CASE("objective: an error budget keeps digits that no target can") {
  const auto o = slo::objective::from_error_budget(1e-20);
  CHECK(o.error_budget() == 1e-20);
  CHECK(o.target() == 1.0);
  CHECK(slo::objective::from_error_budget(0.001) == slo::objective(0.999));
  CHECK(slo::objective::from_error_budget(0.75).target() == 0.25);
  CHECK_THROWS_WITH_AS((void)slo::objective::from_error_budget(0),
                       "relia::slo::objective::from_error_budget: fraction must be a fraction in "
                       "(0, 1) (0.1 % is 0.001), got 0",
                       std::domain_error);
}

TEST_CASE("objective: every double between 0 and 1 keeps 1 - target to half an ulp of the target") {
  // A fixed walk over doubles that are no short decimals; the bound is that of rounding to decimal.
  double t = 0.5;
  for (int i = 0; i < 20000; ++i) {
    t = std::fmod(t * 1.6180339887498949 + 0.1234567, 0.5) + 0.5;
    const double exact = 1.0 - t;  // exact, by Sterbenz
    CHECK(std::abs(slo::objective(t).error_budget() - exact) <=
          std::numeric_limits<double>::epsilon() / 4);
  }
  CHECK(slo::objective(std::nextafter(1.0, 0.0)).error_budget() == 1e-16);  // 0.9999999999999999
}

TEST_CASE("objective: refuses a percentage with the fraction to write") {
  CHECK_THROWS_WITH_AS((void)slo::objective(99.9),
                       "relia::slo::objective: target must be a fraction in (0, 1): for 99.9 % "
                       "write 0.999, got 99.9",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)slo::objective(99.995),
                       "relia::slo::objective: target must be a fraction in (0, 1): for 99.995 % "
                       "write 0.99995, got 99.995",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)slo::objective(1.0),
                       "relia::slo::objective: target must be a fraction in (0, 1): an objective "
                       "of 100 % leaves no error budget, got 1",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)slo::objective(-0.5),
                       "relia::slo::objective: target must be a fraction in (0, 1), got -0.5",
                       std::domain_error);
  CHECK_THROWS_AS((void)slo::objective(0.0), std::domain_error);
  CHECK_THROWS_AS((void)slo::objective(std::numeric_limits<double>::quiet_NaN()),
                  std::domain_error);
}

TEST_CASE("is_met: exactly on the objective is met, by decimals") {
  const slo::objective o(0.9997);
  CHECK(slo::is_met(o, {9997, 3}));
  CHECK_FALSE(slo::is_met(o, {9996, 4}));
  CHECK(slo::is_met(o, {}));
  // Seven digits and more decide, where six would be rounded away: 1.549 burns against 1.5 at
  // 99.999 %.
  CHECK_FALSE(slo::is_met(slo::objective(0.999985), {100000000 - 1549, 1549}));
  CHECK(slo::is_met(slo::objective(0.999985), {100000000 - 1500, 1500}));
}

TEST_SUITE_END();
