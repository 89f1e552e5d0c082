// SPDX-License-Identifier: BSL-1.0
#include <string>

#include <doctest/doctest.h>

#include <relia/io/report_text.hpp>

#include <support/report.hpp>

using namespace relia;
using relia::test::three_verdicts;

TEST_SUITE_BEGIN("report_text");

TEST_CASE(
    "to_text: rule, measured value, interval, n, margin and verdict per check, then a summary") {
  const std::string text = io::to_text(three_verdicts());
  for (const char* part :
       {"pass  p99", "inconclusive  p99", "fail  p99", "queueing.response at most 400 ms",
        "(capacity.yaml:12)", "250 ms in [200 ms, 300 ms] at 90%, n = 1000", "margin 100 ms",
        "3 checks: 1 passed, 1 failed, 1 inconclusive\n"}) {
    CAPTURE(part);
    CHECK(text.find(part) != std::string::npos);
  }
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(io::to_text(three_verdicts(), io::colour::yes).find("\x1b[32mpass") != std::string::npos);
}

TEST_SUITE_END();
