// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Which straight combination of the columns explains the response, and how sure are the
/// coefficients, the mean and the next observation? Ordinary least squares: independent errors of
/// one variance. Solved by QR of the scaled design, because normal equations square the condition
/// number; a design without full rank is refused and its columns are named, none is ever dropped.
/// Ref: Draper & Smith, Applied Regression Analysis, 3rd ed., 1998, ch. 5 and 8.

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <utility>

#include <Eigen/Core>
#include <boost/math/distributions/students_t.hpp>

#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/policy.hpp>
#include <relia/forecast/detail/scaled_qr.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::forecast {

inline constexpr method least_squares{"least_squares"};

struct least_squares_options {
  bool intercept = true;  ///< a constant beside the columns; it comes first in the coefficients
};

/// Fitted values with the ends of an interval for each row.
template <real Real = double>
struct band {
  Eigen::Matrix<Real, Eigen::Dynamic, 1> value;
  Eigen::Matrix<Real, Eigen::Dynamic, 1> lower;
  Eigen::Matrix<Real, Eigen::Dynamic, 1> upper;
  double confidence_level = 0.95;
};

/// A fitted linear model. Computes in Real; without a row to spare (`degrees_of_freedom` 0) every
/// error is infinite.
template <real Real = double>
class linear_model {
 public:
  using vector = Eigen::Matrix<Real, Eigen::Dynamic, 1>;
  using matrix = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic>;

  /// See fit_least_squares.
  template <class Derived>
  linear_model(const Eigen::DenseBase<Derived>& design, std::span<const Real> response,
               least_squares_options options)
      : intercept_(options.intercept), rows_(design.rows()), columns_(design.cols()) {
    relia::detail::require_same_size(where, "response", response.size(),
                                     static_cast<std::size_t>(rows_));
    relia::detail::require_argument(columns_ > 0, where, "design", "of at least 1 column",
                                    columns_);
    relia::detail::require_argument(
        rows_ >= size(), where, "design",
        "of at least " + relia::detail::to_text(size()) + " rows, one for each coefficient", rows_);
    residuals_ = Eigen::Map<const vector>(response.data(), rows_);
    if (!residuals_.allFinite()) {
      Eigen::Index i = 0;
      while (relia::detail::is_finite(residuals_(i))) ++i;
      relia::detail::require_finite(where, "response at row " + relia::detail::to_text(i),
                                    residuals_(i));
    }
    matrix x = design.derived().template cast<Real>();
    const detail::scaled_qr<Real> qr(where, x, intercept_);
    centres_ = qr.centres();
    if (intercept_) response_centre_ = qr.centre(residuals_);
    const Real variation = residuals_.stableNorm();
    slopes_ = qr.solve(residuals_);
    whitener_ = qr.whitener();
    reciprocal_condition_ = qr.reciprocal_condition();
    const Real left = residuals_.stableNorm();
    r_squared_ = variation > 0 ? 1 - (left / variation) * (left / variation) : Real{0};
    residual_sd_ = degrees_of_freedom() > 0
                       ? left / std::sqrt(static_cast<Real>(degrees_of_freedom()))
                       : std::numeric_limits<Real>::infinity();
    fill_coefficients();
  }

  /// Intercept first, when there is one; then one for each column.
  [[nodiscard]] const vector& coefficients() const noexcept { return coefficients_; }
  [[nodiscard]] const vector& standard_errors() const noexcept { return standard_errors_; }
  [[nodiscard]] const vector& residuals() const noexcept { return residuals_; }
  /// The standard deviation of the noise: sqrt(residual sum of squares / degrees of freedom).
  [[nodiscard]] Real residual_sd() const noexcept { return residual_sd_; }
  /// The share of the variation explained: about the mean with an intercept, about 0 without. 0
  /// when the response does not vary.
  [[nodiscard]] Real r_squared() const noexcept { return r_squared_; }
  [[nodiscard]] count degrees_of_freedom() const noexcept { return rows_ - size(); }
  [[nodiscard]] count n() const noexcept { return rows_; }
  /// About which the fit is made; 0 without an intercept.
  [[nodiscard]] const vector& column_means() const noexcept { return centres_; }
  [[nodiscard]] Real response_mean() const noexcept { return response_centre_; }
  [[nodiscard]] bool has_intercept() const noexcept { return intercept_; }
  /// Number of coefficients, the intercept counted.
  [[nodiscard]] Eigen::Index size() const noexcept { return columns_ + (intercept_ ? 1 : 0); }
  /// Smallest over largest pivot of the scaled design: 1 for orthogonal columns; each factor of ten
  /// below it costs about a digit.
  [[nodiscard]] Real reciprocal_condition() const noexcept { return reciprocal_condition_; }

