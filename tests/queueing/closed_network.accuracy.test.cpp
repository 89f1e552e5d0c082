// SPDX-License-Identifier: BSL-1.0
#include <map>
#include <string>
#include <tuple>

#include <doctest/doctest.h>

#include <relia/queueing/closed_network.hpp>

#include <support/accuracy.hpp>
#include <support/closed_stations.hpp>
#include <support/csv.hpp>

using namespace relia;
using namespace relia::queueing;
using relia::test::accuracy;
using relia::test::csv_table;

TEST_SUITE_BEGIN("closed_network");

TEST_CASE("accuracy: solve_closed") {
  constexpr const char* region = "1 to 1e5 requests, 1 to 5 stations of 1 to 1000 servers";
  constexpr const char* source = "closed_network.csv, mpmath 60 digits";
  accuracy<> throughput("queueing::solve_closed: throughput", region, source, 2e-15);
  accuracy<> response("queueing::solve_closed: response_time", region, source, 1e-13);
  accuracy<> queue("queueing::solve_closed: queue_lengths", region, source, 1e-13);
  // Three to four digits are printed in the book.
  accuracy<> book("queueing::solve_closed", "Bolch et al. example 8.1", "published", 5e-3);
  std::map<std::tuple<std::string, std::string, count>, closed_solution> solved;
  for (const auto& row : csv_table("queueing/closed_network.csv")) {
    const auto stations = test::stations_of(row.text("stations"));
    const count population = row.integer("population");
    auto& s = solved[{row.text("stations"), row.text("think_time"), population}];
    if (s.throughputs.empty()) s = solve_closed(stations, row.number("think_time"), population);
    const std::string& what = row.text("quantity");
    const double value = row.number("value");
    const auto at = static_cast<std::size_t>(what.back() - '0');
    // Visits 1, 0.667 and 0.2 of the book's example.
    const double visits = at == 0 ? 1 : at == 1 ? 0.667 : 0.2;
    if (what == "throughput") {
      throughput.compare(s.throughput, value);
    } else if (what == "response_time") {
      response.compare(s.response_time, value);
    } else if (row.text("source").find("Bolch") == std::string::npos) {
      queue.compare(s.queue_lengths[at], value);
    } else if (what == "constant_2") {  // G(2) = 1 / (X(1) X(2)), and G(0) = 1 is the convention
      book.compare(1 / s.throughputs[0] / s.throughputs[1], value);
    } else if (what.rfind("queue_", 0) == 0) {
      book.compare(s.queue_lengths[at], value);
    } else if (what.rfind("station_throughput_", 0) == 0) {
      book.compare(s.throughput * visits, value);
    } else if (what.rfind("station_response_", 0) == 0) {
      book.compare(s.residence_times[at] / visits, value);
    } else {
      CHECK(what == "constant_0");
      CHECK(value == 1);
    }
  }
}

TEST_SUITE_END();
