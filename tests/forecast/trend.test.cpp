// SPDX-License-Identifier: BSL-1.0
#include <chrono>
#include <limits>
#include <random>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/forecast/trend.hpp>

#include <support/close.hpp>

#include "data.hpp"

using namespace relia;
using namespace std::chrono_literals;
using relia::forecast::fit_trend;
using relia::forecast::outlook;

TEST_SUITE_BEGIN("trend");

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr instant start{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};

/// One value each hour.
series hourly(const std::vector<double>& values) {
  std::vector<instant> times;
  for (std::size_t i = 0; i < values.size(); ++i)
    times.push_back(start + std::chrono::hours(static_cast<long>(i)));
  return {times, values};
}

/// 2 per hour, with a zigzag of +-0.5 around the line.
series growing() {
  std::vector<double> values;
  for (int i = 0; i < 48; ++i) values.push_back(10 + 2 * i + (i % 2 == 0 ? 0.5 : -0.5));
  return hourly(values);
}

}  // namespace

TEST_CASE("fit_trend: an exact line, and what it says") {
  const auto trend = fit_trend(hourly({1, 3, 5, 7}));
  CHECK(trend.last() == start + 3h);
  CHECK(trend.last_value() == 7);
  CHECK_REL(trend.slope(1h).value, 2.0, 1e-15);  // a sum of four products
  CHECK_REL(trend.slope(24h).value, 48.0, 1e-15);
  CHECK_REL(trend.mean(start + 10h).value, 21.0, 1e-15);
  const auto c = trend.crossing(15);
  CHECK(c.outlook == outlook::ahead);
  CHECK_REL(c.after.value.count(), 4 * 3600.0, 1e-14);  // the slope, and a difference of 11
}

TEST_CASE("fit_trend: irregular times count as they are") {
  const std::vector<instant> times{start, start + 1h, start + 5h, start + 48h};
  const std::vector<double> values{0, 1, 5, 48};
  CHECK_REL(fit_trend({times, values}).slope(1h).value, 1.0, 1e-15);
}

TEST_CASE("linear_trend: the slope scales with the stretch, its interval too") {
  const auto trend = fit_trend(growing());
  const auto hour = trend.slope(1h);
  const auto day = trend.slope(24h);
  CHECK_REL(day.value, 24 * hour.value, 1e-15);
  CHECK_REL(day.interval.lower, 24 * hour.interval.lower, 1e-15);
  CHECK(hour.interval.contains(2));
  CHECK(hour.n == 48);
}

TEST_CASE("crossing: at both ends of Fieller's interval the mean's interval touches the level") {
  const auto trend = fit_trend(growing());
  const double capacity = 200;
  const auto c = trend.crossing(capacity, 0.9);
  REQUIRE(c.outlook == outlook::ahead);
  CHECK(c.after.method == forecast::fieller);
  CHECK(c.g > 0);
  CHECK(c.g < 1);
  const double low = c.after.interval.lower.count();
  const double high = c.after.interval.upper.count();
  // Roots of a quadratic, then a line: a few roundings of values of 200.
  CHECK_REL(trend.line().mean({&low, 1}, 0.9).interval.upper, capacity, 1e-13);
  CHECK_REL(trend.line().mean({&high, 1}, 0.9).interval.lower, capacity, 1e-13);
}

TEST_CASE("crossing: named outcomes instead of absurd numbers") {
  const auto trend = fit_trend(growing());
  const auto over = trend.crossing(50);
  CHECK(over.outlook == outlook::already_over);
  CHECK(over.after.value.count() == 0);
  CHECK(over.after.interval.upper.count() == 0);

  std::vector<double> falling;
  for (int i = 0; i < 48; ++i) falling.push_back(100 - i + (i % 2 == 0 ? 0.5 : -0.5));
  const auto gone = fit_trend(hourly(falling)).crossing(150);
  CHECK(gone.outlook == outlook::never);
  CHECK(gone.after.value == never);
  CHECK(gone.after.interval.lower == never);

  const auto flat = fit_trend(hourly(std::vector<double>(10, 5.0))).crossing(6);
  CHECK(flat.outlook == outlook::never);
  CHECK(flat.after.value == never);

  const auto noise = fit_trend(hourly({5, 7, 4, 6, 5, 7, 4, 6.5})).crossing(100);
  CHECK(noise.outlook == outlook::slope_not_significant);
  CHECK(noise.g >= 1);
  CHECK(noise.after.interval.upper == never);
  CHECK(noise.after.interval.lower.count() > 0);
  CHECK(noise.after.interval.lower <= noise.after.value);

  // A last sample that dips below a line that is over already.
  std::vector<double> dipped = falling;
  for (std::size_t i = 0; i < dipped.size(); ++i) dipped[i] = 2.0 * static_cast<double>(i);
  dipped.back() = 80;
  const auto dip = fit_trend(hourly(dipped)).crossing(85);
  CHECK(dip.outlook == outlook::already_over);
  CHECK(dip.after.value.count() == 0);
  CHECK(dip.after.notes.back() == "the line is over the capacity, the last sample is not");

  CHECK(to_string(outlook::ahead) == "ahead");
  CHECK(to_string(outlook::already_over) == "already_over");
  CHECK(to_string(outlook::never) == "never");
  CHECK(to_string(outlook::slope_not_significant) == "slope_not_significant");
}

