// SPDX-License-Identifier: BSL-1.0
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/stats/finite_proportion.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::stats;

TEST_SUITE_BEGIN("finite_proportion");

TEST_CASE("finite_proportion: the limits close in as more of the lot is checked, and then meet") {
  double width = 1;
  for (const count checked : {20, 100, 500, 900, 990}) {
    const auto e = finite_proportion(checked / 20, checked, 1000);
    CHECK(e.value ==
          0.05 * static_cast<double>(20 * (checked / 20)) / static_cast<double>(checked));
    CHECK(e.interval.upper - e.interval.lower < width);
    CHECK(e.interval.contains(e.value));
    width = e.interval.upper - e.interval.lower;
  }
  const auto all = finite_proportion(50, 1000, 1000);
  CHECK(all.interval == interval<double>{0.05, 0.05, 0.95});
}

TEST_CASE("finite_proportion: a small part of a huge lot is a binomial sample") {
  const auto e = finite_proportion(3, 200, 1'000'000'000);
  const auto binomial = proportion(3, 200, {.method = clopper_pearson}).interval;
  // The variance is smaller by the part that was checked, 2e-7 of it.
  CHECK_REL(e.interval.lower, binomial.lower, 1e-6);
  CHECK_REL(e.interval.upper, binomial.upper, 1e-6);
}

TEST_CASE("finite_proportion: mirrored successes have mirrored limits") {
  const auto few = finite_proportion(3, 200, 1000).interval;
  const auto many = finite_proportion(197, 200, 1000).interval;
  CHECK_ULP(many.lower, 1 - few.upper, 1);  // quotients by 1000 and a difference
  CHECK_ULP(many.upper, 1 - few.lower, 1);
}

TEST_CASE("finite_proportion: one side, nothing checked, and what makes no sense") {
  CHECK(finite_proportion(3, 200, 1000, {.sides = sides::upper}).interval.upper ==
        finite_proportion(3, 200, 1000, {.confidence_level = 0.9}).interval.upper);
  CHECK(finite_proportion(3, 200, 1000, {.sides = sides::upper}).interval.lower == 0.0);
  CHECK(finite_proportion(0, 0, 1000).state == state::no_data);
  CHECK_THROWS_WITH_AS((void)finite_proportion(3, 200, 100),
                       "relia::stats::finite_proportion: population must be from the number of "
                       "trials, 200, to 2^53, got 100",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)finite_proportion(3, 2, 100),
                       "relia::stats::finite_proportion: successes must be from 0 to the number of "
                       "trials, 2, got 3",
                       std::domain_error);
}

TEST_SUITE_END();
