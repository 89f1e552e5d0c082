// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The Poisson mass e^-m m^n / n!, right to a few units in the last place wherever it can be
/// represented, in time independent of n. The exponent reaches 745, so a plain double would lose
/// three digits in it: it is carried in two parts.
/// Ref: Loader, "Fast and accurate computation of binomial probabilities" (2000).

#include <cmath>
#include <limits>
#include <numbers>

#include <relia/core/real.hpp>
#include <relia/detail/two_sum.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail {

/// The unevaluated sum of a number and its rounding error.
template <real Real>
struct two_part {
  Real high = 0;
  Real low = 0;

  constexpr void add(Real x) noexcept {  // `low` collects what `high` rounds off
    const Real sum = high + x;
    low += relia::detail::lost_in_sum(high, x, sum);
    high = sum;
  }
};

/// n log(n / m) - (n - m), at least 0. With s = (n - m) / (n + m) it is (n - m) s + 2 n (s^3/3 +
/// s^5/5 + ...), which cancels nothing; m is first brought to within 1.5 of n by a power of two,
/// for the series must not be of the order of n. Domain: n >= 1, m > 0.
template <real Real>
[[nodiscard]] two_part<Real> deviance(Real n, Real mean) noexcept {
  two_part<Real> sum;
  int shift = 0;
  if (!(std::abs(n - mean) <= mean / 4)) {
    shift = std::ilogb(n) - std::ilogb(mean);
    const Real first = std::scalbn(mean, shift);
    if (first > Real{1.5} * n) --shift;
    if (n > Real{1.5} * first) ++shift;
  }
  const Real near = std::scalbn(mean, shift);
  if (shift != 0) {
    constexpr auto log2_high =
        static_cast<Real>(0x0.B172p0L);  // few enough bits for an exact product with n shift
    constexpr auto log2_low = static_cast<Real>(0x0.000017F7D1CF79ABC9E3B398p0L);
    sum.add(n * static_cast<Real>(shift) * log2_high);
    sum.add(-near);
    sum.add(mean);
    sum.add(n * static_cast<Real>(shift) * log2_low);
  }
  const Real difference = n - near;  // exact: the two are within a factor 2 (Sterbenz)
  const Real total = n + near;
  const Real total_error = n > near ? near - (total - n) : n - (total - near);
  const Real square = difference * difference;
  const Real leading = square / total;
  const Real s = difference / total;
  Real series = 0;
  Real power = s * s * s;
  for (int k = 3; k < 64 && series + power / static_cast<Real>(k) != series; k += 2) {
    series += power / static_cast<Real>(k);
    power *= s * s;
  }
  sum.add(leading);
  sum.add(2 * n * series);
  sum.add((std::fma(-leading, total, square) + std::fma(difference, difference, -square) -
           leading * total_error) /
          total);
  return sum;
}

/// log n! - log(sqrt(2 pi n) (n / e)^n). Domain: n >= 1.
template <real Real>
[[nodiscard]] Real stirling_error(Real n) noexcept {
  Real shifted = 0;
  for (; n < 16; n += 1) shifted += (n + Real{0.5}) * std::log1p(1 / n) - 1;
  const Real x = 1 / (n * n);  // at 16 the first term left out is 1e-16
  return shifted +
         (Real{1} / 12 - x * (Real{1} / 360 -
                              x * (Real{1} / 1260 - x * (Real{1} / 1680 - x * (Real{1} / 1188))))) /
             n;
}

/// 1 / mass, of d = deviance(n, mean); infinite where the mass is below the smallest normal number.
/// Domain: n >= 1.
template <real Real>
[[nodiscard]] Real inverse_poisson_mass(Real n, const two_part<Real>& d) noexcept {
  return std::sqrt(2 * std::numbers::pi_v<Real> * n) * std::exp(d.low + stirling_error(n)) *
         std::exp(d.high);
}

/// The logarithm of the mass. Domain: n >= 0, mean >= 0.
template <real Real>
[[nodiscard]] Real log_poisson_mass(Real n, Real mean) noexcept {
  if (n == 0) return -mean;
  if (mean == 0) return -std::numeric_limits<Real>::infinity();
  const auto d = deviance(n, mean);
  return -(d.high + (d.low + stirling_error(n) + std::log(2 * std::numbers::pi_v<Real> * n) / 2));
}

/// Domain: n >= 0, mean >= 0.
template <real Real>
[[nodiscard]] Real poisson_mass(Real n, Real mean) noexcept {
  if (n == 0 || mean == 0) return n == 0 ? std::exp(-mean) : Real{0};
  const auto d = deviance(n, mean);
  if (d.high > Real{20000}) return 0;  // also of a long double; d.low is no longer small
  return std::exp(-d.high) * std::exp(-(d.low + stirling_error(n))) /
         std::sqrt(2 * std::numbers::pi_v<Real> * n);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing::detail
