// SPDX-License-Identifier: BSL-1.0
#include <limits>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>

#include <relia/io/notation.hpp>
#include <relia/io/report_github.hpp>
#include <relia/io/report_json.hpp>
#include <relia/io/report_junit.hpp>
#include <relia/io/report_markdown.hpp>
#include <relia/io/report_text.hpp>

using namespace relia;

TEST_SUITE_BEGIN("report");

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

check::report three_verdicts() {
  check::report report;
  for (const double upper : {0.3, 0.6}) {
    check::result r;
    r.name = "p99 <of> a|b: \x01 100%, done";
    r.rule = "queueing.response";
    r.where = {"capacity.yaml", 12};
    r.unit = check::unit::seconds;
    r.measured.value = 0.25;
    r.measured.interval = {0.2, upper, two_sided_level(0.95)};
    r.measured.n = 1000;
    r.measured.method = {"example"};
    r.limit = {sense::at_most, 0.4, 0.95};
    r.decision = decide(r.measured, r.limit);
    report.results.push_back(r);
  }
  report.results.push_back(report.results[0]);
  report.results[2].limit.value = 0.1;
  report.results[2].decision = decide(report.results[2].measured, report.results[2].limit);
  return report;
}

}  // namespace

TEST_CASE("notation: three digits from the first that matters") {
  using check::unit;
  CHECK(io::notation(0.999312, unit::fraction) == "99.9312%");
  CHECK(io::notation(0.5, unit::fraction) == "50.0%");
  CHECK(io::notation(0.00012345, unit::fraction) == "0.0123%");
  CHECK(io::notation(1.0, unit::fraction) == "100%");
  CHECK(io::notation(0.0, unit::fraction) == "0%");
  CHECK(io::notation(0.412, unit::seconds) == "412 ms");
  CHECK(io::notation(90.0, unit::seconds) == "1.50 min");
  CHECK(io::notation(86400.0 * 3, unit::seconds) == "3.00 d");
  CHECK(io::notation(infinity, unit::seconds) == "never");
  CHECK(io::notation(-0.02, unit::seconds) == "-20.0 ms");
  CHECK(io::notation(3.2e9, unit::bytes) == "3.20 GB");
  CHECK(io::notation(7, unit::servers) == "7");
  CHECK(io::notation(14.4, unit::ratio) == "14.4x");
}

TEST_CASE(
    "to_text: rule, measured value, interval, n, margin and verdict per check, then a summary") {
  const std::string text = io::to_text(three_verdicts());
  for (const char* part :
       {"pass  p99", "inconclusive  p99", "fail  p99", "queueing.response at most 400 ms",
        "(capacity.yaml:12)", "250 ms in [200 ms, 300 ms] at 90.0%, n = 1000", "margin 100 ms",
        "3 checks: 1 passed, 1 failed, 1 inconclusive\n"}) {
    CAPTURE(part);
    CHECK(text.find(part) != std::string::npos);
  }
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(io::to_text(three_verdicts(), io::colour::yes).find("\x1b[32mpass") != std::string::npos);
}

TEST_CASE("to_json: all digits, null for what is infinite, and it parses") {
  check::report report = three_verdicts();
  report.results[0].measured.interval.upper = infinity;
  const auto json = nlohmann::json::parse(io::to_json(report));
  CHECK(json["schema_version"] == 1);
  CHECK(json["checks"][0]["value"].get<double>() == 0.25);
  CHECK(json["checks"][0]["interval"]["upper"].is_null());
  CHECK(json["checks"][1]["verdict"] == "inconclusive");
  CHECK(json["summary"]["failed"] == 1);
}

TEST_CASE("to_junit: well-formed whatever the names hold; inconclusive is an error") {
  pugi::xml_document xml;
  REQUIRE(xml.load_string(io::to_junit(three_verdicts()).c_str()));
  const auto suite = xml.child("testsuites").child("testsuite");
  CHECK(suite.attribute("tests").as_int() == 3);
  CHECK(suite.attribute("failures").as_int() == 1);
  CHECK(suite.attribute("errors").as_int() == 1);
  CHECK(std::string(suite.first_child().attribute("name").value()) == "p99 <of> a|b:   100%, done");
}

TEST_CASE("to_markdown and to_github: their special characters are escaped") {
  const std::string markdown = io::to_markdown(three_verdicts());
  CHECK(markdown.find("p99 \\<of\\> a\\|b") != std::string::npos);
  const std::string github = io::to_github(three_verdicts());
  CHECK(github.find("::error file=capacity.yaml,line=12,title=p99 <of> a|b%3A \x01 100%25%2C "
                    "done%3A fail::") != std::string::npos);
  CHECK(github.find("::warning ") != std::string::npos);
}

TEST_CASE("report: exit codes, and nothing checked is never a success") {
  const check::report mixed = three_verdicts();
  CHECK(mixed.exit_code() == 1);
  CHECK(check::report{}.exit_code() == 2);
  check::report unknown;
  unknown.results = {mixed.results[1]};
  CHECK(unknown.exit_code() == 3);
  CHECK(unknown.exit_code(check::inconclusive::warn) == 3);
  CHECK(unknown.exit_code(check::inconclusive::pass) == 3);
  unknown.results.push_back(mixed.results[0]);
  CHECK(unknown.exit_code() == 3);
  CHECK(unknown.exit_code(check::inconclusive::warn) == 0);
  check::report good;
  good.results = {mixed.results[0]};
  CHECK(good.exit_code() == 0);
}

TEST_SUITE_END();
