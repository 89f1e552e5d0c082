// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// expm1 and log1p of complex numbers: transforms of service times next to 0, without cancellation.

#include <cmath>
#include <complex>

#include <relia/version.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail {

using complex = std::complex<double>;

[[nodiscard]] inline complex expm1(complex z) noexcept {
  const double half = std::sin(z.imag() / 2);
  return {std::expm1(z.real()) * std::cos(z.imag()) - 2 * half * half,
          std::exp(z.real()) * std::sin(z.imag())};
}

[[nodiscard]] inline complex log1p(complex z) noexcept {
  // |z| decides which of the two forms keeps the digits of log|1 + z|.
  const double size = std::norm(z) < 0.25
                          ? std::log1p(z.real() * (2 + z.real()) + z.imag() * z.imag()) / 2
                          : std::log(std::abs(1.0 + z));
  return {size, std::atan2(z.imag(), 1 + z.real())};
}

/// 1 - (1 - exp(-z)) / z, which vanishes as z / 2.
[[nodiscard]] inline complex one_minus_decay(complex z) noexcept {
  if (std::norm(z) > 0.25) return 1.0 + expm1(-z) / z;
  complex term = z / 2.0;
  complex sum = term;
  for (int n = 3; n < 18; ++n) {  // 0.5^17 / 18! is below 1e-20
    term *= -z / static_cast<double>(n);
    sum += term;
  }
  return sum;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail
