// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <initializer_list>
#include <limits>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/queueing/retry.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("retry");

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// What comes back from x attempts per unit of time, by the definition.
double fed_back(double arrival, double service, count servers, const retry_policy& policy,
                double x) {
  const double p = mmc(x, service, servers).response_time().survival(policy.timeout);
  double attempts = 0;
  for (count k = policy.max_retries; k >= 0; --k) attempts = 1 + p * attempts;
  return arrival * std::min(attempts, 1 + policy.budget);
}

}  // namespace

TEST_CASE("retries: each state feeds itself, and the point of no return divides them") {
  for (const double arrival : {5.0, 40.0, 60.0, 70.0, 73.0}) {
    const retry_policy policy{.timeout = 0.125};
    const retry_load found = retries(arrival, 100, 1, policy);
    CAPTURE(arrival);
    REQUIRE(found.normal.has_value());
    const double x = found.normal->attempt_rate;
    CHECK_REL(fed_back(arrival, 100, 1, policy, x), x, 1e-13);  // the root to a few roundings
    if (found.outcome != retry_outcome::metastable) continue;
    const double edge = found.point_of_no_return;
    CHECK_REL(fed_back(arrival, 100, 1, policy, edge), edge, 1e-12);  // p is steep there
    CHECK(fed_back(arrival, 100, 1, policy, edge * 0.999) < edge * 0.999);
    CHECK(fed_back(arrival, 100, 1, policy, edge * 1.001) > edge * 1.001);
    REQUIRE(found.storm.has_value());
    CHECK(found.storm->attempt_rate == arrival * 4);
    CHECK(found.storm->request_failure == 1);
  }
}

TEST_CASE("retry_bounds: where each outcome begins") {
  for (const count servers : {1, 4, 64}) {
    const retry_policy policy{.timeout = 6, .max_retries = 2};
    const retry_limits bounds = retry_bounds(1, servers, policy);
    CAPTURE(servers);
    CHECK_REL(bounds.safe, static_cast<double>(servers) / 3, 1e-15);  // capacity / attempts
    CHECK(bounds.largest < static_cast<double>(servers));
    CHECK(retries(bounds.safe * 0.999, 1, servers, policy).outcome == retry_outcome::settles);
    CHECK(retries(bounds.safe * 1.001, 1, servers, policy).outcome == retry_outcome::metastable);
    CHECK(retries(bounds.largest * 0.999, 1, servers, policy).outcome == retry_outcome::metastable);
    CHECK(retries(bounds.largest * 1.001, 1, servers, policy).outcome == retry_outcome::storm);
  }
}

TEST_CASE("retries: the published collapse at 20 a second, 750 ms and 3 attempts is metastable") {
  // SREGym's retry collapse (SREGym/SREGym pull request 946): a service that bears 20 requests a
  // second, clients that time out after 750 ms and try 3 times. As M/M/1 with exponential service:
  // p(x) = exp(-(20 - x) 0.75), the roots of x = 10 (1 + p + p^2) and the peak of x / (1 + p + p^2)
  // by mpmath 1.2.1 at 40 digits.
  const retry_policy policy{.timeout = 0.75, .max_retries = 2};
  const retry_limits bounds = retry_bounds(20, 1, policy);
  CHECK_REL(bounds.safe, 6.6666666666666666667, 1e-15);  // 20 / 3: no more can come back
  CHECK_REL(bounds.largest, 15.311846536692253173, 1e-12);
  const retry_load found = retries(10, 20, 1, policy);  // half of what it bears
  CHECK(found.outcome == retry_outcome::metastable);
  REQUIRE(found.normal.has_value());
  CHECK_REL(found.normal->attempt_rate, 10.005557027721745499, 1e-13);
  CHECK_REL(found.point_of_no_return, 19.286653617415484177, 1e-12);
  REQUIRE(found.storm.has_value());
  CHECK(found.storm->attempt_rate == 30);  // every request is tried three times, none in time
  CHECK(found.storm->request_failure == 1);
  // A budget of 0.9 retries for each request is enough to come back from any spike; 3 is not.
  CHECK_REL(found.safe_budget, 0.9286653617415484177, 1e-12);
  CHECK(retries(10, 20, 1, {.timeout = 0.75, .max_retries = 2, .budget = 0.9}).outcome ==
        retry_outcome::settles);
}

TEST_CASE("retries: attempts per request are convex in the load, so that there is one peak") {
  // What the proof in docs/design.md says, where second differences can be told from rounding.
  for (const count servers : {1, 2, 7, 50}) {
    for (const double timeout : {0.5, 2.0, 8.0}) {
      const auto c = static_cast<double>(servers);
      const auto attempts = [&](double x) {
        const double p = mmc(x, 1, servers).response_time().survival(timeout);
        return 1 + p + p * p + p * p * p;
      };
      for (int i = 1; i < 40; ++i) {
        const double x = c * i / 40;
        const double step = c / 80;
        CAPTURE(servers);
        CAPTURE(x);
        // A few roundings of a number below 4.
        CHECK(attempts(x - step) + attempts(x + step) - 2 * attempts(x) >= -1e-14);
      }
    }
  }
}

