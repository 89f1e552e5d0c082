// SPDX-License-Identifier: BSL-1.0
#include <doctest/doctest.h>

#include <relia/slo/significance.hpp>

#include <support/accuracy.hpp>
#include <support/csv.hpp>

using namespace relia;

TEST_SUITE_BEGIN("significance");

TEST_CASE("accuracy: slo::significance") {
  // The logarithm of a tail is right to some 1e-13, from log-factorials near 6000; its slope in the
  // logarithm of the mean is at least 1.4 here.
  test::accuracy<double> limits("slo::significance", "1 to 1000 events, dispersion 1 to 50",
                                "mpmath, 80 digits", 1e-13);
  double p_value = 0;
  double dispersion = 0;
  slo::significance test;
  for (const test::csv_row& row : test::csv_table("slo/significance.csv")) {
    if (row.number("p_value") != p_value || row.number("dispersion") != dispersion) {
      p_value = row.number("p_value");
      dispersion = row.number("dispersion");
      test = slo::significance({p_value, 1, dispersion});
    }
    const auto k = static_cast<std::size_t>(row.number("k"));
    limits.compare(test.largest_expected()[k - 1], row.number("expected"));
  }
}

TEST_SUITE_END();
