// SPDX-License-Identifier: BSL-1.0
#include <limits>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/core/verdict.hpp>

#include <support/close.hpp>

using namespace relia;

TEST_SUITE_BEGIN("verdict");

namespace {

estimate<double> measured(double value, double lower, double upper) {
  estimate<double> e;
  e.value = value;
  e.interval = {lower, upper, two_sided_level(0.95)};
  e.n = 100;
  return e;
}

constexpr limit at_most_one{sense::at_most, 1.0, 0.95};
constexpr limit at_least_one{sense::at_least, 1.0, 0.95};

}  // namespace

TEST_CASE("decide: the bound on the wrong side of the limit decides") {
  const decision pass = decide(measured(0.5, 0.25, 0.75), at_most_one);
  CHECK(pass.verdict == verdict::pass);
  CHECK(pass.bound == 0.75);
  CHECK(pass.margin == 0.25);

  const decision fail = decide(measured(2.0, 1.5, 3.0), at_most_one);
  CHECK(fail.verdict == verdict::fail);
  CHECK(fail.bound == 1.5);
  CHECK(fail.margin == -0.5);

  CHECK(decide(measured(0.9, 0.5, 1.5), at_most_one).verdict == verdict::inconclusive);
}

TEST_CASE("decide: at least mirrors at most") {
  CHECK(decide(measured(2.0, 1.5, 3.0), at_least_one).verdict == verdict::pass);
  CHECK(decide(measured(0.5, 0.25, 0.75), at_least_one).verdict == verdict::fail);
  CHECK(decide(measured(0.9, 0.5, 1.5), at_least_one).verdict == verdict::inconclusive);
}

TEST_CASE("decide: exactly on the limit meets it") {
  CHECK(decide(measured(0.5, 0.25, 1.0), at_most_one).verdict == verdict::pass);
  CHECK(decide(measured(2.0, 1.0, 3.0), at_most_one).verdict == verdict::inconclusive);
  CHECK(decide_value(measured(1.0, 0.5, 1.5), at_most_one).verdict == verdict::pass);
  CHECK(decide_value(measured(1.0, 0.5, 1.5), at_least_one).verdict == verdict::pass);
}

TEST_CASE("decide: no data never passes, an unstable model fails") {
  CHECK(decide(no_data({"none"}), at_most_one).verdict == verdict::inconclusive);
  CHECK(decide_value(no_data({"none"}), at_most_one).verdict == verdict::inconclusive);
  estimate<double> unstable;
  unstable.state = state::unstable;
  CHECK(decide(unstable, at_most_one).verdict == verdict::fail);
  CHECK(decide(unstable, at_most_one).reason == "unstable: the load is at or over capacity");
  unstable.notes = {"the load is 5 of 2 servers", "another"};
  CHECK(decide(unstable, at_most_one).reason == "unstable: the load is 5 of 2 servers");
}

TEST_CASE("decide: refuses an interval at another level and a NaN limit") {
  estimate<double> e = measured(0.5, 0.25, 0.75);
  e.interval.confidence_level = 0.95;
  CHECK_THROWS_WITH_AS(
      (void)decide(e, at_most_one),
      "relia::decide: interval.confidence_level must be 0.8999999999999999, got 0.95",
      std::invalid_argument);
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS((void)decide(measured(0, 0, 0), limit{sense::at_most, nan, 0.95}),
                  std::domain_error);
  CHECK_THROWS_WITH_AS((void)two_sided_level(0.4),
                       "relia::two_sided_level: confidence_level must be in (0.5, 1), got 0.4",
                       std::domain_error);
}

TEST_SUITE_END();
