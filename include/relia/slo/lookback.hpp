// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How fast did the budget burn over the stretch of a series that ends at a given time?

#include <algorithm>

#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/sli/event_series.hpp>
#include <relia/slo/burn_rate.hpp>
#include <relia/slo/objective.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::slo {

/// The burn rate over the lookback that ends at `at`. Domain: lookback > 0. Throws:
/// std::domain_error. Cost: O(log n).
[[nodiscard]] inline burn burn_rate(const objective& goal, const sli::event_series& events,
                                    instant at, duration lookback,
                                    before_start unseen = before_start::clean) {
  relia::detail::require_domain(lookback > duration{0}, "slo::burn_rate", "lookback", "positive",
                                lookback.count());
  burn result = burn_rate(goal, events.between(at - lookback, at));
  result.covered = std::clamp(at - events.from(), duration{0}, lookback);
  if (events.empty()) result.covered = real_seconds{0};
  if (unseen == before_start::clean) result.rate *= result.covered / real_seconds(lookback);
  return result;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::slo
