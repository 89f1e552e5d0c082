// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <limits>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/queueing/mdc.hpp>
#include <relia/queueing/mmc.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("mdc");

TEST_CASE("mdc: where a peer is 18 % off and the textbook's sum has no digit left") {
  // A peer gives 0.2838 for M/D/10 at 0.9; mpmath, 60 digits: mdc.csv.
  CHECK_REL(mdc(9, 1, 10).waiting_time().mean(), 0.3445820503796811340939947, 1e-14);
  // The alternating sum in double gives -9.7e15 here. mpmath, 400 digits.
  CHECK_REL(md1(0.8, 1).waiting_time().cdf(60.5), 0.9999999999958560460686804, 1e-15);
  // Its tail, 1 - that value: 13 digits of it are known.
  CHECK_REL(md1(0.8, 1).waiting_time().survival(60.5), 4.1439539313196e-12, 2e-12);
  CHECK_REL(md1(0.5, 1).waiting_time().survival(30.5), 1.50499748e-17, 1e-8);
}

TEST_CASE("md1: Pollaczek and Khinchine next to saturation and far from it") {
  for (const double idle : {0.5, 0x1p-10, 0x1p-20, 0x1p-26}) {
    const double load = 1 - idle;
    const md1 q(load, 1);
    CHECK_REL(q.waiting_time().mean(), load / (2 * idle), 1e-13);
    CHECK_REL(q.wait_probability(), load, 1e-14);
    // E W^2 = 2 (E W)^2 + lambda E S^3 / (3 (1 - rho)).
    const double mean = load / (2 * idle);
    CHECK_REL(q.waiting_time().variance(), mean * mean + load / (3 * idle), 1e-12);
  }
  CHECK_REL(md1(1e-9, 1).waiting_time().mean(), 0.5e-9 / (1 - 1e-9), 1e-14);
}

TEST_CASE(
    "mdc: the wait is continuous from one service to the next, falls, and its tail is smooth") {
  for (const mdc& q : {mdc(0.9, 1, 1), mdc(18, 0.5, 10), mdc(30, 1, 100), mdc(190, 1, 200)}) {
    const auto wait = q.waiting_time();
    const double d = q.service_time();
    double before = wait.log_survival(0);
    CHECK_REL(wait.survival(0), q.wait_probability(), 1e-13);  // an exponent of 60
    for (int k = 1; k <= 40 && before > -600; ++k) {  // 1e-260, next to the end of the table
      const double at = wait.log_survival(k * d);
      // The two expressions meet at k: one unit of t changes the exponent by a unit of it.
      CHECK_REL(wait.log_survival(std::nextafter(k * d, 0)), at, 1e-11);
      CHECK(at < before);
      before = at;
    }
  }
}

TEST_CASE("mdc: the mean is the integral of the tail") {
  const mdc q(4.5, 1, 5);
  const auto wait = q.waiting_time();
  double sum = 0;  // Simpson between the corners at whole services; the tail at 60 is 1e-26
  for (int k = 0; k < 60; ++k) {
    for (int i = 0; i <= 64; ++i) {
      const double weight = i == 0 || i == 64 ? 1 : i % 2 == 1 ? 4 : 2;
      sum += weight / (3 * 64) * wait.survival(k + i / 64.0);
    }
  }
  CHECK_REL(sum, wait.mean(), 1e-9);  // h^4 f''''/180, relative 1e-9
}

TEST_CASE("mdc: waits less than M/M/c, more than half of it") {
  for (const count servers : {1, 3, 20, 300}) {
    const auto rate = 0.9 * static_cast<double>(servers);
    const double exponential = mmc(rate, 1, servers).waiting_time().mean();
    const double constant = mdc(rate, 1, servers).waiting_time().mean();
    CHECK(constant < exponential);
    CHECK(constant >= exponential / 2 * (1 - 1e-13));
  }
}

