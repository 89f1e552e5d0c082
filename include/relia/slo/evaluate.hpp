// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// When would this policy have fired? Every tier and rule is evaluated at every row of a series of
/// events, with two pointers per window, so that a year costs as little as its rows. A tier fires
/// while the burn rate over both its windows is at least its factor, and its failures, events,
/// evidence and hold time are there.

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/sli/event_series.hpp>
#include <relia/slo/detail/watch.hpp>
#include <relia/slo/lookback.hpp>
#include <relia/slo/objective.hpp>
#include <relia/slo/policy.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::slo {

struct evaluate_options {
  before_start unseen = before_start::clean;
  count min_failures = 1;        ///< a tier fires only with as many bad events in its long window
  bool suppress_covered = true;  ///< no ticket while a page tells the same
};

/// One uninterrupted firing of one tier, or of the rule numbered after them, [start, end). `open`:
/// still firing at the last row, which is then the end. A rule's burn rates are those of its
/// longest and shortest window; NaN over a window without events.
struct alert {
  std::size_t tier = 0;
  instant start{};
  instant end{};
  bool open = false;
  double long_burn_rate = 0;  ///< at the start
  double short_burn_rate = 0;
};

/// What a person is sent: overlapping alerts of one severity are one.
struct notification {
  slo::severity severity = severity::page;
  instant start{};
  instant end{};
  bool open = false;
};

struct tier_summary {
  count alerts = 0;
  real_seconds firing{0};
};

/// `alerts` and `notifications` by start; `tiers` as in the policy, then its rules. `suppressed`:
/// tickets that nobody was sent, because a page was open while they fired.
struct evaluation {
  std::vector<alert> alerts{};
  std::vector<notification> notifications{};
  std::vector<tier_summary> tiers{};
  count suppressed = 0;
  before_start unseen = before_start::clean;

  [[nodiscard]] count pages() const noexcept {
    return std::count_if(notifications.begin(), notifications.end(),
                         [](const notification& n) { return n.severity == severity::page; });
  }
};

namespace detail {

/// The windows of one watch that end at a row of a series, as the row moves on.
class series_windows {
 public:
  series_windows(const sli::event_series& events, std::span<const duration> lengths,
                 before_start unseen)
      : times_(events.times()),
        good_(events.good_sums()),
        bad_(events.bad_sums()),
        from_(events.from()),
        unseen_(unseen) {
    for (const duration length : lengths) windows_.push_back({length, 0});
  }

  void move_to(std::size_t row) noexcept { row_ = row; }

  /// Windows that nobody asks for stay behind, and catch up when somebody does.
  [[nodiscard]] window_sum operator()(std::size_t slot) noexcept {
    window& w = windows_[slot];
    const instant now = times_[row_];
    const instant start = now - w.length;
    while (times_[w.first] <= start) ++w.first;
    const count bad = bad_[row_ + 1] - bad_[w.first];
    return {bad, bad + good_[row_ + 1] - good_[w.first], w.length, now - from_, unseen_};
  }

 private:
  struct window {
    duration length;
    std::size_t first;
  };

  std::span<const instant> times_;
  std::span<const count> good_;
  std::span<const count> bad_;
  instant from_;
  before_start unseen_;
  std::size_t row_ = 0;
  std::vector<window> windows_{};
};

/// One tier or rule on its way through a series.
class replay {
 public:
  replay(std::size_t index, watch rule, const objective& goal, const sli::event_series& events,
         before_start unseen)
      : index_(index),
        watch_(std::move(rule)),
        goal_(goal),
        events_(events),
        windows_(events, watch_.lengths(), unseen) {}

  void run(std::size_t first, std::size_t last) {
    const std::span<const instant> times = events_.times();
    for (std::size_t i = first; i < last; ++i) {
      windows_.move_to(i);
      const bool fires = watch_.update(times[i], windows_);
      if (fires != firing_) [[unlikely]] {
        turn(times[i]);
      }
    }
  }

  [[nodiscard]] const std::vector<alert>& finish() {
    if (firing_) alerts_.back().end = events_.times().back();
    return alerts_;
  }

