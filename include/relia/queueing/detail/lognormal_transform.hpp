// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The Laplace transform of a log-normal time, which has no closed form: the trapezoidal rule,
/// which converges exponentially on the normal density, along the line through the saddle point of
/// the integrand, where nothing oscillates.
/// Ref: Asmussen, Jensen, Rojas-Nandayapa, "On the Laplace transform of the lognormal
/// distribution", Methodology and Computing in Applied Probability 18 (2016), for the saddle point.

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include <relia/queueing/detail/complex.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail {

/// E f(s exp(sigma Z)), Z standard normal, for an entire f that grows at most as its argument.
/// Along a line on which the argument of s is turned away, as far as that costs no digit, so that f
/// does not oscillate where the density still counts.
template <class Function>
[[nodiscard]] complex lognormal_average(complex s, double sigma, const Function& f) {
  const double most = 1.7 * sigma;  // the terms grow by exp(1.7^2 / 2)
  const double turn = std::clamp(std::arg(s), -most, most);
  const complex turned = s * std::polar(1.0, -turn);
  const complex shift(0, turn / sigma);
  const double step = 0.125 / (1 + sigma);
  complex sum = 0;
  for (double z = -9; z <= 9 + 2 * sigma; z += step) {
    const complex at = z - shift;
    sum += std::exp(-at * at / 2.0) * f(turned * std::exp(sigma * z));
  }
  return sum * (step / std::sqrt(2 * std::numbers::pi));
}

/// The w with w exp(w) = x, by Newton's method on w + log w = log x. Domain: Re x >= 0, x != 0.
[[nodiscard]] inline complex lambert(complex x) noexcept {
  const complex target = std::log(x);
  complex w = std::abs(x) < 1 ? x / (1.0 + x) : log1p(x);
  for (int i = 0; i < 50; ++i) {
    const complex step = (w + std::log(w) - target) * w / (1.0 + w);
    w -= step;
    if (std::abs(step) <= 1e-16 * std::abs(w)) break;
  }
  return w;
}

/// E exp(-s exp(sigma Z)). Domain: Re s >= 0, s != 0.
[[nodiscard]] inline complex lognormal_transform(complex s, double sigma) {
  // On z = saddle + x: the exponent is w / sigma^2 (1 + sigma x - exp(sigma x)) - x^2 / 2.
  const complex w = lambert(s * (sigma * sigma));
  const complex curve = w / (sigma * sigma);
  const double width = 1 / std::sqrt(1 + std::abs(w));
  const double step = width * 0.125 / (1 + sigma * width);
  const double reach = 9 * width * (1 + sigma * width);
  const double left = std::max(reach, 9 * std::min(1.0, 4 * width));  // where exp is flat
  complex sum = 0;
  for (double x = -left; x <= reach; x += step) {
    sum += std::exp(-curve * (std::expm1(sigma * x) - sigma * x) - x * x / 2);
  }
  return sum * std::exp(-curve * (w / 2.0 + 1.0)) * (step / std::sqrt(2 * std::numbers::pi));
}

/// 1 - E exp(-s exp(sigma Z)), also next to s = 0. Domain: Re s >= 0.
[[nodiscard]] inline complex lognormal_complement(complex s, double sigma) {
  if (std::abs(s) * std::exp(sigma * sigma / 2) < 0.1) {
    return lognormal_average(s, sigma, [](complex z) { return -expm1(-z); });
  }
  return 1.0 - lognormal_transform(s, sigma);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail
