// SPDX-License-Identifier: BSL-1.0
#include <array>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/sli/probe.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace std::chrono_literals;

TEST_SUITE_BEGIN("probe");

namespace {

instant at(duration since) { return instant(since); }

const period hour(at(0h), at(1h));

}  // namespace

TEST_CASE("probe: time counts, not samples") {
  // Three samples of four are up, but they stand for a quarter of the hour.
  const std::vector<instant> times{at(0min), at(5min), at(10min), at(15min)};
  const std::array up{true, true, true, false};
  const auto r = sli::probe(times, up, hour, 45min);
  CHECK(r.time == sli::watched_time{.good = 15min, .bad = 45min, .good_doubtful = 5min});
  CHECK(r.samples == 4);
  CHECK(r.changes == 1);
  CHECK(r.gaps == 0);
  const auto bad = sli::bad_fraction(r.time);
  CHECK(bad.value == 0.75);
  CHECK(bad.lower == 0.75);
  CHECK(bad.upper == 50.0 / 60);
}

TEST_CASE("probe: a sample stands no longer than it can be trusted") {
  const std::vector<instant> times{at(0min), at(30min)};
  const std::array up{true, true};
  const auto r = sli::probe(times, up, hour, 2min);
  CHECK(r.time == sli::watched_time{.good = 4min, .unknown = 56min});
  CHECK(r.gaps == 2);
  CHECK(r.changes == 0);
}

TEST_CASE("probe: samples outside the period stand for what they reach of it") {
  const std::vector<instant> times{at(-10min), at(-1min), at(59min), at(61min)};
  const std::array up{false, true, false, true};
  const auto r = sli::probe(times, up, hour, 2min);
  // From -1 min the state holds to 1 min; from 59 min to the end it is down, and was up at 61.
  CHECK(r.time ==
        sli::watched_time{.good = 1min, .bad = 1min, .unknown = 58min, .bad_doubtful = 1min});
  CHECK(r.samples == 2);
  CHECK(r.gaps == 1);
}

TEST_CASE("probe: the bounds hold whenever the state changed") {
  // The truth changes at any second; probes are taken each minute; bounds must hold the truth.
  for (int change = 0; change < 600; change += 7) {
    std::vector<instant> times;
    std::array<bool, 60> up{};
    for (int i = 0; i < 60; ++i) {
      times.push_back(at(i * 60s));
      up[static_cast<std::size_t>(i)] = i * 60 < change || i * 60 >= change + 1800;
    }
    const auto bad = sli::bad_fraction(sli::probe(times, up, hour, 2min).time);
    CHECK(bad.contains(0.5));
  }
}

TEST_CASE("probe: no samples leave all unknown, and bad input is named") {
  CHECK(sli::probe({}, {}, hour, 1min).time == sli::watched_time{.unknown = 1h});
  CHECK(sli::bad_fraction(sli::probe({}, {}, hour, 1min).time).state == state::no_data);
  const std::vector<instant> times{at(1min), at(1min)};
  const std::array up{true, true};
  CHECK_THROWS_WITH_AS((void)sli::probe(times, up, hour, 1min),
                       "relia::sli::probe: times must be strictly increasing, got row 1",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)sli::probe(times, up, hour, 0min),
                       "relia::sli::probe: holds must be positive, got 0", std::domain_error);
  CHECK_THROWS_WITH_AS((void)sli::probe({}, up, hour, 1min),
                       "relia::sli::probe: up must be of size 0, got 2", std::invalid_argument);
}

TEST_SUITE_END();
