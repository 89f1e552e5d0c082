// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// What do a few load tests say about scaling? The universal scalability law fitted to measured
/// concurrency and throughput by least squares under its bounds (contention in [0, 1], coherency >=
/// 0), with profile intervals: a value is in when the best fit that has it is not worse than F
/// allows. Unlike standard errors these are right at a bound, and say infinity when the data show
/// no peak. Too few levels are refused. Whether it is the right law: `compare_scaling`.
/// Ref: Bates and Watts, "Nonlinear Regression Analysis" (1988), 6.1; Gunther (2007), ch. 5.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string_view>
#include <utility>

#include <boost/math/distributions/students_t.hpp>

#include <relia/core/error.hpp>
#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/policy.hpp>
#include <relia/queueing/detail/reciprocal_fit.hpp>
#include <relia/queueing/detail/scaling_levels.hpp>
#include <relia/queueing/scalability.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// Least squares under bounds, with intervals from the profile of the sum of squares.
inline constexpr method profile{"profile"};

/// The least number of different concurrencies that a fit of three coefficients takes.
inline constexpr count least_levels = 4;

struct usl_fit_options {
  double confidence_level = 0.95;
};

namespace detail {

[[nodiscard]] inline double t_quantile(double degrees, double level) {
  return boost::math::quantile(
      boost::math::students_t_distribution<double, relia::detail::policy>(degrees), level);
}

}  // namespace detail

/// The law that fits a set of measurements best, and which laws fit them too.
class usl_fit {
 public:
  /// The best fit.
  [[nodiscard]] const usl& model() const noexcept { return model_; }
  [[nodiscard]] const estimate<double>& contention() const noexcept { return contention_; }
  [[nodiscard]] const estimate<double>& coherency() const noexcept { return coherency_; }
  [[nodiscard]] const estimate<double>& single_rate() const noexcept { return single_rate_; }
  /// Its upper end is infinite when a law that never falls fits too; a note says so, and when the
  /// peak lies beyond the largest concurrency measured.
  [[nodiscard]] const estimate<double>& peak_concurrency() const noexcept { return peak_; }

  /// Measurements, and different concurrencies among them.
  [[nodiscard]] count n() const noexcept { return n_; }
  [[nodiscard]] count levels() const noexcept { return levels_; }
  [[nodiscard]] double largest_concurrency() const noexcept { return largest_n_; }

  /// The squares that the fit leaves, and what that is for one measurement: sqrt(sse / (n - 3)).
  [[nodiscard]] double sse() const noexcept { return sse_; }
  [[nodiscard]] double residual_deviation() const noexcept {
    return std::sqrt(sse_ / static_cast<double>(n_ - 3));
  }

  /// The mean throughput at a concurrency, with its profile interval: one point of the band. It
  /// says how well the curve is known, not how far one measurement may lie from it. Domain:
  /// concurrency > 0. Throws: std::domain_error. Cost: some 20 passes over the levels.
  [[nodiscard]] estimate<double> throughput(double concurrency) const {
    relia::detail::require_positive("queueing::usl_fit::throughput", "concurrency", concurrency);
    const double u = concurrency / largest_n_;
    const detail::coefficients basis = {1, u, u * (u - 1 / largest_n_)};
    // 1 / throughput is linear; `t` is the relative throughput against the best fit.
    const double best = model_.throughput(concurrency) / largest_x_;
    const auto on = [&](double t) { return bend{{basis, u / (best * t)}, {}, u / (best * t * t)}; };
    const auto move = [&](detail::coefficients p, double t) {
      const double factor = u / (best * t) / detail::dot(basis, p);
      for (double& each : p) each *= factor;
      return p;
    };
    auto found = estimate_of(model_.throughput(concurrency));
    found.interval.lower = found.value * end_of(on, move, 1, -1, 0);
    found.interval.upper = found.value * end_of(on, move, 1, 1, infinity);
    if (concurrency > largest_n_)
      found.notes.emplace_back("beyond the largest concurrency measured");
    return found;
  }

  friend usl_fit fit_usl(std::span<const double> concurrency, std::span<const double> throughput,
                         const usl_fit_options& options);

 private:
  static constexpr double infinity = std::numeric_limits<double>::infinity();

  /// A plane that turns with t: d(normal . p - value) = (turn . p + shift) dt.
  struct bend {
    detail::plane plane;
    detail::coefficients turn;
    double shift = 0;
  };

