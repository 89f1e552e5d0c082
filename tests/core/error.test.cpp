// SPDX-License-Identifier: BSL-1.0
#include <limits>
#include <stdexcept>
#include <string>

#include <doctest/doctest.h>

#include <relia/core/error.hpp>
#include <relia/detail/check.hpp>

using namespace relia;

TEST_SUITE_BEGIN("error");

TEST_CASE("convergence_error: is a runtime_error that keeps its text") {
  try {
    RELIA_RAISE(convergence_error, std::string("relia::f: no root after 100 steps"));
    FAIL("nothing was thrown");
  } catch (const std::runtime_error& e) {
    CHECK(std::string(e.what()) == "relia::f: no root after 100 steps");
  }
}

TEST_CASE("require: names the function, the argument, the rule and the value") {
  CHECK_THROWS_WITH_AS(detail::require_positive("area::f", "rate", -0.5),
                       "relia::area::f: rate must be positive and finite, got -0.5",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(
      detail::require_fraction("area::f", "target", 99.9),
      "relia::area::f: target must be a fraction in [0, 1] (99.9 % is 0.999), got 99.9",
      std::domain_error);
  CHECK_THROWS_WITH_AS(detail::require_same_size("area::f", "values", 3, 4),
                       "relia::area::f: values must be of size 4, got 3", std::invalid_argument);
}

TEST_CASE("require: NaN and infinity are outside every domain") {
  for (const double x :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
        -std::numeric_limits<double>::infinity()}) {
    CHECK_THROWS_AS(detail::require_finite("f", "x", x), std::domain_error);
    CHECK_THROWS_AS(detail::require_positive("f", "x", x), std::domain_error);
    CHECK_THROWS_AS(detail::require_non_negative("f", "x", x), std::domain_error);
    CHECK_THROWS_AS(detail::require_fraction("f", "x", x), std::domain_error);
    CHECK_THROWS_AS(detail::require_open_fraction("f", "x", x), std::domain_error);
  }
}

TEST_CASE("to_text: the shortest text that reads back") {
  CHECK(detail::to_text(0.1) == "0.1");
  CHECK(detail::to_text(1e-12) == "1e-12");
  CHECK(detail::to_text(std::numeric_limits<double>::quiet_NaN()) == "nan");
  CHECK(detail::to_text(-7) == "-7");
}

TEST_SUITE_END();
