// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// A report as JSON, schema_version 1. Numbers are numbers with all their digits, in the base unit
/// that "unit" names; infinite and unknown ones are null, and "state" and "reason" say why.

#include <cmath>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include <relia/check/report.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::io {

[[nodiscard]] constexpr std::string_view to_string(check::unit u) noexcept {
  using enum check::unit;
  switch (u) {
    case fraction:
      return "fraction";
    case seconds:
      return "seconds";
    case bytes:
      return "bytes";
    case per_second:
      return "per_second";
    case servers:
      return "servers";
    case events:
      return "events";
    case ratio:
      break;
  }
  return "ratio";
}

/// Two spaces of indentation, keys in a fixed order, a line feed at the end.
[[nodiscard]] inline std::string to_json(const check::report& report) {
  using json = nlohmann::ordered_json;
  const auto number = [](double x) { return std::isfinite(x) ? json(x) : json(nullptr); };
  json checks = json::array();
  for (const check::result& r : report.results) {
    const estimate<double>& e = r.measured;
    checks.push_back({{"name", r.name},
                      {"rule", r.rule},
                      {"file", r.where.file},
                      {"line", r.where.line},
                      {"verdict", std::string(to_string(r.decision.verdict))},
                      {"reason", r.decision.reason},
                      {"unit", std::string(to_string(r.unit))},
                      {"state", std::string(to_string(e.state))},
                      {"value", number(e.value)},
                      {"interval",
                       {{"lower", number(e.interval.lower)},
                        {"upper", number(e.interval.upper)},
                        {"confidence_level", number(e.interval.confidence_level)}}},
                      {"n", e.n},
                      {"n_open", e.n_open},
                      {"method", std::string(e.method.name)},
                      {"notes", e.notes},
                      {"limit",
                       {{"sense", r.limit.sense == sense::at_most ? "at_most" : "at_least"},
                        {"value", number(r.limit.value)},
                        {"confidence_level", number(r.limit.confidence_level)}}},
                      {"decided_by", r.census ? "value" : "bound"},
                      {"bound", number(r.decision.bound)},
                      {"margin", number(r.decision.margin)}});
  }
  const json document = {{"schema_version", 1},
                         {"relia", RELIA_VERSION},
                         {"summary",
                          {{"passed", report.number_of(verdict::pass)},
                           {"failed", report.number_of(verdict::fail)},
                           {"inconclusive", report.number_of(verdict::inconclusive)}}},
                         {"checks", checks}};
  return document.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::io
