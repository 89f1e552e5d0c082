// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <chrono>
#include <random>
#include <vector>

#include <doctest/doctest.h>

#include <relia/core/unite.hpp>

using namespace relia;

TEST_SUITE_BEGIN("unite");

namespace {

instant minute(long m) { return instant{} + std::chrono::minutes(m); }
period minutes_between(long from, long to) { return {minute(from), minute(to)}; }

}  // namespace

TEST_CASE("unite: agrees with a count of every minute") {
  std::mt19937_64 random(11);  // drawn with %: the same on every platform
  for (int round = 0; round < 200; ++round) {
    std::vector<period> intervals;
    for (std::uint64_t i = random() % 12; i > 0; --i) {
      const long from = static_cast<long>(random() % 60) - 10;
      intervals.push_back(minutes_between(from, from + static_cast<long>(random() % 15)));
    }
    const period window = minutes_between(0, 40);
    const united u = unite(intervals, window);
    long covered = 0;
    long sum = 0;
    count most = 0;
    long episodes = 0;
    bool was_down = false;
    for (long m = 0; m < 40; ++m) {
      const count here = std::count_if(intervals.begin(), intervals.end(),
                                       [m](const period& p) { return p.contains(minute(m)); });
      covered += here > 0 ? 1 : 0;
      sum += here;
      most = std::max(most, here);
      episodes += here > 0 && !was_down ? 1 : 0;
      was_down = here > 0;
    }
    CHECK(u.covered == std::chrono::minutes(covered));
    CHECK(u.sum == std::chrono::minutes(sum));
    CHECK(u.most_at_once == most);
    CHECK(static_cast<long>(u.episodes.size()) == episodes);
  }
}

TEST_CASE("unite: the sum of many long intervals stays at the longest duration") {
  const period decade(instant{}, instant{} + std::chrono::hours(24 * 3652));
  const united u = unite(std::vector<period>(100, decade), decade);
  CHECK(u.covered == decade.length());
  CHECK(u.sum == duration::max());
  CHECK(u.most_at_once == 100);
}

TEST_SUITE_END();
