// SPDX-License-Identifier: BSL-1.0
#include <cmath>

#include <doctest/doctest.h>

#include <relia/aggregate/bounded.hpp>

using relia::aggregate::bounded;

TEST_SUITE_BEGIN("bounded");

TEST_CASE("bounded: nothing known is a state, and contains nothing") {
  const bounded none;
  CHECK(none.state == relia::state::no_data);
  CHECK_FALSE(none.has_value());
  CHECK_FALSE(none.exact());
  CHECK_FALSE(none.contains(0.0));
  CHECK(std::isnan(none.value));
}

TEST_CASE("bounded: both ends belong to it") {
  const bounded b{2.0, 1.0, 3.0, relia::state::ok};
  CHECK(b.contains(1.0));
  CHECK(b.contains(3.0));
  CHECK_FALSE(b.contains(3.5));
  CHECK_FALSE(b.exact());
  CHECK(bounded{1.0, 1.0, 1.0, relia::state::ok}.exact());
}
