// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// One thread's share of a recorder: two aggregates, of which the thread records into the live one.
///
/// Who may touch what. One thread at a time is the writer; it alone stores `sequence_`, `flips_`
/// and the cells of the live aggregate. One thread at a time is the reader; it alone stores
/// `wanted_`, and it owns the other aggregate outright. Writers follow one another, and readers
/// too, through a mutex of the recorder, so each sees what the one before it did.
///
/// A copy is of one state. The writer makes the sequence number odd (relaxed), stores cells
/// (release), and makes the number even (release). The reader loads the number (acquire), the cells
/// (acquire), and the number again.
///  - Nothing is missing: the first load read an even s, so every store of the records up to s
///    happens before the loads of the cells, and each cell is at least as new as record s.
///  - Nothing is too new: if a cell came from a record after s, its acquire load synchronises with
///    that record's release store, which is sequenced after the odd number s + 1 was stored. The
///    second load of the number then reads s + 1 or later, and the copy is thrown away. Acquire
///    loads of the cells are what keeps that second load behind them; it may itself be relaxed.
/// (Boehm 2012, "Can seqlocks get along with programming language memory models?", fig. 5, with the
/// fences replaced by orders on the cells, which ThreadSanitizer understands.)
///
/// A busy writer would overtake the reader for ever, so the reader may ask for a flip: `wanted_`
/// goes ahead of `flips_` (release). At its next record the writer sees that (acquire), makes the
/// other aggregate live, and says so (`flips_`, release).
///  - What the reader stored into the clean aggregate happens before what the writer records there.
///  - What the writer recorded into the retired one happens before the reader, having seen `flips_`
///    move (acquire), takes it; the writer comes back to it only after another request.
/// An idle writer does not answer, but then the copy succeeds: one of the two always ends. The
/// writer never waits for the reader: a record is the aggregate's own work and four loads and two
/// stores beside it, which on x86-64 are plain moves. No store has to be seen by others before a
/// later load, so there is no full fence.

#include <atomic>
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
  explicit shard(const Aggregate& empty) noexcept : side_{empty, empty} {}

  /// The writer's only step.
  template <class... Args>
  void record(const Args&... args) noexcept {
    const std::uint64_t s = sequence_.load(std::memory_order_relaxed);
    sequence_.store(s + 1, std::memory_order_relaxed);
    const std::uint64_t flips = flips_.load(std::memory_order_relaxed);
    if (wanted_.load(std::memory_order_acquire) != flips) [[unlikely]]
      flip(flips, s);
    live_->template record_with<shared>(args...);
    sequence_.store(s + 2, std::memory_order_release);
  }

  // What follows is the reader's.

  void ask_for_flip() noexcept { wanted_.store(taken_ + 1, std::memory_order_release); }

  /// Merges the retired aggregate, if there is one, into `all`, and what of it was not yet reported
  /// into `fresh`.
  bool take_retired(const Aggregate& empty, Aggregate& all, Aggregate& fresh) {
    if (flips_.load(std::memory_order_acquire) == taken_) return false;
    Aggregate& retired = side_[taken_ & 1];
    all.merge(retired);
    if (flipped_at_.load(std::memory_order_relaxed) != reported_at_) {
      if constexpr (subtractable<Aggregate>) {
        if (reported_at_ != nothing) retired.subtract(*reported_);
      }
      fresh.merge(retired);
    }
    retired = empty;
    reported_at_ = nothing;
    ++taken_;
    return true;
  }

  /// Copies the live aggregate, unless the writer is within a record or came by meanwhile, or there
  /// is a retired one to be taken first.
  [[nodiscard]] bool copy_live(Aggregate& to) noexcept {
    copied_at_ = sequence_.load(std::memory_order_acquire);
    if (copied_at_ % 2 != 0 || flips_.load(std::memory_order_acquire) != taken_) return false;
    to.copy_shared_from(side_[taken_ & 1]);
    return sequence_.load(std::memory_order_relaxed) == copied_at_;
  }

  /// Whether the live aggregate holds what was not yet reported.
  [[nodiscard]] bool has_news() const noexcept {
    const std::uint64_t s = sequence_.load(std::memory_order_acquire);
    return s != 0 && s != reported_at_;
  }

  /// Merges what `copy`, the last copy of the live aggregate, holds beyond the last report into
  /// `fresh`. Only a record under way while the flip was asked for can lie between two reports.
  void report(const Aggregate& copy, Aggregate& fresh) requires subtractable<Aggregate> {
    if (!reported_) reported_ = std::make_unique<Aggregate>(copy);
    if (reported_at_ == nothing) {
      fresh.merge(copy);
    } else if (reported_at_ != copied_at_) {
      Aggregate since = copy;
      since.subtract(*reported_);
      fresh.merge(since);
    }
    *reported_ = copy;
    reported_at_ = copied_at_;
  }

 private:
  static constexpr std::uint64_t nothing = ~std::uint64_t{0};

  void flip(std::uint64_t flips, std::uint64_t at) noexcept {
    live_ = &side_[(flips + 1) & 1];
    flipped_at_.store(at, std::memory_order_relaxed);
    flips_.store(flips + 1, std::memory_order_release);
  }

  std::atomic<std::uint64_t> sequence_{0};  // twice the records, odd within one
  std::atomic<std::uint64_t> wanted_{0};    // flips asked for: flips_, or one more
  std::atomic<std::uint64_t> flips_{0};     // flips done; its parity is the live side
  std::atomic<std::uint64_t> flipped_at_{
      0};                    // the sequence number that the retired side ended with
  Aggregate* live_ = side_;  // the writer's alone
  Aggregate side_[2];
  std::uint64_t taken_ = 0;      // flips whose retired side was taken
  std::uint64_t copied_at_ = 0;  // the sequence number of the last copy
  std::uint64_t reported_at_ =
      nothing;  // the sequence number up to which the live side is reported
  std::unique_ptr<Aggregate> reported_;  // the live side as it was then
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate::detail
