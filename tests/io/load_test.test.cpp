// SPDX-License-Identifier: BSL-1.0
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <relia/io/load_test.hpp>

#include <support/temporary.hpp>

using namespace relia;
using relia::test::temporary_file;

TEST_SUITE_BEGIN("load_test");

namespace {

std::string refusal(const std::string& text) {
  const temporary_file file(text, ".csv");
  try {
    (void)io::read_load_test(file.path());
  } catch (const io::read_error& e) {
    return std::string(e.what()).substr(file.path().size());
  }
  return "accepted";
}

}  // namespace

TEST_CASE("read_load_test: what was sent, and the level over capacity left out with a note") {
  const temporary_file file(
      "offered_per_second,duration_seconds,sent,completed,throughput_per_second,"
      "latency_mean_seconds,service_mean_seconds\n"
      "40,30,1178,1178,39.3,0.022,0.020\n"
      "220,30,6610,6610,197.7,2.5,0.0198\n",
      ".csv");
  const auto test = io::read_load_test(file.path());
  CHECK(test.arrival_rate == std::vector<double>{1178.0 / 30});
  CHECK(test.latency == std::vector<double>{0.022});
  CHECK(test.requests == std::vector<double>{1178});
  CHECK(test.service_time == std::vector<double>{0.020});
  REQUIRE(test.notes.size() == 1);
  CHECK(test.notes[0] ==
        file.path() + ":3: left out: over capacity, 198 of 220 requests a second came out");
}

TEST_CASE("read_load_test: the least that a file needs") {
  const temporary_file file("arrival_rate,latency_seconds,requests\n10,0.5,300\n", ".csv");
  const auto test = io::read_load_test(file.path());
  CHECK(test.arrival_rate == std::vector<double>{10});
  CHECK(test.service_time.empty());
  CHECK(test.notes.empty());
}

TEST_CASE("read_load_test: names the line, the column and the rule") {
  const std::string header = "arrival_rate,latency_seconds,requests\n";
  CHECK(refusal(header + "10,0.5,300\n20,x,300\n") ==
        ":3: latency_seconds: expected a number, found \"x\"");
  CHECK(refusal(header + "10,0,300\n") ==
        ":2: latency_seconds: expected a number above 0, found 0");
  CHECK(refusal(header + "10,0.5\n") == ":2: has 2 fields, not 3");
  CHECK(refusal(header) == ": has no rows below its header");
  CHECK(refusal("arrival_rate,requests\n1,1\n") ==
        ":1: has no column \"latency_mean_seconds\"; it has arrival_rate, requests");
  CHECK(refusal("sent,duration_seconds,throughput_per_second,latency_seconds,requests\n"
                "1000,1,10,5,10\n") ==
        ": has no level under capacity: offer less than it can serve");
}

TEST_CASE("read_concurrency_test: throughput against concurrency, latency where there is one") {
  const temporary_file file("concurrency,throughput\n1,48\n2,94\n", ".csv");
  const auto test = io::read_concurrency_test(file.path());
  CHECK(test.concurrency == std::vector<double>{1, 2});
  CHECK(test.throughput == std::vector<double>{48, 94});
  CHECK(test.latency.empty());
  const temporary_file timed("concurrency,throughput_per_second,latency_mean_seconds\n1,48,0.02\n",
                             ".csv");
  CHECK(io::read_concurrency_test(timed.path()).latency == std::vector<double>{0.02});
}
