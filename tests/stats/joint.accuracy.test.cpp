// SPDX-License-Identifier: BSL-1.0
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <relia/stats/joint.hpp>

#include <support/accuracy.hpp>
#include <support/csv.hpp>

using namespace relia;

TEST_SUITE_BEGIN("joint");

TEST_CASE("accuracy: stats::at_least") {
  // Sums of positive terms: a few roundings, that partly cancel, for each of 40 events.
  test::accuracy<> check("stats::at_least", "1 to 40 events of probability 1e-300 to 1",
                         "mpmath, 350 digits", 2e-15);
  for (const auto& row : test::csv_table("stats/joint.csv")) {
    std::istringstream in(row.text("probabilities"));
    std::vector<double> p;
    for (std::string x; in >> x;) p.push_back(std::stod(x));
    const stats::joint j = stats::at_least(p, row.integer("m"));
    check.compare(j.independent, row.number("independent"));
    check.compare(j.lower, row.number("lower"));
    check.compare(j.upper, row.number("upper"));
  }
}

TEST_SUITE_END();
