// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How long do things last when some have not ended yet? Kaplan and Meier's survival curve of
/// right-censored times, with Greenwood's variance: incidents still open count for as long as they
/// have been watched, instead of being dropped. Assumes that what is still open is like the rest.
///
/// Conventions, as R's survival package: an end at the time of a censoring comes first; a quantile
/// that the curve meets exactly over a stretch is the middle of the stretch. Beyond R: where no
/// event has been seen yet, the lower limit is the exact binomial one, tail^(1/m) for m rows
/// watched for longer. Greenwood's variance is 0 there, and a quantile of few rows would seem too
/// sure. Ref: E. L. Kaplan, P. Meier, JASA 53 (1958) 457; R. Brookmeyer, J. Crowley, Biometrics 38
/// (1982) 29; J. P. Klein, M. L. Moeschberger, Survival Analysis, 2nd ed. (2003), sections 4.2
/// to 4.5.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <relia/core/estimate.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/text.hpp>
#include <relia/stats/detail/gaussian.hpp>
#include <relia/stats/detail/survival_limits.hpp>
#include <relia/stats/detail/survival_steps.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::stats {

/// The area under the survival curve, with a normal interval.
inline constexpr method restricted_mean_area{"restricted_mean"};

struct survival_options {
  double confidence_level = 0.95;
  relia::method method = log_log_limits;
};

/// The Kaplan-Meier estimate of P(T > t).
class kaplan_meier {
 public:
  /// `times`: how long each row lasted or has been watched, in any one unit, at least 0.
  /// `observed`: whether it has ended (true) or is still open. `counts`: how many each row stands
  /// for; empty means 1. No rows make a curve that answers no_data.
  /// Throws: std::domain_error for a time that is negative or not finite, a negative count and
  /// counts that add up to 2^63, std::invalid_argument for sizes that differ. Cost: O(n).
  kaplan_meier(std::span<const double> times, std::span<const std::uint8_t> observed,
               std::span<const count> counts = {})
      : kaplan_meier(detail::survival_steps("stats::kaplan_meier", times, observed, counts)) {}
  kaplan_meier(std::span<const double> times, std::span<const bool> observed,
               std::span<const count> counts = {})
      : kaplan_meier(detail::survival_steps("stats::kaplan_meier", times, observed, counts)) {}

  [[nodiscard]] count n() const noexcept { return n_; }
  [[nodiscard]] count n_open() const noexcept { return n_open_; }
  /// One step for each different time, ascending.
  [[nodiscard]] std::span<const survival_step> steps() const noexcept { return steps_; }

  /// P(T > t): 1 before the first end, the last value beyond the last time. NaN without rows or for
  /// NaN.
  [[nodiscard]] double survival(double t) const noexcept {
    if (n_ == 0 || std::isnan(t)) return std::numeric_limits<double>::quiet_NaN();
    const survival_step* s = step_at(t);
    return s == nullptr ? 1.0 : s->survival;
  }

  /// Greenwood's standard error of survival(t); 0 before the first end and once all have ended.
  [[nodiscard]] double standard_error(double t) const noexcept {
    if (n_ == 0 || std::isnan(t)) return std::numeric_limits<double>::quiet_NaN();
    const survival_step* s = step_at(t);
    return s == nullptr || s->survival == 0 ? 0.0 : s->survival * std::sqrt(s->log_variance);
  }

  /// The interval of survival(t). Where all have ended the lower limit is 0 and the upper that of
  /// the step before, or the exact binomial one when all ended at once; beyond the last time the
  /// lower is 0. [0, 1] without rows. Throws: std::domain_error for a NaN time or a level outside
  /// (0, 1), std::invalid_argument for another method.
  [[nodiscard]] interval<double> limits(double t, const survival_options& options = {}) const {
    const std::string_view where = "stats::kaplan_meier::limits";
    check(where, options);
    relia::detail::require_domain(!std::isnan(t), where, "t", "a time", t);
    if (n_ == 0) return {0.0, 1.0, options.confidence_level};
    auto bounds = scale(*this, options).at(step_at(t));
    if (t > steps_.back().time) bounds.lower = 0;
    return bounds;
  }

  /// The interval at each step, in order: what a plot of the curve needs.
  [[nodiscard]] std::vector<interval<double>> limits(const survival_options& options = {}) const {
    check("stats::kaplan_meier::limits", options);
    const scale at_scale(*this, options);
    std::vector<interval<double>> all;
    all.reserve(steps_.size());
    for (const survival_step& s : steps_) all.push_back(at_scale.at(&s));
    return all;
  }

