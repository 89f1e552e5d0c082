// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <initializer_list>
#include <limits>

#include <doctest/doctest.h>

#include <relia/queueing/erlang_a.hpp>
#include <relia/queueing/finite_source.hpp>
#include <relia/queueing/mmck.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("pool_delay");

namespace {

void check_distribution(const pool_delay& d) {
  double before = d.survival(0);
  for (double t = 1e-3; t < 1e4; t *= 1.7) {
    const double s = d.survival(t);
    CHECK(s >= 0);
    CHECK(s <= before * (1 + 1e-12));
    CHECK(d.cdf(t) == 1 - s);
    before = s;
  }
  for (const double q : {0.5, 0.05, 1e-3, 1e-9, 1e-20}) {
    if (q >= d.survival(0)) continue;
    // A tail that falls like exp(-x) has the condition of its exponent.
    CHECK_REL(d.survival(d.survival_quantile(q)), q, 1e-12);
  }
  CHECK(d.quantile(1) == std::numeric_limits<double>::infinity());
  CHECK(d.quantile(0) == 0);
  CHECK(std::isnan(d.quantile(1.5)));
  CHECK(std::isnan(d.quantile(std::nan(""))));
  CHECK(std::isnan(d.survival(std::nan(""))));
  CHECK(d.survival(-1) == 1);
  CHECK(d.survival(std::numeric_limits<double>::infinity()) == 0);
  CHECK(d.survival(1e308) == 0);
}

}  // namespace

TEST_CASE("pool_delay: falls from P(wait) to 0, and its quantiles invert it") {
  for (const double arrival : {0.1, 7.0, 8.0, 30.0, 1e4}) {
    const mmck lossy(arrival, 1, 8, 40);
    check_distribution(lossy.waiting_time());
    check_distribution(lossy.response_time());
    CHECK_REL(lossy.waiting_time().survival(0), lossy.wait_probability(), 1e-13);
    const erlang_a impatient(arrival, 1, 8, 0.25);
    check_distribution(impatient.waiting_time());
    check_distribution(impatient.response_time());
    check_distribution(impatient.offered_wait());
  }
}

TEST_CASE("pool_delay: one server's wait and service are one more stage") {
  // With one server and room for one more the accepted wait 0 or one service: mixture of one and
  // two exponential stages.
  const mm1k q(1, 1, 2);
  for (const double t : {0.01, 1.0, 9.0}) {
    CHECK_REL(q.waiting_time().survival(t), std::exp(-t) / 2, 1e-15);
    CHECK_REL(q.response_time().survival(t), std::exp(-t) * (1 + t / 2), 1e-14);
  }
  CHECK_REL(q.response_time().variance(), 1 + 0.75, 1e-15);
}

TEST_CASE("pool_delay: a wait of millions of stages takes no long sum") {
  // 1e8 requests wait; each is served after (100 - 1 % patience) log-ish: the mean follows from
  // Little's law.
  const erlang_a q(1000, 1, 900, 1e-6);
  const double p = q.abandonment_probability();
  CHECK_REL(p, 0.1, 1e-12);
  CHECK_REL(p * q.mean_wait_given_abandoned() + (1 - p) * q.mean_wait_given_served(), q.mean_wait(),
            1e-9);
  CHECK(q.waiting_time().survival_quantile(0.5) > 0);
}

TEST_CASE("pool_delay: a probability, and no work where nothing is left") {
  const finite_source q(45.87109375, 237.11328125, 23, 18'129);
  CHECK(q.waiting_time().survival(0.96484375) <= 1);
  // 1e13 departures: the response is over, and is not summed.
  CHECK(mmck(1e16, 1e13, 16, 32).response_time().survival(1) == 0);
  CHECK(erlang_a(10, 1e8, 16, 1).response_time().survival(1) == 0);
  // A billion wait, and e^155 of them would have left: by exp(-theta t), nobody has waited so long.
  const erlang_a flood(1.5e11, 16.5, 12, 155);
  CHECK(flood.waiting_time().survival(1) < 1e-60);
  CHECK(flood.waiting_time().survival(0.05) > 0.99);
  // Without arrivals, and at a rate whose inverse is no number.
  CHECK(mmck(0, 5e-324, 16, 19).waiting_time().variance() == 0);
}

TEST_CASE("pool_delay: one server that would do a thousand services in a patience") {
  // The weight of those who have waited is beyond the doubles, what is left of them below. From the
  // density lambda exp(lambda / theta (1 - e^(-theta s)) - (mu + theta) s) of the wait of who is
  // served, and an exponential service: mpmath, 40 digits.
  const auto response = erlang_a(2250, 750, 1, 1).response_time();
  CHECK_REL(response.survival(1.1), 0.4896997199577958443291147, 1e-11);  // exponents of 1500
  for (const double mu : {600.0, 1000.0, 12'000.0}) {  // the service hardly counts: as the wait
    const erlang_a q(3 * mu, mu, 1, 1);
    const double t = q.waiting_time().mean();
    CHECK_REL(q.response_time().survival(t + 1 / mu), q.waiting_time().survival(t), 1e-3);
  }
}

TEST_SUITE_END();