TEST_CASE("retries: a budget below the safe one ends every storm") {
  const retry_load without = retries(60, 100, 1, {.timeout = 0.1});
  CHECK(without.outcome == retry_outcome::metastable);
  CHECK_REL(without.safe_budget, 89.05534823036653 / 60 - 1, 1e-12);  // of the reference row
  const auto with = [&](double budget) {
    return retries(60, 100, 1, {.timeout = 0.1, .max_retries = 3, .budget = budget});
  };
  CHECK(with(without.safe_budget * 0.99).outcome == retry_outcome::settles);
  CHECK(with(without.safe_budget * 1.01).outcome == retry_outcome::metastable);
  // The normal state does not feel it.
  CHECK_REL(with(0.1).normal->attempt_rate, without.normal->attempt_rate, 1e-14);
  CHECK(with(infinity).storm->attempt_rate == 240);
  CHECK_REL(with(0.55).storm->attempt_rate, 93.0, 1e-15);
}

TEST_CASE("retries: a spent budget below capacity still answers some") {
  const retry_load load = retries(60, 100, 1, {.timeout = 0.03, .max_retries = 5, .budget = 0.25});
  CHECK(load.outcome == retry_outcome::storm);
  REQUIRE(load.storm.has_value());
  CHECK(load.storm->attempt_rate == 75);
  const double p = std::exp(-25 * 0.03);  // M/M/1: exp(-(mu - x) t)
  CHECK_REL(load.storm->attempt_failure, p, 1e-14);
  // 1.25 attempts per request, of which 1 - p succeed.
  CHECK_REL(load.storm->request_failure, 1 - 1.25 * (1 - p), 1e-13);
}

TEST_CASE("retries: without retries, and without load") {
  const retry_load none = retries(60, 100, 1, {.timeout = 0.1, .max_retries = 0});
  CHECK(none.outcome == retry_outcome::settles);
  CHECK(none.normal->attempt_rate == 60);
  CHECK(none.point_of_no_return == infinity);
  CHECK(retries(0, 100, 1, {.timeout = 0.1}).normal->attempt_rate == 0);
  CHECK(retries(100, 100, 1, {.timeout = 0.1, .max_retries = 0}).outcome == retry_outcome::storm);
  CHECK(retries(1e308, 1, 1, {.timeout = 0.1}).outcome == retry_outcome::storm);
}

TEST_CASE("retries_when_blocked: one state, whatever the load") {
  for (const double arrival : {0.0, 1.0, 50.0, 90.0, 100.0, 150.0, 1e4, 1e9}) {
    const retry_point found = retries_when_blocked(arrival, 1, 100, 3);
    CAPTURE(arrival);
    // Carried: what is not blocked is what the requests get.
    CHECK(std::abs(found.attempt_rate * (1 - found.attempt_failure) -
                   arrival * (1 - found.request_failure)) <= 1e-12 * arrival);
    CHECK(found.attempt_rate <= arrival * 4);
  }
  const retry_point limited = retries_when_blocked(150, 1, 100, 3, 0.1);
  CHECK_REL(limited.attempt_rate, 165.0, 1e-15);  // the budget is spent
}

TEST_CASE("retries: what is refused") {
  const retry_policy policy{.timeout = 0.1};
  CHECK_THROWS_WITH_AS(
      (void)retries(not_a_number, 1, 1, policy),
      "relia::queueing::retries: arrival_rate must be at least 0 and finite, got nan",
      std::domain_error);
  CHECK_THROWS_WITH_AS((void)retries(1, 1, 0, policy),
                       "relia::queueing::retries: servers must be from 1 to 1e9, got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)retry_bounds(1, 1, {}),
                       "relia::queueing::retry_bounds: timeout must be positive and finite, got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)retries(1, 1, 1, {.timeout = 1, .max_retries = -1}),
                       "relia::queueing::retries: max_retries must be from 0 to 1e6, got -1",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)retries(1, 1, 1, {.timeout = 1, .budget = not_a_number}),
                       "relia::queueing::retries: budget must be at least 0, got nan",
                       std::domain_error);
  CHECK_THROWS_AS((void)retries(1, 1e308, 100, policy), std::domain_error);
  CHECK_THROWS_AS((void)retries_when_blocked(1, 0, 1), std::domain_error);
  CHECK_THROWS_WITH_AS(
      (void)worst_retry_amplification(0, 1),
      "relia::queueing::worst_retry_amplification: attempts must be at least 1, got 0",
      std::domain_error);
}

TEST_SUITE_END();
