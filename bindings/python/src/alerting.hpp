// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Words and texts that the bindings of alerting share.

#include <string>

#include <relia/slo/burn_rate.hpp>
#include <relia/slo/condition.hpp>
#include <relia/slo/tier.hpp>

#include "bind.hpp"
#include "choose.hpp"

namespace relia::python {

inline constexpr choice<slo::before_start> before_starts[] = {
    {"clean", slo::before_start::clean}, {"partial", slo::before_start::partial}};
inline constexpr choice<slo::severity> severities[] = {{"page", slo::severity::page},
                                                       {"ticket", slo::severity::ticket}};

/// As Python writes it.
[[nodiscard]] inline std::string quoted(const std::string& text) { return py::repr(py::str(text)); }
[[nodiscard]] inline std::string time_text(instant t) { return py::str(from_instant(t)); }
[[nodiscard]] inline std::string repr_of(duration d) { return repr(real_seconds(d).count()); }

[[nodiscard]] std::string repr_of(const slo::evidence& e);
[[nodiscard]] std::string repr_of(const slo::alert_rule& r);

/// Evidence, conditions and alert rules: what tiers and policies are made of.
void bind_slo_conditions(py::module_& m);

}  // namespace relia::python
