// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// What the trials of a station say beyond the best: how far each coordinate may be off, and how
/// likely so much misfit is.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include <Eigen/Core>
#include <Eigen/LU>
#include <Eigen/QR>

#include <relia/core/real.hpp>
#include <relia/queueing/detail/station_search.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail {

struct coordinate_range {
  double lower = std::numeric_limits<double>::infinity();
  double upper = -std::numeric_limits<double>::infinity();
};

/// Where the profile of coordinate j stays below `allowed`, the misfit taken as a parabola for each
/// number of servers.
[[nodiscard]] inline coordinate_range profile(const std::vector<station_trial>& trials,
                                              double allowed, Eigen::Index j) {
  coordinate_range range;
  for (const auto& trial : trials) {
    if (trial.misfit > allowed) continue;
    // A coordinate held at its bound is set free: its parabola has its bottom beyond.
    Eigen::MatrixXd slope = trial.slope;
    for (Eigen::Index k = 0; k < 3; ++k) {
      if (k != j && trial.held[static_cast<std::size_t>(k)]) slope.col(k).setZero();
    }
    Eigen::Matrix3d normal = slope.transpose() * slope;
    for (Eigen::Index k = 0; k < 3; ++k) {
      normal(k, k) = normal(k, k) > 0 ? normal(k, k) * (1 + 1e-12) : 1;
    }
    const Eigen::Matrix3d inverse = normal.inverse();
    const double variance = inverse(j, j);
    const double step = -(inverse * (slope.transpose() * trial.residual))[j];
    const double reach =
        std::sqrt(std::max(0.0, variance * (allowed - trial.misfit) + step * step));
    range.lower = std::min(range.lower, trial.at[j] + step - reach);
    range.upper = std::max(range.upper, trial.at[j] + step + reach);
  }
  return range;
}

/// How many of the replicates fit no better than the data, each fitted as the data were, by the
/// slopes: the least misfit over the numbers of servers.
[[nodiscard]] inline double misfit_probability(const std::vector<station_trial>& trials,
                                               const Eigen::MatrixXd& draws) {
  const station_trial& best = best_of(trials);
  Eigen::VectorXd least =
      Eigen::VectorXd::Constant(draws.cols(), std::numeric_limits<double>::infinity());
  for (const auto& trial : trials) {
    Eigen::MatrixXd off = draws.colwise() + (trial.residual - best.residual);
    Eigen::MatrixXd slope(trial.slope.rows(), 0);
    for (Eigen::Index k = 0; k < 3; ++k) {
      if (trial.held[static_cast<std::size_t>(k)] || trial.slope.col(k).isZero(0)) continue;
      slope.conservativeResize(Eigen::NoChange, slope.cols() + 1);
      slope.rightCols(1) = trial.slope.col(k);
    }
    if (slope.cols() > 0) {
      const Eigen::MatrixXd solved = slope.colPivHouseholderQr().solve(off);
      off -= slope * solved;
    }
    least = least.cwiseMin(off.colwise().squaredNorm().transpose());
  }
  const auto worse = (least.array() >= best.misfit).count();
  return static_cast<double>(worse + 1) / static_cast<double>(draws.cols() + 1);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail
