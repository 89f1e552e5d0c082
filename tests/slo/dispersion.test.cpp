// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/slo/dispersion.hpp>
#include <relia/slo/event_trace.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace std::chrono_literals;

TEST_SUITE_BEGIN("dispersion");

namespace {

sli::event_series series_of(const std::vector<count>& good, const std::vector<count>& bad,
                            duration row) {
  std::vector<instant> times;
  for (std::size_t i = 0; i < good.size(); ++i) {
    times.emplace_back(row * static_cast<std::int64_t>(i + 1));
  }
  return {times, good, bad, instant{}};
}

sli::event_series simulated(double dispersion, std::uint64_t seed) {
  slo::event_trace trace(seed);
  trace.append({10'000, dispersion}, 0.001, 30 * 1440);
  return trace.series();
}

}  // namespace

TEST_CASE("dispersion: Pearson's statistic, worked by hand") {
  // Hours of 100 with 0, 2, 4 and 2 bad: 2 expected in each, (4 + 0 + 4 + 0) / 2 = 4, less the
  // binomial's factor 1 - 0.02, over three degrees of freedom.
  const auto d = slo::dispersion(series_of({100, 98, 96, 98}, {0, 2, 4, 2}, 1h));
  CHECK(d.state == state::ok);
  CHECK_REL(d.value, 4 / 0.98 / 3, 1e-15);
  CHECK(d.n == 4);
  CHECK(d.method == slo::pearson);
}

TEST_CASE("dispersion: finds what was simulated") {
  for (const double truth : {1.0, 3.0, 10.0}) {
    const auto d = slo::dispersion(simulated(truth, 21));
    // 720 hours of 10 bad: an error of about d sqrt((2 + 1.5 d^2 / 5) / 720), four of them.
    CHECK(std::abs(d.value - truth) < 4 * truth * std::sqrt((2 + 0.3 * truth * truth) / 720));
    CHECK(d.interval.lower < d.value);
    CHECK(d.interval.upper > d.value);
  }
}

TEST_CASE("dispersion: the interval covers") {
  // 60 histories, 95 % asked, seeded: four binomial errors below are 0.84.
  int covered = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const auto d = slo::dispersion(simulated(3, 100 + seed), {.seed = seed, .resamples = 200});
    covered += d.interval.lower <= 3 && 3 <= d.interval.upper ? 1 : 0;
  }
  CHECK(covered >= 50);
}

TEST_CASE("dispersion: an incident can be left out") {
  std::vector<count> good(48, 1000);
  std::vector<count> bad(48, 1);
  for (std::size_t i = 0; i < 48; i += 2) bad[i] = 2;
  bad[20] = 500;
  const auto series = series_of(good, bad, 1h);
  const period incident(instant{} + 20h, instant{} + 21h);
  const auto with = slo::dispersion(series);
  const auto without = slo::dispersion(series, {.leave_out = {&incident, 1}});
  CHECK(with.value > 100);
  CHECK(without.value < 1);
  CHECK(without.n == 47);
}

TEST_CASE("dispersion: says when the history shows nothing") {
  CHECK(slo::dispersion({}).state == state::no_data);
  CHECK(slo::dispersion(series_of({10, 10, 10}, {0, 0, 0}, 1h)).state == state::no_data);
  CHECK(slo::dispersion(series_of({0, 0}, {5, 5}, 1h)).state == state::no_data);
  CHECK(slo::dispersion(series_of({10}, {1}, 1h)).state == state::no_data);
  CHECK(std::isnan(slo::dispersion({}).value));
}

TEST_CASE("dispersion: names what it rejects") {
  CHECK_THROWS_WITH_AS((void)slo::dispersion({}, {.slice = 0h}),
                       "relia::slo::dispersion: slice must be positive, got 0", std::domain_error);
  CHECK_THROWS_AS((void)slo::dispersion({}, {.confidence_level = 1}), std::domain_error);
}

TEST_SUITE_END();
