// SPDX-License-Identifier: BSL-1.0
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <string_view>
#include <unistd.h>

#include <doctest/doctest.h>

#include <relia/check.hpp>
#include <relia/io/rules.hpp>

#include <support/temporary.hpp>

using namespace relia;

TEST_SUITE_BEGIN("rules");

namespace {

/// A folder that holds the data files which the examples of `relia explain` name, and rules.
class example_folder {
 public:
  example_folder() {
    std::filesystem::create_directories(path_);
    write("requests.json",
          R"({"status":"success","data":{"resultType":"matrix","result":[
             {"metric":{"__name__":"http_requests_total","code":"200"},"values":[[0,"0"],[60,"5000"],[120,"10000"]]},
             {"metric":{"__name__":"http_requests_total","code":"500"},"values":[[0,"0"],[60,"2"],[120,"3"]]}]}})");
    std::string requests = "latency_seconds,sent_seconds,service_seconds\n";
    for (int i = 0; i < 500; ++i) requests += "0.15," + std::to_string(i / 10.0) + ",0.1\n";
    write("requests.csv", requests);
    std::string disk = "timestamp,bytes\n";
    for (int i = 0; i < 60; ++i) {
      const std::string day = (i % 30 < 9 ? "0" : "") + std::to_string(i % 30 + 1);
      disk += std::string(i < 30 ? "2026-04-" : "2026-05-") + day + "T00:00:00Z," +
              std::to_string(1000000LL * (i + i % 7)) + "\n";
    }
    write("disk.csv", disk);
    std::string incidents = "id,started_at,detected_at,mitigated_at,resolved_at\n";
    for (int i = 10; i < 29; ++i) {
      const std::string day = "2025-11-" + std::to_string(i) + "T";
      incidents += "i" + std::to_string(i) + "," + day + "10:00:00Z," + day + "10:05:00Z," + day +
                   "10:" + std::to_string(i + 20) + ":00Z," + day + "12:00:00Z\n";
    }
    write("incidents.csv", incidents);
  }
  ~example_folder() { std::filesystem::remove_all(path_); }
  example_folder(const example_folder&) = delete;
  example_folder& operator=(const example_folder&) = delete;

  std::string write(const std::string& name, const std::string& text) const {
    const std::string path = (path_ / name).string();
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

 private:
  std::filesystem::path path_ =
      std::filesystem::temp_directory_path() / ("relia-examples-" + std::to_string(::getpid()));
};

std::string indented(std::string_view text) {
  std::string out = "relia: 1\nchecks:\n  ";
  for (const char c : text) {
    out += c;
    if (c == '\n') out += "  ";
  }
  return out;
}

}  // namespace

TEST_CASE("rules: every rule's example is read, named right and evaluated") {
  const example_folder folder;
  std::set<std::string_view> names;
  for (const check::rule_info& info : check::rules()) {
    CAPTURE(info.name);
    CHECK(names.insert(info.name).second);
    const auto items = io::read_rules(folder.write("example.yaml", indented(info.example)));
    REQUIRE(items.size() == 1);
    const check::result r = check::evaluate(items[0]);
    CHECK(r.rule == info.name);
    CHECK(r.measured.has_value());
    CHECK(r.measured.n > 0);
    CHECK_FALSE(r.measured.method.name.empty());
  }
  CHECK(io::detail::rule_readers().size() == names.size());
}

TEST_CASE("rules: a counter's resets are its own") {
  // Two series of one counter, each restarted at another time: 100 + 40 and 30 + 60 events.
  const example_folder folder;
  folder.write("requests.json",
               R"({"status":"success","data":{"resultType":"matrix","result":[
        {"metric":{"__name__":"n","i":"a","code":"200"},"values":[[0,"0"],[10,"100"],[20,"10"],[30,"40"]]},
        {"metric":{"__name__":"n","i":"b","code":"200"},"values":[[0,"10"],[10,"40"],[20,"80"],[30,"20"]]},
        {"metric":{"__name__":"n","i":"a","code":"500"},"values":[[0,"0"],[10,"1"],[20,"0"],[30,"2"]]}]}})");
  const auto items = io::read_rules(folder.write(
      "r.yaml", indented("- {name: a, rule: sli.ratio, counters: {file: requests.json, metric: n, "
                         "bad: {code: \"500\"}}, at_least: 9%}\n")));
  const auto& ratio = std::get<check::sli_ratio>(items.at(0).rule);
  // a: 100, then 10 after its restart, then 30; b: 30, 40, then 20 after its restart.
  CHECK(ratio.events.good() == 100 + 10 + 30 + 30 + 40 + 20);
  CHECK(ratio.events.bad() == 1 + 0 + 2);
  REQUIRE(items[0].notes.size() == 1);
  CHECK(items[0].notes[0].starts_with("3 counter resets"));
}

TEST_CASE("rules: a file that is not there, a metric without series, and anchors") {
  const example_folder folder;
  const auto refuse = [&](const std::string& text) {
    CHECK_THROWS_AS((void)io::read_rules(folder.write("r.yaml", indented(text))), io::read_error);
  };
  refuse(
      "- {name: a, rule: sli.ratio, counters: {file: none.json, metric: n, bad: {code: 5}}, "
      "at_least: 9%}\n");
  refuse(
      "- {name: a, rule: sli.ratio, counters: {file: requests.json, metric: none, bad: {code: 5}}, "
      "at_least: 9%}\n");
  refuse(
      "- {name: a, rule: sli.ratio, counters: {file: requests.json, metric: none}, at_least: "
      "9%}\n");
  refuse(
      "- {name: a, rule: incident.duration, incidents: {file: incidents.csv}, from: started, to: "
      "resolved, statistic: median, at_most: 2h}\n");
}

TEST_SUITE_END();
