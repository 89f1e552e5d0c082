// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// What would this policy have done last year? Replays policies over recorded events and holds
/// their pages against labelled incidents: which were found, how fast, how long the page stayed,
/// and how many pages were of nothing, each with its interval. Raw counters come in through
/// sli::events_of, resets included.
/// Precision: pages of an incident / pages. Recall: incidents found / incidents. An incident that
/// was missed has an infinite detection time, so that the median does not flatter a policy that
/// finds only what is easy.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <relia/core/estimate.hpp>
#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/row.hpp>
#include <relia/sli/event_series.hpp>
#include <relia/slo/evaluate.hpp>
#include <relia/slo/objective.hpp>
#include <relia/slo/policy.hpp>
#include <relia/stats/bootstrap.hpp>
#include <relia/stats/proportion.hpp>
#include <relia/stats/quantile.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::slo {

/// `judged`: page judges pages alone; ticket takes pages and tickets for one. `grace`: a page that
/// begins this long after an incident's end is still of it.
struct backtest_options {
  evaluate_options evaluation{};
  severity judged = severity::page;
  duration grace{0};
  double confidence_level = 0.95;
  relia::method method = stats::clopper_pearson;  ///< of precision and recall
};

/// One labelled incident under a policy. `detected_after`: from its start to the page, 0 when one
/// was open; never when it was missed. `reset_after`: from its end until the page ended, 0 when it
/// had; NaN when missed.
struct incident_outcome {
  real_seconds detected_after = never;
  real_seconds reset_after = relia::detail::limits_of<real_seconds>::nan;
  bool open = false;  ///< the page was still open at the last row: its reset took longer

  [[nodiscard]] bool found() const noexcept { return detected_after != never; }
};

namespace detail {

[[nodiscard]] inline estimate<real_seconds> median_seconds(const std::vector<double>& seconds,
                                                           double level, double confidence_level) {
  estimate<double> e = stats::quantile_interval(seconds, level, {confidence_level, sides::both});
  return {real_seconds(e.value),
          {real_seconds(std::max(0.0, e.interval.lower)), real_seconds(e.interval.upper),
           confidence_level},
          e.n,
          0,
          e.method,
          e.state,
          std::move(e.notes)};
}

}  // namespace detail

/// `pages`: what was judged, by start, overlapping ones as one; `true_pages`: those of an incident.
/// `outcomes`: as the incidents that were given. Without labels, precision and recall have no data.
struct backtest_result {
  std::string policy{};
  slo::evaluation evaluation{};
  std::vector<notification> pages{};
  std::vector<period> incidents{};
  std::vector<incident_outcome> outcomes{};
  count true_pages = 0;
  count found = 0;
  real_seconds paging{0};  ///< how long pages were open
  estimate<double> precision{};
  estimate<double> recall{};
  double confidence_level = 0.95;

  /// A quantile of the times to detection, the missed incidents as infinite ones, with an interval
  /// that assumes nothing of their distribution. Domain: level in (0, 1). Throws:
  /// std::domain_error.
  [[nodiscard]] estimate<real_seconds> detection_time(double level = 0.5) const {
    std::vector<double> seconds;
    for (const incident_outcome& o : outcomes) seconds.push_back(o.detected_after.count());
    return detail::median_seconds(seconds, level, confidence_level);
  }

  /// The same of the times from the end of an incident that was found to the end of its page; a
  /// page that never ended takes infinitely long. Throws: std::domain_error.
  [[nodiscard]] estimate<real_seconds> reset_time(double level = 0.5) const {
    std::vector<double> seconds;
    for (const incident_outcome& o : outcomes) {
      if (o.found()) seconds.push_back(o.open ? never.count() : o.reset_after.count());
    }
    return detail::median_seconds(seconds, level, confidence_level);
  }
};

namespace detail {

/// Notifications of at least a severity, overlapping ones as one.
[[nodiscard]] inline std::vector<notification> merged(const std::vector<notification>& all,
                                                      severity judged) {
  std::vector<notification> out;
  for (const notification& n : all) {
    if (judged == severity::page && n.severity != severity::page) continue;
    if (out.empty() || n.start > out.back().end) {
      out.push_back(n);
      continue;
    }
    out.back().end = std::max(out.back().end, n.end);
    out.back().open = out.back().open || n.open;
    if (n.severity == severity::page) out.back().severity = severity::page;
  }
  return out;
}

inline void judge_incidents(backtest_result& r, duration grace) {
  std::vector<bool> is_true(r.pages.size(), false);
  for (const period& incident : r.incidents) {
    incident_outcome& o = r.outcomes.emplace_back();
    const auto first = std::partition_point(
        r.pages.begin(), r.pages.end(),
        [&](const notification& n) { return n.end <= incident.from() && !n.open; });
    for (auto n = first; n != r.pages.end() && n->start < incident.to() + grace; ++n) {
      is_true[static_cast<std::size_t>(n - r.pages.begin())] = true;
      if (n == first) {
        o.detected_after = std::max(n->start - incident.from(), duration{0});
        ++r.found;
      }
      o.reset_after = std::max(n->end - incident.to(), duration{0});
      o.open = n->open;
    }
  }
  r.true_pages = std::count(is_true.begin(), is_true.end(), true);
}

}  // namespace detail

