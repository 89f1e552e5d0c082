// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Time cut into cells, fine where it is recent: what a window ring holds, without any opinion on
/// which samples to believe. Tier k holds the instants [floor(k), ceiling(k)), ceiling(k) being the
/// floor of the finer tier, so that every event is in one cell only and a late one needs no second
/// entry. A cell that leaves its tier is merged into the coarser one: O(1) amortised.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <relia/aggregate/window_layout.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate::detail {

/// Rounded towards the past, whatever the sign. Domain: b > 0.
[[nodiscard]] constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) noexcept {
  return a / b - (a % b < 0);
}

/// Instants are nanoseconds and must keep `margin` from both ends of the clock.
template <class Aggregate>
class tiered_cells {
 public:
  tiered_cells(const window_layout& layout, const Aggregate& prototype)
      : prototype_(prototype), cells_(layout.cells(), prototype) {
    std::int64_t first = 0;
    for (const window_tier& t : layout.tiers()) {
      tiers_[used_++] = {t.grain.count(), t.cells, first, 0, 0};
      first += t.cells;
    }
    margin_ = layout.reach().count() + 2 * tiers_[used_ - 1].grain;
  }

  [[nodiscard]] bool started() const noexcept { return started_; }
  [[nodiscard]] std::int64_t margin() const noexcept { return margin_; }
  [[nodiscard]] std::int64_t grain() const noexcept { return tiers_[0].grain; }
  /// Where the newest cell ends, and the oldest begins.
  [[nodiscard]] std::int64_t end() const noexcept { return end_; }
  [[nodiscard]] std::int64_t floor() const noexcept { return tiers_[used_ - 1].floor; }

  [[nodiscard]] Aggregate& newest() noexcept { return cells_[newest_]; }
  [[nodiscard]] Aggregate& at(std::size_t slot) noexcept { return cells_[slot]; }
  [[nodiscard]] const Aggregate& at(std::size_t slot) const noexcept { return cells_[slot]; }
  [[nodiscard]] const Aggregate& prototype() const noexcept { return prototype_; }
  [[nodiscard]] std::size_t size() const noexcept { return cells_.size(); }

  /// The newest cell becomes that of `t`, unless a newer one is there.
  void move_on(std::int64_t t) noexcept {
    if (!started_) {
      start((floor_div(t, grain()) + 1) * grain());
    } else if (t >= end_) {
      settle((index(tiers_[0], t) + 1) * grain());
    }
  }

  /// The cell of `t`; nullptr before the oldest. Domain: t < end().
  [[nodiscard]] Aggregate* find(std::int64_t t) noexcept {
    for (std::size_t k = 0; k < used_; ++k) {
      if (t >= tiers_[k].floor) return &cells_[slot(k, index(tiers_[k], t))];
    }
    return nullptr;
  }

  /// The newest cell becomes that of `t`, in the past; all cells that end later are emptied into
  /// `removed`. What is older stays in the cells it is in. Domain: t < end().
  void step_back(std::int64_t t, Aggregate& removed) noexcept {
    const std::int64_t from = floor_div(t, grain()) * grain();
    for (std::size_t k = 0; k < used_; ++k) {
      tier& own = tiers_[k];
      for (std::int64_t i = floor_div(own.floor, own.grain); i <= own.top; ++i) {
        Aggregate& cell = cells_[slot(k, i)];
        if (std::min((i + 1) * own.grain, ceiling(k)) <= from) continue;
        removed.merge(cell);
        cell = prototype_;
      }
    }
    if (floor() >= from) return start(from + grain());
    for (std::size_t k = 0; k < used_; ++k) tiers_[k].floor = std::min(tiers_[k].floor, from);
    end_ = from + grain();
    for (std::size_t k = 0; k < used_; ++k) point(k, floor_div(ceiling(k) - 1, tiers_[k].grain));
  }

  /// Domain: the same layout.
  void merge(const tiered_cells& other) noexcept {
    if (!other.started_) return;
    if (!started_) start(other.end_);
    settle(std::max(end_, other.end_), &other);
    other.visit(other.floor(), other.end_,
                [this](std::int64_t begin, std::int64_t, const Aggregate& cell) {
                  if (Aggregate* mine = find(begin)) mine->merge(cell);
                });
  }

  /// f(begin, end, cell) for each cell that holds part of [from, to), finest first.
  template <class F>
  void visit(std::int64_t from, std::int64_t to, F&& f) const {
    for (std::size_t k = 0; started_ && k < used_; ++k) {
      const tier& own = tiers_[k];
      const std::int64_t first = std::max(from, own.floor);
      const std::int64_t limit = std::min(to, ceiling(k));
      if (first >= limit) continue;
      const std::int64_t last = floor_div(limit - 1, own.grain);
      for (std::int64_t i = floor_div(first, own.grain); i <= last; ++i) {
        f(std::max(i * own.grain, own.floor), std::min((i + 1) * own.grain, ceiling(k)),
          cells_[slot(k, i)]);
      }
    }
  }

  /// end() and the floors, which say where every cell lies: for the byte form.
  [[nodiscard]] std::vector<std::int64_t> state() const {
    std::vector<std::int64_t> s{end_};
    for (std::size_t k = 0; k < used_; ++k) s.push_back(tiers_[k].floor);
    return s;
  }

