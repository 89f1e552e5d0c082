// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Keys in a fixed number of slots: found by hash, and ordered so that the lightest is at hand.
/// Everything is allocated at construction.

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include <relia/aggregate/detail/fixed_array.hpp>
#include <relia/core/real.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate::detail {

/// The same on every platform. Good enough to spread keys over a table; no defence against keys
/// that were made to collide, which cost a search of the table and never a wrong count.
[[nodiscard]] inline std::uint64_t hash_of(std::string_view key) noexcept {
  constexpr std::uint64_t odd = 0x9E3779B97F4A7C15;  // the golden ratio
  std::uint64_t hash = odd ^ key.size();
  for (std::size_t i = 0; i < key.size(); i += 8) {
    std::uint64_t word = 0;
    const std::size_t size = std::min<std::size_t>(8, key.size() - i);
    if constexpr (std::endian::native == std::endian::little) {
      std::memcpy(&word, key.data() + i, size);
    } else {
      for (std::size_t b = 0; b < size; ++b) {
        word |= std::uint64_t{static_cast<unsigned char>(key[i + b])} << (8 * b);
      }
    }
    hash = (hash ^ word) * odd;
    hash ^= hash >> 29;
  }
  hash *= 0xBF58476D1CE4E5B9;  // the finish of SplitMix64
  return hash ^ hash >> 32;
}

/// Entry: what a slot carries. Slots are ordered by weight, then hash, then key, so that which one
/// is lightest does not depend on the order in which they came.
template <class Entry>
class key_table {
 public:
  static constexpr std::uint32_t none = 0xFFFFFFFF;

  struct slot {
    Entry entry{};
    count weight = 0;
    std::uint64_t hash = 0;
    std::uint32_t heap_at = 0;
    std::uint32_t key_size = 0;
  };

  /// Domain: 1 <= capacity <= 2^16, key_bytes >= 1.
  key_table(std::size_t capacity, std::size_t key_bytes)
      : capacity_(capacity),
        key_bytes_(key_bytes),
        slots_(capacity),
        heap_(capacity),
        index_(std::bit_ceil(2 * capacity), none),
        names_(capacity * key_bytes, '\0') {}

  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
  [[nodiscard]] std::size_t key_bytes() const noexcept { return key_bytes_; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool full() const noexcept { return size() == capacity_; }
  [[nodiscard]] const slot& operator[](std::uint32_t at) const noexcept { return slots_[at]; }
  [[nodiscard]] Entry& entry(std::uint32_t at) noexcept { return slots_[at].entry; }
  /// Domain: not empty.
  [[nodiscard]] std::uint32_t lightest() const noexcept { return heap_[0]; }

  /// All slots. Cost: O(size log size).
  [[nodiscard]] fixed_array<std::uint32_t> heaviest_first() const {
    fixed_array<std::uint32_t> order(heap_.begin(), size_);
    std::sort_heap(order.begin(), order.end(),
                   [this](std::uint32_t a, std::uint32_t b) { return less(b, a); });
    return order;
  }

  [[nodiscard]] std::string_view key(std::uint32_t at) const noexcept {
    return std::string_view(names_).substr(at * key_bytes_, slots_[at].key_size);
  }

  [[nodiscard]] std::uint32_t find(std::string_view k, std::uint64_t hash) const noexcept {
    for (std::size_t i = hash & mask();; i = (i + 1) & mask()) {
      const std::uint32_t at = index_[i];
      if (at == none || (slots_[at].hash == hash && key(at) == k)) return at;
    }
  }

  /// Whether a new key of this weight has a slot, free or that of a lighter key.
  [[nodiscard]] bool admits(std::string_view k, std::uint64_t hash, count weight) const noexcept {
    return !full() || lighter(slots_[lightest()], key(lightest()), weight, hash, k);
  }

  /// A new key in a free slot, or in that of the lightest. Domain: k not in the table and at most
  /// key_bytes() long.
  std::uint32_t put(std::string_view k, std::uint64_t hash, const Entry& e, count weight) noexcept {
    std::uint32_t at = 0;
    if (full()) {
      at = lightest();
      unlink(at);
    } else {
      at = static_cast<std::uint32_t>(size_);
      slots_[at].heap_at = at;
      heap_[size_++] = at;
    }
    slot& s = slots_[at];
    s.entry = e;
    s.hash = hash;
    s.key_size = static_cast<std::uint32_t>(k.size());
    k.copy(names_.data() + at * key_bytes_, k.size());
    std::size_t i = hash & mask();
    while (index_[i] != none) i = (i + 1) & mask();
    index_[i] = at;
    s.weight = weight;
    rise(s.heap_at);
    sink(s.heap_at);
    return at;
  }

  /// Domain: at least the weight it had.
  void grow(std::uint32_t at, count weight) noexcept {
    slots_[at].weight = weight;
    sink(slots_[at].heap_at);
  }

  /// Whether slot a is lighter than slot b.
  [[nodiscard]] bool less(std::uint32_t a, std::uint32_t b) const noexcept {
    return lighter(slots_[a], key(a), slots_[b].weight, slots_[b].hash, key(b));
  }

 private:
  [[nodiscard]] static bool lighter(const slot& s, std::string_view name, count weight,
                                    std::uint64_t hash, std::string_view k) noexcept {
    if (s.weight != weight) return s.weight < weight;
    return s.hash != hash ? s.hash < hash : name < k;
  }

  [[nodiscard]] std::size_t mask() const noexcept { return index_.size() - 1; }

  /// Takes the slot out of the index; what it displaced moves back, so that no search ends early.
  void unlink(std::uint32_t at) noexcept {
    std::size_t hole = slots_[at].hash & mask();
    while (index_[hole] != at) hole = (hole + 1) & mask();
    for (std::size_t i = (hole + 1) & mask(); index_[i] != none; i = (i + 1) & mask()) {
      const std::size_t home = slots_[index_[i]].hash & mask();
      if (((i - home) & mask()) >= ((i - hole) & mask())) {
        index_[hole] = index_[i];
        hole = i;
      }
    }
    index_[hole] = none;
  }

  void place(std::size_t heap_at, std::uint32_t at) noexcept {
    heap_[heap_at] = at;
    slots_[at].heap_at = static_cast<std::uint32_t>(heap_at);
  }

  void rise(std::size_t i) noexcept {
    const std::uint32_t at = heap_[i];
    for (; i > 0 && less(at, heap_[(i - 1) / 2]); i = (i - 1) / 2) place(i, heap_[(i - 1) / 2]);
    place(i, at);
  }

  void sink(std::size_t i) noexcept {
    const std::uint32_t at = heap_[i];
    for (std::size_t child = 2 * i + 1; child < size_; child = 2 * i + 1) {
      if (child + 1 < size_ && less(heap_[child + 1], heap_[child])) ++child;
      if (!less(heap_[child], at)) break;
      place(i, heap_[child]);
      i = child;
    }
    place(i, at);
  }

  std::size_t capacity_;
  std::size_t key_bytes_;
  std::size_t size_ = 0;
  fixed_array<slot> slots_;           // the first size_ are taken
  fixed_array<std::uint32_t> heap_;   // of the slots taken, the lightest first
  fixed_array<std::uint32_t> index_;  // of slots, by hash, with linear probing
  std::string names_;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate::detail
