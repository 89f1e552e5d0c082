// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Over which time a budget is counted: the last 28 days, this week, this quarter in Madrid. A
/// calendar window starts anew at local midnight, so that its days may have 23 or 25 hours; one
/// objective can have several windows at once.

#include <optional>
#include <utility>

#include <relia/core/time.hpp>
#include <relia/core/zone.hpp>
#include <relia/detail/check.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::slo {

class budget_window {
 public:
  /// The stretch of this length that ends now. Domain: length positive. Throws: std::domain_error.
  [[nodiscard]] static budget_window rolling(duration length) {
    relia::detail::require_domain(length > duration{0}, "slo::budget_window::rolling", "length",
                                  "positive", length.count());
    budget_window w;
    w.length_ = length;
    return w;
  }

  /// The calendar day, week, month, quarter or year of this zone, UTC by default.
  [[nodiscard]] static budget_window calendar(calendar_unit unit, zone where = {}) {
    budget_window w;
    w.unit_ = unit;
    w.zone_ = std::move(where);
    return w;
  }

  [[nodiscard]] bool is_calendar() const noexcept { return unit_.has_value(); }

  /// The whole window at this instant: [at - length, at), or the calendar period that holds `at`,
  /// with the part of it that is still to come. Throws: as zone::calendar_period.
  [[nodiscard]] period whole(instant at) const {
    if (unit_) return zone_.calendar_period(*unit_, at);
    relia::detail::require_domain(at >= instant::min() + length_, "slo::budget_window", "at",
                                  "a window's length inside the clock's range",
                                  at.time_since_epoch().count());
    return {at - length_, at};
  }

  /// The part of it that lies before `at`.
  [[nodiscard]] period elapsed(instant at) const { return {whole(at).from(), at}; }

 private:
  budget_window() = default;

  duration length_{0};
  std::optional<calendar_unit> unit_{};
  zone zone_{};
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::slo
