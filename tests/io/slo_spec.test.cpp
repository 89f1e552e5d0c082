// SPDX-License-Identifier: BSL-1.0
#include <chrono>
#include <string>

#include <doctest/doctest.h>

#include <relia/io/slo_spec.hpp>

#include <support/temporary.hpp>

using namespace relia;
using namespace std::chrono_literals;

TEST_SUITE_BEGIN("slo_spec");

namespace {

io::slo_spec one(const std::string& keys) {
  const test::temporary_file file("relia: 1\nslos:\n  - name: checkout\n" + keys, ".yaml");
  return io::read_slos(file.path(), io::slo_data::leave).at(0);
}

std::string refusal(const std::string& keys) {
  try {
    (void)one(keys);
  } catch (const io::read_error& e) {
    const std::string what = e.what();
    return what.substr(what.find(".yaml:") + 6);
  }
  return "";
}

const std::string head = "    objective: 99.9%\n    period: 30d\n";

}  // namespace

TEST_CASE("slo_spec: everything that a file can say") {
  const auto s = one(R"(    objective: 99.95%
    period: 28d
    tiers:
      - long: 1h
        short: 5min
        factor: 14.4x
        severity: page
        min_failures: 3
        min_events: 100
        hold: 2min
        evidence: {p_value: 0.01%, burn_rate: 2x, dispersion: 3x}
      - {long: 6h, short: 30min, factor: 6x, severity: ticket}
    counters: {metric: http_requests_total, where: {job: web}, bad: {code: "5\"0"}, file: none.json}
    prometheus: {by: [route, tenant], labels: {team: web}, interval: 30s}
    scrape: 15s
    traffic: 90/min
    mean_of_ratios: 5min
    dispersion: 3x
    allowed: {false_pages_per_quarter: 0.3, burn_rate: 0.25x}
    reset_within: 30min
    incidents:
      - {name: outage, error_ratio: 100%, lasts: 1h, detect_within: 5min}
)");
  CHECK(s.design.period == std::chrono::days(28));
  CHECK(s.design.load.events_per_hour == 5400);
  CHECK(s.design.load.dispersion == 3);
  CHECK(s.design.allowed.false_pages_per_quarter == 0.3);
  CHECK(s.design.allowed.burn_rate == 0.25);
  CHECK(s.design.allowed.dispersion == 3);
  CHECK(s.design.reset_within == 30min);
  REQUIRE(s.design.incidents.size() == 1);
  CHECK(s.design.incidents[0].name == "outage");
  CHECK(s.design.incidents[0].error_ratio == 1);
  CHECK(s.design.incidents[0].lasts == 1h);
  CHECK(s.design.incidents[0].detect_within == 5min);
  CHECK(s.rules.name == "checkout");
  CHECK(s.rules.goal == slo::objective(0.9995));
  CHECK(s.rules.policy.period == std::chrono::days(28));
  REQUIRE(s.rules.policy.tiers.size() == 2);
  CHECK(s.rules.policy.tiers[0] == slo::tier{1h,
                                             5min,
                                             14.4,
                                             slo::severity::page,
                                             3,
                                             100,
                                             2min,
                                             {.p_value = 1e-4, .burn_rate = 2, .dispersion = 3}});
  CHECK(s.rules.policy.tiers[1] == slo::tier{6h, 30min, 6, slo::severity::ticket});
  CHECK(s.tier_lines == std::vector<int>{7, 15});
  CHECK(s.line == 3);
  CHECK(s.line_of({slo::finding_level::error, "", 1, ""}) == 15);
  CHECK(s.line_of({}) == 3);
  CHECK(s.rules.events.bad == R"(http_requests_total{code="5\"0",job="web"})");
  CHECK(s.rules.events.valid == R"(http_requests_total{job="web"})");
  CHECK(s.rules.events.good.empty());
  CHECK(s.rules.by == std::vector<std::string>{"route", "tenant"});
  CHECK(s.rules.labels == io::labels{{"team", "web"}});
  CHECK(s.rules.interval == 30s);
  CHECK(s.lint.scrape_interval == 15s);
  CHECK(s.lint.events_per_second == 1.5);
  CHECK(s.lint.mean_of_ratios == 5min);
  CHECK_FALSE(s.events);
}

