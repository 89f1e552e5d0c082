// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/slo/credit.hpp>
#include <relia/stats/random.hpp>

#include <support/close.hpp>

using namespace relia;
using slo::credit_table;
using slo::objective;

TEST_SUITE_BEGIN("credit");

namespace {

/// The tiers that several clouds print for an instance: 10 % below 99.99, 25 below 99, all below
/// 95.
const credit_table usual({{objective(0.9999), 0.1}, {objective(0.99), 0.25}, {objective(0.95), 1}});

}  // namespace

TEST_CASE("credit_table: a target that is met exactly gives nothing back, in decimals") {
  CHECK(usual.credit(0) == 0);
  CHECK(usual.credit(1e-4) == 0);
  CHECK(usual.credit(1.001e-4) == 0.1);
  CHECK(usual.credit(0.01) == 0.1);
  CHECK(usual.credit(0.02) == 0.25);
  CHECK(usual.credit(0.06) == 1);
  CHECK(usual.credit(1) == 1);
  CHECK(usual.missed(0.02) == 2);
}

TEST_CASE("expected_credit: the mean over ends, and how often each target is missed") {
  // Half without credit, a quarter of each of the first two tiers: (0.1 + 0.25) / 4.
  const std::vector<double> ends{0, 1e-5, 0.001, 0.02};
  const auto c = slo::expected_credit(usual, ends);
  CHECK_ULP(c.credit.value, 0.0875, 1);
  CHECK(c.credit.n == 4);
  REQUIRE(c.probability.size() == 3);
  CHECK(c.probability[0].value == 0.5);
  CHECK(c.probability[1].value == 0.25);
  CHECK(c.probability[2].value == 0);
  // Deviations 0.0875, 0.0875, 0.0125, 0.1625: s^2 = 0.041875 / 3, and half of s for n = 4.
  CHECK_REL(c.monte_carlo_error, 0.059072695328157605, 1e-14);
}

TEST_CASE("expected_credit: the interval of the simulation covers as it says") {
  // 1000 ends of which 30 % miss the first target: 400 simulations; a coverage of 95 % is seen
  // within 3 sqrt(.95 .05 / 400) = 0.033.
  int covered = 0;
  for (std::uint64_t trial = 0; trial < 400; ++trial) {
    const stats::random_stream random(5, trial);
    std::vector<double> ends;
    for (std::uint64_t i = 0; i < 1000; ++i) ends.push_back(random.uniform(i) < 0.3 ? 0.001 : 0);
    covered += slo::expected_credit(usual, ends).credit.interval.contains(0.03);
  }
  CHECK(std::abs(covered / 400.0 - 0.95) < 0.033);
}

TEST_CASE("expected_credit: the same credit on every path is not certain") {
  const std::vector<double> ends(1000, 0.001);
  const auto c = slo::expected_credit(usual, ends);
  CHECK_ULP(c.credit.value, 0.1, 1);
  CHECK(c.credit.interval.lower < 0.1);
  CHECK(c.credit.interval.upper > 0.1);
  CHECK(c.credit.notes.size() == 1);
  CHECK(c.probability[0].interval.lower < 1);
}

TEST_CASE("expected_credit: without ends there is none; one has no error") {
  const auto none = slo::expected_credit(usual, {});
  CHECK(none.credit.state == state::no_data);
  CHECK(std::isnan(none.credit.value));
  CHECK(none.probability[0].state == state::no_data);
  const auto one = slo::expected_credit(usual, std::vector{0.02});
  CHECK(one.credit.value == 0.25);
  CHECK(std::isnan(one.monte_carlo_error));
  CHECK(one.credit.interval.upper == 1);
}

TEST_CASE("credit_table: refuses an order that pays twice, and percentages") {
  CHECK_THROWS_WITH_AS(credit_table({{objective(0.99), 0.1}, {objective(0.999), 0.2}}),
                       "relia::slo::credit_table: targets must be from the highest to the lowest, "
                       "got row 1",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(credit_table({{objective(0.999), 10}}),
                       "relia::slo::credit_table: credits must be rising, in (0, 1], got row 0",
                       std::invalid_argument);
  CHECK_THROWS_AS(credit_table({{objective(0.999), 0.2}, {objective(0.99), 0.2}}),
                  std::invalid_argument);
  CHECK_THROWS_AS(credit_table({}), std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)usual.credit(99.9),
                       "relia::slo::credit_table::missed: bad_fraction must be a fraction in [0, "
                       "1] (99.9 % is 0.999), got 99.9",
                       std::domain_error);
}

TEST_SUITE_END();
