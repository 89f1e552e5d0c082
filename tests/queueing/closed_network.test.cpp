// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <relia/queueing/closed_network.hpp>
#include <relia/queueing/mmc.hpp>

#include <support/close.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("closed_network");

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
using stations = std::vector<closed_station>;

double sum_of_probabilities(const std::vector<double>& p) {
  double sum = 0;
  for (const double x : p) sum += x;
  return sum;
}

}  // namespace

TEST_CASE("solve_closed: pools that defeat the textbook's mean value analysis") {
  // A pool of m servers, demand 1, a second station of 0.02, think time 5: mpmath, 60 digits. Other
  // programs give 4.79 and 4.65 (row 2), -3.7 and -4.9 (3), 360, 8.99 and 7.81 (4), 134, 32.3, -14
  // and 40.3 (5), the last far outside of what 100 and 50 servers can do.
  const struct {
    count population;
    count servers;
    double throughput;
  } rows[] = {{50, 5, 4.99986623065103343},
              {100, 5, 5.0},
              {100, 10, 9.999999774594506089948164},
              {200, 50, 33.01745718028327047325877},
              {400, 100, 49.99999971639534285336587}};
  for (const auto& row : rows) {
    const auto s = solve_closed(stations{{1, row.servers}, {0.02}}, 5, row.population);
    CHECK_REL(s.throughput, row.throughput, 1e-14);
  }
  // One pool and a think time, where a program gave -2.59, 55.6 and 9.36. mpmath, 60 digits.
  CHECK_REL(solve_closed(stations{{1, 10}}, 5, 100).throughput, 9.99999982159982897591, 1e-14);
  CHECK_REL(solve_closed(stations{{1, 50}}, 5, 400).throughput, 49.99999999753636805357, 1e-14);
  CHECK_REL(solve_closed(stations{{1, 100}}, 5, 1000).throughput, 100.0, 1e-14);
}

TEST_CASE("solve_closed: any number of stations") {
  // Eleven and fifteen stations of equal demand: X = N / (D (K + N - 1)).
  for (const int k : {1, 11, 15, 100}) {
    const stations equal(static_cast<std::size_t>(k), closed_station{0.125});
    CHECK_REL(solve_closed(equal, 0, 40).throughput, 40 / (0.125 * (k + 39)), 1e-14);
  }
}

TEST_CASE("solve_closed: requests are somewhere, and throughput rises to the bottleneck") {
  const stations some{{0.5, 4}, {0.125}, {0.25, 3}, {0.0625}, {0.03125, 1, {1, 1.5, 1.75}}};
  const auto s = solve_closed(some, 2, 300);
  double there = s.throughput * 2;
  for (std::size_t i = 0; i < some.size(); ++i) {
    there += s.queue_lengths[i];
    // Little's law per station.
    CHECK_REL(s.residence_times[i] * s.throughput, s.queue_lengths[i], 1e-14);
    CHECK(s.utilizations[i] <= 1);
  }
  CHECK_REL(there, 300.0, 1e-13);
  CHECK_REL(s.response_time, 300 / s.throughput - 2, 1e-13);
  for (std::size_t n = 1; n < s.throughputs.size(); ++n) {
    CHECK(s.throughputs[n] >= s.throughputs[n - 1] * (1 - 1e-15));
  }
  CHECK(s.throughput == s.throughputs.back());
  CHECK_REL(s.throughputs[99], solve_closed(some, 2, 100).throughput, 1e-15);
  CHECK_REL(s.utilizations[1], s.throughput * 0.125, 1e-15);
}

