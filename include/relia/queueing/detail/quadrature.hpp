// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Integrals over positive times by the double exponential rule, halving the step until two results
/// agree.
/// Ref: Takahasi and Mori, Publ. RIMS 9 (1974).

#include <cmath>
#include <string>
#include <string_view>

#include <relia/core/error.hpp>
#include <relia/detail/text.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail {

/// The trapezoidal rule on an f that vanishes double exponentially, on [-reach, reach]. Stops when
/// halving the step moves the result by less than 1e-11 of it: as each halving doubles the digits,
/// what is left is rounding. Throws: convergence_error after 2^13 values.
template <class Function>
[[nodiscard]] double trapezoid(std::string_view where, const Function& f, double reach) {
  double step = reach / 16;
  double sum = 0;
  for (int k = -16; k <= 16; ++k) sum += f(k * step);
  double value = sum * step;
  for (int points = 32; points <= 8192; points *= 2) {
    step /= 2;
    for (int k = 1 - points; k < points; k += 2) sum += f(k * step);
    const double next = sum * step;
    if (points > 32 && std::abs(next - value) <= 1e-11 * std::abs(next)) return next;
    value = next;
  }
  RELIA_RAISE(convergence_error, "relia::" + std::string(where) +
                                     ": the integral did not converge, last value " +
                                     relia::detail::to_text(value));
}

/// The integral over (0, infinity) of an f that falls off at least as a power above 1. `scale`:
/// where f is largest, roughly.
template <class Function>
[[nodiscard]] double integral_to_infinity(std::string_view where, double scale, const Function& f) {
  return trapezoid(
      where,
      [&](double u) {
        const double x = scale * std::exp(3 * std::sinh(u));
        const double value = f(x);
        return value == 0 ? 0 : value * x * 3 * std::cosh(u);
      },
      3.5);
}

/// The integral of f over (0, upper).
template <class Function>
[[nodiscard]] double integral_to(std::string_view where, double upper, const Function& f) {
  return trapezoid(
      where,
      [&](double u) {
        const double e = 2 * std::sinh(u);
        const double part = 1 / (1 + std::exp(-2 * e));
        return f(upper * part) * upper * part / (1 + std::exp(2 * e)) * 4 * std::cosh(u);
      },
      3.5);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail
