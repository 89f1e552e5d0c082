// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Good, bad and valid events: any two of them give the third. Systems count different pairs, and
/// two counts that were read at different moments can contradict each other: good above valid is
/// refused, or clamped and reported, never an indicator above 1.

#include <optional>
#include <string>

#include <relia/aggregate/counts.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/text.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::sli {

/// Two of the three counts, by name: `{.good = 990, .valid = 1000}`.
struct known_counts {
  std::optional<count> good = {};
  std::optional<count> bad = {};
  std::optional<count> valid = {};
};

/// What to do when a part is larger than the whole. `clamp` takes the part as the whole.
enum class excess_policy { refuse, clamp };

/// Good and bad events. `excess`: by how many a clamped part exceeded the whole.
struct event_counts {
  aggregate::counts counts{};
  count excess = 0;

  friend constexpr bool operator==(const event_counts&, const event_counts&) = default;
};

namespace detail {

struct excess_of {
  count by;
};

[[nodiscard]] inline std::string to_text(excess_of e) {
  return "an excess of " + relia::detail::to_text(e.by);
}

[[nodiscard]] constexpr event_counts split(count part, count valid, bool part_is_good,
                                           excess_policy policy, const char* name) {
  relia::detail::require_non_negative_count("sli::events", name, part);
  relia::detail::require_non_negative_count("sli::events", "valid", valid);
  if (part > valid && policy == excess_policy::refuse) [[unlikely]] {
    relia::detail::refuse_domain("sli::events", name,
                                 "at most valid (read both at the same moment, or pass "
                                 "excess_policy::clamp)",
                                 detail::excess_of{part - valid});
  }
  const count kept = part <= valid ? part : valid;
  return {
      part_is_good ? aggregate::counts(kept, valid - kept) : aggregate::counts(valid - kept, kept),
      part - kept};
}

}  // namespace detail

/// The events that any two of good, bad and valid describe.
/// Domain: counts >= 0, parts at most valid unless clamped. Throws: std::domain_error outside it,
/// std::invalid_argument unless exactly two are given.
[[nodiscard]] constexpr event_counts events(const known_counts& known,
                                            excess_policy policy = excess_policy::refuse) {
  const int given = known.good.has_value() + known.bad.has_value() + known.valid.has_value();
  relia::detail::require_argument(given == 2, "sli::events", "the counts given",
                                  "exactly two of good, bad and valid", given);
  if (!known.valid) return {aggregate::counts(*known.good, *known.bad), 0};
  return known.good ? detail::split(*known.good, *known.valid, true, policy, "good")
                    : detail::split(*known.bad, *known.valid, false, policy, "bad");
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::sli
