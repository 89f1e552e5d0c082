// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// A store's buckets as plain data, and back.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <relia/aggregate/detail/bucket_store.hpp>
#include <relia/aggregate/exponential.hpp>
#include <relia/aggregate/exponential_counts.hpp>
#include <relia/detail/check.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate::detail {

[[nodiscard]] constexpr index_range indices_of_doubles(int scale) noexcept {
  return {lowest_exponential_index(scale), highest_exponential_index(scale)};
}

template <class Store>
[[nodiscard]] exponential_buckets buckets_of(const Store& store, const index_range& range,
                                             int scale) {
  exponential_buckets out;
  if (range.empty()) return out;
  const int by = store.scale() - scale;
  const index_range folded = range.coarser(by);
  out.offset = static_cast<std::int32_t>(folded.first);
  const auto size = static_cast<std::size_t>(folded.last - folded.first + 1);
  if (by == 0) {
    const auto* cells = store.from(range.first);
    out.counts.assign(cells, cells + size);
    return out;
  }
  out.counts.resize(size);
  for (std::int64_t i = range.first; i <= range.last; ++i) {
    count& n = out.counts[static_cast<std::size_t>((i >> by) - folded.first)];
    n = saturating_add(n, store.at(i));
  }
  return out;
}

/// Takes the buckets at or below the zero threshold into the zero bucket; the threshold rises to
/// the bound of a populated bucket that it cuts.
inline void widen_zero(exponential_counts& data, int negative_scale) {
  double& threshold = data.zero_threshold;
  if (threshold == 0) return;
  const auto rise = [&](const exponential_buckets& side, int scale) {
    const std::int64_t cut = exponential_index(threshold, scale);
    const std::int64_t k = cut - side.offset;
    const double bound = exponential_bound(cut + 1, scale);
    if (k < 0 || k >= static_cast<std::int64_t>(side.counts.size()) || threshold == bound ||
        side.counts[static_cast<std::size_t>(k)] == 0) {
      return false;
    }
    threshold = bound;
    return true;
  };
  while (rise(data.positive, data.scale) || rise(data.negative, negative_scale)) {
  }
  const auto take = [&](exponential_buckets& side, int scale) {
    const std::int64_t cut = exponential_index(threshold, scale);
    const auto size = static_cast<std::int64_t>(side.counts.size());
    std::int64_t taken = std::clamp<std::int64_t>(cut - side.offset + 1, 0, size);
    for (std::int64_t k = 0; k < taken; ++k) {
      data.zeros = saturating_add(data.zeros, side.counts[static_cast<std::size_t>(k)]);
    }
    while (taken < size && side.counts[static_cast<std::size_t>(taken)] == 0) ++taken;
    count* const first = side.counts.data();
    std::copy(first + taken, first + size, first);
    side.counts.resize(static_cast<std::size_t>(size - taken));
    side.offset = side.counts.empty() ? 0 : side.offset + static_cast<std::int32_t>(taken);
  };
  take(data.positive, data.scale);
  take(data.negative, negative_scale);
}

inline void require_counts(std::string_view where, const exponential_counts& data) {
  using relia::detail::require_argument;
  require_argument(data.scale >= coarsest_scale && data.scale <= finest_imported_scale, where,
                   "scale", "in [-10, 20]", data.scale);
  require_argument(data.zero_threshold >= 0 && std::isfinite(data.zero_threshold), where,
                   "zero_threshold", "at least 0 and finite", data.zero_threshold);
  const auto not_negative = [&](count n) {
    require_argument(n >= 0, where, "counts", "at least 0", n);
  };
  for (const count n :
       {data.zeros, data.nans, data.positive_infinities, data.negative_infinities}) {
    not_negative(n);
  }
  const index_range known = indices_of_doubles(data.scale);
  for (const exponential_buckets* side : {&data.positive, &data.negative}) {
    for (std::size_t k = 0; k < side->counts.size(); ++k) {
      not_negative(side->counts[k]);
      const std::int64_t index = side->offset + static_cast<std::int64_t>(k);
      require_argument(side->counts[k] == 0 || (index >= known.first && index <= known.last), where,
                       "bucket index", "one that doubles have at the scale", index);
    }
  }
}

template <class Store>
void add_buckets(Store& store, const exponential_buckets& buckets, int scale) {
  for (std::size_t k = 0; k < buckets.counts.size(); ++k) {
    if (buckets.counts[k] > 0) {
      store.template add<owned>(buckets.offset + static_cast<std::int64_t>(k), scale,
                                buckets.counts[k]);
    }
  }
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate::detail
