// SPDX-License-Identifier: BSL-1.0
#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/queueing/uncertainty.hpp>
#include <relia/stats/rate.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("uncertainty");

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

estimate<double> known(double value, double lower, double upper, double level = 0.975) {
  estimate<double> e;
  e.value = value;
  e.interval = {lower, upper, level};
  e.n = 100;
  return e;
}

}  // namespace

TEST_CASE("latency_estimate: from estimates, the same corners as from the counts") {
  const auto counted = queueing::latency_estimate(60'000, 600, 60'000, 4800, 10);
  const auto arriving = stats::rate(60'000, 600, {.confidence_level = 0.975});
  const auto serving =
      stats::rate(60'000, 4800, {.confidence_level = 0.975, .stopping = stats::stopping::at_event});
  const auto time =
      known(1 / serving.value, 1 / serving.interval.upper, 1 / serving.interval.lower);
  const auto found = latency_estimate(arriving, time, 10);
  CHECK_REL(found.value, counted.value, 1e-12);
  CHECK_REL(found.interval.lower, counted.interval.lower, 1e-12);
  CHECK_REL(found.interval.upper, counted.interval.upper, 1e-12);
  CHECK_REL(found.interval.confidence_level, 0.95, 1e-14);
}

TEST_CASE("latency_estimate and servers_estimate: states and notes") {
  const auto rate = known(100, 90, 110);
  CHECK(latency_estimate(known(130, 120, 140), known(0.08, 0.07, 0.09), 10).state ==
        state::unstable);
  const auto near = latency_estimate(rate, known(0.08, 0.07, 0.1), 10);
  CHECK(near.state == state::ok);
  CHECK(near.interval.upper == infinity);
  CHECK(near.notes.size() == 1);
  CHECK(latency_estimate(no_data<double>(corners), rate, 10).state == state::no_data);
  // The service alone exceeds 0.35 s in 1.26 % of the requests: with a mean of 0.08 s no number.
  const latency_target target{.level = 0.99, .limit = 0.35};
  CHECK(servers_estimate(rate, known(0.08, 0.07, 0.09), target).state == state::unstable);
  const auto some = servers_estimate(rate, known(0.07, 0.065, 0.08), target);
  CHECK(some.interval.upper == infinity);
  CHECK(some.notes.size() == 1);
  const auto all = servers_estimate(rate, known(0.05, 0.045, 0.055), target);
  CHECK(all.value == static_cast<double>(min_servers(100, 1 / 0.05, target).servers));
  CHECK(all.interval.lower == static_cast<double>(min_servers(90, 1 / 0.045, target).servers));
  CHECK(all.interval.upper == static_cast<double>(min_servers(110, 1 / 0.055, target).servers));
}

TEST_CASE("latency_sensitivity: M/M/1 in closed form") {
  // p99 = log(100) / (mu - lambda): elasticity lambda / (mu - lambda), and of the service mu / ...
  const auto found = latency_sensitivity(80, 100, 1);
  CHECK_REL(found.latency, std::log(100.0) / 20, 1e-13);
  CHECK_REL(found.arrivals, 4.0, 1e-8);
  CHECK_REL(found.service, 5.0, 1e-8);
  CHECK(found.best() == (found.service >= found.servers ? "service" : "servers"));
}

TEST_CASE("latency_sensitivity: next to saturation, idle, and over capacity") {
  // Next to saturation the wait decides: all levers pull alike, as 1 / (1 - rho).
  const auto near = latency_sensitivity(1000 - 1e-3, 1, 1000);
  CHECK_REL(near.arrivals, 1e6, 1e-2);
  // Idle, the service is all there is.
  const auto idle = latency_sensitivity(1e-9, 1, 4);
  CHECK_REL(idle.service, 1.0, 1e-6);
  CHECK(idle.best() == "service");
  CHECK(latency_sensitivity(0, 1, 1).service == 1);
  CHECK(latency_sensitivity(5, 1, 4).arrivals == infinity);
  CHECK(latency_sensitivity(1, 1, 100, delay::wait).best() == "none");
}

TEST_CASE("propagate: a product of log-normals is known") {
  // log(x y) is normal with the variances added: 0.1^2 + 0.2^2 around log 6.
  const double z = 1.959963984540054;  // the normal quantile at 0.975
  const std::array inputs = {known(2, 2 * std::exp(-0.1 * z), 2 * std::exp(0.1 * z), 0.95),
                             known(3, 3 * std::exp(-0.2 * z), 3 * std::exp(0.2 * z), 0.95)};
  const auto product = [](std::span<const double> v) { return v[0] * v[1]; };
  const auto found = propagate(product, inputs, {.seed = 1, .draws = 100'000});
  const double sigma = std::sqrt(0.05);
  // The standard error of a 2.5 % quantile of 1e5 normals is 0.0085 sigma: 4 of them, 0.0076.
  CHECK_REL(found.interval.lower, 6 * std::exp(-z * sigma), 0.0076);
  CHECK_REL(found.interval.upper, 6 * std::exp(z * sigma), 0.0076);
  CHECK(found.value == 6);
  CHECK(found.method == simulated);
  CHECK(propagate(product, inputs, {.seed = 1, .draws = 500}).interval ==
        propagate(product, inputs, {.seed = 1, .draws = 500}).interval);
}

TEST_CASE("propagate: infinite answers are counted, not averaged") {
  const std::array inputs = {known(95, 80, 112.8, 0.95)};
  const auto found = propagate(
      [](std::span<const double> v) { return mmc(v[0], 10, 10).response_time().quantile(0.99); },
      inputs, {.seed = 2});
  CHECK(found.interval.upper == infinity);
  CHECK(found.interval.lower < 1);
  CHECK(found.notes.size() == 1);
}

TEST_CASE("uncertainty: names what it rejects") {
  CHECK_THROWS_WITH_AS(
      (void)latency_estimate(known(1, 2, 3), known(1, 0.5, 2), 4),
      "relia::queueing::latency_estimate: arrival_rate must be inside its interval, got 1",
      std::domain_error);
  CHECK_THROWS_AS((void)latency_sensitivity(1, 1, 0), std::domain_error);
  CHECK_THROWS_AS((void)latency_sensitivity(1, 1, 2, delay::wait, 1), std::domain_error);
  const std::array inputs = {known(1, 0, 2)};
  CHECK_THROWS_WITH_AS(
      (void)propagate([](std::span<const double>) { return 1.0; }, inputs),
      "relia::queueing::propagate: inputs.interval.lower must be positive and finite, got 0",
      std::domain_error);
}

TEST_CASE("latency_sensitivity: of latencies that have no inverse") {
  // In another unit of time the levers are the same.
  const auto slow = latency_sensitivity(20, 1, 32, delay::response, 0.75);
  const auto fast = latency_sensitivity(20 * 0x1p1017, 0x1p1017, 32, delay::response, 0.75);
  CHECK_REL(fast.arrivals, slow.arrivals, 1e-6);  // denormal times have 47 bits, a step is 1e-5
  for (const double level : {5e-324, 1e-300}) {
    CHECK(!std::isnan(latency_sensitivity(2, 1, 3, delay::response, level).arrivals));
  }
}

TEST_CASE("propagate: the interval holds the value also where it is next to no wider") {
  estimate<double> e;
  e.value = 5;
  e.interval = {1, 6, 0.95};
  e.n = 10;
  e.state = state::ok;
  const std::array inputs{e};
  const auto model = [](std::span<const double> x) { return x[0] * x[0]; };
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const auto found = propagate(model, inputs, {seed, 200, 1e-9});
    CHECK(found.value == 25);
    CHECK(found.interval.lower <= 25);
    CHECK(found.interval.upper >= 25);
  }
}

TEST_SUITE_END();
