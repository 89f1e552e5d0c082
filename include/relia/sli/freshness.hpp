// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How old is the data that users see? Between two publications the age grows second by second, so
/// the time for which it was within the limit is exact, whatever happens to be sampled. A
/// publication of older data than is already there changes nothing. Where ages were taken at reads
/// instead, they are a latency like any other: events_within(raw_latencies(ages), limit).

#include <algorithm>
#include <cstddef>
#include <span>

#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/row.hpp>
#include <relia/sli/watched_time.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::sli {

/// `time`: good while the age was at most the limit; unknown before the first publication.
/// `mean_age`, `oldest`: over the known time; NaN when there is none.
struct freshness_result {
  watched_time time{};
  real_seconds mean_age{relia::detail::limits_of<double>::nan};
  real_seconds oldest{relia::detail::limits_of<double>::nan};
};

/// The period split by whether the data was fresh. At published[i] data became visible that held
/// everything up to data_times[i]; its age at t is t - data_times[i].
/// Domain: limit >= 0; data_times at or before their publication; publications in increasing order.
/// Throws: std::domain_error; std::invalid_argument for unequal sizes or times out of order.
/// Cost: O(n).
[[nodiscard]] inline freshness_result freshness(std::span<const instant> published,
                                                std::span<const instant> data_times,
                                                const period& of, duration limit) {
  constexpr const char* where = "sli::freshness";
  relia::detail::require_same_size(where, "data_times", data_times.size(), published.size());
  relia::detail::require_domain(limit >= duration{0}, where, "limit", "at least 0", limit.count());
  freshness_result result;
  instant newest{};
  double area = 0;  // of the age over time, in squared nanoseconds
  duration oldest{0};
  for (std::size_t i = 0; i < published.size(); ++i) {
    relia::detail::require_increasing(where, published, i);
    relia::detail::require_domain(data_times[i] <= published[i], where, "data_times",
                                  "at or before their publication", relia::detail::row{i});
    newest = i == 0 ? data_times[i] : std::max(newest, data_times[i]);
    const instant next = i + 1 < published.size() ? published[i + 1] : of.to();
    if (next <= published[i]) continue;  // published after the period
    const period visible = period(published[i], next).clipped_to(of);
    if (visible.empty()) continue;
    const duration age = period(newest, visible.to()).length();
    const duration stale = std::clamp(age - limit, duration{0}, visible.length());
    result.time.bad += stale;
    result.time.good += visible.length() - stale;
    oldest = std::max(oldest, age);
    const auto length = static_cast<double>(visible.length().count());
    area += length * (static_cast<double>(age.count()) - length / 2);
  }
  const duration known = result.time.good + result.time.bad;
  result.time.unknown = of.length() - known;
  if (known > duration{0}) {
    result.mean_age = real_seconds(area / static_cast<double>(known.count()) / 1e9);
    result.oldest = real_seconds(static_cast<double>(oldest.count()) / 1e9);
  }
  return result;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::sli
