// SPDX-License-Identifier: BSL-1.0
#include <doctest/doctest.h>

#include <relia/stats/finite_proportion.hpp>

#include <support/accuracy.hpp>
#include <support/csv.hpp>

using namespace relia;
using namespace relia::stats;

TEST_SUITE_BEGIN("finite_proportion");

TEST_CASE("accuracy: stats::finite_proportion") {
  // The limits are whole numbers over the lot: the right one, or off by one. The quotient rounds.
  test::accuracy<> check("stats::finite_proportion", "1 to 1e9 checked of lots of 2 to 1e12",
                         "exact sums and mpmath, 60 digits", 0);
  for (const auto& row : test::csv_table("stats/finite_proportion.csv")) {
    const count lot = row.integer("population");
    const auto e = finite_proportion(row.integer("successes"), row.integer("trials"), lot,
                                     {.confidence_level = row.number("confidence_level")});
    check.compare(e.interval.lower, row.number("fewest") / static_cast<double>(lot));
    check.compare(e.interval.upper, row.number("most") / static_cast<double>(lot));
  }
}

TEST_SUITE_END();
