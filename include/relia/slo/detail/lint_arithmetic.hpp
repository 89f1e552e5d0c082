// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The arithmetic that lint shows: what a tier misses, and which tier says nothing of its own.

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include <relia/core/time.hpp>
#include <relia/slo/tier.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::slo::detail {

/// 14.4 rather than 14.399999999999999: six digits are enough to follow the arithmetic.
[[nodiscard]] inline std::string six_digits(double value) {
  std::array<char, 32> text;
  char* const begin = text.data();
  const auto end = std::to_chars(begin, begin + text.size(), value, std::chars_format::general, 6);
  return {begin, end.ptr};
}

[[nodiscard]] inline std::string in_seconds(real_seconds d) { return six_digits(d.count()) + " s"; }

/// How long a total outage can be that never fires a tier with a hold, which needs this error
/// ratio. From a clean start, an outage of length x keeps the condition for x + short (1 - ratio) -
/// long ratio.
[[nodiscard]] inline real_seconds longest_unseen_outage(const tier& t, double ratio) noexcept {
  return t.hold + real_seconds(std::max(t.long_window, t.short_window)) * ratio -
         real_seconds(std::min(t.long_window, t.short_window)) * (1 - ratio);
}

/// Whenever `a` fires at steady traffic, `b` does: its windows hold those of `a`, and fire at less
/// spent budget. Tiers that spend the same, as the workbook's last two do, are not counted, unless
/// their windows are the same.
[[nodiscard]] inline bool implies(const tier& a, const tier& b) noexcept {
  const bool same = a.long_window == b.long_window && a.short_window == b.short_window;
  const double more = same ? 1.0 : 1 + 1e-9;
  const auto outspends = [&](duration of_a, duration of_b) {
    return of_a <= of_b && a.factor * real_seconds(of_a) >= more * b.factor * real_seconds(of_b);
  };
  const bool guards = a.min_failures >= b.min_failures && a.min_events >= b.min_events &&
                      a.hold >= b.hold && (a.evidence == b.evidence || b.evidence.p_value >= 1);
  return guards && outspends(a.long_window, b.long_window) &&
         outspends(a.short_window, b.short_window);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::slo::detail
