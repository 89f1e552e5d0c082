// SPDX-License-Identifier: BSL-1.0
#include <chrono>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/incident/noise.hpp>

#include <support/close.hpp>
#include <support/csv.hpp>

using namespace relia;
using incident::mean_change;

TEST_SUITE_BEGIN("noise");

namespace {

real_seconds minutes(double m) { return real_seconds(60 * m); }

}  // namespace

TEST_CASE("mean_change: the three companies of Davidovic's report") {
  for (const auto& row : test::csv_table("incident/noise.csv")) {
    CAPTURE(row.text("company"));
    const real_seconds mean = minutes(row.number("mean"));
    const real_seconds deviation = minutes(row.number("deviation"));
    const auto half_range = [&](count n) {
      return mean_change(mean, deviation, n, n).range(0.9).upper.count() / 60;
    };
    CHECK_REL(half_range(50), row.number("range_50"), 1e-14);
    CHECK_REL(half_range(500), row.number("range_500"), 1e-14);

    const count year = row.integer("incidents");
    const mean_change tenth(mean, deviation, year / 2, year - year / 2, 0.1);
    // Odd years do not halve: with n + 1 after n the error changes by up to 1e-3 of itself.
    CHECK_REL(tenth.rises_by(real_seconds(0)), row.number("worse"), 1e-3);
    CHECK_REL(tenth.falls_by(minutes(15)), row.number("better_15"), 1e-3);
    const mean_change none(mean, deviation, year / 2, year - year / 2);
    CHECK_REL(none.falls_by(minutes(30)), row.number("null_30"), 1e-3);
  }
}

TEST_CASE("mean_change: falling and rising are everything") {
  const mean_change c(minutes(100), minutes(250), 40, 25, 0.3);
  for (const double m : {-90.0, -5.0, 0.0, 12.0, 200.0}) {
    // Two complements of one rounding each.
    CHECK_REL(c.falls_by(minutes(m)) + c.rises_by(minutes(-m)), 1.0, 1e-15);
  }
  CHECK_ULP(c.expected().count(), 1800.0, 1);
  const auto range = c.range(0.5);
  CHECK_REL(c.falls_by(range.upper), 0.25, 1e-14);
  CHECK_REL(c.falls_by(range.lower), 0.75, 1e-14);
}

TEST_CASE("mean_change: every argument has its answer") {
  const mean_change c(minutes(100), minutes(250), 40, 25);
  constexpr double infinity = std::numeric_limits<double>::infinity();
  CHECK(c.falls_by(real_seconds(infinity)) == 0);
  CHECK(c.falls_by(real_seconds(-infinity)) == 1);
  CHECK(c.rises_by(real_seconds(0)) == 0.5);
  CHECK(std::isnan(c.falls_by(real_seconds(NAN))));
}

TEST_CASE("mean_change: names what it refuses") {
  const auto make = [](double mean, double deviation, count before, count after, double reduction) {
    (void)mean_change(real_seconds(mean), real_seconds(deviation), before, after, reduction);
  };
  CHECK_THROWS_WITH_AS(make(1, 0, 2, 2, 0),
                       "relia::incident::mean_change: deviation must be positive and finite, got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(make(1, 1, 0, 2, 0),
                       "relia::incident::mean_change: before must be at least 1, got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(make(1, 1, 2, 2, 10),
                       "relia::incident::mean_change: reduction must be a fraction in [0, 1] (99.9 "
                       "% is 0.999), got 10",
                       std::domain_error);
  CHECK_THROWS_AS((void)mean_change(minutes(1), minutes(1), 2, 2).range(90), std::domain_error);
}

TEST_SUITE_END();
