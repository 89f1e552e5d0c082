// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The last while, as a ring of aggregates: one cell per grain of time. Recording costs one
/// division and no allocation; a window's answer is the merge of its cells, rounded out to whole
/// grains, and says so.

#include <algorithm>
#include <cstddef>
#include <vector>

#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate {

/// What a window holds. `covered` is the period that was really merged: whole grains.
template <class Aggregate>
struct window_total {
  Aggregate total{};
  period covered{};
};

/// Aggregate: default-constructible, with `merge`. Memory: one Aggregate per grain, allocated at
/// construction.
template <class Aggregate>
class window_ring {
 public:
  /// Keeps at least `span` of time in cells of `grain`. Throws: std::domain_error unless 0 < grain
  /// <= span.
  window_ring(duration grain, duration span) : grain_(grain) {
    relia::detail::require_domain(grain > duration{0}, "aggregate::window_ring", "grain",
                                  "positive", grain.count());
    relia::detail::require_domain(span >= grain, "aggregate::window_ring", "span",
                                  "at least the grain", span.count());
    cells_.resize(static_cast<std::size_t>((span + grain - duration{1}) / grain) + 1);
  }

  /// The cell of `t`, for recording into; nullptr when `t` is older than the ring reaches. A later
  /// `t` moves the ring on.
  [[nodiscard]] Aggregate* at(instant t) noexcept {
    const std::int64_t index = index_of(t);
    if (!started_) {
      started_ = true;
      newest_ = index;
    }
    if (index > newest_) {
      const std::int64_t steps = std::min(index - newest_, size());
      for (std::int64_t i = 0; i < steps; ++i) cell(index - i) = Aggregate{};
      newest_ = index;
    }
    return index > newest_ - size() ? &cell(index) : nullptr;
  }

  /// Everything in the `length` that ends with the grain of `now`. Throws: std::domain_error when
  /// the ring is shorter.
  [[nodiscard]] window_total<Aggregate> last(duration length, instant now) const {
    relia::detail::require_domain(length > duration{0} && length <= span(),
                                  "aggregate::window_ring::last", "length",
                                  "positive and within the ring's span", length.count());
    const std::int64_t end = index_of(now);
    const std::int64_t begin = end - (length + grain_ - duration{1}) / grain_ + 1;
    window_total<Aggregate> result;
    result.covered = {instant(begin * grain_), instant((end + 1) * grain_)};
    if (!started_) return result;
    const std::int64_t first = std::max(begin, newest_ - size() + 1);
    for (std::int64_t i = first; i <= std::min(end, newest_); ++i) result.total.merge(cell(i));
    return result;
  }

  [[nodiscard]] duration grain() const noexcept { return grain_; }
  [[nodiscard]] duration span() const noexcept { return grain_ * (size() - 1); }

 private:
  [[nodiscard]] std::int64_t size() const noexcept {
    return static_cast<std::int64_t>(cells_.size());
  }

  [[nodiscard]] std::int64_t index_of(instant t) const noexcept {
    const auto since = t.time_since_epoch();
    const std::int64_t quotient = since / grain_;
    return since % grain_ < duration{0} ? quotient - 1 : quotient;
  }

  [[nodiscard]] std::size_t slot(std::int64_t index) const noexcept {
    const std::int64_t r = index % size();
    return static_cast<std::size_t>(r < 0 ? r + size() : r);
  }

  [[nodiscard]] Aggregate& cell(std::int64_t index) noexcept { return cells_[slot(index)]; }
  [[nodiscard]] const Aggregate& cell(std::int64_t index) const noexcept {
    return cells_[slot(index)];
  }

  duration grain_;
  std::vector<Aggregate> cells_;
  std::int64_t newest_ = 0;
  bool started_ = false;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate
