// SPDX-License-Identifier: BSL-1.0
#include <limits>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/queueing/sharing.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("sharing");

TEST_CASE("processor_sharing: the shared reference rows") {
  // mpmath 1.2.1, 60 digits.
  CHECK_REL(processor_sharing(0.5, 1).mean_response(), 2.0, 1e-15);
  CHECK_REL(processor_sharing(0.5, 1).variance_response_exponential(), 6.666666666666666666666667,
            1e-15);
  CHECK_REL(processor_sharing(0.9, 1).mean_response(), 10.0, 1e-15);
  CHECK_REL(processor_sharing(0.9, 1).mean_response_of(3), 30.0, 1e-15);
}

TEST_CASE("processor_sharing: the number is geometric, and Little's law") {
  const processor_sharing q(0.75, 1);
  double sum = 0;
  for (count n = 1; n < 300; ++n) sum += q.probability_at_least(n);
  CHECK_REL(sum, q.mean_in_system(), 1e-14);
  CHECK_REL(q.arrival_rate() * q.mean_response(), q.mean_in_system(), 1e-15);
  CHECK(q.mean_slowdown() == 4);
}

TEST_CASE("processor_sharing: unstable, and what is refused") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const processor_sharing q(1, 1);
  CHECK(q.state() == state::unstable);
  CHECK(q.mean_response() == infinity);
  CHECK(q.mean_response_of(2) == infinity);
  CHECK(q.mean_response_of(0) == 0);
  CHECK(q.variance_response_exponential() == infinity);
  CHECK(q.probability_at_least(1000) == 1);
  CHECK_THROWS_WITH_AS(
      (void)processor_sharing(1, 0),
      "relia::queueing::processor_sharing: mean_service must be positive and finite, got 0",
      std::domain_error);
  CHECK_THROWS_AS((void)q.mean_response_of(-1), std::domain_error);
}

TEST_SUITE_END();
