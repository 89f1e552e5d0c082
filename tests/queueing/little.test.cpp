// SPDX-License-Identifier: BSL-1.0
#include <limits>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/queueing/little.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("little");

namespace {
using numbers = std::vector<double>;
}

TEST_CASE("check_little: finds the latencies that a load generator made up") {
  // examples/web_pool/data/closed_loop.csv: wrk adds samples for each that is twice the mean.
  const numbers n = {1, 2, 4, 8, 16, 32, 64};
  const numbers x = {47.921757,  93.797433,  188.945534, 196.17009,
                     193.085708, 192.116374, 191.717702};
  const numbers t = {0.023559, 0.024979, 0.024368, 0.041951, 0.082868, 0.165625, 0.328855};
  const auto found = check_little(n, x, t);
  CHECK(found.decision.verdict == verdict::fail);
  CHECK(found.worst == 1);
  CHECK_REL(found.ratio[1], 2 / 93.797433 / 0.024979, 1e-15);
  CHECK(found.decision.reason == "row 1: the concurrency is 0.854 of throughput times latency");
  // From 8 connections on the effect has faded.
  const auto rest = [](const numbers& v) { return numbers(v.begin() + 3, v.end()); };
  CHECK(check_little(rest(n), rest(x), rest(t)).decision.verdict == verdict::pass);
  CHECK(check_little(n, x, t, 0.2).decision.verdict == verdict::pass);
}

TEST_CASE("check_little: names what it rejects") {
  const numbers one = {1};
  CHECK_THROWS_WITH_AS((void)check_little({}, {}, {}),
                       "relia::queueing::check_little: concurrency must be not empty, got 0",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(
      (void)check_little(one, numbers{0}, one),
      "relia::queueing::check_little: throughput must be positive and finite, got row 0",
      std::domain_error);
  CHECK_THROWS_AS((void)check_little(one, one, numbers{1, 2}), std::invalid_argument);
  CHECK_THROWS_AS((void)check_little(one, one, one, 0), std::domain_error);
  CHECK_THROWS_AS((void)check_little(one, one, numbers{std::numeric_limits<double>::quiet_NaN()}),
                  std::domain_error);
}

TEST_SUITE_END();