  /// Takes a state of this layout; false, and nothing changed, when it is none.
  [[nodiscard]] bool restore(std::span<const std::int64_t> state) noexcept {
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    if (state.size() != used_ + 1 || state[0] % grain() != 0 ||
        state[0] > most - margin_ + grain() || state[0] < margin_ - most) {
      return false;
    }
    std::array<std::int64_t, window_layout::most_lengths> tops{};
    for (std::size_t k = 0; k < used_; ++k) {
      const tier& own = tiers_[k];
      tops[k] = floor_div(state[k] - 1, own.grain);
      if (state[k + 1] > state[k] || state[k + 1] % grain() != 0 ||
          state[k + 1] < (tops[k] - own.cells + 1) * own.grain) {
        return false;
      }
    }
    end_ = state[0];
    for (std::size_t k = 0; k < used_; ++k) {
      tiers_[k].floor = state[k + 1];
      point(k, tops[k]);
    }
    started_ = true;
    return true;
  }

  friend bool operator==(const tiered_cells& a, const tiered_cells& b) {
    if (a.started_ != b.started_ || a.used_ != b.used_ || a.end_ != b.end_) return false;
    for (std::size_t k = 0; k < a.used_; ++k) {
      if (!(a.tiers_[k] == b.tiers_[k])) return false;
    }
    return a.prototype_ == b.prototype_ && a.cells_ == b.cells_;
  }

 private:
  struct tier {
    std::int64_t grain = 0;
    std::int64_t cells = 0;
    std::int64_t first = 0;  ///< of its cells among all
    std::int64_t floor = 0;
    std::int64_t top = 0;   ///< index of the newest cell, which may reach beyond the ceiling
    std::int64_t head = 0;  ///< its place in the ring: top modulo cells

    friend bool operator==(const tier&, const tier&) = default;
  };

  [[nodiscard]] std::int64_t ceiling(std::size_t k) const noexcept {
    return k == 0 ? end_ : tiers_[k - 1].floor;
  }

  /// Domain: the index is one of the tier's, at most `cells` - 1 behind the top.
  [[nodiscard]] std::size_t slot(std::size_t k, std::int64_t index) const noexcept {
    const tier& own = tiers_[k];
    const std::int64_t back = own.head - (own.top - index);
    return static_cast<std::size_t>(own.first + (back < 0 ? back + own.cells : back));
  }

  /// floor_div by the grain; where the newest cells are concerned, which is nearly always, without
  /// a division.
  [[nodiscard]] static std::int64_t index(const tier& own, std::int64_t t) noexcept {
    const auto grain = static_cast<std::uint64_t>(own.grain);
    const std::uint64_t after =
        static_cast<std::uint64_t>(t) - static_cast<std::uint64_t>(own.top * own.grain);
    return after < 2 * grain ? own.top + (after >= grain) : floor_div(t, own.grain);
  }

  void point(std::size_t k, std::int64_t top) noexcept {
    tier& own = tiers_[k];
    if (top == own.top + 1) {
      own.head = own.head + 1 == own.cells ? 0 : own.head + 1;
    } else {
      own.head = top - floor_div(top, own.cells) * own.cells;
    }
    own.top = top;
    if (k == 0) newest_ = static_cast<std::size_t>(own.first + own.head);
  }

  /// Domain: all cells are empty.
  void start(std::int64_t end) noexcept {
    started_ = true;
    end_ = end;
    for (std::size_t k = 0; k < used_; ++k) {
      tier& own = tiers_[k];
      point(k, floor_div(ceiling(k) - 1, own.grain));
      own.floor = (own.top - own.cells + 1) * own.grain;
    }
  }

  /// Moves the floors to where a newest cell that ends at `end` puts them, and not below those of
  /// `other`; cells below a floor go to coarser tiers. Floors rise to whole grains, because a cell
  /// on both sides of one could not be told apart.
  void settle(std::int64_t end, const tiered_cells* other = nullptr) noexcept {
    struct place {
      std::int64_t floor, top, head;
    };
    std::array<place, window_layout::most_lengths> before;
    end_ = end;
    std::size_t moved = 0;
    for (; moved < used_; ++moved) {
      tier& own = tiers_[moved];
      before[moved] = {own.floor, own.top, own.head};
      const std::int64_t top = index(own, ceiling(moved) - 1);
      if (!other && top == own.top) break;
      point(moved, top);
      own.floor = std::max(own.floor, (top - own.cells + 1) * own.grain);
      if (!other) continue;
      const std::int64_t least = std::max(own.floor, other->tiers_[moved].floor);
      const std::int64_t whole = -floor_div(-least, own.grain) * own.grain;
      own.floor = std::min(whole, ceiling(moved));
    }
    // The coarsest first, so that what comes in finds its place empty.
    for (std::size_t k = moved; k-- > 0;) {
      const tier& own = tiers_[k];
      const place& old = before[k];
      if (own.floor <= old.floor) continue;
      for (std::int64_t i = floor_div(old.floor, own.grain);
           i <= old.top && i * own.grain < own.floor; ++i) {
        const std::int64_t back = old.head - (old.top - i);
        Aggregate& cell =
            cells_[static_cast<std::size_t>(own.first + (back < 0 ? back + own.cells : back))];
        if (Aggregate* to = find(std::max(i * own.grain, old.floor))) to->merge(cell);
        cell = prototype_;
      }
    }
  }

  Aggregate prototype_;
  std::vector<Aggregate> cells_;
  std::array<tier, window_layout::most_lengths> tiers_{};
  std::size_t used_ = 0;
  std::size_t newest_ = 0;
  std::int64_t end_ = 0;
  std::int64_t margin_ = 0;
  bool started_ = false;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate::detail
