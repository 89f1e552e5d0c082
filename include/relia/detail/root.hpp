// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Roots inside a proven bracket. Newton's method where it stays inside, bisection where it does
/// not: it always ends.

#include <limits>

#include <relia/core/real.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::detail {

struct value_and_slope {
  double value = 0;
  double slope = 0;
};

/// The root of a decreasing `f`, which returns a value_and_slope, between `lower` (f >= 0) and
/// `upper` (f <= 0), both >= 0. Starts at `lower`. Stops when a step is below two units in the last
/// place; 200 bisections cover every double.
template <class Function>
[[nodiscard]] double decreasing_root(const Function& f, double lower, double upper) noexcept {
  double x = lower;
  for (int i = 0; i < 200; ++i) {
    const value_and_slope at = f(x);
    if (at.value == 0) return x;
    (at.value > 0 ? lower : upper) = x;
    double next = x - at.value / at.slope;
    if (!(next >= lower && next <= upper)) next = lower + (upper - lower) / 2;
    const double step = next > x ? next - x : x - next;
    x = next;
    if (step <= 2 * std::numeric_limits<double>::epsilon() * x) break;
  }
  return x;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::detail
