// SPDX-License-Identifier: BSL-1.0
#include <cmath>

#include <doctest/doctest.h>

#include <relia/queueing/retry.hpp>

#include <support/accuracy.hpp>
#include <support/csv.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("retry.accuracy");

// The roots are those of x - arrival_rate A(p(x)); a relative error e of p moves them by about
// e / |1 - arrival_rate A'|, which is below 100 in every row.
TEST_CASE("accuracy: retries and retry_bounds") {
  test::accuracy<double> normal("queueing::retries::normal", "1 to 128 servers",
                                "retry.csv, mpmath 50 digits", 1e-14);
  test::accuracy<double> threshold("queueing::retries::point_of_no_return", "1 to 128 servers",
                                   "retry.csv, mpmath 50 digits", 1e-13);
  test::accuracy<double> largest("queueing::retry_bounds::largest", "1 to 128 servers",
                                 "retry.csv, mpmath 50 digits", 1e-13);
  for (const auto& row : test::csv_table("queueing/retry.csv")) {
    const double arrival = row.number("arrival_rate");
    const double service = row.number("service_rate");
    const count servers = row.integer("servers");
    const retry_policy policy{.timeout = row.number("timeout"),
                              .max_retries = row.integer("max_retries")};
    const retry_load found = retries(arrival, service, servers, policy);
    CHECK(found.normal.has_value() == (row.text("normal") != "none"));
    if (found.normal) normal.compare(found.normal->attempt_rate, row.number("normal"));
    threshold.compare(found.point_of_no_return, row.number("point_of_no_return"));
    largest.compare(retry_bounds(service, servers, policy).largest,
                    row.number("largest_arrival_rate"));
  }
}

TEST_CASE("accuracy: retries_when_blocked and the reference rows of retries") {
  test::accuracy<double> all("queueing::retries_when_blocked", "reference rows of retries",
                             "retry_reference.csv, mpmath 60 digits", 1e-13);
  const retry_point blocked = retries_when_blocked(90, 1, 100, 3);
  const retry_load timed_out = retries(60, 100, 1, {.timeout = 0.1, .max_retries = 3});
  for (const auto& row : test::csv_table("queueing/retry_reference.csv")) {
    const auto& quantity = row.text("quantity");
    const double found = quantity == "attempt_rate"      ? blocked.attempt_rate
                         : quantity == "attempt_failure" ? blocked.attempt_failure
                         : quantity == "request_failure" ? blocked.request_failure
                         : quantity == "attempts"        ? worst_retry_amplification(4, 4)
                                                         : timed_out.point_of_no_return;
    all.compare(found, row.number("value"));
  }
}

TEST_SUITE_END();
