// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <limits>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/sli/durability.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace std::chrono_literals;

TEST_SUITE_BEGIN("durability");

TEST_CASE("annual_loss: no loss bounds it by the rule of three") {
  // ln 20 = 2.995732273553991 (mpmath) over the object-years, as a probability.
  const auto e = sli::annual_loss(0, 1'000'000'000, std::chrono::years(1), {.sides = sides::upper});
  CHECK(e.value == 0.0);
  CHECK(e.interval.lower == 0.0);
  CHECK_REL(e.interval.upper, -std::expm1(-2.995732273553991e-9), 1e-14);
  CHECK(sli::nines(e.interval.upper) < 9);  // a billion objects and a year show eight nines
}

TEST_CASE("annual_loss: half a year of twice the objects is the same exposure") {
  const auto year = sli::annual_loss(2, 1000, 24h * 360);
  const auto half = sli::annual_loss(2, 2000, 24h * 180);
  CHECK_REL(half.interval.upper, year.interval.upper, 1e-14);
  CHECK_REL(half.interval.lower, year.interval.lower, 1e-14);
}

TEST_CASE("annual_loss: a fixed set of objects may all be lost") {
  const auto all = sli::annual_loss(5, 5, 24h, {.method = stats::clopper_pearson});
  CHECK(all.value == 1.0);
  CHECK(all.interval.upper == 1.0);
  CHECK(all.method == stats::clopper_pearson);
}

TEST_CASE("object_years_needed: is where the upper limit meets the loss") {
  for (const count lost : {0, 1, 5}) {
    const double years = sli::object_years_needed(1e-6, lost);
    const auto objects = static_cast<count>(std::ceil(years));
    const auto at = [&](count n) {
      return sli::annual_loss(lost, n, std::chrono::years(1), {.sides = sides::upper})
          .interval.upper;
    };
    CHECK(at(objects) <= 1e-6);
    CHECK(at(objects - 2) > 1e-6);
  }
  CHECK_REL(sli::object_years_needed(1e-11), 2.995732273553991e11, 1e-10);
}

TEST_CASE("nines: counts them, at the ends too") {
  CHECK_ULP(sli::nines(1e-11), 11.0, 1);
  CHECK_REL(sli::nines(0.0005), 3.3010299956639813, 1e-15);  // 4 - log10(5), mpmath
  CHECK(sli::nines(0) == std::numeric_limits<double>::infinity());
  CHECK(sli::nines(1) == 0.0);
}

TEST_CASE("annual_loss: no objects are no data, and bad input is named") {
  CHECK(sli::annual_loss(0, 0, 24h).state == state::no_data);
  CHECK_THROWS_WITH_AS((void)sli::annual_loss(1, 0, 24h),
                       "relia::sli::annual_loss: lost must be 0 where there are no objects, got 1",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)sli::annual_loss(0, 1, 0h),
                       "relia::sli::annual_loss: watched must be positive, got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)sli::annual_loss(0, 1, 1h, {.method = stats::wilson}),
                       "relia::sli::annual_loss: method must be garwood or clopper_pearson, got "
                       "\"wilson\"",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(
      (void)sli::object_years_needed(0),
      "relia::sli::object_years_needed: loss must be a fraction in (0, 1) (95 % is "
      "0.95), got 0",
      std::domain_error);
}

TEST_SUITE_END();
