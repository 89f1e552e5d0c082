// SPDX-License-Identifier: BSL-1.0
#include <limits>
#include <random>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/forecast/least_squares.hpp>

#include <support/close.hpp>

#include "data.hpp"

using namespace relia;
using relia::forecast::fit_least_squares;

TEST_SUITE_BEGIN("least_squares");

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// y = 2 + 3 x exactly.
const std::vector<double> straight_x{1, 2, 3, 4};
const std::vector<double> straight_y{5, 8, 11, 14};

}  // namespace

TEST_CASE("fit_least_squares: an exact line leaves no noise") {
  const auto model = fit_least_squares(test::column(straight_x), straight_y);
  CHECK_REL(model.coefficients()(0), 2.0, 1e-15);  // 9.5 - 2.5 * 3, the 3 to one rounding
  CHECK_REL(model.coefficients()(1), 3.0, 4e-16);
  CHECK(model.residual_sd() < 1e-14);  // rounding of values of size 14
  CHECK(model.r_squared() == 1.0);
  CHECK(model.degrees_of_freedom() == 2);
  CHECK(model.n() == 4);
  CHECK(model.size() == 2);
  CHECK(model.has_intercept());
}

TEST_CASE("fit_least_squares: without intercept the line goes through 0") {
  // sum xy / sum x^2 = 94 / 30; R squared about 0 is (sum xy)^2 / (sum x^2 sum y^2) = 8836 / 30 /
  // 406.
  const std::vector<double> y{4, 6, 10, 12};
  const auto model = fit_least_squares(test::column(straight_x), y, {.intercept = false});
  CHECK_REL(model.coefficients()(0), 94.0 / 30.0, 4e-16);  // two roundings
  CHECK_REL(model.r_squared(), 8836.0 / 30.0 / 296.0, 4e-16);
  CHECK(model.degrees_of_freedom() == 3);
  CHECK(model.size() == 1);
}

TEST_CASE("fit_least_squares: residuals are orthogonal to every column and to the intercept") {
  const auto [design, y] = test::longley();
  const auto model = fit_least_squares(design, y);
  const Eigen::VectorXd& r = model.residuals();
  CHECK(std::abs(r.sum()) < 1e-9 * r.norm());  // values of 7e4, residuals of 3e2: 1e-16 * 2e2 * n
  for (Eigen::Index j = 0; j < design.cols(); ++j)
    CHECK(std::abs(r.dot(design.col(j))) < 1e-9 * r.norm() * design.col(j).norm());
}

TEST_CASE("fit_least_squares: moving and stretching a column leaves the fit as it was") {
  const test::points cars = test::cars();
  std::vector<double> moved;
  for (const double x : cars.x) moved.push_back(1024 * x + 1048576);
  const auto plain = fit_least_squares(test::column(cars.x), cars.y);
  const auto model = fit_least_squares(test::column(moved), cars.y);
  // The mean of values near 2^20 is rounded at 1e-10, against a spread of 5e3.
  CHECK_REL(model.coefficients()(1) * 1024, plain.coefficients()(1), 1e-13);
  CHECK_REL(model.residual_sd(), plain.residual_sd(), 1e-13);
  CHECK(model.reciprocal_condition() == 1.0);
}

TEST_CASE("fit_least_squares: the size of the numbers does not matter") {
  const test::points cars = test::cars();
  const double huge = std::ldexp(1.0, 700);
  std::vector<double> x;
  std::vector<double> y;
  for (std::size_t i = 0; i < cars.x.size(); ++i) {
    x.push_back(cars.x[i] / huge);
    y.push_back(cars.y[i] * huge);  // squares would overflow
  }
  const auto plain = fit_least_squares(test::column(cars.x), cars.y);
  const auto model = fit_least_squares(test::column(x), y);
  CHECK_REL(model.residual_sd() / huge, plain.residual_sd(), 1e-15);
  CHECK_REL(model.r_squared(), plain.r_squared(), 1e-15);
}

TEST_CASE("linear_model: the prediction interval adds the noise of one observation to the mean's") {
  const test::points cars = test::cars();
  const auto model = fit_least_squares(test::column(cars.x), cars.y);
  const double x = 21;
  const auto mean = model.mean({&x, 1});
  const auto prediction = model.prediction({&x, 1});
  CHECK(mean.value == prediction.value);
  CHECK(prediction.n == 50);
  CHECK(prediction.method == forecast::least_squares);
  const double ratio =
      (prediction.interval.upper - prediction.value) / (mean.interval.upper - mean.value);
  const double h = model.leverage({&x, 1});
  CHECK_REL(ratio, std::sqrt((1 + h) / h), 1e-14);  // differences of values four times as large
}

