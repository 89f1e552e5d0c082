// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <utility>

#include <doctest/doctest.h>

#include <relia/stats/proportion.hpp>

#include <support/accuracy.hpp>
#include <support/csv.hpp>

using namespace relia;
using namespace relia::stats;

TEST_SUITE_BEGIN("proportion");

TEST_CASE("accuracy: stats::proportion") {
  const test::csv_table table("stats/proportion.csv");
  const char* region = "0 to n successes of 1 to 1e12 trials, tails 0.025 and 1e-12";
  const char* source = "mpmath, 50 digits";
  // Wilson is four operations from the normal deviate; the beta quantiles are Boost's below shapes
  // of 1e5 and our own above.
  const std::pair<method, double> bounds[] = {
      {wilson, 1e-15}, {clopper_pearson, 2e-14}, {jeffreys, 2e-14}};
  for (const auto& [how, bound] : bounds) {
    test::accuracy<> check("stats::proportion, " + std::string(how.name), region, source, bound);
    for (const auto& row : table) {
      if (row.text("method") != how.name) continue;
      const auto e =
          proportion(row.integer("successes"), row.integer("trials"),
                     {.confidence_level = row.number("confidence_level"), .method = how});
      check.compare(e.interval.lower, row.number("lower"));
      check.compare(e.interval.upper, row.number("upper"));
    }
  }
}

TEST_CASE("accuracy: stats::proportion_difference") {
  test::accuracy<> check("stats::proportion_difference", "up to 1e12 trials, tails 0.025 and 1e-12",
                         "mpmath, 50 digits", 1e-15);
  for (const auto& row : test::csv_table("stats/proportion_difference.csv")) {
    const auto e = proportion_difference(row.integer("successes1"), row.integer("trials1"),
                                         row.integer("successes2"), row.integer("trials2"),
                                         {.confidence_level = row.number("confidence_level")});
    check.compare(e.value, row.number("difference"));
    // A limit is the difference minus or plus a distance: its error is one of the larger of them.
    const double d = std::abs(e.value);
    for (const auto& [actual, expected] : {std::pair(e.interval.lower, row.number("lower")),
                                           std::pair(e.interval.upper, row.number("upper"))}) {
      check.compare(actual, expected, 1 + d / std::max(std::abs(expected), 1e-300));
    }
  }
}

TEST_SUITE_END();
