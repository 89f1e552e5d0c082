// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/slo/sequential.hpp>
#include <relia/slo/simulate.hpp>

#include <support/alert_rivals.hpp>
#include <support/close.hpp>

using namespace relia;
using namespace std::chrono_literals;

TEST_SUITE_BEGIN("sequential");

namespace {

const slo::objective three_nines(0.999);

}  // namespace

TEST_CASE("sequential_test: one step of independent errors at the quiet rate is a fair bet") {
  // The sum of binomial probabilities times the evidence after one step is 1.
  for (const count valid : {1, 10, 60}) {
    double mean = 0;
    double pmf = std::pow(1 - 0.0005, static_cast<double>(valid));
    for (count bad = 0; bad <= valid; ++bad) {
      slo::sequential_test test(three_nines, {.allowed = {.false_pages_per_quarter = 1e-280}});
      (void)test.record(bad, valid);
      mean += pmf * test.evidence();
      pmf *=
          0.0005 / (1 - 0.0005) * static_cast<double>(valid - bad) / static_cast<double>(bad + 1);
    }
    CHECK_REL(mean, 1.0, 1e-10);  // tilts up to 2000 amplify the roundings of the powers
  }
}

TEST_CASE("sequential_test: one step of clustered errors at the quiet rate is a fair bet") {
  // Dispersion 3, 10 events: clusters are Poisson of mean 0.0025, each longer by one with 1/2.
  double mean = 0;
  double before = 0;
  double pmf = std::exp(-0.0025);
  for (count bad = 0; bad <= 1000; ++bad) {
    slo::sequential_test test(three_nines,
                              {.allowed = {.false_pages_per_quarter = 1e-290, .dispersion = 3}});
    (void)test.record(bad, 10);
    mean += pmf * test.evidence();
    const auto n = static_cast<double>(bad + 1);
    const double next = ((0.0025 * 0.5 + (n - 1)) * pmf - 0.25 * (n - 2) * before) / n;
    before = pmf;
    pmf = next;
  }
  // The largest tilt is 1.97: what lies beyond 1000 events weighs 0.16 * 0.985^1000 = 4e-8.
  CHECK_REL(mean, 1.0, 1e-6);
}

TEST_CASE("sequential_test: false pages stay under the knob at any traffic") {
  for (const double rate : {10., 100., 3000.}) {
    const std::vector<slo::sequential_test> tests{
        slo::sequential_test(three_nines, {.allowed = {.false_pages_per_quarter = 3}})};
    const auto quiet = slo::page_rates(std::span<const slo::sequential_test>(tests), {rate}, 0.0005,
                                       {.seed = 11, .replicates = 40});
    // 3 a quarter are 0.986 in 30 days; it uses a quarter of that.
    CHECK(quiet[0].mean + 4 * quiet[0].standard_error < 0.986);
    CHECK(quiet[0].pages > 0);
  }
}

TEST_CASE("sequential_test: earlier than the exact test where errors are independent") {
  const slo::detection_options options{.seed = 12, .replicates = 300};
  for (const double rate : {30., 300., 3000.}) {
    const std::vector<slo::sequential_test> tests{slo::sequential_test(three_nines)};
    const std::vector<slo::policy_alarm> exact{slo::policy_alarm(test::exact_test(1), three_nines)};
    const auto ours =
        slo::detection_times(std::span<const slo::sequential_test>(tests), {rate}, 0.1, options)[0];
    const auto rival =
        slo::detection_times(std::span<const slo::policy_alarm>(exact), {rate}, 0.1, options)[0];
    CHECK(ours.median.value < rival.median.value);
  }
}

TEST_CASE("sequential_test: ends a page soon after the errors end") {
  slo::sequential_test test(three_nines);
  bool firing = false;
  for (int minute = 0; minute < 60; ++minute) firing = test.record(5, 50);
  CHECK(firing);
  CHECK(test.evidence() >= test.threshold());
  int minutes = 0;
  while (test.record(0, 50)) ++minutes;
  CHECK(minutes < 60);
  CHECK_FALSE(test.record(0, 50));
}

TEST_CASE("sequential_test: silence is no evidence") {
  slo::sequential_test test(three_nines);
  for (int minute = 0; minute < 600'000; ++minute) REQUIRE_FALSE(test.record(0, 0));
}

TEST_CASE("sequential_test: names what it rejects") {
  CHECK_THROWS_WITH_AS(slo::sequential_test(three_nines, {.slowest = 2000}),
                       "relia::slo::sequential_test: slowest must be positive, and at most 1 / "
                       "error budget, got 2000",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(slo::sequential_test(three_nines, {.allowed = {.burn_rate = 6}}),
                       "relia::slo::sequential_test: burn_rate must be above 0 and below 6: a "
                       "page at a faster burn is not false, got 6",
                       std::domain_error);
  CHECK_THROWS_AS(slo::sequential_test(three_nines, {.step = 0min}), std::domain_error);
}

TEST_SUITE_END();
