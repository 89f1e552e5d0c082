// SPDX-License-Identifier: BSL-1.0
#include <string>

#include <doctest/doctest.h>

#include <relia/io/report_markdown.hpp>

#include <support/report.hpp>

using namespace relia;
using relia::test::three_verdicts;

TEST_SUITE_BEGIN("report_markdown");

TEST_CASE("to_markdown: its special characters are escaped") {
  const std::string markdown = io::to_markdown(three_verdicts());
  CHECK(markdown.find("p99 \\<of\\> a\\|b") != std::string::npos);
}

TEST_SUITE_END();
