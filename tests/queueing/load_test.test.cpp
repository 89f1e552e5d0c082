// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/queueing/load_test.hpp>
#include <relia/queueing/mmc.hpp>
#include <relia/stats/random.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("load_test");

namespace {

using numbers = std::vector<double>;
constexpr double infinity = std::numeric_limits<double>::infinity();

/// examples/web_pool/data/open_loop.csv, the levels under capacity: requests sent in 30 s, mean
/// latency, p50, p90, p99. The service was exponential with a mean of 20 ms, behind a proxy.
struct recorded {
  numbers sent = {1178, 2390, 3632, 4240, 4682, 5565, 5702};
  numbers latency = {0.022154, 0.022860, 0.027491, 0.035656, 0.033721, 0.153955, 0.231301};
  numbers p50 = {0.016139, 0.016248, 0.019944, 0.026402, 0.026294, 0.120313, 0.234080};
  numbers p90 = {0.047784, 0.050637, 0.059337, 0.080542, 0.071626, 0.334162, 0.415272};
  numbers p99 = {0.112035, 0.102597, 0.118665, 0.139675, 0.121630, 0.447519, 0.474137};
  numbers rate = {};

  recorded() {
    for (const double s : sent) rate.push_back(s / 30);
  }
};

/// A load test simulated by the recursion of Kiefer and Wolfowitz with exponential times: servers
/// of rate 1, `length` requests at each load after as many to warm up, everything `delay` later.
struct simulated {
  numbers rate, latency, p50, p90;
  numbers requests;

  simulated(std::size_t servers, double delay, std::size_t length, std::uint64_t seed) {
    for (const double rho : {0.3, 0.5, 0.6, 0.7, 0.8, 0.9}) {
      const stats::random_stream random(seed, static_cast<std::uint64_t>(1000 * rho));
      numbers free(servers);
      numbers response;
      double now = 0;
      double sum = 0;
      for (std::uint64_t i = 0; i < 2 * length; ++i) {
        now += random.exponential(2 * i) / rho / static_cast<double>(servers);
        const auto first = std::min_element(free.begin(), free.end());
        *first = std::max(*first, now) + random.exponential(2 * i + 1);
        if (i < length) continue;
        response.push_back(*first - now + delay);
        sum += response.back();
      }
      std::sort(response.begin(), response.end());
      rate.push_back(rho * static_cast<double>(servers));
      latency.push_back(sum / static_cast<double>(length));
      p50.push_back(response[length / 2 - 1]);
      p90.push_back(response[length * 9 / 10 - 1]);
      requests.push_back(static_cast<double>(length));
    }
  }
};

}  // namespace

TEST_CASE(
    "fit_station: the recorded pool has four workers behind a delay of a millisecond or two") {
  const recorded test;
  const std::vector<latency_quantile> quantiles = {
      {0.5, test.p50}, {0.9, test.p90}, {0.99, test.p99}};
  const auto found = fit_station(test.rate, test.latency, test.sent, quantiles,
                                 {.most_servers = 8, .replicates = 60});
  CHECK(found.servers.interval == interval<double>{4, 4, 0.95});
  CHECK(found.fit.verdict == verdict::pass);
  CHECK(found.variability.interval.contains(found.variability.value));
  // The recording's README gives 0.27 ms for the client and 0.8 ms for a worker, besides the proxy.
  CHECK(found.delay.interval.lower > 0);
  CHECK(found.delay.interval.upper < 0.004);
  CHECK_REL(found.service_rate.value, 50.0, 0.1);
  // At 156 a second the p90 was measured as 71.6 ms: 1.3 standard errors of such a run below the
  // fit.
  CHECK_REL(found.response_time(test.rate[4]).quantile(0.9), 0.071626, 0.25);
  CHECK(found.response_time(210).quantile(0.9) == infinity);
  CHECK(found.response_time(210).state() == state::unstable);
  // Without the delay no pool explains it.
  const auto without =
      fit_station(test.rate, test.latency, test.sent, quantiles,
                  {.most_servers = 16, .mm = true, .delay = false, .replicates = 60});
  CHECK(without.fit.verdict == verdict::fail);
}

TEST_CASE("fit_station: means alone do not tell a short service and a delay from a long service") {
  const recorded test;
  const auto found = fit_station(test.rate, test.latency, test.sent,
                                 {.most_servers = 16, .mm = true, .replicates = 60});
  CHECK(found.servers.interval.contains(4));
  CHECK(found.servers.interval.lower < 4);
  CHECK(found.variability.value == 1);
  CHECK(found.service_rate.interval.contains(50));
}

TEST_CASE("fit_station: long runs of a known pool bring it back") {
  for (const count servers : {1, 3, 12}) {
    CAPTURE(servers);
    numbers rate;
    numbers latency;
    for (const double rho : {0.2, 0.5, 0.7, 0.8, 0.9}) {
      rate.push_back(rho * static_cast<double>(servers) * 25);
      latency.push_back(0.01 + mmc(rate.back(), 25, servers).response_time().mean());
    }
    const numbers requests(rate.size(), 1e9);
    const auto found =
        fit_station(rate, latency, requests, {.most_servers = 16, .mm = true, .replicates = 50});
    CHECK(found.servers.interval ==
          interval<double>{static_cast<double>(servers), static_cast<double>(servers), 0.95});
    // What 1e9 requests know at best: 1 / sqrt(5e9), and a correlated queue knows ten times less.
    CHECK_REL(found.service_rate.value, 25.0, 1e-3);
    CHECK(std::abs(found.delay.value - 0.01) < 1e-4);
    CHECK(found.fit.verdict == verdict::pass);
  }
}