TEST_CASE("crossing: two samples give a date and no certainty") {
  const auto c = fit_trend(hourly({1, 2})).crossing(4);
  CHECK(c.outlook == outlook::slope_not_significant);
  CHECK_REL(c.after.value.count(), 7200.0, 1e-14);
  CHECK(c.after.interval.lower.count() == 0);
  CHECK(c.after.interval.upper == never);
}

TEST_CASE("crossing: Fieller's interval holds the true time 90 % of the time") {
  // 3000 series of 40 samples, slope 1 and noise 8: g about 0.1. Monte Carlo: sqrt(.9 * .1 / 3000)
  // = 0.0055; four of them.
  std::mt19937_64 engine(42);
  std::normal_distribution<double> noise(0, 8);
  int hits = 0;
  constexpr int trials = 3000;
  for (int trial = 0; trial < trials; ++trial) {
    Eigen::VectorXd x(40);
    std::vector<double> y;
    for (Eigen::Index i = 0; i < 40; ++i) {
      x(i) = static_cast<double>(i);
      y.push_back(x(i) + noise(engine));
    }
    const auto c = crossing_of(forecast::fit_least_squares(x, y), 60, 0.9);
    hits += c.x.interval.contains(60) ? 1 : 0;
  }
  CHECK(std::abs(hits / double{trials} - 0.9) < 4 * 0.0055);
}

TEST_CASE("linear_trend: a note when neighbouring residuals are correlated") {
  CHECK(fit_trend(growing()).slope().notes.empty());
  std::vector<double> wave;
  for (int i = 0; i < 48; ++i) wave.push_back(i + 5 * std::sin(i / 4.0));
  const auto trend = fit_trend(hourly(wave));
  CHECK(trend.residual_autocorrelation() > 0.8);
  const auto slope = trend.slope();
  REQUIRE(slope.notes.size() == 1);
  CHECK(slope.notes.front().starts_with("neighbouring residuals are correlated (0.9"));
  CHECK(trend.crossing(1000).after.notes.size() == 1);
}

TEST_CASE("predict_linear: fewer than two samples are no data, a constant stays put") {
  CHECK(forecast::predict_linear({}, start, 1h).state == state::no_data);
  CHECK(forecast::predict_linear(hourly({5}), start, 1h).state == state::no_data);
  const auto constant = forecast::predict_linear(hourly({0.1, 0.1, 0.1, 0.1}), start, 1000h);
  CHECK_ULP(constant.value, 0.1, 1);
  const auto two = forecast::predict_linear(hourly({1, 2}), start + 1h, 1h);
  CHECK_ULP(two.value, 3.0, 2);
  CHECK(two.interval.upper == infinity);
}

TEST_CASE("trend: bad input is refused by name") {
  CHECK_THROWS_WITH_AS((void)fit_trend(hourly({1})),
                       "relia::forecast::fit_trend: data must be of at least 2 samples, got 1",
                       std::invalid_argument);
  const auto trend = fit_trend(growing());
  CHECK_THROWS_WITH_AS((void)trend.crossing(infinity),
                       "relia::forecast::linear_trend::crossing: capacity must be finite, got inf",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)trend.slope(real_seconds(0)),
                       "relia::forecast::linear_trend::slope: per must be positive and finite, got "
                       "0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)forecast::predict_linear(growing(), start, duration::max()),
                       "relia::forecast::predict_linear: ahead must be short enough for now + "
                       "ahead to be before the year 2262, in nanoseconds, got 9223372036854775807",
                       std::domain_error);
  CHECK_THROWS_AS((void)trend.mean(start, 0), std::domain_error);
  CHECK_THROWS_AS((void)trend.prediction(start, 1), std::domain_error);
  const std::vector<double> x{1, 2, 3, 4};
  const auto origin = forecast::fit_least_squares(test::column(x), x, {.intercept = false});
  CHECK_THROWS_WITH_AS((void)crossing_of(origin, 5),
                       "relia::forecast::crossing_of: line must be a model of one column and an "
                       "intercept, got 1",
                       std::invalid_argument);
}

TEST_SUITE_END();
