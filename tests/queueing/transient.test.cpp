// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/queueing/mmc.hpp>
#include <relia/queueing/transient.hpp>

#include <support/close.hpp>
#include <support/csv.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("transient");

TEST_CASE("transient: the shared reference rows") {
  for (const auto& row : relia::test::csv_table("queueing/transient.csv")) {
    const double a = row.number("arrival_rate");
    const double s = row.number("service_rate");
    const count c = row.integer("servers");
    const double t = row.number("t");
    const auto at = row.text("capacity").empty()
                        ? mmc_transient(a, s, c, row.integer("start"), t)
                        : mmck_transient(a, s, c, row.integer("capacity"), row.integer("start"), t);
    const double value = row.text("quantity") == "mean" ? at.mean() : at.probability_at_most(9);
    CHECK_REL(value, row.number("value"), 2e-14);  // some 100 jumps, a unit each
  }
}

TEST_CASE("mmc_transient: in the end it is steady, and stays so") {
  const mmc steady(8, 1, 10);
  const auto late = mmc_transient(8, 1, 10, 100, 1000);
  CHECK_REL(late.mean(), steady.mean_in_system(), 1e-11);  // 20000 jumps of a unit
  CHECK_REL(late.probability_of(3), steady.probability_of(3), 1e-11);
  CHECK_REL(late.variance(), steady.variance_in_system(), 1e-10);
}

TEST_CASE(
    "transient: without service it is the Poisson process of arrivals; over capacity it grows") {
  const auto some = mmc_transient(2, 1e-300, 1, 5, 3);
  CHECK_REL(some.mean(), 11.0, 1e-14);
  CHECK_REL(some.probability_of(5), std::exp(-6.0), 1e-14);
  CHECK(some.probability_of(4) < 1e-290);
  // lambda 12, mu 10 with the servers always busy: 50 + 2 t. They idle once 40 are gone, which has
  // a probability of (10 / 12)^40 = 7e-4, and is worth a request or so.
  CHECK_REL(mmc_transient(12, 1, 10, 50, 20).mean(), 90.0, 2e-5);
}

TEST_CASE("transient: sums, quantiles and time 0") {
  const auto q = mmck_transient(5, 1, 4, 20, 10, 2.5);
  CHECK_REL(q.probability_at_most(7) + q.probability_at_least(8), 1.0, 1e-15);
  CHECK(q.probability_at_least(0) == 1);
  CHECK(q.probability_at_most(20) == 1);
  CHECK(q.probability_at_most(q.quantile(0.9)) >= 0.9);
  CHECK(q.probability_at_most(q.quantile(0.9) - 1) < 0.9);
  CHECK(mmck_transient(5, 1, 4, 20, 10, 0).probability_of(10) == 1);
  CHECK(mmc_transient(0, 1, 1, 0, 5).mean() == 0);
}

TEST_CASE("transient: names what it refuses") {
  CHECK_THROWS_WITH_AS(
      (void)mmck_transient(1, 1, 2, 1, 0, 1),
      "relia::queueing::mmck_transient: capacity must be from servers to 1e7, got 1",
      std::domain_error);
  CHECK_THROWS_AS((void)mmck_transient(1, 1, 2, 5, 6, 1), std::domain_error);
  CHECK_THROWS_WITH_AS((void)mmc_transient(1, 1, 1, 0, -1),
                       "relia::queueing::mmc_transient: t must be at least 0 and finite, got -1",
                       std::domain_error);
  CHECK_THROWS_AS((void)mmc_transient(1e9, 1, 1, 0, 1e9), std::domain_error);
  CHECK_THROWS_AS((void)mmc_transient(std::nan(""), 1, 1, 0, 1), std::domain_error);
}

TEST_CASE("transient: no probability is below 0 where all the weight has been spent") {
  const auto q = mmck_transient(1e-300, 0.01171875, 1, 80, 26, 93.04296875);
  for (const double p : q.probabilities()) CHECK(p >= 0);
}

TEST_SUITE_END();
