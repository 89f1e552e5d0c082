// SPDX-License-Identifier: BSL-1.0
#include <limits>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/queueing/heterogeneous.hpp>
#include <relia/queueing/mmc.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("heterogeneous");

TEST_CASE("heterogeneous_mmc: equal servers are M/M/c, also at 256") {
  for (const count servers : {1, 5, 256}) {
    const double rate = 0.875 * static_cast<double>(servers);
    const std::vector<double> rates(static_cast<std::size_t>(servers), 1.0);
    const heterogeneous_mmc q(rate, rates);
    const mmc exact(rate, 1, servers);
    CHECK_REL(q.wait_probability(), exact.wait_probability(), 1e-13);
    CHECK_REL(q.mean_in_system(), exact.mean_in_system(), 1e-13);
    CHECK_REL(q.mean_response(), exact.response_time().mean(), 1e-13);
  }
}

TEST_CASE("heterogeneous_mmc: two servers against the balance of their four states") {
  // By hand, lambda 1, mu 2 and 1, ties at random: p1 = p0 / 4, p2 = p0 / 2, p12 = p0 / 4,
  // and beyond (1/3)^n: total 1 + 1/4 + 1/2 + 1/4 x 3/2 = 17/8.
  const double rates[] = {2, 1};
  const heterogeneous_mmc q(1, rates);
  CHECK_REL(q.wait_probability(), 3.0 / 17, 1e-15);
  CHECK_REL(q.mean_busy(), (0.75 + 2 * 0.375) * 8 / 17, 1e-15);
  CHECK_REL(q.mean_in_queue(), 3.0 / 34, 1e-15);
}

TEST_CASE("heterogeneous_mmc: the pool of the mean rate, as published, is below it") {
  // 6.5278: test suite of octave-queueing 1.2.7, qsammm, five digits.
  const double rates[] = {10, 15, 20, 20, 25};
  CHECK_REL(mmc(73, 18, 5).mean_in_system(), 6.5278, 1e-5);
  CHECK(heterogeneous_mmc(73, rates).mean_in_system() > 6.5279);
}

TEST_CASE("heterogeneous_mmc: unstable, idle, and what is refused") {
  const double rates[] = {2, 1};
  const heterogeneous_mmc q(3, rates);
  CHECK(q.state() == state::unstable);
  CHECK(q.mean_in_system() == std::numeric_limits<double>::infinity());
  CHECK(q.mean_response() == std::numeric_limits<double>::infinity());
  CHECK(q.waiting_time().mean() == std::numeric_limits<double>::infinity());
  CHECK(heterogeneous_mmc(0, rates).mean_response() == 0.75);
  CHECK(heterogeneous_mmc(0, rates).mean_in_system() == 0);
  const double zero[] = {1, 0};
  CHECK_THROWS_WITH_AS(
      (void)heterogeneous_mmc(1, zero),
      "relia::queueing::heterogeneous_mmc: service_rates must be positive and finite, got 0",
      std::domain_error);
  CHECK_THROWS_AS((void)heterogeneous_mmc(1, {}), std::invalid_argument);
}

TEST_SUITE_END();
