// SPDX-License-Identifier: BSL-1.0
#include <stdexcept>
#include <string>

#include <doctest/doctest.h>

#include <relia/io/error.hpp>

using namespace relia;

TEST_SUITE_BEGIN("error");

TEST_CASE("read_error: begins with file and line, without a line when there is none") {
  CHECK(std::string(io::read_error("a.yaml", 7, "is odd").what()) == "a.yaml:7: is odd");
  CHECK(std::string(io::read_error("a.yaml", 0, "is odd").what()) == "a.yaml: is odd");
  CHECK_THROWS_AS(throw io::read_error("a", 1, "b"), std::invalid_argument);
}

TEST_SUITE_END();
