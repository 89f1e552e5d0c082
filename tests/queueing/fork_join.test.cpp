// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <relia/queueing/fork_join.hpp>

#include <support/accuracy.hpp>
#include <support/csv.hpp>

using namespace relia;
using namespace relia::queueing;
using relia::test::accuracy;

TEST_SUITE_BEGIN("fork_join");

namespace {

/// The mean response of n queues with common arrivals, by Lindley's recursion per queue.
double simulated(double arrival_rate, int branches, int requests) {
  std::mt19937_64 engine(20261123);
  std::exponential_distribution<double> between(arrival_rate);
  std::exponential_distribution<double> service(1);
  std::vector<double> left(static_cast<std::size_t>(branches));
  double sum = 0;
  for (int i = -requests / 10; i < requests; ++i) {
    const double gap = between(engine);
    double slowest = 0;
    for (double& work : left) {
      work = std::max(0.0, work - gap) + service(engine);
      slowest = std::max(slowest, work);
    }
    if (i >= 0) sum += slowest;
  }
  return sum / requests;
}

}  // namespace

TEST_CASE("accuracy: fork_join_response") {
  accuracy<> all("queueing::fork_join_response", "2 to 100 branches, each formula and bound",
                 "fork_join.csv, mpmath 60 to 120 digits", 2e-15);
  for (const auto& row : test::csv_table("queueing/fork_join.csv")) {
    const std::string& how = row.text("method");
    const auto e = fork_join_response(row.number("arrival_rate"), row.number("service_rate"),
                                      row.integer("branches"),
                                      {how == "nelson_tantawi" ? nelson_tantawi : varma});
    all.compare(how == "independent" ? e.interval.upper : e.value, row.number("value"));
  }
}

TEST_CASE("fork_join_response: near the simulated queue, within its bounds") {
  // 4e5 requests at rho 0.5: the mean is good to about 0.5 % (three sigma, from ten seeds); both
  // authors claim 5 %.
  for (const int n : {2, 8, 32}) {
    const double truth = simulated(0.5, n, 400'000 / n);
    for (const auto how : {varma, nelson_tantawi}) {
      const auto e = fork_join_response(0.5, 1, n, {how});
      CHECK_REL(e.value, truth, n == 2 ? 0.02 : 0.05);
      CHECK(e.interval.lower <= truth * 1.02);
      CHECK(e.interval.upper >= truth);
      CHECK(e.method == how);
    }
  }
}

TEST_CASE("fork_join_response: one branch, two branches, no load, any unit") {
  CHECK(fork_join_response(1, 2, 1).value == 1);
  const auto two = fork_join_response(0.5, 1, 2);
  CHECK(two.value == 2.875);
  CHECK(two.interval.lower == two.interval.upper);
  CHECK_REL(fork_join_response(0, 1, 10).value, order_statistic_mean(10, 10), 1e-15);
  CHECK_REL(fork_join_response(512, 1024, 10).value, fork_join_response(0.5, 1, 10).value / 1024,
            1e-15);
  CHECK(fork_join_response(0.5, 1, 1'000'000).value <
        fork_join_response(0.5, 1, 1'000'000).interval.upper);
}

TEST_CASE("fork_join_response: unstable at capacity") {
  const auto e = fork_join_response(2, 1, 4);
  CHECK(e.state == state::unstable);
  CHECK(std::isnan(e.value));
  CHECK(e.notes == std::vector<std::string>{"each server is offered 2 of its capacity"});
  CHECK(fork_join_response(1, 1, 4).state == state::unstable);
}

TEST_CASE("fork_join_response: names the argument it rejects") {
  CHECK_THROWS_WITH_AS((void)fork_join_response(1, 0, 2),
                       "relia::queueing::fork_join_response: service_rate must be positive and "
                       "finite, got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)fork_join_response(1, 2, 0),
                       "relia::queueing::fork_join_response: branches must be from 1 to 1e6, got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)fork_join_response(1, 2, 2, {method{"best"}}),
                       "relia::queueing::fork_join_response: method must be varma or "
                       "nelson_tantawi, got \"best\"",
                       std::invalid_argument);
}

TEST_CASE("fork_join_response: inside its interval without load") {
  for (const double rate : {0.0, 1e-300, 1e-17}) {
    for (const count n : {3, 10, 17}) {
      const auto e = fork_join_response(rate, 1.1, n, {nelson_tantawi});
      CHECK(e.interval.lower <= e.value);
      CHECK(e.value <= e.interval.upper);
    }
  }
}

TEST_SUITE_END();
