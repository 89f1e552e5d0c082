// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <relia/queueing/open_network.hpp>

#include <support/close.hpp>
#include <support/csv.hpp>
#include <support/lists.hpp>

using namespace relia;
using namespace relia::queueing;

TEST_SUITE_BEGIN("open_network");

namespace {

using reals = std::vector<double>;
using pools = std::vector<open_station>;

}  // namespace

TEST_CASE("open_network: the reference rows") {
  for (const auto& row : test::csv_table("queueing/open_network.csv")) {
    const auto arrivals = test::numbers(row.text("arrivals"));
    const auto rates = test::numbers(row.text("service_rates"));
    const auto servers = test::integers(row.text("servers"));
    pools stations;
    for (std::size_t i = 0; i < rates.size(); ++i) stations.push_back({rates[i], servers[i]});
    std::optional<open_network> network;
    if (row.text("visits").empty()) {
      network.emplace(arrivals, test::numbers(row.text("routing")), stations);
    } else {
      network.emplace(arrivals[0], test::numbers(row.text("visits")), stations);
    }
    const std::string& what = row.text("quantity");
    const auto at = static_cast<std::size_t>(what.back() - '0');
    const double value = row.number("value");
    // Published rows are printed to three digits; a utilization of 0.83 takes five ulp.
    const double most = row.text("source").find("Jain") == std::string::npos ? 1e-14 : 2e-3;
    const mmc& pool = network->stations()[what == "mean_response" ? 0 : at];
    if (what == "mean_response") CHECK_REL(network->mean_response(), value, most);
    if (what.rfind("arrival_rate_", 0) == 0) CHECK_REL(pool.arrival_rate(), value, most);
    if (what.rfind("mean_in_system_", 0) == 0) CHECK_REL(pool.mean_in_system(), value, most);
    if (what.rfind("response_", 0) == 0) CHECK_REL(pool.response_time().mean(), value, most);
  }
}

TEST_CASE("open_network: Little's law, visits, bottleneck and growth") {
  const open_network n(reals{1, 0.5, 0}, reals{0, 0.5, 0.25, 0.25, 0, 0.5, 0.125, 0, 0},
                       pools{{3, 1}, {1, 2}, {1.5, 1}});
  CHECK(n.state() == state::ok);
  CHECK(n.arrival_rate() == 1.5);
  CHECK_REL(n.mean_in_system(), n.mean_response() * 1.5, 1e-14);
  CHECK_REL(n.visits(1) * 1.5, n.stations()[1].arrival_rate(), 1e-15);
  const double busiest = n.stations()[n.bottleneck()].utilization();
  for (const mmc& pool : n.stations()) CHECK(pool.utilization() <= busiest);
  const double growth = n.growth_to_saturation();
  const auto at = [&](double factor) {
    return open_network(reals{factor, 0.5 * factor, 0},
                        reals{0, 0.5, 0.25, 0.25, 0, 0.5, 0.125, 0, 0},
                        pools{{3, 1}, {1, 2}, {1.5, 1}});
  };
  CHECK(at(growth * (1 - 1e-14)).state() == state::ok);
  CHECK(at(growth * (1 + 1e-14)).state() == state::unstable);
}

TEST_CASE("open_network: a request that is almost never let go keeps its digits") {
  // Two stations send to each other, but for 2^-50 that leaves: 2^50 visits, exactly.
  const double stay = 1 - std::ldexp(1.0, -50);
  const open_network n(reals{1, 0}, reals{0, 1, stay, 0}, pools{{1e30, 1}, {1e30, 1}});
  CHECK_REL(n.visits(0), std::ldexp(1.0, 50), 1e-15);
  CHECK_REL(n.visits(1), std::ldexp(1.0, 50), 1e-15);
  // A station that sends to itself is served by what remains.
  const open_network self(reals{1}, reals{0.75}, pools{{8, 1}});
  CHECK(self.visits(0) == 4);
}

TEST_CASE("open_network: unstable is a state, and the others are still answered") {
  const open_network n(reals{2, 0}, reals{0, 0.5, 0, 0}, pools{{1, 1}, {4, 1}});
  CHECK(n.state() == state::unstable);
  CHECK(n.bottleneck() == 0);
  CHECK(n.mean_response() == std::numeric_limits<double>::infinity());
  CHECK(n.growth_to_saturation() == 0.5);
  CHECK_REL(n.stations()[1].mean_in_system(), 1.0 / 3, 1e-15);
}

TEST_CASE("open_network: an unused station, rows of decimals, one station") {
  const open_network n(reals{1, 0, 0}, reals{0, 0, 0, 0.7, 0.2, 0.1, 0, 1, 0},
                       pools{{2, 1}, {1, 1}, {1, 1}});
  CHECK(n.stations()[1].arrival_rate() == 0);
  CHECK(n.mean_response() == 1);
  const open_network unused(reals{1, 0, 0}, reals{0, 0, 0, 0, 0, 1, 0, 1, 0},
                            pools{{2, 1}, {1, 1}, {1, 1}});
  CHECK(unused.visits(1) == 0);
}

TEST_CASE("open_network: names the argument it rejects") {
  const pools two{{1, 1}, {1, 1}};
  CHECK_THROWS_WITH_AS(open_network(reals{1, 0}, reals{0, 1, 1, 0}, two),
                       "relia::queueing::open_network: routing must be such that every request "
                       "leaves at some time, got \"station 0 without a way out\"",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(open_network(reals{1, 0}, reals{0, 1.5, 0, 0}, two),
                       "relia::queueing::open_network: routing must be a fraction in [0, 1] (99.9 "
                       "% is 0.999), got 1.5",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(open_network(reals{1, 0}, reals{0.5, 0.75, 0, 0}, two),
                       "relia::queueing::open_network: routing row 0 must be at most 1, got 1.25",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(open_network(reals{0, 0}, reals{0, 0, 0, 0}, two),
                       "relia::queueing::open_network: arrivals must be positive somewhere, and "
                       "finite together, got 0",
                       std::domain_error);
  CHECK_THROWS_WITH_AS(open_network(reals{1, 0}, reals{0, 0, 0}, two),
                       "relia::queueing::open_network: routing must be of size 4, got 3",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(open_network(reals{}, reals{}, pools{}),
                       "relia::queueing::open_network: stations must be at least one, got 0",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(open_network(0, reals{1, 1}, two),
                       "relia::queueing::open_network: arrival_rate must be positive and finite, "
                       "got 0",
                       std::domain_error);
  CHECK_THROWS_AS(open_network(1e308, reals{1, 1e308}, two), std::domain_error);
}

TEST_CASE("open_network: no visits leave room without end, also when they are -0") {
  const pools one{{118, 250}};
  constexpr double infinity = std::numeric_limits<double>::infinity();
  CHECK(open_network(1, reals{0.0}, one).growth_to_saturation() == infinity);
  CHECK(open_network(1, reals{-0.0}, one).growth_to_saturation() == infinity);
}

TEST_CASE("open_network: visits too few for a double take no time, however slow the server") {
  const reals nowhere(4);
  const open_network n(reals{1e300, 5e-324}, nowhere, pools{{2e300, 1}, {1e-323, 1}});
  CHECK_REL(n.mean_response(), 1e-300, 1e-15);
  const open_network unstable(reals{1e300, 5e-324}, nowhere, pools{{2e300, 1}, {5e-324, 1}});
  CHECK(unstable.mean_response() == std::numeric_limits<double>::infinity());
}

TEST_SUITE_END();
