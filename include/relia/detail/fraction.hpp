// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Fractions that people write in decimals, and counts compared with them. 0.999 means a budget of
/// 0.001, but the double 0.999 is off by up to 5e-17, which is 5e-14 of that budget and 5 % of one
/// at fifteen nines; the shortest decimal that reads back as the same double is what was meant.

#include <array>
#include <charconv>
#include <cstdint>
#include <limits>

#include <relia/core/real.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::detail {

/// 1 - fraction, as if subtracted from the shortest decimal that reads back as `fraction`.
/// Domain: [0, 1]. Differs from the subtraction of doubles by at most half an ulp of `fraction`.
[[nodiscard]] inline double complement(double fraction) noexcept {
  if (!(fraction >= 0.5 && fraction < 1.0)) return 1.0 - fraction;  // nothing cancels, or NaN
  std::array<char, 64> text;
  char* const begin = text.data();
  const auto shortest = std::to_chars(begin, begin + 32, fraction, std::chars_format::fixed);
  std::int64_t whole = 1;
  std::int64_t written = 0;
  int places = 0;
  for (const char* digit = begin + 2; digit != shortest.ptr; ++digit, ++places) {  // at most 17
    whole *= 10;
    written = written * 10 + (*digit - '0');
  }
  char* end = std::to_chars(begin, begin + 32, whole - written).ptr;
  *end++ = 'e';
  *end++ = '-';
  end = std::to_chars(end, begin + text.size(), places).ptr;
  double result = 1.0 - fraction;
  std::from_chars(static_cast<const char*>(begin), end, result);
  return result;
}

/// part >= fraction * whole, where equality in decimals counts: 3 of 10000 reaches 0.0003.
/// The slack of four ulp covers the rounding of a decimal fraction and of the product.
[[nodiscard]] constexpr bool reaches(double part, double fraction, double whole) noexcept {
  return part >= fraction * whole * (1.0 - 4.0 * std::numeric_limits<double>::epsilon());
}

/// part <= fraction * whole, where equality in decimals counts.
[[nodiscard]] constexpr bool within(double part, double fraction, double whole) noexcept {
  return part <= fraction * whole * (1.0 + 4.0 * std::numeric_limits<double>::epsilon());
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::detail
