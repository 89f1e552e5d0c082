// SPDX-License-Identifier: BSL-1.0
#include <doctest/doctest.h>

#include <relia/aggregate/exponential_counts.hpp>

using namespace relia::aggregate;

TEST_SUITE_BEGIN("exponential_counts");

TEST_CASE("exponential_counts: equal in every field or not at all") {
  exponential_counts a;
  a.positive = {-3, {1, 0, 2}};
  a.min = 0.1;
  exponential_counts b = a;
  CHECK(a == b);
  b.positive.offset = -2;
  CHECK_FALSE(a == b);
  b = a;
  b.min.reset();  // not known is not the same as a value
  CHECK_FALSE(a == b);
}
