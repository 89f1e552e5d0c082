// SPDX-License-Identifier: BSL-1.0
#include <limits>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/queueing/gimc.hpp>
#include <relia/queueing/lognormal_time.hpp>
#include <relia/queueing/mmc.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("gimc");

TEST_CASE("gim1: regular arrivals, where a peer is off by a factor of two") {
  // A peer gives 0.513 at 0.5 and 8.36 at 0.9 for D/M/1. mpmath, 30 and 60
  // digits: sigma = exp(-2 (1 - sigma)); gimc.csv.
  CHECK_REL(gim1(deterministic_time(2), 1).waiting_time().mean(), 0.255000974915975265774917852296,
            1e-14);
  CHECK_REL(gim1(deterministic_time(1 / 0.9), 1).waiting_time().mean(), 4.178659422149825132361573,
            1e-14);
}

TEST_CASE("gimc: Poisson arrivals are M/M/c, also where c (1 - sigma) is whole") {
  // At loads 4, 3 ... of 5 servers Takacs's quotients are 0 / 0; next to them they cancel.
  for (const double load : {4.0, 4 + 0x1p-50, 4 + 0x1p-30, 4 + 0x1p-10, 3.0, 2.0, 1.0, 0.001}) {
    const gimc q(exponential_time(1 / load), 1, 5);
    CHECK_REL(q.wait_probability(), erlang_c(5, load), 1e-14);
    CHECK_REL(q.response_time().mean(), mmc(load, 1, 5).response_time().mean(), 1e-14);
  }
  for (const count servers : {100, 1000}) {
    const double load = 0.96875 * static_cast<double>(servers);
    const gimc q(exponential_time(1 / load), 1, servers);
    // The product of a thousand factors, and the slack by division: 1e-13.
    CHECK_REL(q.wait_probability(), erlang_c(servers, load), 1e-13);
    CHECK_REL(q.response_time().quantile(0.99),
              mmc(load, 1, servers).response_time().quantile(0.99), 1e-13);
  }
}

TEST_CASE("gimc: the less regular the arrivals, the longer the wait") {
  double shorter = 0;
  const auto check = [&](const auto& law) {
    const double wait = gimc(law, 1, 10).waiting_time().mean();
    CHECK(wait > shorter);
    shorter = wait;
  };
  const double mean = 1 / 9.0;
  check(deterministic_time(mean));
  check(erlang_time(4, mean));
  check(exponential_time(mean));
  check(lognormal_time(mean, 2));
  check(hyperexponential_time::of_scv(mean, 9));
}

TEST_CASE("gimc: in heavy traffic the wait is that of Kingman's limit") {
  // (ca + cs) / (2 c mu (1 - rho)), relative corrections of the order of 1 - rho.
  const double idle = 0x1p-20;
  const double mean = 1 / (10 * (1 - idle));
  CHECK_REL(gimc(erlang_time(4, mean), 1, 10).waiting_time().mean(), 1.25 / 2 / (10 * idle), 1e-4);
  CHECK_REL(gimc(hyperexponential_time::of_scv(mean, 4), 1, 10).waiting_time().mean(),
            5.0 / 2 / (10 * idle), 1e-4);
}

TEST_CASE("gimc: unstable, light, and what is refused") {
  for (const double mean : {1.0, 0.5, 1e-100}) {
    const gim1 q(deterministic_time(mean), 1);
    CHECK(q.state() == state::unstable);
    CHECK(q.waiting_time().mean() == std::numeric_limits<double>::infinity());
    CHECK(q.sigma() == 1);
    CHECK(q.wait_probability() == 1);
  }
  const gimc light(deterministic_time(1e3), 1, 2);  // exp(-1000) of an arrival meets another
  CHECK(light.wait_probability() >= 0);
  CHECK(light.wait_probability() < 1e-300);
  CHECK(light.response_time().mean() == 1);
  CHECK_THROWS_WITH_AS((void)gimc(exponential_time(1), 1, 0),
                       "relia::queueing::gimc: servers must be from 1 to 10000, got 0",
                       std::domain_error);
  CHECK_THROWS_AS((void)gim1(exponential_time(1), -1), std::domain_error);
}

TEST_SUITE_END();
