// SPDX-License-Identifier: BSL-1.0
#include <array>
#include <span>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/sli/time_slice.hpp>
#include <relia/slo/journey.hpp>

#include <support/close.hpp>

using namespace relia;
using slo::journey_part;
using slo::objective;

TEST_SUITE_BEGIN("journey");

TEST_CASE("journey: independent, its bounds, the worst part and the scores") {
  const std::vector<journey_part> parts{{"search", 1e-3, 2}, {"cart", 4e-3, 1}, {"pay", 1e-3, 1}};
  const auto j = slo::journey(parts);
  CHECK_REL(j.bad_fraction.independent, 0.005991004, 1e-15);  // 1 - .999 .996 .999
  CHECK(j.bad_fraction.lower == 4e-3);
  CHECK_ULP(j.bad_fraction.upper, 6e-3, 1);
  CHECK(j.worst == 4e-3);
  CHECK(j.worst_part == 1);
  CHECK_ULP(j.weighted_score, 1.75e-3, 1);
  CHECK_ULP(j.summed_score, 7e-3, 1);
}

TEST_CASE("journey: OpenSLO's composites: shortfalls add, 95 % and 95 % make 90 %") {
  const auto j = slo::journey(std::vector<journey_part>{{"a", 0.05}, {"b", 0.05}});
  CHECK_ULP(j.summed_score, 0.1, 0);
  CHECK_ULP(j.bad_fraction.upper, 0.1, 0);
  CHECK_REL(j.bad_fraction.independent, 0.0975, 1e-15);
}

TEST_CASE("journey: by slices, bad if any part is: Datadog's two groups, 710 of 720 minutes") {
  // Datadog documentation: two groups, each down for one of 144 slices of 5 min, not the same one.
  std::vector<sli::slice> a(144, sli::slice::good);
  std::vector<sli::slice> b = a;
  a[10] = sli::slice::bad;
  b[20] = sli::slice::bad;
  CHECK(sli::tally(a) == aggregate::counts(143, 1));
  const auto both = sli::tally(sli::bad_if_any(a, b));
  CHECK_ULP(static_cast<double>(both.good()) / 144, 710.0 / 720, 0);
}

TEST_CASE("journey_of_requests: a request is good when every part of it was") {
  const std::array search{true, true, false, true};
  const std::array cart{true, false, false, true};
  const std::vector<std::span<const bool>> parts{search, cart};
  CHECK(slo::journey_of_requests(parts) == aggregate::counts(2, 2));
  CHECK(slo::journey_of_requests({}).empty());
  const std::vector<std::span<const bool>> uneven{search, std::span(cart).first(3)};
  CHECK_THROWS_WITH_AS((void)slo::journey_of_requests(uneven),
                       "relia::slo::journey_of_requests: each part must be of size 4, got 3",
                       std::invalid_argument);
}

TEST_CASE("journey_of_requests: what was measured lies within the bounds of the parts") {
  const std::array search{true, true, false, false, true, true, true, true};
  const std::array cart{true, true, false, true, true, true, true, false};
  const std::vector<std::span<const bool>> parts{search, cart};
  const auto together = slo::journey_of_requests(parts);
  const auto j = slo::journey(std::vector<journey_part>{{"search", 0.25}, {"cart", 0.25}});
  const double bad = static_cast<double>(together.bad()) / static_cast<double>(together.valid());
  CHECK(j.bad_fraction.lower <= bad);
  CHECK(bad <= j.bad_fraction.upper);
}

TEST_CASE("allocate: ten parts of 99.99 % need 99.999 %: the rule of the extra nine") {
  const auto parts = slo::allocate(objective(0.9999), 10);
  REQUIRE(parts.size() == 10);
  for (const objective& p : parts) CHECK_ULP(p.error_budget(), 1e-5, 1);
}

TEST_CASE("allocate: half for five dependencies is 26.28 of 52.56 minutes a year") {
  // Treynor et al.: five critical dependencies at 99.999 % take 26 min and leave 27 of the 53.
  const auto parts = slo::allocate(objective(0.9999), 5, 0.5);
  double minutes = 0;
  for (const objective& p : parts) {
    CHECK_ULP(p.error_budget(), 1e-5, 1);
    minutes += p.error_budget() * 525'600;
  }
  CHECK_REL(minutes, 26.28, 1e-15);
  CHECK_REL(objective(0.9999).error_budget() * 525'600 - minutes, 26.28, 1e-14);  // a difference
}

TEST_CASE("allocate: by weight, and whoever keeps the parts keeps the journey") {
  const std::vector<double> weights{1, 3};
  const auto parts = slo::allocate(objective(0.99), weights, 0.2);
  CHECK_ULP(parts[0].error_budget(), 0.002, 1);
  CHECK_ULP(parts[1].error_budget(), 0.006, 1);
  const auto j = slo::journey(
      std::vector<journey_part>{{"a", parts[0].error_budget()}, {"b", parts[1].error_budget()}});
  CHECK(j.bad_fraction.upper <= 0.01);
  // Twelve nines are shared without 1 - x.
  const auto tiny = slo::allocate(objective::from_error_budget(1e-12), 4);
  CHECK(tiny[0].error_budget() == 2.5e-13);
}

TEST_CASE("journey: refuses no parts, percentages and weights of nothing") {
  CHECK_THROWS_WITH_AS((void)slo::journey({}),
                       "relia::slo::journey: parts must be one or more, got 0",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)slo::journey(std::vector<journey_part>{{"a", 5}}),
                       "relia::slo::journey: bad_fraction must be a fraction in [0, 1] (99.9 % is "
                       "0.999), got 5",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)slo::journey(std::vector<journey_part>{{"a", 0.5, 0}}),
                       "relia::slo::journey: weight must be positive and finite, got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)slo::allocate(objective(0.9), 0),
                       "relia::slo::allocate: parts must be at least 1, got 0", std::domain_error);
  CHECK_THROWS_WITH_AS((void)slo::allocate(objective(0.9), 2, 1.0),
                       "relia::slo::allocate: own_share must be a fraction in [0, 1), got 1",
                       std::domain_error);
  CHECK_THROWS_AS((void)slo::allocate(objective(0.9), std::span<const double>()),
                  std::invalid_argument);
}

TEST_SUITE_END();
