// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The design of a linear model, centred, scaled to columns of length 1 and factored by Householder
/// QR with column pivoting (Golub & Van Loan, Matrix Computations, 4th ed., 5.4.2). A design
/// without full rank is refused, and the columns that depend on each other are named.

#include <cmath>
#include <limits>
#include <string>

#include <Eigen/Core>
#include <Eigen/QR>

#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::forecast::detail {

template <real Real>
class scaled_qr {
 public:
  using vector = Eigen::Matrix<Real, Eigen::Dynamic, 1>;
  using matrix = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic>;

  /// Overwrites `design`, which must outlive this. At least one column, and as many rows as
  /// coefficients.
  scaled_qr(const char* where, matrix& design, bool intercept)
      : where_(where),
        intercept_(intercept),
        tolerance_(static_cast<Real>(design.rows()) * std::numeric_limits<Real>::epsilon()),
        centres_(vector::Zero(design.cols())),
        scales_(vector::Ones(design.cols())),
        qr_(centred_and_scaled(design)) {
    qr_.setThreshold(tolerance_);
    if (qr_.rank() < columns()) refuse_dependence();
  }

  /// Takes the mean off, twice: the second pass removes what rounding left of the first.
  static Real centre(Eigen::Ref<vector> column) {
    const Real first = column.mean();
    column.array() -= first;
    const Real rest = column.mean();
    column.array() -= rest;
    return first + rest;
  }

  [[nodiscard]] const vector& centres() const noexcept { return centres_; }

  /// The slopes of a response that was centred as the columns are; leaves its residuals in
  /// `response`.
  [[nodiscard]] vector solve(vector& response) const {
    const Eigen::Index p = columns();
    response.applyOnTheLeft(qr_.householderQ().adjoint());
    const vector scaled = qr_.colsPermutation() * triangle().solve(response.head(p));
    response.head(p).setZero();
    response.applyOnTheLeft(qr_.householderQ());
    return scaled.cwiseQuotient(scales_);
  }

  /// W with W W' = inverse of X'X, X the centred design before scaling.
  [[nodiscard]] matrix whitener() const {
    const matrix inverse = triangle().solve(matrix::Identity(columns(), columns()));
    return scales_.cwiseInverse().asDiagonal() * (qr_.colsPermutation() * inverse);
  }

  /// Smallest over largest pivot.
  [[nodiscard]] Real reciprocal_condition() const {
    const auto& r = qr_.matrixQR();
    return std::abs(r(columns() - 1, columns() - 1) / r(0, 0));
  }

 private:
  [[nodiscard]] Eigen::Index columns() const { return scales_.size(); }

  [[nodiscard]] auto triangle() const {
    return qr_.matrixQR().topRows(columns()).template triangularView<Eigen::Upper>();
  }

  matrix& centred_and_scaled(matrix& x) {
    for (Eigen::Index j = 0; j < x.cols(); ++j) {
      const std::string name = "column " + relia::detail::to_text(j);
      if (!x.col(j).allFinite()) {
        Eigen::Index i = 0;
        while (relia::detail::is_finite(x(i, j))) ++i;
        relia::detail::require_finite(
            where_, "design at row " + relia::detail::to_text(i) + ", " + name, x(i, j));
      }
      const Real size_before = x.col(j).template lpNorm<Eigen::Infinity>();
      if (intercept_) centres_(j) = centre(x.col(j));
      const Real length = x.col(j).stableNorm();
      relia::detail::require_finite(where_, "length of design " + name, length);
      // What rounding leaves of a constant column is no signal.
      if (length <= tolerance_ * size_before) {
        refuse_rank(name + (intercept_ ? " is constant, as the intercept is" : " is 0 throughout"));
      }
      scales_(j) = length;
      x.col(j) /= length;
    }
    return x;
  }

  [[noreturn, gnu::cold]] void refuse_rank(const std::string& why) const {
    RELIA_RAISE(std::domain_error,
                std::string("relia::") + where_ + ": design must be of full rank, but " + why);
  }

  [[noreturn, gnu::cold]] void refuse_dependence() const {
    using relia::detail::to_text;
    const Eigen::Index rank = qr_.rank();
    const auto& order = qr_.colsPermutation().indices();
    const vector shares = qr_.matrixQR()
                              .topLeftCorner(rank, rank)
                              .template triangularView<Eigen::Upper>()
                              .solve(qr_.matrixQR().col(rank).head(rank));
    std::string others;
    for (Eigen::Index j = 0; j < rank; ++j) {
      // The share of a column without part in the dependence is rounding only.
      if (std::abs(shares(j)) > std::sqrt(tolerance_))
        others += (others.empty() ? " " : ", ") + to_text(order(j));
    }
    refuse_rank("its rank is " + to_text(rank) + " of " + to_text(columns()) + ": column " +
                to_text(order(rank)) + " is a combination of column" + others +
                (intercept_ ? " and the intercept" : ""));
  }

  const char* where_;
  bool intercept_;
  Real tolerance_;
  vector centres_;
  vector scales_;
  Eigen::ColPivHouseholderQR<Eigen::Ref<matrix>> qr_;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::forecast::detail
