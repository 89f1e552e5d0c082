// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Comparisons that mean what they say: units in the last place, and relative error without an
/// absolute floor.

#include <cmath>
#include <cstdint>
#include <limits>

#include <doctest/doctest.h>

#include <relia/core/real.hpp>

namespace relia::test {

/// Distance in units in the last place of `expected`; infinite when only one is NaN or the signs of
/// infinities differ.
template <real Real>
[[nodiscard]] Real ulp_distance(Real actual, Real expected) {
  constexpr Real infinite = std::numeric_limits<Real>::infinity();
  if (std::isnan(actual) && std::isnan(expected)) return 0;
  if (actual == expected) return 0;
  if (!std::isfinite(actual) || !std::isfinite(expected)) return infinite;
  const Real size = std::abs(expected);
  const Real ulp = size < std::numeric_limits<Real>::min() ? std::numeric_limits<Real>::denorm_min()
                                                           : std::nextafter(size, infinite) - size;
  return std::isfinite(ulp) ? std::abs(actual - expected) / ulp : infinite;
}

/// |actual - expected| / |expected|; 0 when equal (NaN equals NaN here), infinite against an
/// expected 0, NaN or infinity.
template <real Real>
[[nodiscard]] Real relative_error(Real actual, Real expected) {
  if (std::isnan(actual) && std::isnan(expected)) return 0;
  if (actual == expected) return 0;
  const Real error = std::abs(actual - expected) / std::abs(expected);
  return std::isnan(error) ? std::numeric_limits<Real>::infinity() : error;
}

}  // namespace relia::test

/// actual is within `most` units in the last place of expected.
#define CHECK_ULP(actual, expected, most)                                     \
  do {                                                                        \
    const auto relia_actual = (actual);                                       \
    const decltype(relia_actual) relia_expected = (expected);                 \
    INFO(#actual, " = ", relia_actual, ", expected ", relia_expected);        \
    CHECK(relia::test::ulp_distance(relia_actual, relia_expected) <= (most)); \
  } while (false)

/// actual is within the relative error `most` of expected.
#define CHECK_REL(actual, expected, most)                                       \
  do {                                                                          \
    const auto relia_actual = (actual);                                         \
    const decltype(relia_actual) relia_expected = (expected);                   \
    INFO(#actual, " = ", relia_actual, ", expected ", relia_expected);          \
    CHECK(relia::test::relative_error(relia_actual, relia_expected) <= (most)); \
  } while (false)
