// SPDX-License-Identifier: BSL-1.0
#include <cstdint>
#include <random>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/aggregate/counts.hpp>
#include <relia/aggregate/window.hpp>

using namespace relia;
using aggregate::counts;
using aggregate::window_ring;
using namespace std::chrono_literals;

TEST_SUITE_BEGIN("window");

namespace {
constexpr instant t0{};
}

TEST_CASE("window_ring: agrees with a recount of every event, late ones included") {
  window_ring<counts> ring(10s, 5min);
  std::mt19937_64 random(20261123);  // any seed: the property holds for all
  std::vector<std::pair<instant, bool>> events;
  instant now = t0 - 1h;  // before 1970, where division rounds the other way
  for (int i = 0; i < 5000; ++i) {
    now += std::chrono::milliseconds(random() % 1500);
    const instant t = now - std::chrono::seconds(random() % 30);
    const bool good = random() % 10 != 0;
    counts* cell = ring.at(t);
    REQUIRE(cell != nullptr);
    cell->record(good);
    events.emplace_back(t, good);
    for (const duration length : {duration(10s), duration(1min), duration(5min)}) {
      const auto window = ring.last(length, now);
      counts expected;
      for (const auto& [time, was_good] : events) {
        if (window.covered.contains(time)) expected.record(was_good);
      }
      REQUIRE(window.total == expected);
      REQUIRE(window.covered.contains(now));
      REQUIRE(window.covered.length() == length);
    }
  }
}

TEST_CASE("window_ring: what is older than the ring has no cell; a long silence empties it") {
  window_ring<counts> ring(1min, 10min);
  ring.at(t0 + 1h)->record(true);
  CHECK(ring.at(t0) == nullptr);
  CHECK(ring.last(10min, t0 + 1h).total == counts(1, 0));
  ring.at(t0 + 48h)->record(false);
  CHECK(ring.last(10min, t0 + 48h).total == counts(0, 1));
  CHECK(ring.last(10min, t0 + 72h).total.empty());
}

TEST_CASE("window_ring: lengths are rounded out to whole grains, and say so") {
  window_ring<counts> ring(1min, 10min);
  CHECK(ring.last(90s, t0 + 30s).covered == period(t0 - 1min, t0 + 1min));
  CHECK(ring.span() == 10min);
}

TEST_CASE(
    "window_ring: refuses a grain of nothing, a span under the grain, a window over the span") {
  CHECK_THROWS_AS(window_ring<counts>(0s, 1min), std::domain_error);
  CHECK_THROWS_AS(window_ring<counts>(1min, 1s), std::domain_error);
  const window_ring<counts> ring(1min, 10min);
  CHECK_THROWS_AS((void)ring.last(11min, t0), std::domain_error);
  CHECK_THROWS_AS((void)ring.last(0s, t0), std::domain_error);
}

TEST_SUITE_END();