  usl_fit(std::span<const double> concurrency, std::span<const double> throughput,
          const usl_fit_options& options)
      : level_(options.confidence_level) {
    constexpr std::string_view where = "queueing::fit_usl";
    relia::detail::require_open_fraction(where, "confidence_level", options.confidence_level);
    const auto levels = detail::scaling_levels(where, concurrency, throughput);
    relia::detail::require_argument(
        static_cast<count>(levels.size()) >= least_levels, where, "concurrency",
        "of at least 4 different levels, one more than there are coefficients", levels.size());
    n_ = static_cast<count>(concurrency.size());
    levels_ = static_cast<count>(levels.size());
    largest_n_ = levels.back().concurrency;
    double within = 0;
    for (const auto& level : levels) largest_x_ = std::max(largest_x_, level.mean);
    for (const auto& level : levels) {
      fit_.add(level.concurrency / largest_n_, level.mean / largest_x_,
               static_cast<double>(level.repeats), 1 / largest_n_);
      within += level.within / largest_x_ / largest_x_;
    }
    best_ = fit_.solve(fit_.start());
    relia::detail::require_argument(best_.p[0] + best_.p[1] / largest_n_ > 0, where, "throughput",
                                    "such that a concurrency of 1 has a finite throughput",
                                    std::string_view("one that falls as 1 / concurrency"));
    sse_ = (best_.sse + within) * largest_x_ * largest_x_;
    const auto degrees = static_cast<double>(n_ - 3);
    const double t = -detail::t_quantile(degrees, tail_probability(level_, sides::both));
    allowed_ = best_.sse + t * t * (best_.sse + within) / degrees;
    describe();
  }

  /// In units of the data: 1 / rate, contention / rate, coherency / rate, all times largest_x_.
  [[nodiscard]] detail::coefficients plain(const detail::coefficients& p) const noexcept {
    return {p[0] * largest_n_, p[1], p[2] / largest_n_};
  }
  [[nodiscard]] detail::coefficients scaled_normal(double a, double b, double c) const noexcept {
    return {a * largest_n_, b, c / largest_n_};
  }
  [[nodiscard]] detail::coefficients scaled(const detail::coefficients& q) const noexcept {
    return {q[0] / largest_n_, q[1], q[2] * largest_n_};
  }

  [[nodiscard]] estimate<double> estimate_of(double value) const {
    estimate<double> e;
    e.value = value;
    e.interval.confidence_level = level_;
    e.n = n_;
    e.method = profile;
    return e;
  }

  /// Where the profile of a parameter leaves what is allowed, from its best value `t` towards
  /// `sign`; `end` when it never does before. Newton's method on the root of the excess, which is
  /// nearly a straight line, inside a bracket. Stops after a step below 1e-7, which leaves its
  /// square.
  template <class Plane, class Move>
  [[nodiscard]] double end_of(const Plane& on, const Move& move, double t, double sign,
                              double end) const {
    const double room = std::sqrt(allowed_ - best_.sse);
    if (!(room > 0)) return t;
    detail::coefficients p = best_.p;
    // How far the root of the excess is from the room, in steps of t.
    const auto miss = [&](double at) {
      const bend b = on(at);
      const auto found = fit_.solve(move(p, at), b.plane);
      p = found.p;
      const double root = std::sqrt(std::max(0.0, found.sse - best_.sse));
      const double slope = found.multiplier * (detail::dot(b.turn, p) + b.shift);
      return std::pair{root - room, root > 0 ? (root - room) * root / slope : 0.0};
    };
    double inside = t;
    double outside = end;
    double at = t + sign * (t > 0 ? 0.1 * t : scale_of_zero_);
    if (sign * at >= sign * end) at = end;
    for (int i = 0; i < 200; ++i) {
      if (at == infinity) return infinity;
      const auto [value, step] = miss(at);
      if (at == end && value <= 0) return end;
      (value > 0 ? outside : inside) = at;
      double next = at - step;
      if (outside == infinity) {
        // Nothing is outside yet: on by the step, at most tenfold.
        const double most = t + 10 * (at - t);
        if (!(next > at && next < most)) next = most;
        if (i > 30) return infinity;
      } else if (!(sign * next > sign * inside && sign * next < sign * outside)) {
        // A step over the end tries the end once; else half way.
        const double apart = std::max(inside, outside) / std::min(inside, outside);
        next = outside == end && at != end && sign * next >= sign * end ? end
               : apart > 4 && apart < infinity ? std::sqrt(inside * outside)
               : apart == infinity && i > 20   ? 1e-3 * std::max(inside, outside)
                                               : inside + (outside - inside) / 2;
      }
      if (std::abs(next - at) <= 1e-7 * std::abs(next)) return next;
      at = next;
    }
    RELIA_RAISE(convergence_error, "relia::queueing::fit_usl: no end of a profile in 200 steps");
  }

