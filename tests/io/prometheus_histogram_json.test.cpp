// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <relia/detail/text.hpp>
#include <relia/io/prometheus_histogram_json.hpp>

#include <support/same_counts.hpp>
#include <support/temporary.hpp>
#include <support/wire.hpp>

using namespace relia;
using aggregate::exponential_buckets;
using aggregate::exponential_counts;
using nlohmann::json;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double largest = std::numeric_limits<double>::max();

std::string number(double x) {
  if (std::isnan(x)) return "NaN";
  if (std::isinf(x)) return x > 0 ? "+Inf" : "-Inf";
  return relia::detail::to_text(x);
}

/// An instant vector of one series.
std::string vector_of(const json& histogram) {
  const json series = {{"metric", {{"job", "a"}}}, {"histogram", {1.5, histogram}}};
  return json{{"status", "success"},
              {"data", {{"resultType", "vector"}, {"result", json::array({series})}}}}
      .dump();
}

/// As the documentation says that an answer spells it: bounds by exp2, correct to an ulp.
json answer_of(const exponential_counts& c) {
  json buckets = json::array();
  count total = c.zeros + c.nans;
  const auto bound = [&](std::int64_t n) {
    return std::min(std::exp2(std::ldexp(static_cast<double>(n), -c.scale)), largest);
  };
  const auto side = [&](const exponential_buckets& from, bool positive) {
    for (std::size_t k = 0; k < from.counts.size(); ++k) {
      if (from.counts[k] == 0) continue;
      const std::int64_t index = from.offset + static_cast<std::int64_t>(k);
      const double lower = bound(index);
      const double upper = bound(index + 1);
      total += from.counts[k];
      buckets.push_back({positive ? 0 : 1, number(positive ? lower : -upper),
                         number(positive ? upper : -lower), std::to_string(from.counts[k])});
    }
  };
  side(c.negative, false);
  if (c.zeros > 0) {
    buckets.push_back(
        {3, number(-c.zero_threshold), number(c.zero_threshold), std::to_string(c.zeros)});
  }
  side(c.positive, true);
  if (c.positive_infinities > 0) {
    buckets.push_back({0, number(largest), "+Inf", std::to_string(c.positive_infinities)});
    total += c.positive_infinities;
  }
  return {{"count", std::to_string(total)}, {"sum", number(c.sum)}, {"buckets", buckets}};
}

exponential_counts read(const json& histogram) {
  const auto all = io::parse_prometheus_histograms(vector_of(histogram), "a.json");
  REQUIRE(all.size() == 1);
  REQUIRE(all[0].values.size() == 1);
  CHECK(all[0].labels == io::labels{{"job", "a"}});
  return all[0].values[0];
}

void refuses(const json& histogram, const char* text) {
  CHECK_THROWS_WITH_AS((void)io::parse_prometheus_histograms(vector_of(histogram), "a.json"), text,
                       io::read_error);
}

}  // namespace

TEST_SUITE_BEGIN("prometheus_histogram_json");

TEST_CASE("parse_prometheus_histograms: the histogram of Prometheus' own codec test") {
  // prometheus/prometheus web/api/v1/json_codec_test.go: schema 2, positive spans {3, 2}, {1, 3}
  // with 1 2 2 1 1, negative span {2, 2} with 2 1, 12 zeros within 0.001; the count, which the test
  // leaves wrong, put right.
  const auto all = io::parse_prometheus_histograms(
      R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"foo"},
          "histograms":[[1,{"count":"22","sum":"20","buckets":[
          [1,"-1.6817928305074288","-1.414213562373095","1"],[1,"-1.414213562373095","-1.189207115002721","2"],
          [3,"-0.001","0.001","12"],[0,"1.414213562373095","1.6817928305074288","1"],
          [0,"1.6817928305074288","2","2"],[0,"2.378414230005442","2.82842712474619","2"],
          [0,"2.82842712474619","3.3635856610148576","1"],[0,"3.3635856610148576","4","1"]]}],
          [2,{"count":"0","sum":"0"}]]}]}})",
      "a.json");
  REQUIRE(all.size() == 1);
  REQUIRE(all[0].values.size() == 2);
  CHECK(all[0].times[1].time_since_epoch() == std::chrono::seconds(2));
  CHECK(all[0].values[0] == exponential_counts{.scale = 2,
                                               .zero_threshold = 0.001,
                                               .zeros = 12,
                                               .positive = {2, {1, 2, 0, 2, 1, 1}},
                                               .negative = {1, {2, 1}},
                                               .sum = 20.0});
  CHECK(all[0].values[1] == exponential_counts{.scale = 8});
}

TEST_CASE("parse_prometheus_histograms: every bucket of normal doubles finds its index again") {
  const stats::random_stream random(20261123, 4);
  std::uint64_t draw = 0;
  for (int scale = -4; scale <= 8; ++scale) {
    for (int k = 0; k < 40; ++k) {
      CAPTURE(scale);
      exponential_counts counts = test::random_counts(random, draw, scale);
      if (counts.zeros == 0) counts.zero_threshold = 0;
      const double smallest = std::ldexp(-1022.0, scale);
      const bool normal = counts.positive.offset >= smallest && counts.negative.offset >= smallest;
      if (!normal) continue;
      if (counts.positive.counts.empty() && counts.negative.counts.empty()) counts.scale = 8;
      CHECK(read(answer_of(counts)) == counts);
    }
  }
}

TEST_CASE("parse_prometheus_histograms: NaN, infinities, the largest double") {
  const exponential_counts counts{.scale = 3,
                                  .positive = {8191, {2}},
                                  .positive_infinities = 3,
                                  .nans = 4,
                                  .sum = std::numeric_limits<double>::quiet_NaN()};
  CHECK(test::same(read(answer_of(counts)), counts));
  CHECK(read({{"count", "1"}, {"sum", "+Inf"}, {"buckets", {{0, number(largest), "+Inf", "1"}}}}) ==
        exponential_counts{.scale = 8, .positive_infinities = 1});
  CHECK(
      read({{"count", "1"}, {"sum", "-Inf"}, {"buckets", {{1, "-Inf", number(-largest), "1"}}}}) ==
      exponential_counts{.scale = 8, .negative_infinities = 1});
}

TEST_CASE("parse_prometheus_histograms: refuses by name what cannot be recovered") {
  refuses({{"count", "0.5"}, {"sum", "1"}},
          "a.json: holds a histogram that cannot be: relia::io::parse_prometheus_histograms: count "
          "must be a whole number of observations below 2^63 (a rate has none), got 0.5");
  refuses({{"count", "1"}, {"sum", "1"}, {"buckets", {{0, "1", "3", "1"}}}},
          R"(a.json: holds a histogram with the bucket [0,"1","3","1"], which is none of an )"
          R"(exponential scale from -4 to 8)");
  refuses(
      {{"count", "2"}, {"sum", "1"}, {"buckets", {{0, "1", "2", "1"}, {0, "4", "16", "1"}}}},
      R"(a.json: holds a histogram with the bucket [0,"4","16","1"], which is none of scale 0)");
  refuses({{"count", "1"}, {"sum", "1"}, {"buckets", {{3, "-Inf", "0.1", "1"}}}},
          R"(a.json: holds a histogram with the bucket [3,"-Inf","0.1","1"], which is none of an )"
          R"(exponential scale from -4 to 8)");
  refuses(
      {{"count", "3"}, {"sum", "1"}, {"buckets", {{0, "1", "2", "1"}}}},
      "a.json: holds a histogram that cannot be: relia::io::parse_prometheus_histograms: "
      "sample_count must be zero_count and the buckets together, 1, or more where a NaN has made "
      "the sum NaN, got 3");
  CHECK_THROWS_WITH_AS(
      (void)io::parse_prometheus_histograms(
          R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"2"]}]}})",
          "a.json"),
      "a.json: holds float samples; native histograms were expected", io::read_error);
  CHECK_THROWS_AS((void)io::parse_prometheus_histograms("{", "a.json"), io::read_error);
  refuses(json::object(),
          "a.json: is not a Prometheus answer: [json.exception.out_of_range.403] "
          "key 'count' not found");
  const test::temporary_file file(vector_of({{"count", "0"}, {"sum", "0"}}));
  CHECK(io::read_prometheus_histograms(file.path()).size() == 1);
  CHECK_THROWS_AS((void)io::read_prometheus_histograms("no/such/file.json"), io::read_error);
}

TEST_SUITE_END();
