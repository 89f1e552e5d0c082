// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// What happened when: the five stamps of an incident, each of which may be missing, and a history
/// of incidents that has been looked over. Every damaged row is named, a policy says which damage
/// excludes a row, and nothing is repaired or lost in silence. Real histories need this: a few ends
/// in the wrong year can turn a mean of two hours into one of five weeks.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/text.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::incident {

/// The moments of an incident, in the order they should come. `started`: customers began to be
/// affected. `detected`: an alert or a person noticed. `acknowledged`: a responder took it.
/// `mitigated`: the impact ended. `resolved`: the incident is over.
enum class milestone { started, detected, acknowledged, mitigated, resolved };

inline constexpr std::array milestones{milestone::started, milestone::detected,
                                       milestone::acknowledged, milestone::mitigated,
                                       milestone::resolved};

[[nodiscard]] constexpr std::string_view to_string(milestone m) noexcept {
  constexpr std::array<std::string_view, 5> names{"started", "detected", "acknowledged",
                                                  "mitigated", "resolved"};
  return names[static_cast<std::size_t>(m)];
}

/// One incident. A missing stamp is not known; it never means zero or "at once". `open`: whether it
/// goes on, where that is known; otherwise the history's options judge by the missing resolution.
/// `seen_open`: when it was last known to go on, if not at the history's as_of: a report published
/// before the end.
struct timeline {
  std::optional<instant> started{};
  std::optional<instant> detected{};
  std::optional<instant> acknowledged{};
  std::optional<instant> mitigated{};
  std::optional<instant> resolved{};
  std::optional<bool> open{};
  std::optional<instant> seen_open{};
  bool planned = false;
  std::string id{};
  std::string service{};
  std::string severity{};

  [[nodiscard]] const std::optional<instant>& at(milestone m) const noexcept {
    switch (m) {
      case milestone::started:
        return started;
      case milestone::detected:
        return detected;
      case milestone::acknowledged:
        return acknowledged;
      case milestone::mitigated:
        return mitigated;
      case milestone::resolved:
        break;
    }
    return resolved;
  }

  /// The first stamp that is known, in the order of the milestones: where a period looks for it.
  [[nodiscard]] std::optional<instant> first_known() const noexcept {
    for (const milestone m : milestones) {
      if (at(m)) return at(m);
    }
    return std::nullopt;
  }
};

/// What can be wrong, or worth knowing, about a row.
enum class problem : std::uint8_t {
  missing_start,  ///< started is not known
  missing_end,    ///< resolved is not known: open, or not recorded
  negative,       ///< mitigated or resolved lies before started
  out_of_order,   ///< a stamp lies before that of an earlier milestone
  wrong_year,     ///< a stamp fits the start well in another year, and badly in its own
  in_future,      ///< a stamp lies after as_of
  zero_duration,  ///< ended at the instant it started
  open_longest,   ///< open for longer than any closed incident took: forgotten?
  contradictory,  ///< said to be open, yet resolved
  duplicate_id,   ///< an earlier row has the same id
};

[[nodiscard]] constexpr std::string_view to_string(problem p) noexcept {
  constexpr std::array<std::string_view, 10> names{
      "missing_start", "missing_end",   "negative",     "out_of_order",  "wrong_year",
      "in_future",     "zero_duration", "open_longest", "contradictory", "duplicate_id"};
  return names[static_cast<std::size_t>(p)];
}

/// Some of the problems: `{problem::negative, problem::in_future}`.
class problem_set {
 public:
  constexpr problem_set() = default;
  constexpr problem_set(std::initializer_list<problem> problems) {
    for (const problem p : problems) insert(p);
  }
  constexpr void insert(problem p) noexcept { bits_ |= 1U << static_cast<unsigned>(p); }
  [[nodiscard]] constexpr bool contains(problem p) const noexcept {
    return (bits_ >> static_cast<unsigned>(p) & 1U) != 0;
  }

