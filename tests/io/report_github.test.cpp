// SPDX-License-Identifier: BSL-1.0
#include <string>

#include <doctest/doctest.h>

#include <relia/io/report_github.hpp>

#include <support/report.hpp>

using namespace relia;
using relia::test::three_verdicts;

TEST_SUITE_BEGIN("report_github");

TEST_CASE("to_github: an error or a warning at the line of the rule, properties escaped") {
  const std::string github = io::to_github(three_verdicts());
  CHECK(github.find("::error file=capacity.yaml,line=12,title=p99 <of> a|b%3A \x01 100%25%2C "
                    "done%3A fail::") != std::string::npos);
  CHECK(github.find("::warning ") != std::string::npos);
}

TEST_SUITE_END();
