// SPDX-License-Identifier: BSL-1.0
#include <chrono>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <relia/io/slo_report.hpp>

using namespace relia;
using namespace std::chrono_literals;

TEST_SUITE_BEGIN("slo_report");

namespace {

io::slo_spec a_spec(const slo::policy& p) {
  io::slo_spec s{{"checkout", slo::objective(0.99), p, {}, {}, {}, {}}};
  s.file = "slos.yaml";
  s.line = 4;
  s.tier_lines = {8, 9};
  s.notes = {"two resets"};
  return s;
}

const slo::policy hourly{
    "", 10h, {{1h, 5min, 5, slo::severity::page}, {5h, 30min, 1, slo::severity::ticket}}, {}, {}};

/// 100 events a minute for `minutes`, of which ten fail in the last 30.
std::vector<io::slo_with_status> status_of(int minutes) {
  std::vector<instant> times;
  std::vector<count> good;
  std::vector<count> bad;
  for (int i = 1; i <= minutes; ++i) {
    times.emplace_back(i * 1min);
    bad.push_back(i > minutes - 30 ? 10 : 0);
    good.push_back(100 - bad.back());
  }
  const auto s = a_spec(hourly);
  return {{s, slo::status(hourly, s.rules.goal, {times, good, bad})}};
}

}  // namespace

TEST_CASE("slo_report: a status for a person") {
  CHECK(io::to_text(status_of(1200)) ==
        "fail  checkout\n"
        "    objective 99% of 10 h  (slos.yaml:4)\n"
        "    attained  99.500% in [99.440%, 99.553%] at 95%, n = 60000, over 10.0 h until "
        "1970-01-01T20:00:00Z\n"
        "    budget    300 bad of 600 allowed, 50.0% left\n"
        "    tier 0    page at 5x: 5.00x over 1 h, 10.0x over 5 min; fires since "
        "1970-01-01T20:00:00Z, "
        "the budget lasts 1.00 h at the rate of the longer window\n"
        "    tier 1    ticket at 1x: 1.00x over 5 h, 10.0x over 30 min; fires since "
        "1970-01-01T20:00:00Z, the budget lasts 5.00 h at the rate of the longer window\n"
        "    pages     1 in the recorded data\n"
        "    note      two resets\n");
  CHECK(io::to_text(status_of(0)).find("inconclusive  checkout\n") == 0);
  CHECK(io::to_text(status_of(0)).find("    attained  no data\n") != std::string::npos);
  CHECK(io::to_text(status_of(1200), io::colour::yes).find("\x1b[31mfail\x1b[0m") == 0);
}

TEST_CASE("slo_report: a status for a pipeline") {
  const auto document = nlohmann::json::parse(io::to_json(status_of(1200)));
  CHECK(document["schema_version"] == 1);
  const auto& s = document["slos"][0];
  CHECK(s["verdict"] == "fail");
  CHECK(s["error_budget"] == 0.01);
  CHECK(s["bad"] == 300);
  CHECK(s["budget_remaining_fraction"] == 0.5);
  CHECK(s["tiers"][0]["firing_since"] == "1970-01-01T20:00:00Z");
  CHECK(s["tiers"][1]["long_window_seconds"] == 18000.0);
  const auto none = nlohmann::json::parse(io::to_json(status_of(0)));
  CHECK(none["slos"][0]["verdict"] == "inconclusive");
  CHECK(none["slos"][0]["attained"].is_null());
  CHECK(none["slos"][0]["tiers"][0]["firing_since"].is_null());
  CHECK(none["slos"][0]["tiers"][0]["lasts_seconds"].is_null());
}

TEST_CASE("slo_report: a rule beside the tiers") {
  auto all = status_of(1200);
  slo::policy& p = all[0].spec.rules.policy;
  p.rules = {{"many", slo::severity::page, slo::failures(1h, 300)}};
  all[0].status.tiers.push_back({{}, {}, true, instant(1200min), never});
  CHECK(io::to_text(all).find(
            "    tier 2    page by rule many: fires since 1970-01-01T20:00:00Z\n") !=
        std::string::npos);
  const auto rule = nlohmann::json::parse(io::to_json(all))["slos"][0]["tiers"][2];
  CHECK(rule["rule"] == "many");
  CHECK(rule["firing_since"] == "1970-01-01T20:00:00Z");
}

TEST_CASE("slo_report: findings, as compilers write them and as JSON") {
  slo::policy p = hourly;
  p.tiers[0].factor = 200;
  const auto s = a_spec(p);
  std::vector<io::slo_with_findings> all{{s, slo::lint(p, s.rules.goal)}};
  REQUIRE(all[0].findings.size() == 1);
  CHECK(io::to_text(all) ==
        "slos.yaml:8: error: checkout: tier 0: the factor 200 needs an error ratio of 2: a total "
        "outage "
        "burns at 1 / 0.01 = 100 [never_fires]\n");
  const auto document = nlohmann::json::parse(io::to_json(all));
  CHECK(document["findings"][0]["line"] == 8);
  CHECK(document["findings"][0]["tier"] == 0);
  CHECK(document["findings"][0]["rule"] == "never_fires");
  all[0].findings[0].tier = slo::finding::whole_policy;
  CHECK(io::to_text(all).find("slos.yaml:4: error: checkout: the factor") == 0);
  CHECK(nlohmann::json::parse(io::to_json(all))["findings"][0]["tier"].is_null());
}

TEST_SUITE_END();
