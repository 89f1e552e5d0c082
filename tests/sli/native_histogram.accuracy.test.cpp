// SPDX-License-Identifier: BSL-1.0
#include <doctest/doctest.h>

#include <relia/sli/native_histogram.hpp>

#include <support/accuracy.hpp>
#include <support/csv.hpp>
#include <support/native.hpp>

using namespace relia;

TEST_SUITE_BEGIN("native_histogram");

TEST_CASE("accuracy: sli::native_histogram") {
  // Two logarithms, a line between them and an exponential, each right to about an ulp in Go and in
  // libm, and bounds that are up to 4 ulp lower in Prometheus' table.
  test::accuracy<double> quantiles("sli::native_histogram", "quantile",
                                   "Prometheus, promqltest at d15adb9", 1e-15);
  // A narrow fraction is the difference of two ranks, here up to 7 times as large as it is.
  test::accuracy<double> fractions("sli::native_histogram", "fraction",
                                   "Prometheus, promqltest at d15adb9", 4e-15);
  // At schema 8 a middle lies 0.3 % from the mean, which magnifies what its bounds differ by.
  test::accuracy<double> moments("sli::native_histogram", "average, variance, standard_deviation",
                                 "Prometheus, promqltest at d15adb9", 1e-13);
  test::accuracy<double> sums("sli::native_histogram", "add, subtract, multiply, divide",
                              "Prometheus, promqltest at d15adb9", 0);
  for (const test::csv_row& row : test::csv_table("sli/native_histogram.csv")) {
    const std::string& function = row.text("function");
    CAPTURE(function);
    CAPTURE(row.text("a"));
    CAPTURE(row.text("b"));
    CAPTURE(row.text("histogram"));
    CAPTURE(row.text("expected"));
    sli::native_histogram h = test::native(row.text("histogram"));
    const bool product = function == "multiply" || function == "divide";
    if (product || function == "add" || function == "subtract") {
      if (function == "multiply") h.multiply(row.number("a"));
      if (function == "divide") h.divide(row.number("a"));
      if (function == "add") h.add(test::native(row.text("other")));
      if (function == "subtract") h.subtract(test::native(row.text("other")));
      CHECK(test::compare_native(h, test::native(row.text("expected")),
                                 [&](double a, double e) { sums.compare(a, e); }));
      continue;
    }
    const sli::bucket_answer answer = test::ask_native(h, row);
    const double expected = row.number("expected");
    if (const count digits = row.integer("digits"); digits > 0) {
      CHECK_REL(answer.value, expected, 0.5 * std::pow(10.0, 1.0 - static_cast<double>(digits)));
    } else {
      auto& error = function == "quantile"   ? quantiles
                    : function == "fraction" ? fractions
                                             : moments;
      error.compare(answer.value, expected);
    }
    CHECK(test::relative_error(answer.value, expected) < 1e-6);
    if (answer.state == state::ok && !std::isnan(answer.value)) {
      CHECK(answer.lower <= answer.value);
      CHECK(answer.value <= answer.upper);
    }
  }
}

TEST_SUITE_END();