 private:
  void turn(instant at) {
    firing_ = !firing_;
    if (firing_) {
      alerts_.push_back({index_, at, at, true, windows_(watch_.wide()).burn_rate(goal_),
                         windows_(watch_.narrow()).burn_rate(goal_)});
    } else {
      alerts_.back().end = at;
      alerts_.back().open = false;
    }
  }

  std::size_t index_;
  watch watch_;
  const objective& goal_;
  const sli::event_series& events_;
  series_windows windows_;
  bool firing_ = false;
  std::vector<alert> alerts_{};
};

/// The notifications of one severity: alerts sorted by start, joined where they touch.
[[nodiscard]] inline std::vector<notification> joined(const evaluation& e, const policy& p,
                                                      severity s) {
  std::vector<notification> out;
  for (const alert& a : e.alerts) {
    if (severity_of(p, a.tier) != s) continue;
    if (!out.empty() && a.start <= out.back().end) {
      out.back().open = out.back().open || a.open;
      out.back().end = std::max(out.back().end, a.end);
    } else {
      out.push_back({s, a.start, a.end, a.open});
    }
  }
  return out;
}

/// A ticket that would begin while a page is open is sent when the page ends, if it then still
/// fires. Returns how many are never sent.
inline count suppress(std::vector<notification>& tickets, std::span<const notification> pages) {
  const std::size_t all = tickets.size();
  auto page = pages.begin();
  std::size_t kept = 0;
  for (notification t : tickets) {
    while (page != pages.end() && page->end <= t.start && !page->open) ++page;
    const bool covered = page != pages.end() && page->start <= t.start;
    if (covered && (page->open || page->end >= t.end)) continue;
    if (covered) t.start = page->end;
    tickets[kept++] = t;
  }
  tickets.resize(kept);
  return static_cast<count>(all - kept);
}

inline void notify(evaluation& e, const policy& p, bool suppress_covered) {
  e.notifications = joined(e, p, severity::page);
  std::vector<notification> tickets = joined(e, p, severity::ticket);
  if (suppress_covered) e.suppressed = suppress(tickets, e.notifications);
  e.notifications.insert(e.notifications.end(), tickets.begin(), tickets.end());
  std::stable_sort(e.notifications.begin(), e.notifications.end(),
                   [](const notification& a, const notification& b) { return a.start < b.start; });
}

}  // namespace detail

/// The alerts of a policy over a series. A burn rate without bad events reaches no factor.
/// `min_failures` holds for every tier that does not ask for more. Throws: std::domain_error for a
/// tier without positive windows and factor, or min_failures below 1. Cost: O(rows * tiers).
[[nodiscard]] inline evaluation evaluate(const policy& p, const objective& goal,
                                         const sli::event_series& events,
                                         const evaluate_options& options = {}) {
  relia::detail::require_positive_count("slo::evaluate", "min_failures", options.min_failures);
  evaluation result;
  result.unseen = options.unseen;
  std::vector<detail::replay> replays;
  for (detail::watch& w : detail::watches_of("slo::evaluate", p, goal, options.min_failures)) {
    replays.emplace_back(replays.size(), std::move(w), goal, events, options.unseen);
  }
  // All tiers go through some rows before any goes on: a block of rows stays in the cache.
  constexpr std::size_t block = 2048;
  for (std::size_t first = 0; first < events.size(); first += block) {
    const std::size_t last = std::min(first + block, events.size());
    for (detail::replay& r : replays) r.run(first, last);
  }
  for (detail::replay& r : replays) {
    tier_summary& of_tier = result.tiers.emplace_back();
    for (const alert& a : r.finish()) {
      ++of_tier.alerts;
      of_tier.firing += a.end - a.start;
      result.alerts.push_back(a);
    }
  }
  std::stable_sort(result.alerts.begin(), result.alerts.end(),
                   [](const alert& a, const alert& b) { return a.start < b.start; });
  detail::notify(result, p, options.suppress_covered);
  return result;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::slo