  /// The time by which the fraction `level` has ended: 0.5 is the median. Infinite when the curve
  /// does not come down to it. The interval holds the times at which that level lies within the
  /// limits of survival (Brookmeyer and Crowley); its lower end is at most the last time watched.
  /// Throws: std::domain_error for a level outside (0, 1), std::invalid_argument for a method.
  [[nodiscard]] estimate<double> quantile(double level,
                                          const survival_options& options = {}) const {
    const std::string_view where = "stats::kaplan_meier::quantile";
    check(where, options);
    relia::detail::require_open_fraction(where, "level", level);
    if (n_ == 0) {
      return no_data(options.method, options.confidence_level, 0.0,
                     std::numeric_limits<double>::infinity());
    }
    const double left = 1 - level;
    const scale bounds(*this, options);
    estimate<double> answer = described(options.method);
    answer.value = first_time(left, [](const survival_step& s) { return s.survival; });
    answer.interval = {
        first_time(left, [&](const survival_step& s) { return bounds.at(&s).lower; }),
        first_time(left, [&](const survival_step& s) { return bounds.at(&s).upper; }),
        options.confidence_level};
    if (bounds.at(nullptr).lower <= left) answer.interval.lower = 0;
    answer.interval.lower = std::min(answer.interval.lower, steps_.back().time);
    if (std::isinf(answer.value))
      answer.notes.push_back("not reached: a fraction of " +
                             relia::detail::to_text(steps_.back().survival) +
                             " had not ended when last watched");
    return answer;
  }

  /// The mean of min(T, tau): the area under the curve up to tau, which needs no end of the curve.
  /// A normal interval with restricted_mean_error, kept within [0, tau]; where nothing ended before
  /// tau, from tau times the exact lower limit; options.method has no part in it. Throws:
  /// std::domain_error for tau not positive or a level outside (0, 1).
  [[nodiscard]] estimate<double> restricted_mean(double tau,
                                                 const survival_options& options = {}) const {
    const std::string_view where = "stats::kaplan_meier::restricted_mean";
    check(where, options);
    relia::detail::require_positive(where, "tau", tau);
    const double level = options.confidence_level;
    if (n_ == 0) return no_data(restricted_mean_area, level, 0.0, tau);
    const area a = area_until(tau);
    const double reach = detail::gaussian_score(level) * std::sqrt(a.variance);
    estimate<double> answer = described(restricted_mean_area);
    answer.value = a.mean;
    answer.interval = {std::max(0.0, a.mean - reach), std::min(tau, a.mean + reach), level};
    if (!a.ended) {
      answer.interval.lower = tau * detail::no_event_limit(a.beyond, level);
      answer.notes.emplace_back("nothing ended before tau");
    } else if (a.variance == 0) {
      answer.notes.emplace_back("all ended at one time: the interval does not show how sure it is");
    }
    if (tau > steps_.back().time && steps_.back().survival > 0)
      answer.notes.push_back("the curve is carried flat from the last time watched, " +
                             relia::detail::to_text(steps_.back().time) + ", to tau");
    return answer;
  }

  /// The standard error of restricted_mean(tau): the root of the sum over the times of ends of
  /// (area from there to tau)^2 events / (at risk (at risk - events)).
  [[nodiscard]] double restricted_mean_error(double tau) const {
    relia::detail::require_positive("stats::kaplan_meier::restricted_mean_error", "tau", tau);
    return n_ == 0 ? std::numeric_limits<double>::quiet_NaN() : std::sqrt(area_until(tau).variance);
  }

 private:
  struct area {
    double mean = 0;
    double variance = 0;
    bool ended = false;  ///< whether anything ended before tau
    count beyond = 0;    ///< watched to tau at least
  };

  /// The limits at any step, with what does not depend on the step computed once.
  struct scale {
    scale(const kaplan_meier& c, const survival_options& o)
        : curve(c),
          how(o.method),
          level(o.confidence_level),
          z(detail::gaussian_score(o.confidence_level)) {}

    /// nullptr: before the first step.
    [[nodiscard]] interval<double> at(const survival_step* s) const {
      if (s == nullptr) return {detail::no_event_limit(curve.n_, level), 1.0, level};
      if (s->survival == 1) {
        const survival_step* next = s + 1;
        const bool last = next == curve.steps_.data() + curve.steps_.size();
        return {detail::no_event_limit(last ? 0 : next->at_risk, level), 1.0, level};
      }
      if (s->survival > 0)
        return detail::survival_limits(s->survival, s->log_variance, how, z, level);
      const bool at_once = s == curve.steps_.data() || (s - 1)->survival == 1;
      return {0.0, at_once ? 1 - detail::no_event_limit(s->events, level) : at(s - 1).upper, level};
    }

