// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Base-2 exponential buckets, exactly: bucket i at scale s holds (b^i, b^(i+1)] with
/// b = 2^(2^-s), as OpenTelemetry numbers them; Prometheus numbers the same bucket i + 1 and calls
/// the scale its schema. No logarithm is taken: each half of a bucket's width of mantissa holds at
/// most one bound, so one table entry per half and one shift give the index, exact at every double,
/// powers of two and their neighbours included.
/// Ref: OpenTelemetry metrics data model, "Exponential Scale".

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <relia/aggregate/detail/exponential_table.hpp>
#include <relia/detail/check.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate {

inline constexpr int finest_scale = 8;
inline constexpr int coarsest_scale = -10;  ///< three buckets hold every double
/// Of histograms from outside, which are folded: OpenTelemetry's default maximum. Finer, the
/// indices of doubles leave 32 bits.
inline constexpr int finest_imported_scale = 20;

/// The first and the last bucket that holds a positive double. Domain: coarsest_scale <= scale <=
/// finest_imported_scale (not checked).
[[nodiscard]] constexpr std::int64_t lowest_exponential_index(int scale) noexcept {
  return scale >= 0 ? -(std::int64_t{1074} << scale) - 1 : std::int64_t{-1075} >> -scale;
}
[[nodiscard]] constexpr std::int64_t highest_exponential_index(int scale) noexcept {
  return scale >= 0 ? (std::int64_t{1024} << scale) - 1 : std::int64_t{1023} >> -scale;
}

namespace detail {

inline constexpr int mantissa_bits = 52;
inline constexpr std::int64_t exponent_bias = 1023;

/// With y the bits of x less one, so that an upper bound belongs below itself, and c the top s + 1
/// mantissa bits of y: (y + table[c]) >> (52 - s) is the index. An entry moves the one bound inside
/// its cell onto a multiple of the shift; a cell without one gets its own end.
template <int Scale>
[[nodiscard]] constexpr auto exponential_offsets() {
  constexpr std::size_t cells = std::size_t{2} << Scale;
  constexpr std::uint64_t octave = std::uint64_t{1} << mantissa_bits;
  constexpr std::uint64_t width = octave / cells;
  constexpr std::uint64_t bias = static_cast<std::uint64_t>(exponent_bias) << mantissa_bits;
  constexpr std::size_t buckets = cells / 2;
  constexpr std::size_t stride = 256 / buckets;
  std::array<std::uint64_t, cells> table{};
  std::uint64_t* entry = table.data();
  const std::uint64_t* mantissas = exponential_mantissas.data();
  std::uint64_t end = width;  // of the cell
  for (std::size_t next = 1; next <= buckets; ++next) {
    const std::uint64_t bound = next < buckets ? mantissas[next * stride] : octave;
    const std::uint64_t multiple = (next << (mantissa_bits - Scale)) - bias;
    for (; end <= bound; end += width) *entry++ = multiple - end;
    if (next < buckets) *entry++ = multiple - bound;
    end += width;
  }
  return table;
}

template <int Scale>
inline constexpr auto exponential_table = exponential_offsets<Scale>();

/// The index at `Scale`, shifted right by `coarser`, of a positive normal number. Any other value
/// gives a number that no normal one has or that lies below that of the smallest.
template <int Scale>
[[nodiscard]] constexpr std::int64_t raw_index(double x, int coarser) noexcept {
  const std::uint64_t y = std::bit_cast<std::uint64_t>(x) - 1;
  const std::size_t cell = (y >> (mantissa_bits - 1 - Scale)) & ((std::size_t{2} << Scale) - 1);
  return static_cast<std::int64_t>(y + exponential_table<Scale>[cell]) >>
         (mantissa_bits - Scale + coarser);
}

}  // namespace detail

/// The bucket of x. Domain: x positive and finite, coarsest_scale <= scale <= finest_scale (not
/// checked).
[[nodiscard]] constexpr std::int32_t exponential_index(double x, int scale) noexcept {
  constexpr int usual_scale = 6;  // as fine as histograms are by default: no table but theirs
  const bool subnormal = x < std::numeric_limits<double>::min();
  const double normal = subnormal ? x * 0x1p52 : x;
  std::int64_t index = detail::raw_index<usual_scale>(normal, 0);
  int known = usual_scale;
  if (scale > usual_scale) {
    const std::uint64_t octave = std::uint64_t{1} << detail::mantissa_bits;
    const std::uint64_t mantissa = (std::bit_cast<std::uint64_t>(normal) - 1) & (octave - 1);
    const auto first = static_cast<std::size_t>(index & 63) * 4;
    index *= 4;
    for (std::size_t k = first + 1; k < first + 4; ++k) {
      index += detail::exponential_mantissas[k] <= mantissa;
    }
    known = finest_scale;
  }
  if (subnormal) index -= 52 * (std::int64_t{1} << known);
  return static_cast<std::int32_t>(index >> (known - scale));
}

/// The lower bound b^index of a bucket, rounded down to a double: x is in a lower bucket exactly
/// when x <= exponential_bound(index, scale). 0 below the least double, and the largest finite one
/// above the range.
[[nodiscard]] constexpr double exponential_bound(std::int64_t index, int scale) noexcept {
  const std::int64_t at = index * (std::int64_t{1} << (finest_scale - scale));
  const std::int64_t exponent = at >> finest_scale;  // rounds down
  if (exponent > 1023) return std::numeric_limits<double>::max();
  const std::uint64_t mantissa = detail::exponential_mantissas[static_cast<std::size_t>(at) % 256];
  const std::int64_t biased = exponent + detail::exponent_bias;
  if (biased > 0) {
    return std::bit_cast<double>(static_cast<std::uint64_t>(biased) << detail::mantissa_bits |
                                 mantissa);
  }
  if (biased < -detail::mantissa_bits) return 0.0;
  const std::uint64_t whole = std::uint64_t{1} << detail::mantissa_bits | mantissa;
  return std::bit_cast<double>(whole >> (1 - biased));
}

/// The largest relative error of a bucket's middle 2 L U / (L + U): (b - 1) / (b + 1). 0.542 % at
/// scale 6.
[[nodiscard]] inline double relative_error(int scale) {
  relia::detail::require_domain(scale >= coarsest_scale && scale <= 20, "aggregate::relative_error",
                                "scale", "in [-10, 20]", scale);
  return std::tanh(0.5 * 0.693147180559945309 * std::ldexp(1.0, -scale));
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate
