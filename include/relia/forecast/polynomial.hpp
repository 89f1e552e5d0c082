// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Does growth bend? A polynomial through scattered points, with intervals. It is fitted as a sum
/// of Legendre polynomials of x mapped to [-1, 1], in long double: on the raw powers of NIST's
/// Filip data Householder QR keeps 7 digits and normal equations none. Far outside the data a
/// polynomial says nothing, whatever its interval.

#include <algorithm>
#include <span>
#include <vector>

#include <relia/core/estimate.hpp>
#include <relia/detail/check.hpp>
#include <relia/forecast/least_squares.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::forecast {

/// A fitted polynomial. Ask it for values by `mean` and `prediction`; the coefficients of the
/// powers are for reading, because summing powers cancels the digits that the fit has kept.
class polynomial_model {
 public:
  /// See fit_polynomial.
  polynomial_model(std::span<const double> x, std::span<const double> y, int degree)
      : degree_(degree), model_(fit(x, y)) {
    const auto size = static_cast<std::size_t>(degree_) + 1;
    const matrix powers = powers_of_basis();
    for (std::size_t i = 0; i < size; ++i) {
      const vector weights = powers.col(static_cast<Eigen::Index>(i));
      weights_.emplace_back(weights.data(), weights.data() + size);
      coefficients_.push_back(coefficient(i).value);
    }
  }

  [[nodiscard]] int degree() const noexcept { return degree_; }
  /// Of x^0, x^1 and so on.
  [[nodiscard]] std::span<const double> coefficients() const noexcept { return coefficients_; }
  /// The linear model behind, in the Legendre basis: residuals, R squared, degrees of freedom.
  [[nodiscard]] const linear_model<long double>& basis_model() const noexcept { return model_; }
  [[nodiscard]] double residual_sd() const noexcept {
    return static_cast<double>(model_.residual_sd());
  }
  [[nodiscard]] double r_squared() const noexcept {
    return static_cast<double>(model_.r_squared());
  }
  [[nodiscard]] count degrees_of_freedom() const noexcept { return model_.degrees_of_freedom(); }
  [[nodiscard]] count n() const noexcept { return model_.n(); }

  /// The coefficient of x^power with its interval. Throws: std::invalid_argument for a power above
  /// the degree, std::domain_error for a confidence level outside (0, 1).
  [[nodiscard]] estimate<double> coefficient(std::size_t power,
                                             double confidence_level = 0.95) const {
    relia::detail::require_argument(power < weights_.size(),
                                    "forecast::polynomial_model::coefficient", "power",
                                    "at most " + relia::detail::to_text(degree_), power);
    return model_.combination(weights_[power], confidence_level);
  }

  /// The standard error of the coefficient of x^power; infinite without a degree of freedom.
  /// Throws: as coefficient.
  [[nodiscard]] double standard_error(std::size_t power) const {
    relia::detail::require_argument(power < weights_.size(),
                                    "forecast::polynomial_model::standard_error", "power",
                                    "at most " + relia::detail::to_text(degree_), power);
    return static_cast<double>(model_.standard_error(weights_[power]));
  }

  /// The mean at x with its interval. Throws: std::domain_error for x not finite and for a
  /// confidence level outside (0, 1).
  [[nodiscard]] estimate<double> mean(double x, double confidence_level = 0.95) const {
    return model_.mean(basis("forecast::polynomial_model::mean", x), confidence_level);
  }

  /// One new observation at x with its prediction interval. Throws: as mean.
  [[nodiscard]] estimate<double> prediction(double x, double confidence_level = 0.95) const {
    return model_.prediction(basis("forecast::polynomial_model::prediction", x), confidence_level);
  }

 private:
  using vector = linear_model<long double>::vector;
  using matrix = linear_model<long double>::matrix;

  /// P_1 to P_degree at x. Bonnet: (k + 1) P_(k+1) = (2 k + 1) u P_k - k P_(k-1).
  [[nodiscard]] std::vector<long double> basis(const char* where, double x) const {
    relia::detail::require_finite(where, "x", x);
    std::vector<long double> p(static_cast<std::size_t>(degree_));
    fill_basis(x, p);
    return p;
  }

  void fill_basis(long double x, std::span<long double> p) const {
    const long double u = (x - middle_) / half_;
    long double before = 1;
    for (std::size_t k = 0; k < p.size(); ++k) {
      const auto order = static_cast<long double>(k);
      const long double last = k == 0 ? 1 : p[k - 1];
      p[k] = ((2 * order + 1) * u * last - order * before) / (order + 1);
      before = last;
    }
  }

  linear_model<long double> fit(std::span<const double> x, std::span<const double> y) {
    constexpr const char* where = "forecast::fit_polynomial";
    relia::detail::require_argument(degree_ >= 1 && degree_ <= 30, where, "degree", "from 1 to 30",
                                    degree_);
    relia::detail::require_same_size(where, "y", y.size(), x.size());
    for (const double value : x) relia::detail::require_finite(where, "x", value);
    for (const double value : y) relia::detail::require_finite(where, "y", value);
    std::vector<double> sorted(x.begin(), x.end());
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    relia::detail::require_argument(
        sorted.size() > static_cast<std::size_t>(degree_), where, "x",
        "of at least degree + 1 = " + relia::detail::to_text(degree_ + 1) + " different values",
        sorted.size());
    const long double first = sorted.front();
    const long double last = sorted.back();
    middle_ = (first + last) / 2;
    half_ = (last - first) / 2;
    Eigen::Matrix<long double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> design(
        static_cast<Eigen::Index>(x.size()), degree_);
    for (std::size_t i = 0; i < x.size(); ++i) {
      fill_basis(x[i], {design.row(static_cast<Eigen::Index>(i)).data(),
                        static_cast<std::size_t>(degree_)});
    }
    const std::vector<long double> response(y.begin(), y.end());
    return fit_least_squares(design, std::span<const long double>(response));
  }

  /// Row k holds the coefficients of P_k(u(x)) in powers of x, by the same recursion.
  [[nodiscard]] matrix powers_of_basis() const {
    matrix t = matrix::Zero(degree_ + 1, degree_ + 1);
    t(0, 0) = 1;
    for (int k = 0; k < degree_; ++k) {
      vector times_u = -middle_ * t.row(k).transpose();
      times_u.tail(degree_) += t.row(k).head(degree_).transpose();
      t.row(k + 1) = static_cast<long double>(2 * k + 1) / half_ * times_u.transpose();
      if (k > 0) t.row(k + 1) -= static_cast<long double>(k) * t.row(k - 1);
      t.row(k + 1) /= static_cast<long double>(k + 1);
    }
    return t;
  }

  int degree_;
  long double middle_ = 0;
  long double half_ = 1;
  linear_model<long double> model_;
  std::vector<std::vector<long double>> weights_;  ///< of the basis coefficients, for each power
  std::vector<double> coefficients_;
};

/// The polynomial of `degree` with an intercept, by least squares.
/// Domain: finite x and y; at least degree + 1 different x; degree from 1 to 30.
/// Throws: std::invalid_argument for sizes, degree and too few different x; std::domain_error for
/// values that are not finite. Cost: O(n degree^2) in long double.
[[nodiscard]] inline polynomial_model fit_polynomial(std::span<const double> x,
                                                     std::span<const double> y, int degree) {
  return {x, y, degree};
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::forecast
