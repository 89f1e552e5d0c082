// SPDX-License-Identifier: BSL-1.0
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/sli/ratio.hpp>

#include <support/close.hpp>

using namespace relia;

TEST_SUITE_BEGIN("ratio");

TEST_CASE("bad_fraction: twelve nines keep their digits") {
  const aggregate::counts events(999999999999, 1);
  const estimate<double> bad = sli::bad_fraction(events);
  CHECK(bad.value == 1e-12);
  CHECK(bad.n == 1000000000000);
  // Wilson 95 %, 1 of 1e12 (mpmath, 50 digits).
  CHECK_REL(bad.interval.lower, 1.7652455493517473e-13, 1e-14);
  CHECK_REL(bad.interval.upper, 5.6649342657365115e-12, 1e-14);
  CHECK(sli::attainment(events).value == 0.999999999999);
}

TEST_CASE("attainment: its interval is the mirror of the bad fraction's") {
  const aggregate::counts events(995, 5);
  const auto good = sli::attainment(events);
  const auto bad = sli::bad_fraction(events);
  // Wilson 95 %, 5 of 1000: (.00213754, .011651), printed with six digits.
  CHECK_REL(bad.interval.lower, 0.00213754, 3e-6);
  CHECK_REL(bad.interval.upper, 0.011651, 4e-5);
  CHECK_ULP(good.interval.lower, 1 - bad.interval.upper, 1);
  CHECK_ULP(good.interval.upper, 1 - bad.interval.lower, 1);
  CHECK(good.method == stats::wilson);
  const auto one_sided = sli::attainment(events, {.confidence_level = 0.95, .sides = sides::lower});
  CHECK(one_sided.interval.upper == 1);
  CHECK(one_sided.interval.lower > good.interval.lower);
}

TEST_CASE("ratio: no bad events still have an upper limit, no events have no value") {
  // Clopper-Pearson 95 %, 0 of 10 and 0 of 1000: .308497 and .00368208, printed with six digits.
  const stats::proportion_options exact{.method = stats::clopper_pearson};
  CHECK_REL(sli::bad_fraction(aggregate::counts(10, 0), exact).interval.upper, 0.308497, 2e-6);
  CHECK_REL(sli::bad_fraction(aggregate::counts(1000, 0), exact).interval.upper, 0.00368208, 2e-6);
  const auto none = sli::attainment(aggregate::counts());
  CHECK(none.state == state::no_data);
  CHECK(none.interval.lower == 0);
  CHECK(none.interval.upper == 1);
}

TEST_CASE("ratio: clamping is noted in the answer") {
  const auto clamped = sli::events({.good = 1012, .valid = 1000}, sli::excess_policy::clamp);
  const auto e = sli::attainment(clamped);
  CHECK(e.value == 1);
  REQUIRE_FALSE(e.notes.empty());
  CHECK(e.notes.back() == "a part exceeded the valid events by 12 and was clamped");
}

TEST_SUITE_END();
