// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Two ways to keep the sum of what was recorded: compensated doubles, for any unit, and whole
/// ticks in 128 bits, which add up to the same integer in any order.

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <relia/aggregate/detail/access.hpp>
#include <relia/core/bytes.hpp>
#include <relia/detail/two_sum.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate::detail {

/// Two doubles, or integers, at a time: what every x86-64 and ARM does in one instruction.
using two_doubles [[gnu::vector_size(16)]] = double;
using two_integers [[gnu::vector_size(16)]] = std::int64_t;

/// Doubles and what their roundings lost (the two-sum is Knuth's). Four lanes take turns, because
/// one would make each record wait for the store of the last.
class compensated_sum {
 public:
  static constexpr double largest = std::numeric_limits<double>::max();  ///< for `add`

  template <class Access>
  void add(double x) noexcept {
    const std::uint32_t turn = Access::load(turn_);
    Access::store(turn_, turn + 1);
    add_to<Access>(lanes_[turn % 4], x);
  }
  template <class Access>
  void add_any(double x) noexcept {
    add<Access>(x);
  }
  /// Sums of a block of pairs, kept in registers.
  class block {
   public:
    void add(two_doubles x) noexcept {
      const two_doubles t = sum_ + x;
      lost_ += relia::detail::lost_in_sum(sum_, x, t);
      sum_ = t;
    }
    void flush(compensated_sum& to) const noexcept {
      to.add_total({sum_[0], lost_[0]}, 1.0);
      to.add_total({sum_[1], lost_[1]}, 1.0);
    }

   private:
    two_doubles sum_{};
    two_doubles lost_{};
  };

  void merge(const compensated_sum& other) noexcept { add_total(other.total(), 1.0); }
  void subtract(const compensated_sum& other) noexcept { add_total(other.total(), -1.0); }

  /// Infinite once the sum left the range.
  [[nodiscard]] double value() const noexcept {
    const lane t = total();
    return std::isfinite(t.sum) ? t.sum + t.lost : t.sum;
  }
  void copy_shared_from(const compensated_sum& other) noexcept {
    for (std::size_t k = 0; k < 4; ++k) {
      lanes_[k] = {shared::load(other.lanes_[k].sum), shared::load(other.lanes_[k].lost)};
    }
  }
  void write(byte_writer& out) const {
    const lane t = total();
    out.write(t.sum);
    out.write(t.lost);
  }
  [[nodiscard]] static compensated_sum read(byte_reader& in) {
    compensated_sum out;
    out.lanes_[0].sum = in.read_real();
    out.lanes_[0].lost = in.read_real();
    return out;
  }
  friend bool operator==(const compensated_sum& a, const compensated_sum& b) noexcept {
    return a.value() == b.value() || (std::isnan(a.value()) && std::isnan(b.value()));
  }

 private:
  struct lane {
    double sum = 0.0;
    double lost = 0.0;
  };

  template <class Access>
  static void add_to(lane& l, double x) noexcept {
    const double s = Access::load(l.sum);
    const double t = s + x;
    Access::store(l.lost, Access::load(l.lost) + relia::detail::lost_in_sum(s, x, t));
    Access::store(l.sum, t);
  }
  [[nodiscard]] lane total() const noexcept {
    lane t = lanes_[0];
    for (std::size_t k = 1; k < 4; ++k) {
      add_to<owned>(t, lanes_[k].sum);
      t.lost += lanes_[k].lost;
    }
    return t;
  }
  void add_total(const lane& t, double sign) noexcept {
    add_to<owned>(lanes_[0], sign * t.sum);
    lanes_[0].lost += sign * t.lost;
  }

  std::array<lane, 4> lanes_{};
  std::uint32_t turn_ = 0;
};

/// Each value rounded to the nearest 1 / TicksPerUnit, ties to even, then integers. A value beyond
/// 2^120 ticks counts as that many, and the sum stays at the end of 128 bits.
template <std::int64_t TicksPerUnit>
struct tick_sum {
  __extension__ using wide = __int128;

  std::uint64_t low = 0;  // two's complement of 128 bits, in halves that a thread can store
  std::int64_t high = 0;

  /// For `add`, which takes positive values: 26 days in nanoseconds.
  static constexpr double largest = 0x1p51 / static_cast<double>(TicksPerUnit);

  template <class Access>
  void add(double x) noexcept {
    const auto ticks = static_cast<std::uint64_t>(
        std::bit_cast<std::int64_t>(x * static_cast<double>(TicksPerUnit) + whole) - whole_bits);
    const std::uint64_t after = Access::load(low) + ticks;
    Access::store(low, after);
    if (after < ticks) [[unlikely]] {
      const std::int64_t carried = Access::load(high);
      Access::store(high, carried + (carried != std::numeric_limits<std::int64_t>::max()));
    }
  }
  template <class Access>
  void add_any(double x) noexcept {
    constexpr double end = 0x1p120;
    const double ticks = std::nearbyint(x * static_cast<double>(TicksPerUnit));
    add_ticks<Access>(static_cast<wide>(std::clamp(ticks, -end, end)));
  }
  /// Sums of a block of at most 8192 values, kept in registers.
  class block {
   public:
    void add(two_doubles x) noexcept {
      const two_doubles t = x * static_cast<double>(TicksPerUnit) + whole;
      sum_ += std::bit_cast<two_integers>(t) - whole_bits;
    }
    void flush(tick_sum& to) const noexcept {
      to.add_ticks<owned>(static_cast<wide>(sum_[0]) + static_cast<wide>(sum_[1]));
    }

   private:
    two_integers sum_{};
  };

  void merge(const tick_sum& other) noexcept { add_ticks<owned>(other.ticks()); }
  void subtract(const tick_sum& other) noexcept {
    wide left = 0;
    const bool past = __builtin_sub_overflow(ticks(), other.ticks(), &left);
    keep<owned>(left, past);
  }
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
  // Added to it, a double below 2^51 keeps no bits under 1: they are rounded, ties to even.
  static constexpr double whole = 0x1.8p52;
  static constexpr std::int64_t whole_bits = std::bit_cast<std::int64_t>(whole);

  [[nodiscard]] wide ticks() const noexcept {
    return static_cast<wide>(high) * (static_cast<wide>(1) << 64) + static_cast<wide>(low);
  }
  template <class Access>
  void add_ticks(wide more) noexcept {
    wide all = 0;
    const bool past = __builtin_add_overflow(ticks(), more, &all);
    keep<Access>(all, past);
  }
  /// Where it went past the range: the end on the side of what there was.
  template <class Access>
  void keep(wide all, bool past) noexcept {
    constexpr wide most = ((static_cast<wide>(1) << 126) - 1) * 2 + 1;
    if (past) all = high < 0 ? -most - 1 : most;
    Access::store(low, static_cast<std::uint64_t>(all));
    Access::store(high, static_cast<std::int64_t>(all >> 64));
  }
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate::detail
