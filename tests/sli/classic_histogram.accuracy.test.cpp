// SPDX-License-Identifier: BSL-1.0
#include <sstream>

#include <doctest/doctest.h>

#include <relia/sli/classic_histogram.hpp>

#include <support/accuracy.hpp>
#include <support/csv.hpp>

using namespace relia;

TEST_SUITE_BEGIN("classic_histogram");

namespace {

/// "le=count;le=count".
sli::classic_histogram parse(const std::string& cell) {
  std::vector<sli::classic_bucket> buckets;
  std::istringstream pairs(cell);
  for (std::string pair; std::getline(pairs, pair, ';');) {
    const std::size_t equals = pair.find('=');
    buckets.push_back({std::stod(pair.substr(0, equals)), std::stod(pair.substr(equals + 1))});
  }
  return sli::classic_histogram(buckets);
}

}  // namespace

TEST_CASE("accuracy: sli::classic_histogram") {
  // The published answers are the decimal ones. Five roundings of half an ulp each, of which the
  // difference rank - count before magnifies the first, up to fivefold in these rows.
  test::accuracy<double> error("sli::classic_histogram", "quantile, fraction",
                               "Prometheus, promqltest at d15adb9", 1e-15);
  for (const test::csv_row& row : test::csv_table("sli/classic_histogram.csv")) {
    CAPTURE(row.text("function"));
    CAPTURE(row.text("a"));
    CAPTURE(row.text("b"));
    CAPTURE(row.text("buckets"));
    const sli::classic_histogram h = parse(row.text("buckets"));
    const auto answer = row.text("function") == "quantile"
                            ? h.quantile(row.number("a"))
                            : h.fraction(row.number("a"), row.number("b"));
    const double expected = row.number("expected");
    if (const count digits = row.integer("digits"); digits > 0) {
      CHECK_REL(answer.value, expected, 0.5 * std::pow(10.0, 1.0 - static_cast<double>(digits)));
    } else {
      error.compare(answer.value, expected);
    }
    CHECK(test::relative_error(answer.value, expected) < 1e-6);
    if (answer.state == state::ok && !std::isnan(expected)) {
      CHECK(answer.lower <= answer.value);
      CHECK(answer.value <= answer.upper);
    }
  }
}

TEST_SUITE_END();
