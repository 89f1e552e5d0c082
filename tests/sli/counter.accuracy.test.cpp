// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <sstream>

#include <doctest/doctest.h>

#include <relia/sli/counter.hpp>

#include <support/accuracy.hpp>
#include <support/csv.hpp>

using namespace relia;

TEST_SUITE_BEGIN("counter");

namespace {

duration from_seconds(double s) { return duration(std::llround(s * 1e9)); }

struct readings {
  std::vector<instant> times;
  std::vector<double> values;
};

/// "seconds:value;seconds:value".
readings parse(const std::string& cell) {
  readings r;
  std::istringstream pairs(cell);
  for (std::string pair; std::getline(pairs, pair, ';');) {
    const std::size_t colon = pair.find(':');
    r.times.emplace_back(from_seconds(std::stod(pair.substr(0, colon))));
    r.values.push_back(std::stod(pair.substr(colon + 1)));
  }
  return r;
}

sli::counter_answer ask(const test::csv_row& row) {
  const readings samples = parse(row.text("samples"));
  const readings began = parse(row.text("starts"));
  std::vector<instant> starts(began.times.empty() ? 0 : samples.times.size());
  for (std::size_t i = 0, k = 0; i < starts.size() && k < began.times.size(); ++i) {
    if (samples.times[i] == began.times[k]) starts[i] = instant(from_seconds(began.values[k++]));
  }
  const sli::counter c(samples.times, samples.values, starts);
  const std::string& edges = row.text("edges");
  sli::counter_options options;
  options.edges = edges == "anchored"   ? sli::edges::anchored
                  : edges == "smoothed" ? sli::edges::smoothed
                                        : sli::edges::extrapolated;
  const instant at(from_seconds(row.number("at")));
  const duration window = from_seconds(row.number("window"));
  const std::string& function = row.text("function");
  if (function == "increase") return c.increase(at, window, options);
  if (function == "rate") return c.rate(at, window, options);
  if (function == "irate") return c.irate(at, window, options);
  if (function == "resets") return c.resets(at, window, options);
  REQUIRE(function == "changes");
  return c.changes(at, window, options);
}

}  // namespace

TEST_CASE("accuracy: sli::counter") {
  // Two roundings of the factor and one of the product, against answers printed to 16 digits.
  test::accuracy<double> error("sli::counter", "increase, rate, irate, resets, changes",
                               "Prometheus, promqltest at d15adb9", 1e-15);
  for (const test::csv_row& row : test::csv_table("sli/counter.csv")) {
    const sli::counter_answer answer = ask(row);
    CAPTURE(row.text("function"));
    CAPTURE(row.text("samples"));
    CAPTURE(row.text("starts"));
    CAPTURE(row.text("edges"));
    CAPTURE(row.text("at"));
    CAPTURE(row.text("window"));
    CHECK((answer.state == state::ok) == !row.text("expected").empty());
    if (answer.state == state::ok) error.compare(answer.value, row.number("expected"));
  }
}

TEST_SUITE_END();
