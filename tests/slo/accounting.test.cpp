// SPDX-License-Identifier: BSL-1.0
#include <doctest/doctest.h>

#include <relia/slo/accounting.hpp>

using namespace relia;

TEST_CASE("accounting: two are equal when every choice is") {
  const slo::accounting how;
  CHECK(how == slo::accounting{});
  CHECK(how != slo::accounting{.budgeting = slo::budgeting::time_slices});
  CHECK(how != slo::accounting{.corrections = slo::correction_effect::count_good});
}

TEST_CASE("accounting: choices have the words that Python uses") {
  using slo::to_string;
  CHECK(to_string(slo::budgeting::occurrences) == "occurrences");
  CHECK(to_string(slo::budgeting::time_slices) == "time_slices");
  CHECK(to_string(slo::budgeting::slice_ratios) == "slice_ratios");
  CHECK(to_string(slo::correction_effect::exclude) == "exclude");
  CHECK(to_string(slo::correction_effect::count_good) == "count_good");
  CHECK(to_string(slo::late_events::include) == "include");
  CHECK(to_string(slo::late_events::drop) == "drop");
  CHECK(to_string(slo::excess_good::refuse) == "refuse");
  CHECK(to_string(slo::excess_good::clamp) == "clamp");
  CHECK(to_string(slo::excess_good::net) == "net");
}
