// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Time that was good, time that was bad, and time that nobody watched. An indicator over time
/// counts every nanosecond, so it has no sampling error; what it has are bounds: all of the unknown
/// time may have been good, or all of it bad.

#include <relia/aggregate/bounded.hpp>
#include <relia/core/estimate.hpp>
#include <relia/core/time.hpp>
#include <relia/sli/time_slice.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::sli {

/// `good_doubtful` and `bad_doubtful`: the part of good and of bad in which the state changed at a
/// moment that nobody saw.
struct watched_time {
  duration good{0};
  duration bad{0};
  duration unknown{0};
  duration good_doubtful{0};
  duration bad_doubtful{0};

  [[nodiscard]] constexpr duration length() const noexcept { return good + bad + unknown; }
  friend constexpr bool operator==(const watched_time&, const watched_time&) = default;
};

/// The fraction of time that was bad. `value` counts unknown time as the policy says; the bounds
/// take it, and what is doubtful, as all good and all bad. No time, or none known where the unknown
/// is ignored, gives the state no_data.
[[nodiscard]] constexpr aggregate::bounded bad_fraction(
    const watched_time& time, no_traffic unknown = no_traffic::ignore) noexcept {
  const auto real = [](duration d) { return static_cast<double>(d.count()); };
  const duration counted = unknown == no_traffic::ignore ? time.good + time.bad : time.length();
  if (counted == duration{0}) return {};
  const duration bad = unknown == no_traffic::bad ? time.bad + time.unknown : time.bad;
  const double length = real(time.length());
  return {real(bad) / real(counted), real(time.bad - time.bad_doubtful) / length,
          real(time.bad + time.unknown + time.good_doubtful) / length, state::ok};
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::sli
