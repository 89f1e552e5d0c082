// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <initializer_list>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/queueing/erlang_a.hpp>
#include <relia/queueing/mmc.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("erlang_a");

TEST_CASE("erlang_a: pools of 500 servers and more") {
  // One peer gives P(abandon) = 0 and P(wait) = 0.0248 from 500 servers on, another NaN. mpmath.
  const erlang_a q(1000, 1, 1000, 1);
  CHECK_REL(q.wait_probability(), 0.5042052441802155, 1e-14);
  CHECK_REL(q.abandonment_probability(), 0.01261461134872150, 1e-14);
}

TEST_CASE("erlang_a: the exact service level") {
  // A heuristic gives 0.6726 here; mpmath gives 0.81365.
  CHECK_REL(erlang_a(100, 1, 100, 1).served_within(0.1), 0.81365, 1e-5);
  // Uniformisation from exp(-Lambda t) gives 0; nearly all are served in time.
  const erlang_a large(1000, 1, 1010, 0.02);
  CHECK(large.served_within(1) > 0.999);
  // Served, given up, or still waiting: nobody is lost.
  for (const double t : {0.0, 0.05, 0.3}) {
    const erlang_a q(120, 1, 100, 0.5);
    CHECK(q.served_within(t) + q.waits_longer(t) <= 1 + 1e-14);
    CHECK(q.served_within(t) + q.waits_longer(t) >= 1 - q.abandonment_probability() - 1e-14);
  }
  CHECK(large.waits_longer(-1) == 1);
}

TEST_CASE("erlang_a: who gives up as fast as a server serves makes it M/M/infinity") {
  const erlang_a q(25, 2, 10, 2);
  CHECK_REL(q.mean_in_system(), 12.5, 1e-14);
  CHECK_REL(q.variance_in_system(), 12.5, 1e-14);
  CHECK_REL(q.log_probability_of(0), -12.5, 1e-14);
}

TEST_CASE("erlang_a: patience without end is M/M/c") {
  // The difference is of the order theta.
  const mmc patient(9, 1, 10);
  const erlang_a q(9, 1, 10, 1e-8);
  CHECK_REL(q.wait_probability(), patient.wait_probability(), 1e-6);
  CHECK_REL(q.waiting_time().survival_quantile(0.01),
            patient.waiting_time().survival_quantile(0.01), 1e-6);
  CHECK_REL(q.response_time().survival_quantile(0.01),
            patient.response_time().survival_quantile(0.01), 1e-6);
}

TEST_CASE("erlang_a: the mean wait is that of the served and of those that give up") {
  for (const double arrival : {1.0, 8.0, 12.0, 300.0}) {
    for (const double theta : {1e-6, 0.1, 1.0, 30.0}) {
      CAPTURE(arrival);
      CAPTURE(theta);
      const erlang_a q(arrival, 1, 10, theta);
      const double p = q.abandonment_probability();
      CHECK_REL(p * q.mean_wait_given_abandoned() + (1 - p) * q.mean_wait_given_served(),
                q.mean_wait(), 1e-11);  // at 300 and 1e-6 the wait has 3e8 stages
      CHECK_REL(q.response_time().mean(), q.mean_wait_given_served() + 1, 1e-14);
    }
  }
}

TEST_CASE("erlang_a: overload has a steady state") {
  // All but the capacity gives up: 900 of 1000 per unit of time are served.
  const erlang_a q(1000, 1, 900, 0.001);
  CHECK_REL(q.abandonment_probability(), 0.1, 1e-14);
  CHECK_REL(q.mean_in_queue(), 1e5, 1e-14);
  CHECK(q.served_within(1) <= 1e-14);
}

TEST_CASE("erlang_a_real: whole numbers of servers give erlang_a") {
  for (const double theta : {0.01, 1.0, 20.0}) {
    for (const double load : {0.5, 9.0, 10.0, 14.0}) {
      const erlang_a whole(load, 1, 10, theta);
      const impatience real = erlang_a_real(10, load, theta);
      CHECK_REL(real.wait_probability, whole.wait_probability(), 1e-13);
      CHECK_REL(real.abandonment_probability, whole.abandonment_probability(), 1e-13);
      CHECK_REL(real.mean_in_queue, whole.mean_in_queue(), 1e-13);
    }
  }
  // Between whole numbers it falls.
  double before = 1;
  for (double servers = 0.25; servers < 20; servers += 0.25) {
    const double p = erlang_a_real(servers, 9, 0.5).abandonment_probability;
    CHECK(p < before);
    before = p;
  }
  CHECK(erlang_a_real(2.5, 0, 1).wait_probability == 0);
}

TEST_CASE("erlang_a: names what it refuses") {
  CHECK_THROWS_WITH_AS(
      erlang_a(1, 1, 1, 0),
      "relia::queueing::erlang_a: abandonment_rate must be positive and finite, got 0",
      std::domain_error);
  CHECK_THROWS_WITH_AS(erlang_a(1, 1, 1, 1e-12),
                       "relia::queueing::erlang_a: abandonment_rate must be from 1e-9 of the other "
                       "rates to 1e9 of the service rate (mmc: nobody gives up), got 1e-12",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)erlang_a_real(0, 1, 1),
                       "relia::queueing::erlang_a_real: servers must be over 0, at most 1e9, got 0",
                       std::domain_error);
  CHECK_THROWS_AS((void)erlang_a_real(1, -1, 1), std::domain_error);
  CHECK_THROWS_AS((void)erlang_a_real(1, 1, 0), std::domain_error);
  CHECK_THROWS_AS(erlang_a(1, 1, 1, std::nan("")), std::domain_error);
}

TEST_CASE("erlang_a: probabilities no more than certain, and a first moment without a departure") {
  // 500 at the door of two servers: everybody waits longer than no time.
  CHECK(erlang_a(203.52734375, 0.96875, 2, 0.5).waits_longer(0) <= 1);
  // theta t is 0 to a double: nobody has left, and a request is still there.
  CHECK(erlang_a(139.671875, 209.99609375, 9, 0.001).response_time().survival(5e-324) == 1);
}

TEST_CASE("erlang_a: the logarithm of a number a billion from the likeliest, at once") {
  // Patience as long as a service: M/M/infinity, Poisson, whatever the servers.
  const double log_2pi_n = std::log(2 * 3.14159265358979323846 * 2e9);
  for (const count servers : {22, 1'000'000'000}) {
    const erlang_a q(1e9, 1, servers, 1);
    CHECK_REL(q.log_probability_of(0), -1e9, 1e-14);
    // n log n - n and Stirling's 1/2 log(2 pi n), n = 2e9: 1 / (12 n) does not show.
    CHECK_REL(q.log_probability_of(2'000'000'000), 1e9 - 2e9 * std::log(2.0) - log_2pi_n / 2,
              1e-14);
  }
  // A step beyond where terms are counted one by one agrees with the step before.
  const erlang_a q(5000, 1, 100, 0.5);
  for (const count n : {8800, 8900, 8901, 9000, 10'900, 10'901, 11'000, 1, 50, 99, 100, 101}) {
    const double up = q.log_probability_of(n + 1) - q.log_probability_of(n);
    const double rate =
        n < 100 ? static_cast<double>(n + 1) : 100 + 0.5 * static_cast<double>(n - 99);
    CHECK_REL(std::exp(up), 5000 / rate, 1e-9);  // of logarithms of thousands
  }
}

TEST_SUITE_END();
