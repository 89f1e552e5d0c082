// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <initializer_list>
#include <limits>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/queueing/cache.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("cache");

TEST_CASE("cached_queue: M/M/1 behind a cache, by hand") {
  // Misses 20 into 100: the response is exponential with rate 80, in a fifth of the requests.
  const cached_queue q(100, 0.8, 100, 1, 0.001);
  CHECK(q.state() == state::ok);
  CHECK_REL(q.mean(), 0.001 + 0.2 / 80, 1e-14);  // 1 - 0.8 is rounded
  CHECK_REL(q.survival(0.021), 0.2 * std::exp(-80 * 0.02), 1e-14);
  CHECK_REL(q.quantile(0.99), 0.001 + std::log(20) / 80, 1e-13);
  CHECK(q.quantile(0.5) == 0.001);
  CHECK(q.survival(0.0005) == 1);
  CHECK(std::isnan(q.quantile(1.5)));
}

TEST_CASE("cached_queue: no cache, only cache, and a cold one") {
  const cached_queue none(50, 0, 100, 1);
  CHECK(none.quantile(0.99) == mmc(50, 100, 1).response_time().survival_quantile(1 - 0.99));
  const cached_queue all(1e6, 1, 100, 1, 0.001);
  CHECK(all.mean() == 0.001);
  CHECK(all.quantile(1) == 0.001);
  CHECK(all.survival(1) == 0);
  const cached_queue cold(1000, 0.5, 100, 4);
  CHECK(cold.state() == state::unstable);
  CHECK(cold.mean() == std::numeric_limits<double>::infinity());
  CHECK(cold.quantile(0.99) == std::numeric_limits<double>::infinity());
  CHECK(cold.quantile(0.5) == 0);
}

TEST_CASE("min_hit_ratio: the least that meets the target") {
  for (const double arrival : {100.0, 390.0, 410.0, 5000.0}) {
    const double ratio = min_hit_ratio(arrival, 100, 4, 0.06, 0.99, 0.001);
    CAPTURE(arrival);
    CHECK(cached_queue(arrival, ratio, 100, 4, 0.001).survival(0.06) <= 1 - 0.99);
    if (ratio > 0) {
      CHECK(cached_queue(arrival, ratio - 1e-9, 100, 4, 0.001).survival(0.06) > 1 - 0.99);
    }
  }
  CHECK(min_hit_ratio(100, 100, 4, 0.06) == 0);
  // In no time at all only hits are in time: 99 of 100.
  CHECK_REL(min_hit_ratio(100, 100, 4, 0, 0.99), 0.99, 1e-15);
}

TEST_CASE("cache: what is refused") {
  CHECK_THROWS_WITH_AS(cached_queue(1, 99, 1, 1),
                       "relia::queueing::cached_queue: hit_ratio must be a fraction in [0, 1] "
                       "(99.9 % is 0.999), got 99",
                       std::domain_error);
  CHECK_THROWS_AS(cached_queue(std::nan(""), 0.5, 1, 1), std::domain_error);
  CHECK_THROWS_AS(cached_queue(1, 0.5, 1, 1, -1), std::domain_error);
  CHECK_THROWS_WITH_AS(
      (void)min_hit_ratio(1, 1, 1, 0.5, 0.99, 1),
      "relia::queueing::min_hit_ratio: limit must be at least hit_time and finite, got 0.5",
      std::domain_error);
}

TEST_SUITE_END();
