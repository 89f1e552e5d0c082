// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <relia/queueing/fan_out.hpp>
#include <relia/queueing/mm1.hpp>

#include <support/accuracy.hpp>
#include <support/csv.hpp>

using namespace relia;
using namespace relia::queueing;
using relia::test::accuracy;

TEST_SUITE_BEGIN("fan_out");

TEST_CASE("accuracy: slow_fraction, leaf_slow_fraction and order_statistic_mean") {
  constexpr const char* source = "fan_out.csv, mpmath 60 digits or more";
  accuracy<> slow("queueing::slow_fraction", "1 to 1000 backends, any quorum, 1e-12 to 0.5", source,
                  1e-13);
  accuracy<> leaf("queueing::leaf_slow_fraction", "the inverse of the same rows", source, 1e-14);
  accuracy<> mean("queueing::order_statistic_mean", "1 to 1e9 backends", source, 1e-15);
  for (const auto& row : test::csv_table("queueing/fan_out.csv")) {
    const count branches = row.integer("branches");
    const count needed = row.integer("needed");
    const double at = row.number("at");
    const double value = row.number("value");
    const std::string& what = row.text("quantity");
    if (what == "slow_fraction") {
      slow.compare(slow_fraction(at, branches, needed), value);
      // Next to 1 the rounding of the fraction itself decides.
      if (value < 0.9) leaf.compare(leaf_slow_fraction(value, branches, needed), at);
    }
    if (what == "leaf_level") {
      CHECK_REL(1 - leaf_slow_fraction(1 - at, branches, needed), value, 2e-16);
    }
    if (what == "order_statistic_mean") mean.compare(order_statistic_mean(branches, needed), value);
  }
}

TEST_CASE("fan_out: the tail at scale") {
  // One in a thousand of a backend above its p99.9; a hundred of them, all needed: mpmath.
  const auto backend = mm1(3, 4).response_time();
  const fan_out all(backend, 100);
  const double slow = backend.survival_quantile(0.001);
  CHECK_REL(all.survival(slow), 0.095207852886290957968, 1e-13);
  // A quantile and its tail undo each other.
  for (const double level : {0.5, 0.99, 0.9999}) {
    CHECK_REL(all.survival(all.quantile(level)), 1 - level, 1e-12);
    const fan_out quorum(backend, 5, 3);
    CHECK_REL(quorum.survival(quorum.quantile(level)), 1 - level, 1e-12);
    CHECK(quorum.quantile(level) < fan_out(backend, 5).quantile(level));
  }
  // One of n is the fastest: of exponential times, n times as fast.
  CHECK_REL(fan_out(backend, 8, 1).quantile(0.99), backend.quantile(0.99) / 8, 1e-13);
}

TEST_CASE("fan_out: of fan-outs, and of one backend") {
  const auto backend = mm1(1, 2).response_time();
  CHECK(fan_out(backend, 1).quantile(0.9) == backend.survival_quantile(1 - 0.9));
  const fan_out ten(fan_out(backend, 5), 2);
  CHECK_REL(ten.quantile(0.99), fan_out(backend, 10).quantile(0.99), 1e-14);
}

TEST_CASE("latency_sample: fractions above, and the least value that keeps to a fraction") {
  const latency_sample s(std::vector<double>{10, 1, 3, 2});
  CHECK(s.survival(0) == 1);
  CHECK(s.survival(1) == 0.75);
  CHECK(s.survival(9.5) == 0.25);
  CHECK(s.survival(10) == 0);
  CHECK(s.survival_quantile(0.25) == 3);
  CHECK(s.survival_quantile(0.24) == 10);
  CHECK(s.survival_quantile(0) == 10);
  CHECK(s.survival_quantile(1) == 1);
  CHECK(s.mean() == 4);
  CHECK(std::isnan(s.survival_quantile(1.5)));
  // Of 1..1000 a hundredth is above 990, although 1 - 0.99 is not a double.
  std::vector<double> thousand;
  for (int i = 1; i <= 1000; ++i) thousand.push_back(i);
  CHECK(latency_sample(thousand).quantile(0.99) == 990);
  CHECK(latency_sample(thousand).quantile(0.999) == 999);
}

TEST_CASE("fan_out: the ends, and nothing is NaN but for a level outside [0, 1]") {
  const fan_out f(mm1(1, 2).response_time(), 10);
  CHECK(f.quantile(0) == 0);
  CHECK(f.quantile(1) == std::numeric_limits<double>::infinity());
  CHECK(std::isnan(f.quantile(1.5)));
  CHECK(f.survival(-1) == 1);
  CHECK(slow_fraction(0, 1000, 500) == 0);
  CHECK(slow_fraction(1, 1000, 500) == 1);
  CHECK(leaf_slow_fraction(0, 1000, 500) == 0);
  CHECK(leaf_slow_fraction(1, 1000, 500) == 1);
  // Of a pool at capacity every time is infinite.
  CHECK(fan_out(mm1(2, 2).response_time(), 10).quantile(0.5) ==
        std::numeric_limits<double>::infinity());
}

TEST_CASE("fan_out: names the argument it rejects") {
  CHECK_THROWS_WITH_AS((void)slow_fraction(1.5, 10, 10),
                       "relia::queueing::slow_fraction: leaf_slow must be a fraction in [0, 1] "
                       "(99.9 % is 0.999), got 1.5",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)slow_fraction(0.5, 0, 0),
                       "relia::queueing::slow_fraction: branches must be from 1 to 1e9, got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)leaf_slow_fraction(0.5, 10, 11),
                       "relia::queueing::leaf_slow_fraction: needed must be from 1 to branches, "
                       "got 11",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(latency_sample({}),
                       "relia::queueing::latency_sample: values must be at least one, got 0",
                       std::invalid_argument);
  CHECK_THROWS_AS(latency_sample(std::vector<double>{1, -1}), std::domain_error);
}

TEST_CASE("fan_out: a time that is no number is survived with no probability") {
  const fan_out part(mm1(0.5, 1).response_time(), 475, 26);
  CHECK(std::isnan(part.survival(std::numeric_limits<double>::quiet_NaN())));
}

TEST_CASE("leaf_slow_fraction: of hardly any slow request") {
  // C(6, 3) p^3, and C(6, 4) p^4 less its next term, to a relative 1e-60; by the cube root.
  CHECK_REL(leaf_slow_fraction(1e-200, 6, 4), std::cbrt(1e-200 / 20), 1e-14);
  CHECK_REL(leaf_slow_fraction(1e-150, 6, 3), std::pow(1e-150 / 15, 0.25), 1e-13);
  for (const double slow : {1e-300, 1e-150, 1e-20, 1e-13, 1e-11}) {
    CHECK_REL(slow_fraction(leaf_slow_fraction(slow, 1'000'000, 999'999), 1'000'000, 999'999), slow,
              1e-12);
  }
  CHECK(leaf_slow_fraction(5e-324, 6, 4) < 1e-100);
}

TEST_SUITE_END();
