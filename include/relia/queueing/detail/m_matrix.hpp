// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Linear systems of Markov chains whose rates lie far apart. Such a matrix is given by what it
/// moves from row to row and by what leaves each row altogether, its row sum; elimination then only
/// adds, multiplies and divides positive numbers, so every entry of the answer keeps its digits.
/// Ref: Grassmann, Taksar, Heyman, Operations Research 33 (1985); Alfa, Xue, Ye, Mathematics of
/// Computation 71 (2002).

#include <utility>

#include <Eigen/Core>

#include <relia/core/real.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail {

class m_matrix {
 public:
  /// `moved`: the entries beside the diagonal, negated (its own diagonal does not count); `sums` of
  /// the rows. Domain: none of them below 0.
  m_matrix(Eigen::MatrixXd moved, Eigen::VectorXd sums)
      : upper_(std::move(moved)), pivots_(std::move(sums)) {
    const Eigen::Index n = pivots_.size();
    upper_.diagonal().setZero();
    for (Eigen::Index k = 0; k < n; ++k) {
      const Eigen::Index after = n - k - 1;
      const auto row = upper_.row(k).tail(after);
      const double sum = pivots_(k);
      pivots_(k) = sum + row.sum();
      for (Eigen::Index i = k + 1; i < n; ++i) {
        const double factor = upper_(i, k) == 0 ? 0 : upper_(i, k) / pivots_(k);
        upper_(i, k) = factor;  // the lower half keeps them
        upper_.row(i).tail(after) += factor * row;
        pivots_(i) += factor * sum;
      }
      upper_.diagonal().tail(after).setZero();
    }
  }

  /// x with M x = b. Domain: b at least 0.
  [[nodiscard]] Eigen::MatrixXd solve(Eigen::MatrixXd b) const {
    const Eigen::Index n = pivots_.size();
    for (Eigen::Index i = 1; i < n; ++i) b.row(i) += upper_.row(i).head(i) * b.topRows(i);
    for (Eigen::Index i = n - 1; i >= 0; --i) {
      const Eigen::Index after = n - i - 1;
      b.row(i) += upper_.row(i).tail(after) * b.bottomRows(after);
      b.row(i) /= pivots_(i);
    }
    return b;
  }

  /// x with x M = b. Domain: b at least 0.
  [[nodiscard]] Eigen::RowVectorXd solve_left(Eigen::RowVectorXd b) const {
    const Eigen::Index n = pivots_.size();
    for (Eigen::Index k = 0; k < n; ++k) {
      b(k) += b.head(k) * upper_.col(k).head(k);
      b(k) /= pivots_(k);
    }
    return without_moves(std::move(b), n - 1);
  }

  /// x with x M = 0, where no row sum is above 0; its last entry is 1.
  [[nodiscard]] Eigen::RowVectorXd stationary() const {
    const Eigen::Index n = pivots_.size();
    Eigen::RowVectorXd x = Eigen::RowVectorXd::Zero(n);
    x(n - 1) = 1;
    return without_moves(std::move(x), n - 1);
  }

 private:
  [[nodiscard]] Eigen::RowVectorXd without_moves(Eigen::RowVectorXd x, Eigen::Index last) const {
    for (Eigen::Index k = last - 1; k >= 0; --k) {
      const Eigen::Index after = last - k;
      x(k) += x.tail(after) * upper_.col(k).tail(after);
    }
    return x;
  }

  Eigen::MatrixXd upper_;
  Eigen::VectorXd pivots_;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail
