// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <relia/io/otlp_json.hpp>

#include <support/same_counts.hpp>
#include <support/wire.hpp>

using namespace relia;
using namespace std::chrono_literals;
using aggregate::exponential_counts;
using relia::test::from_hex;
using relia::test::same;

namespace {

void refuses(const char* json, const char* text) {
  CHECK_THROWS_WITH_AS((void)io::from_otlp_json(json), text, std::invalid_argument);
}

}  // namespace

TEST_SUITE_BEGIN("otlp_json");

TEST_CASE("otlp_json: reads what protobuf's own JSON mapping writes, and writes as much") {
  for (const auto& row : test::csv_table("io/wire.csv")) {
    CAPTURE(row.text("name"));
    exponential_counts counts = test::counts_of(row);
    const std::string official = from_hex(row.text("otlp_json_hex"));
    const io::wire_message out = io::to_otlp_json(counts);
    counts.nans = counts.positive_infinities = counts.negative_infinities = 0;
    CHECK(same(io::from_otlp_json(official).counts, counts));
    CHECK(same(io::from_otlp_json(out.data).counts, counts));
    // Every field of the official text is in ours, spelled the same; ours names zeros besides.
    auto ours = nlohmann::json::parse(out.data);
    ours.merge_patch(nlohmann::json::parse(official));
    CHECK(ours == nlohmann::json::parse(out.data));
  }
}

TEST_CASE("otlp_json: 64-bit integers are strings, and are read as strings or numbers") {
  const std::string text =
      io::to_otlp_json(
          {.scale = 3, .zeros = 1, .positive = {-2, {9007199254740993, 2}}, .sum = 1.5},
          {.start = instant(1s), .time = instant(2s)})
          .data;
  CHECK(
      text ==
      R"({"startTimeUnixNano":"1000000000","timeUnixNano":"2000000000","count":"9007199254740996",)"
      R"("sum":1.5,"scale":3,"zeroCount":"1","positive":{"offset":-2,"bucketCounts":)"
      R"(["9007199254740993","2"]}})");
  const io::otlp_point strings = io::from_otlp_json(text);
  const io::otlp_point numbers = io::from_otlp_json(
      R"({"startTimeUnixNano":1000000000,"timeUnixNano":2000000000,"count":9007199254740996,
          "sum":1.5,"scale":"3","zeroCount":1,"negative":null,"min":null,"attributes":[{"key":"a"}],
          "positive":{"offset":"-2","bucketCounts":[9007199254740993,2]},"laterField":{}})");
  CHECK(strings == numbers);
  CHECK(strings.counts.positive.counts.front() == 9007199254740993);
  CHECK(strings.times.time == instant(2s));
}

TEST_CASE("otlp_json: NaN and infinite sums are words") {
  const auto sum = [](const char* text) {
    return io::from_otlp_json(std::string(R"({"count":1,"zeroCount":1,"sum":)") + text + "}")
        .counts.sum;
  };
  CHECK(std::isnan(sum(R"("NaN")")));
  CHECK(sum(R"("Infinity")") == std::numeric_limits<double>::infinity());
  CHECK(sum(R"("-Infinity")") == -std::numeric_limits<double>::infinity());
  CHECK(sum(R"("1e3")") == 1000);
  const io::wire_message out =
      io::to_otlp_json({.zeros = 1, .sum = std::numeric_limits<double>::infinity()});
  CHECK(out.data == R"({"count":"1","sum":"Infinity","scale":0,"zeroCount":"1"})");
}

TEST_CASE("otlp_json: the reader refuses by name") {
  refuses("{", "relia::io::from_otlp_json: message must be JSON, got \"{\"");
  refuses("[]", "relia::io::from_otlp_json: message must be an object, got \"array\"");
  refuses(R"({"count":-1})",
          "relia::io::from_otlp_json: count must be an integer, as a number or a string, in 0 to "
          "18446744073709551615, got \"number\"");
  refuses(R"({"count":"1x"})",
          "relia::io::from_otlp_json: count must be an integer, as a number or a string, in 0 to "
          "18446744073709551615, got \"string\"");
  refuses(R"({"scale":2147483648})",
          "relia::io::from_otlp_json: scale must be an integer, as a number or a string, in "
          "-2147483648 to 2147483647, got \"number\"");
  refuses(R"({"count":1.5})",
          "relia::io::from_otlp_json: count must be an integer, as a number or a string, in 0 to "
          "18446744073709551615, got \"number\"");
  refuses(R"({"sum":"many"})",
          "relia::io::from_otlp_json: sum must be a number, \"NaN\", \"Infinity\" or "
          "\"-Infinity\", got \"string\"");
  refuses(R"({"positive":[]})",
          "relia::io::from_otlp_json: positive must be an object, got \"array\"");
  refuses(R"({"positive":{"bucketCounts":5}})",
          "relia::io::from_otlp_json: bucketCounts must be an array, got \"number\"");
  refuses(R"({"zeroThreshold":"NaN"})",
          "relia::io::from_otlp_json: zero_threshold must be at least 0 and finite, got nan");
  refuses(R"({"count":"3","positive":{"bucketCounts":["1"]}})",
          "relia::io::from_otlp_json: count must be zero_count and the buckets together, 1, got 3");
}

TEST_SUITE_END();
