// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The union of periods: what several incidents, corrections or gaps cover together.

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include <relia/core/real.hpp>
#include <relia/core/time.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE {

/// Time covered by at least one interval. Intervals that touch make one episode; empty ones make
/// none. A sum of 292 years and more stays there.
struct united {
  duration covered{0};
  duration sum{0};                 ///< of the parts inside the window, overlaps counted each time
  count most_at_once = 0;          ///< the largest number of intervals that hold one instant
  std::vector<period> episodes{};  ///< disjoint, by time
};

/// The union of the intervals within the window. Cost: O(n log n), O(n) when given by start.
[[nodiscard]] inline united unite(std::span<const period> intervals, const period& window) {
  united result;
  std::vector<instant> starts;
  std::vector<instant> ends;
  starts.reserve(intervals.size());
  ends.reserve(intervals.size());
  for (const period& whole : intervals) {
    const period part = window.clipped_to(whole);
    if (part.empty()) continue;
    starts.push_back(part.from());
    ends.push_back(part.to());
    result.sum += std::min(part.length(), duration::max() - result.sum);
  }
  // Which end belongs to which start does not matter for the union, so each side is sorted alone.
  if (!std::is_sorted(starts.begin(), starts.end())) std::sort(starts.begin(), starts.end());
  if (!std::is_sorted(ends.begin(), ends.end())) std::sort(ends.begin(), ends.end());
  std::size_t before = 0;  // how many ends lie before this start
  std::size_t by = 0;      // how many at it or before: half-open, they do not hold this instant
  for (std::size_t i = 0; i < starts.size(); ++i) {
    while (ends[before] < starts[i]) ++before;
    while (ends[by] <= starts[i]) ++by;
    if (before == i) {
      if (i > 0) result.episodes.back() = {result.episodes.back().from(), ends[i - 1]};
      result.episodes.emplace_back(starts[i], starts[i]);
    }
    result.most_at_once = std::max(result.most_at_once, static_cast<count>(i + 1 - by));
  }
  if (!starts.empty()) result.episodes.back() = {result.episodes.back().from(), ends.back()};
  for (const period& episode : result.episodes) result.covered += episode.length();
  return result;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE
