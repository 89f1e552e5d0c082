// SPDX-License-Identifier: BSL-1.0
#include <map>

#include <doctest/doctest.h>

#include <relia/forecast/polynomial.hpp>

#include <support/accuracy.hpp>

#include "data.hpp"

using namespace relia;
using relia::forecast::fit_polynomial;

TEST_SUITE_BEGIN("polynomial");

TEST_CASE("accuracy: fit_polynomial") {
  // Achieved digits (least log relative error of the coefficients): Filip 14.0, Norris 14.1,
  // Pontius 13.5, Wampler 1 to 5: 12.5, 13.2, 13.1, 12.7, 12.0. Certified values have 15. Wampler's
  // coefficients of 1 come out of data of 3e6 under residuals of up to 2e7: in a 64-bit mantissa
  // those leave twelve digits.
  const std::map<std::string, double> bounds{
      {"norris", 3e-14},   {"pontius", 5e-14},  {"filip", 3e-14},    {"wampler1", 1e-12},
      {"wampler2", 3e-13}, {"wampler3", 5e-13}, {"wampler4", 1e-12}, {"wampler5", 4e-12}};
  for (const auto& [set, bound] : bounds) {
    test::accuracy<double> accuracy("forecast::fit_polynomial", set, "NIST StRD", bound);
    const test::points data = test::nist_points(set);
    for (const test::csv_row& row : test::csv_table("forecast/nist_certified.csv")) {
      const double expected = row.number("expected");
      // Certified zeros: the test of an exact fit bounds them by rounding.
      if (row.text("set") != set || expected == 0) continue;
      const auto model = fit_polynomial(data.x, data.y, static_cast<int>(row.integer("degree")));
      const std::string& quantity = row.text("quantity");
      const auto index = static_cast<std::size_t>(row.integer("index"));
      if (quantity == "coefficient") accuracy.compare(model.coefficients()[index], expected);
      if (quantity == "standard_error") accuracy.compare(model.standard_error(index), expected);
      if (quantity == "residual_sd") accuracy.compare(model.residual_sd(), expected);
      if (quantity == "r_squared") accuracy.compare(model.r_squared(), expected);
      if (quantity == "degrees_of_freedom")
        CHECK(model.degrees_of_freedom() == row.integer("expected"));
      if (quantity == "fit") accuracy.compare(model.mean(row.number("x_new")).value, expected);
    }
  }
}

TEST_CASE("accuracy: polynomial_model") {
  const test::points cars = test::cars();
  const auto model = fit_polynomial(cars.x, cars.y, 2);
  // The Student t quantile is computed in double; ends near 0 lose a digit.
  test::accuracy<double> accuracy("forecast::polynomial_model", "intervals, cars", "mpmath", 1e-14);
  for (const test::csv_row& row : test::csv_table("forecast/least_squares_intervals.csv")) {
    if (row.text("fit") != "cars_degree_2") continue;
    const double level = row.number("level");
    const double x = row.number("at");
    const estimate<double> e = row.text("quantity") == "coefficient"
                                   ? model.coefficient(static_cast<std::size_t>(x), level)
                               : row.text("quantity") == "mean" ? model.mean(x, level)
                                                                : model.prediction(x, level);
    accuracy.compare(e.value, row.number("value"));
    accuracy.compare(e.interval.lower, row.number("lower"));
    accuracy.compare(e.interval.upper, row.number("upper"));
  }
}

TEST_SUITE_END();
