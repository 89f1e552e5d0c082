// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The steps of a series on a regular grid that ends at its last sample. Levels between two samples
/// lie on the line between them; so a gap's growth is spread evenly over it: none is lost and none
/// invented.

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include <relia/core/real.hpp>
#include <relia/core/series.hpp>
#include <relia/core/time.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::forecast::detail {

struct regular_increments {
  std::vector<double> values;
  count bridged = 0;  ///< those that start in a gap: between samples more than 1.5 steps apart
};

/// The increments of `data` at its last sample, one step before it, and so on down to its first.
/// Domain: step positive.
[[nodiscard]] inline regular_increments increments_of(const series& data, duration step) {
  regular_increments result;
  if (data.size() < 2) return result;
  const std::span<const instant> times = data.times();
  const std::span<const double> levels = data.values();
  const auto steps = static_cast<std::size_t>((times.back() - times.front()) / step);
  result.values.resize(steps);
  std::size_t right = times.size() - 1;
  double after = levels.back();
  for (std::size_t k = steps; k-- > 0;) {
    const instant t = times.back() - step * static_cast<std::int64_t>(steps - k);
    while (right > 1 && times[right - 1] > t) --right;
    const instant from = times[right - 1];
    const duration between = times[right] - from;
    const double share = real_seconds(t - from) / real_seconds(between);
    const double level = levels[right - 1] + share * (levels[right] - levels[right - 1]);
    result.values[k] = after - level;
    after = level;
    if (between > step + step / 2) ++result.bridged;
  }
  return result;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::forecast::detail
