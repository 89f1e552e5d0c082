// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/queueing/erlang.hpp>
#include <relia/queueing/finite_source.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("finite_source");

TEST_CASE("finite_source: the variance of the queue is not negative") {
  // R's queueing 0.2.12 gives -2042; mpmath, 60 digits.
  CHECK_REL(finite_source(0.05, 1, 5, 100).variance_in_queue(), 25.58696449380159599849445, 1e-14);
}

TEST_CASE("finite_source: saturated sources keep the capacity") {
  // R's method 2 gives L = 0 and 50 served per unit of time by five servers of rate 1.
  const finite_source q(0.05, 1, 5, 1000);
  CHECK_REL(q.mean_in_system(), 900.0, 1e-14);
  CHECK_REL(q.throughput(), 5.0, 1e-14);
  // A multi-server solver with cancelling probabilities gives -2.59 and 55.6 here; mpmath.
  CHECK_REL(finite_source(0.2, 1, 5, 50).throughput(), 4.999879091466751, 1e-14);
  CHECK(finite_source(0.2, 1, 10, 100).throughput() < 10);
  CHECK(finite_source(0.2, 1, 10, 100).throughput() > 9.9999);
  CHECK(finite_source(0.2, 1, 50, 400).throughput() < 50);
  CHECK(finite_source(0.2, 1, 50, 400).throughput() > 49.9999);
  // Factorials end at 170.
  CHECK(std::isfinite(finite_source(0.001, 1, 1, 200'000).mean_in_system()));
}

TEST_CASE("finite_source: as many servers as sources never wait") {
  // Each source is busy with probability rho / (1 + rho), apart from the others: binomial.
  const finite_source q(0.5, 2, 20, 20);
  CHECK_REL(q.mean_in_system(), 20 * 0.2, 1e-14);
  CHECK_REL(q.variance_in_system(), 20 * 0.2 * 0.8, 1e-14);
  CHECK(q.wait_probability() == 0);
  CHECK(q.blocking_probability() == 0);
  CHECK(q.mean_in_queue() == 0);
  CHECK(q.waiting_time().survival(0) == 0);
  // More servers than that change nothing but the utilization.
  CHECK(finite_source(0.5, 2, 30, 20).mean_in_system() == q.mean_in_system());
  CHECK(finite_source(0.5, 2, 30, 20).response_time().mean() == 0.5);
}

TEST_CASE("finite_source: a single source never waits for itself") {
  const finite_source q(3, 1, 1, 1);
  CHECK(q.wait_probability() == 0);
  CHECK_REL(q.throughput(), 0.75, 1e-15);
}

TEST_CASE("engset: many sources that call seldom are Poisson arrivals") {
  // The difference to Erlang B is of the order servers / sources.
  CHECK_REL(engset(5e-8, 1, 10, 100'000'000).blocking_probability(), erlang_b(10, 5.0), 1e-6);
  // Call congestion is the time congestion that the other sources make.
  CHECK_REL(engset(0.2, 1, 4, 10).blocking_probability(), engset(0.2, 1, 4, 9).full_probability(),
            1e-14);
  CHECK(engset(0.2, 1, 10, 10).blocking_probability() == 0);
}

TEST_CASE("finite_source: names what it refuses") {
  CHECK_THROWS_WITH_AS(finite_source(1, 1, 1, 0),
                       "relia::queueing::finite_source: sources must be from 1 to 1e9, got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(engset(1, 1, 0, 3),
                       "relia::queueing::engset: servers must be from 1 to 1e9, got 0",
                       std::domain_error);
  CHECK_THROWS_AS(finite_source(-1, 1, 1, 1), std::domain_error);
}

TEST_SUITE_END();
