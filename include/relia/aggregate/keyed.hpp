// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Which keys are behind it? Good and bad events per tenant, route or host, for any number of keys
/// in a fixed memory: the heavy keys are held by name, the others in one remainder, and what is
/// held has bounds that hold with certainty. Ranked by bad events (the default), every key with
/// more than bad / capacity of them is held, however little traffic it has; ranked by all, every
/// key with more than total / capacity. Memory: capacity * (key_bytes + 100) bytes or less, all of
/// it at construction.
///
/// Ref: A. Metwally, D. Agrawal, A. El Abbadi, "Efficient Computation of Frequent and Top-k
/// Elements in Data Streams", ICDT 2005 (Space-Saving); P. K. Agarwal et al., "Mergeable
/// Summaries", PODS 2012.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <relia/aggregate/bounded.hpp>
#include <relia/aggregate/counts.hpp>
#include <relia/aggregate/detail/key_table.hpp>
#include <relia/aggregate/detail/saturating.hpp>
#include <relia/core/bytes.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate {

/// What makes a key heavy: its bad events, or all of them.
enum class rank_by : std::uint8_t { bad = 0, valid = 1 };

[[nodiscard]] constexpr std::string_view to_string(rank_by r) noexcept {
  return r == rank_by::bad ? "bad" : "valid";
}

/// `key_bytes`: a longer key is held as its beginning, '~' and 16 hexadecimal digits of its hash.
struct keyed_options {
  std::size_t capacity = 256;  ///< keys held, 1 to 65536
  std::size_t key_bytes = 64;  ///< 24 to 255
  rank_by rank = rank_by::bad;

  friend constexpr bool operator==(const keyed_options&, const keyed_options&) = default;
};

/// What is known of one key: `seen` since it has been held, and how many more it can have had
/// before. The quoted value is what was seen, so that all keys and the remainder add up to the
/// total.
struct keyed_entry {
  std::string key{};
  counts seen{};
  count missed_good = 0;
  count missed_bad = 0;
  count missed = 0;  ///< good and bad together, at most
  bool held = true;

  [[nodiscard]] bounded good() const noexcept { return between(seen.good(), missed_good); }
  [[nodiscard]] bounded bad() const noexcept { return between(seen.bad(), missed_bad); }
  [[nodiscard]] bounded valid() const noexcept { return between(seen.valid(), missed); }

 private:
  [[nodiscard]] static bounded between(count least, count more) noexcept {
    const auto lower = static_cast<double>(least);
    return {lower, lower, lower + static_cast<double>(more), state::ok};
  }
};

class keyed {
 public:
  /// Throws: std::domain_error for a capacity or key_bytes out of range.
  explicit keyed(const keyed_options& options = {})
      : options_(checked(options)), table_(options.capacity, options.key_bytes) {}

  /// Counts events of a key; `times` below 1 record nothing. Cost: a search by hash, and O(log
  /// capacity) where the rank of the key changes. Allocates nothing.
  void record(std::string_view key, bool good, count times = 1) noexcept {
    if (times < 1) return;
    std::array<char, longest_key> storage;
    const std::string_view name = shortened(key, storage);
    const std::uint64_t hash = detail::hash_of(name);
    std::uint32_t at = table_.find(name, hash);
    if (at == table::none) {
      const bool weightless = good && options_.rank == rank_by::bad;
      if (table_.full() && weightless) {  // it cannot outweigh the lightest
        other_.record(good, times);
        return;
      }
      const unseen_bounds bounds = unseen();
      if (table_.full()) other_.merge(table_[table_.lightest()].entry.seen);
      at = table_.put(name, hash, {{}, bounds}, bounds.ranked);
    }
    tally& t = table_.entry(at);
    t.seen.record(good, times);
    if (const count w = weight(t); w != table_[at].weight) table_.grow(at, w);
  }

  /// One event for each key. Domain: as many of good; what is left over is not recorded.
  void record(std::span<const std::string_view> keys, std::span<const bool> good) noexcept {
    for (std::size_t i = 0; i < std::min(keys.size(), good.size()); ++i) {
      record(keys[i], good[i], 1);  // two arguments would ask whether a key is a span of keys
    }
  }

  /// Adds what `other` recorded. The same in either order, to the bit; the bounds and the guarantee
  /// hold in any grouping, but which light keys are held may depend on it.
  /// Throws: std::invalid_argument when the options differ. Cost: O(capacity), allocates as much.
  void merge(const keyed& other) {
    constexpr const char* where = "aggregate::keyed::merge";
    const auto same = [&](const char* name, std::size_t theirs, std::size_t ours) {
      relia::detail::require_argument(theirs == ours, where, name,
                                      "equal, " + relia::detail::to_text(ours), theirs);
    };
    same("the capacities", other.options_.capacity, options_.capacity);
    same("the key_bytes", other.options_.key_bytes, options_.key_bytes);
    relia::detail::require_argument(options_.rank == other.options_.rank, where, "the ranks",
                                    "equal", to_string(other.options_.rank));
    table merged(options_.capacity, options_.key_bytes);
    counts rest = other_;
    rest.merge(other.other_);
    add_side(merged, rest, *this, other, true);
    add_side(merged, rest, other, *this, false);
    table_ = std::move(merged);
    other_ = rest;
  }

  [[nodiscard]] const keyed_options& options() const noexcept { return options_; }
  /// How many keys are held.
  [[nodiscard]] std::size_t size() const noexcept { return table_.size(); }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  /// Events of keys while they were not held.
  [[nodiscard]] const counts& other() const noexcept { return other_; }
  /// All events, exactly.
  [[nodiscard]] counts total() const noexcept {
    counts sum = other_;
    for (std::uint32_t at = 0; at < size(); ++at) sum.merge(table_[at].entry.seen);
    return sum;
  }
  [[nodiscard]] bool saturated() const noexcept { return total().saturated(); }

  /// What is known of a key, held or not. Allocates the name.
  [[nodiscard]] keyed_entry at(std::string_view key) const {
    std::array<char, longest_key> storage;
    const std::string_view name = shortened(key, storage);
    const std::uint32_t found = table_.find(name, detail::hash_of(name));
    if (found != table::none) return describe(found);
    return entry_of(name, {{}, unseen()}, false);
  }

  /// The heaviest keys by what they can have had at most, heaviest first; ties in an order that
  /// does not depend on how they were recorded.
  [[nodiscard]] std::vector<keyed_entry> heaviest(
      std::size_t most = std::numeric_limits<std::size_t>::max()) const {
    const detail::fixed_array<std::uint32_t> order = table_.heaviest_first();
    std::vector<keyed_entry> entries(std::min(most, order.size()));
    for (std::size_t i = 0; i < entries.size(); ++i) entries[i] = describe(order[i]);
    return entries;
  }

  [[nodiscard]] std::vector<std::byte> to_bytes() const {
    byte_writer out(byte_kind::keyed, 1);
    out.write_varint(options_.capacity);
    out.write(static_cast<std::uint8_t>(options_.key_bytes));
    out.write(static_cast<std::uint8_t>(options_.rank));
    const auto write = [&out](count n) { out.write_varint(static_cast<std::uint64_t>(n)); };
    write(other_.good());
    write(other_.bad());
    out.write_varint(size());
    for (const std::uint32_t at : table_.heaviest_first()) {
      const std::string_view key = table_.key(at);
      out.write(static_cast<std::uint8_t>(key.size()));
      for (const char c : key) out.write(static_cast<std::uint8_t>(c));
      const tally& t = table_[at].entry;
      for (const count n :
           {t.seen.good(), t.seen.bad(), t.missed.ranked, t.missed.good, t.missed.bad}) {
        write(n);
      }
    }
    return out.bytes();
  }

  /// Throws: std::invalid_argument on bytes that are not the byte form of keyed counts. Allocates
  /// at most 24 MB, whatever the bytes say.
  [[nodiscard]] static keyed from_bytes(std::span<const std::byte> bytes) {
    byte_reader in(bytes, byte_kind::keyed, 1);
    keyed_options options;
    options.capacity = static_cast<std::size_t>(in.read_varint());
    options.key_bytes = in.read<std::uint8_t>();
    const auto rank = in.read<std::uint8_t>();
    in.check(options.capacity >= 1 && options.capacity <= most_keys &&
                 options.key_bytes >= shortest_key && rank <= 1,
             "hold a capacity, a key length and a rank in their ranges");
    options.rank = static_cast<rank_by>(rank);
    keyed result(options);
    const count good = in.read_varint_count();
    result.other_ = counts(good, in.read_varint_count());
    const std::uint64_t size = in.read_varint();
    in.check(size <= options.capacity, "hold no more keys than their capacity");
    const bool full = size == options.capacity;
    in.check(full || result.other_.empty(), "hold a remainder only where all slots are taken");
    std::array<char, longest_key> name{};
    for (std::uint64_t i = 0; i < size; ++i) {
      const std::size_t length = in.read<std::uint8_t>();
      in.check(length <= options.key_bytes, "hold no key longer than their limit");
      for (std::size_t c = 0; c < length; ++c) name[c] = static_cast<char>(in.read<std::uint8_t>());
      const char* letters = name.data();
      const std::string_view key(letters, length);
      tally t;
      const count seen_good = in.read_varint_count();
      t.seen = counts(seen_good, in.read_varint_count());
      t.missed.ranked = in.read_varint_count();
      t.missed.good = in.read_varint_count();
      t.missed.bad = in.read_varint_count();
      in.check(t.missed.good <= result.other_.good() && t.missed.bad <= result.other_.bad(),
               "hold no key that missed more than the remainder");
      const std::uint64_t hash = detail::hash_of(key);
      in.check(result.table_.find(key, hash) == table::none, "hold each key once");
      const auto last = static_cast<std::uint32_t>(i);
      result.table_.put(key, hash, t, result.weight(t));
      in.check(i == 0 || result.table_.less(last, last - 1), "hold the heaviest key first");
    }
    in.finish();
    return result;
  }

  friend bool operator==(const keyed& a, const keyed& b) {
    if (a.options_ != b.options_ || a.other_ != b.other_ || a.size() != b.size()) return false;
    const std::vector<std::byte> x = a.to_bytes();
    const std::vector<std::byte> y = b.to_bytes();
    return x.size() == y.size() && std::memcmp(x.data(), y.data(), x.size()) == 0;
  }

 private:
  static constexpr std::size_t most_keys = 65536;
  static constexpr std::size_t shortest_key = 24;
  static constexpr std::size_t longest_key = 255;

  /// How much a key that is not held can have had, at most.
  struct unseen_bounds {
    count ranked = 0;  // in what the keys are ranked by
    count good = 0;
    count bad = 0;
  };
  struct tally {
    counts seen{};
    unseen_bounds missed{};
  };
  using table = detail::key_table<tally>;

  [[nodiscard]] static const keyed_options& checked(const keyed_options& o) {
    relia::detail::require_domain(o.capacity >= 1 && o.capacity <= most_keys, "aggregate::keyed",
                                  "capacity", "from 1 to 65536", o.capacity);
    relia::detail::require_domain(o.key_bytes >= shortest_key && o.key_bytes <= longest_key,
                                  "aggregate::keyed", "key_bytes", "from 24 to 255", o.key_bytes);
    return o;
  }

  [[nodiscard]] count weight(const tally& t) const noexcept {
    return detail::saturating_add(options_.rank == rank_by::bad ? t.seen.bad() : t.seen.valid(),
                                  t.missed.ranked);
  }

  [[nodiscard]] unseen_bounds unseen() const noexcept {
    if (!table_.full()) return {};
    const count lightest = table_[table_.lightest()].weight;
    const bool by_bad = options_.rank == rank_by::bad;
    return {lightest, by_bad ? other_.good() : std::min(lightest, other_.good()),
            std::min(lightest, other_.bad())};
  }

  [[nodiscard]] std::string_view shortened(std::string_view key,
                                           std::array<char, longest_key>& storage) const noexcept {
    const std::size_t most = options_.key_bytes;
    if (key.size() <= most) return key;
    std::uint64_t hash = detail::hash_of(key);
    std::size_t kept = most - 17;
    while (kept > 0 && (static_cast<unsigned char>(key[kept]) & 0xC0) == 0x80) --kept;  // UTF-8
    key.copy(storage.data(), kept);
    storage[kept] = '~';
    for (std::size_t i = kept + 17; i-- > kept + 1; hash >>= 4) {
      storage[i] = "0123456789abcdef"[hash & 15];
    }
    const char* name = storage.data();
    return {name, kept + 17};
  }

  /// The keys of `from`, with what `beside` adds to them; those that both hold come from one side.
  /// The lightest, where there are too many, go to the rest.
  static void add_side(table& merged, counts& rest, const keyed& from, const keyed& beside,
                       bool with_shared) noexcept {
    const unseen_bounds unseen = beside.unseen();
    for (std::uint32_t at = 0; at < from.size(); ++at) {
      const auto& slot = from.table_[at];
      const std::string_view key = from.table_.key(at);
      const std::uint32_t there = beside.table_.find(key, slot.hash);
      if (there != table::none && !with_shared) continue;
      tally t = slot.entry;
      unseen_bounds more = unseen;
      if (there != table::none) {
        more = beside.table_[there].entry.missed;
        t.seen.merge(beside.table_[there].entry.seen);
      }
      t.missed = {detail::saturating_add(t.missed.ranked, more.ranked),
                  detail::saturating_add(t.missed.good, more.good),
                  detail::saturating_add(t.missed.bad, more.bad)};
      const count weight = from.weight(t);
      if (!merged.admits(key, slot.hash, weight)) {
        rest.merge(t.seen);
        continue;
      }
      if (merged.full()) rest.merge(merged[merged.lightest()].entry.seen);
      merged.put(key, slot.hash, t, weight);
    }
  }

  [[nodiscard]] keyed_entry entry_of(std::string_view key, const tally& t, bool held) const {
    const count either = detail::saturating_add(t.missed.good, t.missed.bad);
    return {std::string(key),
            t.seen,
            t.missed.good,
            t.missed.bad,
            options_.rank == rank_by::valid ? std::min(t.missed.ranked, either) : either,
            held};
  }

  [[nodiscard]] keyed_entry describe(std::uint32_t at) const {
    return entry_of(table_.key(at), table_[at].entry, true);
  }

  keyed_options options_;
  table table_;
  counts other_{};
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate
