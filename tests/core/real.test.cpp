// SPDX-License-Identifier: BSL-1.0
#include <doctest/doctest.h>

#include <relia/core/real.hpp>

TEST_SUITE_BEGIN("real");

TEST_CASE("real: the three floating-point types, and nothing that converts to them") {
  static_assert(relia::real<float> && relia::real<double> && relia::real<long double>);
  static_assert(!relia::real<int> && !relia::real<bool>);
  CHECK(sizeof(relia::count) == 8);
}

TEST_SUITE_END();
