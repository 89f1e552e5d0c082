// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How fast does it grow, and when does the line meet the capacity? A straight line through a
/// series with textbook intervals: they hold when the residuals are independent, and say so in a
/// note when they are not. For the probability of running out use exhaustion.hpp: a line,
/// extrapolated and taken at its word, is worse than no forecast.

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <relia/core/estimate.hpp>
#include <relia/core/series.hpp>
#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/forecast/least_squares.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::forecast {

inline constexpr method fieller{"fieller"};

/// Where a fitted line meets a level. `g` is the squared ratio of the slope's half width to the
/// slope: below 1 the slope is significant and the interval bounded.
struct line_crossing {
  estimate<double> x;
  double g = 0;
};

/// The x at which the line of a one-column model with intercept meets `level`, with Fieller's
/// interval. With g >= 1 the interval is [the earliest x on the far side, infinity), or the whole
/// line when the data exclude nothing; a level line never meets another: x is infinite. Throws:
/// std::invalid_argument for another model, std::domain_error for a level that is not finite and a
/// confidence level outside (0, 1). Ref: Fieller, JRSS B 16, 1954, 175-185.
[[nodiscard]] inline line_crossing crossing_of(const linear_model<double>& line, double level,
                                               double confidence_level = 0.95) {
  constexpr const char* where = "forecast::crossing_of";
  relia::detail::require_argument(line.has_intercept() && line.size() == 2, where, "line",
                                  "a model of one column and an intercept", line.size());
  relia::detail::require_finite(where, "level", level);
  const estimate<double> slope = line.coefficient(1, confidence_level);
  const double half_width = slope.interval.upper - slope.value;
  const double b = slope.value;
  const double above = level - line.response_mean();
  const double centre = line.column_means()(0);

  line_crossing c;
  c.x.n = line.n();
  c.x.method = fieller;
  c.x.notes = slope.notes;
  c.x.interval.confidence_level = confidence_level;
  c.x.value = b != 0 ? centre + above / b : std::numeric_limits<double>::infinity();
  c.g = half_width > 0 ? (half_width / b) * (half_width / b) : 0.0;
  if (!relia::detail::is_finite(half_width)) return c;
  if (half_width == 0) {
    c.x.interval.lower = c.x.interval.upper = c.x.value;
    return c;
  }
  // (b^2 - w^2) d^2 - 2 a b d + a^2 - w^2 v <= 0 for d = x - centre, w the half width of the slope
  // and v the mean square of the centred x; divided by w^2 so that nothing overflows near b = 0.
  const double spread = line.residual_sd() / line.standard_errors()(1);
  const double v = spread * spread / static_cast<double>(line.n());
  const double r = b / half_width;
  const double a = above / half_width;
  const double lead = (r - 1) * (r + 1);
  const double discriminant = a * a + lead * v;
  if (lead == 0 || discriminant < 0) return c;
  const double root = std::sqrt(discriminant);
  const double one = (a * r - root) / lead;
  const double other = (a * r + root) / lead;
  if (lead > 0) {
    c.x.interval.lower = centre + std::min(one, other);
    c.x.interval.upper = centre + std::max(one, other);
  } else {
    c.x.interval.lower = centre + std::max(one, other);
  }
  return c;
}

/// How a trend stands to a capacity.
enum class outlook { ahead, already_over, never, slope_not_significant };

[[nodiscard]] constexpr std::string_view to_string(outlook o) noexcept {
  switch (o) {
    case outlook::ahead:
      return "ahead";
    case outlook::already_over:
      return "already_over";
    case outlook::never:
      return "never";
    default:
      return "slope_not_significant";
  }
}

/// When the line meets a capacity, counted from the last sample; infinite when never.
struct capacity_crossing {
  forecast::outlook outlook = outlook::never;
  estimate<real_seconds> after;
  double g = 0;  ///< as in line_crossing
};

/// A straight line through a series.
class linear_trend {
 public:
  /// See fit_trend.
  explicit linear_trend(const series& data)
      : last_(last_of(data)), last_value_(data.values().back()), line_(fit(data)) {
    const auto& e = line_.residuals();
    const Eigen::Index n = e.size();
    const double square = e.squaredNorm();
    if (square > 0) autocorrelation_ = e.head(n - 1).dot(e.tail(n - 1)) / square;
  }

  /// The mean level at t. Throws: std::domain_error for a confidence level outside (0, 1).
  [[nodiscard]] estimate<double> mean(instant t, double confidence_level = 0.95) const {
    const double x = seconds_after_last(t);
    return noted(line_.mean({&x, 1}, confidence_level));
  }

  /// One new sample at t. Throws: as mean.
  [[nodiscard]] estimate<double> prediction(instant t, double confidence_level = 0.95) const {
    const double x = seconds_after_last(t);
    return noted(line_.prediction({&x, 1}, confidence_level));
  }

