// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <initializer_list>
#include <limits>
#include <stdexcept>

#include <doctest/doctest.h>

#include <relia/queueing/sizing.hpp>

#include <support/close.hpp>
#include <support/csv.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("sizing");

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

double exceeded(double arrival, double service, count servers, const latency_target& t) {
  const mmc q(arrival, service, servers);
  return t.delay == delay::wait ? q.waiting_time().survival(t.limit)
                                : q.response_time().survival(t.limit);
}

}  // namespace

TEST_CASE("min_servers and min_servers_for_blocking: the reference rows") {
  for (const auto& row : test::csv_table("queueing/sizing.csv")) {
    CAPTURE(row.number("arrival_rate"));
    const double arrival = row.number("arrival_rate");
    const bool blocks = row.text("target") == "blocking";
    const bool waits = row.text("target") == "wait";
    const latency_target target{waits ? delay::wait : delay::response, row.number("level"),
                                row.number("limit")};
    const sizing found = blocks ? min_servers_for_blocking(arrival, row.number("limit"))
                                : min_servers(arrival, row.number("service_rate"), target);
    CHECK(found.outcome == outcome::met);
    CHECK(found.servers == row.integer("servers"));
    if (row.text("achieved").empty()) continue;
    // The table states the fraction within the limit where the limit is not 0.
    const double achieved = row.number("achieved");
    const bool within = waits && target.limit > 0;
    CHECK_REL(within ? 1 - found.probability : found.probability, achieved, 1e-13);
  }
}

TEST_CASE("min_servers: one server fewer misses the target") {
  for (const double arrival : {0.0, 1e-9, 0.3, 3.0, 47.5, 1000.0, 123456.0}) {
    for (const latency_target target :
         {latency_target{.limit = 4.7}, latency_target{delay::response, 0.5, 2.0},
          latency_target{delay::wait, 0.999, 0.0}, latency_target{delay::wait, 0.9, 1e-3},
          latency_target{delay::wait, 0.99, 1e6}}) {
      CAPTURE(arrival);
      const sizing found = min_servers(arrival, 1, target);
      CHECK(found.outcome == outcome::met);
      const double allowed = 1 - target.level;
      CHECK(exceeded(arrival, 1, found.servers, target) <= allowed * (1 + 1e-14));  // log and back
      CHECK_REL(found.probability, exceeded(arrival, 1, found.servers, target), 1e-13);
      if (found.servers > 1) {
        CHECK(exceeded(arrival, 1, found.servers - 1, target) > allowed * (1 - 1e-14));
      }
    }
  }
}

TEST_CASE("min_servers: impossible when the service alone takes too long") {
  // p99 of the service alone: log(100) = 4.605 mean services.
  const sizing found = min_servers(10, 1, {.limit = 4.6});
  CHECK(found.outcome == outcome::impossible);
  CHECK(found.servers == 0);
  CHECK_REL(found.probability, std::exp(-4.6), 1e-15);
  CHECK(min_servers(10, 1, {.limit = 4.6052}).outcome == outcome::met);
  CHECK(min_servers(0, 1, {.limit = 0}).outcome == outcome::impossible);
  CHECK(max_arrival_rate(1, 100, {.limit = 4.6}) == 0);
  CHECK(to_string(outcome::impossible) == "impossible");
}