TEST_CASE("solve_closed: servers are speeds 1, 2, ..., c, and one speed of 1 is one server") {
  const auto pool = solve_closed(stations{{0.5, 4}, {0.25}}, 1, 60);
  const auto speeds = solve_closed(stations{{0.5, 1, {1, 2, 3, 4}}, {0.25, 1, {1}}}, 1, 60);
  CHECK_REL(speeds.throughput, pool.throughput, 1e-14);
  CHECK_REL(speeds.queue_lengths[0], pool.queue_lengths[0], 1e-14);
  CHECK_REL(speeds.queue_lengths[1], pool.queue_lengths[1], 1e-14);
  // Of a station with speeds, the fraction of time with work; of one server they are the same.
  CHECK_REL(speeds.utilizations[1], pool.utilizations[1], 1e-13);
}

TEST_CASE("solve_closed: as many servers as requests is think time") {
  const auto pool = solve_closed(stations{{0.5, 50}, {0.125}}, 1, 50);
  const auto think = solve_closed(stations{{0.125}}, 1.5, 50);
  CHECK_REL(pool.throughput, think.throughput, 1e-14);
  CHECK_REL(pool.queue_lengths[1], think.queue_lengths[0], 1e-13);
  const auto more = solve_closed(stations{{0.5, most_servers}, {0.125}}, 1, 50);
  CHECK_REL(more.throughput, think.throughput, 1e-14);
}

