// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Which part of the time was it up? Samples of a boolean probe, taken at any times. A sample
/// stands for the time until the next one, but not for longer than it can be trusted: what lies
/// beyond is unknown, never up by accident. Between an up and a down sample the state changed at
/// some moment that nobody saw; the bounds hold every such moment. An outage between two up samples
/// is not seen at all: probe at a third of the shortest outage that matters.

#include <algorithm>
#include <cstddef>
#include <span>

#include <relia/aggregate/bounded.hpp>
#include <relia/core/real.hpp>
#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/row.hpp>
#include <relia/sli/watched_time.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::sli {

struct probe_result {
  watched_time time{};
  count samples = 0;  ///< that stand for some time of the period
  count gaps = 0;     ///< stretches of unknown time
  count changes = 0;  ///< of the state, between samples that follow in time
};

/// The period split by what the probe said. `up`: whether sample i was good. `holds`: for how long
/// one sample stands when no other follows, such as twice the probe's interval.
/// Domain: holds > 0; times strictly increasing, samples outside the period allowed.
/// Throws: std::domain_error; std::invalid_argument for unequal sizes or times out of order.
/// Cost: O(n).
[[nodiscard]] inline probe_result probe(std::span<const instant> times, std::span<const bool> up,
                                        const period& of, duration holds) {
  constexpr const char* where = "sli::probe";
  relia::detail::require_same_size(where, "up", up.size(), times.size());
  relia::detail::require_domain(holds > duration{0}, where, "holds", "positive", holds.count());
  probe_result result;
  instant seen = of.from();  // until here the period is accounted for
  for (std::size_t i = 0; i < times.size(); ++i) {
    relia::detail::require_increasing(where, times, i);
    const bool followed = i + 1 < times.size() && times[i + 1] - times[i] <= holds;
    if (times[i] >= of.to() || times[i] < of.from() - holds) continue;
    const instant end = followed ? times[i + 1] : times[i] + holds;
    const period stands = period(times[i], end).clipped_to(of);
    if (stands.empty() || end <= of.from()) continue;
    ++result.samples;
    if (stands.from() > seen) {
      ++result.gaps;
      result.time.unknown += stands.from() - seen;
    }
    seen = stands.to();
    const bool changes = followed && up[i + 1] != up[i];
    result.changes += changes;
    (up[i] ? result.time.good : result.time.bad) += stands.length();
    if (changes) {
      (up[i] ? result.time.good_doubtful : result.time.bad_doubtful) += stands.length();
    }
  }
  if (seen < of.to()) {
    ++result.gaps;
    result.time.unknown += of.to() - seen;
  }
  return result;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::sli
