// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <relia/queueing/closed_bounds.hpp>

#include <support/close.hpp>
#include <support/closed_stations.hpp>
#include <support/csv.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("closed_bounds");

namespace {

using stations = std::vector<closed_station>;

}  // namespace

TEST_CASE("throughput_bounds and saturation_population: the reference rows") {
  for (const auto& row : test::csv_table("queueing/closed_bounds.csv")) {
    const auto some = test::stations_of(row.text("stations"));
    const double think = row.number("think_time");
    const std::string& what = row.text("quantity");
    if (what == "saturation_population") {
      CHECK_REL(saturation_population(some, think), row.number("value"), 1e-15);
      continue;
    }
    const auto b = throughput_bounds(some, think, row.integer("population"), {asymptotic});
    CHECK_REL(what == "throughput_lower" ? b.throughput_lower : b.throughput_upper,
              row.number("value"), 1e-15);
  }
}

TEST_CASE("throughput_bounds: always around the exact throughput, and in the order of their cost") {
  std::mt19937_64 engine(20261123);
  std::uniform_real_distribution<double> u(0, 1);
  double widths[3] = {};
  for (int round = 0; round < 3000; ++round) {
    stations some;
    for (int i = 0, k = 1 + static_cast<int>(u(engine) * 5); i < k; ++i) {
      const double draw = u(engine);
      some.push_back({draw < 0.1 ? 0 : draw < 0.3 ? 1 : std::pow(10, -2 * u(engine))});
    }
    some[0].demand += 0.1;
    const double think = u(engine) < 0.3 ? 0 : std::pow(10, 3 * u(engine) - 1);
    const auto n = static_cast<count>(std::pow(10, 2.5 * u(engine)));
    const auto truth = solve_closed(some, think, n);
    int i = 0;
    for (const auto how : {asymptotic, balanced_job, geometric}) {
      const auto b = throughput_bounds(some, think, n, {how});
      // Rounding, where bounds meet the truth.
      CHECK(b.throughput_lower <= truth.throughput * (1 + 1e-13));
      CHECK(b.throughput_upper >= truth.throughput * (1 - 1e-13));
      // The response is n / x less the think time, which takes its digits.
      const double slack = 1e-13 * static_cast<double>(n) / truth.throughput;
      CHECK(b.response_lower <= truth.response_time + slack);
      CHECK(b.response_upper >= truth.response_time - slack);
      widths[i++] += (b.throughput_upper - b.throughput_lower) / truth.throughput;
    }
  }
  CHECK(widths[1] < widths[0] / 3);
  CHECK(widths[2] < widths[1] / 2);
}

TEST_CASE("throughput_bounds: pools and speeds, asymptotically") {
  std::mt19937_64 engine(7);
  std::uniform_real_distribution<double> u(0, 1);
  for (int round = 0; round < 1000; ++round) {
    stations some;
    for (int i = 0, k = 1 + static_cast<int>(u(engine) * 4); i < k; ++i) {
      closed_station s{0.01 + u(engine), 1 + static_cast<count>(u(engine) * 8)};
      if (u(engine) < 0.3) {
        s.servers = 1;
        for (int j = 0; j < 4; ++j) s.speeds.push_back(0.1 + 3 * u(engine));
      }
      some.push_back(s);
    }
    const double think = 10 * u(engine);
    const auto n = 1 + static_cast<count>(u(engine) * 60);
    const double x = solve_closed(some, think, n).throughput;
    const auto b = throughput_bounds(some, think, n, {asymptotic});
    CHECK(b.throughput_lower <= x * (1 + 1e-13));
    CHECK(b.throughput_upper >= x * (1 - 1e-13));
  }
}

TEST_CASE("throughput_bounds: the saturation rate is of one station, not of two mixed") {
  // A program divides the servers of the pool by the demand of the other station: 8.
  CHECK(throughput_bounds(stations{{1}, {0.5, 8}}, 5, 1000, {asymptotic}).throughput_upper == 1);
}

TEST_CASE("throughput_bounds: exact for one request, and for equal stations") {
  const auto one = throughput_bounds(stations{{0.5}, {0.25}}, 2, 1);
  CHECK_REL(one.throughput_lower, 1 / 2.75, 1e-15);
  CHECK_REL(one.throughput_upper, 1 / 2.75, 1e-15);
  const auto equal = throughput_bounds(stations{{0.5}, {0.5}, {0.5}}, 0, 10, {balanced_job});
  CHECK_REL(equal.throughput_lower, 10 / (0.5 * 12), 1e-15);
  CHECK_REL(equal.throughput_upper, 10 / (0.5 * 12), 1e-15);
}

TEST_CASE("throughput_bounds: names the argument it rejects") {
  CHECK_THROWS_WITH_AS((void)throughput_bounds(stations{{1, 2}}, 0, 3),
                       "relia::queueing::throughput_bounds: method must be asymptotic for stations "
                       "of several servers or speeds, got \"geometric\"",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)throughput_bounds(stations{{1}}, 0, 3, {method{"best"}}),
                       "relia::queueing::throughput_bounds: method must be asymptotic, "
                       "balanced_job or geometric, got \"best\"",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)throughput_bounds(stations{{0}}, 1, 3),
                       "relia::queueing::throughput_bounds: demand must be positive at some "
                       "station, got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS((void)throughput_bounds(stations{{1}}, 1, 0),
                       "relia::queueing::throughput_bounds: population must be at least 1, got 0",
                       std::domain_error);
  CHECK_THROWS_AS((void)saturation_population(stations{{0}}, 1), std::domain_error);
}

TEST_SUITE_END();