TEST_CASE("max_arrival_rate: the inverse of min_servers") {
  for (const count servers : {1, 2, 5, 64, 65, 1000, 200'000}) {
    for (const latency_target target :
         {latency_target{.limit = 18.8}, latency_target{delay::response, 0.999, 30},
          latency_target{delay::wait, 0.99, 0.0}, latency_target{delay::wait, 0.9, 50.0},
          latency_target{delay::wait, 1 - 0x1p-30, 0.0}}) {
      CAPTURE(servers);
      const double rate = max_arrival_rate(0.25, servers, target);
      CHECK(rate > 0);
      CHECK(rate < 0.25 * static_cast<double>(servers));
      CHECK(min_servers(rate, 0.25, target).servers == servers);
      // What the next number up fails by is the root's own tolerance.
      CHECK(min_servers(rate * (1 + 1e-9), 0.25, target).servers == servers + 1);
    }
  }
}

TEST_CASE("max_arrival_rate: closed form of one server") {
  // P(wait > t) = rho exp(-(1 - rho) t); at t = 0 it is rho. P(response > t) = exp(-(1 - rho) t).
  CHECK_REL(max_arrival_rate(2, 1, {delay::wait, 0.75, 0.0}), 0.5, 1e-14);
  CHECK_REL(max_arrival_rate(2, 1, {delay::response, 0.5, 1.0}), 2 - std::log(2.0), 1e-14);
  // 2^-40 may wait: both are as exact as the rate itself.
  CHECK_REL(max_arrival_rate(2, 1, {delay::wait, 1 - 0x1p-40, 0.0}), 0x1p-39, 1e-14);
}

TEST_CASE("max_load_for_blocking: the reference rows") {
  for (const auto& row : test::csv_table("queueing/blocking_load.csv")) {
    const double load = max_load_for_blocking(row.integer("servers"), row.number("blocking"));
    const bool published = row.text("source") != "mpmath 60 digits";
    // Published to three or one decimals; the blocking in the table is a decimal.
    const double most = !published                                                  ? 1e-14
                        : row.text("source").find("1 decimal") == std::string::npos ? 6e-5
                                                                                    : 0.03;
    CHECK_REL(load, row.number("load"), most);
  }
}

TEST_CASE("min_servers_for_blocking: one server fewer turns away more") {
  for (const double load : {0.0, 1e-6, 0.5, 30.0, 1e5}) {
    for (const double blocking : {0.9, 0.1, 1e-3, 1e-12, 1e-300}) {
      const sizing found = min_servers_for_blocking(load, blocking);
      CHECK(erlang_b(found.servers, load) <= blocking);
      CHECK(found.probability == erlang_b(found.servers, load));
      if (found.servers > 1) CHECK(erlang_b(found.servers - 1, load) > blocking);
    }
  }
}

TEST_CASE("sizing: a target met by a hair at a million servers") {
  // a = 1e6: 1000030 servers for P(wait <= 0.1) >= 0.95, on which every analytic peer that gets
  // this far agrees.
  CHECK(min_servers(1e6, 1, {delay::wait, 0.95, 0.1}).servers == 1'000'030);
}

TEST_CASE("sizing: every argument gives an answer or an error, and ends") {
  const double awkward[] = {-infinity, -1, 0, 5e-324, 0.5, 1, infinity, not_a_number, 1e308};
  for (const double arrival : awkward) {
    for (const double service : awkward) {
      for (const double level : awkward) {
        for (const double limit : awkward) {
          for (const delay of : {delay::wait, delay::response}) {
            const latency_target target{of, level, limit};
            const bool good = service > 0 && service < infinity && level > 0 && level < 1 &&
                              limit >= 0 && limit < infinity;
            if (good && arrival >= 0 && arrival < infinity && arrival / service < 5e8) {
              const sizing found = min_servers(arrival, service, target);
              CHECK((found.servers >= 1) == (found.outcome == outcome::met));
              CHECK((found.probability >= 0 && found.probability <= 1));
            } else {
              CHECK_THROWS_AS((void)min_servers(arrival, service, target), std::domain_error);
            }
            if (good) {
              CHECK(max_arrival_rate(service, 3, target) >= 0);
            } else {
              CHECK_THROWS_AS((void)max_arrival_rate(service, 3, target), std::domain_error);
            }
          }
        }
      }
    }
  }
  for (const double load : awkward) {
    for (const double blocking : awkward) {
      if (load >= 0 && load < 5e8 && blocking > 0 && blocking < 1) {
        CHECK(min_servers_for_blocking(load, blocking).servers >= 1);
      } else {
        CHECK_THROWS_AS((void)min_servers_for_blocking(load, blocking), std::domain_error);
      }
    }
  }
}

TEST_CASE("sizing: names the argument it rejects") {
  CHECK_THROWS_WITH_AS(
      (void)min_servers(1, 1, {.level = 99, .limit = 1}),
      "relia::queueing::min_servers: level must be a fraction in (0, 1) (95 % is 0.95), got 99",
      std::domain_error);
  CHECK_THROWS_WITH_AS(
      (void)min_servers(1e12, 1, {.limit = 10}),
      "relia::queueing::min_servers: arrival_rate / service_rate must be under 5e8, got 1e+12",
      std::domain_error);
  CHECK_THROWS_WITH_AS((void)max_arrival_rate(1, 0, {.limit = 10}),
                       "relia::queueing::max_arrival_rate: servers must be from 1 to 1e9, got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(
      (void)max_load_for_blocking(1, 0),
      "relia::queueing::max_load_for_blocking: blocking must be a fraction in (0, 1) (95 % is "
      "0.95), got 0",
      std::domain_error);
}

TEST_SUITE_END();
