// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <initializer_list>
#include <limits>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/queueing/mm1.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("mm1");

TEST_CASE("mm1: has the textbook's closed forms") {
  for (const double rho : {0x1p-20, 0.25, 0.75, 1 - 0x1p-20}) {
    const mm1 q(rho, 1);
    const double left = 1 - rho;  // exact
    // Each side rounds a handful of times.
    CHECK_REL(q.wait_probability(), rho, 1e-15);
    CHECK_REL(q.mean_in_system(), rho / left, 1e-15);
    CHECK_REL(q.mean_in_queue(), rho * rho / left, 1e-15);
    CHECK_REL(q.variance_in_system(), rho / left / left, 2e-15);
    CHECK_REL(q.waiting_time().mean(), rho / left, 1e-15);
    CHECK_REL(q.response_time().mean(), 1 / left, 1e-15);
    CHECK_REL(q.response_time().quantile(0.99), -std::log(0.01) / left, 2e-15);
    CHECK_REL(q.mean_busy_period(), 1 / left, 1e-15);
    for (const count n : {0, 1, 5, 50}) {
      const auto power = static_cast<double>(n);
      CHECK_REL(q.probability_of(n), left * std::pow(rho, power), 1e-13);  // 50 log(2^20) units
      CHECK_REL(q.probability_at_least(n), std::pow(rho, power), 1e-13);
    }
  }
}

TEST_CASE("mm1: unstable at or over capacity") {
  CHECK(mm1(2, 1).state() == state::unstable);
  CHECK(mm1(2, 1).mean_busy_period() == std::numeric_limits<double>::infinity());
  CHECK(mm1(1, 1).state() == state::unstable);
}

TEST_CASE("mm1: names itself in its errors") {
  CHECK_THROWS_WITH_AS(mm1(1, -2),
                       "relia::queueing::mm1: service_rate must be positive and finite, got -2",
                       std::domain_error);
}

TEST_SUITE_END();
