// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Least squares for a station: the logarithms of measured means and quantiles, weighted by their
/// covariance. What runs of their lengths measure at a station nearby, how that changes, and the
/// covariance come from simulating it: mean and quantiles of one run depend on each other, and each
/// request on those before it, in no closed form. The formulas only carry this to other stations.
/// Ref: Gourieroux, Monfort, Renault, Journal of Applied Econometrics 8 (1993), for fits whose
/// bias is simulated.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <relia/core/real.hpp>
#include <relia/queueing/detail/station.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail {

/// `measured`: the mean response, then the quantiles.
struct load_level {
  double arrival_rate;
  double requests;
  std::vector<double> measured;
};

/// log of the mean service, the constant delay, log of the scv of services.
using station_point = Eigen::Vector3d;

/// `residual` and `slope` are in standard errors; `held`: of the coordinates, at a bound or given.
struct station_trial {
  double servers = 0;
  station_point at = station_point::Zero();
  double misfit = std::numeric_limits<double>::infinity();
  Eigen::VectorXd residual = {};
  Eigen::MatrixXd slope = {};
  std::array<bool, 3> held = {};
};

/// What a level is expected to measure: `center`, the logarithms at a station nearby, whose formula
/// gives `base` (log mean, and log tail at the centers); `steepness`, by what log tail falls as log
/// time grows; `drift`, by what the centers move beyond the formulas per log load and per log scv;
/// `root`, the lower Cholesky factor of the covariance.
struct level_law {
  Eigen::VectorXd center;
  Eigen::VectorXd base;
  Eigen::VectorXd steepness;
  Eigen::MatrixXd drift;
  Eigen::MatrixXd root;
};

struct station_problem {
  std::vector<load_level> levels;
  std::vector<double> quantile_levels;
  double arrival_scv = 1;
  bool fits_delay = true;
  bool fits_scv = true;
  std::vector<level_law> laws = {};
  double law_servers = 1;  ///< of the station nearby, and where it is
  station_point law_at = station_point::Zero();

  [[nodiscard]] Eigen::Index per_level() const noexcept {
    return static_cast<Eigen::Index>(quantile_levels.size()) + 1;
  }
  [[nodiscard]] Eigen::Index size() const noexcept {
    return per_level() * static_cast<Eigen::Index>(levels.size());
  }

  [[nodiscard]] station_law law(double servers, const station_point& at) const noexcept {
    return {servers, std::exp(at[0]), at[1], fits_scv ? std::exp(at[2]) : 1.0, arrival_scv};
  }

  /// The formulas: log mean, and log tail at each center.
  [[nodiscard]] Eigen::VectorXd formulas(const station_delay& model,
                                         const Eigen::VectorXd& center) const {
    Eigen::VectorXd f(per_level());
    f[0] = std::log(model.mean());
    for (Eigen::Index j = 1; j < per_level(); ++j) {
      // A tail of nothing at all is as bad as the smallest number.
      f[j] = std::log(std::max(model.survival(std::exp(center[j])), 1e-300));
    }
    return f;
  }

  [[nodiscard]] Eigen::VectorXd expected(std::size_t i, const station_delay& model) const {
    const auto& at = laws[i];
    return at.center + (formulas(model, at.center) - at.base).cwiseQuotient(at.steepness);
  }

  [[nodiscard]] Eigen::VectorXd residual(double servers, const station_point& at) const {
    Eigen::VectorXd all(size());
    const Eigen::Vector2d off(at[0] - law_at[0] - std::log(servers / law_servers),
                              at[2] - law_at[2]);
    for (std::size_t i = 0; i < levels.size(); ++i) {
      const station_delay model(law(servers, at), levels[i].arrival_rate);
      auto part = all.segment(static_cast<Eigen::Index>(i) * per_level(), per_level());
      if (!model.stable()) {
        part.setConstant(std::numeric_limits<double>::infinity());
        continue;
      }
      part = measured(i) - expected(i, model) - laws[i].drift * off;
      laws[i].root.triangularView<Eigen::Lower>().solveInPlace(part);
    }
    return all;
  }

  [[nodiscard]] Eigen::VectorXd measured(std::size_t i) const {
    return Eigen::Map<const Eigen::ArrayXd>(levels[i].measured.data(), per_level()).log();
  }

  /// Before anything was simulated: independent, as exponential times, and a run near saturation is
  /// worth less.
  void guess_laws() {
    double least = std::numeric_limits<double>::infinity();
    for (const auto& level : levels) least = std::min(least, level.measured[0]);
    for (std::size_t i = 0; i < levels.size(); ++i) {
      const double rise = levels[i].measured[0] / least;
      level_law guess{measured(i),
                      measured(i),
                      Eigen::VectorXd::Ones(per_level()),
                      Eigen::MatrixXd::Zero(per_level(), 2),
                      {}};
      Eigen::VectorXd error = Eigen::VectorXd::Constant(per_level(), rise);
      for (Eigen::Index j = 1; j < per_level(); ++j) {
        const double p = quantile_levels[static_cast<std::size_t>(j) - 1];
        guess.base[j] = std::log1p(-p);
        guess.steepness[j] = -guess.base[j];
        error[j] *= std::sqrt(p / (1 - p)) / guess.steepness[j];
      }
      guess.root = (error / std::sqrt(levels[i].requests)).asDiagonal();
      laws.push_back(std::move(guess));
    }
  }
};

inline constexpr double least_service_scv = 1e-3;
inline constexpr double most_service_scv = 20;