 private:
  std::uint32_t bits_ = 0;
};

/// A row of the table given (from 0), what is wrong with it, and the stamp at fault.
struct finding {
  std::size_t row = 0;
  problem what = problem::missing_start;
  milestone at = milestone::started;

  friend bool operator==(const finding&, const finding&) = default;
};

/// "row 3: wrong_year (resolved)".
[[nodiscard]] inline std::string to_string(const finding& f) {
  return "row " + relia::detail::to_text(f.row) + ": " + std::string(to_string(f.what)) + " (" +
         std::string(to_string(f.at)) + ")";
}

/// What a missing resolution means where the row does not say. A tracker leaves it blank while the
/// incident is open; a table written up afterwards leaves it blank when nobody wrote it down.
enum class blank_end { open, unknown };

struct history_options {
  relia::incident::blank_end blank_end = relia::incident::blank_end::open;
  /// Rows with one of these are kept aside. The other problems only concern some durations, which
  /// refuse the row where it matters.
  problem_set exclude{problem::negative, problem::wrong_year, problem::in_future,
                      problem::duplicate_id};
  /// How far after the start a stamp must come once its year is corrected, to be of a wrong year.
  duration longest_plausible = std::chrono::days(31);
};

/// Incidents as they were known at `as_of`, looked over row by row.
class history {
 public:
  /// Cost: O(n log n) time for n rows, which are copied. Throws: std::domain_error when
  /// longest_plausible is not positive.
  history(std::span<const timeline> rows, instant as_of, const history_options& options = {})
      : as_of_(as_of), given_(rows.size()), options_(options) {
    relia::detail::require_domain(options.longest_plausible > duration{0}, "incident::history",
                                  "longest_plausible", "positive, in nanoseconds",
                                  options.longest_plausible.count());
    std::vector<char> aside(rows.size(), 0);
    std::unordered_set<std::string_view> ids;
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const std::size_t before = findings_.size();
      examine(row, rows[row]);
      if (!rows[row].id.empty() && !ids.insert(rows[row].id).second) {
        findings_.push_back({row, problem::duplicate_id, milestone::started});
      }
      for (std::size_t f = before; f < findings_.size(); ++f) {
        if (options_.exclude.contains(findings_[f].what)) aside[row] = 1;
      }
    }
    look_for_forgotten(rows, aside);
    for (std::size_t row = 0; row < rows.size(); ++row) {
      if (aside[row] != 0) {
        excluded_.push_back(row);
        continue;
      }
      kept_.push_back(rows[row]);
      kept_.back().open = goes_on(rows[row]);
      kept_.back().seen_open = std::min(rows[row].seen_open.value_or(as_of_), as_of_);
      kept_rows_.push_back(row);
    }
  }

  /// The incidents that were not excluded; of these, `open` and `seen_open` are always decided.
  [[nodiscard]] std::span<const timeline> kept() const noexcept { return kept_; }
  /// The row, in the table given, of each kept incident.
  [[nodiscard]] std::span<const std::size_t> kept_rows() const noexcept { return kept_rows_; }
  /// The rows kept aside.
  [[nodiscard]] std::span<const std::size_t> excluded() const noexcept { return excluded_; }
  /// Everything found, by row.
  [[nodiscard]] std::span<const finding> findings() const noexcept { return findings_; }
  [[nodiscard]] std::size_t given() const noexcept { return given_; }
  [[nodiscard]] instant as_of() const noexcept { return as_of_; }

  /// How many findings are of this kind.
  [[nodiscard]] count found(problem p) const noexcept {
    return std::count_if(findings_.begin(), findings_.end(),
                         [p](const finding& f) { return f.what == p; });
  }

 private:
  [[nodiscard]] bool goes_on(const timeline& t) const noexcept {
    const bool assumed = t.seen_open || options_.blank_end == blank_end::open;
    return !t.resolved && t.open.value_or(assumed);
  }

  void examine(std::size_t row, const timeline& t) {
    if (!t.started) findings_.push_back({row, problem::missing_start, milestone::started});
    if (!t.resolved) findings_.push_back({row, problem::missing_end, milestone::resolved});
    if (t.resolved && t.open.value_or(false)) {
      findings_.push_back({row, problem::contradictory, milestone::resolved});
    }
    std::optional<instant> latest;
    for (const milestone m : milestones) {
      const std::optional<instant>& stamp = t.at(m);
      if (!stamp) continue;
      if (*stamp > as_of_) findings_.push_back({row, problem::in_future, m});
      const bool ends = m >= milestone::mitigated;
      if (t.started && fits_another_year(*t.started, *stamp)) {
        findings_.push_back({row, problem::wrong_year, m});
      } else if (t.started && ends && *stamp < *t.started) {
        findings_.push_back({row, problem::negative, m});
      } else if (latest && *stamp < *latest) {
        findings_.push_back({row, problem::out_of_order, m});
      }
      latest = latest ? std::max(*latest, *stamp) : *stamp;
    }
    const milestone last = t.resolved ? milestone::resolved : milestone::mitigated;
    if (t.started && t.at(last) == t.started) {
      findings_.push_back({row, problem::zero_duration, last});
    }
  }

  /// The stamp lies before the start, or most of a year after it, and in the start's year or the
  /// next it would follow within the longest plausible time.
  [[nodiscard]] bool fits_another_year(instant start, instant stamp) const {
    using namespace std::chrono;
    // In seconds: a year late, the last instants would leave the range of nanoseconds.
    const sys_seconds begin = floor<seconds>(start);
    const sys_seconds given = floor<seconds>(stamp);
    if (begin <= given && given - begin < days(360)) return false;
    const sys_days day = floor<days>(given);
    const year_month_day date(day);
    const year first = year_month_day(floor<days>(begin)).year();
    for (const year y : {first, first + years(1)}) {
      if (y == date.year()) continue;
      year_month_day moved(y, date.month(), date.day());
      if (!moved.ok()) moved = y / date.month() / last;  // 29 February
      const sys_seconds corrected = sys_days(moved) + (given - day);
      if (begin <= corrected && corrected - begin <= options_.longest_plausible) return true;
    }
    return false;
  }

  void look_for_forgotten(std::span<const timeline> rows, std::vector<char>& aside) {
    std::optional<duration> longest;
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const timeline& t = rows[row];
      if (aside[row] != 0 || !t.started || !t.resolved) continue;
      longest = std::max(longest.value_or(duration{0}), *t.resolved - *t.started);
    }
    if (!longest) return;
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const timeline& t = rows[row];
      if (aside[row] != 0 || !t.started || !goes_on(t)) continue;
      if (t.seen_open.value_or(as_of_) - *t.started <= *longest) continue;
      findings_.push_back({row, problem::open_longest, milestone::started});
      if (options_.exclude.contains(problem::open_longest)) aside[row] = 1;
    }
    std::stable_sort(findings_.begin(), findings_.end(),
                     [](const finding& a, const finding& b) { return a.row < b.row; });
  }

  instant as_of_;
  std::size_t given_;
  history_options options_;
  std::vector<timeline> kept_;
  std::vector<std::size_t> kept_rows_;
  std::vector<std::size_t> excluded_;
  std::vector<finding> findings_;
};

/// Which incidents a figure is about. Planned work is no failure: it is left out unless asked for
/// (`true` for planned work alone, no value for both).
struct selection {
  std::optional<std::string> service{};
  std::optional<std::string> severity{};
  std::optional<bool> planned = false;

  [[nodiscard]] bool matches(const timeline& t) const {
    return (!service || *service == t.service) && (!severity || *severity == t.severity) &&
           (!planned || *planned == t.planned);
  }
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::incident
