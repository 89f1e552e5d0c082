// SPDX-License-Identifier: BSL-1.0
#include <doctest/doctest.h>

#include <relia/sli/apdex.hpp>

#include <support/accuracy.hpp>
#include <support/csv.hpp>

using namespace relia;

TEST_SUITE_BEGIN("apdex");

TEST_CASE("accuracy: sli::apdex") {
  // The limits are where a difference of two numbers near 1 changes sign: a few units in the last
  // place. A lower limit of 1 - x where x is small would be no better; the score has two digits.
  test::accuracy<> check("sli::apdex", "1 to 1e9 samples, levels 0.95 and 0.999",
                         "mpmath, 50 digits", 1e-15);
  for (const auto& row : test::csv_table("sli/apdex.csv")) {
    const auto e =
        sli::apdex({row.integer("satisfied"), row.integer("tolerating"), row.integer("frustrated")},
                   {.confidence_level = row.number("confidence_level")});
    check.compare(e.interval.lower, row.number("lower"));
    check.compare(e.interval.upper, row.number("upper"));
  }
}

TEST_SUITE_END();
