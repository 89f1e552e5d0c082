// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/queueing/ggc.hpp>
#include <relia/queueing/gimc.hpp>
#include <relia/queueing/lognormal_time.hpp>
#include <relia/queueing/mdc.hpp>
#include <relia/queueing/mg1.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("ggc");

namespace {

using formula = std::function<double(double, double, count, double, double)>;

struct range {
  double lower = 9;
  double upper = 0;
};

/// The approximation over the exact mean wait of M/D/c, D/M/c, E2/M/c and M/M/c.
range ratios(const formula& of, std::initializer_list<double> utilizations,
             std::initializer_list<count> pools) {
  range met;
  for (const double rho : utilizations) {
    for (const count c : pools) {
      const double a = rho * static_cast<double>(c);
      const auto meet = [&](double exact, double ca, double cs) {
        const double ratio = of(a, 1, c, ca, cs) / exact;
        met.lower = std::min(met.lower, ratio);
        met.upper = std::max(met.upper, ratio);
      };
      meet(mdc(a, 1, c).waiting_time().mean(), 1, 0);
      meet(mmc(a, 1, c).waiting_time().mean(), 1, 1);
      meet(gimc(deterministic_time(1 / a), 1, c).waiting_time().mean(), 0, 1);
      meet(gimc(erlang_time(2, 1 / a), 1, c).waiting_time().mean(), 0.5, 1);
    }
  }
  return met;
}

}  // namespace

TEST_CASE("ggc: exact where the model is: M/G/1 and M/M/c") {
  const double exact = mg1(0.75, lognormal_time(1, 3)).mean_wait();
  CHECK_REL(kingman(0.75, 1, 1, 3), exact, 1e-15);
  CHECK_REL(kraemer_langenbach_belz(0.75, 1, 1, 3), exact, 1e-15);
  CHECK_REL(marchal(0.75, 1, 1, 3), exact, 1e-15);
  CHECK_REL(allen_cunneen(0.75, 1, 1, 1, 3), exact, 1e-15);
  CHECK_REL(sakasegawa(0.75, 1, 1, 1, 3), exact, 1e-15);
  // A peer's Whitt is 62 % off for M/M/10 at 0.95, and gives 39 for M/M/1, which waits 19.
  const double pool = mmc(9.5, 1, 10).waiting_time().mean();
  CHECK_REL(whitt(9.5, 1, 10, 1, 1), pool, 1e-15);
  CHECK_REL(kimura(9.5, 1, 10, 1, 1), pool, 1e-15);
  CHECK_REL(whitt(0.95, 1, 1, 1, 1), 19.0, 1e-14);
}

TEST_CASE("kingman_bound: no queue waits longer") {
  for (const double rho : {0.1, 0.5, 0.9, 0.99}) {
    CHECK(gim1(deterministic_time(1 / rho), 1).waiting_time().mean() < kingman_bound(rho, 1, 0, 1));
    CHECK(gim1(hyperexponential_time::of_scv(1 / rho, 4), 1).waiting_time().mean() <
          kingman_bound(rho, 1, 4, 1));
    CHECK(md1(rho, 1).waiting_time().mean() < kingman_bound(rho, 1, 1, 0));
  }
}

TEST_CASE("ggc: the known errors, measured against the exact queues") {
  // The limits are what was met, rounded outwards: they are the documented error of each author.
  const auto within = [](const range& met, double lower, double upper) {
    CHECK(met.lower >= lower);
    CHECK(met.upper <= upper);
    INFO(met.lower, " to ", met.upper);
    CHECK(met.lower <= lower + 0.02);
    CHECK(met.upper >= upper - 0.02);
  };
  const auto busy = {0.9, 0.95, 0.99};
  const auto small = {count{1}, count{2}, count{5}, count{10}};
  within(ratios(allen_cunneen, busy, small), 0.97, 1.24);
  within(ratios(sakasegawa, busy, small), 0.98, 1.26);
  within(ratios(whitt, busy, small), 0.99, 1.07);
  within(ratios(kimura, busy, small), 0.96, 1.01);
  const auto klb = [](double a, double s, count, double ca, double cs) {
    return kraemer_langenbach_belz(a, s, ca, cs);
  };
  within(ratios(klb, {0.5, 0.7, 0.9}, {1}), 0.99, 1.09);
}

TEST_CASE("ggc: unstable is infinite, idle is 0, and what is refused") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  CHECK(kingman(1, 1, 1, 1) == infinity);
  CHECK(kingman_bound(2, 1, 1, 1) == infinity);
  CHECK(kraemer_langenbach_belz(1, 1, 1, 1) == infinity);
  CHECK(marchal(1e308, 1, 1, 1) == infinity);
  CHECK(allen_cunneen(10, 1, 10, 1, 1) == infinity);
  CHECK(sakasegawa(11, 1, 10, 1, 1) == infinity);
  CHECK(whitt(10, 1, 10, 1, 1) == infinity);
  CHECK(kimura(10, 1, 10, 1, 1) == infinity);
  for (const double scv : {0.0, 0.5, 1.0}) {
    CHECK(kingman(0, 1, scv, scv) == 0);
    CHECK(kraemer_langenbach_belz(0, 1, scv, scv) == 0);
    CHECK(allen_cunneen(0, 1, 5, scv, scv) == 0);
    CHECK(sakasegawa(0, 1, 5, scv, scv) == 0);
    CHECK(whitt(0, 1, 5, scv, scv) == 0);
    CHECK(kimura(0, 1, 5, scv, scv) == 0);
  }
  CHECK(whitt(9, 1, 10, 0, 0) == 0);  // constant times never wait
  CHECK(kimura(9, 1, 10, 0, 0) == 0);
  CHECK_THROWS_WITH_AS(
      (void)kingman(1, 2, -1, 1),
      "relia::queueing::kingman: arrival_scv must be at least 0 and finite, got -1",
      std::domain_error);
  CHECK_THROWS_WITH_AS((void)kimura(1, 2, 1, 2, 1),
                       "relia::queueing::kimura: arrival_scv must be at most 1, got 2",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)whitt(1, 2, 0, 1, 1),
                       "relia::queueing::whitt: servers must be from 1 to 1e9, got 0",
                       std::domain_error);
  CHECK_THROWS_AS((void)marchal(0, 1, 1, 1), std::domain_error);
  CHECK_THROWS_AS((void)sakasegawa(1, std::nan(""), 1, 1, 1), std::domain_error);
}

TEST_CASE("ggc: at the ends of the doubles a wait is a number") {
  for (const double arrival : {0.0, 5e-324, 1e-300, 0.5, 1e300}) {
    for (const double service : {5e-324, 1e-308, 1.0, 1e15, 1.7e308}) {
      for (const double ca : {0.0, 5e-324, 1.0, 1.7e308}) {
        for (const double cs : {0.0, 1.0, 8e109, 1.7e308}) {
          CHECK(kingman(arrival, service, ca, cs) >= 0);
          CHECK(kraemer_langenbach_belz(arrival, service, ca, cs) >= 0);
          CHECK(allen_cunneen(arrival, service, 3, ca, cs) >= 0);
          CHECK(sakasegawa(arrival, service, 3, ca, cs) >= 0);
          CHECK(whitt(arrival, service, 3, ca, cs) >= 0);
          if (arrival == 0) continue;
          CHECK(kingman_bound(arrival, service, ca, cs) >= 0);
          CHECK(marchal(arrival, service, ca, cs) >= 0);
        }
      }
    }
  }
}

TEST_SUITE_END();
