// SPDX-License-Identifier: BSL-1.0
#include <array>
#include <chrono>
#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <relia/core/verdict.hpp>
#include <relia/forecast/exhaustion.hpp>
#include <relia/forecast/first_passage.hpp>
#include <relia/forecast/trend.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace std::chrono_literals;
using relia::forecast::exhaustion;

TEST_SUITE_BEGIN("exhaustion");

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

/// 2 per hour without noise, `steps` increments.
series straight(int steps) {
  std::vector<double> values;
  for (int i = 0; i <= steps; ++i) values.push_back(10 + 2 * i);
  return hourly(values);
}

/// Growth of `drift` per hour with AR(1) noise of unit innovations: normal, or bursts
/// (exponential).
class grower {
 public:
  grower(double drift, double correlation, std::uint64_t seed, bool bursts = false)
      : drift_(drift), correlation_(correlation), bursts_(bursts), engine_(seed) {
    for (int i = 0; i < 50; ++i) (void)increment();
  }
  double increment() {
    noise_ = correlation_ * noise_ + (bursts_ ? exponential_(engine_) - 1 : normal_(engine_));
    return drift_ + noise_;
  }
  std::vector<double> levels(int steps) {
    std::vector<double> values{100};
    for (int i = 0; i < steps; ++i) values.push_back(values.back() + increment());
    return values;
  }

 private:
  double drift_;
  double correlation_;
  bool bursts_;
  double noise_ = 0;
  std::mt19937_64 engine_;
  std::normal_distribution<double> normal_;
  std::exponential_distribution<double> exponential_;
};

}  // namespace

TEST_CASE("exhaustion: growth without noise has one date") {
  const auto f = exhaustion(straight(48), 126, 48h);  // 20 above the last sample: ten hours
  CHECK(f.state() == state::ok);
  CHECK(f.increments() == 48);
  CHECK(f.step() == 1h);
  CHECK(f.last() == start + 48h);
  CHECK(f.probability().value == 1);
  CHECK(f.probability(9h + 59min).value == 0);
  CHECK(f.probability(10h).value == 1);
  for (const double level : {0.1, 0.5, 0.9}) {
    CHECK_REL(f.after(level).count(), 36000.0, 1e-14);
    CHECK(f.date(level) == start + 58h);
  }
  const auto between = exhaustion(straight(48), 127, 48h);  // half way through a step
  CHECK_REL(between.after(0.5).count(), 37800.0, 1e-14);
  CHECK(between.probability(37799s).value == 0);
  // A horizon that ends within a step.
  CHECK(exhaustion(straight(48), 127, 10h + 29min).probability().value == 0);
  CHECK(exhaustion(straight(48), 127, 10h + 31min).probability().value == 1);
}

TEST_CASE("exhaustion: what falls or stands still never runs out") {
  std::vector<double> falling;
  for (int i = 0; i < 40; ++i) falling.push_back(100 - i);
  for (const auto& data : {hourly(falling), hourly(std::vector<double>(40, 5.0))}) {
    const auto f = exhaustion(data, 200, 1000h);
    CHECK(f.probability().value == 0);
    CHECK(f.probability().interval.lower == 0);
    CHECK(f.probability().interval.upper > 0);  // as many paths do not prove more
    CHECK(f.survival().value == 1);
    CHECK(f.after(0.001) == never);
    CHECK_FALSE(f.date(0.001).has_value());
  }
}

TEST_CASE("exhaustion: what is full is full, however short its history") {
  for (const double capacity : {12.0, 11.0}) {
    const auto f = exhaustion(straight(1), capacity, 1h);
    CHECK(f.state() == state::ok);
    CHECK(f.probability().value == 1);
    CHECK(f.probability().interval == interval<double>{1, 1, 0.95});
    CHECK(f.survival().interval == interval<double>{0, 0, 0.95});
    CHECK(f.after(0.5).count() == 0);
    CHECK(f.date(0.5) == start + 1h);
    CHECK(f.notes().back() == "already exhausted at the last sample");
  }
}

