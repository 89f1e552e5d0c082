// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <relia/stats/ratio.hpp>

#include <support/accuracy.hpp>
#include <support/csv.hpp>

using namespace relia;
using namespace relia::stats;

TEST_SUITE_BEGIN("ratio");

TEST_CASE("accuracy: stats::ratio_of_totals") {
  const auto numbers = [](const std::string& text) {
    std::istringstream in(text);
    std::vector<double> values;
    for (double x = 0; in >> x;) values.push_back(x);
    return values;
  };
  test::accuracy<> check("stats::ratio_of_totals",
                         "3 to 5 rows from 1e-7 to 1e12, tails 0.025 and 5e-5", "mpmath, 50 digits",
                         5e-15);
  for (const auto& row : test::csv_table("stats/ratio.csv")) {
    const auto e =
        ratio_of_totals(numbers(row.text("numerators")), numbers(row.text("denominators")),
                        {.confidence_level = row.number("confidence_level"),
                         .method = row.text("method") == "jackknife" ? jackknife : linearised});
    check.compare(e.value, row.number("value"));
    // A limit is the ratio minus or plus a distance: its error is one of the larger of them.
    for (const auto& [actual, expected] : {std::pair(e.interval.lower, row.number("lower")),
                                           std::pair(e.interval.upper, row.number("upper"))}) {
      check.compare(actual, expected, 1 + std::abs(e.value / expected));
    }
  }
}

TEST_SUITE_END();
