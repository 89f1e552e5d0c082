// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// A time zone as a value: the sorted table of its UTC-offset transitions, passed in by the caller,
/// so that days of 23 and 25 hours are right and no header here reads a zone database. `io` fills
/// it from the system's database, Python from zoneinfo.

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE {

/// From instant `at` on, local time is UTC plus `offset`.
struct offset_change {
  instant at;
  std::chrono::seconds offset;
};

/// Calendar lengths. A week starts on Monday (ISO 8601).
enum class calendar_unit { day, week, month, quarter, year };

class zone {
 public:
  /// UTC.
  zone() = default;

  /// Throws: std::invalid_argument unless the changes are strictly sorted by time;
  /// std::domain_error for an offset of a day or more.
  zone(std::string name, std::chrono::seconds initial_offset, std::vector<offset_change> changes)
      : name_(std::move(name)), initial_offset_(initial_offset), changes_(std::move(changes)) {
    check_offset(initial_offset_);
    for (std::size_t i = 0; i < changes_.size(); ++i) {
      check_offset(changes_[i].offset);
      detail::require_argument(i == 0 || changes_[i - 1].at < changes_[i].at, "zone", "changes",
                               "strictly sorted by time", i);
    }
  }

  [[nodiscard]] const std::string& name() const noexcept { return name_; }

  /// Local time minus UTC at `t`.
  [[nodiscard]] std::chrono::seconds offset_at(instant t) const noexcept {
    const auto after = std::upper_bound(changes_.begin(), changes_.end(), t,
                                        [](instant a, const offset_change& c) { return a < c.at; });
    return after == changes_.begin() ? initial_offset_ : std::prev(after)->offset;
  }

  [[nodiscard]] std::chrono::local_time<duration> to_local(instant t) const noexcept {
    return std::chrono::local_time<duration>(t.time_since_epoch() + offset_at(t));
  }

  /// The first instant whose local time is at or after `local`: a local time that a change skips
  /// maps to that change, one that happens twice to its first occurrence.
  [[nodiscard]] instant to_utc(std::chrono::local_time<duration> local) const noexcept {
    const duration wall = local.time_since_epoch();
    std::chrono::seconds offset = initial_offset_;
    for (const offset_change& change : changes_) {
      const instant candidate(wall - offset);
      if (candidate < change.at) return candidate;
      if (instant(wall - change.offset) < change.at) return change.at;
      offset = change.offset;
    }
    return instant(wall - offset);
  }

  /// The calendar day, week, month, quarter or year of this zone that holds `t`.
  /// Domain: t in the years 1679 to 2260, so that its own year ends within the clock. Throws:
  /// std::domain_error.
  [[nodiscard]] period calendar_period(calendar_unit unit, instant t) const {
    using namespace std::chrono;
    const int utc_year = int(year_month_day(floor<days>(t)).year());
    detail::require_domain(utc_year >= 1679 && utc_year <= 2260, "zone::calendar_period", "t",
                           "in the years 1679 to 2260", utc_year);
    const local_days today = floor<days>(to_local(t));
    const year_month_day date(today);
    switch (unit) {
      case calendar_unit::day:
        return between(today, today + days(1));
      case calendar_unit::week: {
        const local_days monday = today - (weekday(today) - Monday);
        return between(monday, monday + days(7));
      }
      case calendar_unit::month:
        return months_from(date.year() / date.month(), months(1));
      case calendar_unit::quarter: {
        const unsigned first = (unsigned(date.month()) - 1) / 3 * 3 + 1;
        return months_from(date.year() / month(first), months(3));
      }
      case calendar_unit::year:
        break;
    }
    return months_from(date.year() / January, months(12));
  }

 private:
  static void check_offset(std::chrono::seconds offset) {
    detail::require_domain(std::chrono::abs(offset) < std::chrono::days(1), "zone", "offset",
                           "under 24 hours, in seconds", offset.count());
  }

  [[nodiscard]] period between(std::chrono::local_days from, std::chrono::local_days to) const {
    return {to_utc(from), to_utc(to)};
  }

  [[nodiscard]] period months_from(std::chrono::year_month first,
                                   std::chrono::months length) const {
    const std::chrono::day one(1);
    return between(std::chrono::local_days(first / one),
                   std::chrono::local_days((first + length) / one));
  }

  std::string name_ = "UTC";
  std::chrono::seconds initial_offset_{0};
  std::vector<offset_change> changes_;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE
