// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Instants, durations and half-open periods. A thing belongs to the period it starts in.

#include <algorithm>
#include <chrono>
#include <compare>
#include <cstdint>
#include <limits>

#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE {

/// A point in time, UTC, to the nanosecond: 1677 to 2262, as numpy's datetime64[ns].
using instant = std::chrono::sys_time<std::chrono::nanoseconds>;

/// An exact length of time.
using duration = std::chrono::nanoseconds;

/// A length of time that came out of arithmetic; may be infinite.
using real_seconds = std::chrono::duration<double>;

/// "Never", as a length of time.
inline constexpr real_seconds never{std::numeric_limits<double>::infinity()};

/// The half-open stretch of time [from, to), shorter than 292 years. Throws: std::invalid_argument
/// when to < from, std::domain_error when it is longer than a duration can hold.
class period {
 public:
  constexpr period() = default;
  constexpr period(instant from, instant to) : from_(from), to_(to) {
    const bool forward = from <= to;
    std::int64_t gap = 0;
    const bool fits = !__builtin_sub_overflow(to.time_since_epoch().count(),
                                              from.time_since_epoch().count(), &gap);
    if (!fits) gap = forward ? duration::max().count() : duration::min().count();
    detail::require_argument(forward, "period", "to", "at or after from", gap);
    detail::require_domain(fits, "period", "to", "less than 292 years after from", gap);
  }

  [[nodiscard]] constexpr instant from() const noexcept { return from_; }
  [[nodiscard]] constexpr instant to() const noexcept { return to_; }
  [[nodiscard]] constexpr duration length() const noexcept { return to_ - from_; }
  [[nodiscard]] constexpr bool empty() const noexcept { return from_ == to_; }
  [[nodiscard]] constexpr bool contains(instant t) const noexcept { return from_ <= t && t < to_; }

  /// The part of this period that lies in the other: empty, at an end of this one, when they do not
  /// meet.
  [[nodiscard]] constexpr period clipped_to(const period& other) const noexcept {
    period part;
    part.from_ = std::clamp(other.from_, from_, to_);
    part.to_ = std::clamp(other.to_, part.from_, to_);
    return part;
  }

  friend constexpr bool operator==(const period&, const period&) = default;

 private:
  instant from_{};
  instant to_{};
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE
