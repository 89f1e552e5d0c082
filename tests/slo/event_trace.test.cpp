// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/slo/event_trace.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace std::chrono_literals;

TEST_SUITE_BEGIN("event_trace");

namespace {

slo::event_trace simulated(const slo::workload& load, double error_ratio, std::size_t steps,
                           std::uint64_t seed = 1) {
  slo::event_trace trace(seed);
  trace.append(load, error_ratio, steps);
  return trace;
}

struct moments {
  double mean = 0, dispersion = 0;
};

template <class Value>
moments of(std::size_t n, Value value) {
  double sum = 0;
  double squares = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const auto x = static_cast<double>(value(i));
    sum += x;
    squares += x * x;
  }
  const double mean = sum / static_cast<double>(n);
  return {mean, (squares / static_cast<double>(n) - mean * mean) / mean};
}

}  // namespace

TEST_CASE("poisson_draw: inverts the distribution function") {
  // P(X <= k) for means 0.5 and 20, mpmath: 0.6065..., 0.9097...; 0.5590925842313451 at 20.
  const slo::detail::poisson_draw half(0.5);
  const auto word = [](double u) { return static_cast<std::uint64_t>(u * 0x1p53) << 11U; };
  CHECK(half(word(0.6065)) == 0);
  CHECK(half(word(0.6066)) == 1);
  CHECK(half(word(0.9097)) == 1);
  CHECK(half(word(0.9099)) == 2);
  const slo::detail::poisson_draw twenty(20);
  CHECK(twenty(word(0.559092)) == 20);
  CHECK(twenty(word(0.559093)) == 21);
  CHECK(slo::detail::poisson_draw(0)(~std::uint64_t{0}) == 0);
  CHECK(twenty(~std::uint64_t{0}) < 100);
  CHECK(slo::detail::poisson_draw(1e6)(word(0.5)) == 1'000'000);  // the median, within 1/3 of it
}

TEST_CASE("event_trace: good events are Poisson, bad events have the dispersion asked for") {
  constexpr std::size_t steps = 100'000;
  for (const double dispersion : {1.0, 3.0}) {
    const auto trace = simulated({6000, dispersion}, 0.02, steps, 7);
    const moments good =
        of(steps, [&](std::size_t i) { return trace.valid(i, 1) - trace.bad(i, 1); });
    const moments bad = of(steps, [&](std::size_t i) { return trace.bad(i, 1); });
    // Four standard errors: sqrt(mean d / n) of a mean, d sqrt((2 + kurtosis) / n) of a variance;
    // the excess kurtosis of bad events is about 3 d^2 / mean.
    const double n = steps;
    CHECK(std::abs(good.mean - 98) < 4 * std::sqrt(98 / n));
    CHECK(std::abs(good.dispersion - 1) < 4 * std::sqrt(2.02 / n));
    CHECK(std::abs(bad.mean - 2) < 4 * std::sqrt(2 * dispersion / n));
    CHECK(std::abs(bad.dispersion - dispersion) <
          4 * dispersion * std::sqrt((2 + 1.5 * dispersion * dispersion) / n));
  }
}

TEST_CASE("event_trace: the same numbers however it is grown") {
  const slo::workload load{100, 3};
  const slo::detail::step_draws draws(load, 0.1, 1min);
  slo::event_trace pieces(5, 2, 1min);
  for (const std::size_t some : {1U, 255U, 300U, 444U}) pieces.append(draws, some);
  slo::event_trace whole(5, 2, 1min);
  whole.append(draws, 1000);
  REQUIRE(pieces.size() == 1000);
  for (std::size_t i = 0; i < 1000; ++i) {
    CHECK(pieces.bad(i, 1) == whole.bad(i, 1));
    CHECK(pieces.valid(i, 60) == whole.valid(i, 60));
  }
}

TEST_CASE("event_trace: windows before the start hold what there was") {
  const auto trace = simulated({600}, 0, 100);
  CHECK(trace.valid(9, 1000) == trace.valid(9, 10));
  CHECK(trace.bad(99, 100) == 0);
}

TEST_CASE("event_trace: the hours of a day share the mean") {
  slo::workload load{600, 1, std::vector<double>(24, 1.0)};
  for (std::size_t h = 0; h < 6; ++h) load.hours[h] = 0;
  const auto trace = simulated(load, 0, 10 * 1440);
  CHECK(trace.valid(6 * 60 - 1, 6 * 60) == 0);
  CHECK(trace.valid(1440 + 6 * 60 - 1, 6 * 60) == 0);
  // 144,000 expected; four standard deviations.
  CHECK(std::abs(static_cast<double>(trace.valid(14399, 14400)) - 144'000) < 4 * std::sqrt(144e3));
}

TEST_CASE("event_trace: as a series") {
  slo::event_trace trace(8, 0, 30s);
  trace.append({6000, 2}, 0.1, 100);
  const sli::event_series series = trace.series(instant{} + 1h);
  REQUIRE(series.size() == 100);
  CHECK(series.from() == instant{} + 1h);
  CHECK(series.times()[0] == instant{} + 1h + 30s);
  CHECK(series.total().bad() == trace.bad(99, 100));
  CHECK(series.total().valid() == trace.valid(99, 100));
  CHECK(slo::event_trace(8).series().empty());
}

TEST_CASE("workload: names what it rejects") {
  CHECK_THROWS_WITH_AS(slo::event_trace(1, 0, 0s),
                       "relia::slo::event_trace: step must be positive, got 0", std::domain_error);
  slo::event_trace trace(1);
  CHECK_THROWS_WITH_AS(trace.append({-1}, 0, 1),
                       "relia::slo::event_trace: events_per_hour must be from 0 to 1e9, got -1",
                       std::domain_error);
  CHECK_THROWS_AS(trace.append({1}, 2, 1), std::domain_error);
  const auto check = [](const slo::workload& t) { slo::detail::require_workload("slo::f", t); };
  CHECK_THROWS_WITH_AS(check({-1}), "relia::slo::f: events_per_hour must be from 0 to 1e9, got -1",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(check({1, 0.5}), "relia::slo::f: dispersion must be from 1 to 1e6, got 0.5",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(check({1, 1, {1, 2}}),
                       "relia::slo::f: the number of hours must be 24, or 0, got 2",
                       std::invalid_argument);
  CHECK_THROWS_AS(check({1, 1, std::vector<double>(24, 0.0)}), std::domain_error);
}

TEST_SUITE_END();