    const kaplan_meier& curve;
    relia::method how;
    double level;
    double z;
  };

  static void check(std::string_view where, const survival_options& o) {
    relia::detail::require_open_fraction(where, "confidence_level", o.confidence_level);
    relia::detail::require_argument(
        o.method == log_log_limits || o.method == log_limits || o.method == plain_limits ||
            o.method == logit_limits || o.method == arcsine_limits,
        where, "method", "log_log, log, plain, logit or arcsine", o.method.name);
  }

  [[nodiscard]] estimate<double> described(relia::method how) const {
    estimate<double> e;
    e.n = n_;
    e.n_open = n_open_;
    e.method = how;
    return e;
  }

  [[nodiscard]] const survival_step* step_at(double t) const noexcept {
    const auto after =
        std::upper_bound(steps_.begin(), steps_.end(), t,
                         [](double x, const survival_step& s) { return x < s.time; });
    return after == steps_.begin() ? nullptr : &*(after - 1);
  }

  /// The first time at which value(step) is at most `left`; the middle of the stretch on which the
  /// two are equal.
  template <class Value>
  [[nodiscard]] double first_time(double left, Value value) const {
    // As R, 2^-26: rounding in the product must not hide equality. Of the smaller side, so that a
    // level next to 0 or 1 does not equal it, and never less than the rounding of `left` itself.
    const double equal = 0x1p-26 * std::min(left, 1 - left) + 0x1p-51;
    const auto reached = std::find_if(steps_.begin(), steps_.end(), [&](const survival_step& s) {
      return value(s) <= left + equal;
    });
    if (reached == steps_.end()) return std::numeric_limits<double>::infinity();
    const auto passed = std::find_if(
        reached, steps_.end(), [&](const survival_step& s) { return value(s) < left - equal; });
    return std::midpoint(reached->time, passed == steps_.end() ? steps_.back().time : passed->time);
  }

  [[nodiscard]] area area_until(double tau) const {
    const auto end = std::lower_bound(steps_.begin(), steps_.end(), tau,
                                      [](const survival_step& s, double x) { return s.time < x; });
    area a;
    a.beyond = end == steps_.end() ? 0 : end->at_risk;
    double right = tau;
    for (auto s = end; s != steps_.begin();) {
      --s;
      a.mean += s->survival * (right - s->time);
      right = s->time;
      if (s->events == 0) continue;
      a.ended = true;
      if (s->at_risk > s->events) a.variance += a.mean * a.mean * detail::greenwood_term(*s);
    }
    a.mean += right;
    return a;
  }

  explicit kaplan_meier(detail::survival_curve&& curve)
      : steps_(std::move(curve.steps)), n_(curve.n), n_open_(curve.n_open) {}

  std::vector<survival_step> steps_;
  count n_;
  count n_open_;
};

/// How much longer the mean of min(T, tau) is for `a` than for `b`, two independent groups: the
/// difference of the areas, normal interval; a group of which nothing ended before tau enters with
/// its exact limit. No rows in either: state no_data.
/// Throws: as kaplan_meier::restricted_mean.
[[nodiscard]] inline estimate<double> restricted_mean_difference(
    const kaplan_meier& a, const kaplan_meier& b, double tau,
    const survival_options& options = {}) {
  const estimate<double> first = a.restricted_mean(tau, options);
  const estimate<double> second = b.restricted_mean(tau, options);
  estimate<double> answer = no_data(restricted_mean_area, options.confidence_level, -tau, tau);
  answer.n = relia::detail::sum_of_counts("stats::restricted_mean_difference", "the rows together",
                                          first.n, second.n);
  answer.n_open = first.n_open + second.n_open;
  if (!first.has_value() || !second.has_value()) return answer;
  answer.state = state::ok;
  answer.value = first.value - second.value;
  const double score = detail::gaussian_score(options.confidence_level);
  // Where nothing ended the error is 0, but the way to the exact limit is not.
  const auto reach = [&](const kaplan_meier& curve, double to_limit) {
    const double error = curve.restricted_mean_error(tau);
    return error > 0 ? score * error : to_limit;
  };
  const double down = std::hypot(reach(a, first.value - first.interval.lower),
                                 reach(b, second.interval.upper - second.value));
  const double up = std::hypot(reach(a, first.interval.upper - first.value),
                               reach(b, second.value - second.interval.lower));
  answer.interval.lower = std::max(-tau, answer.value - down);
  answer.interval.upper = std::min(tau, answer.value + up);
  for (const std::string& note : first.notes) answer.notes.push_back("first group: " + note);
  for (const std::string& note : second.notes) answer.notes.push_back("second group: " + note);
  return answer;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::stats
