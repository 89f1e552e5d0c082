// SPDX-License-Identifier: BSL-1.0
#include <limits>

#include <doctest/doctest.h>

#include <relia/io/notation.hpp>

using namespace relia;

TEST_SUITE_BEGIN("notation");

namespace {
constexpr double infinity = std::numeric_limits<double>::infinity();
}

TEST_CASE("notation: three digits from the first that matters") {
  using check::unit;
  CHECK(io::notation(0.999312, unit::fraction) == "99.9312%");
  CHECK(io::notation(0.5, unit::fraction) == "50.0%");
  CHECK(io::notation(0.00012345, unit::fraction) == "0.0123%");
  CHECK(io::notation(1.0, unit::fraction) == "100%");
  CHECK(io::notation(0.0, unit::fraction) == "0%");
  CHECK(io::notation(0.412, unit::seconds) == "412 ms");
  CHECK(io::notation(90.0, unit::seconds) == "1.50 min");
  CHECK(io::notation(86400.0 * 3, unit::seconds) == "3.00 d");
  CHECK(io::notation(infinity, unit::seconds) == "never");
  CHECK(io::notation(-0.02, unit::seconds) == "-20.0 ms");
  CHECK(io::notation(3.2e9, unit::bytes) == "3.20 GB");
  CHECK(io::notation(7, unit::servers) == "7");
  CHECK(io::notation(14.4, unit::ratio) == "14.4x");
}

TEST_CASE("written: what somebody wrote comes back without trailing zeros") {
  using check::unit;
  CHECK(io::written(0.999, unit::fraction) == "99.9%");
  CHECK(io::written(0.95, unit::fraction) == "95%");
  CHECK(io::written(0.9999, unit::fraction) == "99.99%");
  CHECK(io::written(0.4, unit::seconds) == "400 ms");
  CHECK(io::written(5400, unit::seconds) == "1.5 h");
  CHECK(io::written(1, unit::ratio) == "1x");
  CHECK(io::written(0, unit::events) == "0");
  CHECK(io::written(infinity, unit::seconds) == "never");
}

TEST_CASE("notation: numbers beyond any count keep three digits") {
  CHECK(io::notation(1e300, check::unit::events) == "1e+300");
  CHECK(io::notation(1.5e299, check::unit::ratio) == "1.5e+299x");
}

TEST_SUITE_END();
