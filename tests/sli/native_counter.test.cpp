// SPDX-License-Identifier: BSL-1.0
#include <bit>
#include <cmath>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/sli/native_counter.hpp>

#include <support/close.hpp>
#include <support/native.hpp>

using namespace relia;
using namespace std::chrono_literals;
using sli::native_counter;
using test::native;

TEST_SUITE_BEGIN("native_counter");

namespace {

/// One reading every `step` from the epoch on.
native_counter sampled(duration step, const std::vector<std::string>& cells) {
  std::vector<instant> times;
  std::vector<sli::native_histogram> values;
  for (const std::string& cell : cells) {
    times.emplace_back(step * static_cast<std::int64_t>(times.size()));
    values.push_back(native(cell));
  }
  return {times, std::move(values)};
}

/// Reading k counts n[k] values in (1, 2].
native_counter counting(duration step, const std::vector<int>& n) {
  std::vector<std::string> cells;
  for (const int k : n) {
    const std::string c = std::to_string(k);
    cells.push_back("count " + c + "|sum " + c + "|positive 1:" + c);
  }
  return sampled(step, cells);
}

}  // namespace

TEST_CASE("native_counter: grows by the factor that a float counter of its count grows by") {
  const std::vector<int> n{4, 9, 20, 3, 8, 8, 30};
  const native_counter h = counting(15s, n);
  std::vector<instant> times(h.times().begin(), h.times().end());
  const sli::counter c(times, std::vector<double>(n.begin(), n.end()));
  for (const auto edges : {sli::edges::extrapolated, sli::edges::anchored, sli::edges::smoothed}) {
    for (int at = 0; at <= 120; at += 5) {
      for (const int window : {20, 45, 60, 200}) {
        const sli::counter_options options{.edges = edges};
        const instant t(std::chrono::seconds{at});
        const auto ours = h.rate(t, std::chrono::seconds{window}, options);
        const auto expected = c.rate(t, std::chrono::seconds{window}, options);
        CHECK(ours.state == expected.state);
        if (ours.state != state::ok) continue;
        // A line is value + share * difference here and there, and a division a product with the
        // factor: some roundings of values up to 30 of results that may be small.
        CHECK(std::abs(ours.value.count() - expected.value) < 30 * 8 * 2.3e-16);
        CHECK(ours.value.data().hint == sli::reset_hint::gauge);
        CHECK(ours.resets == expected.resets);
      }
    }
  }
}

TEST_CASE("native_counter: the presets differ in the window's start, the zero point and irate") {
  const native_counter c = counting(1min, {9, 19, 29, 39});
  const sli::counter_options v2{.preset = sli::prometheus_2};
  CHECK(c.increase(instant(3min), 2min).samples == 2);
  CHECK(c.increase(instant(3min), 2min, v2).samples == 3);
  // Zero lies 0.9 min before the first reading; only the later version stops there. 30 in 3 min,
  // and the window begins 54 s before or 1 min before.
  std::vector<instant> times;
  for (int k = 10; k < 14; ++k) times.emplace_back(std::chrono::minutes(k));
  const native_counter late(times, {c.values().begin(), c.values().end()});
  CHECK_ULP(late.increase(instant(13min), 4min).value.count(), 39.0, 2);  // 3 roundings
  CHECK_ULP(late.increase(instant(13min), 4min, v2).value.count(), 40.0, 2);
  CHECK(late.irate(instant(13min), 4min).value.count() == 10.0 / 60);
  CHECK(late.irate(instant(13min), 4min, v2).state == state::no_data);
  CHECK(late.irate(instant(13min), 4min, v2).reason == "irate of histograms came later");
}

TEST_CASE("native_counter: a restart in one bucket restarts all of them") {
  const native_counter c =
      sampled(5min, {"count 4|sum 5|positive 0:1 1:2 2:1", "count 5|sum 6|positive 0:1 1:1 2:3",
                     "count 6|sum 7|positive 0:1 1:2 2:3"});
  const auto answer = c.increase(instant(10min), 15min);
  CHECK(answer.resets == 1);
  CHECK(answer.value.count() == 9);
  CHECK(answer.value.sum() == 10.5);
  CHECK(c.resets(instant(10min), 15min).value == 1);
  CHECK(c.changes(instant(10min), 15min).value == 2);
}