/// What a policy would have done over these events, judged by labelled incidents in any order.
/// Throws: as evaluate; std::domain_error for an incident that is empty or a negative grace;
/// std::invalid_argument for a method that stats::proportion has not. Cost: as evaluate, and
/// O(incidents log pages).
[[nodiscard]] inline backtest_result backtest(const policy& p, const objective& goal,
                                              const sli::event_series& events,
                                              std::span<const period> incidents = {},
                                              const backtest_options& options = {}) {
  relia::detail::require_domain(options.grace >= duration{0}, "slo::backtest", "grace",
                                "at least 0", options.grace.count());
  for (std::size_t i = 0; i < incidents.size(); ++i) {
    relia::detail::require_domain(!incidents[i].empty(), "slo::backtest", "incidents",
                                  "longer than nothing", relia::detail::row{i});
  }
  backtest_result r;
  r.policy = p.name;
  r.evaluation = evaluate(p, goal, events, options.evaluation);
  r.pages = detail::merged(r.evaluation.notifications, options.judged);
  r.incidents.assign(incidents.begin(), incidents.end());
  r.confidence_level = options.confidence_level;
  detail::judge_incidents(r, options.grace);
  for (const notification& n : r.pages) r.paging += n.end - n.start;
  const stats::proportion_options how{options.confidence_level, options.method, sides::both};
  const auto pages = static_cast<count>(r.pages.size());
  r.precision =
      stats::proportion(incidents.empty() ? 0 : r.true_pages, incidents.empty() ? 0 : pages, how);
  r.recall = stats::proportion(r.found, static_cast<count>(incidents.size()), how);
  return r;
}

/// Several policies over the same events, in the order given.
[[nodiscard]] inline std::vector<backtest_result> backtest(std::span<const policy> policies,
                                                           const objective& goal,
                                                           const sli::event_series& events,
                                                           std::span<const period> incidents = {},
                                                           const backtest_options& options = {}) {
  std::vector<backtest_result> all;
  all.reserve(policies.size());
  for (const policy& p : policies) all.push_back(backtest(p, goal, events, incidents, options));
  return all;
}

/// What changes from one policy to another on the same events. Differences are the second less the
/// first. `gained` and `lost`: incidents that only the second, only the first found. `recall`:
/// paired over incidents. `detection`: the median over incidents that both found. `only_first` and
/// `only_second`: when one had a page open and the other had none.
struct backtest_difference {
  count pages = 0;
  count false_pages = 0;
  real_seconds paging{0};
  std::vector<std::size_t> gained{};
  std::vector<std::size_t> lost{};
  estimate<double> recall{};
  estimate<real_seconds> detection{};
  std::vector<period> only_first{};
  std::vector<period> only_second{};
};

namespace detail {

/// The times of `pages` that no page of `others` covers.
[[nodiscard]] inline std::vector<period> uncovered(const std::vector<notification>& pages,
                                                   const std::vector<notification>& others) {
  std::vector<period> out;
  auto other = others.begin();
  for (const notification& n : pages) {
    instant from = n.start;
    while (other != others.end() && other->end <= from) ++other;
    for (auto o = other; o != others.end() && o->start < n.end; ++o) {
      if (o->start > from) out.emplace_back(from, o->start);
      from = std::max(from, o->end);
    }
    if (from < n.end) out.emplace_back(from, n.end);
  }
  return out;
}

}  // namespace detail

/// The difference of two backtests of the same incidents, with bootstrap intervals over them
/// (stats/bootstrap.hpp). Throws: std::invalid_argument when the incidents differ.
[[nodiscard]] inline backtest_difference difference(const backtest_result& first,
                                                    const backtest_result& second,
                                                    const stats::bootstrap_options& options = {}) {
  relia::detail::require_argument(first.incidents == second.incidents, "slo::difference", "second",
                                  "of the same incidents as first", second.incidents.size());
  const auto pages_of = [](const backtest_result& r) { return static_cast<count>(r.pages.size()); };
  backtest_difference d;
  d.pages = pages_of(second) - pages_of(first);
  d.false_pages = d.pages - (second.true_pages - first.true_pages);
  d.paging = second.paging - first.paging;
  std::vector<double> found;
  std::vector<double> later;
  for (std::size_t i = 0; i < first.outcomes.size(); ++i) {
    const incident_outcome& a = first.outcomes[i];
    const incident_outcome& b = second.outcomes[i];
    if (b.found() && !a.found()) d.gained.push_back(i);
    if (a.found() && !b.found()) d.lost.push_back(i);
    found.push_back(static_cast<double>(b.found()) - static_cast<double>(a.found()));
    if (a.found() && b.found()) {
      later.push_back((b.detected_after - a.detected_after).count());
    }
  }
  d.recall = stats::bootstrap(found, stats::sample_mean, options);
  estimate<double> delay = stats::bootstrap(later, stats::sample_median, options);
  d.detection = {real_seconds(delay.value),
                 {real_seconds(delay.interval.lower), real_seconds(delay.interval.upper),
                  delay.interval.confidence_level},
                 delay.n,
                 0,
                 delay.method,
                 delay.state,
                 std::move(delay.notes)};
  d.only_first = detail::uncovered(first.pages, second.pages);
  d.only_second = detail::uncovered(second.pages, first.pages);
  return d;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::slo
