// SPDX-License-Identifier: BSL-1.0
#include <doctest/doctest.h>

#include <relia/incident/mtbf.hpp>

#include <support/accuracy.hpp>
#include <support/csv.hpp>

using namespace relia;
using namespace relia::incident;

TEST_SUITE_BEGIN("mtbf");

TEST_CASE("accuracy: mtbf") {
  // Some ulps: Boost's inverse of the incomplete gamma function, and two divisions.
  test::accuracy<> error("incident::mtbf", "0 to 365 failures, levels 0.5 to 0.999", "mpmath",
                         2e-15);
  for (const auto& row : test::csv_table("incident/mtbf.csv")) {
    const auto e =
        mtbf(row.integer("failures"), real_seconds(row.number("exposure")),
             {.confidence_level = row.number("confidence_level"),
              .stopping = row.text("stopping") == "at_event" ? stats::stopping::at_event
                                                             : stats::stopping::at_time});
    error.compare(e.interval.lower.count(), row.number("lower"));
    error.compare(e.interval.upper.count(), row.number("upper"));
  }
}

TEST_CASE("accuracy: long_run_unavailability") {
  // Some ulps: Boost's inverse of the incomplete beta function, and four divisions.
  test::accuracy<> error("incident::long_run_unavailability",
                         "1 to 400 failures, ratios 1e-9 to 128, levels 0.5 to 0.95", "mpmath",
                         2e-15);
  for (const auto& row : test::csv_table("incident/long_run.csv")) {
    const auto e = long_run_unavailability(
        row.integer("failures"), real_seconds(row.number("uptime")),
        real_seconds(row.number("downtime")), {.confidence_level = row.number("confidence_level")});
    error.compare(e.value, row.number("value"));
    error.compare(e.interval.lower, row.number("lower"));
    error.compare(e.interval.upper, row.number("upper"));
  }
}

TEST_SUITE_END();
