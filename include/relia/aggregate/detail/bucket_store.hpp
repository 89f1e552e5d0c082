// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The buckets of one sign: a window of `Slots` consecutive indices that moves to where the values
/// are, and doubles the width of its buckets when they do not fit. The scale that results is the
/// finest at which everything recorded or merged fits, whatever the order. Trivially copyable; no
/// allocation.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

#include <relia/aggregate/detail/access.hpp>
#include <relia/aggregate/detail/saturating.hpp>
#include <relia/aggregate/exponential.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate::detail {

/// First and last index of a run of buckets; empty when last < first.
struct index_range {
  std::int64_t first = 0;
  std::int64_t last = -1;

  [[nodiscard]] constexpr bool empty() const noexcept { return last < first; }
  [[nodiscard]] constexpr index_range coarser(int by) const noexcept {
    return empty() ? *this : index_range{first >> by, last >> by};
  }
  /// Both ranges and what lies between.
  [[nodiscard]] constexpr index_range joined(const index_range& other) const noexcept {
    if (empty()) return other;
    if (other.empty()) return *this;
    return {std::min(first, other.first), std::max(last, other.last)};
  }
  friend constexpr bool operator==(const index_range&, const index_range&) = default;
};

template <int MaxScale, std::size_t Slots, class Counter>
class bucket_store {
  static_assert(MaxScale >= coarsest_scale && MaxScale <= finest_scale);
  static_assert(Slots >= 3, "the coarsest scale needs three buckets");

 public:
  [[nodiscard]] int scale() const noexcept { return MaxScale - coarser_; }
  [[nodiscard]] int coarser() const noexcept { return coarser_; }
  [[nodiscard]] std::int64_t base() const noexcept { return base_; }
  [[nodiscard]] Counter& cell(std::int64_t index) noexcept {
    return cells_[static_cast<std::size_t>(index - base_)];
  }
  [[nodiscard]] count at(std::int64_t index) const noexcept {
    const auto slot = static_cast<std::uint64_t>(index - base_);
    return slot < Slots ? static_cast<count>(cells_[slot]) : 0;
  }
  /// A slot by number: the recording path computes it itself.
  [[nodiscard]] Counter& slot(std::uint64_t number) noexcept { return cells_[number]; }

  /// The cells from `index` on, which the window holds.
  [[nodiscard]] const Counter* from(std::int64_t index) const noexcept {
    return cells_.data() + (index - base_);
  }

  /// The indices of all slots.
  [[nodiscard]] index_range window() const noexcept {
    return {base_, base_ + static_cast<std::int64_t>(Slots) - 1};
  }

  /// The populated indices.
  [[nodiscard]] index_range range() const noexcept { return range(window()); }

  /// The same where all lie in a part of the window.
  [[nodiscard]] index_range range(const index_range& part) const noexcept {
    if (part.empty()) return {};
    // Whole blocks first: most cells are empty, and an or over a block needs no branch for each.
    const auto populated = [](const Counter* begin) {
      Counter any = 0;
      for (std::ptrdiff_t k = 0; k < block; ++k) any |= begin[k];
      return any != 0;
    };
    const Counter* first = from(part.first);
    const Counter* end = from(part.last) + 1;
    while (end - first >= block && !populated(first)) first += block;
    while (first != end && *first == 0) ++first;
    if (first == end) return {};
    while (end - first >= block && !populated(end - block)) end -= block;
    while (end[-1] == 0) --end;
    return {base_ + (first - cells_.data()), base_ + (end - cells_.data()) - 1};
  }

  [[nodiscard]] count total() const noexcept {
    count n = 0;
    for (const Counter c : cells_) n = saturating_add(n, static_cast<count>(c));
    return n;
  }

  /// Of a part of the window, modulo 2^64.
  [[nodiscard]] count sum(const index_range& part) const noexcept {
    if (part.empty()) return 0;
    std::uint64_t n = 0;
    const Counter* const end = from(part.last) + 1;
    for (const Counter* c = from(part.first); c != end; ++c) n += static_cast<std::uint64_t>(*c);
    return static_cast<count>(n);
  }

  [[nodiscard]] bool saturated() const noexcept {
    return std::any_of(cells_.begin(), cells_.end(),
                       [](Counter c) { return c == std::numeric_limits<Counter>::max(); });
  }

