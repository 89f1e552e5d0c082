// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/stats/block_bootstrap.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::stats;

TEST_SUITE_BEGIN("block_bootstrap");

namespace {

using reals = std::vector<double>;

/// x[i] = memory x[i - 1] + e[i], e uniform from a linear congruential generator.
reals autoregressive(std::size_t n, double memory, std::uint64_t state) {
  reals x(n);
  for (std::size_t i = 0; i < n; ++i) {
    state = 6364136223846793005U * state + 1442695040888963407U;
    x[i] = static_cast<double>(state >> 40) / 16777216.0 - 0.5;
    if (i > 0) x[i] += memory * x[i - 1];
  }
  return x;
}

}  // namespace

TEST_CASE("automatic_block_length: agrees with another implementation") {
  // optimal_block_length of the Python package arch 8.0.0, circular column, rounded up: 2.15,
  // 11.38, 20.59, 55.27, 2.19, 4.02.
  CHECK(automatic_block_length(autoregressive(200, 0.0, 1)) == 3);
  CHECK(automatic_block_length(autoregressive(200, 0.5, 2)) == 12);
  CHECK(automatic_block_length(autoregressive(500, 0.8, 3)) == 21);
  CHECK(automatic_block_length(autoregressive(1000, 0.9, 4)) == 56);
  CHECK(automatic_block_length(autoregressive(64, 0.3, 5)) == 3);
  CHECK(automatic_block_length(autoregressive(300, -0.6, 6)) == 5);
}

TEST_CASE("automatic_block_length: a flat or tiny series has blocks of one") {
  CHECK(automatic_block_length(reals(100, 2.0)) == 1);
  CHECK(automatic_block_length(reals{1, 2, 3, 4}) == 1);
  CHECK(automatic_block_length(reals{}) == 1);
}

TEST_CASE("block_bootstrap: blocks of one are the bootstrap of rows") {
  const reals x = autoregressive(100, 0.5, 7);
  const auto blocks = block_bootstrap(x, sample_median, {.seed = 3, .block_length = 1});
  const auto rows = bootstrap(x, sample_median, {.seed = 3, .method = percentile});
  CHECK(blocks.value == rows.value);
  CHECK(blocks.interval == rows.interval);
  CHECK(blocks.notes == std::vector<std::string>{"blocks of 1 row"});
}

TEST_CASE("block_bootstrap: rows stay together, and the end joins the beginning") {
  reals x(10);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<double>(i);
  bool together = true;
  const auto follow = [&](std::span<const double> r) {
    for (std::size_t i = 1; i < r.size(); ++i)
      together = together && (i % 4 == 0 || r[i] == std::fmod(r[i - 1] + 1, 10));
    return sample_mean(r);
  };
  const auto e = block_bootstrap(x, follow, {.resamples = 500, .block_length = 4});
  CHECK(together);
  CHECK(e.notes == std::vector<std::string>{"blocks of 4 rows",
                                            "fewer than 10 blocks: the interval is too narrow"});
}

TEST_CASE("block_bootstrap: covers the mean of a series with memory, where rows do not") {
  // 200 rows with memory 0.6, mean 0. 400 sets: a Monte Carlo error of 1.5 % at 90 %.
  constexpr int sets = 400;
  int blocks = 0;
  int rows = 0;
  for (int set = 0; set < sets; ++set) {
    const reals x = autoregressive(200, 0.6, 1000 + static_cast<std::uint64_t>(set) * 7919);
    blocks += block_bootstrap(x, sample_mean, {.resamples = 499}).interval.contains(0);
    rows += bootstrap(x, sample_mean, {.resamples = 499}).interval.contains(0);
  }
  MESSAGE("blocks ", blocks, ", rows ", rows, " of ", sets);
  CHECK(blocks > sets * 0.86);
  CHECK(rows < sets * 0.75);
}

TEST_CASE("block_bootstrap: degenerate series") {
  CHECK(block_bootstrap(reals{}, sample_mean).state == state::no_data);
  const auto flat = block_bootstrap(reals(50, 3.0), sample_mean);
  CHECK(flat.interval == interval<double>{3, 3, 0.95});
  CHECK(flat.notes.size() == 2);
  const auto one = block_bootstrap(reals{1, 2, 3}, sample_mean, {.block_length = 3});
  CHECK(std::isinf(one.interval.upper));
  CHECK(one.notes[1] == "one block does not show a spread: the interval is unbounded");
}

TEST_CASE("block_bootstrap: names what it refuses") {
  CHECK_THROWS_WITH_AS((void)block_bootstrap(reals{1, 2}, sample_mean, {.block_length = 3}),
                       "relia::stats::block_bootstrap: block_length must be 0 (automatic) to the "
                       "number of rows, got 3",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)block_bootstrap(reals{1, INFINITY}, sample_mean),
                       "relia::stats::block_bootstrap: series must be finite, got inf",
                       std::domain_error);
  CHECK_THROWS_AS((void)block_bootstrap(reals{1, 2}, sample_mean, {.confidence_level = 1}),
                  std::domain_error);
}

TEST_CASE("automatic_block_length: does not depend on the unit of the series") {
  const reals x = autoregressive(500, 0.9, 7);
  const count length = automatic_block_length(x);
  CHECK(length > 1);
  for (const int exponent : {-900, 900}) {
    reals scaled = x;
    for (double& value : scaled) value = std::ldexp(value, exponent);
    CHECK(automatic_block_length(scaled) == length);
  }
}

TEST_SUITE_END();
