// SPDX-License-Identifier: BSL-1.0
#include <doctest/doctest.h>

#include <relia/queueing/sharing.hpp>

#include <support/accuracy.hpp>
#include <support/csv.hpp>

using namespace relia;
using namespace relia::queueing;
using relia::test::accuracy;
using relia::test::csv_table;

TEST_SUITE_BEGIN("sharing");

TEST_CASE("accuracy: sharing_response") {
  constexpr const char* region = "rho 1e-3 to 1 - 2^-30, 1e-5 services to 128 mean responses";
  constexpr const char* source = "sharing.csv, mpmath 60 digits";
  // Some hundred terms, each of ten roundings: 1e-15 of a sum near 1; at its smallest the logarithm
  // is -log of the sum, which the tail turns into an absolute error.
  accuracy<> log_tail("queueing::sharing_response::log_survival", region, source, 1e-14);
  accuracy<> cdf("queueing::sharing_response::cdf", region, source, 1e-14);
  accuracy<> quantile("queueing::sharing_response::quantile", region, source, 2e-14);
  for (const auto& row : csv_table("queueing/sharing.csv")) {
    const auto r = processor_sharing(row.number("rho"), 1).response_time_exponential();
    const double t = row.number("t");
    log_tail.compare(r.log_survival(t), row.number("log_survival"), 1);
    cdf.compare(r.cdf(t), row.number("cdf"), 1);
    // The level is a double: half a unit of it moves the time by 1 / (t x hazard).
    const double log = row.number("log_survival");
    if (log > -600 && log < -0.7) quantile.compare(r.survival_quantile(std::exp(log)), t, 1);
    if (log >= -0.7) quantile.compare(r.quantile(row.number("cdf")), t, 1);
  }
  // The smallest of the rates, and a peak of the weights that a time of 1e15 makes narrow.
  accuracy<> far("queueing::sharing_response::log_survival",
                 "rho 1e-3 to 0.875, 1e4 to 1e15 services", "sharing_far.csv, mpmath 60 digits",
                 1e-15);
  for (const auto& row : csv_table("queueing/sharing_far.csv")) {
    const auto r = processor_sharing(row.number("rho"), 1).response_time_exponential();
    far.compare(r.log_survival(row.number("t")), row.number("log_survival"), 1);
  }
}

TEST_SUITE_END();