TEST_CASE("mdc: quantiles; the response is one service later") {
  const mdc q(4, 1, 5);
  const auto wait = q.waiting_time();
  for (const double tail : {0.4, 1e-3, 1e-30}) {
    CHECK_REL(wait.survival(wait.survival_quantile(tail)), tail, 1e-11);
    CHECK_REL(q.response_time().survival_quantile(tail), 1 + wait.survival_quantile(tail), 1e-14);
  }
  CHECK(wait.quantile(0.2) == 0);
  CHECK(q.response_time().quantile(0.2) == 1);
  CHECK(q.response_time().survival(0.5) == 1);
  CHECK(q.response_time().cdf(0.5) == 0);
  CHECK(std::isnan(wait.quantile(-1)));
}

TEST_CASE("mdc: unstable, idle, and what is refused") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (const mdc& q : {mdc(5, 1, 5), mdc(1e308, 1e308, 3), mdc(2, 1, 1)}) {
    CHECK(q.state() == state::unstable);
    CHECK(q.waiting_time().mean() == infinity);
    CHECK(q.waiting_time().survival(1e9) == 1);
    CHECK(q.waiting_time().quantile(0.5) == infinity);
    CHECK(q.mean_in_queue() == infinity);
  }
  const mdc idle(0, 1, 2);
  CHECK(idle.waiting_time().mean() == 0);
  CHECK(idle.waiting_time().cdf(0) == 1);
  CHECK(idle.waiting_time().quantile(0.999) == 0);
  CHECK_THROWS_WITH_AS((void)mdc(1, 1, 0),
                       "relia::queueing::mdc: servers must be from 1 to 10000, got 0",
                       std::domain_error);
  CHECK_THROWS_AS((void)md1(1, 0), std::domain_error);
  CHECK_THROWS_AS((void)md1(std::nan(""), 1), std::domain_error);
}

TEST_CASE("mdc: hardly any load, and times without end") {
  const mdc q(1.1103538063976302e-14, 1, 25);
  CHECK(q.mean_in_queue() == 0);
  CHECK(q.waiting_time().survival(1e-316) == 0);
  CHECK(q.waiting_time().survival_quantile(1e-9) == 0);
  CHECK(std::isnan(mdc(1, 0.5, 3).waiting_time().survival_quantile(-5e-324)));
  // All three servers busy: load^3 / 6, the Poisson probability of so many.
  CHECK_REL(mdc(0x1p-300, 1, 3).wait_probability(), 0x1p-900 / 6, 1e-13);
  CHECK(mdc(0.625, 3e-317, 16).waiting_time().survival(1e218) == 0);
}

TEST_CASE("mdc: a wait whose queue no double can hold has its tail and its quantile") {
  // P(3 arrivals within what is left of one service) = u^3 / 6; mpmath, 60 digits. Beyond it a
  // request would have to queue, at 1e-540.
  const auto wait = mdc(1.4540324954740936e-90, 0.875, 3).waiting_time();
  CHECK_REL(wait.survival(0.5), 2.70187274374034767191409e-272, 1e-13);  // an exponent of 600
  const double t = wait.survival_quantile(1.5297053550402961e-304);
  CHECK_REL(t, 0.8749999999933163725606165, 1e-13);  // sought to 46 bits
  CHECK(t < 0.875);
  CHECK(wait.survival(0.875) == 0);
  // A large pool, far from full: P(10000 or more), not of exactly as many. mpmath.
  CHECK_REL(mdc(6800, 1, 10'000).wait_probability(), 8.451577714176924717456e-288, 1e-12);
}

TEST_CASE("mdc: two servers a unit in the last place from saturation") {
  // (1 - rho) E Q is 1/2 in the limit of heavy traffic; what is left of it is of the order 1 - rho.
  const mdc q(1 - 0x1p-53, 2, 2);
  CHECK_REL(q.mean_in_queue(), 0.5 / 0x1p-53, 1e-13);
}

TEST_SUITE_END();