  /// Adds n to the bucket that holds `index` of `scale`, which may be finer or coarser.
  template <class Access>
  void add(std::int64_t index, int scale, count n) noexcept {
    cover<Access>({index, index}, scale);
    const std::int64_t here = index >> (scale - this->scale());
    Counter& c = cell(here);
    Access::store(c, saturating_add(c, n));
  }

  void merge(const bucket_store& other) noexcept { merge(other, other.window()); }

  /// The same where all that `other` holds lies in a part of its window.
  void merge(const bucket_store& other, const index_range& part) noexcept {
    if (other.coarser_ == coarser_ && other.base_ == base_) return add_cells(other, part);
    const index_range theirs = other.range(part);
    cover<owned>(theirs, other.scale());
    const int by = other.scale() - scale();
    if (by == 0) return add_cells(other, theirs);
    for (std::int64_t i = theirs.first; i <= theirs.last; ++i) {
      Counter& c = cell(i >> by);
      c = saturating_add(c, other.at(i));
    }
  }

  /// The same where both have buckets of one width, these window enough, and no cell comes near the
  /// end of its range; else does nothing and says so.
  [[nodiscard]] bool merge_alike(const bucket_store& other, const index_range& part) noexcept {
    if (other.coarser_ != coarser_ || &other == this) return false;
    const index_range theirs = other.base_ == base_ ? part : other.range(part);
    if (!in_window(theirs)) return false;
    if (theirs.empty()) return true;
    Counter* const to = &cell(theirs.first);
    const Counter* const from = other.from(theirs.first);
    const auto n = static_cast<std::size_t>(theirs.last - theirs.first + 1);
    if (add_words(to, from, n) <= far_from_end) [[likely]]
      return true;
    for (std::size_t k = 0; k < n; ++k) {
      to[k] = static_cast<Counter>(static_cast<word>(to[k]) - static_cast<word>(from[k]));
    }
    return false;
  }

  /// Whether every bucket holds at least what `part` has in it, so that it can be subtracted.
  [[nodiscard]] bool contains(const bucket_store& part) const noexcept {
    if (part.scale() < scale()) return false;
    const int by = part.scale() - scale();
    const index_range theirs = part.range();
    for (std::int64_t i = theirs.first; i <= theirs.last;) {
      const std::int64_t here = i >> by;
      count n = 0;
      for (; i <= theirs.last && (i >> by) == here; ++i) n += part.at(i);
      if (n > at(here)) return false;
    }
    return true;
  }

  /// Domain: contains(part).
  void subtract(const bucket_store& part) noexcept {
    const int by = part.scale() - scale();
    const index_range theirs = part.range();
    for (std::int64_t i = theirs.first; i <= theirs.last; ++i) {
      if (const count n = part.at(i)) cell(i >> by) -= static_cast<Counter>(n);
    }
  }

  /// Whether indices of `scale` fit as things are.
  [[nodiscard]] bool covers(const index_range& wanted, int scale) const noexcept {
    return scale >= this->scale() && in_window(wanted.coarser(scale - this->scale()));
  }

  /// Widens the buckets until indices of `scale` and all that is held fit, and moves the window
  /// over them.
  template <class Access>
  void cover(const index_range& wanted, int scale) noexcept {
    if (covers(wanted, scale)) return;
    const int finest = std::min(scale, this->scale());
    const index_range held = range();
    index_range all = held.coarser(this->scale() - finest).joined(wanted.coarser(scale - finest));
    int by = this->scale() - finest;
    while (!all.empty() && static_cast<std::uint64_t>(all.last - all.first) >= Slots) {
      all = all.coarser(1);
      ++by;
    }
    if (all.empty()) {
      Access::store(coarser_, coarser_ + by);
      return;
    }
    if (by == 0 && all.first >= base_ && all.last < base_ + static_cast<std::int64_t>(Slots))
      return;
    move<Access>(held, by, all);
  }

  /// The same through loads that another thread's stores may meet.
  void copy_shared_from(const bucket_store& other) noexcept {
    base_ = shared::load(other.base_);
    coarser_ = shared::load(other.coarser_);
    for (std::size_t k = 0; k < Slots; ++k) cells_[k] = shared::load(other.cells_[k]);
  }