TEST_CASE("linear_model: leverages of the rows add up to the number of coefficients") {
  const auto [design, y] = test::longley();
  const auto model = fit_least_squares(design, y);
  double sum = 0;
  for (Eigen::Index i = 0; i < design.rows(); ++i) {
    const Eigen::VectorXd row = design.row(i);
    sum += model.leverage({row.data(), 6});
  }
  CHECK_REL(sum, 7.0, 1e-12);  // reciprocal condition 1e-2: two digits of sixteen, 16 terms
}

TEST_CASE("linear_model: bands are the intervals of their rows") {
  const auto [design, y] = test::longley();
  const auto model = fit_least_squares(design, y);
  const auto means = model.mean_band(design, 0.9);
  const auto predictions = model.prediction_band(design, 0.9);
  CHECK(means.confidence_level == 0.9);
  for (Eigen::Index i = 0; i < design.rows(); ++i) {
    const Eigen::VectorXd row = design.row(i);
    const auto mean = model.mean({row.data(), 6}, 0.9);
    const auto prediction = model.prediction({row.data(), 6}, 0.9);
    CHECK_REL(means.value(i), mean.value, 1e-14);  // another order of summation
    CHECK_REL(means.lower(i), mean.interval.lower, 1e-14);
    CHECK_REL(means.upper(i), mean.interval.upper, 1e-14);
    CHECK_REL(predictions.lower(i), prediction.interval.lower, 1e-14);
    CHECK_REL(predictions.upper(i), prediction.interval.upper, 1e-14);
  }
}

TEST_CASE("linear_model: a combination is what it says") {
  const test::points cars = test::cars();
  const auto model = fit_least_squares(test::column(cars.x), cars.y);
  const std::vector<double> at_21{1, 21};
  const double x = 21;
  CHECK(model.combination(at_21).interval == model.mean({&x, 1}).interval);
  const std::vector<double> slope{0, 1};
  CHECK(model.combination(slope).interval == model.coefficient(1).interval);
  CHECK(model.standard_error(slope) == model.standard_errors()(1));
}

TEST_CASE("linear_model: prediction intervals hold 95 % of new observations") {
  // 4000 fits of 12 rows on two columns, one new observation each. Monte Carlo: the share of hits
  // has a standard deviation of sqrt(0.95 * 0.05 / 4000) = 0.0034; four of them.
  std::mt19937_64 engine(20261123);
  std::normal_distribution<double> normal;
  constexpr int trials = 4000;
  int mean_hits = 0;
  int hits = 0;
  for (int trial = 0; trial < trials; ++trial) {
    Eigen::MatrixXd design(12, 2);
    std::vector<double> y;
    for (Eigen::Index i = 0; i < 12; ++i) {
      design(i, 0) = normal(engine);
      design(i, 1) = design(i, 0) + normal(engine);
      y.push_back(5 + design(i, 0) - 2 * design(i, 1) + 3 * normal(engine));
    }
    const auto model = fit_least_squares(design, y);
    const std::vector<double> x{1.5, -0.5};
    const double truth = 5 + x[0] - 2 * x[1];
    mean_hits += model.mean(x).interval.contains(truth) ? 1 : 0;
    hits += model.prediction(x).interval.contains(truth + 3 * normal(engine)) ? 1 : 0;
  }
  CHECK(std::abs(mean_hits / double{trials} - 0.95) < 4 * 0.0034);
  CHECK(std::abs(hits / double{trials} - 0.95) < 4 * 0.0034);
}

TEST_CASE("fit_least_squares: no row to spare gives infinite errors, not NaN") {
  const std::vector<double> x{1, 3};
  const std::vector<double> y{2, 6};
  const auto model = fit_least_squares(test::column(x), y);
  CHECK(model.degrees_of_freedom() == 0);
  CHECK(model.residual_sd() == infinity);
  CHECK(model.standard_errors()(1) == infinity);
  const auto slope = model.coefficient(1);
  CHECK_REL(slope.value, 2.0, 4e-16);
  CHECK(slope.interval == interval<double>{-infinity, infinity, 0.95});
  CHECK(slope.notes.size() == 1);
  const auto b = model.prediction_band(test::column(x));
  CHECK(b.lower(0) == -infinity);
  CHECK(b.upper(0) == infinity);
}

TEST_CASE("fit_least_squares: a response that does not vary has nothing to explain") {
  const std::vector<double> y(4, 7.0);
  const auto model = fit_least_squares(test::column(straight_x), y);
  CHECK(model.r_squared() == 0.0);
  CHECK(model.coefficients()(0) == 7.0);
  CHECK(model.coefficients()(1) == 0.0);
}