  /// Coefficient `index` with its Student t interval. Throws: std::invalid_argument for an index
  /// out of range, std::domain_error for a confidence level outside (0, 1).
  [[nodiscard]] estimate<double> coefficient(Eigen::Index index,
                                             double confidence_level = 0.95) const {
    relia::detail::require_argument(index >= 0 && index < size(),
                                    "forecast::linear_model::coefficient", "index",
                                    "below " + relia::detail::to_text(size()), index);
    return answer(coefficients_(index), standard_errors_(index), confidence_level);
  }

  /// A weighted sum of the coefficients, weights in the order of `coefficients`, with its interval:
  /// a contrast, a mean, a derivative. Throws: as coefficient; std::invalid_argument when the sizes
  /// differ.
  [[nodiscard]] estimate<double> combination(std::span<const Real> weights,
                                             double confidence_level = 0.95) const {
    const auto [constant, x] = split("forecast::linear_model::combination", weights);
    return answer(value_of(constant, x), std::sqrt(leverage_of(constant, x)) * residual_sd_,
                  confidence_level);
  }

  /// The standard error of that sum. Throws: std::invalid_argument when the sizes differ.
  [[nodiscard]] Real standard_error(std::span<const Real> weights) const {
    const auto [constant, x] = split("forecast::linear_model::standard_error", weights);
    return std::sqrt(leverage_of(constant, x)) * residual_sd_;
  }

  /// The mean response at x, a value for each column, with its interval. Throws: as combination.
  [[nodiscard]] estimate<double> mean(std::span<const Real> x,
                                      double confidence_level = 0.95) const {
    const vector row = checked("forecast::linear_model::mean", x);
    return answer(value_of(1, row), std::sqrt(leverage_of(1, row)) * residual_sd_,
                  confidence_level);
  }

  /// One new observation at x, with its prediction interval: the noise of the observation is added
  /// to that of the mean. Throws: as combination.
  [[nodiscard]] estimate<double> prediction(std::span<const Real> x,
                                            double confidence_level = 0.95) const {
    const vector row = checked("forecast::linear_model::prediction", x);
    return answer(value_of(1, row), std::sqrt(1 + leverage_of(1, row)) * residual_sd_,
                  confidence_level);
  }

  /// How much an observation at x pulls its own fitted value: variance of the mean at x over that
  /// of the noise. Throws: std::invalid_argument when the sizes differ.
  [[nodiscard]] Real leverage(std::span<const Real> x) const {
    return leverage_of(1, checked("forecast::linear_model::leverage", x));
  }

  /// `mean` for every row of a design. Cost: O(rows columns^2).
  template <class Derived>
  [[nodiscard]] band<Real> mean_band(const Eigen::DenseBase<Derived>& design,
                                     double confidence_level = 0.95) const {
    return band_of("forecast::linear_model::mean_band", design, Real{0}, confidence_level);
  }

  /// `prediction` for every row of a design. Cost: O(rows columns^2).
  template <class Derived>
  [[nodiscard]] band<Real> prediction_band(const Eigen::DenseBase<Derived>& design,
                                           double confidence_level = 0.95) const {
    return band_of("forecast::linear_model::prediction_band", design, Real{1}, confidence_level);
  }

 private:
  static constexpr const char* where = "forecast::fit_least_squares";

  void fill_coefficients() {
    coefficients_.resize(size());
    standard_errors_.resize(size());
    coefficients_.tail(columns_) = slopes_;
    standard_errors_.tail(columns_) = whitener_.rowwise().norm() * residual_sd_;
    if (intercept_) {
      const vector origin = vector::Zero(columns_);
      coefficients_(0) = value_of(1, origin);
      standard_errors_(0) = std::sqrt(leverage_of(1, origin)) * residual_sd_;
    }
  }

  [[nodiscard]] std::pair<Real, vector> split(const char* function,
                                              std::span<const Real> weights) const {
    relia::detail::require_same_size(function, "weights", weights.size(),
                                     static_cast<std::size_t>(size()));
    const Eigen::Index first = intercept_ ? 1 : 0;
    return {intercept_ ? weights.front() : Real{0},
            Eigen::Map<const vector>(weights.data() + first, columns_)};
  }

