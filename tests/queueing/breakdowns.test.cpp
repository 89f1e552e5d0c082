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

TEST_CASE("mmc_breakdowns: failures may be rare, and rates far apart") {
  // The same with mpmath, 60 to 400 digits. With failures every four months and repairs of three
  // hours beside requests by the millisecond, an elimination that subtracts keeps 7 digits of the
  // mean for three servers and 3 for thirty.
  const struct {
    double arrival, service;
    count servers;
    double failure, repair, mean, nobody;
  } rows[] = {
      {18, 232, 3, 0.5, 9.5, 0.0777447746314744878, 0.925267702567906237},
      {20, 10, 3, 1e-6, 1e-3, 3.3697986086822229, 0.11078385389551333},
      {20, 10, 3, 1e-7, 1e-4, 4.8252532136276098, 0.11077995397646527},
      {20, 10, 3, 1e-8, 1e-5, 13.120447881613426, 0.11077869640078605},
      {20, 10, 3, 1e-10, 1e-7, 645.22975076758109, 0.11077816945558954},
      {20, 10, 3, 1e-12, 1e-9, 60426.483389525336, 0.11077811664701291},
      {2000, 100, 30, 1e-7, 1e-4, 20.051087753180869, 2.0543813789584576e-9},
      {0.1, 1, 2, 1e-14, 1e-13, 4602875416.37569614, 0.895693779904321085},
      {66.0546875, 4.26e61, 3, 256, 1, 21.7622058252982364, 0.0545664626185628712},
      {1e12, 2.6908104542924773e90, 4, 1e-3, 0.005999691777219659, 17357828835.9785619,
       0.999583433508249583},
  };
  for (const auto& row : rows) {
    CAPTURE(row.failure);
    const mmc_breakdowns q(row.arrival, row.service, row.servers, {row.failure, row.repair, 0});
    // Sums of positive numbers only, in as many doublings as the rates lie apart.
    CHECK_REL(q.mean_in_system(), row.mean, 2e-14);
    CHECK_REL(q.probability_of(0), row.nobody, 2e-14);
  }
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

TEST_CASE("mmc_breakdowns: rates that leave the doubles are refused") {
  CHECK_THROWS_WITH_AS(
      mmc_breakdowns(1, 2, 3, {.failure_rate = 161, .repair_rate = 1e-284}),
      "relia::queueing::mmc_breakdowns: failure_rate / repair_rate must be at most 1e50, got "
      "1.61e+286",
      std::domain_error);
  CHECK_THROWS_AS(mmc_breakdowns(1, 2, 3, {.failure_rate = 1, .repair_rate = 1.7e308}),
                  std::domain_error);
}

TEST_CASE("mmc_breakdowns: repairs that nobody needs may take for ever") {
  const mmc exact(1, 250.265625, 5);
  const mmc_breakdowns q(1, 250.265625, 5, {0, 1e-300, 0});
  CHECK_REL(q.mean_in_system(), exact.mean_in_system(), 1e-14);
  CHECK_REL(q.probability_of(0), exact.probability_of(0), 1e-14);
}

TEST_CASE("mmc_breakdowns: jumps to a number far out") {
  const mmc_breakdowns q(18, 232, 3, {0.5, 9.5, 5});
  CHECK(q.probability_of(std::numeric_limits<count>::max()) == 0);
  // Beyond the servers the levels end in a geometric sequence.
  CHECK_REL(q.probability_of(41) * q.probability_of(39),
            q.probability_of(40) * q.probability_of(40), 1e-9);
}

TEST_SUITE_END();
