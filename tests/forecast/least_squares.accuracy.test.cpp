// SPDX-License-Identifier: BSL-1.0
#include <map>
#include <type_traits>

#include <doctest/doctest.h>

#include <relia/forecast/least_squares.hpp>
#include <relia/forecast/polynomial.hpp>

#include <support/accuracy.hpp>

#include "data.hpp"

using namespace relia;
using relia::forecast::fit_least_squares;

TEST_SUITE_BEGIN("least_squares");

TEST_CASE_TEMPLATE("accuracy: fit_least_squares", Real, double, long double) {
  // The bounds stand above the digits that each set's conditioning leaves: Longley's six trends
  // cost two of sixteen, and Norris's intercept of -0.26 is what remains of means of 430.
  const std::map<std::string, double> bounds{
      {"norris", 4e-13}, {"noint1", 5e-15}, {"noint2", 5e-15}, {"longley", 5e-14}};
  for (const auto& [set, bound] : bounds) {
    test::accuracy<double> accuracy("forecast::fit_least_squares",
                                    set + (std::is_same_v<Real, double> ? "" : ", in long double"),
                                    "NIST StRD", bound);
    for (const test::csv_row& row : test::csv_table("forecast/nist_certified.csv")) {
      if (row.text("set") != set) continue;
      Eigen::MatrixXd design;
      test::points data;
      if (set == "longley") {
        std::tie(design, data.y) = test::longley();
      } else {
        data = test::nist_points(set);
        design = test::column(data.x);
      }
      const std::vector<Real> response(data.y.begin(), data.y.end());
      const auto model = fit_least_squares(design, std::span<const Real>(response),
                                           {.intercept = row.integer("intercept") == 1});
      const std::string& quantity = row.text("quantity");
      const double expected = row.number("expected");
      const auto index = row.integer("index");
      const auto check = [&](Real actual) {
        accuracy.compare(static_cast<double>(actual), expected);
      };
      if (quantity == "coefficient") check(model.coefficients()(index));
      if (quantity == "standard_error") check(model.standard_errors()(index));
      if (quantity == "residual_sd") check(model.residual_sd());
      if (quantity == "r_squared") check(model.r_squared());
      if (quantity == "degrees_of_freedom")
        CHECK(model.degrees_of_freedom() == row.integer("expected"));
      if (row.text("x_new").empty()) continue;
      const Real x = row.number<Real>("x_new");
      const Real h = model.leverage({&x, 1});
      if (quantity == "fit") check(static_cast<Real>(model.mean({&x, 1}).value));
      if (quantity == "se_mean") check(model.residual_sd() * std::sqrt(h));
      if (quantity == "se_prediction") check(model.residual_sd() * std::sqrt(1 + h));
    }
  }
}

TEST_CASE("accuracy: linear_model") {
  const test::points cars = test::cars();
  const auto [design, y] = test::longley();
  const std::map<std::string, forecast::linear_model<double>> models{
      {"cars", fit_least_squares(test::column(cars.x), cars.y)},
      {"cars_no_intercept", fit_least_squares(test::column(cars.x), cars.y, {.intercept = false})},
      {"longley", fit_least_squares(design, y)}};
  // Ends near 0 are differences of larger numbers; Longley's conditioning costs another digit.
  test::accuracy<double> small("forecast::linear_model", "intervals, cars", "mpmath", 1e-14);
  test::accuracy<double> hard("forecast::linear_model", "intervals, longley", "mpmath", 5e-14);
  for (const test::csv_row& row : test::csv_table("forecast/least_squares_intervals.csv")) {
    const auto found = models.find(row.text("fit"));
    if (found == models.end()) continue;
    const double level = row.number("level");
    const double x = row.number("at");
    const estimate<double> e =
        row.text("quantity") == "coefficient" ? found->second.coefficient(row.integer("at"), level)
        : row.text("quantity") == "mean"      ? found->second.mean({&x, 1}, level)
                                              : found->second.prediction({&x, 1}, level);
    auto& accuracy = found->first == "longley" ? hard : small;
    accuracy.compare(e.value, row.number("value"));
    accuracy.compare(e.interval.lower, row.number("lower"));
    accuracy.compare(e.interval.upper, row.number("upper"));
  }
}

TEST_SUITE_END();
