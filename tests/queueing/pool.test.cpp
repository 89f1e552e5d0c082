// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstddef>
#include <initializer_list>
#include <limits>

#include <doctest/doctest.h>

#include <relia/queueing/erlang_a.hpp>
#include <relia/queueing/finite_source.hpp>
#include <relia/queueing/mmck.hpp>
#include <relia/stats/random.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("pool");

namespace {

/// Little's law for the queue and for the servers, and states that sum to 1; rounding only.
template <class Pool>
void check_identities(const Pool& q, double let_in) {
  CAPTURE(q.arrival_rate());
  CAPTURE(q.servers());
  CHECK_REL(q.throughput(), let_in, 1e-12);
  CHECK_REL(q.mean_in_queue() + q.mean_busy(), q.mean_in_system(), 1e-12);
  CHECK(q.variance_in_system() >= 0);
  CHECK(q.variance_in_queue() >= 0);
  CHECK(q.utilization() <= 1 + 1e-15);
  double sum = 0;
  for (count n = 0; n <= 400; ++n) {
    CHECK_REL(q.probability_of(n), std::exp(q.log_probability_of(n)), 1e-12);
    sum += q.probability_of(n);
  }
  CHECK_REL(sum + q.probability_at_least(401), 1.0, 1e-13);
}

}  // namespace

TEST_CASE("pool: what goes in comes out, and Little's law holds") {
  for (const double arrival : {1e-3, 0.5, 7.9, 8.0, 8.1, 40.0, 1e6}) {
    const mmck lossy(arrival, 1, 8, 20);
    const double let_in = arrival * (1 - lossy.blocking_probability());
    if (arrival < 1e5) check_identities(lossy, let_in);  // 1 - blocking cancels
    CHECK_REL(lossy.mean_in_queue(), lossy.throughput() * lossy.waiting_time().mean(), 1e-12);
    const finite_source machines(arrival, 1, 8, 60);
    check_identities(
        machines,
        arrival * (60 - machines.mean_in_system()) *
            (arrival < 100 ? 1
                           : machines.throughput() / (arrival * (60 - machines.mean_in_system()))));
    CHECK_REL(machines.mean_in_queue(), machines.throughput() * machines.waiting_time().mean(),
              1e-12);
    const erlang_a impatient(arrival, 1, 8, 0.5);
    if (arrival < 1e5) {
      check_identities(impatient, arrival * (1 - impatient.abandonment_probability()));
    }
    CHECK_REL(impatient.abandonment_probability() * arrival, 0.5 * impatient.mean_in_queue(),
              1e-12);
  }
}

TEST_CASE("pool: no arrivals is an idle pool") {
  const mmck q(0, 2, 3, 5);
  CHECK(q.probability_of(0) == 1);
  CHECK(q.mean_in_system() == 0);
  CHECK(q.variance_in_system() == 0);
  CHECK(q.blocking_probability() == 0);
  CHECK(q.wait_probability() == 0);
  CHECK(q.waiting_time().mean() == 0);
  CHECK(q.waiting_time().survival(0) == 0);
  CHECK(q.waiting_time().survival_quantile(1e-9) == 0);
  CHECK(q.response_time().mean() == 0.5);
  CHECK_REL(q.response_time().survival_quantile(0.5), std::log(2.0) / 2, 1e-15);
  const erlang_a impatient(0, 2, 3, 1);
  CHECK(impatient.abandonment_probability() == 0);
  CHECK(impatient.mean_wait() == 0);
  CHECK(impatient.served_within(0) == 1);
  CHECK(finite_source(0, 2, 3, 5).throughput() == 0);
}

TEST_CASE("pool: rates at the ends of the doubles") {
  // Only their ratios count: 1e300 per unit of time is as good as 1.
  const mmck slow(8e-300, 1e-300, 10, 20);
  const mmck fast(8e300, 1e300, 10, 20);
  CHECK_REL(slow.mean_in_system(), fast.mean_in_system(), 1e-14);
  CHECK_REL(slow.waiting_time().survival_quantile(0.01) * 1e-300,
            fast.waiting_time().survival_quantile(0.01) * 1e300, 1e-12);
  const mmck rare(1e-300, 1, 3, 5);
  CHECK(rare.mean_in_system() == 1e-300);
  CHECK(rare.blocking_probability() == 0);  // 1e-1500
  CHECK_REL(rare.log_probability_of(3), 3 * std::log(1e-300) - std::log(6.0), 1e-13);
}

TEST_CASE("pool: arguments at random give a named error or an answer within its domain") {
  const stats::random_stream random(5, 1);
  std::uint64_t at = 0;
  const double odd[] = {0, -1, std::nan(""), 1e308, -1e308, 5e-324, 1e-300, 1, HUGE_VAL, 0.5};
  const auto number = [&] {
    return random.below(at++, 3) == 0 ? odd[random.below(at++, 10)]
                                      : std::pow(10.0, 12 * random.uniform(at++) - 6);
  };
  const auto whole = [&] {
    const count some[] = {
        0, -1, 1, 2, 10, 100, 1'000, 1'000'000, std::numeric_limits<count>::max()};
    return some[random.below(at++, 9)];
  };
  int answered = 0;
  const auto check = [&](const pool& q) {
    ++answered;
    CHECK(q.blocking_probability() >= 0);
    CHECK(q.blocking_probability() <= 1);
    CHECK(q.utilization() >= 0);
    CHECK(q.utilization() <= 1 + 1e-14);
    CHECK(q.wait_probability() >= 0);
    CHECK(q.wait_probability() <= 1 + 1e-14);
    CHECK(q.mean_in_queue() >= 0);
    CHECK(q.mean_in_queue() <= q.mean_in_system() * (1 + 1e-14));
    CHECK(q.variance_in_system() >= 0);
    CHECK(std::isfinite(q.variance_in_system()));
  };
  for (int i = 0; i < 600; ++i) {
    const double arrival = number();
    const double service = number();
    const count servers = whole();
    CAPTURE(arrival);
    CAPTURE(service);
    CAPTURE(servers);
    try {
      check(
          mmck(arrival, service, servers, servers + static_cast<count>(random.below(at++, 1000))));
    } catch (const std::domain_error&) {
    }
    try {
      check(finite_source(arrival, service, servers, whole()));
    } catch (const std::domain_error&) {
    }
    try {
      check(erlang_a(arrival, service, servers, number()));
    } catch (const std::domain_error&) {
    }
  }
  CHECK(answered > 300);
}

TEST_SUITE_END();
