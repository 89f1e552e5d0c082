// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Which shard of a recorder a thread records into. A recorder's pool knows its shards and which of
/// them are free; a thread leases one at its first record and gives it back when it ends, with what
/// was recorded still in it. The pool outlives recorder and threads, whichever ends last.

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <new>

#include <relia/version.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate::detail {

/// What a pool knows of a shard, whatever it records.
struct shard_link {
  shard_link* next = nullptr;  // in the list of all shards; fixed before the shard is published
  shard_link* next_free = nullptr;  // under the pool's mutex
};

/// The mutex hands a shard from its last writer to its next one. Readers walk `all` without it, so
/// that a thread that starts does not wait for a snapshot.
struct shard_pool {
  std::mutex mutex{};
  std::atomic<shard_link*> all{nullptr};
  shard_link* free = nullptr;
  std::atomic<bool> open{true};  // until the recorder is destroyed, and its shards with it
  std::atomic<std::int64_t> lost{0};

  /// A shard that nobody writes to, or a new one; nullptr when there is no memory.
  template <class Shard, class Aggregate>
  [[nodiscard]] shard_link* lease(const Aggregate& empty) noexcept {
    const std::scoped_lock lock(mutex);
    if (free != nullptr) {
      shard_link* const found = free;
      free = found->next_free;
      return found;
    }
    shard_link* const made = new (std::nothrow) Shard(empty);
    if (made == nullptr) return nullptr;
    made->next = all.load(std::memory_order_relaxed);
    all.store(made, std::memory_order_release);
    return made;
  }

  void give_back(shard_link* shard) noexcept {
    const std::scoped_lock lock(mutex);
    if (!open.load(std::memory_order_relaxed)) return;
    shard->next_free = free;
    free = shard;
  }

  void close() noexcept {
    const std::scoped_lock lock(mutex);
    open.store(false, std::memory_order_relaxed);
  }
};

/// What a recorder is called in the threads' tables. Never reused, so that no table can hold the
/// shard of a recorder that is gone under the name of a new one.
[[nodiscard]] inline std::uint64_t next_recorder_id() noexcept {
  static std::atomic<std::uint64_t> last{0};
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

/// The shards that this thread holds, and a table to find those of the last recorders at once: one
/// comparison, without collisions up to as many recorders as it has rows.
struct thread_row {
  std::uint64_t id = 0;
  shard_link* shard = nullptr;
};
inline constexpr std::size_t thread_rows = 16;
inline constinit thread_local std::array<thread_row, thread_rows> thread_table{};
inline constinit thread_local bool thread_ended = false;

[[nodiscard]] inline thread_row& row_of(std::uint64_t id) noexcept {
  return thread_table[id % thread_rows];
}

struct thread_lease {
  std::uint64_t id;
  std::shared_ptr<shard_pool> pool;
  shard_link* shard;
  thread_lease* next;
};

class thread_leases {
 public:
  thread_leases() = default;
  thread_leases(const thread_leases&) = delete;
  thread_leases& operator=(const thread_leases&) = delete;

  /// Objects of the thread that are destroyed later may still record: they find no row, and no
  /// lease.
  ~thread_leases() {
    thread_ended = true;
    for (thread_row& row : thread_table) row = {};
    while (first_ != nullptr) {
      const thread_lease* const ended = first_;
      ended->pool->give_back(ended->shard);
      first_ = ended->next;
      delete ended;
    }
  }

  [[nodiscard]] shard_link* find(std::uint64_t id) const noexcept {
    for (const thread_lease* l = first_; l != nullptr; l = l->next) {
      if (l->id == id) return l->shard;
    }
    return nullptr;
  }

  /// nullptr when there is no memory.
  template <class Shard, class Aggregate>
  [[nodiscard]] shard_link* add(std::uint64_t id, const std::shared_ptr<shard_pool>& pool,
                                const Aggregate& empty) noexcept {
    drop_closed();
    auto* made = new (std::nothrow) thread_lease{id, pool, nullptr, first_};
    if (made == nullptr) return nullptr;
    made->shard = pool->template lease<Shard>(empty);
    if (made->shard == nullptr) {
      delete made;
      return nullptr;
    }
    first_ = made;
    return made->shard;
  }

 private:
  /// Leases of recorders that are gone, so that a thread that outlives many does not collect them.
  void drop_closed() noexcept {
    for (thread_lease** at = &first_; *at != nullptr;) {
      if ((*at)->pool->open.load(std::memory_order_relaxed)) {
        at = &(*at)->next;
      } else {
        const thread_lease* const dropped = *at;
        *at = dropped->next;
        delete dropped;
      }
    }
  }

  thread_lease* first_ = nullptr;
};

/// Apart from the table, because a thread_local with a destructor is reached through a check.
[[nodiscard]] inline thread_leases& this_thread_leases() {
  static thread_local thread_leases leases;
  return leases;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate::detail