TEST_CASE("fit_station: finds a simulated pool, and its goodness of fit holds") {
  // 3 servers, a delay of 0.2, 600 requests at each of 6 loads; 12 such tests. At a level of 0.95
  // three of twelve outside, or rejected, have a probability of 2 % when it is right.
  // docs/design.md has the larger study.
  int servers = 0;
  int rate = 0;
  int delay = 0;
  int rejected = 0;
  for (std::uint64_t e = 0; e < 12; ++e) {
    const simulated test(3, 0.2, 600, 17 + e);
    const std::vector<latency_quantile> quantiles = {{0.5, test.p50}, {0.9, test.p90}};
    const auto found = fit_station(test.rate, test.latency, test.requests, quantiles,
                                   {.most_servers = 8, .mm = true, .replicates = 60});
    servers += found.servers.interval.contains(3);
    rate += found.service_rate.interval.contains(1);
    delay += found.delay.interval.contains(0.2);
    rejected += found.fit.verdict == verdict::fail;
  }
  CHECK(servers >= 10);
  CHECK(rate >= 10);
  CHECK(delay >= 10);
  CHECK(rejected <= 2);
}

TEST_CASE("fit_station: four means leave the delay at 0, and say so") {
  const numbers rate = {1, 2, 2.5, 2.7};
  numbers latency;
  for (const double x : rate) latency.push_back(mmc(x, 1, 3).response_time().mean());
  const auto found =
      fit_station(rate, latency, numbers(4, 1000), {.most_servers = 8, .replicates = 50});
  CHECK(found.delay.value == 0);
  REQUIRE(found.delay.notes.size() == 1);
  CHECK(found.delay.notes[0] == "held at 0: too few levels to tell it from the service");
}

TEST_CASE("fit_station: a latency that falls with the load is no pool") {
  const numbers rate = {10, 20, 30, 40, 50};
  const auto found = fit_station(rate, numbers{0.05, 0.04, 0.03, 0.02, 0.01}, numbers(5, 1000),
                                 {.most_servers = 8, .replicates = 50});
  CHECK(found.fit.verdict == verdict::fail);
}

TEST_CASE("fit_station: far from capacity the servers have no upper bound") {
  const auto found = fit_station(numbers{1, 2, 3, 4}, numbers{0.1, 0.1, 0.1, 0.1}, numbers(4, 1000),
                                 {.most_servers = 16, .replicates = 50});
  CHECK(found.servers.interval.upper == infinity);
  CHECK(found.servers.notes.size() == 1);
  CHECK(found.fit.verdict != verdict::pass);
}

TEST_CASE("fit_station: names what it rejects") {
  const numbers four = {1, 2, 3, 4};
  CHECK_THROWS_WITH_AS(
      (void)fit_station(numbers{1}, numbers{1}, numbers{1}),
      "relia::queueing::fit_station: arrival_rate must be of at least 4 levels, got 1",
      std::invalid_argument);
  CHECK_THROWS_WITH_AS(
      (void)fit_station(four, numbers{1, 1, -1, 1}, four),
      "relia::queueing::fit_station: latency must be from 1e-15 to 1e15, got row 2",
      std::domain_error);
  CHECK_THROWS_AS((void)fit_station(four, four, numbers{1}), std::invalid_argument);
  const std::vector<latency_quantile> falling = {{0.9, four}, {0.5, four}};
  CHECK_THROWS_WITH_AS(
      (void)fit_station(four, four, four, falling),
      "relia::queueing::fit_station: quantiles.level must be in rising order, got 0.5",
      std::invalid_argument);
  const std::vector<latency_quantile> deep = {{0.99, four}};
  CHECK_THROWS_WITH_AS((void)fit_station(four, four, four, deep),
                       "relia::queueing::fit_station: requests must be enough for one beyond each "
                       "quantile, got row 0",
                       std::invalid_argument);
  CHECK_THROWS_AS((void)fit_station(four, four, four, {.most_servers = 0}), std::domain_error);
}

// Found by the fuzzer: a level of one request, and one ten times as slow at half the load.
TEST_CASE("fit_station: intervals hold their value, whatever the levels") {
  for (const bool mm : {false, true}) {
    for (const bool delay : {false, true}) {
      const auto fit = fit_station(numbers{3.5, 3.48828125, 2.03125, 1.7578125},
                                   numbers{2.73828125, 3.359375, 33.046875, 1.51953125},
                                   numbers{66.97265625, 1.05859375, 1.109375, 2.87890625},
                                   {.most_servers = 4,
                                    .mm = mm,
                                    .delay = delay,
                                    .replicates = 50,
                                    .confidence_level = 0.56589147286821706});
      for (const auto& e : {fit.servers, fit.service_rate, fit.variability, fit.delay}) {
        CHECK(e.interval.contains(e.value));
      }
    }
  }
}

TEST_CASE("fit_station: the response at times that are none") {
  const auto fit = fit_station(numbers{1, 2, 3, 3.5}, numbers{0.3, 0.35, 0.5, 0.8},
                               numbers{900, 900, 900, 900}, {.most_servers = 3, .replicates = 50});
  const auto response = fit.response_time(2);
  CHECK(std::isnan(response.survival(std::numeric_limits<double>::quiet_NaN())));
  CHECK(response.survival(std::numeric_limits<double>::infinity()) == 0);
  CHECK(response.survival(-1) == 1);
  CHECK(std::isnan(response.quantile(1.5)));
}

TEST_SUITE_END();
