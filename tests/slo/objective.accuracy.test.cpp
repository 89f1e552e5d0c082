// SPDX-License-Identifier: BSL-1.0
#include <doctest/doctest.h>

#include <relia/slo/objective.hpp>

#include <support/accuracy.hpp>
#include <support/csv.hpp>

using namespace relia;

TEST_SUITE_BEGIN("objective");

TEST_CASE("accuracy: slo::objective") {
  // The decimal complement, rounded once.
  test::accuracy<double> error("slo::objective::error_budget", "targets of 1 to 16 digits",
                               "decimal arithmetic", 1.2e-16);
  for (const test::csv_row& row : test::csv_table("slo/objective.csv")) {
    error.compare(slo::objective(row.number("target")).error_budget(), row.number("error_budget"));
  }
}

TEST_SUITE_END();
