// SPDX-License-Identifier: BSL-1.0
#include <doctest/doctest.h>

#include <relia/sli/durability.hpp>

#include <support/accuracy.hpp>
#include <support/csv.hpp>

using namespace relia;

TEST_SUITE_BEGIN("durability");

TEST_CASE("accuracy: sli::annual_loss") {
  // The quantiles of stats::rate and stats::proportion, and three operations.
  test::accuracy<> check("sli::annual_loss", "0 to 20 losses of 1 to 1e12 objects",
                         "mpmath, 60 digits", 5e-15);
  for (const auto& row : test::csv_table("sli/durability.csv")) {
    const auto e = sli::annual_loss(
        row.integer("lost"), row.integer("objects"), std::chrono::days(row.integer("days")),
        {.confidence_level = row.number("confidence_level"),
         .method = row.text("method") == "garwood" ? stats::garwood : stats::clopper_pearson});
    check.compare(e.value, row.number("value"));
    check.compare(e.interval.lower, row.number("lower"));
    check.compare(e.interval.upper, row.number("upper"));
  }
}

TEST_SUITE_END();
