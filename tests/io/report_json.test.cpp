// SPDX-License-Identifier: BSL-1.0
#include <limits>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <relia/io/report_json.hpp>

#include <support/report.hpp>

using namespace relia;
using relia::test::three_verdicts;

TEST_SUITE_BEGIN("report_json");

namespace {
constexpr double infinity = std::numeric_limits<double>::infinity();
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

TEST_SUITE_END();
