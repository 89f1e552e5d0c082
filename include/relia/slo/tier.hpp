// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// One tier of an alerting policy: a long and a short window, the burn rate that both must reach,
/// and what else must hold before somebody is woken.

#include <string_view>

#include <relia/core/real.hpp>
#include <relia/core/time.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::slo {

enum class severity { page, ticket };

[[nodiscard]] constexpr std::string_view to_string(severity s) noexcept {
  return s == severity::page ? "page" : "ticket";
}

/// How improbable the bad events of the long window must be while the budget burns at `burn_rate`:
/// P(as many or more) <= p_value. 1 asks for nothing.
struct evidence {
  double p_value = 1.0;
  double burn_rate = 1.0;
  double dispersion = 1.0;  ///< variance of the bad events over their mean; above 1 they cluster

  friend bool operator==(const evidence&, const evidence&) = default;
};

struct tier {
  duration long_window{};
  duration short_window{};
  double factor = 0;
  slo::severity severity = slo::severity::page;
  count min_failures = 1;  ///< bad events that the long window must hold
  count min_events = 0;    ///< valid events that the long window must hold
  duration hold{0};        ///< how long all of it must last before the tier fires
  slo::evidence evidence{};

  friend bool operator==(const tier&, const tier&) = default;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::slo
