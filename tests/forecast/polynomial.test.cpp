// SPDX-License-Identifier: BSL-1.0
#include <limits>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/forecast/polynomial.hpp>

#include <support/close.hpp>

#include "data.hpp"

using namespace relia;
using relia::forecast::fit_polynomial;

TEST_SUITE_BEGIN("polynomial");

TEST_CASE("fit_polynomial: an exact parabola comes back") {
  const std::vector<double> x{-3, -1, 0, 2, 5};
  std::vector<double> y;
  for (const double v : x) y.push_back(1 - 2 * v + 0.5 * v * v);
  const auto model = fit_polynomial(x, y, 2);
  CHECK(model.degree() == 2);
  CHECK(model.n() == 5);
  CHECK(model.degrees_of_freedom() == 2);
  CHECK_ULP(model.coefficients()[0], 1.0, 1);
  CHECK_ULP(model.coefficients()[1], -2.0, 1);
  CHECK_ULP(model.coefficients()[2], 0.5, 1);
  CHECK_ULP(model.mean(3).value, -0.5, 1);
  CHECK_ULP(model.prediction(10).value, 31.0, 1);
  CHECK_ULP(model.r_squared(), 1.0, 1);
}

TEST_CASE("fit_polynomial: an exact fit has errors of rounding only") {
  // NIST certifies 0 for Wampler 1 and 2. Values of 3e6 and 63: rounding in long double, or in
  // double where long double is no wider.
  const double eps = static_cast<double>(std::numeric_limits<long double>::epsilon());
  for (const auto& [set, size] : {std::pair{"wampler1", 3.4e6}, {"wampler2", 63.0}}) {
    const test::points p = test::nist_points(set);
    const auto model = fit_polynomial(p.x, p.y, 5);
    // Wampler 2 is given to five decimals, which doubles hold to half a unit in the last place.
    const double rounding = (set[7] == '2' ? std::numeric_limits<double>::epsilon() : eps) * size;
    CHECK(model.residual_sd() < rounding);
    for (std::size_t i = 0; i <= 5; ++i) CHECK(model.standard_error(i) < 2 * rounding);
  }
}

TEST_CASE("fit_polynomial: degree 1 is the straight line") {
  const test::points cars = test::cars();
  const auto line = forecast::fit_least_squares(test::column(cars.x), cars.y);
  const auto model = fit_polynomial(cars.x, cars.y, 1);
  for (std::size_t i : {0u, 1u}) {
    const auto j = static_cast<Eigen::Index>(i);
    CHECK_REL(model.coefficients()[i], line.coefficients()(j), 1e-14);  // the line is in double
    CHECK_REL(model.standard_error(i), line.standard_errors()(j), 1e-14);
  }
  CHECK_REL(model.basis_model().r_squared(), static_cast<long double>(line.r_squared()), 1e-14L);
}

TEST_CASE("fit_polynomial: as many values as coefficients interpolate, with no error to state") {
  const std::vector<double> x{1, 2, 3};
  const std::vector<double> y{1, 4, 9};
  const auto model = fit_polynomial(x, y, 2);
  CHECK_ULP(model.mean(4).value, 16.0, 2);
  CHECK(model.mean(4).interval.upper == std::numeric_limits<double>::infinity());
  CHECK(model.mean(4).notes.size() == 1);
}

TEST_CASE("fit_polynomial: bad input is refused by name") {
  const std::vector<double> x{1, 2, 2, 1};
  const std::vector<double> y{1, 4, 9, 3};
  CHECK_THROWS_WITH_AS((void)fit_polynomial(x, y, 2),
                       "relia::forecast::fit_polynomial: x must be of at least degree + 1 = 3 "
                       "different values, got 2",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)fit_polynomial(x, y, 0),
                       "relia::forecast::fit_polynomial: degree must be from 1 to 30, got 0",
                       std::invalid_argument);
  CHECK_THROWS_AS((void)fit_polynomial(x, y, 31), std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)fit_polynomial(x, {y.data(), 3}, 1),
                       "relia::forecast::fit_polynomial: y must be of size 4, got 3",
                       std::invalid_argument);
  CHECK_THROWS_AS((void)fit_polynomial({}, {}, 1), std::invalid_argument);
  const std::vector<double> broken{1, 2, std::numeric_limits<double>::quiet_NaN(), 4};
  CHECK_THROWS_WITH_AS((void)fit_polynomial(broken, y, 1),
                       "relia::forecast::fit_polynomial: x must be finite, got nan",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)fit_polynomial(x, broken, 1),
                       "relia::forecast::fit_polynomial: y must be finite, got nan",
                       std::domain_error);

  const auto model = fit_polynomial(x, y, 1);
  CHECK_THROWS_WITH_AS((void)model.coefficient(2),
                       "relia::forecast::polynomial_model::coefficient: power must be at most 1, "
                       "got 2",
                       std::invalid_argument);
  CHECK_THROWS_AS((void)model.standard_error(2), std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)model.mean(std::numeric_limits<double>::infinity()),
                       "relia::forecast::polynomial_model::mean: x must be finite, got inf",
                       std::domain_error);
  CHECK_THROWS_AS((void)model.prediction(std::numeric_limits<double>::quiet_NaN()),
                  std::domain_error);
  CHECK_THROWS_AS((void)model.mean(1, 1.0), std::domain_error);
}

TEST_SUITE_END();
