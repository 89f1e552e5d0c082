// SPDX-License-Identifier: BSL-1.0
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/sli/freshness.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace std::chrono_literals;

TEST_SUITE_BEGIN("freshness");

namespace {

using instants = std::vector<instant>;
instant at(duration since) { return instant(since); }

const period hour(at(0h), at(1h));

}  // namespace

TEST_CASE("freshness: stale time is exact between publications") {
  // Each publication holds data that is 5 minutes old. The age reaches 15 minutes 10 minutes after
  // it, so of 20 + 40 minutes between publications 10 + 30 are stale.
  const auto r =
      sli::freshness(instants{at(0min), at(20min)}, instants{at(-5min), at(15min)}, hour, 15min);
  CHECK(r.time == sli::watched_time{.good = 20min, .bad = 40min});
  CHECK(r.oldest.count() == 2700.0);
  // Mean age: (5 + 25) / 2 minutes for 20 of 60, (5 + 45) / 2 for 40 of 60.
  CHECK_REL(r.mean_age.count(), 60 * (15.0 * 20 + 25.0 * 40) / 60, 1e-15);
}

TEST_CASE("freshness: a late publication of older data changes nothing") {
  const auto without = sli::freshness(instants{at(0min)}, instants{at(0min)}, hour, 30min);
  const auto with =
      sli::freshness(instants{at(0min), at(10min)}, instants{at(0min), at(-1h)}, hour, 30min);
  CHECK(with.time == without.time);
  CHECK(with.time == sli::watched_time{.good = 30min, .bad = 30min});
  CHECK_REL(with.mean_age.count(), without.mean_age.count(), 1e-15);
}

TEST_CASE("freshness: before the first publication nothing is known") {
  const auto r = sli::freshness(instants{at(45min)}, instants{at(45min)}, hour, 5min);
  CHECK(r.time == sli::watched_time{.good = 5min, .bad = 10min, .unknown = 45min});
  const auto none = sli::freshness({}, {}, hour, 5min);
  CHECK(none.time == sli::watched_time{.unknown = 1h});
  CHECK(none.mean_age.count() != none.mean_age.count());
}

TEST_CASE("freshness: publications before and after the period count as far as they reach") {
  const auto r = sli::freshness(instants{at(-2h), at(-1h), at(30min), at(2h)},
                                instants{at(-2h), at(-1h), at(30min), at(2h)}, hour, 75min);
  // The data of -1 h is 75 minutes old at 15 min, that of 30 min never.
  CHECK(r.time == sli::watched_time{.good = 45min, .bad = 15min});
  const auto later = sli::freshness(instants{at(2h)}, instants{at(2h)}, hour, 1min);
  CHECK(later.time == sli::watched_time{.unknown = 1h});
}

TEST_CASE("freshness: agrees with the age looked up every second") {
  instants published, data;
  for (int i = 0; i < 40; ++i) {
    published.push_back(at((i * 97 + i * i % 31) * 1s));
    data.push_back(published.back() - (i * i * 37 % 400) * 1s);
  }
  const auto r = sli::freshness(published, data, hour, 200s);
  count good = 0;
  for (int s = 0; s < 3600; ++s) {
    const instant t = at(s * 1s);
    instant newest = at(-10h);
    for (std::size_t i = 0; i < published.size(); ++i) {
      if (published[i] <= t) newest = std::max(newest, data[i]);
    }
    good += t - newest < 200s;  // the second that starts at t is fresh or stale as a whole
  }
  CHECK(r.time.good == std::chrono::seconds(good));
  CHECK(r.time.length() == 1h);
}

TEST_CASE("freshness: refuses data from the future and times out of order") {
  CHECK_THROWS_WITH_AS((void)sli::freshness(instants{at(1h)}, instants{at(2h)}, hour, 1h),
                       "relia::sli::freshness: data_times must be at or before their publication, "
                       "got row 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(
      (void)sli::freshness(instants{at(1h), at(0h)}, instants{at(0h), at(0h)}, hour, 1h),
      "relia::sli::freshness: times must be strictly increasing, got row 1", std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)sli::freshness({}, {}, hour, -1h),
                       "relia::sli::freshness: limit must be at least 0, got -3600000000000",
                       std::domain_error);
}

TEST_SUITE_END();
