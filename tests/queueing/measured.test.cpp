// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/queueing/measured.hpp>
#include <relia/stats/random.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("measured");

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
using numbers = std::vector<double>;

service_targets p99_within(double limit) {
  service_targets t;
  t.latency = {{.limit = limit}};
  return t;
}

}  // namespace

TEST_CASE("measured_service_time: the exact interval of an exponential mean") {
  // 2 total / chi-squared quantiles of 20 degrees at 0.975 and 0.025, 34.169606902838339 and
  // 9.5907773922648633 (mpmath 1.2.1, 30 digits).
  const auto e = measured_service_time(numbers{4, 0, 6}, numbers{0.5, 9, 0.5});
  CHECK(e.value == 0.5);
  CHECK_REL(e.interval.lower, 10 / 34.169606902838339, 1e-14);  // an inverse gamma and a quotient
  CHECK_REL(e.interval.upper, 10 / 9.5907773922648633, 1e-14);
  CHECK(e.n == 10);
  CHECK(measured_service_time(numbers{}, numbers{}).state == state::no_data);
  CHECK_THROWS_WITH_AS((void)measured_service_time(numbers{3, 1.5}, numbers{1, 1}),
                       "relia::queueing::measured_service_time: requests must be whole numbers "
                       "from 0 to 1e15, got row 1",
                       std::domain_error);
  CHECK_THROWS_AS((void)measured_service_time(numbers{3}, numbers{0}), std::domain_error);
  CHECK_THROWS_AS((void)measured_service_time(numbers{3}, numbers{}), std::invalid_argument);
}

TEST_CASE("fitted_service_time: covers the service of simulated pools") {
  // 3 servers of mean 1, 6 loads of 4000 requests after 500 of warm-up, by the recursion of Kiefer
  // and Wolfowitz; 12 tests. Of 12 intervals at 0.95, 3 or more miss with a probability of 2 %.
  int covered = 0;
  for (std::uint64_t test = 0; test < 12; ++test) {
    numbers rate;
    numbers latency;
    for (const double rho : {0.2, 0.35, 0.5, 0.6, 0.7, 0.8}) {
      const stats::random_stream random(3, 10 * test + static_cast<std::uint64_t>(rate.size()));
      numbers free(3, 0.0);
      double now = 0;
      double sum = 0;
      for (std::uint64_t i = 0; i < 4500; ++i) {
        now += random.exponential(2 * i) / (3 * rho);
        const auto next = std::min_element(free.begin(), free.end());
        *next = std::max(now, *next) + random.exponential(2 * i + 1);
        if (i >= 500) sum += *next - now;
      }
      rate.push_back(3 * rho);
      latency.push_back(sum / 4000);
    }
    const auto e = fitted_service_time(rate, latency, numbers(rate.size(), 4000));
    covered += e.interval.contains(1) ? 1 : 0;
    CHECK(e.method == jackknife);
  }
  CHECK(covered >= 10);
}

TEST_CASE("fitted_service_time: says when no such pool explains the levels") {
  // examples/web_pool/data/open_loop.csv: as M/M/c the misfit is certain (load_test.test.cpp).
  const numbers sent = {1178, 2390, 3632, 4240, 4682, 5565, 5702};
  const numbers latency = {0.022154, 0.022860, 0.027491, 0.035656, 0.033721, 0.153955, 0.231301};
  numbers rate;
  for (const double s : sent) rate.push_back(s / 30);
  const auto e = fitted_service_time(rate, latency, sent);
  REQUIRE(e.notes.size() == 1);
  CHECK(e.notes[0].starts_with("no such pool explains the levels"));
  // 20.2 ms measured by the workers and 0.5 ms for each request besides (README of the recording).
  CHECK(e.interval.contains(0.0207));
  CHECK_THROWS_WITH_AS((void)fitted_service_time(numbers(4, 1), numbers(4, 1), numbers(4, 1)),
                       "relia::queueing::fitted_service_time: arrival_rate must be of at least 5 "
                       "levels, got 4",
                       std::invalid_argument);
}

TEST_CASE("servers_for_measured: what is known for certain has no width") {
  const contingency plan{.growth = 0.3, .failures = 1};
  const auto e = servers_for_measured({known(160), known(0.02)}, p99_within(0.2), plan);
  const auto exact = servers_for({160, 1 / 0.02}, p99_within(0.2), plan);
  CHECK(e.value == exact.value);
  CHECK(e.interval == interval<double>{exact.value, exact.value, 1});
  CHECK(e.method == corners);
}

TEST_CASE("servers_for_measured: the ends are the answers at the corners") {
  estimate<double> rate = known(160);
  rate.interval = {140, 190, 0.975};
  estimate<double> time = known(0.02);
  time.interval = {0.018, 0.023, 0.975};
  const auto e = servers_for_measured({rate, time}, p99_within(0.2), {.failures = 1});
  CHECK(e.interval.lower == servers_for({140, 1 / 0.018}, p99_within(0.2), {.failures = 1}).value);
  CHECK(e.interval.upper == servers_for({190, 1 / 0.023}, p99_within(0.2), {.failures = 1}).value);
  CHECK_REL(e.interval.confidence_level, 0.95, 1e-15);
  CHECK(e.interval.lower < e.value);
  CHECK(e.value < e.interval.upper);
}

TEST_CASE("servers_for_measured: absent, impossible, and impossible at the upper limit") {
  CHECK(servers_for_measured({no_data<double>({}), known(1)}, p99_within(1)).state ==
        state::no_data);
  const auto slow = servers_for_measured({known(1), known(1)}, p99_within(1));
  CHECK(slow.state == state::unstable);
  CHECK(slow.notes[0] ==
        "the service alone breaks the promise of response_quantile: no number of servers suffices");
  estimate<double> time = known(0.2);
  time.interval = {0, 0.3, 0.95};
  const auto wide = servers_for_measured({known(1), time}, p99_within(1));
  CHECK(wide.interval.lower == 1);
  CHECK(wide.interval.upper == infinity);
  CHECK(wide.notes[0] == "at the upper limit of the service time no number suffices");
  CHECK_THROWS_AS((void)servers_for_measured({known(-1), known(1)}, p99_within(1)),
                  std::domain_error);
}

TEST_CASE("arrival_rate_for_measured: falls with the service time, whatever the room") {
  estimate<double> time = known(0.02);
  time.interval = {0.018, 0.023, 0.95};
  const auto e = arrival_rate_for_measured({{}, time}, 5, p99_within(0.2), {.failures = 1});
  CHECK(e.value == arrival_rate_for({0, 1 / 0.02}, 5, p99_within(0.2), {.failures = 1}).value);
  CHECK(e.interval.lower ==
        arrival_rate_for({0, 1 / 0.023}, 5, p99_within(0.2), {.failures = 1}).value);
  CHECK(e.interval.upper ==
        arrival_rate_for({0, 1 / 0.018}, 5, p99_within(0.2), {.failures = 1}).value);
  service_targets few;
  few.blocking = 0.01;
  const auto lossy = arrival_rate_for_measured({.service_time = time, .waiting_room = 3}, 5, few);
  CHECK(lossy.interval.lower < lossy.value);
  CHECK(lossy.value < lossy.interval.upper);
  CHECK(arrival_rate_for_measured({{}, known(1)}, 5, p99_within(1)).value == 0);
  CHECK(arrival_rate_for_measured({{}, no_data<double>({})}, 5, p99_within(1)).state ==
        state::no_data);
}
