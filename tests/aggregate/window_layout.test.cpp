// SPDX-License-Identifier: BSL-1.0
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/aggregate/window_layout.hpp>

using namespace relia;
using aggregate::window_layout;
using aggregate::window_tier;
using namespace std::chrono_literals;

TEST_SUITE_BEGIN("window_layout");

TEST_CASE("window_layout: the default is what its header says, known when compiling") {
  constexpr window_layout layout;
  static_assert(layout.cells() == 337);
  static_assert(layout.longest() == 720h);
  // Grains: lengths over 60. Cells: what the finer tiers do not reach, and one that has only begun;
  // the last tier also reaches the hour of allowance, which takes one cell of 12 h.
  const std::vector<window_tier> expected{{5s, 61},    {30s, 51},   {1min, 31}, {6min, 51},
                                          {24min, 46}, {72min, 41}, {12h, 56}};
  const auto tiers = layout.tiers();
  CHECK(std::vector<window_tier>(tiers.begin(), tiers.end()) == expected);
}

TEST_CASE("window_layout: each length is reached with cells of at most its share") {
  for (const count parts : {1, 7, 12, 60, 1000}) {
    for (const duration allowance : {duration(0s), duration(7min), duration(1h)}) {
      const window_layout layout({2h, 5min, 7min, 1h, 61min, 24h}, {parts, allowance, 8});
      duration reach{0};
      std::size_t k = 0;
      for (const duration length : layout.lengths()) {
        while (reach < length) {
          REQUIRE(k < layout.tiers().size());
          CHECK(layout.tiers()[k].grain <= length / parts);
          if (k > 0) CHECK(layout.tiers()[k].grain % layout.tiers()[k - 1].grain == 0s);
          reach += layout.tiers()[k].grain * (layout.tiers()[k].cells - 1);
          ++k;
        }
      }
      CHECK(layout.reach() == reach);
      CHECK(reach >= layout.longest() + allowance);
    }
  }
}

TEST_CASE("window_layout: order and repetition of lengths do not matter") {
  CHECK(window_layout({1h, 5min, 1h}) == window_layout({5min, 1h}));
  CHECK(window_layout({1h, 5min}).lengths()[0] == 5min);
}

TEST_CASE("window_layout: names what it refuses") {
  CHECK_THROWS_WITH_AS(window_layout({duration(0)}),
                       "relia::aggregate::window_layout: length must be at least as many "
                       "nanoseconds as parts, and under ten years, got 0",
                       std::domain_error);
  CHECK_THROWS_AS(window_layout({24h * 4000}), std::domain_error);
  CHECK_THROWS_WITH_AS(window_layout({1h}, {.parts = 0}),
                       "relia::aggregate::window_layout: parts must be 1 to 1000, got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(window_layout({1h}, {.confirmations = 1}),
                       "relia::aggregate::window_layout: confirmations must be 2 to 1000, got 1",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(window_layout({1min}),
                       "relia::aggregate::window_layout: allowance must be at least 0 and at most "
                       "the longest window, got 3600000000000",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(window_layout(std::span<const duration>{}),
                       "relia::aggregate::window_layout: lengths must be at least one, got 0",
                       std::invalid_argument);
  std::vector<duration> many;
  for (int i = 0; i < 17; ++i) many.push_back(1h + i * 1s);
  CHECK_THROWS_AS(window_layout{std::span<const duration>(many)}, std::invalid_argument);
}

TEST_SUITE_END();
