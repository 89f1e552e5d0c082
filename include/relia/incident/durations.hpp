// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How long a phase of each incident took. An incident that is still open has not had its end: it
/// is right-censored at as_of (or when it was last seen open), not dropped and not taken as closed.
/// A stamp that is missing though the incident went on past it is never made up: a named rule
/// leaves the incident out, or lets the next stamp stand in, and the result counts both.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/incident/timeline.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::incident {

/// What to do where the end of the phase has no stamp and a later milestone has one.
/// `leave_out`: the duration is only known to be at most so long, which the result lists.
/// `use_next`: the next stamp stands in, an upper bound; `use_resolved`: the resolution does, as
/// one product has it. The result counts both.
enum class missing_stamp { leave_out, use_next, use_resolved };

[[nodiscard]] constexpr std::string_view to_string(missing_stamp m) noexcept {
  return m == missing_stamp::leave_out  ? "leave_out"
         : m == missing_stamp::use_next ? "use_next"
                                        : "use_resolved";
}

/// What to do with an open incident that has not reached the end of the phase. `censor`: it counts
/// as at least so long. `leave_out`: dropped, as some products do. `closed_only`: every incident
/// that is not resolved is dropped, even past the end of the phase.
enum class open_incidents { censor, leave_out, closed_only };

[[nodiscard]] constexpr std::string_view to_string(open_incidents o) noexcept {
  return o == open_incidents::censor      ? "censor"
         : o == open_incidents::leave_out ? "leave_out"
                                          : "closed_only";
}

/// A duration, defined: from which milestone to which, and by which rules. `metric` and `preset`
/// name it in results: "mtta", "pagerduty".
struct definition {
  std::string_view metric = "duration";
  std::string_view preset = "custom";
  milestone from = milestone::started;
  milestone to = milestone::resolved;
  missing_stamp if_missing = missing_stamp::leave_out;
  open_incidents if_open = open_incidents::censor;

  friend constexpr bool operator==(const definition&, const definition&) = default;
};

/// Why an incident has no duration.
enum class reason {
  missing_from,  ///< the phase's first stamp is not known
  missing_to,    ///< its last stamp is not known, though the incident went on past it
  negative,      ///< the phase would end before it began
  unknown_end,   ///< its last stamp is not known and the incident is not known to be open
  still_open,    ///< open, and the definition leaves such incidents out
};

[[nodiscard]] constexpr std::string_view to_string(reason r) noexcept {
  constexpr std::array<std::string_view, 5> names{"missing_from", "missing_to", "negative",
                                                  "unknown_end", "still_open"};
  return names[static_cast<std::size_t>(r)];
}

/// An incident that was selected and has no duration. `at_most`: the phase took no longer, by the
/// next stamp; infinite when there is none.
struct left_out {
  std::size_t row = 0;
  reason why = reason::missing_from;
  real_seconds at_most = never;

  friend bool operator==(const left_out&, const left_out&) = default;
};

namespace detail {

/// One incident measured: a duration, or the reason why not.
struct reached {
  instant from{};
  instant to{};
  bool ended = true;
  bool substituted = false;
  std::optional<reason> why{};
  real_seconds at_most = never;
};

/// Of a kept incident: `open` and `seen_open` are decided.
[[nodiscard]] inline reached reach(const timeline& t, const definition& how) {
  reached r;
  const auto refuse = [&r](reason why) {
    r.why = why;
    return r;
  };
  if (!t.at(how.from)) return refuse(reason::missing_from);
  r.from = *t.at(how.from);
  if (how.if_open == open_incidents::closed_only && !t.resolved) {
    return refuse(*t.open ? reason::still_open : reason::unknown_end);
  }
  if (t.at(how.to)) {
    r.to = *t.at(how.to);
  } else {
    std::optional<instant> next;  // the stamp that bounds the missing one
    for (const milestone m : milestones) {
      if (m > how.to && !next) next = t.at(m);
    }
    if (next) {
      r.at_most = *next - r.from;
      if (how.if_missing == missing_stamp::leave_out) return refuse(reason::missing_to);
      r.to = how.if_missing == missing_stamp::use_resolved ? t.resolved.value_or(*next) : *next;
      r.substituted = true;
    } else if (!*t.open) {
      return refuse(reason::unknown_end);
    } else if (how.if_open != open_incidents::censor) {
      return refuse(reason::still_open);
    } else {
      r.to = *t.seen_open;
      r.ended = false;
    }
  }
  return r.to < r.from ? refuse(reason::negative) : r;
}

}  // namespace detail

struct measure_options {
  selection select{};
  /// Only incidents that start in this period: by `started`, or by the first stamp known.
  std::optional<period> starting_in{};
};

/// The durations of one phase, ready for survival analysis: `ended[i]` is 0 where the incident was
/// still open and `seconds[i]` is only a lower bound.
struct durations {
  definition how{};
  instant as_of{};
  std::vector<double> seconds{};
  std::vector<std::uint8_t> ended{};
  std::vector<std::size_t> rows{};             ///< the row of each duration in the table given
  std::vector<incident::left_out> left_out{};  ///< selected incidents without a duration
  count substituted = 0;  ///< durations to the next stamp instead of a missing one

  [[nodiscard]] count n() const noexcept { return static_cast<count>(seconds.size()); }
  [[nodiscard]] count n_open() const noexcept {
    return std::count(ended.begin(), ended.end(), std::uint8_t{0});
  }
};

/// How long the phase took for each incident selected. Cost: O(n). Throws: std::invalid_argument
/// when the definition does not run from an earlier milestone to a later one.
[[nodiscard]] inline durations measure(const history& incidents, const definition& how,
                                       const measure_options& options = {}) {
  relia::detail::require_argument(how.from < how.to, "incident::measure", "to",
                                  "a later milestone than from", to_string(how.to));
  durations d;
  d.how = how;
  d.as_of = incidents.as_of();
  for (std::size_t i = 0; i < incidents.kept().size(); ++i) {
    const timeline& t = incidents.kept()[i];
    if (!options.select.matches(t)) continue;
    if (options.starting_in) {
      const std::optional<instant> first = t.first_known();
      if (!first || !options.starting_in->contains(*first)) continue;
    }
    const std::size_t row = incidents.kept_rows()[i];
    const detail::reached r = detail::reach(t, how);
    if (r.why) {
      d.left_out.push_back({row, *r.why, r.at_most});
      continue;
    }
    d.seconds.push_back(real_seconds(r.to - r.from).count());
    d.ended.push_back(r.ended ? 1 : 0);
    d.rows.push_back(row);
    d.substituted += r.substituted ? 1 : 0;
  }
  return d;
}

/// From one milestone to another: a missing stamp leaves the incident out, an open incident is
/// censored.
[[nodiscard]] inline durations measure(const history& incidents, milestone from, milestone to,
                                       const measure_options& options = {}) {
  return measure(incidents, definition{.from = from, .to = to}, options);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::incident