  /// What is counted, wherever the window stands.
  friend bool operator==(const bucket_store& a, const bucket_store& b) noexcept {
    if (a.coarser_ != b.coarser_) return false;
    const index_range all = a.range().joined(b.range());
    for (std::int64_t i = all.first; i <= all.last; ++i) {
      if (a.at(i) != b.at(i)) return false;
    }
    return true;
  }

 private:
  static constexpr std::ptrdiff_t block = 16;

  [[nodiscard]] bool in_window(const index_range& r) const noexcept {
    return r.empty() || (r.first >= base_ && r.last < base_ + static_cast<std::int64_t>(Slots));
  }

  using word = std::make_unsigned_t<Counter>;

  /// Of what add_words returns: a million such sums are less than 2^60.
  static constexpr word far_from_end =
      std::is_signed_v<Counter> ? word{1} << 40 : std::numeric_limits<word>::max() / 2;

  /// Adds modulo 2^bits, and returns an or of all sums, or of 32 bits of what was carried; its top
  /// bit tells whether any sum went past the end.
  static word add_words(Counter* to, const Counter* from, std::size_t n) noexcept {
    word any = 0;
    for (std::size_t k = 0; k < n; ++k) {
      const auto a = static_cast<word>(to[k]);
      const auto b = static_cast<word>(from[k]);
      const word sum = a + b;
      any |= std::is_signed_v<Counter> ? sum : (a & b) | ((a | b) & ~sum);
      to[k] = static_cast<Counter>(sum);
    }
    return any;
  }

  /// Saturating sums without a branch for each: it is looked for those past the end only if there
  /// are any.
  void add_cells(const bucket_store& other, const index_range& theirs) noexcept {
    if (theirs.empty()) return;
    Counter* const to = &cell(theirs.first);
    const Counter* const from = other.from(theirs.first);
    const auto n = static_cast<std::size_t>(theirs.last - theirs.first + 1);
    constexpr auto most = static_cast<word>(std::numeric_limits<Counter>::max());
    if (to == from) {  // after a sum, what was carried could not be told
      for (Counter& c : cells_) c = saturating_add(c, static_cast<count>(c));
      return;
    }
    if (add_words(to, from, n) <= std::numeric_limits<word>::max() / 2) [[likely]]
      return;
    for (std::size_t k = 0; k < n; ++k) {
      const bool carried = std::is_signed_v<Counter>
                               ? static_cast<word>(to[k]) > most
                               : static_cast<word>(to[k]) < static_cast<word>(from[k]);
      if (carried) to[k] = static_cast<Counter>(most);
    }
  }

  /// Buckets wider by 2^by, and a window that leaves room on both sides of `all`.
  template <class Access>
  void move(const index_range& held, int by, const index_range& all) noexcept {
    const std::int64_t room = static_cast<std::int64_t>(Slots) - (all.last - all.first + 1);
    const std::int64_t base = all.first - room / 2;
    if (!held.empty()) {
      // Folded down to slot 0 from the left, no target lies right of its source; then shifted up
      // from the right, no source lies right of its target. So nothing is overwritten unread.
      Counter* cells = cells_.data();
      const std::int64_t first = held.first >> by;
      for (std::int64_t i = held.first; i <= held.last; ++i) {
        const Counter n = cells[i - base_];
        if (n == 0) continue;
        Access::store(cells[i - base_], Counter{0});
        Counter& to = cells[(i >> by) - first];
        Access::store(to, saturating_add(to, static_cast<count>(n)));
      }
      const std::int64_t up = first - base;
      for (std::int64_t k = (held.last >> by) - first; k >= 0 && up > 0; --k) {
        const Counter n = cells[k];
        Access::store(cells[k], Counter{0});
        Access::store(cells[k + up], n);
      }
    }
    Access::store(base_, base);
    Access::store(coarser_, coarser_ + by);
  }

  std::array<Counter, Slots> cells_{};
  // At first 1 us to 68 min in seconds for 2048 slots at scale 6: stores that stay there merge
  // without looking where their values are.
  std::int64_t base_ = -static_cast<std::int64_t>(Slots / 8 * 5);
  std::int32_t coarser_ = 0;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate::detail