TEST_CASE("solve_closed: a large population that thinks long is an open M/M/c") {
  // 1e5 requests that think 1e5: 1 per unit of time from outside; the error is of order 1 / N.
  const auto s = solve_closed(stations{{3.0, 4}}, 1e5, 100'000);
  CHECK_REL(s.queue_lengths[0], mmc(1, 1.0 / 3, 4).mean_in_system(), 1e-3);
}

TEST_CASE("solve_closed: any unit of time, up to the ends of the doubles") {
  const auto s = solve_closed(stations{{1, 5}, {0.5}}, 2, 30);
  for (const int k : {-1020, -400, 400, 1015}) {
    const auto t = solve_closed(stations{{std::ldexp(1.0, k), 5}, {std::ldexp(0.5, k)}},
                                std::ldexp(2.0, k), 30);
    CHECK(t.throughput == std::ldexp(s.throughput, -k));
    CHECK(t.response_time == std::ldexp(s.response_time, k));
  }
  const auto tiny = solve_closed(stations{{1e-300, 5}}, 1e300, 10);
  CHECK_REL(tiny.throughput, 1e-299, 1e-15);
  CHECK(tiny.response_time >= 0);
}

TEST_CASE("solve_closed: stations without demand and a single request") {
  const auto s = solve_closed(stations{{0, 3}, {0.5, 2}, {0}}, 0, 1);
  CHECK(s.throughput == 2);
  CHECK(s.queue_lengths == std::vector<double>{0, 1, 0});
  CHECK(solve_closed({}, 4, 8).throughput == 2);
}

TEST_CASE("queue_distribution: sums to 1, and to the mean and the utilization") {
  const stations some{{0.5, 4}, {0.125}, {0.25, 3}};
  const auto s = solve_closed(some, 2, 80);
  for (count i = 0; i < 3; ++i) {
    const auto p = queue_distribution(some, 2, 80, i);
    CHECK(p.size() == 81);
    CHECK_REL(sum_of_probabilities(p), 1.0, 1e-14);
    double mean = 0;
    for (std::size_t j = 0; j < p.size(); ++j) mean += static_cast<double>(j) * p[j];
    const auto at = static_cast<std::size_t>(i);
    CHECK_REL(mean, s.queue_lengths[at], 1e-13);
  }
  CHECK_REL(queue_distribution(some, 2, 80, 1)[0], 1 - s.utilizations[1], 1e-13);
  // Far below the smallest double nothing is left, and nothing is NaN.
  const auto deep = queue_distribution(stations{{1, 1000}}, 1e-6, 5000, 0);
  CHECK(deep[0] == 0);
  CHECK_REL(sum_of_probabilities(deep), 1.0, 1e-13);
}

TEST_CASE("solve_closed: random networks are never out of bounds") {
  std::mt19937_64 engine(20261123);
  std::uniform_real_distribution<double> u(0, 1);
  for (int round = 0; round < 300; ++round) {
    stations some;
    double capacity = infinity;
    for (int i = 0, k = 1 + static_cast<int>(u(engine) * 4); i < k; ++i) {
      const double demand = std::pow(10, 40 * u(engine) - 20);
      const auto servers = static_cast<count>(std::pow(10, 3 * u(engine)));
      some.push_back({demand, servers});
      capacity = std::min(capacity, static_cast<double>(servers) / demand);
    }
    const double think = u(engine) < 0.3 ? 0 : std::pow(10, 40 * u(engine) - 20);
    const auto population = static_cast<count>(std::pow(10, 3 * u(engine)));
    const auto s = solve_closed(some, think, population);
    CHECK(s.throughput > 0);
    CHECK(s.throughput <= capacity * (1 + 1e-13));
    CHECK(s.response_time >= 0);
    double there = s.throughput * think;
    for (const double q : s.queue_lengths) {
      CHECK(q >= 0);
      there += q;
    }
    CHECK_REL(there, static_cast<double>(population), 1e-12);
  }
}

TEST_CASE("solve_closed: names the argument it rejects") {
  const stations one{{1, 2}};
  CHECK_THROWS_WITH_AS((void)solve_closed(one, -1, 5),
                       "relia::queueing::solve_closed: think_time must be at least 0 and finite, "
                       "got -1",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)solve_closed(one, 1, 0),
                       "relia::queueing::solve_closed: population must be from 1 to 1e7, got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)solve_closed(stations{{1}, {1, 0}}, 1, 5),
                       "relia::queueing::solve_closed: stations[1].servers must be from 1 to 1e9, "
                       "got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)solve_closed(stations{{not_a_number}}, 1, 5),
                       "relia::queueing::solve_closed: stations[0].demand must be at least 0 and "
                       "finite, got nan",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)solve_closed(stations{{0}}, 0, 5),
                       "relia::queueing::solve_closed: think_time must be positive where every "
                       "demand is 0, got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)solve_closed(stations{{1, 2, {1, 2}}}, 0, 5),
                       "relia::queueing::solve_closed: stations[0].servers must be 1 where speeds "
                       "are given, got 2",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)solve_closed(stations{{1, 1, {0}}}, 0, 5),
                       "relia::queueing::solve_closed: stations[0].speeds must be from 1e-100 to "
                       "1e100, got 0",
                       std::domain_error);
  CHECK_THROWS_AS((void)solve_closed(stations{{1, 1'000'000}}, 0, 10'000'000), std::domain_error);
  CHECK_THROWS_WITH_AS((void)queue_distribution(one, 1, 5, 1),
                       "relia::queueing::queue_distribution: station must be an index of stations, "
                       "got 1",
                       std::domain_error);
  CHECK_THROWS_AS((void)solve_closed(one, infinity, 5), std::domain_error);
  CHECK_NOTHROW((void)solve_closed(stations{{1e308}, {1e308}}, 1e308, 5));
}

TEST_CASE("closed_network: single servers that are next to nothing beside a pool") {
  // Two servers of 1.7e308 each, and single ones of which the cycle takes nothing.
  for (const double demand : {2.99609375, 1e-3, 1e-15}) {
    const auto s = solve_closed(stations{{demand}, {1.7e308, 2}}, 1e-3, 87);
    CHECK_REL(s.throughput, 2 / 1.7e308, 1e-14);
    CHECK_REL(s.queue_lengths[1], 87.0, 1e-14);
    CHECK(s.queue_lengths[0] >= 0);
    CHECK(s.queue_lengths[0] < 1e-290);
  }
  const auto numbers = queue_distribution(stations{{1e-3}, {1.7e308, 2}}, 1, 87, 1);
  CHECK_REL(numbers[87], 1.0, 1e-14);
}

TEST_SUITE_END();
