// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <complex>
#include <cstdint>
#include <limits>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/queueing/empirical_time.hpp>
#include <relia/queueing/service.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("empirical_time");

static_assert(random_service_time<empirical_time>);

TEST_CASE("empirical_time: moments of uniform buckets") {
  const double bounds[] = {0, 1, 3};
  const count counts[] = {1, 1};
  const empirical_time time(bounds, counts);
  CHECK_REL(time.mean(), 1.25, 1e-15);              // (1/2 + 2) / 2
  CHECK_REL(time.second_moment(), 7.0 / 3, 1e-15);  // (1/3 + 13/3) / 2
  CHECK_REL(time.third_moment(), 41.0 / 8, 1e-15);  // (1/4 + 10) / 2
  CHECK_REL(time.scv(), (7.0 / 3 - 1.5625) / 1.5625, 1e-14);
}

TEST_CASE("empirical_time: counts whose sum no count holds") {
  const double bounds[] = {0, 1, 3};
  const count most = std::numeric_limits<count>::max();
  const count counts[] = {most, most};
  CHECK_REL(empirical_time(bounds, counts).mean(), (0.5 + 2) / 2, 1e-15);
}

TEST_CASE("empirical_time: from an exponential histogram") {
  aggregate::exponential_counts data;  // buckets (1, 2], (2, 4]; extremes 1.5 and 3
  data.positive.offset = 0;
  data.positive.counts = {4, 4};
  data.min = 1.5;
  data.max = 3;
  CHECK_REL(empirical_time(data).mean(), (1.75 + 2.5) / 2, 1e-15);
  data.max = data.min = 2;  // all equal: a time without width
  data.positive.counts = {4};
  const empirical_time same(data);
  CHECK(same.mean() == 2);
  CHECK(same.scv() == 0);
  CHECK_REL(same.complement({1.0, 0.0}).real(), -std::expm1(-2.0), 1e-15);
}

TEST_CASE("empirical_time: transforms, next to 0 and far from it") {
  const double bounds[] = {0.5, 1.0, 1.5, 4.0};
  const count counts[] = {3, 0, 7};
  const empirical_time time(bounds, counts);
  for (const double at : {0.1, 0.17, 0.3, 5.0}) {  // excess changes its form at 0.125
    const std::complex<double> s(at, at / 2);
    const std::complex<double> other = 1.0 - time.complement(s) / (s * time.mean());
    CHECK(std::abs(time.excess(s) - other) < 1e-14);  // a few units over 0.1
    CHECK(std::abs(time.transform(at) - (1 - time.complement({at, 0.0}).real())) < 1e-15);
  }
  CHECK_REL(time.excess({1e-9, 0.0}).real(), 0.5e-9 * time.second_moment() / time.mean(), 1e-8);
}

TEST_CASE("empirical_time: draws fall into the buckets as often as was counted, evenly") {
  const double bounds[] = {0, 1, 1.5, 4};
  const count counts[] = {3, 0, 7};
  const empirical_time time(bounds, counts);
  const stats::random_stream random(20261123, 1);
  constexpr std::uint64_t n = 20'000;
  double outside = 0;
  double first = 0;
  double sum = 0;
  for (std::uint64_t i = 0; i < n; ++i) {
    const double x = time.draw(random, i);
    if (!(x > 0 && x < 1) && !(x > 1.5 && x < 4)) outside += 1;
    if (x < 1) first += 1;
    sum += x;
  }
  CHECK(outside == 0);
  // Four standard errors of 20000: 0.458 / 141, and 1.21 / 141, the deviation of the law.
  CHECK(std::abs(first / n - 0.3) < 4 * 0.458 / 141);
  CHECK(std::abs(sum / n - time.mean()) < 4 * 1.21 / 141);
}

TEST_CASE("empirical_time: names what it refuses") {
  const double half[] = {0.5};
  const double two[] = {1, 2};
  const count none[] = {0};
  CHECK_THROWS_WITH_AS((void)empirical_time(two, none),
                       "relia::queueing::empirical_time: counts must be of at least one positive "
                       "time, got 0",
                       std::domain_error);
  const double falling[] = {2, 1};
  const count one[] = {1};
  CHECK_THROWS_AS((void)empirical_time(falling, one), std::domain_error);
  CHECK_THROWS_AS((void)empirical_time(half, one), std::invalid_argument);
  CHECK_THROWS_AS((void)empirical_time(aggregate::exponential_counts{}), std::domain_error);
}

TEST_CASE("empirical_time: times too short or too long for their moments are refused") {
  const double bounds[] = {0, 5e-324};
  const count counts[] = {262};
  CHECK_THROWS_WITH_AS(empirical_time(bounds, counts),
                       "relia::queueing::empirical_time: the longest time must be from 1e-17 to "
                       "1e17, got 5e-324",
                       std::domain_error);
}

TEST_SUITE_END();
