// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Which of the buckets of a log-linear layout holds an integer: each octave is cut into the same
/// number of equal parts, a power of two, and below a unit nothing is told apart. All bounds are
/// dyadic, so any two layouts have a common coarser one into which both fold without loss.
/// Ref: G. Tene, HdrHistogram, "Internals": sub-buckets of exponential buckets.

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <relia/aggregate/detail/saturating.hpp>
#include <relia/core/real.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate::detail {

inline constexpr std::int64_t least_integer = std::numeric_limits<std::int64_t>::min();
inline constexpr std::int64_t largest_integer = std::numeric_limits<std::int64_t>::max();

struct integer_range {
  std::int64_t lowest = 0;
  std::int64_t highest = 0;

  [[nodiscard]] constexpr bool contains(std::int64_t x) const noexcept {
    return lowest <= x && x <= highest;
  }
  friend constexpr bool operator==(const integer_range&, const integer_range&) = default;
};

/// Domain: 0 <= unit, 0 <= sub, unit + sub < top <= 63.
struct log_linear {
  int unit = 0;  ///< log2 of the narrowest bucket's width
  int sub = 0;   ///< log2 of the buckets in an octave
  int top = 63;  ///< covers 0 .. 2^top - 1

  [[nodiscard]] constexpr std::int64_t highest() const noexcept {
    return static_cast<std::int64_t>((std::uint64_t{1} << top) - 1);
  }
  [[nodiscard]] constexpr std::size_t size() const noexcept {
    return static_cast<std::size_t>(top - unit - sub + 1) << sub;
  }

  /// At least size() for a value below 0 or above highest().
  [[nodiscard]] constexpr std::size_t index(std::int64_t value) const noexcept {
    const auto bits = static_cast<std::uint64_t>(value);
    const std::uint64_t linear = std::uint64_t{1} << (unit + sub);  // up to twice this: unit wide
    const int width = static_cast<int>(std::bit_width(bits | linear)) - 1 - sub;
    return (static_cast<std::size_t>(width - unit) << sub) +
           static_cast<std::size_t>(bits >> width);
  }

  /// Domain: index < size().
  [[nodiscard]] constexpr integer_range range(std::size_t index) const noexcept {
    const std::size_t octave = std::max<std::size_t>(index >> sub, 1) - 1;
    const int width = unit + static_cast<int>(octave);
    const auto lowest = static_cast<std::uint64_t>(index - (octave << sub)) << width;
    return {static_cast<std::int64_t>(lowest),
            static_cast<std::int64_t>(lowest + ((std::uint64_t{1} << width) - 1))};
  }

  friend constexpr bool operator==(const log_linear&, const log_linear&) = default;
};

constexpr void saturate_by(count& cell, count n) noexcept { cell = saturating_add(cell, n); }

/// The integer as a bound: beyond 2^53 the nearest double may lie on its wrong side.
[[nodiscard]] inline double double_below(std::int64_t x) noexcept {
  const auto d = static_cast<double>(x);
  const bool over = d >= 0x1p63 || static_cast<std::int64_t>(d) > x;
  return over ? std::nextafter(d, -std::numeric_limits<double>::infinity()) : d;
}
[[nodiscard]] inline double double_above(std::int64_t x) noexcept {
  const auto d = static_cast<double>(x);
  const bool under = d < 0x1p63 && static_cast<std::int64_t>(d) < x;
  return under ? std::nextafter(d, std::numeric_limits<double>::infinity()) : d;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate::detail
