// SPDX-License-Identifier: BSL-1.0
#include <cmath>

#include <doctest/doctest.h>

#include <relia/core/estimate.hpp>
#include <relia/core/time.hpp>

using namespace relia;

TEST_SUITE_BEGIN("estimate");

TEST_CASE("no_data: a named state, a NaN value and the whole domain") {
  const estimate<double> e = no_data({"wilson"}, 0.9, 0.0, 1.0);
  CHECK(e.state == state::no_data);
  CHECK_FALSE(e.has_value());
  CHECK(std::isnan(e.value));
  CHECK(e.interval == interval<double>{0.0, 1.0, 0.9});
  CHECK(e.method.name == "wilson");
  CHECK(to_string(e.state) == "no_data");
}

TEST_CASE("interval: a duration's open end is infinite, not the largest integer") {
  const interval<real_seconds> open;
  CHECK(std::isinf(open.upper.count()));
  CHECK(open.contains(real_seconds(1e300)));
}

TEST_CASE("tail_probability: halves for two sides") {
  CHECK(tail_probability(0.5, sides::both) == 0.25);
  CHECK(tail_probability(0.75, sides::upper) == 0.25);
}

TEST_SUITE_END();