  [[nodiscard]] vector checked(const char* function, std::span<const Real> x) const {
    relia::detail::require_same_size(function, "x", x.size(), static_cast<std::size_t>(columns_));
    return Eigen::Map<const vector>(x.data(), columns_);
  }

  [[nodiscard]] Real value_of(Real constant, const vector& x) const {
    return constant * response_centre_ + (x - constant * centres_).dot(slopes_);
  }

  [[nodiscard]] Real leverage_of(Real constant, const vector& x) const {
    const Real of_mean = intercept_ ? constant * constant / static_cast<Real>(rows_) : Real{0};
    return of_mean + (whitener_.transpose() * (x - constant * centres_)).squaredNorm();
  }

  [[nodiscard]] Real critical(double confidence_level) const {
    relia::detail::require_open_fraction("forecast::linear_model", "confidence_level",
                                         confidence_level);
    if (degrees_of_freedom() == 0) return 1;  // the errors are infinite already
    const boost::math::students_t_distribution<double, relia::detail::policy> t(
        static_cast<double>(degrees_of_freedom()));
    const double tail = tail_probability(confidence_level, sides::both);
    return static_cast<Real>(boost::math::quantile(boost::math::complement(t, tail)));
  }

  [[nodiscard]] estimate<double> answer(Real value, Real error, double confidence_level) const {
    estimate<double> e;
    e.value = static_cast<double>(value);
    e.n = rows_;
    e.method = least_squares;
    e.interval.confidence_level = confidence_level;
    const Real half = critical(confidence_level) * error;
    if (degrees_of_freedom() == 0) {
      e.notes.emplace_back("no degree of freedom is left to measure the noise");
      return e;
    }
    e.interval.lower = static_cast<double>(value - half);
    e.interval.upper = static_cast<double>(value + half);
    return e;
  }

  template <class Derived>
  [[nodiscard]] band<Real> band_of(const char* function, const Eigen::DenseBase<Derived>& design,
                                   Real noise, double confidence_level) const {
    relia::detail::require_same_size(function, "columns of design",
                                     static_cast<std::size_t>(design.cols()),
                                     static_cast<std::size_t>(columns_));
    const Real factor = critical(confidence_level) * residual_sd_;
    const Real of_mean = intercept_ ? 1 / static_cast<Real>(rows_) : Real{0};
    const Eigen::Index total = design.rows();
    band<Real> b{vector(total), vector(total), vector(total), confidence_level};
    constexpr Eigen::Index chunk = 256;  // rows whose work fits in the first-level cache
    matrix x;
    for (Eigen::Index from = 0; from < total; from += chunk) {
      const Eigen::Index rows = std::min(chunk, total - from);
      x.noalias() = design.derived().middleRows(from, rows).template cast<Real>();
      x.rowwise() -= centres_.transpose();
      b.value.segment(from, rows).noalias() = x * slopes_;
      b.upper.segment(from, rows) =
          factor * ((x * whitener_).rowwise().squaredNorm().array() + (of_mean + noise)).sqrt();
    }
    b.value.array() += response_centre_;
    b.lower = b.value - b.upper;
    b.upper += b.value;
    return b;
  }

  bool intercept_;
  Eigen::Index rows_;
  Eigen::Index columns_;
  vector centres_;
  Real response_centre_ = 0;
  vector slopes_;
  matrix whitener_;  ///< W with (X'X)^-1 = W W', X centred
  vector residuals_;
  vector coefficients_;
  vector standard_errors_;
  Real residual_sd_ = 0;
  Real r_squared_ = 0;
  Real reciprocal_condition_ = 1;
};

/// The linear model of `response` on the columns of `design`, a row for each observation.
/// Domain: all values finite; at least one column, at least as many rows as coefficients; full
/// rank, to within rows x epsilon after scaling. Throws: std::domain_error for a value that is not
/// finite and for a design without full rank, the columns named; std::invalid_argument for wrong
/// sizes. Cost: O(rows columns^2), a copy of the design.
template <class Derived, real Real>
[[nodiscard]] linear_model<Real> fit_least_squares(const Eigen::DenseBase<Derived>& design,
                                                   std::span<const Real> response,
                                                   least_squares_options options = {}) {
  return linear_model<Real>(design, response, options);
}

/// As above, for doubles in anything a span can look into.
template <class Derived>
[[nodiscard]] linear_model<double> fit_least_squares(const Eigen::DenseBase<Derived>& design,
                                                     std::span<const double> response,
                                                     least_squares_options options = {}) {
  return linear_model<double>(design, response, options);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::forecast
