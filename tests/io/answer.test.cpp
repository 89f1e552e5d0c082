// SPDX-License-Identifier: BSL-1.0
#include <limits>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <relia/io/answer.hpp>

using namespace relia;

TEST_SUITE_BEGIN("answer");

namespace {

io::answer example() {
  io::answer a{.question = "queue size", .verdict = verdict::pass, .sentence = "5 servers do"};
  estimate<double> time;
  time.value = 0.0202;
  time.interval = {0.02, std::numeric_limits<double>::infinity(), 0.95};
  time.notes = {"few were measured"};
  a.add("service_time", time, check::unit::seconds);
  a.add("servers", 5, check::unit::servers);
  a.add("wait", no_data<double>({}), check::unit::seconds);
  a.add_note("few were measured");
  return a;
}

}  // namespace

TEST_CASE("to_text: names as words, intervals that have a width, notes once") {
  CHECK(io::to_text(example()) ==
        "pass  5 servers do\n"
        "    service time  20.2 ms in [20.0 ms, never] at 95%\n"
        "    servers       5\n"
        "    wait          no_data\n"
        "    note          few were measured\n");
  CHECK(io::to_text(example(), io::colour::yes).starts_with("\x1b[32mpass\x1b[0m  "));
}

TEST_CASE("to_json: all digits, infinite and absent numbers null") {
  const auto document = nlohmann::json::parse(io::to_json(example()));
  CHECK(document["schema_version"] == 1);
  CHECK(document["question"] == "queue size");
  CHECK(document["verdict"] == "pass");
  const auto& figures = document["figures"];
  CHECK(figures["service_time"]["value"] == 0.0202);
  CHECK(figures["service_time"]["unit"] == "seconds");
  CHECK(figures["service_time"]["interval"]["lower"] == 0.02);
  CHECK(figures["service_time"]["interval"]["upper"].is_null());
  CHECK_FALSE(figures["servers"].contains("interval"));
  CHECK(figures["wait"]["value"].is_null());
  CHECK(figures["wait"]["state"] == "no_data");
  CHECK(document["notes"].size() == 1);
}
