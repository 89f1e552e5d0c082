// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Sums and moments whose rounding does not grow with n: compensated sums, two passes, and a scale
/// that keeps squares from over- and underflowing.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>

#include <relia/core/real.hpp>
#include <relia/detail/two_sum.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::stats::detail {

/// A number in about twice the precision: high + low.
struct wide {
  double high;
  double low;
};

/// The sum of term(0) ... term(n - 1) in about twice the precision.
/// Ref: T. Ogita, S. M. Rump, S. Oishi, "Accurate Sum and Dot Product" (2005), algorithm Sum2.
template <class Term>
[[nodiscard]] wide wide_sum(std::size_t n, const Term& term) {
  constexpr std::size_t lanes = 8;  // independent, so that the compiler may use vector registers
  std::array<double, lanes> sum{};
  std::array<double, lanes> lost{};
  const auto add = [&](std::size_t lane, double x) {
    const double before = sum[lane];
    const double after = before + x;
    lost[lane] += relia::detail::lost_in_sum(before, x, after);
    sum[lane] = after;
  };
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    for (std::size_t lane = 0; lane < lanes; ++lane) add(lane, term(i + lane));
  }
  for (std::size_t lane = 0; i < n; ++i, ++lane) add(lane, term(i));
  for (std::size_t lane = 1; lane < lanes; ++lane) {
    add(0, sum[lane]);
    lost[0] += lost[lane];
  }
  return {sum[0], lost[0]};
}

template <class Term>
[[nodiscard]] double compensated_sum(std::size_t n, const Term& term) {
  const wide sum = wide_sum(n, term);
  return sum.high + sum.low;
}

/// The mean rounded once, so that equal values have themselves as their mean.
template <class Term>
[[nodiscard]] double compensated_mean(std::size_t size, const Term& term) {
  const wide sum = wide_sum(size, term);
  const auto n = static_cast<double>(size);
  const double quotient = sum.high / n;
  return quotient + (std::fma(-quotient, n, sum.high) + sum.low) / n;
}

/// `deviation`: the sample standard deviation (n - 1), NaN below two values.
struct moments {
  double mean;
  double deviation;
};

/// Domain: at least one value, all finite.
[[nodiscard]] inline moments moments_of(std::span<const double> values) {
  double largest = 0;
  for (const double v : values) largest = std::max(largest, std::abs(v));
  if (largest == 0) return {0, values.size() < 2 ? std::nan("") : 0};
  const int exponent = std::max(std::ilogb(largest), -1000);
  const double scale = std::scalbn(1.0, -exponent);
  const auto n = static_cast<double>(values.size());
  const double mean =
      compensated_mean(values.size(), [&](std::size_t i) { return values[i] * scale; });
  // The sum of the deviations is the rounding of the mean, which would bias their squares.
  const double rest =
      compensated_sum(values.size(), [&](std::size_t i) { return values[i] * scale - mean; });
  const double squares = compensated_sum(values.size(), [&](std::size_t i) {
    const double d = values[i] * scale - mean;
    return d * d;
  });
  const double variance = std::max(0.0, squares - rest * (rest / n)) / (n - 1);
  return {std::scalbn(mean, exponent), std::scalbn(std::sqrt(variance), exponent)};
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::stats::detail
