// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Is it the universal scalability law that these measurements follow? Five laws fitted by least
/// squares and compared by Akaike's criterion, corrected for few data: linear; Amdahl's and the
/// universal law; Gustafson's; and the plateau of a pool that is simply full, min(rate n, limit).
/// An R squared cannot tell them apart: all of them explain most of a rising curve. A good fit
/// to few levels proves nothing either, and is not called one.
/// Ref: Hurvich and Tsai, Biometrika 76 (1989); Burnham and Anderson, "Model Selection" (2002), 2.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/math/distributions/fisher_f.hpp>

#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/core/verdict.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/policy.hpp>
#include <relia/detail/text.hpp>
#include <relia/queueing/detail/reciprocal_fit.hpp>
#include <relia/queueing/detail/scaling_levels.hpp>
#include <relia/queueing/scalability_fit.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// throughput = rate n.
inline constexpr method linear_scaling{"linear"};
/// throughput = rate n / (1 + contention (n - 1)).
inline constexpr method amdahl_scaling{"amdahl"};
inline constexpr method usl_scaling{"usl"};
/// throughput = rate (serial_fraction + (1 - serial_fraction) n).
inline constexpr method gustafson_scaling{"gustafson"};
/// throughput = min(rate n, limit).
inline constexpr method plateau_scaling{"plateau"};

/// A law fitted. `parameters`: those of the law; `shape`: its second one, the contention, serial
/// fraction, or the concurrency where the plateau begins (infinite when none was seen); `rate`: of
/// a concurrency of 1. `aicc`: lower is better, infinite when the measurements are too few for it.
/// `weight`: the share of the evidence among the five.
struct scaling_law {
  method law;
  count parameters = 1;
  double rate = 0;
  double shape = 0;
  double sse = 0;
  double aicc = std::numeric_limits<double>::infinity();
  double weight = 0;
};

/// The five laws, the best first, and whether the universal law (with the two that it contains) may
/// be used: pass, or inconclusive or fail with the reason. `lack_of_fit`: how probable so much more
/// misfit than the repeats scatter would be, were the law right; NaN without repeats.
struct scaling_comparison {
  std::array<scaling_law, 5> laws;
  relia::decision usl;
  double lack_of_fit = std::numeric_limits<double>::quiet_NaN();

  [[nodiscard]] const scaling_law& best() const noexcept { return laws[0]; }
  [[nodiscard]] double weight_of(method law) const noexcept {
    for (const auto& each : laws) {
      if (each.law == law) return each.weight;
    }
    return 0;
  }
};

namespace detail {

/// Least squares of mean = rate shape(n); returns the rate and what it leaves.
template <class Shape>
[[nodiscard]] scaling_law fit_rate(method law, count parameters, double shape,
                                   const std::vector<scaling_level>& levels,
                                   const Shape& capacity) {
  double xs = 0;
  double ss = 0;
  for (const auto& level : levels) {
    const double s = capacity(level.concurrency);
    xs += static_cast<double>(level.repeats) * level.mean * s;
    ss += static_cast<double>(level.repeats) * s * s;
  }
  scaling_law found{law, parameters, xs / ss, shape};
  for (const auto& level : levels) {
    const double r = level.mean - found.rate * capacity(level.concurrency);
    found.sse += static_cast<double>(level.repeats) * r * r;
  }
  return found;
}

/// The best serial fraction in [0, 1] of rate (s + (1 - s) n): linear in two coefficients >= 0.
[[nodiscard]] inline scaling_law fit_gustafson(const std::vector<scaling_level>& levels) {
  double weight = 0;
  double n_mean = 0;
  double x_mean = 0;
  for (const auto& level : levels) {
    const auto repeats = static_cast<double>(level.repeats);
    weight += repeats;
    n_mean += repeats * (level.concurrency - n_mean) / weight;
    x_mean += repeats * (level.mean - x_mean) / weight;
  }
  double nn = 0;
  double nx = 0;
  for (const auto& level : levels) {
    const auto repeats = static_cast<double>(level.repeats);
    nn += repeats * (level.concurrency - n_mean) * (level.concurrency - n_mean);
    nx += repeats * (level.concurrency - n_mean) * (level.mean - x_mean);
  }
  const double slope = nx / nn;
  const double offset = x_mean - slope * n_mean;
  const double serial = slope <= 0 ? 1 : offset <= 0 ? 0 : offset / (offset + slope);
  return fit_rate(gustafson_scaling, 2, serial, levels,
                  [serial](double n) { return serial + (1 - serial) * n; });
}

/// The best plateau, exactly: between two levels a knee divides them into a line through 0 and a
/// constant; where that puts the knee elsewhere, the best is at a level.
[[nodiscard]] inline scaling_law fit_plateau(const std::vector<scaling_level>& levels) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  scaling_law best;
  best.sse = infinity;
  const auto consider = [&](double knee) {
    const auto found =
        fit_rate(plateau_scaling, 2, knee, levels, [knee](double n) { return std::min(n, knee); });
    if (found.sse < best.sse) best = found;
  };
  consider(infinity);
  double nn = 0;
  double nx = 0;
  for (std::size_t k = 0; k + 1 < levels.size(); ++k) {
    const auto& at = levels[k];
    const auto repeats = static_cast<double>(at.repeats);
    nn += repeats * at.concurrency * at.concurrency;
    nx += repeats * at.concurrency * at.mean;
    double weight = 0;
    double flat = 0;
    for (std::size_t j = k + 1; j < levels.size(); ++j) {
      weight += static_cast<double>(levels[j].repeats);
      flat += static_cast<double>(levels[j].repeats) * (levels[j].mean - flat) / weight;
    }
    const double knee = flat / (nx / nn);
    consider(at.concurrency);
    if (knee > at.concurrency && knee < levels[k + 1].concurrency) consider(knee);
  }
  return best;
}

