// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Integrals from 0 to infinity of smooth functions that fall off at least as a power above 1: the
/// trapezoidal rule after t = scale exp(u - exp(-u)), which makes both ends double or single
/// exponentials. The step is halved until two results agree.
/// Ref: Takahasi and Mori, Publ. RIMS 9 (1974).

#include <cmath>
#include <string>
#include <string_view>

#include <relia/core/error.hpp>
#include <relia/core/real.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail {

/// Stops when halving the step moves the result by less than 1e-11 of it: as each halving doubles
/// the digits, what is left is rounding. Throws: convergence_error after eight halvings.
template <class Function>
[[nodiscard]] double integral_to_infinity(std::string_view where, double scale, const Function& f) {
  // exp(u - exp(-u)) runs from 1e-22 to 1e+16.
  constexpr double lowest = -3.75;
  constexpr double highest = 37;
  const auto term = [&](double u) {
    const double shrink = std::exp(-u);
    const double t = scale * std::exp(u - shrink);
    return f(t) * t * (1 + shrink);
  };
  double step = 0.25;
  double sum = 0;
  const auto add = [&](double first, double stride) {
    for (double u = first; u <= highest; u += stride) sum += term(u);
  };
  add(lowest, step);
  double before = sum * step;
  for (int halving = 0; halving < 8; ++halving) {
    add(lowest + step / 2, step);
    step /= 2;
    const double now = sum * step;
    if (std::abs(now - before) <= 1e-11 * std::abs(now)) return now;
    before = now;
  }
  RELIA_RAISE(convergence_error,
              "relia::" + std::string(where) + ": the integral does not settle to 1e-11");
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail
