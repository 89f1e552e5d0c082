// SPDX-License-Identifier: BSL-1.0
#include <doctest/doctest.h>

#include <relia/slo/failure_test.hpp>

#include <support/accuracy.hpp>
#include <support/csv.hpp>

using namespace relia;

TEST_SUITE_BEGIN("failure_test");

namespace {

template <class Compute>
void compare(const char* function, const char* region, const char* kind, double bound,
             Compute compute) {
  test::accuracy<double> measured(function, region, "mpmath, 80 digits", bound);
  for (const test::csv_row& row : test::csv_table("slo/failure_test.csv")) {
    if (row.text("kind") == kind) measured.compare(compute(row), row.number("probability"));
  }
}

count whole(const test::csv_row& row, const char* column) {
  return static_cast<count>(row.number(column));
}

}  // namespace

TEST_CASE("accuracy: slo::binomial_p_value") {
  compare("slo::binomial_p_value", "1 to 100,000 events, tails to 1e-123", "binomial", 3e-13,
          [](const test::csv_row& row) {
            return slo::binomial_p_value(whole(row, "bad"), whole(row, "valid"),
                                         row.number("parameter"));
          });
}

TEST_CASE("accuracy: slo::poisson_p_value") {
  compare("slo::poisson_p_value", "1 to 130 events, dispersion 1 to 20, tails to 1e-40", "poisson",
          1e-13, [](const test::csv_row& row) {
            return slo::poisson_p_value(whole(row, "bad"), row.number("parameter"),
                                        row.number("dispersion"));
          });
}

TEST_CASE("accuracy: slo::probability_above") {
  compare("slo::probability_above", "1 to 3000 events, Jeffreys' prior", "posterior", 1e-13,
          [](const test::csv_row& row) {
            const aggregate::counts events(whole(row, "valid") - whole(row, "bad"),
                                           whole(row, "bad"));
            return slo::probability_above(slo::objective(0.999), events,
                                          row.number("parameter") / 0.001);
          });
}

TEST_SUITE_END();
