// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// One aggregate that many threads record into: each into a shard of its own, which a reader
/// merges. A record takes no lock and never waits; after a thread's first record it allocates
/// nothing. Every record is wholly in a snapshot or wholly out of it, and records of threads that
/// have ended stay. The memory-order argument is in detail/shard.hpp; there is no full fence and no
/// locked instruction in it. `recorder<counts> requests; requests.record(ok);`
///
/// An Aggregate offers, beside `merge` and `empty`: `record_with<Access>(args...)`, which touches
/// its cells only through Access::load and Access::store; `copy_shared_from(other)`, which reads
/// them through detail::shared and does nothing that a copy of two states could lead astray; and,
/// for `drain`, `subtract`. An aggregate made of others does all of this by handing on.
///
/// Memory: bytes_per_thread for each thread that records at the same time as others, which is two
/// aggregates and at most 152 bytes; another aggregate after a drain that met the thread idle; four
/// aggregates for the recorder.

#include <atomic>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <type_traits>
#include <utility>

#include <relia/aggregate/detail/shard.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate {

template <class A>
concept recordable = std::is_nothrow_copy_constructible_v<A> &&
    std::is_nothrow_copy_assignable_v<A> && requires(A& a, const A& b) {
  a.merge(b);
  { a.copy_shared_from(b) }
  noexcept;
  { b.empty() } -> std::convertible_to<bool>;
};

template <recordable Aggregate>
class recorder;

/// A shard of one's own: recording through it looks nothing up. One thread at a time; the recorder
/// must outlive its last record, not the handle.
template <recordable Aggregate>
class recorder_writer {
 public:
  recorder_writer(recorder_writer&& other) noexcept
      : pool_(std::move(other.pool_)), shard_(std::exchange(other.shard_, nullptr)) {}
  recorder_writer& operator=(recorder_writer&& other) noexcept {
    std::swap(pool_, other.pool_);
    std::swap(shard_, other.shard_);
    return *this;
  }
  ~recorder_writer() {
    if (pool_ && shard_ != nullptr) pool_->give_back(shard_);
  }

  /// Without a shard, because there was no memory for one, it adds to recorder::lost.
  template <class... Args>
  void record(const Args&... args) noexcept {
    if (shard_ != nullptr) [[likely]]
      shard_->record(args...);
    else if (pool_)
      pool_->lost.fetch_add(1, std::memory_order_relaxed);
  }

 private:
  friend recorder<Aggregate>;
  using shard = detail::shard<Aggregate>;

  recorder_writer(std::shared_ptr<detail::shard_pool> pool, const Aggregate& empty) noexcept
      : pool_(std::move(pool)), shard_(static_cast<shard*>(pool_->template lease<shard>(empty))) {}

  std::shared_ptr<detail::shard_pool> pool_;
  shard* shard_;
};

/// `record` and `writer` may be called from any thread at any time in the recorder's life, but not
/// from a signal handler that could interrupt a record; so may `snapshot` and `drain`, which wait
/// for one another.
template <recordable Aggregate>
class recorder {
  using shard = detail::shard<Aggregate>;

 public:
  static constexpr std::size_t bytes_per_thread = sizeof(shard);

  /// `empty`: what shards start as, with the parameters that the aggregate has. Domain: holds no
  /// record. Throws: std::invalid_argument.
  explicit recorder(const Aggregate& empty = Aggregate{})
      : pool_(std::make_shared<detail::shard_pool>()),
        id_(detail::next_recorder_id()),
        empty_(empty) {
    if (!empty.empty()) {
      RELIA_RAISE(std::invalid_argument,
                  relia::detail::refusal("aggregate::recorder", "empty", "without records",
                                         "one that holds some"));
    }
  }

  recorder(const recorder&) = delete;
  recorder& operator=(const recorder&) = delete;

  /// Threads that recorded may end later, and writers be destroyed later; neither may record any
  /// more.
  ~recorder() {
    pool_->close();
    for_each([](shard& s) { delete &s; });
  }

  /// Records as Aggregate::record does. A thread's first record leases a shard, under a mutex;
  /// without memory for one the record is counted in lost(). Cost: the aggregate's own, and 1 ns.
  template <class... Args>
  void record(const Args&... args) noexcept {
    const detail::thread_row& row = detail::row_of(id_);
    if (row.id == id_) [[likely]]
      static_cast<shard*>(row.shard)->record(args...);
    else
      record_by_lease<handed_on<Args>...>(args...);
  }

