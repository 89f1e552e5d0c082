// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Which samples a window holds, where a count began anew, and how far the slope between samples
/// goes on: what floats and histograms share.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::sli::detail {

/// Division rounds once; a product with 1e-9 would twice.
[[nodiscard]] inline double seconds(duration d) noexcept {
  return static_cast<double>(d.count()) / 1e9;
}

/// Does the start timestamp say that the count began anew since the sample before?
[[nodiscard]] inline bool told_restart(instant start_before, instant before, instant start,
                                       instant at) noexcept {
  if (start == instant{} || start >= at || start < before) return false;
  // A start on the sample before is a delta, unless that one's own start is unknown.
  return start > before || (start_before != instant{} && start_before < before);
}

[[nodiscard]] inline std::size_t first_after(std::span<const instant> times, instant t) noexcept {
  return static_cast<std::size_t>(std::upper_bound(times.begin(), times.end(), t) - times.begin());
}

/// Samples [first, last) of the window from start to end.
struct window_view {
  std::size_t first, last;
  instant start, end;

  [[nodiscard]] std::size_t size() const noexcept { return last - first; }
};

/// Domain: window > 0. Throws: std::domain_error.
[[nodiscard]] inline window_view look(std::string_view where, std::span<const instant> times,
                                      instant at, duration window, bool left_open) {
  relia::detail::require_domain(window > duration{0}, where, "window", "positive", window.count());
  const instant start = at - window;
  const std::size_t first = first_after(times, left_open ? start : start - duration{1});
  return {first, std::max(first, first_after(times, at)), start, at};
}

/// From the sample before the window, if the lookback reaches it, else as it is. Empty unless a
/// sample lies after the start.
[[nodiscard]] inline window_view anchored(std::span<const instant> times, const window_view& in,
                                          duration lookback) noexcept {
  const std::size_t inside = first_after(times, in.start);
  if (inside >= in.last) return {in.last, in.last, in.start, in.end};
  const bool reached = inside > first_after(times, in.start - lookback);
  return {reached ? inside - 1 : inside, in.last, in.start, in.end};
}

/// The samples at both edges, first <= last, and the lowest one that the lookback reaches.
struct edge_samples {
  std::size_t lowest, first, last;
};

/// Absent where no sample tells about the window.
[[nodiscard]] inline std::optional<edge_samples> edges_of(std::span<const instant> times,
                                                          const window_view& in, duration lookback,
                                                          bool smooth) noexcept {
  const std::size_t lowest = first_after(times, in.start - lookback);
  const std::size_t highest = first_after(times, smooth ? in.end + lookback : in.end);
  const std::size_t inside = first_after(times, in.start);
  if (inside >= highest) return {};
  const std::size_t first = inside > lowest ? inside - 1 : inside;
  if (!smooth) return edge_samples{lowest, first, highest - 1};
  if (times[first] > in.end) return {};
  // Up to the first sample at or after the end.
  return edge_samples{lowest, first,
                      std::min(highest - 1, first_after(times, in.end - duration{1}))};
}

/// Seconds along a window.
struct stretch {
  double to_start;  ///< from the start to the first sample
  double sampled;   ///< on to the last sample
  double to_end;
  std::size_t samples;
};

[[nodiscard]] inline stretch stretch_of(std::span<const instant> times,
                                        const window_view& in) noexcept {
  const instant first = times[in.first];
  const instant last = times[in.last - 1];
  return {seconds(first - in.start), seconds(last - first), seconds(in.end - last), in.size()};
}

/// By what the growth between the samples becomes that of the window. `began`: for how long the
/// count ran up to the last sample, where it began inside the window. Else `zero`: the first value
/// over the growth, where the count is known to have come from 0: it is not followed below that,
/// which `zero_first` checks before the sampling interval.
[[nodiscard]] inline double extrapolation(stretch s, std::optional<double> began,
                                          std::optional<double> zero, bool zero_first) noexcept {
  const double step = s.samples > 1 ? s.sampled / static_cast<double>(s.samples - 1) : 0.0;
  const double expected = step * 1.1;  // within this of an end, the series goes on to it
  if (began) {
    s.to_start = 0;
    s.sampled = *began;
  } else {
    const double to_zero = zero ? s.sampled * *zero : s.to_start;
    if (zero_first) s.to_start = std::min(s.to_start, to_zero);
    if (s.to_start >= expected) s.to_start = step / 2;
    if (to_zero < s.to_start) s.to_start = to_zero;
  }
  if (s.to_end >= expected) s.to_end = step / 2;
  return (s.sampled + s.to_start + s.to_end) / s.sampled;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::sli::detail
