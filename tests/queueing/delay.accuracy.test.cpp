// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <string>

#include <doctest/doctest.h>

#include <relia/queueing/mmc.hpp>

#include <support/accuracy.hpp>
#include <support/csv.hpp>

using namespace relia;
using namespace relia::queueing;
using relia::test::accuracy;
using relia::test::csv_table;

TEST_SUITE_BEGIN("delay");

TEST_CASE("accuracy: waiting_time and response_time, and the numbers of mmc") {
  constexpr const char* region = "rho 3e-4 to 1 - 1e-9, 1 to 1000 servers, 1e-12 to 600 services";
  constexpr const char* source = "delay.csv, mpmath 80 digits";
  // An exponential of an exponent up to 600 carries 600 units of it.
  accuracy<> survival("queueing::delay::survival", region, source, 1e-13);
  accuracy<> log_survival("queueing::delay::log_survival", region, source, 1e-13);
  accuracy<> cdf("queueing::delay::cdf", region, source, 1e-14);
  accuracy<> quantile("queueing::delay::quantile", region, source, 1e-14);
  accuracy<> mean("queueing::mmc::mean_in_system", region, source, 1e-14);
  accuracy<> variance("queueing::mmc::variance_in_system", region, source, 1e-14);
  accuracy<> of("queueing::mmc::probability_of", region, source, 1e-13);
  accuracy<> log_of("queueing::mmc::log_probability_of", region, source, 1e-14);
  accuracy<> at_least("queueing::mmc::probability_at_least", region, source, 1e-13);
  for (const auto& row : csv_table("queueing/delay.csv")) {
    const mmc q(row.number("arrival_rate"), row.number("service_rate"), row.integer("servers"));
    const std::string& what = row.text("quantity");
    const double at = row.number("at");
    const double value = row.number("value");
    const auto wait = q.waiting_time();
    const auto response = q.response_time();
    if (what == "wait_survival") survival.compare(wait.survival(at), value);
    if (what == "response_survival") survival.compare(response.survival(at), value);
    if (what == "wait_log_survival") log_survival.compare(wait.log_survival(at), value);
    if (what == "response_log_survival") {
      // Near 0 the logarithm of 1 - cdf has the absolute error of one unit.
      log_survival.compare(response.log_survival(at), value,
                           std::max(1.0, 2.3e-16 / 1e-13 / std::abs(value)));
    }
    if (what == "wait_cdf") cdf.compare(wait.cdf(at), value);
    if (what == "response_cdf") cdf.compare(response.cdf(at), value);
    if (what == "wait_quantile") quantile.compare(wait.quantile(at), value);
    if (what == "response_quantile") quantile.compare(response.quantile(at), value);
    if (what == "wait_survival_quantile") quantile.compare(wait.survival_quantile(at), value);
    if (what == "response_survival_quantile") {
      quantile.compare(response.survival_quantile(at), value);
    }
    if (what == "mean_in_system") mean.compare(q.mean_in_system(), value);
    if (what == "variance_in_system") variance.compare(q.variance_in_system(), value);
    const auto n = static_cast<count>(at);
    if (what == "probability_of") of.compare(q.probability_of(n), value);
    if (what == "log_probability_of") log_of.compare(q.log_probability_of(n), value);
    if (what == "probability_at_least") at_least.compare(q.probability_at_least(n), value);
  }
}

TEST_SUITE_END();