TEST_CASE(
    "slo_spec: the workbook's policy, noted where it was changed, and selectors of one's own") {
  const auto s =
      one("    objective: 99.9%\n    period: 28d\n    policy: workbook\n    prometheus: {bad: "
          "'errors_total', good: 'answers_total{a=\"b\"}'}\n");
  CHECK(s.rules.policy == slo::workbook(std::chrono::days(28)));
  CHECK(s.notes == s.rules.policy.notes);
  CHECK_FALSE(s.notes.empty());
  CHECK(s.rules.events.bad == "errors_total");
  CHECK(s.rules.events.good == "answers_total{a=\"b\"}");
  CHECK(s.tier_lines.empty());
}

TEST_CASE("slo_spec: the policy for low traffic keeps to what is allowed") {
  const auto s =
      one(head + "    policy: low_traffic\n    allowed: {false_pages_per_quarter: 0.1}\n");
  CHECK(s.rules.policy.tiers ==
        slo::low_traffic(std::chrono::days(30), {.false_pages_per_quarter = 0.1}).tiers);
}

TEST_CASE("slo_spec: the data that a status needs") {
  const auto all =
      io::read_slos(std::string(RELIA_TEST_DATA) + "/../../examples/web_pool/slos.yaml");
  REQUIRE(all.size() == 1);
  REQUIRE(all[0].events);
  CHECK(all[0].events->total().valid() > 80000);
  CHECK(all[0].notes.size() == 1);  // the resets
}

TEST_CASE("slo_spec: what is refused, and where") {
  CHECK(refusal("    objective: 0.999\n    period: 30d\n    policy: workbook\n") ==
        "4: expected a percentage such as 99.9%, found the bare number \"0.999\": write it with a "
        "percent sign");
  CHECK(refusal("    objective: 100%\n    period: 30d\n    policy: workbook\n")
            .find("leaves no error budget") != std::string::npos);
  CHECK(refusal(head) == "3: an item of \"slos\" needs \"policy\"");
  CHECK(
      refusal(head + "    policy: wrkbook\n")
          .find(
              "6: unknown policy \"wrkbook\"; did you mean \"workbook\"? Known: workbook, sloth") ==
      0);
  CHECK(refusal("    objective: 99.9%\n    period: 29d\n    policy: sloth\n")
            .find("6: relia::slo::sloth: period must be 7, 28 or 30 days") == 0);
  CHECK(refusal(head + "    policy: workbook\n    tiers: [{}]\n") ==
        "3: the objective needs one of \"policy\" and \"tiers\"");
  CHECK(
      refusal(head + "    tiers:\n      - {long: 1h, short: 0s, factor: 14x, severity: page}\n") ==
      "7: expected more than 0, found \"0s\"");
  CHECK(refusal(head + "    tiers:\n      - {long: 1h, short: 5, factor: 14x, severity: page}\n") ==
        "7: expected a duration such as 400ms, 5min, 6h or 30d, found \"5\"");
  CHECK(refusal(head +
                "    tiers:\n      - {long: 1h, short: 5min, factor: 14x, severity: pgae}\n") ==
        "7: unknown severity \"pgae\"; did you mean \"page\"? Known: page, ticket");
  CHECK(refusal(head +
                "    tiers:\n      - {long: 1h, short: 5min, factor: 1x, severity: page, hld: "
                "1h}\n")
            .find("7: unknown key \"hld\"; did you mean \"hold\"?") == 0);
  CHECK(refusal(head + "    tiers:\n      - {long: 1h, short: 5min, factor: 1x, severity: page, "
                       "evidence: {p_value: 1%, dispersion: 0.5x}}\n") ==
        "7: expected a dispersion of at least 1x, found 0.5x");
  CHECK(refusal(head + "    policy: workbook\n    prometheus: {by: route}\n") ==
        "7: \"by\" must be a list of single values");
  CHECK(
      refusal(head + "    policy: workbook\n    trafic: 1/s\n").find("did you mean \"traffic\"?") !=
      std::string::npos);
  CHECK(refusal(head + "    policy: workbook\n  - name: checkout\n" + head +
                "    policy: workbook\n") == "7: the name \"checkout\" is given twice");
}

TEST_SUITE_END();
