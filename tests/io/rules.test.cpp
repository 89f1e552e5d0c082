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

namespace {

std::string refusal(const example_folder& folder, const std::string& check) {
  const std::string path = folder.write("r.yaml", indented(check));
  try {
    (void)io::read_rules(path);
  } catch (const io::read_error& e) {
    return std::string(e.what()).substr(path.size());
  }
  return "";
}

}  // namespace

TEST_CASE("rules: a limit that nothing can miss or meet, or on the wrong side, is refused") {
  const example_folder folder;
  const auto ratio = [&](const char* limit) {
    return refusal(folder,
                   std::string("- {name: a, rule: sli.ratio, good: 1, bad: 9, ") + limit + "}\n");
  };
  CHECK(ratio("at_least: 50%").empty());
  CHECK(ratio("at_most: 50%") == ":3: the limit of sli.ratio is on the wrong side: write at_least");
  CHECK(ratio("at_least: 0%") == ":3: every fraction is at least 0%: the check could never fail");
  CHECK(ratio("at_least: -1%") == ":3: expected a limit of at least 0, found \"-1%\"");
  CHECK(ratio("at_least: 150%") == ":3: expected a limit of at most 100%, found \"150%\"");
}

TEST_CASE("rules: parameters that no measurement takes are refused where they stand") {
  const example_folder folder;
  const auto response = [&](const char* parameters) {
    return refusal(
        folder,
        "- name: a\n  rule: queueing.response\n  requests: {file: requests.csv, unit: s, "
        "arrival: sent_seconds, service: service_seconds}\n  at_most: 1s\n  " +
            std::string(parameters) + "\n");
  };
  CHECK(response("servers: 0\n  quantile: 9%") == ":7: expected more than 0, found \"0\"");
  CHECK(response("servers: 1\n  quantile: 100%") ==
        ":8: expected a percentage between 0% and 100%, found \"100%\"");
  CHECK(response("servers: 1\n  quantile: 9%\n  load: -1") ==
        ":9: expected more than 0, found \"-1\"");
  const auto disk = [&](const char* within) {
    return refusal(folder,
                   "- {name: a, rule: forecast.exhaustion, series: {file: disk.csv, time: "
                   "timestamp, value: bytes}, capacity: 1GB, at_most: 5%, within: " +
                       std::string(within) + "}\n");
  };
  CHECK(disk("0s") == ":3: expected more than 0, found \"0s\"");
  CHECK(disk("99999999999999999999999d").starts_with(":3: expected a duration shorter than"));
  CHECK(refusal(folder,
                "- {name: a, rule: incident.duration, incidents: {file: incidents.csv, as_of: "
                "2026-01-01T00:00:00Z}, from: resolved, to: started, statistic: mean, at_most: "
                "1h}\n") == ":3: \"to\" must be a later milestone than \"from\"");
  CHECK(refusal(folder, "- {name: \"a\\nb\", rule: sli.ratio, good: 1, bad: 9, at_least: 9%}\n") ==
        ":3: \"name\" must be a line of text");
}

TEST_CASE("rules: a measurement's refusal names the place and the check") {
  const example_folder folder;
  folder.write("requests.csv", "sent,took\n1,0.1\n1,0.1\n");
  const std::string path = folder.write(
      "r.yaml",
      indented("- {name: a, rule: queueing.response, requests: {file: requests.csv, unit: "
               "s, arrival: sent, service: took}, servers: 1, quantile: 9%, at_most: 1s}\n"));
  const auto items = io::read_rules(path);
  CHECK_THROWS_WITH_AS((void)check::evaluate(items.at(0)),
                       (path + ":3: a: relia::queueing::latency_estimate: exposure must be "
                               "positive and finite, got 0")
                           .c_str(),
                       std::domain_error);
}

TEST_CASE("rules: requests that nobody sent are no data") {
  const example_folder folder;
  folder.write("requests.csv", "sent,took\n1,0.1\n");
  const auto items = io::read_rules(folder.write(
      "r.yaml",
      indented("- {name: a, rule: queueing.response, requests: {file: requests.csv, unit: "
               "s, arrival: sent, service: took}, servers: 1, quantile: 9%, at_most: 1s}\n")));
  CHECK(check::evaluate(items.at(0)).decision.verdict == verdict::inconclusive);
}

TEST_CASE("rules: bad labels that no series has") {
  const example_folder folder;
  const auto check = [](const char* bad) {
    return "- {name: a, rule: sli.ratio, counters: {file: requests.json, metric: "
           "http_requests_total, bad: " +
           std::string(bad) + "}, at_least: 9%}\n";
  };
  CHECK(refusal(folder, check("{cod: 500}")) ==
        ":3: no series of http_requests_total has the label: unknown label \"cod\"; did you mean "
        "\"code\"? Known: __name__, code");
  const auto items = io::read_rules(folder.write("r.yaml", indented(check("{code: 503}"))));
  REQUIRE(items.at(0).notes.size() == 1);
  CHECK(items[0].notes[0].starts_with("no series has the labels of \"bad\""));
}

TEST_CASE("rules: what a short period makes of the paging policy is noted") {
  const example_folder folder;
  const auto items = io::read_rules(folder.write(
      "r.yaml", indented("- {name: a, rule: slo.pages, counters: {file: requests.json, metric: "
                         "http_requests_total, bad: {code: 500}}, objective: 99%, period: 1h, "
                         "at_most: 0}\n")));
  REQUIRE(items.at(0).notes.size() == 4);
  CHECK(items[0].notes[0].find("raised to 1") != std::string::npos);
  CHECK(items[0].notes[1] == "21600 s: dropped, the window is longer than the period");
}

TEST_CASE("rules: unknown downtime never passes an availability") {
  const example_folder folder;
  const auto verdict_of = [&](const std::string& rows, const char* block = "") {
    folder.write("incidents.csv", rows);
    const auto items = io::read_rules(folder.write(
        "r.yaml",
        indented("- {name: a, rule: incident.availability, incidents: {file: incidents.csv, as_of: "
                 "2026-01-01T00:00:00Z" +
                 std::string(block) +
                 "}, from: 2025-10-01T00:00:00Z, to: 2026-01-01T00:00:00Z, at_least: 99%}\n")));
    return check::evaluate(items.at(0)).decision.verdict;
  };
  const std::string head = "service,started_at,resolved_at\n";
  const std::string hour = "web,2025-11-01T00:00:00Z,2025-11-01T01:00:00Z\n";
  CHECK(verdict_of(head + hour) == verdict::pass);
  CHECK(verdict_of(head) == verdict::inconclusive);
  CHECK(verdict_of(head + hour, ", where: {service: wbe}") == verdict::inconclusive);
  CHECK(verdict_of(head + hour + "web,2025-11-02T00:00:00Z,\n", ", blank_end: unknown") ==
        verdict::inconclusive);
  CHECK(verdict_of(head + hour + "web,2026-01-02T00:00:00Z,\n", ", blank_end: unknown") ==
        verdict::inconclusive);  // after as_of: kept aside
  CHECK(verdict_of(head + hour + "web,,2025-11-02T00:00:00Z\n") == verdict::inconclusive);
  CHECK(verdict_of(head + hour + "web,2025-11-03T00:00:00Z,2025-11-02T00:00:00Z\n") ==
        verdict::inconclusive);
  CHECK(verdict_of(head + "web,2025-11-01T00:00:00Z,\n") == verdict::fail);
  CHECK_THROWS_AS((void)verdict_of("a;b\n1;2\n"), io::read_error);
}

TEST_SUITE_END();