  void describe() {
    const detail::coefficients q = plain(best_.p);
    const double sum = q[0] + q[1];
    const double rate = largest_x_ / sum;
    model_ = usl(q[1] / sum, q[2] / sum, rate);
    scale_of_zero_ = 1e-3 / largest_n_;
    contention_ = estimate_of(q[1] / sum);
    const auto contention_plane = [&](double t) {
      return bend{{scaled_normal(-t, 1 - t, 0), 0}, scaled_normal(-1, -1, 0), 0};
    };
    const auto contention_move = [&](const detail::coefficients& p, double t) {
      const auto from = plain(p);
      const double all = from[0] + from[1];
      return scaled({(1 - t) * all, t * all, from[2]});
    };
    contention_.interval.lower =
        end_of(contention_plane, contention_move, contention_.value, -1, 0);
    contention_.interval.upper = end_of(contention_plane, contention_move, contention_.value, 1, 1);

    scale_of_zero_ /= largest_n_;
    coherency_ = estimate_of(q[2] / sum);
    const auto coherency_plane = [&](double t) {
      return bend{{scaled_normal(-t, -t, 1), 0}, scaled_normal(-1, -1, 0), 0};
    };
    const auto coherency_move = [&](const detail::coefficients& p, double t) {
      const auto from = plain(p);
      return scaled({from[0], from[1], t * (from[0] + from[1])});
    };
    coherency_.interval.lower = end_of(coherency_plane, coherency_move, coherency_.value, -1, 0);
    coherency_.interval.upper =
        end_of(coherency_plane, coherency_move, coherency_.value, 1, infinity);
    if (coherency_.value == 0) {
      coherency_.notes.emplace_back("at its bound: the best fit without it would be below 0");
    }

    single_rate_ = throughput(1);
    single_rate_.notes.clear();

    // By 1 / peak^2 = p2 / p0, which is 0 where there is no peak.
    peak_ = estimate_of(model_.peak_concurrency());
    const auto peak_plane = [&](double t) {
      return bend{{scaled_normal(-t, 0, 1), 0}, scaled_normal(-1, 0, 0), 0};
    };
    const auto peak_move = [&](const detail::coefficients& p, double t) {
      const auto from = plain(p);
      return scaled({from[0], from[1], t * from[0]});
    };
    const double bent = q[0] > 0 ? q[2] / q[0] : infinity;
    if (bent < infinity) {
      peak_.interval.upper = 1 / std::sqrt(end_of(peak_plane, peak_move, bent, -1, 0));
      peak_.interval.lower = 1 / std::sqrt(end_of(peak_plane, peak_move, bent, 1, infinity));
    } else {
      peak_.interval.lower = 0;
    }
    if (peak_.interval.upper == infinity) {
      peak_.notes.emplace_back("the measurements do not show that there is a peak");
    }
    if (peak_.value > largest_n_) {
      peak_.notes.emplace_back("beyond the largest concurrency measured");
    }
  }

  double level_;
  detail::reciprocal_fit fit_;
  detail::reciprocal_solution best_;
  double allowed_ = 0;
  double largest_n_ = 0;
  double largest_x_ = 0;
  double sse_ = 0;
  double scale_of_zero_ = 0;
  count n_ = 0;
  count levels_ = 0;
  usl model_{0, 0, 1};
  estimate<double> contention_;
  estimate<double> coherency_;
  estimate<double> single_rate_;
  estimate<double> peak_;
};

/// Fits the universal scalability law to throughputs measured at concurrencies, in any order,
/// repeats welcome; a concurrency of 1 need not be among them. Errors of one size at all levels.
/// Domain: both from 1e-100 to 1e100, at least 4 different concurrencies. Throws:
/// std::domain_error, std::invalid_argument, convergence_error. Cost: some 150 passes over the
/// levels.
[[nodiscard]] inline usl_fit fit_usl(std::span<const double> concurrency,
                                     std::span<const double> throughput,
                                     const usl_fit_options& options = {}) {
  return {concurrency, throughput, options};
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