TEST_CASE("exhaustion: too little history is no data, which no gate passes") {
  const auto few = exhaustion(straight(23), 1000, 10h);
  CHECK(few.state() == state::no_data);
  const auto e = few.probability();
  CHECK(e.state == state::no_data);
  CHECK(e.n == 23);
  CHECK(e.interval == interval<double>{0, 1, 0.95});
  REQUIRE(e.notes.size() == 1);
  CHECK(e.notes.front() == "too little history: 23 increments, at least 24 are needed");
  CHECK(few.after(0.5) == never);
  CHECK(decide(e, {sense::at_most, 0.05, 0.95}).verdict == verdict::inconclusive);

  CHECK(exhaustion({}, 1, 1h).probability().notes.front() == "no samples");
  CHECK(exhaustion(straight(0), 1000, 1h).state() == state::no_data);
  CHECK(exhaustion(straight(24), 1000, 1h).state() == state::ok);

  const auto blocks = exhaustion(straight(30), 1000, 1h, {.block_length = 16});
  CHECK(blocks.state() == state::no_data);
  CHECK(blocks.notes().front() ==
        "too little history: 30 increments are less than two blocks of 16");
  CHECK(exhaustion(straight(32), 1000, 1h, {.block_length = 16}).state() == state::ok);
  CHECK(exhaustion(straight(47), 1000, 1h, {.season = 24h}).state() == state::no_data);
  CHECK(exhaustion(straight(48), 1000, 1h, {.season = 24h}).state() == state::ok);
}

TEST_CASE("exhaustion: gaps keep their growth and are counted apart") {
  std::vector<instant> times;
  std::vector<double> values;
  for (int i = 0; i <= 60; ++i) {
    if (i > 20 && i < 30) continue;
    times.push_back(start + std::chrono::hours(i));
    values.push_back(2 * i);
  }
  const auto f = exhaustion({times, values}, 140, 48h);
  CHECK(f.increments() == 50);
  CHECK(f.notes().front() == "10 of 60 increments lie in gaps, whose growth is spread evenly");
  CHECK_REL(f.after(0.5).count(), 36000.0, 1e-13);  // shares of an interpolated gap
}

TEST_CASE("exhaustion: another step sees the same growth") {
  const auto f = exhaustion(straight(96), 222, 48h, {.step = 3h});
  CHECK(f.step() == 3h);
  CHECK(f.increments() == 32);
  CHECK_REL(f.after(0.5).count(), 36000.0, 1e-13);
}

TEST_CASE("exhaustion: a season is kept in phase") {
  // A week of days that rise 1 per hour for twelve hours and fall for twelve; the last sample is at
  // a low, the daily peak 12 above it.
  std::vector<double> values{0};
  for (int i = 0; i < 7 * 24; ++i) values.push_back(values.back() + (i % 24 < 12 ? 1 : -1));
  const auto over = exhaustion(hourly(values), 12.5, 240h, {.season = 24h});
  CHECK(over.block_length() == 24);
  CHECK(over.probability().value == 0);
  const auto under = exhaustion(hourly(values), 11.5, 240h, {.season = 24h});
  CHECK(under.probability().value == 1);
  CHECK_REL(under.after(0.5).count(), 11.5 * 3600, 1e-13);
  // Without the season blocks start anywhere in the day, and rises follow rises.
  CHECK(exhaustion(hourly(values), 12.5, 240h).probability().value > 0.05);
  // Two steps do not divide the day: the grid is made to.
  CHECK(exhaustion(hourly(values), 12.5, 240h, {.step = 55min, .season = 24h}).step() ==
        std::chrono::duration_cast<duration>(24h) / 26);
}

