// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Two ways to keep the sum of what was recorded: compensated doubles, for any unit, and whole
/// ticks in 128 bits, which add up to the same integer in any order.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include <relia/aggregate/detail/access.hpp>
#include <relia/core/bytes.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate::detail {

/// A double and what its roundings lost (Neumaier 1974; the two-sum is Knuth's).
struct compensated_sum {
  double sum = 0.0;
  double lost = 0.0;

  static constexpr double largest = std::numeric_limits<double>::max();  ///< for `add`

  template <class Access>
  void add(double x) noexcept {
    const double s = Access::load(sum);
    const double t = s + x;
    const double part = t - s;
    Access::store(lost, Access::load(lost) + ((s - (t - part)) + (x - part)));
    Access::store(sum, t);
  }
  template <class Access>
  void add_any(double x) noexcept {
    add<Access>(x);
  }
  void merge(const compensated_sum& other) noexcept {
    add<owned>(other.sum);
    lost += other.lost;
  }
  void subtract(const compensated_sum& other) noexcept {
    add<owned>(-other.sum);
    lost -= other.lost;
  }
  /// Infinite once the sum left the range.
  [[nodiscard]] double value() const noexcept { return std::isfinite(sum) ? sum + lost : sum; }
  void copy_shared_from(const compensated_sum& other) noexcept {
    sum = shared::load(other.sum);
    lost = shared::load(other.lost);
  }
  void write(byte_writer& out) const {
    out.write(sum);
    out.write(lost);
  }
  [[nodiscard]] static compensated_sum read(byte_reader& in) {
    const double sum = in.read_real();
    return {sum, in.read_real()};
  }
  friend bool operator==(const compensated_sum&, const compensated_sum&) = default;
};

/// Each value rounded to the nearest 1 / TicksPerUnit, ties to even, then integers. A value beyond
/// 2^120 ticks counts as that many.
template <std::int64_t TicksPerUnit>
struct tick_sum {
  __extension__ using wide = __int128;

  std::uint64_t low = 0;  // two's complement of 128 bits, in halves that a thread can store
  std::int64_t high = 0;

  static constexpr double largest = 0x1p62 / static_cast<double>(TicksPerUnit);  ///< for `add`

  template <class Access>
  void add(double x) noexcept {
    const std::int64_t ticks = std::llrint(x * static_cast<double>(TicksPerUnit));
    const std::uint64_t before = Access::load(low);
    const std::uint64_t after = before + static_cast<std::uint64_t>(ticks);
    Access::store(low, after);
    Access::store(high, Access::load(high) + (ticks >> 63) + (after < before));
  }
  template <class Access>
  void add_any(double x) noexcept {
    constexpr double end = 0x1p120;
    const double ticks = std::nearbyint(x * static_cast<double>(TicksPerUnit));
    add_ticks<Access>(static_cast<wide>(std::clamp(ticks, -end, end)));
  }
  void merge(const tick_sum& other) noexcept { add_ticks<owned>(other.ticks()); }
  void subtract(const tick_sum& other) noexcept { add_ticks<owned>(-other.ticks()); }
  [[nodiscard]] double value() const noexcept {
    return static_cast<double>(ticks()) / static_cast<double>(TicksPerUnit);
  }
  void copy_shared_from(const tick_sum& other) noexcept {
    low = shared::load(other.low);
    high = shared::load(other.high);
  }
  void write(byte_writer& out) const {
    out.write(low);
    out.write(high);
  }
  [[nodiscard]] static tick_sum read(byte_reader& in) {
    const auto low = in.read<std::uint64_t>();
    return {low, in.read_signed()};
  }
  friend bool operator==(const tick_sum&, const tick_sum&) = default;

 private:
  [[nodiscard]] wide ticks() const noexcept {
    return static_cast<wide>(high) * (static_cast<wide>(1) << 64) + static_cast<wide>(low);
  }
  template <class Access>
  void add_ticks(wide more) noexcept {
    const wide all = ticks() + more;
    Access::store(low, static_cast<std::uint64_t>(all));
    Access::store(high, static_cast<std::int64_t>(all >> 64));
  }
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate::detail
