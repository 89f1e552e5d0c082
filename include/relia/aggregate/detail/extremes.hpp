// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Whether the smallest and the largest value lie where the outermost buckets say. Producers may
/// place a value one bucket off, and bytes may say anything.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>

#include <relia/aggregate/exponential.hpp>
#include <relia/aggregate/exponential_counts.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate::detail {

/// Bounds of the bucket of smallest or largest magnitude that holds something, if any does.
[[nodiscard]] inline std::pair<double, double> outermost(const exponential_buckets& side, int scale,
                                                         bool largest, bool& found) noexcept {
  std::size_t first = 0;
  std::size_t end = side.counts.size();
  while (first < end && side.counts[first] == 0) ++first;
  while (first < end && side.counts[end - 1] == 0) --end;
  found = first < end;
  if (!found) return {};
  const std::int64_t index = side.offset + static_cast<std::int64_t>(largest ? end - 1 : first);
  return {exponential_bound(index, scale), exponential_bound(index + 1, scale)};
}

/// Between which values the smallest lies, or minus the largest.
[[nodiscard]] inline std::pair<double, double> range_of_extreme(const exponential_counts& data,
                                                                int negative_scale,
                                                                bool smallest) noexcept {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  const bool far_infinity = (smallest ? data.negative_infinities : data.positive_infinities) > 0;
  if (far_infinity) return {-infinite, -infinite};
  bool found = false;
  const exponential_buckets& far = smallest ? data.negative : data.positive;
  const exponential_buckets& near = smallest ? data.positive : data.negative;
  const int far_scale = smallest ? negative_scale : data.scale;
  const int near_scale = smallest ? data.scale : negative_scale;
  const auto outer = outermost(far, far_scale, true, found);
  if (found) return {-outer.second, -outer.first};
  if (data.zeros > 0) return {-data.zero_threshold, data.zero_threshold};
  const auto inner = outermost(near, near_scale, false, found);
  return found ? inner : std::pair{infinite, infinite};
}

/// Whether the extremes that are there can be those of the counts.
[[nodiscard]] inline bool extremes_agree(const exponential_counts& data,
                                         int negative_scale) noexcept {
  const auto lies = [](double x, std::pair<double, double> range) {
    return range.first <= x && x <= range.second;
  };
  return (!data.min || lies(*data.min, range_of_extreme(data, negative_scale, true))) &&
         (!data.max || lies(-*data.max, range_of_extreme(data, negative_scale, false))) &&
         (!data.min || !data.max || *data.min <= *data.max);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate::detail