TEST_CASE("exhaustion: the seed decides, and only within the Monte Carlo error") {
  const auto data = hourly(grower(0.3, 0.3, 5).levels(168));
  const double capacity = data.values().back() + 20;
  const auto one = exhaustion(data, capacity, 48h, {.seed = 1});
  const auto again = exhaustion(data, capacity, 48h, {.seed = 1});
  const auto two = exhaustion(data, capacity, 48h, {.seed = 2});
  CHECK(std::equal(one.times().begin(), one.times().end(), again.times().begin()));
  const double p = one.probability().value;
  CHECK(p != two.probability().value);
  CHECK(std::abs(p - two.probability().value) < 5 * std::sqrt(2 * p * (1 - p) / 4000));
  CHECK(one.probability().interval.contains(p));
  CHECK(one.probability().method == forecast::block_bootstrap_paths);
  CHECK(one.probability().n == 168);
}

TEST_CASE("exhaustion: the curve is a distribution") {
  const auto data = hourly(grower(0.3, 0.3, 6).levels(168));
  const auto f = exhaustion(data, data.values().back() + 15, 48h);
  double before = 0;
  for (int h = 0; h <= 48; h += 4) {
    const auto p = f.probability(std::chrono::hours(h));
    CHECK(p.value >= before);
    CHECK_ULP(p.value + f.survival(std::chrono::hours(h)).value, 1.0, 1);
    before = p.value;
  }
  CHECK(f.after(0.1) < f.after(0.2));
  CHECK(f.probability(f.after(0.1)).value == 0.1);  // 400 of 4000 paths
}

TEST_CASE("exhaustion: independent noise agrees with the closed form") {
  const auto data = hourly(grower(0.1, 0, 7).levels(4000));
  double mean = 0;
  double square = 0;
  for (std::size_t i = 1; i <= 4000; ++i) {
    const double d = data.values()[i] - data.values()[i - 1];
    mean += d / 4000;
    square += d * d / 4000;
  }
  const double sd = std::sqrt(square - mean * mean);
  // Paths are looked at once an hour, Brownian motion always: Broadie, Glasserman & Kou, A
  // continuity correction for discrete barrier options, 1997, move the barrier by 0.5826 sd.
  for (const double room : {5.0, 10.0, 20.0}) {
    const double p = exhaustion(data, data.values().back() + room, 100h).probability().value;
    const double q = forecast::first_passage_probability(room + 0.5826 * sd, mean, sd, 100);
    CHECK(std::abs(p - q) < 4 * std::sqrt(q * (1 - q) / 4000) + 0.01);  // the correction: O(1/100)
  }
}

TEST_CASE(
    "exhaustion: on growth not used to make it, it is calibrated and beats the line's yes or no") {
  // The block length and the drawn uncertainties were chosen on normal noise with correlations of
  // 0, 0.6 and 0.8; here are others, and bursts. 2400 series of 60 to 200 hours, drifts from
  // falling to eight standard errors, capacities that know nothing of the drift, horizons from a
  // quarter of the history to all of it.
  std::mt19937_64 engine(987654321);
  std::uniform_real_distribution<double> uniform;
  constexpr int trials = 2400;
  std::array<double, 5> members{};
  std::array<double, 5> said{};
  std::array<double, 5> happened{};
  double gain = 0;
  double gain_square = 0;
  double ours = 0;
  double line = 0;
  for (int trial = 0; trial < trials; ++trial) {
    const double correlation = std::array{0.1, 0.4, 0.5, 0.7}[static_cast<std::size_t>(trial % 4)];
    const int n = 60 + static_cast<int>(140 * uniform(engine));
    const int ahead = static_cast<int>(n * (0.25 + 0.75 * uniform(engine)));
    const double standard_error = 1 / (1 - correlation) / std::sqrt(n);
    const double drift = standard_error * (9 * uniform(engine) - 1);
    grower source(drift, correlation, engine(), trial % 3 != 0);
    const auto data = hourly(source.levels(n));
    const double capacity =
        data.values().back() + standard_error * (0.5 + 7.5 * uniform(engine)) * ahead;
    double level = data.values().back();
    bool truth = false;
    for (int i = 0; i < ahead; ++i) truth = (level += source.increment()) >= capacity || truth;

    const real_seconds horizon = std::chrono::hours(ahead);
    const double p = exhaustion(data, capacity, horizon,
                                {.seed = static_cast<std::uint64_t>(trial), .paths = 300})
                         .probability()
                         .value;
    const double q =
        forecast::predict_linear(data, data.times().back(), std::chrono::hours(ahead)).value >=
                capacity
            ? 1
            : 0;
    const double y = truth ? 1 : 0;
    const auto bin = std::min<std::size_t>(4, static_cast<std::size_t>(5 * p));
    ++members[bin];
    said[bin] += p;
    happened[bin] += y;
    ours += (p - y) * (p - y) / trials;
    line += (q - y) * (q - y) / trials;
    const double g = (q - y) * (q - y) - (p - y) * (p - y);
    gain += g / trials;
    gain_square += g * g / trials;
  }
  const double gain_error = std::sqrt((gain_square - gain * gain) / trials);
  // Met: 0.096 against 0.155, gain 0.059 +- 0.005; said 4, 29, 50, 70, 95 %, happened 6, 27, 48,
  // 61, 95 %.
  INFO("Brier score: ", ours, ", of the line's yes or no: ", line, ", gain ", gain, " +- ",
       gain_error);
  CHECK(gain > 8 * gain_error);
  CHECK(ours < 0.11);
  for (std::size_t bin = 0; bin < 5; ++bin) {
    const double p = said[bin] / members[bin];
    const double seen = happened[bin] / members[bin];
    INFO("said ", p, ", happened ", seen, " of ", members[bin]);
    // Four standard errors, and two points for what short correlated histories cannot know.
    CHECK(std::abs(p - seen) < 4 * std::sqrt(p * (1 - p) / members[bin]) + 0.02);
  }
}

