// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How long was the service down? The union of the incidents' impacts, clipped to the window: time
/// in which two incidents overlap is down once. Open incidents run to as_of, and the window ends
/// there: the rest has not happened. The sum of the durations stands beside the union, because it
/// is what many tools report; the sum of one public history is 1.5 times the time observed.

#include <algorithm>
#include <cstddef>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <relia/core/estimate.hpp>
#include <relia/core/time.hpp>
#include <relia/core/unite.hpp>
#include <relia/detail/check.hpp>
#include <relia/incident/durations.hpp>
#include <relia/incident/timeline.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::incident {

/// Impact ends at mitigation; where that has no stamp, at the latest at resolution.
inline constexpr definition impact{"downtime",
                                   "impact",
                                   milestone::started,
                                   milestone::mitigated,
                                   missing_stamp::use_next,
                                   open_incidents::censor};
/// Down until the incident is declared over.
inline constexpr definition until_resolved{"downtime", "until_resolved", milestone::started,
                                           milestone::resolved};

struct downtime_options {
  definition how = impact;
  selection select{};
};

/// A census of the window, so without an interval. `state` is no_data when nothing of the window
/// had happened by as_of; the fractions are then NaN.
struct downtime_report {
  definition how{};
  period window{};  ///< what was observed: the window asked for, up to as_of
  duration down{0};
  duration sum{0};  ///< of the durations in the window; more than `down` where incidents overlap
  double unavailability = std::numeric_limits<double>::quiet_NaN();
  double availability = std::numeric_limits<double>::quiet_NaN();
  count incidents = 0;    ///< that were down in the window
  count n_open = 0;       ///< of these, still down at as_of
  count substituted = 0;  ///< ends taken from a later stamp
  count most_at_once = 0;
  count failures = 0;                          ///< episodes that began in the window
  std::vector<period> episodes{};              ///< disjoint stretches of downtime
  std::vector<incident::left_out> left_out{};  ///< incidents whose downtime is not known
  relia::state state = relia::state::ok;

  [[nodiscard]] duration overlap() const noexcept { return sum - down; }
  [[nodiscard]] duration up() const noexcept { return window.length() - down; }
};

namespace detail {

/// Collects what happens to one service.
class downtime_builder {
 public:
  downtime_builder(const history& incidents, const period& window, const definition& how) {
    report_.how = how;
    const instant seen = std::clamp(incidents.as_of(), window.from(), window.to());
    report_.window = {window.from(), seen};
  }

  void add(const timeline& t, std::size_t row) {
    const reached r = reach(t, report_.how);
    if (r.why) {
      report_.left_out.push_back({row, *r.why, r.at_most});
      return;
    }
    const period whole(r.from, r.to);
    if (report_.window.clipped_to(whole).empty()) return;
    intervals_.push_back(whole);
    down_before_ = down_before_ || whole.from() < report_.window.from();
    ++report_.incidents;
    report_.n_open += r.ended ? 0 : 1;
    report_.substituted += r.substituted ? 1 : 0;
  }

  [[nodiscard]] downtime_report finish() {
    united u = unite(intervals_, report_.window);
    report_.down = u.covered;
    report_.sum = u.sum;
    report_.most_at_once = u.most_at_once;
    report_.episodes = std::move(u.episodes);
    report_.failures = static_cast<count>(report_.episodes.size()) - (down_before_ ? 1 : 0);
    if (report_.window.empty()) {
      report_.state = state::no_data;
    } else {
      const real_seconds length = report_.window.length();
      report_.unavailability = real_seconds(report_.down) / length;
      report_.availability = real_seconds(report_.up()) / length;
    }
    return std::move(report_);
  }

 private:
  downtime_report report_;
  std::vector<period> intervals_;
  bool down_before_ = false;
};

inline void require_downtime(const char* where, const definition& how) {
  relia::detail::require_argument(how.from < how.to, where, "how.to",
                                  "a later milestone than how.from", to_string(how.to));
}

}  // namespace detail

/// Downtime of everything selected, as one service: union / window. Cost: O(n log n). Throws:
/// std::invalid_argument when the definition runs backwards.
[[nodiscard]] inline downtime_report downtime(const history& incidents, const period& window,
                                              const downtime_options& options = {}) {
  detail::require_downtime("incident::downtime", options.how);
  detail::downtime_builder builder(incidents, window, options.how);
  for (std::size_t i = 0; i < incidents.kept().size(); ++i) {
    const timeline& t = incidents.kept()[i];
    if (options.select.matches(t)) builder.add(t, incidents.kept_rows()[i]);
  }
  return builder.finish();
}

struct service_downtime {
  std::string service;
  downtime_report downtime;
};

/// Downtime of each service that has an incident selected, by name. A service without incidents is
/// not in the history and so not in the answer. Cost and errors as downtime.
[[nodiscard]] inline std::vector<service_downtime> downtime_by_service(
    const history& incidents, const period& window, const downtime_options& options = {}) {
  detail::require_downtime("incident::downtime_by_service", options.how);
  std::map<std::string, detail::downtime_builder> builders;
  for (std::size_t i = 0; i < incidents.kept().size(); ++i) {
    const timeline& t = incidents.kept()[i];
    if (!options.select.matches(t)) continue;
    builders.try_emplace(t.service, incidents, window, options.how)
        .first->second.add(t, incidents.kept_rows()[i]);
  }
  std::vector<service_downtime> result;
  result.reserve(builders.size());
  for (auto& [service, builder] : builders) result.push_back({service, builder.finish()});
  return result;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::incident
