// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// What runs of the lengths of a load test measure at a station, by simulating it: the centers, the
/// covariance, and how the centers move.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <relia/core/real.hpp>
#include <relia/queueing/detail/station.hpp>
#include <relia/queueing/detail/station_search.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail {

/// As many requests as a run is simulated with: long ones shorter, in proportion.
[[nodiscard]] inline double simulated_length(const station_problem& problem, double requests) {
  double longest = 5000;
  for (const double p : problem.quantile_levels) longest = std::max(longest, 20 / (1 - p));
  return std::ceil(std::min(requests, longest));
}

/// The logarithms that replicates of level i measure, one in each column: successive parts of one
/// long run.
[[nodiscard]] inline Eigen::MatrixXd simulate(const station_problem& problem, std::size_t i,
                                              const station_law& law, Eigen::Index replicates,
                                              std::uint64_t seed) {
  const auto& level = problem.levels[i];
  station_run run(law, level.arrival_rate, seed, i);
  const double length = simulated_length(problem, level.requests);
  std::vector<double> responses(static_cast<std::size_t>(length));
  Eigen::MatrixXd draws(problem.per_level(), replicates);
  for (Eigen::Index b = -1; b < replicates; ++b) {  // the first part warms up
    double sum = 0;
    for (double& r : responses) sum += r = run.next();
    if (b < 0) continue;
    draws(0, b) = std::log(sum / length);
    auto from = responses.begin();
    for (Eigen::Index j = 1; j < problem.per_level(); ++j) {
      const double rank =
          std::ceil(problem.quantile_levels[static_cast<std::size_t>(j) - 1] * length);
      const auto nth = responses.begin() + static_cast<std::ptrdiff_t>(std::max(rank, 1.0) - 1);
      std::nth_element(from, nth, responses.end());
      draws(j, b) = std::log(*nth);
      from = nth;
    }
  }
  return draws;
}

/// Simulates the station at every level and takes the laws of what is measured from there. Returns
/// the replicates of the whole test in standard errors, one in each column.
[[nodiscard]] inline Eigen::MatrixXd calibrate(station_problem& problem, const station_trial& trial,
                                               Eigen::Index replicates, std::uint64_t seed) {
  // For M/M/c the formulas are right, and what they miss is due to the length of the run.
  const bool exact = !problem.fits_scv && problem.arrival_scv == 1;
  problem.law_servers = trial.servers;
  problem.law_at = trial.at;
  const station_law law = problem.law(trial.servers, trial.at);
  Eigen::MatrixXd all(problem.size(), replicates);
  for (std::size_t i = 0; i < problem.levels.size(); ++i) {
    const double requests = problem.levels[i].requests;
    const double shorter = simulated_length(problem, requests) / requests;
    const double missed = exact ? shorter : 1;
    const station_delay model(law, problem.levels[i].arrival_rate);
    Eigen::MatrixXd draws = simulate(problem, i, law, replicates, seed);
    const Eigen::VectorXd mean = draws.rowwise().mean();
    auto& here = problem.laws[i];
    here.center = mean;
    here.base = problem.formulas(model, mean);
    const Eigen::VectorXd later = mean.array() + 0.01;
    here.steepness = (here.base - problem.formulas(model, later)) / 0.01;
    here.steepness = here.steepness.cwiseMax(1e-3);  // a center below the delay has none
    here.steepness[0] = 1;
    if (missed < 1) {
      // Back to where the formulas put a run without end, but for a part of the difference.
      Eigen::VectorXd limit = here.base;
      limit[0] = 0;
      for (Eigen::Index j = 1; j < problem.per_level(); ++j) {
        limit[j] -= std::log1p(-problem.quantile_levels[static_cast<std::size_t>(j) - 1]);
      }
      limit = limit.cwiseQuotient(here.steepness);
      limit[0] = here.base[0] - mean[0];
      here.center += (1 - missed) * limit;
      here.base = problem.formulas(model, here.center);
    }
    // From the same random numbers; the formulas' part is a derivative, for near saturation they
    // bend where runs of finite length do not.
    for (const Eigen::Index j : {0, 2}) {
      if (j == 2 && !problem.fits_scv) continue;
      const auto near = [&](double step) {
        station_point moved = trial.at;
        moved[j] += step;
        return problem.law(trial.servers, moved);
      };
      const double step = j == 0 ? -0.005 : -0.05;
      const Eigen::VectorXd change =
          (simulate(problem, i, near(step), replicates, seed) - draws).rowwise().mean() / step;
      constexpr double tiny = -1e-6;
      const station_delay there(near(tiny), problem.levels[i].arrival_rate);
      here.drift.col(j / 2) = (change - (problem.expected(i, there) - here.center) / tiny) * missed;
    }
    draws.colwise() -= mean;
    Eigen::MatrixXd covariance = draws * draws.transpose() / static_cast<double>(replicates - 1);
    // What almost cancels between mean and quantiles is known no better than the slopes are.
    covariance.diagonal() *= 1.1;
    here.root = covariance.llt().matrixL();
    here.root.triangularView<Eigen::Lower>().solveInPlace(draws);
    here.root *= std::sqrt(shorter + missed * missed / static_cast<double>(replicates));
    all.middleRows(static_cast<Eigen::Index>(i) * problem.per_level(), problem.per_level()) = draws;
  }
  return all;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail
