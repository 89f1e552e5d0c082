// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Tails of the beta and gamma distributions of large shapes, where Boost's series take as many
/// terms as the square root of the shape and give up near 1e12: the density, in deviance form so
/// that nothing cancels, times a short smooth integral.
/// Ref: C. Loader, "Fast and Accurate Computation of Binomial Probabilities" (2000), for the
/// deviance form; W. H. Press et al., "Numerical Recipes", 3rd ed. (2007), 6.2, for the quadrature.

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include <boost/math/quadrature/gauss.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/special_functions/log1p.hpp>

#include <relia/core/error.hpp>
#include <relia/detail/policy.hpp>
#include <relia/detail/text.hpp>
#include <relia/stats/detail/gaussian.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::stats::detail {

using relia::detail::policy;

/// The standard normal deviate with probability `tail` above it.
[[nodiscard]] inline double normal_deviate(double tail) { return -gaussian_quantile(tail); }

/// From this shape on the functions below are used.
inline constexpr double large_shape = 1e5;

/// ln(1 + x) - x.
[[nodiscard]] inline double log1pmx(double x) { return boost::math::log1pmx(x, policy()); }

/// ln(Gamma(x + 1)) minus Stirling's formula.
[[nodiscard]] inline double stirling_error(double x) {
  if (x < 16) {
    constexpr double half_log_two_pi = 0.91893853320467274178;
    if (x == 0) return 0;
    return boost::math::lgamma(x + 1, policy()) - (x + 0.5) * std::log(x) + x - half_log_two_pi;
  }
  const double w = 1 / (x * x);
  return (1.0 / 12 - w * (1.0 / 360 - w * (1.0 / 1260 - w * (1.0 / 1680 - w / 1188)))) / x;
}

/// A tail over the density at its end: the integral of density(x + t) / density(x) over t > 0, for
/// a log-concave density whose logarithm falls with `slope` and `curvature` at x.
template <class LogRatio>
[[nodiscard]] double mills_ratio(LogRatio log_ratio, double slope, double curvature,
                                 double longest) {
  constexpr double depth = 45;  // e^-45 of the density is below the last digit of the tail
  const double reach = 2 * depth / (slope + std::sqrt(slope * slope + 2 * depth * curvature));
  return boost::math::quadrature::gauss<double, 30>::integrate(
      [&](double t) { return std::exp(log_ratio(t)); }, 0.0, std::min(reach, longest));
}

/// The beta distribution of large shapes, below mean + offset.
struct large_beta {
  double a, b;
  double mean = a / (a + b);
  double rest = b / (a + b);

  [[nodiscard]] double deviation() const { return std::sqrt(mean * rest / (a + b)); }

  [[nodiscard]] double log_density(double offset) const {
    const double deviance = -a * log1pmx(offset / mean) - b * log1pmx(-offset / rest);
    return -deviance - std::log((mean + offset) * (rest - offset)) +
           0.5 * std::log(a / (a + b) * b / (2 * std::numbers::pi)) + stirling_error(a + b) -
           stirling_error(a) - stirling_error(b);
  }

  [[nodiscard]] double mills(double offset) const {
    const double x = mean + offset;
    const double y = rest - offset;
    const double slope = (2 * x - 1 - (a + b) * offset) / (x * y);
    return mills_ratio(
        [&](double t) { return (a - 1) * log1pmx(-t / x) + (b - 1) * log1pmx(t / y) - slope * t; },
        slope, (a - 1) / (x * x) + (b - 1) / (y * y), x);
  }
};

/// The gamma distribution of a large shape and scale 1, below (side -1) or above (side 1) shape +
/// offset.
struct large_gamma {
  double shape;
  double side;

  [[nodiscard]] double deviation() const { return std::sqrt(shape); }

  [[nodiscard]] double log_density(double offset) const {
    return shape * log1pmx(offset / shape) - std::log1p(offset / shape) -
           0.5 * std::log(2 * std::numbers::pi * shape) - stirling_error(shape);
  }

  [[nodiscard]] double mills(double offset) const {
    const double x = shape + offset;
    const double slope = side * (offset + 1) / x;
    return mills_ratio([&](double t) { return (shape - 1) * log1pmx(side * t / x) - slope * t; },
                       slope, (shape - 1) / (x * x),
                       side < 0 ? x : std::numeric_limits<double>::infinity());
  }
};

/// The offset beyond which (side 1: above, -1: below) `tail` is left: Newton's method on the
/// logarithm of the tail, which is concave.
template <class Large>
[[nodiscard]] double tail_offset(const Large& distribution, double side, double tail) {
  double offset = side * normal_deviate(tail) * distribution.deviation();
  // The step carries the rounding of a deviance of order one, made of terms near sqrt(shape).
  const double smallest = distribution.deviation() * 1e-7;
  for (int i = 0; i < 100; ++i) {
    const double ratio = distribution.mills(offset);
    const double step =
        side * ratio * (distribution.log_density(offset) + std::log(ratio) - std::log(tail));
    offset += step;
    if (std::abs(step) <= smallest) return offset;
  }
  RELIA_RAISE(convergence_error,
              "relia::stats: the limit did not converge in 100 steps, at offset " +
                  relia::detail::to_text(offset));
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::stats::detail
