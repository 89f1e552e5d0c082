// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// What an integer histogram holds, and how that adds up, folds, subtracts and travels. Nothing
/// recorded is lost: what no bucket holds has a count of its own.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include <relia/aggregate/detail/log_linear.hpp>
#include <relia/core/bytes.hpp>
#include <relia/core/real.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate::detail {

__extension__ using wide_integer = __int128;  // holds the sum of any 2^63 integers

struct integer_counts {
  log_linear layout{};
  std::vector<count> cells{};
  count negatives = 0;
  count above = 0;  ///< above layout.highest()
  count nans = 0;
  count positive_infinities = 0;
  count negative_infinities = 0;
  wide_integer sum = 0;
  // Of the integers; the ends of their type, the other way about, once they are not known.
  std::int64_t min = largest_integer;
  std::int64_t max = least_integer;

  explicit integer_counts(log_linear wanted) : layout(wanted), cells(wanted.size()) {}

  /// All integers.
  [[nodiscard]] count finite() const noexcept {
    std::uint64_t low = 0;  // halves do not overflow, and add up many at a time
    std::uint64_t high = 0;
    for (const count c : cells) {
      low += static_cast<std::uint64_t>(c) & 0xffff'ffff;
      high += static_cast<std::uint64_t>(c) >> 32;
    }
    high += low >> 32;
    const bool fits = high < std::uint64_t{1} << 31;
    const count n = fits ? static_cast<count>(high << 32 | (low & 0xffff'ffff)) : largest_integer;
    return saturating_add(n, saturating_add(negatives, above));
  }
  /// All but NaN, given finite(), which has to look at every cell.
  [[nodiscard]] count total(count integers) const noexcept {
    return saturating_add(integers, saturating_add(positive_infinities, negative_infinities));
  }
  [[nodiscard]] bool saturated() const noexcept {
    return total(finite()) == largest_integer || nans == largest_integer;
  }

  [[nodiscard]] count& cell_of(std::int64_t value) noexcept {
    if (value < 0) return negatives;
    return value > layout.highest() ? above : cells[layout.index(value)];
  }

  void note(wide_integer added, std::int64_t lowest, std::int64_t highest) noexcept {
    if (__builtin_add_overflow(sum, added, &sum)) [[unlikely]] {
      // only a saturated histogram's sum comes to the end of 128 bits
      constexpr wide_integer end = ((wide_integer{1} << 126) - 1) * 2 + 1;
      sum = added < 0 ? -end : end;
    }
    if (lowest < min) min = lowest;  // a branch that is hardly ever taken costs less than a store
    if (highest > max) max = highest;
  }

  /// Calls f(range, count) for what is not empty, lowest first, with ranges no wider than the
  /// extremes allow.
  template <class Function>
  void visit(Function f) const {
    const auto call = [&](std::int64_t lowest, std::int64_t highest, count n) {
      if (n != 0) f(integer_range{std::max(lowest, min), std::min(highest, max)}, n);
    };
    call(least_integer, -1, negatives);
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (cells[i] == 0) continue;
      const integer_range r = layout.range(i);
      call(r.lowest, r.highest, cells[i]);
    }
    if (above != 0) call(layout.highest() + 1, largest_integer, above);
  }

  /// Where the integer of this rank among `n` lies. Domain: 1 <= rank <= n == finite().
  [[nodiscard]] integer_range range_of(count rank, count n) const noexcept {
    integer_range found{least_integer, -1};
    if (rank > negatives) {
      std::size_t i = 0;
      auto upto = static_cast<std::uint64_t>(negatives);  // below rank, so no sum overflows
      for (; i < cells.size(); ++i) {
        upto += static_cast<std::uint64_t>(cells[i]);
        if (upto >= static_cast<std::uint64_t>(rank)) break;
      }
      found =
          i < cells.size() ? layout.range(i) : integer_range{layout.highest() + 1, largest_integer};
    }
    found = {std::max(found.lowest, min), std::min(found.highest, max)};
    if (rank == 1 && min != least_integer) found.highest = min;
    if (rank == n && max != largest_integer) found.lowest = max;
    return found;
  }

  /// The layout to which both can fold: the wider unit, the fewer parts. A count above one top can
  /// be placed under no higher one; without such counts the higher top stays. `sub` is negative
  /// when that top is not above the unit: then there is none.
  [[nodiscard]] log_linear common(const integer_counts& other) const noexcept {
    const int a = layout.top;
    const int b = other.layout.top;
    const int top = above == 0 ? (other.above == 0 ? std::max(a, b) : b)
                               : (other.above == 0 ? a : std::min(a, b));
    const int unit = std::max(layout.unit, other.layout.unit);
    return {unit, std::min({layout.sub, other.layout.sub, top - unit - 1}), top};
  }

  /// Adds to this layout, which must be what common() gave.
  void merge(const integer_counts& other) noexcept {
    if (other.min > other.max) {
      // no integers: nothing to look for
    } else if (layout == other.layout) {
      for (std::size_t i = 0; i < cells.size(); ++i) saturate_by(cells[i], other.cells[i]);
    } else {
      for (std::size_t i = 0; i < other.cells.size(); ++i) {
        if (other.cells[i] != 0) saturate_by(cell_of(other.layout.range(i).lowest), other.cells[i]);
      }
    }
    for (const auto field : apart) saturate_by(this->*field, other.*field);
    note(other.sum, other.min, other.max);
  }

  /// Target: what common() gave.
  void fold_to(log_linear target) {
    if (target == layout) return;
    integer_counts folded(target);
    folded.merge(*this);
    *this = std::move(folded);
  }

  /// Whether `part`, of the same layout, was in here; if not, this holds nothing useful any more.
  [[nodiscard]] bool subtract(const integer_counts& part) noexcept {
    bool holds = !saturated() && !part.saturated();
    for (std::size_t i = 0; i < cells.size(); ++i) {
      holds = holds && cells[i] >= part.cells[i];
      cells[i] -= part.cells[i];
    }
    for (const auto field : apart) {
      holds = holds && this->*field >= part.*field;
      this->*field -= part.*field;
    }
    if (!holds) return false;
    sum -= part.sum;
    if (finite() == 0) {
      min = largest_integer;
      max = least_integer;
    } else if (part.finite() != 0) {
      min = least_integer;
      max = largest_integer;
    }
    return true;
  }

  /// Varints: the layout, the counts apart, then 2 n for a counter n, 2 k + 1 for k empty ones and
  /// 0 after the last that is not empty; where there are integers, extremes and sum, zigzag.
  void write(byte_writer& out) const {
    for (const int field : {layout.unit, layout.sub, layout.top}) {
      out.write_varint(static_cast<std::uint64_t>(field));
    }
    for (const auto field : apart) out.write_varint(static_cast<std::uint64_t>(this->*field));
    std::uint64_t gap = 0;
    for (const count c : cells) {
      if (c == 0) {
        ++gap;
        continue;
      }
      if (gap != 0) out.write_varint(2 * gap + 1);
      gap = 0;
      out.write_varint(2 * static_cast<std::uint64_t>(c));
    }
    out.write_varint(0);
    if (finite() == 0) return;
    out.write_varint(zigzag(min));
    out.write_varint(zigzag(max));
    out.write_varint(static_cast<std::uint64_t>(sum));
    out.write_varint(zigzag(static_cast<std::int64_t>(sum >> 64)));
  }

  [[nodiscard]] static integer_counts read(byte_reader& in, std::size_t memory_limit) {
    const std::uint64_t unit = in.read_varint();
    const std::uint64_t sub = in.read_varint();
    const std::uint64_t top = in.read_varint();
    in.check(top <= 63 && unit < top && sub < top - unit, "hold a layout within 63 bits");
    const log_linear wanted{static_cast<int>(unit), static_cast<int>(sub), static_cast<int>(top)};
    in.check(wanted.size() <= memory_limit / sizeof(count),
             "hold a histogram within memory_limit; trusted ones may have a larger limit");
    integer_counts h(wanted);
    for (const auto field : apart) h.*field = in.read_varint_count();
    in.check(h.above == 0 || top < 63, "hold no integer above all integers");
    bool after_gap = false;
    std::size_t i = 0;
    while (const std::uint64_t item = in.read_varint()) {
      const bool is_gap = item % 2 != 0;
      in.check(!is_gap || (!after_gap && item != 1), "hold its gaps in one form");
      in.check((is_gap ? item / 2 : 0) < h.cells.size() - i, "hold no counters past the layout");
      if (is_gap) {
        i += static_cast<std::size_t>(item / 2);
      } else {
        h.cells[i++] = static_cast<count>(item / 2);
      }
      after_gap = is_gap;
    }
    in.check(!after_gap, "hold its gaps in one form");
    if (h.finite() != 0) h.read_moments(in);
    return h;
  }

  friend bool operator==(const integer_counts&, const integer_counts&) = default;

 private:
  static constexpr std::array<count integer_counts::*, 5> apart{
      &integer_counts::negatives, &integer_counts::above, &integer_counts::nans,
      &integer_counts::positive_infinities, &integer_counts::negative_infinities};

  void read_moments(byte_reader& in) {
    min = least_integer;
    max = largest_integer;
    const integer_range first = range_of(1, finite());
    const integer_range last = range_of(finite(), finite());
    min = unzigzag(in.read_varint());
    max = unzigzag(in.read_varint());
    in.check(min == least_integer || first.contains(min), "hold a smallest value of its bucket");
    in.check(max == largest_integer || last.contains(max), "hold a largest value of its bucket");
    const bool are_known = min != least_integer && max != largest_integer;
    in.check(finite() == 1 && are_known ? min == max : min <= max,
             "hold no smallest value above the largest");
    const std::uint64_t low = in.read_varint();
    sum = static_cast<wide_integer>(unzigzag(in.read_varint())) * (wide_integer{1} << 64) + low;
    if (saturated()) return;
    wide_integer least = 0;
    wide_integer most = 0;
    visit([&](integer_range r, count n) {
      least += static_cast<wide_integer>(r.lowest) * n;
      most += static_cast<wide_integer>(r.highest) * n;
    });
    in.check(least <= sum && sum <= most, "hold a sum that the counters allow");
  }

  [[nodiscard]] static std::uint64_t zigzag(std::int64_t x) noexcept {
    return static_cast<std::uint64_t>(x) << 1 ^ static_cast<std::uint64_t>(x >> 63);
  }
  [[nodiscard]] static std::int64_t unzigzag(std::uint64_t z) noexcept {
    return static_cast<std::int64_t>(z >> 1 ^ (~(z & 1) + 1));
  }
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate::detail
