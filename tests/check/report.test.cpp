// SPDX-License-Identifier: BSL-1.0
#include <doctest/doctest.h>

#include <relia/check/report.hpp>

#include <support/report.hpp>

using namespace relia;
using relia::test::three_verdicts;

TEST_SUITE_BEGIN("report");

TEST_CASE("report: exit codes, and nothing checked is never a success") {
  const check::report mixed = three_verdicts();
  CHECK(mixed.exit_code() == 1);
  CHECK(check::report{}.exit_code() == 2);
  check::report unknown;
  unknown.results = {mixed.results[1]};
  CHECK(unknown.exit_code() == 3);
  CHECK(unknown.exit_code(check::inconclusive::warn) == 3);
  CHECK(unknown.exit_code(check::inconclusive::pass) == 3);
  unknown.results.push_back(mixed.results[0]);
  CHECK(unknown.exit_code() == 3);
  CHECK(unknown.exit_code(check::inconclusive::warn) == 0);
  check::report good;
  good.results = {mixed.results[0]};
  CHECK(good.exit_code() == 0);
}

TEST_SUITE_END();
