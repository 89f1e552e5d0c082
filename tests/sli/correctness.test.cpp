// SPDX-License-Identifier: BSL-1.0
#include <doctest/doctest.h>

#include <relia/sli/correctness.hpp>

#include <support/close.hpp>

using namespace relia;

TEST_SUITE_BEGIN("correctness");

TEST_CASE("wrong_of_outputs: a checked half says more about the lot than about the process") {
  const auto lot = sli::wrong_of_outputs(3, 200, 400);
  const auto process = sli::wrong_of_process(3, 200, {.method = stats::clopper_pearson});
  CHECK(lot.value == 0.015);
  CHECK(process.value == 0.015);
  CHECK(lot.interval.upper < process.interval.upper);
  CHECK(lot.interval.lower > process.interval.lower);
}

TEST_CASE("wrong_of_outputs: all checked is known, none checked is no data") {
  const auto all = sli::wrong_of_outputs(3, 200, 200);
  CHECK(all.interval == interval<double>{0.015, 0.015, 0.95});
  CHECK(sli::wrong_of_outputs(0, 0, 200).state == state::no_data);
  CHECK(sli::wrong_of_process(0, 0).state == state::no_data);
}

TEST_SUITE_END();
