// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <initializer_list>
#include <limits>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/queueing/backlog.hpp>

#include <support/accuracy.hpp>
#include <support/csv.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("backlog");

TEST_CASE("accuracy: drain_time") {
  test::accuracy<double> cdf("queueing::drain_time::cdf",
                             "1 to 100 requests, below and above capacity",
                             "backlog.csv, mpmath 30 digits", 1e-12);
  test::accuracy<double> quantile("queueing::drain_time::quantile",
                                  "1 to 100 requests, below and above capacity",
                                  "backlog.csv, mpmath 30 digits", 1e-12);
  for (const auto& row : test::csv_table("queueing/backlog.csv")) {
    const drain_time drain(row.integer("backlog"), row.number("arrival_rate"),
                           row.number("service_rate"), row.integer("servers"));
    cdf.compare(drain.cdf(row.number("t")), row.number("cdf"));
    quantile.compare(drain.quantile(row.number("cdf")), row.number("t"));
  }
}

TEST_CASE("drain_time: mean and variance are those of the distribution") {
  const drain_time drain(40, 7, 1, 8);
  CHECK(drain.state() == state::ok);
  CHECK(drain.mean() == 40);
  CHECK(drain.variance() == 600);
  double mean = 0;  // of 1 - cdf, by trapezia, with Euler's correction for the slope at 0
  double square = 0;
  const double step = 0.5;
  for (double t = step; t < 600; t += step) {
    mean += drain.survival(t) * step;
    square += 2 * t * drain.survival(t) * step;
  }
  CHECK_REL(mean + step / 2, 40.0, 1e-9);
  CHECK_REL(square + step * step / 6 - 1600, 600.0, 1e-6);  // the tail past 600
}

TEST_CASE("drain_time: at and over capacity") {
  const drain_time growing(10, 12, 1, 8);
  CHECK(growing.state() == state::unstable);
  CHECK(growing.drift() == -4);
  CHECK(growing.mean() == std::numeric_limits<double>::infinity());
  CHECK_REL(growing.probability(), std::pow(8.0 / 12, 10), 1e-14);
  CHECK_REL(growing.cdf(1e4), growing.probability(), 1e-12);
  CHECK(growing.quantile(0.5) == std::numeric_limits<double>::infinity());
  const drain_time level(1, 8, 1, 8);
  CHECK(level.state() == state::unstable);
  CHECK(level.probability() == 1);
  CHECK(level.cdf(1e5) < 1);
}

TEST_CASE("drain_time: nothing to do, nothing that comes, and a large backlog") {
  CHECK(drain_time(0, 5, 1, 8).quantile(0.99) == 0);
  CHECK(drain_time(0, 5, 1, 8).cdf(0) == 1);
  CHECK_REL(drain_time(1, 0, 2, 1).cdf(1), -std::expm1(-2.0), 1e-15);
  const drain_time large(1'000'000, 800, 1, 1000);
  const double p99 = large.quantile(0.99);
  // A million steps: normal, but for the skewness, 1e-3 of a standard deviation of 67.
  CHECK_REL((p99 - large.mean()) / std::sqrt(large.variance()), 2.3263478740408408, 0.02);
  CHECK(drain_time(1000, 7, 1, 8).cdf(1) == 0);
}

TEST_CASE("drain_time: what is refused") {
  CHECK_THROWS_WITH_AS(drain_time(-1, 1, 1, 1),
                       "relia::queueing::drain_time: backlog must be from 0 to 1e9, got -1",
                       std::domain_error);
  CHECK_THROWS_AS(drain_time(1, std::nan(""), 1, 1), std::domain_error);
  CHECK_THROWS_AS(drain_time(1, 1, 1, 0), std::domain_error);
  CHECK_THROWS_AS((void)drain_time(1, 1, 2, 1).cdf(std::nan("")), std::domain_error);
  CHECK_THROWS_AS((void)drain_time(1'000'000'000, 1 - 1e-9, 1, 1).cdf(1e18), convergence_error);
}

TEST_CASE("drain_time: at the ends of time, and never more than certain") {
  const drain_time q(8, 0.99, 20.9, 26);
  CHECK(q.cdf(0) == 0);
  CHECK(q.cdf(std::numeric_limits<double>::infinity()) == 1);
  CHECK(drain_time(1051, 235.91796875, 235.91796875, 103'157).cdf(235.91796875) == 1);
  CHECK(drain_time(8, 0, 20.9, 26).cdf(1e300) == 1);
  CHECK(drain_time(1479, 0, 256, 963'001).cdf(7e-304) == 0);
  const drain_time flood(306, 1e307, 20.9, 963'001);
  CHECK(flood.cdf(1e10) == 0);
  CHECK(flood.probability() == 0);
}

TEST_CASE("drain_time: a long line and next to no time") {
  // x^415 / 415! of x = 3e-35 events; a factorial of its own would overflow.
  CHECK(drain_time(415, 0, 235.91796875, 203'841).cdf(6.3265476075195985e-43) == 0);
  CHECK(drain_time(415, 1e-3, 235.91796875, 203'841).cdf(6.3265476075195985e-43) == 0);
}

TEST_CASE("drain_time: a level that rounding alone leaves below the probability has an end") {
  // The line empties with probability (d / a)^38; what is summed stays a unit below the level.
  const drain_time d(38, 1.1356647948495244, 0.26833069209625937, 1);
  CHECK(d.quantile(1.5486994191662205e-24) > 38 / 0.868);  // the mean of those that empty
  CHECK(drain_time(2, 1e15, 1e300, 2).quantile(1e-300) < 1e-300);
}

TEST_SUITE_END();
