// SPDX-License-Identifier: BSL-1.0
#include <string>

#include <doctest/doctest.h>

#include <relia/queueing/mdc.hpp>

#include <support/accuracy.hpp>
#include <support/csv.hpp>

using namespace relia;
using namespace relia::queueing;
using relia::test::accuracy;
using relia::test::csv_table;

TEST_SUITE_BEGIN("mdc");

TEST_CASE("accuracy: mdc and md1") {
  constexpr const char* region = "1 to 100 servers, rho 0.5 to 0.95, up to 67 services";
  constexpr const char* source = "mdc.csv, mpmath 60 digits";
  // Rates such as 0.95 are no doubles: half a unit, times the load over the slack.
  accuracy<> mean("queueing::mdc_delay::mean", region, source, 1e-14);
  accuracy<> probability("queueing::mdc::wait_probability", region, source, 2e-15);
  accuracy<> cdf("queueing::mdc_delay::cdf", region, source, 2e-14);
  accuracy<> quantile("queueing::mdc_delay::quantile", region, source, 2e-14);
  for (const auto& row : csv_table("queueing/mdc.csv")) {
    const mdc q(row.number("arrival_rate"), row.number("service_time"), row.integer("servers"));
    const double condition = 1 / (1 - q.utilization());
    const std::string& what = row.text("quantity");
    const double value = row.number("value");
    const auto wait = q.waiting_time();
    if (what == "mean_wait") mean.compare(wait.mean(), value, condition);
    if (what == "wait_probability") probability.compare(q.wait_probability(), value, condition);
    if (what == "wait_cdf") cdf.compare(wait.cdf(row.number("at")), value, condition);
    if (what == "wait_quantile") {
      quantile.compare(wait.quantile(row.number("at")), value, condition);
    }
  }
}

TEST_SUITE_END();