TEST_CASE("exhaustion: bad input is refused by name") {
  const auto data = straight(48);
  CHECK_THROWS_WITH_AS((void)exhaustion(data, infinity, 1h),
                       "relia::forecast::exhaustion: capacity must be finite, got inf",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)exhaustion(data, 1000, 0h),
                       "relia::forecast::exhaustion: horizon must be positive and finite, got 0",
                       std::domain_error);
  CHECK_THROWS_AS((void)exhaustion(data, 1000, never), std::domain_error);
  CHECK_THROWS_WITH_AS((void)exhaustion(data, 1000, 1h, {.paths = 0}),
                       "relia::forecast::exhaustion: paths must be at least 1, got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)exhaustion(data, 1000, 1h, {.block_length = -1}),
                       "relia::forecast::exhaustion: block_length must be at least 0, got -1",
                       std::domain_error);
  CHECK_THROWS_AS((void)exhaustion(data, 1000, 1h, {.step = -1s}), std::domain_error);
  CHECK_THROWS_AS((void)exhaustion(data, 1000, 1h, {.season = -1s}), std::domain_error);
  CHECK_THROWS_AS((void)exhaustion(data, 1000, 1h, {.confidence_level = 1}), std::domain_error);
  CHECK_THROWS_WITH_AS((void)exhaustion(data, 1000, 1h, {.season = 1h}),
                       "relia::forecast::exhaustion: season must be at least two steps, got "
                       "3600000000000",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)exhaustion(data, 1000, 1h, {.step = 1us}),
                       "relia::forecast::exhaustion: step must be long enough for at most 10 "
                       "million increments, got 1000",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)exhaustion(data, 1000, real_seconds(1e30)),
                       "relia::forecast::exhaustion: horizon must be at most 10 million steps, got "
                       "1e+30",
                       std::invalid_argument);
  const auto f = exhaustion(data, 1000, 1h);
  CHECK_THROWS_WITH_AS((void)f.probability(2h),
                       "relia::forecast::exhaustion_forecast::probability: within must be from 0 "
                       "to the horizon of 3600 s, got 7200",
                       std::domain_error);
  CHECK_THROWS_AS((void)f.survival(-1h), std::domain_error);
  CHECK_THROWS_WITH_AS((void)f.after(0),
                       "relia::forecast::exhaustion_forecast::after: level must be a fraction in "
                       "(0, 1) (95 % is 0.95), got 0",
                       std::domain_error);
  CHECK_THROWS_AS((void)f.date(1), std::domain_error);
}

TEST_SUITE_END();
