// SPDX-License-Identifier: BSL-1.0
#include <cmath>

#include <doctest/doctest.h>

#include <relia/slo/policy.hpp>

#include <support/accuracy.hpp>
#include <support/csv.hpp>

using namespace relia;

TEST_SUITE_BEGIN("policy");

namespace {

duration from_seconds(double s) { return duration(std::llround(s * 1e9)); }

}  // namespace

TEST_CASE("accuracy: slo::detection_time") {
  // Up to four roundings: the threshold, a quotient, the window in seconds, and a product.
  test::accuracy<double> detection("slo::detection_time", "ratios from the threshold to 1",
                                   "mpmath, 50 digits", 4.5e-16);
  test::accuracy<double> reset("slo::reset_time", "ratios from the threshold to 1",
                               "mpmath, 50 digits", 4.5e-16);
  // Two more, and the burn rate.
  test::accuracy<double> spent("slo::budget_spent_at_detection", "ratios from the threshold to 1",
                               "mpmath, 50 digits", 7e-16);
  for (const test::csv_row& row : test::csv_table("slo/policy.csv")) {
    const slo::tier t{from_seconds(row.number("long_window")),
                      from_seconds(row.number("short_window")), row.number("factor")};
    const slo::objective goal(row.number("target"));
    const double ratio = row.number("error_ratio");
    detection.compare(slo::detection_time(t, goal, ratio).count(), row.number("detection"));
    reset.compare(slo::reset_time(t, goal, ratio).count(), row.number("reset"));
    spent.compare(slo::budget_spent_at_detection(t, goal, ratio, std::chrono::days(30)),
                  row.number("budget_spent"));
  }
}

TEST_SUITE_END();
