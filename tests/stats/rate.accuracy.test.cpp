// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <relia/stats/rate.hpp>

#include <support/accuracy.hpp>
#include <support/csv.hpp>

using namespace relia;
using namespace relia::stats;

TEST_SUITE_BEGIN("rate");

TEST_CASE("accuracy: stats::rate") {
  test::accuracy<> check("stats::rate", "0 to 1e12 events, tails 0.025 and 1e-12",
                         "mpmath, 50 digits", 1e-15);
  for (const auto& row : test::csv_table("stats/rate.csv")) {
    const auto e = rate(row.integer("events"), row.number("exposure"),
                        {.confidence_level = row.number("confidence_level")});
    check.compare(e.interval.lower, row.number("lower"));
    check.compare(e.interval.upper, row.number("upper"));
  }
}

TEST_CASE("accuracy: stats::rate_ratio") {
  test::accuracy<> limits("stats::rate_ratio", "0 to 1e9 events a side, tails 0.025 and 1e-12",
                          "mpmath, 50 digits", 2e-15);
  test::accuracy<> p_value("stats::rate_ratio_p_value",
                           "0 to 1e9 events a side, over the conditioning of the share",
                           "mpmath, 50 digits", 2e-15);
  for (const auto& row : test::csv_table("stats/rate_ratio.csv")) {
    const count x1 = row.integer("events1");
    const count x2 = row.integer("events2");
    const double t1 = row.number("exposure1");
    const double t2 = row.number("exposure2");
    const auto e = rate_ratio(x1, t1, x2, t2, {.confidence_level = row.number("confidence_level")});
    limits.compare(e.interval.lower, row.number("lower"));
    limits.compare(e.interval.upper, row.number("upper"));
    // One rounding of the share t1 / (t1 + t2) moves the tail by deviation * sqrt(n) roundings.
    const auto n = static_cast<double>(x1 + x2);
    const double p = t1 / (t1 + t2);
    const double excess = static_cast<double>(x1) - n * p;
    p_value.compare(rate_ratio_p_value(x1, t1, x2, t2), row.number("p_value"),
                    1 + std::abs(excess) / (1 - p));
  }
}

TEST_CASE("accuracy: stats::quasi_poisson_rate") {
  const std::map<std::string, std::pair<std::vector<count>, std::vector<double>>> periods{
      {"pages", {{0, 3, 1, 0, 5, 2, 2, 7, 1, 0, 4, 2}, std::vector<double>(12, 1.0)}},
      {"weeks", {{12, 30, 8, 51}, {7, 7, 5, 7}}},
      {"steady", {{10, 11, 9, 10, 10}, {2, 2, 2, 2, 2}}},
  };
  test::accuracy<> check("stats::quasi_poisson_rate", "4 to 12 periods", "mpmath, 50 digits",
                         1e-14);
  for (const auto& row : test::csv_table("stats/quasi_poisson.csv")) {
    const auto& [events, exposure] = periods.at(row.text("periods"));
    const auto r = quasi_poisson_rate(
        events, exposure,
        {.confidence_level = row.number("confidence_level"),
         .method = row.text("method") == "quasi_poisson" ? quasi_poisson : quasi_poisson_normal});
    check.compare(r.rate.value, row.number("rate"));
    check.compare(r.rate.interval.lower, row.number("lower"));
    check.compare(r.rate.interval.upper, row.number("upper"));
    check.compare(r.dispersion, row.number("dispersion"));
    check.compare(r.p_value, row.number("p_value"));
  }
}

TEST_SUITE_END();
