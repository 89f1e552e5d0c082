// SPDX-License-Identifier: BSL-1.0
#include <cmath>

#include <doctest/doctest.h>

#include <relia/io/prometheus.hpp>

using namespace relia;
using namespace std::chrono;

TEST_SUITE_BEGIN("prometheus");

TEST_CASE("parse_prometheus: a matrix keeps labels, millisecond times and every value") {
  const auto all = io::parse_prometheus(
      R"({"status":"success","data":{"resultType":"matrix","result":[
          {"metric":{"__name__":"up","job":"node"},
           "values":[[1435781430.781,"0"],[1435781445.781,"1"],[1435781460,"NaN"],[1435781475,"+Inf"]]}]}})",
      "answer.json");
  REQUIRE(all.size() == 1);
  CHECK(all[0].matches({{"job", "node"}}));
  CHECK_FALSE(all[0].matches({{"job", "other"}}));
  CHECK_FALSE(all[0].matches({{"code", "200"}}));
  CHECK(all[0].times[0].time_since_epoch() == 1435781430781ms);
  CHECK(all[0].values[1] == 1.0);
  CHECK(std::isnan(all[0].values[2]));
  CHECK(std::isinf(all[0].values[3]));
}

TEST_CASE("parse_prometheus: a vector is one sample per series") {
  const auto all = io::parse_prometheus(
      R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1.5,"2"]}]}})",
      "a");
  REQUIRE(all.size() == 1);
  CHECK(all[0].values == std::vector<double>{2.0});
}

TEST_CASE("parse_prometheus: refuses by name what it cannot use") {
  const auto refuse = [](const char* json) {
    CHECK_THROWS_AS((void)io::parse_prometheus(json, "a.json"), io::read_error);
  };
  refuse("");
  refuse("[]");
  refuse("{");
  refuse(R"({"status":"error","errorType":"bad_data","error":"parse error"})");
  refuse(R"({"status":"success","data":{"resultType":"scalar","result":[1,"2"]}})");
  refuse(
      R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1,"x"]]}]}})");
  refuse(
      R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1,2]]}]}})");
  refuse(
      R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1e300,"2"]]}]}})");
  refuse(
      R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"histograms":[]}]}})");
  CHECK_THROWS_WITH_AS(
      (void)io::parse_prometheus(R"({"status":"error","error":"too many samples"})", "a.json"),
      "a.json: is an answer of status \"error\": too many samples", io::read_error);
}

TEST_CASE("parse_prometheus: a series that is given twice would count twice") {
  const std::string series = R"({"metric":{"__name__":"n","code":"200"},"values":[[1,"1"]]})";
  const std::string json = R"({"status":"success","data":{"resultType":"matrix","result":[)" +
                           series + "," + series + "]}}";
  CHECK_THROWS_WITH_AS((void)io::parse_prometheus(json, "x.json"),
                       R"(x.json: holds the series {"__name__":"n","code":"200"} twice)",
                       io::read_error);
}

TEST_SUITE_END();
