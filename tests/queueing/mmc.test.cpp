// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <initializer_list>
#include <limits>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/queueing/mmc.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("mmc");

namespace {
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
}  // namespace

TEST_CASE("mmc: obeys Little's law") {
  for (const mmc& q : {mmc(4, 1, 5), mmc(10, 3, 4), mmc(950, 1, 1000), mmc(1e-6, 1, 2)}) {
    CHECK_REL(q.mean_in_queue(), q.arrival_rate() * q.waiting_time().mean(), 1e-15);
    CHECK_REL(q.mean_in_system(), q.arrival_rate() * q.response_time().mean(), 1e-15);
  }
}

TEST_CASE("mmc: answers do not depend on the unit of time") {
  const mmc seconds(90, 10, 12);
  const mmc milliseconds(0x1p-10 * 90, 0x1p-10 * 10, 12);
  CHECK(seconds.wait_probability() == milliseconds.wait_probability());
  CHECK(1024 * seconds.response_time().quantile(0.99) ==
        milliseconds.response_time().quantile(0.99));
}

TEST_CASE("mmc: rates at the ends of double give the load they have") {
  const mmc q(0x1p1023, 0x1p1021, 8);  // servers * service_rate overflows
  CHECK(q.state() == state::ok);
  CHECK(q.wait_probability() == mmc(4, 1, 8).wait_probability());
}

TEST_CASE("mmc: keeps every digit at a utilization of 1 - 1e-9") {
  // One server: the wait's mean is rho / (mu - lambda) by hand; lambda is 1 - 2^-30 exactly.
  const mmc one(1 - 0x1p-30, 1, 1);
  CHECK_REL(one.waiting_time().mean(), 0x1p30 - 1, 1e-15);
  // service_rate 1/3 rounded: the spare rate 3 mu - lambda is exact only when formed in one step.
  const double mu = 1.0 / 3;
  const mmc three(1 - 0x1p-40, mu, 3);
  const double spare = std::fma(3, mu, -(1 - 0x1p-40));
  CHECK_REL(1 / three.waiting_time().mean_given_wait(), spare, 1e-15);
}

TEST_CASE("mmc: probabilities of all states add up to 1") {
  for (const mmc& q : {mmc(0, 1, 3), mmc(4, 1, 5), mmc(0.9, 1, 1), mmc(60, 1, 100)}) {
    double sum = 0;
    for (count n = 0; n < q.servers() + 600; ++n) sum += q.probability_of(n);
    CHECK_REL(sum, 1.0, 1e-13);  // 700 summands; 0.9^600 is below 1e-27
    CHECK(q.probability_at_least(0) == 1);
    CHECK_REL(q.probability_at_least(q.servers()), q.wait_probability(), 1e-15);
    for (const count n : {count{1}, count{2}, q.servers() / 2, q.servers() + 3}) {
      CHECK_REL(q.probability_at_least(n) - q.probability_at_least(n + 1) + 1,
                q.probability_of(n) + 1, 1e-15);
    }
  }
}

TEST_CASE("mmc: the idle probability is that of the infinite system, not of a truncated one") {
  // Exact rational arithmetic: 4480/64370707. A peer that renormalises a cut-off
  // vector of states gives 8.808e-5.
  CHECK_REL(mmc(9, 1, 10).probability_of(0), 6.959687424281359e-05, 1e-14);
}

TEST_CASE("mmc: states of large pools are defined") {
  // r^k / k! overflows for 750 servers on: a peer gives NaN for 1620 of these 2001 states.
  const mmc q(900, 1, 1000);
  for (count n = 0; n <= 2000; ++n) {
    const double log = q.log_probability_of(n);
    CHECK((log < 0 && log > -infinity));
    CHECK((q.probability_of(n) >= 0 && q.probability_of(n) < 1));
  }
  // At the mode a Poisson mass of mean 900: 1 / sqrt(2 pi 900), less 1/12/900 (Stirling); the queue
  // is 1e-4 of everything.
  CHECK_REL(q.probability_of(900), 0.0132981 * (1 - 1.0 / 12 / 900), 1e-3);
}

TEST_CASE("mmc: an idle pool") {
  const mmc q(0, 2, 3);
  CHECK(q.state() == state::ok);
  CHECK(q.utilization() == 0);
  CHECK(q.wait_probability() == 0);
  CHECK(q.mean_in_system() == 0);
  CHECK(q.waiting_time().mean() == 0);
  CHECK(q.response_time().mean() == 0.5);
  CHECK(q.probability_of(0) == 1);
  CHECK(q.log_probability_of(1) == -infinity);
  CHECK(q.probability_at_least(1) == 0);
}

TEST_CASE("mmc: at or over capacity it is unstable, and nothing is negative or NaN") {
  for (const mmc& q : {mmc(5, 1, 5), mmc(8, 1, 5), mmc(1e308, 1e-308, 1)}) {
    CHECK(q.state() == state::unstable);
    CHECK(q.utilization() >= 1);
    CHECK(q.wait_probability() == 1);
    CHECK(q.mean_in_queue() == infinity);
    CHECK(q.variance_in_queue() == infinity);
    CHECK(q.mean_in_system() == infinity);
    CHECK(q.variance_in_system() == infinity);
    CHECK(q.probability_of(3) == 0);
    CHECK(q.log_probability_of(3) == -infinity);
    CHECK(q.probability_at_least(1000) == 1);
  }
}

TEST_CASE("mmc: every argument gives an answer or an error") {
  const double awkward[] = {-infinity, -1, 0, 5e-324, 1, infinity, not_a_number, 1e308};
  for (const double arrival : awkward) {
    for (const double service : awkward) {
      for (const count servers : {count{0}, count{1}, count{1000}}) {
        CAPTURE(arrival);
        CAPTURE(service);
        CAPTURE(servers);
        if (!(arrival >= 0 && arrival < infinity && service > 0 && service < infinity) ||
            servers == 0) {
          CHECK_THROWS_AS(mmc(arrival, service, servers), std::domain_error);
          continue;
        }
        const mmc q(arrival, service, servers);
        CHECK((q.state() == state::ok) == (q.utilization() < 1));
        CHECK((q.wait_probability() >= 0 && q.wait_probability() <= 1));
        for (const double x : {q.mean_in_queue(), q.variance_in_queue(), q.mean_in_system(),
                               q.variance_in_system(), q.response_time().quantile(0.99)}) {
          CHECK(x >= 0);
        }
        for (const count n : {count{-1}, count{0}, count{1}, count{999}, count{5000},
                              std::numeric_limits<count>::max()}) {
          CHECK((q.probability_of(n) >= 0 && q.probability_of(n) <= 1));
          CHECK((q.probability_at_least(n) >= 0 && q.probability_at_least(n) <= 1));
          CHECK(q.log_probability_of(n) <= 0);
        }
      }
    }
  }
}

TEST_CASE("mmc: names the argument it rejects") {
  CHECK_THROWS_WITH_AS(mmc(-1, 1, 1),
                       "relia::queueing::mmc: arrival_rate must be at least 0 and finite, got -1",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(mmc(1, 0, 1),
                       "relia::queueing::mmc: service_rate must be positive and finite, got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(mmc(1, 1, 0), "relia::queueing::mmc: servers must be from 1 to 1e9, got 0",
                       std::domain_error);
}

TEST_SUITE_END();
