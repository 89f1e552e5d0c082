// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// A function of time from its Laplace transform: the Fourier series of the function damped, whose
/// alternating tail Euler's transformation sums. Given the rate at which the function decays, the
/// transform is taken beside that pole: the error is then relative to the function, however far
/// out. Ref: Abate and Whitt, "Numerical inversion of Laplace transforms of probability
/// distributions", ORSA Journal on Computing 7 (1995); Choudhury, Lucantoni, Whitt, Annals of
/// Applied Probability 4 (1994), eq. 2.5, for the refinement that limits the rounding error.

#include <array>
#include <cmath>
#include <complex>
#include <numbers>

#include <relia/queueing/detail/complex.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail {

/// exp(decay t) f(t). The function damped has period 2 parts t, so that the aliases left out are
/// below exp(-30) of it; rounding is amplified by exp(30 / (2 parts)). `terms` are summed one by
/// one, then 16 by Euler: 24 do where f is smooth, kinks take hundreds. Domain: t > 0.
template <class Transform>
[[nodiscard]] double scaled_inverse(const Transform& transform, double t, double decay, int terms) {
  constexpr int parts = 2;
  constexpr double damping = 30;
  constexpr int euler = 16;
  static constexpr auto binomial = [] {
    std::array<double, euler + 1> row{1};
    for (std::size_t n = 0; n < euler; ++n) {
      row[n + 1] = row[n] * static_cast<double>(euler - n) / static_cast<double>(n + 1);
    }
    return row;
  }();
  const double real_part = damping / (2 * parts * t) - decay;
  double sum = transform(complex(real_part, 0)).real();
  for (int j = 1; j <= parts; ++j) {
    const complex turn = std::polar(1.0, std::numbers::pi * j / parts);
    double partial = 0;
    double average = 0;
    for (int k = 0; k <= terms + euler; ++k) {
      const double frequency = std::numbers::pi * (k * parts + j) / (parts * t);
      const double term = (transform(complex(real_part, frequency)) * turn).real();
      partial += k % 2 == 0 ? term : -term;
      if (k >= terms) average += binomial[static_cast<std::size_t>(k - terms)] * partial;
    }
    sum += 2 * average / (1 << euler);
  }
  return std::exp(damping / (2 * parts)) / (2 * parts * t) * sum;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail
