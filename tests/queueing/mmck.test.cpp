// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <initializer_list>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/queueing/erlang.hpp>
#include <relia/queueing/mmc.hpp>
#include <relia/queueing/mmck.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("mmck");

TEST_CASE("mmck: load at the capacity is an ordinary load") {
  // R's queueing 0.2.12 gives 7.503 and 46.07 here, by 1 - rho^k. mpmath, 60 digits,
  // at rho = 1; 1e-9 more load is less than 1e-8 more queue.
  CHECK_REL(mmck(10 * (1 + 1e-9), 1, 10, 20).mean_in_queue(), 3.751650125791328, 1e-8);
  CHECK_REL(mmck(100 * (1 + 1e-9), 1, 100, 200).mean_in_queue(), 44.607, 2e-5);
  // The same with one server: R gives L = 0, another library 10.
  CHECK_REL(mm1k(1.000000001, 1, 10).mean_in_system(), 5.00000001, 1e-14);
  // R gives 140.7, more than fit.
  const double nearly = mm1k(1 - 1e-9, 1, 100).mean_in_system();
  CHECK(nearly < 50);
  CHECK(nearly > 49.999);
  // At exactly 1 every number is as likely as any other.
  const mm1k level(3, 3, 100);
  CHECK_REL(level.mean_in_system(), 50.0, 1e-15);
  CHECK_REL(level.blocking_probability(), 1.0 / 101, 1e-15);
  CHECK_REL(level.variance_in_system(), 100.0 * 102 / 12, 1e-14);
}

TEST_CASE("mmck: far over capacity nothing overflows") {
  // R fails with a non-finite value at rho 1.5, K 1e4; three others overflow at rho 2, K 2000.
  CHECK_REL(mm1k(1.5, 1, 10000).mean_in_system(), 9998.0, 1e-14);
  CHECK_REL(mm1k(2, 1, 2000).blocking_probability(), 0.5, 1e-15);
  const mmck huge(1e15, 1, 10, 12);
  CHECK_REL(huge.blocking_probability(), 1.0, 1e-13);
  CHECK_REL(huge.throughput(), 10.0, 1e-13);
  CHECK_REL(mmck(1e5, 1, 1000, 100000).throughput(), 1000.0, 1e-14);
}

TEST_CASE("mmck: pools of a thousand servers and more have all their states") {
  // Peers print NaN from 150, 200 or 1000 servers on.
  const mmck q(900, 1, 1000, 2000);
  double sum = 0;
  for (count n = 0; n <= 2000; ++n) sum += q.probability_of(n);
  CHECK_REL(sum, 1.0, 1e-13);
  CHECK_REL(q.blocking_probability(), 1.035910795992902e-50, 1e-13);
  CHECK(mmck(180, 1, 200, 400).probability_of(0) > 0);
  // A dense generator solved by elimination: P0 of -1e-16, or none at all over capacity.
  CHECK(mm1k(1.5, 1, 1000).probability_of(0) > 0);
  CHECK_REL(mmck(220, 1, 200, 400).throughput(), 200.0, 1e-8);  // (1.1)^-200 is idle
}

TEST_CASE("mmck: a mean wait is that of requests let in") {
  // One peer divides by the offered rate: 0.3752 for 0.4026.
  CHECK_REL(mmck(10 * (1 + 1e-9), 1, 10, 20).waiting_time().mean(), 0.402629074740934, 1e-8);
}

TEST_CASE("mmcc: the system view of Erlang B") {
  for (const double load : {1e-3, 5.0, 80.0, 1e4}) {
    const mmcc q(load, 1, 100);
    CHECK_REL(q.blocking_probability(), erlang_b(100, load), 1e-13);
    CHECK_REL(q.full_probability(), erlang_b(100, load), 1e-13);
    CHECK(q.wait_probability() == 0);
    CHECK(q.waiting_time().survival(0) == 0);
    CHECK(q.waiting_time().mean() == 0);
    CHECK(q.mean_in_queue() == 0);
    // Its delays are survivals, never exp(mean) as one peer has.
    CHECK_REL(q.response_time().survival(2), std::exp(-2.0), 1e-15);
    CHECK(q.response_time().cdf(1e9) == 1);
  }
}

TEST_CASE("mmck: with room enough it is M/M/c") {
  const mmc endless(9, 1, 10);
  const mmck roomy(9, 1, 10, 2000);  // 0.9^1990 is 1e-91
  CHECK_REL(roomy.wait_probability(), endless.wait_probability(), 1e-14);
  CHECK_REL(roomy.mean_in_queue(), endless.mean_in_queue(), 1e-14);
  CHECK_REL(roomy.variance_in_queue(), endless.variance_in_queue(), 1e-13);
  CHECK_REL(roomy.variance_in_system(), endless.variance_in_system(), 1e-13);
  const auto wait = roomy.waiting_time();
  const auto response = roomy.response_time();
  for (const double t : {0.0, 0.1, 1.0, 7.0, 30.0}) {
    CHECK_REL(wait.survival(t), endless.waiting_time().survival(t), 1e-13);
    CHECK_REL(response.survival(t), endless.response_time().survival(t), 1e-13);
  }
  CHECK_REL(wait.survival_quantile(0.01), endless.waiting_time().survival_quantile(0.01), 1e-13);
  CHECK_REL(response.survival_quantile(1e-4), endless.response_time().survival_quantile(1e-4),
            1e-13);
  CHECK_REL(response.variance(), endless.response_time().variance(), 1e-13);
}

TEST_CASE("mmck: names what it refuses") {
  CHECK_THROWS_WITH_AS(
      mmck(1, 1, 2, 1),
      "relia::queueing::mmck: capacity must be from the number of servers to 1e7 more, got 1",
      std::domain_error);
  CHECK_THROWS_WITH_AS(
      mm1k(1, 1, 0),
      "relia::queueing::mm1k: capacity must be from the number of servers to 1e7 more, got 0",
      std::domain_error);
  CHECK_THROWS_WITH_AS(mmcc(1, 1, 0), "relia::queueing::mmcc: servers must be from 1 to 1e9, got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(mmck(1e300, 1, 1, 1),
                       "relia::queueing::mmck: arrival_rate / service_rate must be at most 1e15, "
                       "got 1e+300",
                       std::domain_error);
  CHECK_THROWS_AS(mmck(std::nan(""), 1, 1, 1), std::domain_error);
  CHECK_THROWS_AS(mmck(1, 0, 1, 1), std::domain_error);
  CHECK_THROWS_AS(mmck(1, 1, 1, 100'000'000), std::domain_error);
}

TEST_SUITE_END();
