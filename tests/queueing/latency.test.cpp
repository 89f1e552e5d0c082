// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <relia/core/verdict.hpp>
#include <relia/queueing/latency.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("latency");

namespace {
constexpr double infinity = std::numeric_limits<double>::infinity();
}  // namespace

TEST_CASE("latency_estimate: the p99 and its two corners") {
  // 120 arrivals in 60 s, 80 services of 40 s together, 3 servers: tests/reference/queueing/
  // latency.py, mpmath 50 digits. The gamma quantiles are Boost's, good to about 1e-14.
  const auto e = latency_estimate(120, 60, 80, 40, 3);
  CHECK_REL(e.value, 2.3457083986553318667, 1e-13);
  CHECK_REL(e.interval.lower, 1.8253413833033368831, 1e-13);
  CHECK_REL(e.interval.upper, 3.3078668451365644297, 1e-13);
  CHECK(e.interval.confidence_level == 0.95);
  CHECK(e.n == 120);
  CHECK(e.state == state::ok);
  CHECK(e.method == corners);
  CHECK(e.notes.empty());
}

TEST_CASE("latency_estimate: measures the wait when asked") {
  const auto e = latency_estimate(120, 60, 80, 40, 3, {.delay = delay::wait, .level = 0.999});
  CHECK(e.value == mmc(2, 2, 3).waiting_time().quantile(0.999));
  CHECK(e.interval.contains(e.value));
}

TEST_CASE("latency_estimate: covers at least as often as it says") {
  // True p99 at 6 arrivals/s, 0.5 s each, 4 servers; 150 s watched, 150 services measured. Of 1000
  // runs, covering 0.95 gives 950 +- 6.9; Bonferroni and the corners make it more.
  const double truth = mmc(6, 2, 4).response_time().quantile(0.99);
  std::mt19937_64 engine(20261123);
  std::poisson_distribution<std::int64_t> arrivals(6 * 150.0);
  std::gamma_distribution<double> services(150, 0.5);
  int covered = 0;
  for (int i = 0; i < 1000; ++i) {
    const auto e = latency_estimate(arrivals(engine), 150, 150, services(engine), 4);
    if (e.state == state::ok && e.interval.contains(truth)) ++covered;
  }
  CHECK(covered >= 950 - 3 * 7);
}

TEST_CASE("latency_estimate: over capacity at its upper limits, the upper end is infinite") {
  const auto e = latency_estimate(120, 60, 30, 15, 2, {});  // load 1 of 2, 30 services only
  CHECK(e.state == state::ok);
  const auto wide = latency_estimate(105, 60, 30, 30, 2);  // load 1.75 of 2
  CHECK(wide.state == state::ok);
  CHECK(std::isfinite(wide.value));
  CHECK(wide.interval.upper == infinity);
  CHECK(wide.interval.lower < wide.value);
  CHECK(wide.notes.size() == 1);
}

TEST_CASE("latency_estimate: unstable when the measured load is at or over capacity") {
  const auto e = latency_estimate(300, 60, 80, 80, 2);  // 5 arrivals/s of 1 s each
  CHECK(e.notes == std::vector<std::string>{"the load is 5 of 2 servers"});
  CHECK(e.state == state::unstable);
  CHECK(std::isnan(e.value));
  CHECK(e.interval.lower == 0);
  CHECK(e.interval.upper == infinity);
  const auto at_capacity =
      latency_estimate(120, 60, 80, 80, 2, {.confidence_level = two_sided_level(0.95)});
  const decision d = decide(at_capacity, {sense::at_most, 1.0, 0.95});
  CHECK(d.verdict == verdict::fail);
  CHECK(d.reason == "unstable: the load is 2 of 2 servers");
}

TEST_CASE("latency_estimate: no data without arrivals or services") {
  CHECK(latency_estimate(0, 60, 80, 40, 3).state == state::no_data);
  CHECK(latency_estimate(120, 60, 0, 0, 3).state == state::no_data);
  CHECK(latency_estimate(0, 60, 0, 0, 3).interval.upper == infinity);
}

TEST_CASE("latency_estimate: names the argument it rejects") {
  CHECK_THROWS_WITH_AS((void)latency_estimate(-1, 60, 80, 40, 3),
                       "relia::queueing::latency_estimate: arrivals must be at least 0, got -1",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(
      (void)latency_estimate(1, 0, 80, 40, 3),
      "relia::queueing::latency_estimate: exposure must be positive and finite, got 0",
      std::domain_error);
  CHECK_THROWS_WITH_AS(
      (void)latency_estimate(1, 60, 80, 0, 3),
      "relia::queueing::latency_estimate: service_total must be positive and finite, got 0",
      std::domain_error);
  CHECK_THROWS_WITH_AS((void)latency_estimate(1, 60, 80, 40, 0),
                       "relia::queueing::latency_estimate: servers must be from 1 to 1e9, got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)latency_estimate(1, 60, 80, 40, 3, {.level = 99}),
                       "relia::queueing::latency_estimate: level must be a fraction in (0, 1) (95 "
                       "% is 0.95), got 99",
                       std::domain_error);
}

TEST_SUITE_END();
