// SPDX-License-Identifier: BSL-1.0
#include <limits>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/queueing/batch.hpp>
#include <relia/queueing/mm1.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("batch");

TEST_CASE("batch_mm1: the shared reference row, M/M/1, Little's law") {
  // lambda 0.2, mu 1, E X 3, E X^2 12: L 3.75. mpmath 1.2.1, 60 digits.
  const batch_mm1 q(0.2, 1, 3, 1.0 / 3);
  CHECK_REL(q.mean_in_system(), 3.75, 1e-15);
  CHECK_REL(q.mean_response(), q.mean_wait() + 1, 1e-15);
  CHECK_REL(q.mean_in_system() - q.mean_in_queue(), q.utilization(), 1e-14);
  CHECK_REL(batch_mm1(0.75, 1, 1, 0).mean_wait(), mm1(0.75, 1).waiting_time().mean(), 1e-15);
}

TEST_CASE("batch_mm1: unstable, and what is refused") {
  const batch_mm1 q(1, 2, 2, 0);
  CHECK(q.state() == state::unstable);
  CHECK(q.mean_wait() == std::numeric_limits<double>::infinity());
  CHECK(q.mean_in_system() == std::numeric_limits<double>::infinity());
  CHECK_THROWS_WITH_AS(
      (void)batch_mm1(1, 2, 0.5, 0),
      "relia::queueing::batch_mm1: mean_batch must be at least 1 and finite, got 0.5",
      std::domain_error);
  CHECK_THROWS_AS((void)batch_mm1(1, 0, 1, 0), std::domain_error);
  CHECK_THROWS_AS((void)batch_mm1(1, 1, 1, -1), std::domain_error);
}

TEST_CASE("batch_mm1: no batches leave nothing to wait for, however slow the server") {
  const batch_mm1 q(0, 5e-324, 192, 1);
  CHECK(q.utilization() == 0);
  CHECK(q.state() == state::ok);
  CHECK(q.mean_in_system() == 0);
  CHECK(q.mean_in_queue() == 0);
}

TEST_SUITE_END();
