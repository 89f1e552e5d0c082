// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// When would this policy have fired? Every tier is evaluated at every row of a series of events,
/// with two pointers per window, so that a year costs as little as its rows. A tier fires while the
/// burn rate over both its windows is at least its factor.

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/fraction.hpp>
#include <relia/sli/event_series.hpp>
#include <relia/slo/lookback.hpp>
#include <relia/slo/objective.hpp>
#include <relia/slo/policy.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::slo {

struct evaluate_options {
  before_start unseen = before_start::clean;
  count min_failures = 1;  ///< a tier fires only with as many bad events in its long window
};

/// One uninterrupted firing of one tier, [start, end). `open`: still firing at the last row, which
/// is then the end.
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

/// `alerts` and `notifications` by start; `tiers` as in the policy.
struct evaluation {
  std::vector<alert> alerts{};
  std::vector<notification> notifications{};
  std::vector<tier_summary> tiers{};
  before_start unseen = before_start::clean;

  [[nodiscard]] count pages() const noexcept {
    return std::count_if(notifications.begin(), notifications.end(),
                         [](const notification& n) { return n.severity == severity::page; });
  }
};

namespace detail {

/// The window (t - length, t] of a series, as t moves from row to row.
class sliding_window {
 public:
  sliding_window(const sli::event_series& events, duration length, double threshold,
                 before_start unseen) noexcept
      : events_(events), length_(length), threshold_(threshold), unseen_(unseen) {}

  void move_to(std::size_t row) noexcept {
    const instant t = events_.times()[row];
    while (events_.times()[first_] <= t - length_) ++first_;
    bad_ = static_cast<double>(events_.bad_sums()[row + 1] - events_.bad_sums()[first_]);
    valid_ = bad_ + static_cast<double>(events_.good_sums()[row + 1] - events_.good_sums()[first_]);
    const duration seen = t - events_.from();
    if (unseen_ == before_start::clean && seen < length_) {
      valid_ *= real_seconds(length_) / real_seconds(seen);
    }
  }

  [[nodiscard]] double bad() const noexcept { return bad_; }

  [[nodiscard]] bool reached() const noexcept {
    return relia::detail::reaches(bad_, threshold_, valid_);
  }

  [[nodiscard]] double burn_rate(const objective& goal) const noexcept {
    return bad_ / (goal.error_budget() * valid_);
  }

 private:
  const sli::event_series& events_;
  duration length_;
  double threshold_;
  before_start unseen_;
  std::size_t first_ = 0;
  double bad_ = 0;
  double valid_ = 0;
};

/// The notifications of one severity: alerts sorted by start, joined where they touch.
inline void join(const evaluation& e, const policy& p, severity s, std::vector<notification>& out) {
  const std::size_t begin = out.size();
  for (const alert& a : e.alerts) {
    if (p.tiers[a.tier].severity != s) continue;
    if (out.size() > begin && a.start <= out.back().end) {
      out.back().open = out.back().open || a.open;
      out.back().end = std::max(out.back().end, a.end);
    } else {
      out.push_back({s, a.start, a.end, a.open});
    }
  }
}

}  // namespace detail

/// The alerts of a policy over a series. A window without bad events never fires. Throws:
/// std::domain_error for a tier without positive windows and factor, or min_failures below 1.
/// Cost: O(rows * tiers).
[[nodiscard]] inline evaluation evaluate(const policy& p, const objective& goal,
                                         const sli::event_series& events,
                                         const evaluate_options& options = {}) {
  relia::detail::require_positive_count("slo::evaluate", "min_failures", options.min_failures);
  evaluation result;
  result.unseen = options.unseen;
  result.tiers.resize(p.tiers.size());
  const auto fewest = static_cast<double>(options.min_failures);
  for (std::size_t k = 0; k < p.tiers.size(); ++k) {
    const tier& t = p.tiers[k];
    detail::require_tier("slo::evaluate", t);
    const double threshold = error_ratio_at(t, goal);
    detail::sliding_window wide(events, t.long_window, threshold, options.unseen);
    detail::sliding_window narrow(events, t.short_window, threshold, options.unseen);
    bool firing = false;
    const std::size_t first_alert = result.alerts.size();
    for (std::size_t i = 0; i < events.size(); ++i) {
      narrow.move_to(i);
      bool now = narrow.bad() > 0 && narrow.reached();
      if (now) {  // rare: the wide window need not follow every row
        wide.move_to(i);
        now = wide.bad() >= fewest && wide.reached();
      }
      if (now == firing) continue;
      firing = now;
      const instant at = events.times()[i];
      if (now) {
        result.alerts.push_back({k, at, at, true, wide.burn_rate(goal), narrow.burn_rate(goal)});
      } else {
        result.alerts.back().end = at;
        result.alerts.back().open = false;
      }
    }
    if (firing) result.alerts.back().end = events.times().back();
    for (std::size_t a = first_alert; a < result.alerts.size(); ++a) {
      ++result.tiers[k].alerts;
      result.tiers[k].firing += result.alerts[a].end - result.alerts[a].start;
    }
  }
  std::stable_sort(result.alerts.begin(), result.alerts.end(),
                   [](const alert& a, const alert& b) { return a.start < b.start; });
  detail::join(result, p, severity::page, result.notifications);
  detail::join(result, p, severity::ticket, result.notifications);
  std::stable_sort(result.notifications.begin(), result.notifications.end(),
                   [](const notification& a, const notification& b) { return a.start < b.start; });
  return result;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::slo
