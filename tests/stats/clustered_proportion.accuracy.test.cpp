// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <relia/stats/clustered_proportion.hpp>

#include <support/accuracy.hpp>
#include <support/csv.hpp>

using namespace relia;
using namespace relia::stats;

TEST_SUITE_BEGIN("clustered_proportion");

TEST_CASE("accuracy: stats::clustered_proportion") {
  const auto counts = [](const std::string& text) {
    std::istringstream in(text);
    std::vector<count> values;
    for (count n = 0; in >> n;) values.push_back(n);
    return values;
  };
  const test::csv_table table("stats/clustered_proportion.csv");
  for (const method how : {cluster_robust, quasi_binomial, linearised}) {
    // The limits of cluster_robust are Boost's beta quantiles; down at 1e-134 the logarithm of a
    // limit is 300, and its relative error the limit's.
    test::accuracy<> check("stats::clustered_proportion, " + std::string(how.name),
                           "2 to 100 clusters of 7 to 1e9 trials, tails 0.025 and 5e-5",
                           "mpmath, 50 digits", how == cluster_robust ? 5e-13 : 5e-15);
    for (const auto& row : table) {
      if (row.text("method") != how.name) continue;
      const auto e =
          clustered_proportion(counts(row.text("successes")), counts(row.text("trials")),
                               {.confidence_level = row.number("confidence_level"), .method = how})
              .proportion;
      check.compare(e.value, row.number("value"));
      check.compare(e.interval.lower, row.number("lower"));
      check.compare(e.interval.upper, row.number("upper"));
    }
  }
}

TEST_SUITE_END();
