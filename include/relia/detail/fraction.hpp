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
#include <string_view>

#include <relia/core/real.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::detail {

/// 1 - fraction, as if subtracted from the shortest decimal that reads back as `fraction`.
/// Domain: [0, 1]. Differs from the subtraction of doubles by at most half an ulp of `fraction`.
[[nodiscard]] inline double complement(double fraction) noexcept {
  if (!(fraction >= 0.5 && fraction < 1.0)) return 1.0 - fraction;  // nothing cancels, or NaN
  std::array<char, 64> text;
  char* const begin = text.data();
  const auto shortest = std::to_chars(begin, begin + 32, fraction, std::chars_format::fixed);
  const std::string_view digits(begin + 2, static_cast<std::size_t>(shortest.ptr - begin) - 2);
  std::int64_t rest = 1;
  for (std::size_t i = 0; i < digits.size(); ++i) rest *= 10;  // at most 17 digits
  std::int64_t written = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), written);
  char* end = std::to_chars(begin, begin + 32, rest - written).ptr;
  *end++ = 'e';
  *end++ = '-';
  end = std::to_chars(end, begin + text.size(), digits.size()).ptr;
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
