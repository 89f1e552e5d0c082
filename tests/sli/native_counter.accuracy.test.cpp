// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <sstream>

#include <doctest/doctest.h>

#include <relia/sli/native_counter.hpp>

#include <support/accuracy.hpp>
#include <support/csv.hpp>
#include <support/native.hpp>

using namespace relia;

TEST_SUITE_BEGIN("native_counter");

namespace {

duration from_seconds(const std::string& s) { return duration(std::llround(std::stod(s) * 1e9)); }

/// "seconds=text;seconds=text".
std::vector<std::pair<instant, std::string>> parse(const std::string& cell) {
  std::vector<std::pair<instant, std::string>> found;
  std::istringstream pairs(cell);
  for (std::string pair; std::getline(pairs, pair, ';');) {
    const std::size_t equals = pair.find('=');
    found.emplace_back(instant(from_seconds(pair.substr(0, equals))), pair.substr(equals + 1));
  }
  return found;
}

sli::native_counter series(const test::csv_row& row) {
  std::vector<instant> times;
  std::vector<sli::native_histogram> values;
  for (const auto& [time, text] : parse(row.text("series"))) {
    times.push_back(time);
    values.push_back(test::native(text));
  }
  std::vector<instant> starts;
  for (const auto& [time, text] : parse(row.text("starts"))) {
    starts.emplace_back(from_seconds(text));
  }
  return {times, std::move(values), starts};
}

}  // namespace

TEST_CASE("accuracy: sli::native_counter") {
  // Decimal answers: a reading built by repeated addition, a difference, a factor of three
  // roundings and their product.
  test::accuracy<double> error("sli::native_counter", "increase, rate, irate, resets, changes",
                               "Prometheus, promqltest at d15adb9", 2e-15);
  for (const test::csv_row& row : test::csv_table("sli/native_counter.csv")) {
    INFO(row.text("function"), ' ', row.text("of"), ' ', row.text("edges"), ' ', row.text("series"),
         " starts ", row.text("starts"), " window ", row.text("window"), " at ", row.text("at"),
         " expected ", row.text("expected"));
    const sli::native_counter c = series(row);
    const std::string& edges = row.text("edges");
    sli::counter_options options;
    options.edges = edges == "anchored"   ? sli::edges::anchored
                    : edges == "smoothed" ? sli::edges::smoothed
                                          : sli::edges::extrapolated;
    const instant at(from_seconds(row.text("at")));
    const duration window = from_seconds(row.text("window"));
    const std::string& of = row.text("of");
    if (of == "resets" || of == "changes") {
      const auto answer =
          of == "resets" ? c.resets(at, window, options) : c.changes(at, window, options);
      CHECK((answer.state == state::ok) == !row.text("expected").empty());
      if (answer.state == state::ok) error.compare(answer.value, row.number("expected"));
      continue;
    }
    const auto answer = of == "increase" ? c.increase(at, window, options)
                        : of == "rate"   ? c.rate(at, window, options)
                                         : c.irate(at, window, options);
    CHECK((answer.state == state::ok) == !row.text("expected").empty());
    if (answer.state != state::ok || row.text("expected").empty()) continue;
    if (row.text("function").empty()) {
      CHECK(test::compare_native(answer.value, test::native(row.text("expected")),
                                 [&](double a, double e) { error.compare(a, e); }));
    } else if (row.integer("digits") == 0) {
      error.compare(test::ask_native(answer.value, row).value, row.number("expected"));
    } else {
      CHECK_REL(test::ask_native(answer.value, row).value, row.number("expected"), 1e-9);
    }
  }
}

TEST_SUITE_END();
