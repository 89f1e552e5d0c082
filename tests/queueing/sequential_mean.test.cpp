// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/queueing/sequential_mean.hpp>
#include <relia/stats/random.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("sequential_mean");

namespace {

/// x' = r x + normal, of mean 0, plus 10; from a start far off.
struct autoregression {
  double r;
  stats::random_stream random;
  double x = 1000;
  std::uint64_t n = 0;
  double operator()() {
    x = r * x + random.normal(n++);
    return 10 + x;
  }
};

/// Waits of M/M/1 by Lindley's recursion.
struct waits {
  double rho;
  stats::random_stream between;
  stats::random_stream service;
  double wait = 0;
  std::uint64_t n = 0;
  waits(double load, std::uint64_t seed) : rho(load), between(seed, 0), service(seed, 1) {}
  double operator()() {
    const double before = wait;
    wait = std::max(0.0, wait + service.exponential(n) - between.exponential(n) / rho);
    ++n;
    return before;
  }
};

}  // namespace

TEST_CASE("sequential_mean: a correlated series from a start far off") {
  const auto answer = sequential_mean(autoregression{0.9, stats::random_stream(3)},
                                      {.relative_half_width = 0.01, .confidence_level = 0.999});
  CHECK(answer.interval.contains(10));
  CHECK(answer.interval.upper - answer.value <= 0.01 * answer.value);
  CHECK(answer.value - answer.interval.lower <= 0.01 * answer.value);
  CHECK(answer.method == batch_means);
  CHECK(answer.notes.empty());
  // The variance of the mean is 100 / n: (3.29 / 0.1)^2 100 = 108 000 for independent batches.
  CHECK(answer.n > 80'000);
  CHECK(answer.n < 500'000);
}

TEST_CASE("sequential_mean: weights are what a mean over time needs") {
  // A state of 1 for an exponential time of mean 3, of 5 for one of mean 1: 2 on average.
  const stats::random_stream random(4);
  std::uint64_t n = 0;
  const auto answer = sequential_mean(
      [&] {
        const bool high = n % 2 == 1;
        const double stay = random.exponential(n++) * (high ? 1 : 3);
        return observation{stay * (high ? 5 : 1), stay};
      },
      {.relative_half_width = 0.02, .confidence_level = 0.999});
  CHECK(answer.interval.contains(2));
}

TEST_CASE("sequential_mean: half the width takes four times as long; a constant takes no time") {
  const auto steps = [](double width) {
    return static_cast<double>(sequential_mean(waits(0.5, 1), {.relative_half_width = width}).n);
  };
  const double ratio = steps(0.02) / steps(0.04);
  CHECK(ratio >= 2);  // checks are 4/3 or 3/2 apart
  CHECK(ratio <= 8);
  const auto constant = sequential_mean([] { return 3.0; });
  CHECK(constant.value == 3);
  CHECK(constant.interval.lower == 3);
  CHECK(constant.interval.upper == 3);
  CHECK(constant.n == 48 * 64);
}

TEST_CASE("sequential_mean: says when it stops short, and when there is nothing") {
  const auto early = sequential_mean(waits(0.9, 1), {.max_steps = 10'000});
  CHECK(early.n == 10'000);
  REQUIRE(early.notes.size() == 1);
  CHECK(early.notes[0] == "stopped at max_steps, before the precision was reached");
  CHECK(early.interval.upper - early.value > 0.01 * early.value);
  const auto weightless = sequential_mean([] { return observation{0, 0}; }, {.max_steps = 5000});
  CHECK(weightless.state == state::no_data);
}

TEST_CASE("sequential_mean: coverage of 95 % intervals over 300 runs of M/M/1") {
  // 1000 runs on other seeds, at half the width, gave 0.966: docs/design.md. Here 300: the standard
  // error is 0.0126 at 0.95, and four of them lead to 0.90.
  int covered = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const auto answer = sequential_mean(waits(0.5, seed), {.relative_half_width = 0.1});
    covered += answer.interval.contains(1) ? 1 : 0;
  }
  CHECK(covered >= 270);
  CHECK(covered <= 299);
}

TEST_CASE("sequential_mean: names what it refuses") {
  const auto one = [] { return 1.0; };
  CHECK_THROWS_WITH_AS(
      (void)sequential_mean(one, {.relative_half_width = 0}),
      "relia::queueing::sequential_mean: relative_half_width must be positive and finite, got 0",
      std::domain_error);
  CHECK_THROWS_AS((void)sequential_mean(one, {.confidence_level = 1}), std::domain_error);
  CHECK_THROWS_WITH_AS((void)sequential_mean(one, {.max_steps = 100}),
                       "relia::queueing::sequential_mean: max_steps must be from 4096 to 4e9, "
                       "got 100",
                       std::domain_error);
  CHECK_THROWS_AS((void)sequential_mean([] { return std::nan(""); }), std::domain_error);
  CHECK_THROWS_AS((void)sequential_mean([] { return observation{1, -1}; }), std::domain_error);
}

TEST_SUITE_END();
