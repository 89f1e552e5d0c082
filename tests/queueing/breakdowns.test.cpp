// SPDX-License-Identifier: BSL-1.0
#include <limits>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/queueing/breakdowns.hpp>
#include <relia/queueing/mmc.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("breakdowns");

TEST_CASE("mmc_breakdowns: the shared reference rows") {
  // A quasi-birth-death process with mpmath, 50 digits.
  const mmc_breakdowns q(1.5, 1, 3, {.failure_rate = 0.1, .repair_rate = 0.5, .repairers = 3});
  CHECK_REL(q.mean_in_system(), 2.410198873198527118090315, 1e-14);
  CHECK_REL(q.mean_response(), 1.606799248799018078726876, 1e-14);
  CHECK_REL(q.probability_of(0), 0.1768044744309355048140463, 1e-14);
  CHECK_REL(q.mean_up(), 2.5, 1e-15);
}

TEST_CASE("mmc_breakdowns: without failures it is M/M/c") {
  const mmc exact(9, 1, 10);
  const mmc_breakdowns q(9, 1, 10, {.failure_rate = 0});
  CHECK_REL(q.mean_in_system(), exact.mean_in_system(), 1e-13);
  for (const count n : {0, 5, 10, 30})
    CHECK_REL(q.probability_of(n), exact.probability_of(n), 1e-11);
  double total = 0;
  for (count n = 0; n < 400; ++n) total += q.probability_of(n);
  CHECK_REL(total, 1.0, 1e-12);
}

TEST_CASE("mmc_breakdowns: repairs cost, and few repairers cost more") {
  const double ideal = mmc(3, 1, 5).mean_in_system();
  const double all = mmc_breakdowns(3, 1, 5, {0.05, 0.5, 0}).mean_in_system();
  const double one = mmc_breakdowns(3, 1, 5, {0.05, 0.5, 1}).mean_in_system();
  CHECK(ideal < all);
  CHECK(all < one);
}

TEST_CASE("mmc_breakdowns: unstable when the servers that are up do not suffice, and refusals") {
  const mmc_breakdowns q(2.6, 1, 3, {0.1, 0.5, 3});  // 2.5 are up
  CHECK(q.state() == state::unstable);
  CHECK(q.mean_in_system() == std::numeric_limits<double>::infinity());
  CHECK(q.mean_response() == std::numeric_limits<double>::infinity());
  CHECK(q.probability_of(1) == 0);
  const mmc_breakdowns idle(0, 1, 3, {0.1, 0.5, 3});
  CHECK(idle.mean_in_system() == 0);
  CHECK(idle.probability_of(0) == 1);
  CHECK_THROWS_WITH_AS((void)mmc_breakdowns(1, 1, 0, {}),
                       "relia::queueing::mmc_breakdowns: servers must be from 1 to 200, got 0",
                       std::domain_error);
  CHECK_THROWS_AS((void)mmc_breakdowns(1, 1, 3, {.repair_rate = 0}), std::domain_error);
}

TEST_CASE("mmc_breakdowns: rates too far apart are refused, and the number is never negative") {
  CHECK_THROWS_WITH_AS(
      mmc_breakdowns(1, 2, 3, {.failure_rate = 161, .repair_rate = 1e-284}),
      "relia::queueing::mmc_breakdowns: failure_rate / repair_rate must be at most 1e50, got "
      "1.61e+286",
      std::domain_error);
  CHECK_THROWS_AS(mmc_breakdowns(1, 2, 3, {.failure_rate = 1, .repair_rate = 1.7e308}),
                  std::domain_error);
  const mmc_breakdowns idle(66.0546875, 4.26e61, 3, {256, 1, 5});
  CHECK(idle.mean_in_system() >= 66.0546875 / 4.26e61);
}

TEST_CASE("mmc_breakdowns: refuses what has no number, and jumps to a number far out") {
  CHECK_THROWS_WITH_AS(mmc_breakdowns(1, 250.265625, 5, {0, 1e-300, 0}),
                       "relia::queueing::mmc_breakdowns: the rates are too far apart for doubles",
                       convergence_error);
  const mmc_breakdowns rare(1e12, 2.6908104542924773e90, 4, {1e-3, 0.005999691777219659, 0});
  CHECK(rare.probability_of(19) >= 0);
  const mmc_breakdowns q(18, 232, 3, {0.5, 9.5, 5});
  CHECK(q.probability_of(std::numeric_limits<count>::max()) == 0);
  // Beyond the servers the levels end in a geometric sequence.
  CHECK_REL(q.probability_of(41) * q.probability_of(39),
            q.probability_of(40) * q.probability_of(40), 1e-9);
}

TEST_SUITE_END();
