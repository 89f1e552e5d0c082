// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// One thread's share of a recorder: two sides, an aggregate and a sequence number each.
///
/// Who may touch what. One thread at a time is the writer; it alone stores the sequence numbers,
/// and the cells of the side that `target_` names. One thread at a time is the reader; it alone
/// stores `target_`, and the spare side is its own. Writers follow one another, and so do readers,
/// under a mutex of the recorder, so each sees what the one before it did.
///
/// A record loads the target (acquire), makes that side's number odd (release), stores its cells
/// (release) and makes the number even (release).
///
/// A copy is of one state. The reader loads the number (acquire), the cells (acquire), and the
/// number again; it keeps the copy if both were the same even s.
///  - Nothing is missing: every store of the records up to s is sequenced before the store of s,
///    which the first load synchronised with, so each cell is at least as new as record s.
///  - Nothing is too new: if a cell came from a record after s, its acquire load synchronised with
///  a
///    release store that is sequenced after the store of s + 1. The second load of the number then
///    reads s + 1 or later. The acquire loads of the cells are what keeps it behind them; it may
///    itself be relaxed.
/// (Boehm 2012, "Can seqlocks get along with programming language memory models?", with orders on
/// the cells in place of fences, which ThreadSanitizer would not understand.)
///
/// A busy writer could overtake the reader for ever, so the reader may name the spare side as the
/// target (release). At its next record, or a little later, the writer sees that and records there.
///  - What the reader did to the spare side happens before what the writer does to it.
///  - The reader sees the number of the spare side move (acquire). All that the writer did to the
///  old
///    side happened before; and it does not come back, because having read the new target it cannot
///    read the one before. The old side is now the spare one, whole, and the reader's.
/// An idle writer does not move, but then a copy succeeds: one of the two always happens. A reader
/// that copies the old side while the writer is moving leaves out records made during its call
/// only.
///
/// The writer never waits. Beside the aggregate's own work a record is two loads and two stores,
/// plain moves on x86-64; no store must be seen by others before a later load, so there is no full
/// fence.

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include <relia/aggregate/detail/access.hpp>
#include <relia/aggregate/detail/thread_shards.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate::detail {

template <class A>
concept subtractable = requires(A& a, const A& b) {
  a.subtract(b);
};

template <class Aggregate>
class alignas(64) shard : public shard_link {
 public:
  explicit shard(const Aggregate& empty) noexcept : side_{{{empty}, {empty}}} {}

  /// The writer's only step.
  template <class... Args>
  void record(const Args&... args) noexcept {
    side& to = *target_.load(std::memory_order_acquire);
    const std::uint64_t s = to.sequence.load(std::memory_order_relaxed);
    to.sequence.store(s + 1, std::memory_order_release);
    to.aggregate.template record_with<shared>(args...);
    to.sequence.store(s + 2, std::memory_order_release);
  }

  // What follows is the reader's.

  void ask_for_flip() noexcept { target_.store(&side_[1 - live_], std::memory_order_release); }

  /// If the writer has moved to the spare side: merges what the old one holds into `all`, and what
  /// of it was not yet reported into `fresh`, and clears it to be the spare one.
  bool take_retired(const Aggregate& empty, Aggregate& all, Aggregate& fresh) {
    if (side_[1 - live_].sequence.load(std::memory_order_acquire) == spare_at_) return false;
    side& old = side_[live_];
    const std::uint64_t last = old.sequence.load(std::memory_order_relaxed);
    all.merge(old.aggregate);
    if (last != reported_at_) {
      if constexpr (subtractable<Aggregate>) {
        if (has_report_) old.aggregate.subtract(*report_);
      }
      fresh.merge(old.aggregate);
    }
    old.aggregate = empty;
    live_ = 1 - live_;
    has_report_ = false;
    reported_at_ = spare_at_;
    spare_at_ = last;
    return true;
  }

  /// Copies the live side, unless the writer is within a record of it or came by meanwhile.
  [[nodiscard]] bool copy_live(Aggregate& to) noexcept {
    const side& from = side_[live_];
    copied_at_ = from.sequence.load(std::memory_order_acquire);
    if (copied_at_ % 2 != 0) return false;
    to.copy_shared_from(from.aggregate);
    return from.sequence.load(std::memory_order_relaxed) == copied_at_;
  }

  /// Whether the live side holds what was not yet reported.
  [[nodiscard]] bool has_news() const noexcept {
    return side_[live_].sequence.load(std::memory_order_acquire) != reported_at_;
  }

  /// Merges what `copy`, the last copy of the live side, holds beyond the last report into `fresh`.
  /// A second report of one side needs a record that had not seen the new target.
  void report(const Aggregate& copy, Aggregate& fresh) requires subtractable<Aggregate> {
    if (!report_) report_ = std::make_unique<Aggregate>(copy);
    if (has_report_) {
      Aggregate since = copy;
      since.subtract(*report_);
      fresh.merge(since);
    } else {
      fresh.merge(copy);
    }
    *report_ = copy;
    has_report_ = true;
    reported_at_ = copied_at_;
  }

 private:
  struct side {
    Aggregate aggregate;
    std::atomic<std::uint64_t> sequence{0};  // twice the records, odd within one; never goes back
  };

  std::array<side, 2> side_;
  std::atomic<side*> target_{side_.data()};
  std::size_t live_ = 0;           // the side that the writer was last seen in
  std::uint64_t spare_at_ = 0;     // where the number of the other side rests until it moves
  std::uint64_t copied_at_ = 0;    // the number at the last copy
  std::uint64_t reported_at_ = 0;  // the live side's number when it was reported, or was empty
  bool has_report_ = false;        // of the live side
  std::unique_ptr<Aggregate> report_{};  // the copy that was reported
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate::detail
