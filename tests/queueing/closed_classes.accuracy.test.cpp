// SPDX-License-Identifier: BSL-1.0
#include <map>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <relia/queueing/closed_classes.hpp>

#include <support/accuracy.hpp>
#include <support/csv.hpp>
#include <support/lists.hpp>

using namespace relia;
using namespace relia::queueing;
using relia::test::accuracy;
using relia::test::csv_table;

TEST_SUITE_BEGIN("closed_classes");

TEST_CASE("accuracy: solve_closed_classes") {
  constexpr const char* source = "closed_classes.csv, mpmath 60 digits and published";
  accuracy<> all("queueing::solve_closed_classes", "exact, 2 or 3 classes, 1 to 12 servers", source,
                 1e-14);
  // The iteration stops when a step is below 1e-13 of the population.
  accuracy<> fixed_point("queueing::solve_closed_classes", "schweitzer", source, 1e-11);
  std::map<std::string, classes_solution> solved;
  for (const auto& row : csv_table("queueing/closed_classes.csv")) {
    const bool approximate = row.text("method") == "schweitzer";
    std::vector<request_class> classes;
    const auto demands = test::split(row.text("demands"), '/');
    const auto thinks = test::numbers(row.text("think_times"));
    const auto populations = test::integers(row.text("populations"));
    for (std::size_t r = 0; r < demands.size(); ++r) {
      classes.push_back({populations[r], thinks[r], test::numbers(demands[r])});
    }
    auto& s = solved[row.text("method") + row.text("demands") + row.text("servers") +
                     row.text("think_times") + row.text("populations")];
    if (s.classes.empty()) {
      s = solve_closed_classes(classes, test::integers(row.text("servers")),
                               {approximate ? schweitzer : exact});
    }
    const std::string& what = row.text("quantity");
    const auto at = static_cast<std::size_t>(what.back() - '0');
    const double actual = what.rfind("throughput_", 0) == 0 ? s.classes[at].throughput
                          : what.rfind("response_", 0) == 0 ? s.classes[at].response_time
                                                            : s.queue_lengths[at];
    (approximate ? fixed_point : all).compare(actual, row.number("value"));
  }
}

TEST_SUITE_END();