TEST_CASE("native_counter: sums of increases over adjoining anchored windows are the whole") {
  const native_counter c = counting(7s, {0, 3, 9, 2, 2, 8, 1, 4, 4, 9, 30});
  const sli::counter_options anchored{.edges = sli::edges::anchored};
  sli::native_histogram sum;
  for (int i = 1; i <= 10; ++i) {
    sum.add(c.increase(instant(7s * i), 7s, anchored).value);
  }
  const auto whole = c.increase(instant(70s), 70s, anchored);
  CHECK(test::compare_native(sum, whole.value, [](double a, double b) { CHECK(a == b); }));
  CHECK(whole.value.count() == 9 + 2 + 6 + 1 + 29);
}

TEST_CASE("native_counter: what was reconciled or odd is reported") {
  const native_counter bounds = sampled(1min, {"schema -53|count 1|positive 0:1|bounds 5",
                                               "schema -53|count 3|positive 0:1 1:2|bounds 5 10"});
  const auto met = bounds.increase(instant(1min), 2min);
  CHECK(met.reconciled);
  CHECK(met.value.data().bounds == std::vector<double>{5});
  CHECK(counting(1min, {1, 2}).increase(instant(1min), 2min).reconciled == false);
  const native_counter gauge =
      sampled(1min, {"count 1|positive 0:1|hint gauge", "count 2|positive 0:2"});
  CHECK(gauge.rate(instant(1min), 2min).gauge);
  CHECK(gauge.irate(instant(1min), 2min).gauge);
}

TEST_CASE("native_counter: what cannot be answered says why") {
  const native_counter one = counting(1min, {5});
  CHECK(one.increase(instant(0min), 5min).reason == "fewer than 2 readings");
  CHECK(one.irate(instant(0min), 5min).reason == "fewer than 2 readings");
  CHECK(one.increase(instant(9min), 5min).reason == "no readings in the window");
  CHECK(one.increase(instant(9min), 5min, {.edges = sli::edges::smoothed}).reason ==
        "no reading after the window's start");
  CHECK(one.resets(instant(0min), 5min).value == 0);
  CHECK(one.resets(instant(9min), 5min).state == state::no_data);
  CHECK(native_counter().changes(instant(9min), 5min).state == state::no_data);
  const native_counter mixed = sampled(
      1min,
      {"count 1|positive 0:1", "schema -53|count 1|positive 0:1|bounds 5", "count 4|positive 0:4"});
  const auto refused = mixed.increase(instant(2min), 5min);
  CHECK(refused.state == state::no_data);
  CHECK(refused.reason == "exponential and custom buckets are mixed");
  CHECK(refused.value == sli::native_histogram());
  CHECK(mixed.rate(instant(2min), 2min, {.edges = sli::edges::anchored}).reason == refused.reason);
}

TEST_CASE("native_counter: a start inside the window makes one reading enough") {
  const native_counter c(std::vector{instant(2min)}, {native("count 60|sum 60|positive 0:60")},
                         std::vector{instant(1min)});
  const auto answer = c.rate(instant(3min), 5min);
  CHECK(answer.state == state::ok);
  CHECK(answer.value.count() == 0.2);
}

TEST_CASE("native_counter: a stale marker is no reading") {
  auto gone = native("count 1|positive 0:1").data();
  gone.sum = std::bit_cast<double>(std::uint64_t{0x7ff0000000000002});
  const std::vector<instant> times{instant(0min), instant(1min), instant(2min)};
  const native_counter c(times, {native("count 1|sum 1|positive 0:1"), sli::native_histogram(gone),
                                 native("count 3|sum 3|positive 0:3")});
  CHECK(c.size() == 2);
  CHECK(c.resets(instant(2min), 3min).value == 0);
}

TEST_CASE("native_counter: names the argument that it rejects") {
  const native_counter c = counting(1min, {1, 2});
  CHECK_THROWS_WITH_AS((void)c.rate(instant(2min), 0s),
                       "relia::sli::native_counter::rate: window must be positive, got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)c.resets(instant(2min), 1min, {.edges = sli::edges::smoothed}),
                       "relia::sli::native_counter::resets: edges must be extrapolated or "
                       "anchored, got \"smoothed\"",
                       std::invalid_argument);
  const std::vector<instant> twice{instant(1s), instant(1s)};
  CHECK_THROWS_WITH_AS((void)native_counter(twice, std::vector<sli::native_histogram>(2)),
                       "relia::sli::native_counter: times must be strictly increasing, got row 1",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)native_counter(twice, {}),
                       "relia::sli::native_counter: values must be of size 2, got 0",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(
      (void)native_counter(std::span(twice).first(1), std::vector<sli::native_histogram>(1), twice),
      "relia::sli::native_counter: starts must be of size 1, got 2", std::invalid_argument);
}

TEST_SUITE_END();
