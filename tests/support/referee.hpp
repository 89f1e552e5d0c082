// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// A simulated answer and a formula's agree. The interval of 99.9 % holds the formula's value, or,
/// where the formula is an approximation, comes within its stated error of it.

#include <doctest/doctest.h>

#include <relia/core/estimate.hpp>
#include <relia/queueing/simulation.hpp>

namespace relia::test {

/// Known to 3 %, at 99.9 %.
[[nodiscard]] inline queueing::simulation_options sharp(queueing::delay delay) {
  return {.relative_half_width = 0.03, .confidence_level = 0.999, .delay = delay};
}

}  // namespace relia::test

#define CHECK_AGREES_WITHIN(simulated, formula, least, most)                                \
  do {                                                                                      \
    const relia::estimate<double> relia_seen = (simulated);                                 \
    const double relia_formula = (formula);                                                 \
    INFO(#formula, " = ", relia_formula, ", simulated ", relia_seen.value, " [",            \
         relia_seen.interval.lower, ", ", relia_seen.interval.upper, "]");                  \
    CHECK(relia_seen.has_value());                                                          \
    CHECK(relia_formula >= (least)*relia_seen.interval.lower);                              \
    CHECK(relia_formula <= (most)*relia_seen.interval.upper);                               \
    CHECK(relia_seen.interval.upper - relia_seen.interval.lower <= 0.5 * relia_seen.value); \
  } while (false)

#define CHECK_AGREES(simulated, formula) CHECK_AGREES_WITHIN(simulated, formula, 1, 1)
