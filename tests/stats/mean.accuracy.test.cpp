// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <sstream>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <relia/stats/mean.hpp>

#include <support/accuracy.hpp>
#include <support/csv.hpp>

using namespace relia;
using namespace relia::stats;

TEST_SUITE_BEGIN("mean");

TEST_CASE("accuracy: stats::mean") {
  test::accuracy<> check("stats::mean, student_t",
                         "values of 1e-200 to 1e308, offset and cancelling", "mpmath, 50 digits",
                         2e-15);
  for (const auto& row : test::csv_table("stats/mean_scales.csv")) {
    std::vector<double> values;
    std::istringstream in(row.text("values"));
    for (double v = 0; in >> v;) values.push_back(v);
    const auto e = mean(values, {.confidence_level = row.number("confidence_level")});
    check.compare(e.value, row.number("mean"));
    // A limit is the mean minus or plus a distance: its error is one of the larger of them.
    for (const auto& [actual, expected] : {std::pair(e.interval.lower, row.number("lower")),
                                           std::pair(e.interval.upper, row.number("upper"))}) {
      check.compare(actual, expected, 1 + std::abs(row.number("mean") / expected));
    }
  }
}

TEST_CASE("accuracy: Student's deviate") {
  test::accuracy<> check("stats: Student's deviate",
                         "1 to 1e9 degrees of freedom, tails 0.25 to 1e-12", "mpmath, 50 digits",
                         1e-14);
  for (const auto& row : test::csv_table("stats/student.csv")) {
    check.compare(stats::detail::student_deviate(row.number("freedom"), row.number("tail")),
                  row.number("deviate"));
  }
}

TEST_SUITE_END();
