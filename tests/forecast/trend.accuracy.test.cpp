// SPDX-License-Identifier: BSL-1.0
#include <chrono>

#include <doctest/doctest.h>

#include <relia/forecast/trend.hpp>

#include <support/accuracy.hpp>

#include "data.hpp"

using namespace relia;

TEST_SUITE_BEGIN("trend");

TEST_CASE("accuracy: crossing_of") {
  const test::points cars = test::cars();
  const auto line = forecast::fit_least_squares(test::column(cars.x), cars.y);
  test::accuracy<double> accuracy("forecast::crossing_of", "cars, g from 0.02 to 0.14", "mpmath",
                                  1e-14);
  for (const test::csv_row& row : test::csv_table("forecast/crossing.csv")) {
    const auto c = forecast::crossing_of(line, row.number("level"), row.number("confidence_level"));
    accuracy.compare(c.x.value, row.number("value"));
    accuracy.compare(c.x.interval.lower, row.number("lower"));
    accuracy.compare(c.x.interval.upper, row.number("upper"));
    accuracy.compare(c.g, row.number("g"));
  }
}

TEST_CASE("accuracy: predict_linear") {
  test::accuracy<double> accuracy("forecast::predict_linear", "a counter with a reset",
                                  "Prometheus d15adb9", 1e-14);
  const std::vector<double> values{0, 10, 20, 30, 40, 0, 10, 20, 30, 40, 50};
  constexpr instant origin{};
  for (const test::csv_row& row : test::csv_table("forecast/predict_linear.csv")) {
    const auto samples = static_cast<std::size_t>(row.integer("samples"));
    std::vector<instant> times;
    for (std::size_t i = values.size() - samples; i < values.size(); ++i)
      times.push_back(origin + std::chrono::seconds(300 * i));
    const series range(times, std::span(values).last(samples));
    const double actual =
        row.text("quantity") == "deriv"
            ? forecast::fit_trend(range).slope().value
            : forecast::predict_linear(
                  range, origin + std::chrono::seconds(row.integer("evaluation_time")),
                  std::chrono::seconds(row.integer("ahead")))
                  .value;
    accuracy.compare(actual, row.number("expected"));
  }
}

TEST_SUITE_END();
