// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <limits>

#include <doctest/doctest.h>

#include <relia/aggregate/window_answer.hpp>

using namespace relia;
using aggregate::bounded;
using aggregate::counts;
using answer = aggregate::window_answer<counts>;

TEST_SUITE_BEGIN("window_answer");

TEST_CASE("window_answer: totals and counts lie between what is certain and what is possible") {
  const answer a{{90, 10}, {{8, 3}, 0.25}, {{0, 1}, 0.25}, {1, 0}};
  CHECK(a.at_most() == counts(99, 14));
  CHECK(a.total() == counts(90, 10));
  const bounded bad = a.count_of([](const counts& c) { return c.bad(); });
  CHECK(bad.lower == 10);
  CHECK(bad.value == 11);  // a quarter of 4 more
  CHECK(bad.upper == 14);
  const answer most{{90, 10}, {{8, 4}, 0.5}, {{2, 2}, 0.4}, {}};
  CHECK(most.total() == counts(98, 14));
}

TEST_CASE("window_answer: an incomplete window has no upper bound") {
  const answer a{.at_least = {90, 10}, .oldest = {}, .newest = {}, .held = {}, .complete = false};
  const bounded bad = a.count_of([](const counts& c) { return c.bad(); });
  CHECK(bad.lower == 10);
  CHECK(bad.upper == std::numeric_limits<double>::infinity());
  CHECK(bad_fraction(a).lower == 0);
  CHECK(bad_fraction(a).upper == 1);
  CHECK(bad_fraction(a).value == 0.1);
}

TEST_CASE("bad_fraction: its bounds are those of every split of the cut cells") {
  for (count bad = 0; bad <= 2; ++bad) {
    for (count good = 0; good <= 2; ++good) {
      for (count cut_bad = 0; cut_bad <= 3; ++cut_bad) {
        for (count cut_good = 0; cut_good <= 3; ++cut_good) {
          double least = 2;
          double most = -1;
          for (count b = 0; b <= cut_bad; ++b) {
            for (count g = 0; g <= cut_good; ++g) {
              if (bad + b + good + g == 0) continue;
              const double f =
                  static_cast<double>(bad + b) / static_cast<double>(bad + b + good + g);
              least = std::min(least, f);
              most = std::max(most, f);
            }
          }
          const answer a{{good, bad}, {{cut_good, cut_bad}, 0.5}, {}, {}};
          const bounded f = bad_fraction(a);
          REQUIRE(f.has_value() == (most >= 0));
          if (!f.has_value()) continue;
          CHECK(f.lower == least);
          CHECK(f.upper == most);
          CHECK(f.contains(f.value));
        }
      }
    }
  }
}

TEST_CASE("bad_fraction: a window of held samples only is known to lie between its bounds") {
  const answer a{{}, {}, {}, {1, 1}};
  const bounded f = bad_fraction(a);
  CHECK(f.lower == 0);
  CHECK(f.upper == 1);
  CHECK(f.contains(f.value));
}

TEST_SUITE_END();
