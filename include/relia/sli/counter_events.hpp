// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Events out of two counters. Good and valid that are extrapolated apart make indicators above 1;
/// here both are read at the same samples, restart together and are not extrapolated at all.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <map>
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
  count resets = 0;    ///< steps in which a counter fell: both are taken to have restarted at 0
  count unpaired = 0;  ///< samples of one counter without one of the other at the same time
  count excess = 0;    ///< what clamping held back and no later step took up
};

namespace detail {

[[nodiscard]] inline count whole(double value) {
  relia::detail::require_domain(
      value >= 0 && value < 9007199254740992.0 && std::floor(value) == value, "sli::events_of",
      "a counter value", "a whole number of events in [0, 2^53)", value);
  return static_cast<count>(value);
}

}  // namespace detail

/// What happened between the samples that both counters have. Under `clamp`, a part that runs ahead
/// of the whole, because the two were read a moment apart, waits for the next step: sums stay
/// right. Throws: std::domain_error for a value that is no count, and for a part above the whole
/// under `refuse`. Cost: O(n).
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
    if (i == a.size() || j == b.size() || a[i] != b[j]) {
      ++result.unpaired;
      const bool first_is_earlier = j == b.size() || (i < a.size() && a[i] < b[j]);
      ++(first_is_earlier ? i : j);
      continue;
    }
    const count part_now = detail::whole(partial.values()[i]);
    const count whole_now = detail::whole(valid.values()[j]);
    if (from) {
      const bool restarted = part_now < part_before || whole_now < whole_before;
      result.resets += restarted;
      const count grown = (restarted ? part_now : part_now - part_before) + result.excess;
      const count all = restarted ? whole_now : whole_now - whole_before;
      relia::detail::require_domain(
          grown <= all || policy == excess_policy::clamp, "sli::events_of", "the part",
          "at most the valid events of its step (or pass excess_policy::clamp to carry it on)",
          relia::detail::row{i});
      const count kept = std::min(grown, all);
      result.excess = grown - kept;
      times.push_back(a[i]);
      good.push_back(which == part::good ? kept : all - kept);
      bad.push_back(which == part::good ? all - kept : kept);
    } else {
      from = a[i];
    }
    part_before = part_now;
    whole_before = whole_now;
    ++i;
    ++j;
  }
  result.events = event_series(times, good, bad, times.empty() ? std::nullopt : from);
  return result;
}

/// The same from counters of good and of bad events, any number of each: every series' growth is
/// found first, with its own resets, and then summed. What a series had counted before its first
/// sample is not known and not added. Throws: std::domain_error for a value that is no count. Cost:
/// O(n log n).
[[nodiscard]] inline counter_events events_of(std::span<const counter> good,
                                              std::span<const counter> bad) {
  counter_events result;
  std::map<instant, std::array<count, 2>> steps;
  std::optional<instant> from;
  const auto add = [&](std::span<const counter> series, std::size_t which) {
    for (const counter& c : series) {
      for (std::size_t i = 0; i < c.size(); ++i) {
        const count now = detail::whole(c.values()[i]);
        if (i == 0) {
          from = std::min(from.value_or(c.times()[0]), c.times()[0]);
          continue;
        }
        const count before = detail::whole(c.values()[i - 1]);
        result.resets += now < before;
        steps[c.times()[i]][which] += now < before ? now : now - before;
      }
    }
  };
  add(good, 0);
  add(bad, 1);
  std::vector<instant> times;
  std::vector<count> counted[2];
  for (const auto& [time, grown] : steps) {
    times.push_back(time);
    for (const std::size_t which : {std::size_t{0}, std::size_t{1}})
      counted[which].push_back(grown[which]);
  }
  result.events = event_series(times, counted[0], counted[1], times.empty() ? std::nullopt : from);
  return result;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::sli
