// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Events out of counters. Good and valid that are extrapolated apart make indicators above 1; here
/// both come from the same samples and nothing is extrapolated. A series that first appears at a
/// sample of others that were there before began at 0, as the counter of a status code does when
/// the first such answer is given: its first value counts.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/row.hpp>
#include <relia/sli/counter.hpp>
#include <relia/sli/event_series.hpp>
#include <relia/sli/events.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::sli {

/// Which part of the valid events a counter counts.
enum class part { good, bad };

struct counter_events {
  event_series events{};
  count resets = 0;    ///< falls of a counter, each taken as a restart at 0
  count born = 0;      ///< series that appeared later than others and are taken to have begun at 0
  count unpaired = 0;  ///< samples of one counter of a pair without one of the other
  count excess = 0;    ///< what clamping held back and no later step took up
};

namespace detail {

[[nodiscard]] inline count whole(double value) {
  relia::detail::require_domain(
      value >= 0 && value < 9007199254740992.0 && std::floor(value) == value, "sli::events_of",
      "a counter value", "a whole number of events in [0, 2^53)", value);
  return static_cast<count>(value);
}

/// The growth of many series, summed by the time of the sample that shows it.
class counter_sum {
 public:
  /// `times`: sorted, each a time at which some series had a sample before.
  explicit counter_sum(std::span<const instant> times) : times_(times), sums_(times.size()) {}

  void add(const counter& c, counter_events& found) {
    count before = 0;
    for (std::size_t i = 0; i < c.size(); ++i) {
      const count now = whole(c.values()[i]);
      const auto at = std::lower_bound(times_.begin(), times_.end(), c.times()[i]);
      const bool known = at != times_.end() && *at == c.times()[i];
      found.born += i == 0 && known;
      found.resets += now < before;
      if (known) sums_[static_cast<std::size_t>(at - times_.begin())] += grown(before, now);
      before = now;
    }
  }

  [[nodiscard]] std::span<const count> sums() const noexcept { return sums_; }

  [[nodiscard]] static count grown(count before, count now) noexcept {
    return now < before ? now : now - before;
  }

 private:
  std::span<const instant> times_;
  std::vector<count> sums_;
};

}  // namespace detail

/// Good and bad events from the counters of each, such as one per status code and instance. Each
/// series restarts on its own. Throws: std::domain_error for a value that is no count. Cost:
/// O(n log n).
[[nodiscard]] inline counter_events events_of(std::span<const counter> good,
                                              std::span<const counter> bad) {
  counter_events result;
  std::vector<instant> times;
  std::optional<instant> from;
  for (const auto& group : {good, bad}) {
    for (const counter& c : group) {
      if (c.size() == 0) continue;
      times.insert(times.end(), c.times().begin() + 1, c.times().end());
      from = std::min(from.value_or(c.times()[0]), c.times()[0]);
    }
  }
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  detail::counter_sum good_sum(times);
  detail::counter_sum bad_sum(times);
  for (const counter& c : good) good_sum.add(c, result);
  for (const counter& c : bad) bad_sum.add(c, result);
  result.events = event_series(times, good_sum.sums(), bad_sum.sums(), from);
  return result;
}

/// Good and bad events from a counter of valid events and one of a part of them, sample by sample;
/// when one falls, both restarted. A part without samples is a part of nothing. Under `clamp`, a
/// part that runs ahead of the whole, because the two were read a moment apart, waits for the next
/// step: sums stay right. Throws: std::domain_error for a value that is no count, and for a part
/// above the whole under `refuse`. Cost: O(n).
[[nodiscard]] inline counter_events events_of(const counter& partial, const counter& valid,
                                              part which,
                                              excess_policy policy = excess_policy::refuse) {
  counter_events result;
  std::vector<instant> times;
  std::vector<count> good;
  std::vector<count> bad;
  std::optional<instant> from;
  count part_before = 0;
  count whole_before = 0;
  const auto a = partial.times();
  const auto b = valid.times();
  for (std::size_t i = 0, j = 0; i < a.size() || j < b.size();) {
    const bool paired = i < a.size() && j < b.size() && a[i] == b[j];
    const bool unborn = i == 0 && j < b.size() && (a.empty() || b[j] < a[0]);
    if (!paired && !unborn) {
      ++result.unpaired;
      const bool part_is_earlier = j == b.size() || (i < a.size() && a[i] < b[j]);
      ++(part_is_earlier ? i : j);
      continue;
    }
    const count part_now = paired ? detail::whole(partial.values()[i]) : 0;
    const count whole_now = detail::whole(valid.values()[j]);
    if (from) {
      const bool restarted = part_now < part_before || whole_now < whole_before;
      result.resets += restarted;
      result.born += paired && i == 0;
      const count grown = (restarted ? part_now : part_now - part_before) + result.excess;
      const count all = restarted ? whole_now : whole_now - whole_before;
      relia::detail::require_domain(
          grown <= all || policy == excess_policy::clamp, "sli::events_of", "the part",
          "at most the valid events of its step (or pass excess_policy::clamp to carry it on)",
          relia::detail::row{j});
      const count kept = std::min(grown, all);
      result.excess = grown - kept;
      times.push_back(b[j]);
      good.push_back(which == part::good ? kept : all - kept);
      bad.push_back(which == part::good ? all - kept : kept);
    } else {
      from = b[j];
    }
    part_before = part_now;
    whole_before = whole_now;
    i += paired;
    ++j;
  }
  result.events = event_series(times, good, bad, from);
  return result;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::sli
