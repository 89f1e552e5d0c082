// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <limits>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/queueing/empirical_time.hpp>
#include <relia/queueing/lognormal_time.hpp>
#include <relia/queueing/mdc.hpp>
#include <relia/queueing/mg1.hpp>
#include <relia/queueing/mm1.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("mg1");

TEST_CASE("mg1: exponential service is M/M/1, tails to 1e-200 included") {
  for (const double load : {0.125, 0.5, 0.875, 0.9921875}) {
    const mg1 q(load, exponential_time(1));
    const mm1 exact(load, 1);
    CHECK_REL(q.mean_in_system(), exact.mean_in_system(), 1e-14);
    CHECK_REL(q.variance_in_system(), exact.variance_in_system(), 1e-14);
    CHECK_REL(q.variance_in_queue(), exact.variance_in_queue(), 1e-14);
    CHECK_REL(q.waiting_time().decay_rate(), 1 - load, 1e-14);
    for (const double t : {1e-6, 0.25, 4.0, 64.0, 500.0}) {
      // Rounding is amplified by exp(7.5) = 1800: 4e-13; an exponent of 440 adds 1e-13.
      CHECK_REL(q.waiting_time().survival(t), exact.waiting_time().survival(t), 3e-12);
      CHECK_REL(q.response_time().survival(t), exact.response_time().survival(t), 3e-12);
    }
    for (const double level : {0.3, 0.9, 0.999}) {
      CHECK_REL(q.response_time().quantile(level), exact.response_time().quantile(level), 1e-11);
    }
  }
}

TEST_CASE("mg1_delay: a law with corners keeps six digits, against the exact M/D/1") {
  for (const double load : {0.5, 0.95}) {
    const mg1 q(load, deterministic_time(1));
    const md1 exact(load, 1);
    for (const double t : {0.5, 2.5, 10.25, 30.5}) {
      CHECK_REL(q.waiting_time().survival(t), exact.waiting_time().survival(t), 1e-6);
    }
  }
}

TEST_CASE("mg1: measured service times, between the laws that bracket them") {
  // Uniform on [0.9, 1.1]: scv 1/300, between constant and Erlang of 100 stages.
  const double bounds[] = {0.9, 1.1};
  const count counts[] = {1};
  const double measured = mg1(0.8, empirical_time(bounds, counts)).waiting_time().survival(10.25);
  CHECK(measured > md1(0.8, 1).waiting_time().survival(10.25));
  CHECK(measured < mg1(0.8, erlang_time(100, 1)).waiting_time().survival(10.25));
}

TEST_CASE("mg1_delay: quantile and survival are inverse; the atom at 0") {
  const mg1 q(0.75, lognormal_time(1, 4));
  for (const double tail : {0.5, 0.01, 1e-4}) {
    const double t = q.waiting_time().survival_quantile(tail);
    CHECK_REL(q.waiting_time().survival(t), tail, 1e-12 / tail);  // absolute, without a decay
  }
  CHECK(q.waiting_time().survival(0) == q.wait_probability());
  CHECK(q.waiting_time().quantile(0.2) == 0);
  CHECK(q.response_time().survival(0) == 1);
  CHECK(q.waiting_time().quantile(1) == std::numeric_limits<double>::infinity());
  CHECK(std::isnan(q.waiting_time().quantile(1.5)));
  CHECK(q.waiting_time().decay_rate() == 0);
}

TEST_CASE("mg1: unstable is a state, infinite, never negative") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (const double rate : {1.0, 2.0, 1e308}) {
    const mg1 q(rate, erlang_time(3, 1));
    CHECK(q.state() == state::unstable);
    CHECK(q.mean_wait() == infinity);
    CHECK(q.variance_in_system() == infinity);
    CHECK(q.mean_in_queue() == infinity);
    CHECK(q.wait_probability() == 1);
    CHECK(q.waiting_time().survival(1e6) == 1);
    CHECK(q.response_time().quantile(0.5) == infinity);
    CHECK(q.waiting_time().quantile(0.5) == infinity);
  }
  CHECK_THROWS_WITH_AS((void)mg1(-1, exponential_time(1)),
                       "relia::queueing::mg1: arrival_rate must be at least 0 and finite, got -1",
                       std::domain_error);
}

TEST_CASE("mg1: an idle queue") {
  const mg1 q(0, lognormal_time(2, 1));
  CHECK(q.mean_wait() == 0);
  CHECK(q.mean_response() == 2);
  CHECK(q.waiting_time().survival(1) == 0);
  CHECK(q.waiting_time().cdf(0) == 1);
  CHECK(q.waiting_time().quantile(0.99) == 0);
  CHECK_REL(q.response_time().survival(2), lognormal_time(2, 1).survival(2), 1e-11);
}

TEST_SUITE_END();
