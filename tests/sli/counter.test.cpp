// SPDX-License-Identifier: BSL-1.0
#include <bit>
#include <cmath>
#include <limits>
#include <optional>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/sli/counter.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace std::chrono_literals;

TEST_SUITE_BEGIN("counter");

namespace {

/// One sample every `step` from the epoch on; NaN is not left out.
sli::counter sampled(duration step, const std::vector<double>& values) {
  std::vector<instant> times;
  for (std::size_t i = 0; i < values.size(); ++i) {
    times.emplace_back(step * static_cast<std::int64_t>(i));
  }
  return {times, values};
}

constexpr double damaged = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("counter: the preset decides whether a sample on the start of the window counts") {
  const sli::counter c = sampled(1min, {0, 10, 20, 30});
  const auto v3 = c.increase(instant(3min), 2min, {.preset = sli::prometheus_3});
  const auto v2 = c.increase(instant(3min), 2min, {.preset = sli::prometheus_2});
  CHECK(v3.samples == 2);
  CHECK(v2.samples == 3);
  CHECK(v3.preset.name == "prometheus_3");
  CHECK(v2.preset.name == "prometheus_2");
  CHECK(v3.value == 20);  // 10 over 1 min, extrapolated to 2 min
  CHECK(v2.value == 20);
  CHECK(c.increase(instant(3min), 1min, {.preset = sli::prometheus_3}).state == state::no_data);
  CHECK(c.increase(instant(3min), 1min, {.preset = sli::prometheus_2}).value == 10);
}

TEST_CASE("counter: until 2.50 the zero point limited the extrapolation before the step did") {
  // Samples 9, 19, 29 a minute apart, the first 10 min after the window's start. Zero lies 0.9 min
  // before the first: the old rule goes there, since 0.9 is under 1.1 steps; the new one goes half
  // a step, since 10 min is not. 20 over 2 min, so 20 * 2.9 / 2 and 20 * 2.5 / 2.
  const sli::counter c(std::vector{instant(10min), instant(11min), instant(12min)},
                       std::vector{9.0, 19.0, 29.0});
  // 2.9 min is 174 s of 120 s: one rounding in the zero point, one in the factor, one in the
  // product
  CHECK_ULP(c.increase(instant(12min), 12min, {.preset = sli::prometheus_2}).value, 29.0, 2);
  CHECK(c.increase(instant(12min), 12min, {.preset = sli::prometheus_3}).value == 25);
}

TEST_CASE("counter: a stale marker is no sample, another NaN is") {
  const double stale = std::bit_cast<double>(std::uint64_t{0x7ff0000000000002});
  const sli::counter c = sampled(1min, {0, 10, stale, 30});
  CHECK(c.size() == 3);
  CHECK(c.increase(instant(3min), 4min).value == 30);
  const sli::counter broken = sampled(1min, {0, damaged, damaged, 30});
  const auto answer = broken.changes(instant(3min), 4min);
  CHECK(answer.value == 2);  // NaN to NaN is no change
  CHECK(answer.resets == 0);
  CHECK(std::isnan(broken.increase(instant(2min), 3min).value));
  CHECK(broken.irate(instant(2min), 3min).state == state::ok);
}

TEST_CASE("counter: a stale marker ends a series, and a window still counts its samples") {
  // Prometheus, promqltest/testdata/staleness.test at d15adb9: every 10 s 0, 1, stale, 2.
  const double stale = std::bit_cast<double>(std::uint64_t{0x7ff0000000000002});
  const sli::counter c = sampled(10s, {0, 1, stale, 2});
  const auto shown = [&](duration t) { return c.reading(instant(t)); };
  CHECK(shown(10s).value == 1);
  CHECK(shown(19s).value == 1);
  CHECK(shown(20s).state == state::no_data);
  CHECK(shown(29s).state == state::no_data);
  CHECK(shown(30s).value == 2);
  CHECK(shown(329s).value == 2);
  CHECK(shown(330s).state == state::no_data);
  CHECK(c.reading(instant(330s), {.preset = sli::prometheus_2}).value == 2);
  CHECK(c.resets(instant(30s), 1min).samples == 3);  // count_over_time
  CHECK(c.resets(instant(10s), 1s).samples == 1);
  CHECK(c.resets(instant(20s), 1s).state == state::no_data);
  CHECK(c.resets(instant(20s), 10s).state == state::no_data);
  CHECK(c.resets(instant(20s), 20s).samples == 1);
}

TEST_CASE("counter: an unknown start is no delta") {
  // The same source, start_timestamps.test: two readings of 1 a minute apart, the second of which
  // says that it began with the first.
  const auto grown = [](std::optional<duration> first_start) {
    const std::vector<instant> times{instant(2min), instant(3min)};
    const std::vector<instant> starts{first_start ? instant(*first_start) : instant{},
                                      instant(2min)};
    return sli::counter(times, std::vector{1.0, 1.0}, starts)
        .increase(instant(3min), 1min + 1ms)
        .value;
  };
  CHECK(grown({}) == 0);
  CHECK(grown(2min) == 0);
  CHECK(grown(3min) == 0);
  CHECK(std::round(grown(1min)) == 1);
}

TEST_CASE("counter: too few samples are no data, never zero") {
  const sli::counter c = sampled(1min, {5});
  CHECK(c.increase(instant(0min), 5min).state == state::no_data);
  CHECK(c.rate(instant(0min), 5min).state == state::no_data);
  CHECK(c.irate(instant(0min), 5min).state == state::no_data);
  CHECK(c.resets(instant(0min), 5min).value == 0);
  CHECK(c.changes(instant(0min), 5min).value == 0);
  CHECK(c.resets(instant(9min), 5min).state == state::no_data);
  CHECK(sli::counter().changes(instant(9min), 5min).state == state::no_data);
  CHECK(sli::counter().increase(instant(9min), 5min, {.edges = sli::edges::smoothed}).state ==
        state::no_data);
  CHECK(std::isnan(sli::counter().increase(instant(9min), 5min).value));
}

TEST_CASE("counter: anchored looks back no further than the lookback") {
  const sli::counter c(std::vector{instant(0min), instant(10min), instant(11min)},
                       std::vector{1.0, 5.0, 8.0});
  const auto within = [&](duration lookback) {
    return c.increase(instant(11min), 3min, {.edges = sli::edges::anchored, .lookback = lookback});
  };
  CHECK(within(5min).value == 3);   // from the first sample inside
  CHECK(within(10min).value == 7);  // from the sample before
  CHECK(within(5min).edges == sli::edges::anchored);
}

TEST_CASE("counter: sums of increases over adjoining anchored windows are the whole increase") {
  const sli::counter c = sampled(7s, {0, 3, 9, 2, 2, 8, 1, 4, 4, 9, 30});
  const sli::counter_options anchored{.edges = sli::edges::anchored};
  double sum = 0;
  for (int i = 1; i <= 10; ++i) sum += c.increase(instant(7s * i), 7s, anchored).value;
  CHECK(sum == c.increase(instant(70s), 70s, anchored).value);
  CHECK(sum == 9 + 2 + 6 + 1 + 29);  // up to each reset, and from zero after it
}

TEST_CASE("counter: names the argument that it rejects") {
  CHECK_THROWS_WITH_AS((void)sampled(1min, {1, 2}).rate(instant(2min), 0s),
                       "relia::sli::counter::rate: window must be positive, got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(
      (void)sampled(1min, {1, 2}).resets(instant(2min), 1min, {.edges = sli::edges::smoothed}),
      "relia::sli::counter::resets: edges must be extrapolated or anchored, got "
      "\"smoothed\"",
      std::invalid_argument);
  const std::vector<instant> twice{instant(1s), instant(1s)};
  const std::vector<double> values{1, 2};
  CHECK_THROWS_WITH_AS((void)sli::counter(twice, values),
                       "relia::sli::counter: times must be strictly increasing, got row 1",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)sli::counter(std::span(twice).first(1), values),
                       "relia::sli::counter: values must be of size 1, got 2",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(
      (void)sli::counter(std::span(twice).first(1), std::span(values).first(1), twice),
      "relia::sli::counter: starts must be of size 1, got 2", std::invalid_argument);
}

TEST_SUITE_END();