/// Keeps every level under capacity, and the delay under the least that was measured.
[[nodiscard]] inline station_point within_bounds(const station_problem& problem, double servers,
                                                 station_point at) noexcept {
  double fastest = 0;
  double least = std::numeric_limits<double>::infinity();
  for (const auto& level : problem.levels) {
    fastest = std::max(fastest, level.arrival_rate);
    for (const double x : level.measured) least = std::min(least, x);
  }
  const double longest = std::log(servers / fastest * (1 - 1e-9));
  at[0] = std::clamp(at[0], std::min(std::log(least * 1e-3), longest - 7), longest);
  at[1] = problem.fits_delay ? std::clamp(at[1], 0.0, least * (1 - 1e-9)) : 0;
  at[2] = problem.fits_scv
              ? std::clamp(at[2], std::log(least_service_scv), std::log(most_service_scv))
              : 0;
  return at;
}

[[nodiscard]] inline Eigen::MatrixXd slopes(const station_problem& problem,
                                            const station_trial& trial) {
  Eigen::MatrixXd slope = Eigen::MatrixXd::Zero(problem.size(), 3);
  for (Eigen::Index j = 0; j < 3; ++j) {
    if ((j == 1 && !problem.fits_delay) || (j == 2 && !problem.fits_scv)) continue;
    // Shorter services keep the levels stable; longer delays keep the delay positive.
    const double step = j == 1 ? 1e-6 * std::exp(trial.at[0]) : -1e-6;
    station_point moved = trial.at;
    moved[j] += step;
    slope.col(j) = (problem.residual(trial.servers, moved) - trial.residual) / step;
  }
  return slope;
}

/// Levenberg's and Marquardt's descent from `start`, projected on the bounds.
[[nodiscard]] inline station_trial descend(const station_problem& problem, double servers,
                                           const station_point& start) {
  station_trial best;
  best.servers = servers;
  const auto try_at = [&](const station_point& at) {
    station_trial t;
    t.servers = servers;
    t.at = within_bounds(problem, servers, at);
    t.residual = problem.residual(servers, t.at);
    const double squares = t.residual.squaredNorm();
    if (squares < std::numeric_limits<double>::infinity()) t.misfit = squares;
    return t;
  };
  best = try_at(start);
  double damping = 1e-3;
  for (int pass = 0; pass < 60; ++pass) {
    best.slope = slopes(problem, best);
    Eigen::Matrix3d normal = best.slope.transpose() * best.slope;
    Eigen::Vector3d gradient = best.slope.transpose() * best.residual;
    for (Eigen::Index j = 0; j < 3; ++j) {
      // A step along -gradient that a bound takes back is no step.
      station_point moved = best.at;
      moved[j] -= std::copysign(1e-9 * (j == 1 ? std::exp(best.at[0]) : 1.0), gradient[j]);
      const bool held =
          !(normal(j, j) > 0) || within_bounds(problem, servers, moved)[j] == best.at[j];
      best.held[static_cast<std::size_t>(j)] = held;
      if (!held) continue;
      normal.row(j).setZero();
      normal.col(j).setZero();
      normal(j, j) = 1;
      gradient[j] = 0;
    }
    bool moved = false;
    double gained = 0;
    for (int attempt = 0; attempt < 12 && !moved; ++attempt) {
      Eigen::Matrix3d damped = normal;
      damped.diagonal() *= 1 + damping;
      auto next = try_at(best.at - damped.ldlt().solve(gradient));
      moved = next.misfit < best.misfit;
      if (moved) {
        gained = best.misfit - next.misfit;
        next.held = best.held;
        best = std::move(next);
      }
      damping = std::clamp(moved ? damping / 10 : damping * 8, 1e-12, 1e12);
    }
    if (!moved || gained < 1e-8 * (1 + best.misfit)) break;
  }
  if (best.slope.size() == 0) best.slope = slopes(problem, best);
  return best;
}

/// The best trial for each number of servers worth looking at, from `first` outwards, until the
/// misfit has grown by more than any interval reaches.
[[nodiscard]] inline std::vector<station_trial> look_around(const station_problem& problem,
                                                            const station_trial& first,
                                                            double most_servers) {
  constexpr double hopeless = 40;
  std::vector<station_trial> found{descend(problem, first.servers, first.at)};
  double least = found.front().misfit;
  for (const int way : {-1, 1}) {
    station_trial last = found.front();
    for (double c = first.servers + way; c >= 1 && c <= most_servers; c += way) {
      last = descend(problem, c, last.at);
      least = std::min(least, last.misfit);
      if (last.misfit > least + hopeless) break;
      found.push_back(last);
    }
  }
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.servers < b.servers; });
  return found;
}

[[nodiscard]] inline const station_trial& best_of(const std::vector<station_trial>& trials) {
  return *std::min_element(trials.begin(), trials.end(),
                           [](const auto& a, const auto& b) { return a.misfit < b.misfit; });
}

/// A first fit, by guessed weights.
[[nodiscard]] inline station_trial first_guess(const station_problem& problem,
                                               double most_servers) {
  station_problem rough = problem;
  rough.fits_scv = false;  // the exponential tail is the cheap one
  double least = std::numeric_limits<double>::infinity();
  for (const auto& level : problem.levels) least = std::min(least, level.measured[0]);
  station_trial best;
  station_point last(std::log(least), 0, 0);
  for (double c = 1; c <= most_servers; ++c) {
    for (const station_point& start : {last, station_point(std::log(0.9 * least), 0, 0),
                                       station_point(std::log(0.5 * least), 0.5 * least, 0)}) {
      auto trial = descend(rough, c, start);
      if (trial.misfit < best.misfit) best = trial;
      if (start == last) last = trial.at;
    }
  }
  return best;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail
