// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// A report as JSON, schema_version 1. Numbers are numbers with all their digits, in the base unit
/// that "unit" names; infinite and unknown ones are null, and "state" and "reason" say why.

#include <cmath>
#include <string>
#include <string_view>
#include <utility>

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

namespace detail {

inline nlohmann::ordered_json versioned_document(const char* key, nlohmann::ordered_json items) {
  return {{"schema_version", 1}, {"relia", RELIA_VERSION}, {key, std::move(items)}};
}

inline std::string dumped(const nlohmann::ordered_json& document) {
  return document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

inline nlohmann::ordered_json finite(double x) {
  return std::isfinite(x) ? nlohmann::ordered_json(x) : nlohmann::ordered_json(nullptr);
}

}  // namespace detail

/// Two spaces of indentation, keys in a fixed order, a line feed at the end.
[[nodiscard]] inline std::string to_json(const check::report& report) {
  using json = nlohmann::ordered_json;
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
                      {"value", detail::finite(e.value)},
                      {"interval",
                       {{"lower", detail::finite(e.interval.lower)},
                        {"upper", detail::finite(e.interval.upper)},
                        {"confidence_level", detail::finite(e.interval.confidence_level)}}},
                      {"n", e.n},
                      {"n_open", e.n_open},
                      {"method", std::string(e.method.name)},
                      {"notes", e.notes},
                      {"limit",
                       {{"sense", r.limit.sense == sense::at_most ? "at_most" : "at_least"},
                        {"value", detail::finite(r.limit.value)},
                        {"confidence_level", detail::finite(r.limit.confidence_level)}}},
                      {"decided_by", r.census ? "value" : "bound"},
                      {"bound", detail::finite(r.decision.bound)},
                      {"margin", detail::finite(r.decision.margin)}});
  }
  json document = detail::versioned_document(
      "summary", {{"passed", report.number_of(verdict::pass)},
                  {"failed", report.number_of(verdict::fail)},
                  {"inconclusive", report.number_of(verdict::inconclusive)}});
  document["checks"] = checks;
  return detail::dumped(document);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::io
