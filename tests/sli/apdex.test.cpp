// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/sli/apdex.hpp>
#include <relia/stats/random.hpp>

#include <support/close.hpp>

using namespace relia;

TEST_SUITE_BEGIN("apdex");

namespace {

/// Buckets at 0.5 and 2.5 s: T = 0.5 is exact, 4 T = 2 is not.
struct two_buckets {
  [[nodiscard]] static relia::count count() { return 1000; }
  [[nodiscard]] static relia::count nans() { return 0; }
  [[nodiscard]] static aggregate::bounded at_most(double x) {
    if (x == 0.5) return {800, 800, 800, state::ok};
    return {900, 800, 950, state::ok};
  }
};

}  // namespace

TEST_CASE("apdex: agrees with published examples") {
  // IBM Instana documentation, "Apdex configuration examples", 1 and 2, read 2026-11-23.
  CHECK(sli::apdex({8500, 1200, 300}).value == 0.91);
  CHECK(sli::apdex({4200, 650, 150}).value == 0.905);
  // Site24x7, "Apdex score": 140 / 288, which its page prints as 0.486 and then as 0.47.
  CHECK(sli::apdex({40, 200, 48}).value == 140.0 / 288.0);
}

TEST_CASE("apdex: raw latencies fall at T and at 4 T, and errors are frustrated") {
  constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> seconds{0.1, 0.5, 0.50001, 2.0, 2.00001, 60, not_a_number};
  const auto score = sli::apdex(sli::raw_latencies(seconds), 0.5);
  CHECK(score.value == (2 + 2 / 2.0) / 7);
  const auto with_errors = sli::apdex(sli::raw_latencies(seconds), 0.5, 3);
  CHECK(with_errors.value == (2 + 2 / 2.0) / 10);
  CHECK(with_errors.n == 10);
  CHECK(with_errors.interval == sli::apdex({2, 2, 6}).interval);
}

TEST_CASE("apdex: without tolerating users it is a proportion, and its interval Wilson's") {
  const auto score = sli::apdex({30, 0, 10});
  const auto wilson = stats::proportion(30, 40).interval;
  CHECK_REL(score.interval.lower, wilson.lower, 1e-14);
  CHECK_REL(score.interval.upper, wilson.upper, 1e-14);
}

TEST_CASE("apdex: a certain mix has an interval that is not a point") {
  for (const auto& counts :
       {sli::apdex_counts{20, 0, 0}, sli::apdex_counts{0, 20, 0}, sli::apdex_counts{0, 0, 20}}) {
    const auto score = sli::apdex(counts);
    CHECK(score.interval.upper - score.interval.lower > 0.08);
    CHECK(score.interval.contains(score.value));
  }
  CHECK(sli::apdex({20, 0, 0}).interval.upper == 1.0);
  CHECK(sli::apdex({0, 0, 20}).interval.lower == 0.0);
}

TEST_CASE("apdex: the interval covers near its level") {
  // All outcomes of 20 samples with their multinomial weights: no Monte Carlo error.
  const int n = 20;
  std::vector<double> factorial{1};
  for (int i = 1; i <= n; ++i) factorial.push_back(factorial.back() * i);
  const double mixes[][3] = {
      {0.8, 0.15, 0.05}, {0.5, 0.3, 0.2}, {0.9, 0.08, 0.02}, {0.34, 0.33, 0.33}, {0.1, 0.8, 0.1}};
  for (const auto& p : mixes) {
    double covered = 0;
    for (int s = 0; s <= n; ++s) {
      for (int h = 0; s + h <= n; ++h) {
        const auto f = n - s - h;
        const double weight = factorial[20] / factorial[static_cast<std::size_t>(s)] /
                              factorial[static_cast<std::size_t>(h)] /
                              factorial[static_cast<std::size_t>(f)] * std::pow(p[0], s) *
                              std::pow(p[1], h) * std::pow(p[2], f);
        if (sli::apdex({s, h, f}).interval.contains(p[0] + p[1] / 2)) covered += weight;
      }
    }
    INFO(p[0], " ", p[1], " ", p[2]);
    CHECK(covered > 0.943);  // the least and most over all mixes, as the header states
    CHECK(covered < 0.987);
  }
}

TEST_CASE("apdex: buckets that 4 T cuts widen the interval, and say so") {
  const auto score = sli::apdex(two_buckets{}, 0.5);
  CHECK(score.value == 0.85);
  CHECK(score.interval.lower == sli::apdex({800, 0, 200}).interval.lower);
  CHECK(score.interval.upper == sli::apdex({800, 150, 50}).interval.upper);
  REQUIRE(score.notes.size() == 1);
  CHECK(score.notes[0].starts_with("150 of 1000 events may have been good or bad"));
}

TEST_CASE("apdex: one side, no samples and small samples") {
  CHECK_REL(sli::apdex({60, 30, 10}, {.sides = sides::lower}).interval.lower,
            sli::apdex({60, 30, 10}, {.confidence_level = 0.9}).interval.lower, 1e-14);
  CHECK(sli::apdex({60, 30, 10}, {.sides = sides::lower}).interval.upper == 1.0);
  CHECK(sli::apdex({}).state == state::no_data);
  CHECK(sli::apdex(sli::raw_latencies({}), 1).state == state::no_data);
  CHECK(sli::apdex({60, 30, 9}).notes.size() == 1);
  CHECK(sli::apdex({60, 30, 10}).notes.empty());
}

TEST_CASE("apdex: refuses a target that is none, and negative counts") {
  const sli::raw_latencies nothing({});
  CHECK_THROWS_WITH_AS((void)sli::apdex(nothing, 0),
                       "relia::sli::apdex: target must be positive and finite, got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)sli::apdex(nothing, -1),
                       "relia::sli::apdex: target must be positive and finite, got -1",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)sli::apdex(nothing, 1, -1),
                       "relia::sli::apdex: errors must be at least 0, got -1", std::domain_error);
  CHECK_THROWS_WITH_AS((void)sli::apdex({1, -1, 1}),
                       "relia::sli::apdex: tolerating must be at least 0, got -1",
                       std::domain_error);
}

TEST_SUITE_END();