[[nodiscard]] inline scaling_law fit_amdahl(const std::vector<scaling_level>& levels) {
  const double n = levels.back().concurrency;
  double x = 0;
  for (const auto& level : levels) x = std::max(x, level.mean);
  reciprocal_fit fit;
  for (const auto& level : levels) {
    fit.add(level.concurrency / n, level.mean / x, static_cast<double>(level.repeats), 1 / n);
  }
  auto start = fit.start();
  start[2] = 0;
  const auto found = fit.solve(start, {}, 2);
  const double contention = found.p[1] / (found.p[0] * n + found.p[1]);
  auto law = fit_rate(amdahl_scaling, 2, contention, levels,
                      [contention](double at) { return 1 / ((1 - contention) / at + contention); });
  return law;
}

/// Twenty to one, the evidence that a test at 0.95 asks for. A rival that is only simpler, not
/// closer, does not make the law fail: with few data the criterion is mostly the price of
/// coefficients.
inline constexpr double strong_evidence = 20;

[[nodiscard]] inline relia::decision judge_usl(const scaling_comparison& laws,
                                               const std::vector<scaling_level>& levels,
                                               double usl_sse) {
  relia::decision d;
  const double rivals = laws.weight_of(gustafson_scaling) + laws.weight_of(plateau_scaling);
  const double odds = (1 - rivals) / rivals;
  d.bound = rivals;
  d.margin = 1 / (1 + strong_evidence) - rivals;
  const double range = levels.back().concurrency / levels.front().concurrency;
  const bool rival_is_best =
      laws.best().law == gustafson_scaling || laws.best().law == plateau_scaling;
  const std::string best(laws.best().law.name);
  if (laws.lack_of_fit < 0.05) {
    d.verdict = verdict::fail;
    d.reason = "the curve misses by more than the repeats scatter";
  } else if (rival_is_best && odds * strong_evidence <= 1 && laws.best().sse < usl_sse) {
    d.verdict = verdict::fail;
    d.reason = "another law fits far better: " + best;
  } else if (levels.size() < 6) {
    d.reason = "only " + relia::detail::to_text(levels.size()) +
               " different concurrencies: measure at least 6";
  } else if (range < 4) {
    d.reason = "the largest concurrency is only " + relia::detail::to_short_text(range) +
               " times the least: measure over a factor of at least 4";
  } else if (!(odds >= strong_evidence)) {
    d.reason = "other laws fit as well: " +
               std::string(rival_is_best ? best + " fits best"
                                         : best + " fits best, by less than twenty to one");
  } else {
    d.verdict = verdict::pass;
    d.reason = "no other law fits nearly as well";
  }
  return d;
}

}  // namespace detail

/// Fits and compares the five laws. Domain as fit_usl. Throws: std::domain_error,
/// std::invalid_argument, convergence_error. Cost: O(levels^2), some 10 passes.
[[nodiscard]] inline scaling_comparison compare_scaling(std::span<const double> concurrency,
                                                        std::span<const double> throughput) {
  constexpr std::string_view where = "queueing::compare_scaling";
  const auto levels = detail::scaling_levels(where, concurrency, throughput);
  relia::detail::require_argument(static_cast<count>(levels.size()) >= least_levels, where,
                                  "concurrency", "of at least 4 different levels", levels.size());
  scaling_comparison answer;
  const usl universal = fit_usl(concurrency, throughput).model();
  answer.laws = {
      detail::fit_rate(linear_scaling, 1, 0, levels, [](double n) { return n; }),
      detail::fit_amdahl(levels),
      detail::fit_rate(usl_scaling, 3, universal.contention(), levels,
                       [&](double n) { return universal.throughput(n) / universal.single_rate(); }),
      detail::fit_gustafson(levels), detail::fit_plateau(levels)};

  double within = 0;
  double squares = 0;
  for (const auto& level : levels) {
    within += level.within;
    squares += static_cast<double>(level.repeats) * level.mean * level.mean;
  }
  const auto n = static_cast<double>(concurrency.size());
  const double misfit = answer.laws[2].sse;
  // A perfect fit is known to rounding only.
  const double least = squares * 0x1p-104;
  double lowest = std::numeric_limits<double>::infinity();
  for (auto& law : answer.laws) {
    law.sse += within;
    const auto k = static_cast<double>(law.parameters + 1);
    if (n - k - 1 <= 0) continue;
    law.aicc = n * std::log(std::max(law.sse, least) / n) + 2 * k + 2 * k * (k + 1) / (n - k - 1);
    lowest = std::min(lowest, law.aicc);
  }
  double sum = 0;
  for (auto& law : answer.laws) sum += law.weight = std::exp(-0.5 * (law.aicc - lowest));
  for (auto& law : answer.laws) law.weight /= sum;
  std::stable_sort(answer.laws.begin(), answer.laws.end(),
                   [](const scaling_law& a, const scaling_law& b) { return a.aicc < b.aicc; });

  const auto groups = static_cast<double>(levels.size());
  if (n > groups && within > 0) {
    const double f = (misfit / (groups - 3)) / (within / (n - groups));
    answer.lack_of_fit = boost::math::cdf(boost::math::complement(
        boost::math::fisher_f_distribution<double, relia::detail::policy>(groups - 3, n - groups),
        f));
  }
  answer.usl = detail::judge_usl(answer, levels, misfit + within);
  return answer;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