TEST_CASE("fit_least_squares: a design without full rank is refused and its columns are named") {
  Eigen::MatrixXd design(5, 3);
  design << 1, 5, 2, 2, 4, 1, 3, 9, 6, 4, 1, -3, 5, 2, -3;  // column 2 = column 1 - column 0 - 2
  design.col(2) = design.col(1) - design.col(0);
  design.col(2).array() -= 2;
  const std::vector<double> y{1, 2, 3, 4, 6};
  try {
    (void)fit_least_squares(design, y);
    FAIL("a singular design was fitted");
  } catch (const std::domain_error& e) {
    const std::string text = e.what();
    CHECK(
        text.starts_with("relia::forecast::fit_least_squares: design must be of full rank, but "
                         "its rank is 2 of 3: column "));
    for (const char* name : {"0", "1", "2", "and the intercept"})
      CHECK(text.find(name, text.find("column ")) != std::string::npos);
  }
  // Without the intercept the three columns are independent.
  CHECK_NOTHROW((void)fit_least_squares(design, y, {.intercept = false}));

  design.col(1).setConstant(0.1);
  CHECK_THROWS_WITH_AS((void)fit_least_squares(design, y),
                       "relia::forecast::fit_least_squares: design must be of full rank, but "
                       "column 1 is constant, as the intercept is",
                       std::domain_error);
  design.col(1).setZero();
  CHECK_THROWS_WITH_AS((void)fit_least_squares(design, y, {.intercept = false}),
                       "relia::forecast::fit_least_squares: design must be of full rank, but "
                       "column 1 is 0 throughout",
                       std::domain_error);
}

TEST_CASE("fit_least_squares: a column apart from the dependence is not accused") {
  Eigen::MatrixXd design(6, 3);
  design << 1, 3, 2, 2, 1, 4, 3, 4, 6, 4, 1, 8, 5, 5, 10, 6, 9, 12;  // column 2 = 2 column 0
  const std::vector<double> y{1, 2, 3, 4, 6, 5};
  try {
    (void)fit_least_squares(design, y, {.intercept = false});
    FAIL("a singular design was fitted");
  } catch (const std::domain_error& e) {
    const std::string text = e.what();
    const bool named = text.ends_with("column 2 is a combination of column 0") ||
                       text.ends_with("column 0 is a combination of column 2");
    CHECK_MESSAGE(named, text);
  }
}

TEST_CASE("fit_least_squares: sizes are checked") {
  CHECK_THROWS_WITH_AS((void)fit_least_squares(test::column(straight_x), std::vector<double>{1, 2}),
                       "relia::forecast::fit_least_squares: response must be of size 4, got 2",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)fit_least_squares(Eigen::MatrixXd(1, 1), std::vector<double>{1}),
                       "relia::forecast::fit_least_squares: design must be of at least 2 rows, one "
                       "for each coefficient, got 1",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)fit_least_squares(Eigen::MatrixXd(3, 0), std::vector<double>{1, 2, 3},
                                               {.intercept = false}),
                       "relia::forecast::fit_least_squares: design must be of at least 1 column, "
                       "got 0",
                       std::invalid_argument);
}

TEST_CASE("fit_least_squares: a value that is not finite is found") {
  std::vector<double> x = straight_x;
  x[2] = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_WITH_AS((void)fit_least_squares(test::column(x), straight_y),
                       "relia::forecast::fit_least_squares: design at row 2, column 0 must be "
                       "finite, got nan",
                       std::domain_error);
  std::vector<double> y = straight_y;
  y[3] = infinity;
  CHECK_THROWS_WITH_AS((void)fit_least_squares(test::column(straight_x), y),
                       "relia::forecast::fit_least_squares: response at row 3 must be finite, got "
                       "inf",
                       std::domain_error);
}

TEST_CASE("linear_model: bad questions are refused") {
  const auto model = fit_least_squares(test::column(straight_x), straight_y);
  const std::vector<double> two{1, 2};
  CHECK_THROWS_WITH_AS((void)model.coefficient(2),
                       "relia::forecast::linear_model::coefficient: index must be below 2, got 2",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)model.coefficient(0, 95),
                       "relia::forecast::linear_model: confidence_level must be a fraction in (0, "
                       "1) (95 % is 0.95), got 95",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)model.mean(two),
                       "relia::forecast::linear_model::mean: x must be of size 1, got 2",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)model.prediction({}),
                       "relia::forecast::linear_model::prediction: x must be of size 1, got 0",
                       std::invalid_argument);
  CHECK_THROWS_AS((void)model.leverage(two), std::invalid_argument);
  CHECK_THROWS_AS((void)model.combination({two.data(), 1}), std::invalid_argument);
  CHECK_THROWS_AS((void)model.standard_error({two.data(), 1}), std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)model.mean_band(Eigen::MatrixXd(3, 2)),
                       "relia::forecast::linear_model::mean_band: columns of design must be of "
                       "size 1, got 2",
                       std::invalid_argument);
  CHECK_THROWS_AS((void)model.prediction_band(Eigen::MatrixXd(3, 2)), std::invalid_argument);
}

TEST_SUITE_END();