  /// Growth in a stretch of time: per second by default. Throws: std::domain_error for a stretch
  /// that is not positive and a confidence level outside (0, 1).
  [[nodiscard]] estimate<double> slope(real_seconds per = std::chrono::seconds(1),
                                       double confidence_level = 0.95) const {
    relia::detail::require_positive("forecast::linear_trend::slope", "per", per.count());
    const std::array<double, 2> weights{0.0, per.count()};
    return noted(line_.combination(weights, confidence_level));
  }

  /// When the line reaches `capacity` from below; give used, not free, amounts. Throws: as
  /// crossing_of.
  [[nodiscard]] capacity_crossing crossing(double capacity, double confidence_level = 0.95) const {
    relia::detail::require_finite("forecast::linear_trend::crossing", "capacity", capacity);
    const line_crossing c = crossing_of(line_, capacity, confidence_level);
    const double b = line_.coefficients()(1);
    capacity_crossing answer;
    answer.g = c.g;
    answer.after.n = c.x.n;
    answer.after.method = c.x.method;
    answer.after.notes = noted(c.x).notes;
    answer.after.interval.confidence_level = confidence_level;
    const auto at = [&](double value, double lower, double upper) {
      answer.after.value = real_seconds(value);
      answer.after.interval.lower = real_seconds(std::max(lower, 0.0));
      answer.after.interval.upper = real_seconds(upper);
    };
    if (last_value_ >= capacity) {
      answer.outlook = outlook::already_over;
      at(0, 0, 0);
    } else if (c.g >= 1) {
      answer.outlook = outlook::slope_not_significant;
      at(b > 0 ? std::max(c.x.value, 0.0) : never.count(), c.x.interval.lower, never.count());
    } else if (b <= 0) {
      answer.outlook = outlook::never;
      at(never.count(), never.count(), never.count());
    } else if (c.x.value <= 0) {
      answer.outlook = outlook::already_over;
      answer.after.notes.emplace_back("the line is over the capacity, the last sample is not");
      at(0, 0, std::max(c.x.interval.upper, 0.0));
    } else {
      answer.outlook = outlook::ahead;
      at(c.x.value, c.x.interval.lower, c.x.interval.upper);
    }
    return answer;
  }

  [[nodiscard]] instant last() const noexcept { return last_; }
  [[nodiscard]] double last_value() const noexcept { return last_value_; }
  /// Of neighbouring residuals. 0 when there is no noise.
  [[nodiscard]] double residual_autocorrelation() const noexcept { return autocorrelation_; }
  /// Level against seconds after the last sample.
  [[nodiscard]] const linear_model<double>& line() const noexcept { return line_; }

 private:
  static instant last_of(const series& data) {
    relia::detail::require_argument(data.size() >= 2, "forecast::fit_trend", "data",
                                    "of at least 2 samples", data.size());
    return data.times().back();
  }

  [[nodiscard]] double seconds_after_last(instant t) const {
    return real_seconds(t - last_).count();
  }

  [[nodiscard]] linear_model<double> fit(const series& data) const {
    Eigen::VectorXd x(static_cast<Eigen::Index>(data.size()));
    std::transform(data.times().begin(), data.times().end(), x.begin(),
                   [&](instant t) { return seconds_after_last(t); });
    return fit_least_squares(x, data.values());
  }

  [[nodiscard]] estimate<double> noted(estimate<double> e) const {
    // Independent residuals exceed 2 / sqrt(n) about once in forty series.
    if (autocorrelation_ > 2 / std::sqrt(static_cast<double>(line_.n()))) {
      e.notes.push_back("neighbouring residuals are correlated (" +
                        relia::detail::to_text(std::round(autocorrelation_ * 100) / 100) +
                        "): the interval is too narrow");
    }
    return e;
  }

  instant last_;
  double last_value_;
  linear_model<double> line_;
  double autocorrelation_ = 0;
};

/// The line through a series by least squares. Throws: std::invalid_argument for fewer than two
/// samples. Cost: O(n).
[[nodiscard]] inline linear_trend fit_trend(const series& data) { return linear_trend(data); }

/// PromQL's predict_linear: the level `ahead` of `now` on the line through the samples of a range.
/// With the interval that PromQL does not give; fewer than two samples are no data.
/// Throws: std::domain_error for a confidence level outside (0, 1) and a time beyond the year 2262.
[[nodiscard]] inline estimate<double> predict_linear(const series& range, instant now,
                                                     duration ahead,
                                                     double confidence_level = 0.95) {
  relia::detail::require_domain(
      ahead <= duration::zero() || now <= instant::max() - ahead, "forecast::predict_linear",
      "ahead", "short enough for now + ahead to be before the year 2262, in nanoseconds",
      ahead.count());
  if (range.size() < 2) return no_data(least_squares, confidence_level);
  return fit_trend(range).prediction(now + ahead, confidence_level);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::forecast