  /// Takes a mutex, and memory unless a shard is free. Without memory its records count as lost.
  [[nodiscard]] recorder_writer<Aggregate> writer() noexcept { return {pool_, empty_}; }

  /// Everything recorded so far: at least what happened before the call. Each thread is cut between
  /// two of its records; the cuts of different threads are not at one instant. Cost: a copy and a
  /// merge for each shard.
  [[nodiscard]] Aggregate snapshot() {
    const std::scoped_lock lock(reading_);
    Aggregate live = empty_;
    for_each([&](shard& s) {
      for (unsigned attempt = 0;; ++attempt) {
        // A flip not seen at first was made since the call, so what follows it may be left out.
        if (s.take_retired(empty_, retired_, undrained_) && attempt > 0) return;
        if (s.copy_live(copy_)) {
          live.merge(copy_);
          return;
        }
        s.ask_for_flip();
        pause(attempt);
      }
    });
    live.merge(retired_);
    return live;
  }

  /// What was recorded since the last drain, each record in exactly one; snapshots are not
  /// affected. Extremes and sums are those of the drained records, but for a record that was under
  /// way while an idle thread was read: its drain knows them only by Aggregate::subtract.
  [[nodiscard]] Aggregate drain() requires detail::subtractable<Aggregate> {
    const std::scoped_lock lock(reading_);
    for_each([&](shard& s) {
      s.take_retired(empty_, retired_, undrained_);
      if (!s.has_news()) return;
      s.ask_for_flip();
      for (unsigned attempt = 0; !s.take_retired(empty_, retired_, undrained_); ++attempt) {
        if (attempt >= answers_within && s.copy_live(copy_)) return s.report(copy_, undrained_);
        pause(attempt);
      }
    });
    return std::exchange(undrained_, empty_);
  }

  /// Records that found no memory for a shard.
  [[nodiscard]] count lost() const noexcept { return pool_->lost.load(std::memory_order_relaxed); }

 private:
  static constexpr unsigned answers_within = 32;

  /// A copy of what is small: an argument that a reference is handed on of goes through memory, in
  /// every record.
  template <class T>
  using handed_on =
      std::conditional_t<std::is_trivially_copyable_v<T> && sizeof(T) <= 16, T, const T&>;

  template <class... Args>
  [[gnu::cold, gnu::noinline]] void record_by_lease(Args... args) noexcept {
    if (detail::shard_link* s = find_or_lease(); s != nullptr) {
      detail::row_of(id_) = {id_, s};
      static_cast<shard*>(s)->record(args...);
    } else {
      writer().record(args...);
    }
  }

  [[nodiscard]] detail::shard_link* find_or_lease() noexcept {
    if (detail::thread_ended) return nullptr;
    detail::thread_leases& leases = detail::this_thread_leases();
    detail::shard_link* s = leases.find(id_);
    return s != nullptr ? s : leases.template add<shard>(id_, pool_, empty_);
  }

  template <class Visit>
  void for_each(Visit visit) {
    detail::shard_link* s = pool_->all.load(std::memory_order_acquire);
    while (s != nullptr) {
      detail::shard_link* const next = s->next;  // before a visit that deletes
      visit(*static_cast<shard*>(s));
      s = next;
    }
  }

  /// A writer that was stopped within a record is waited for, without taking its processor.
  static void pause(unsigned attempt) noexcept {
    if (attempt < answers_within) {
#if defined(__x86_64__) || defined(__i386__)
      __builtin_ia32_pause();
#endif
    } else if (attempt < 32 * answers_within) {
      std::this_thread::yield();
    } else {
      std::this_thread::sleep_for(std::chrono::microseconds(50));
    }
  }

  const std::shared_ptr<detail::shard_pool> pool_;
  const std::uint64_t id_;
  const Aggregate empty_;

  std::mutex reading_;  // guards what follows, and the reader's part of each shard
  Aggregate copy_ = empty_;
  Aggregate retired_ = empty_;
  Aggregate undrained_ = empty_;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate
