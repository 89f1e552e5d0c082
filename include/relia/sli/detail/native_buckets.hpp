// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The buckets of one sign of a native histogram, as pairs of index and count, and what is done to
/// them: adding, coarsening, moving to other bounds.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <relia/aggregate/exponential.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::sli {

/// Bucket `index` at schema s holds (b^(index - 1), b^index] with b = 2^(2^-s), magnitudes where it
/// is negative; at the custom schema (bounds[index - 1], bounds[index]].
struct native_bucket {
  std::int32_t index = 0;
  double count = 0.0;

  friend constexpr bool operator==(const native_bucket&, const native_bucket&) = default;
};

namespace detail {

using native_buckets = std::vector<native_bucket>;

/// The index above that of the largest finite double, in Prometheus' numbers, which are one higher:
/// it holds the infinities.
[[nodiscard]] constexpr std::int32_t infinite_index(int schema) noexcept {
  return static_cast<std::int32_t>(aggregate::highest_exponential_index(schema)) + 2;
}

/// The upper bound of an exponential bucket: the largest finite double ends the last finite one.
[[nodiscard]] constexpr double native_bound(std::int64_t index, int schema) noexcept {
  return index >= infinite_index(schema) ? std::numeric_limits<double>::infinity()
                                         : aggregate::exponential_bound(index, schema);
}

/// With empty bounds, bucket 0 holds everything.
[[nodiscard]] inline double custom_bound(std::int64_t index,
                                         std::span<const double> bounds) noexcept {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  if (index < 0) return -infinite;
  const auto i = static_cast<std::size_t>(index);
  if (i >= bounds.size()) return infinite;
  return bounds[i];
}

inline void drop_empty(native_buckets& buckets) {
  std::erase_if(buckets, [](const native_bucket& b) { return b.count == 0; });
}

/// to += sign * from, index by index.
inline void add_buckets(native_buckets& to, const native_buckets& from, double sign) {
  native_buckets both;
  both.reserve(to.size() + from.size());
  auto a = to.begin();
  for (const native_bucket& b : from) {
    for (; a != to.end() && a->index < b.index; ++a) both.push_back(*a);
    if (a != to.end() && a->index == b.index) {
      both.push_back({b.index, a->count + sign * b.count});
      ++a;
    } else {
      both.push_back({b.index, sign * b.count});
    }
  }
  both.insert(both.end(), a, to.end());
  to = std::move(both);
}

/// Moves each bucket to index_of(index), which never decreases, adding up what meets there.
template <class IndexOf>
void gather(native_buckets& buckets, const IndexOf& index_of) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    const native_bucket moved{index_of(buckets[i].index), buckets[i].count};
    if (i > 0 && buckets[kept].index == moved.index) {
      buckets[kept].count += moved.count;
    } else {
      kept += i > 0;
      buckets[kept] = moved;
    }
  }
  if (!buckets.empty()) buckets.resize(kept + 1);
}

inline void coarsen(native_buckets& buckets, int by) {
  gather(buckets, [by](std::int32_t index) { return ((index - 1) >> by) + 1; });
}

/// From buckets between `bounds` to those between `fewer` of these.
inline void move_to_bounds(native_buckets& buckets, std::span<const double> bounds,
                           std::span<const double> fewer) {
  gather(buckets, [&](std::int32_t index) {
    const double upper = custom_bound(index, bounds);
    return static_cast<std::int32_t>(std::lower_bound(fewer.begin(), fewer.end(), upper) -
                                     fewer.begin());
  });
}

/// Whether any bucket holds less than it did before.
[[nodiscard]] inline bool any_decreased(const native_buckets& now, const native_buckets& before) {
  auto at = now.begin();
  for (const native_bucket& b : before) {
    at = std::find_if(at, now.end(), [&](const native_bucket& x) { return x.index >= b.index; });
    const bool there = at != now.end() && at->index == b.index;
    if (there ? at->count < b.count : b.count != 0) return true;
  }
  return false;
}

}  // namespace detail
}  // namespace relia::inline RELIA_VERSION_NAMESPACE::sli
