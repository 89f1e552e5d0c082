// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// A report for a terminal: per check the rule, the measured value with its interval, n, the margin
/// and the verdict; then one line of summary.

#include <string>
#include <string_view>

#include <relia/check/report.hpp>
#include <relia/io/notation.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::io {

enum class colour { no, yes };

namespace detail {

inline std::string coloured(verdict v, std::string_view text, colour use) {
  if (use == colour::no) return std::string(text);
  const char* const code = v == verdict::pass ? "32" : v == verdict::fail ? "31" : "33";
  return std::string("\x1b[") + code + "m" + std::string(text) + "\x1b[0m";
}

}  // namespace detail

/// "3 checks: 1 passed, 1 failed, 1 inconclusive".
[[nodiscard]] inline std::string summary(const check::report& report) {
  using relia::detail::to_text;
  return to_text(report.results.size()) + " checks: " + to_text(report.number_of(verdict::pass)) +
         " passed, " + to_text(report.number_of(verdict::fail)) + " failed, " +
         to_text(report.number_of(verdict::inconclusive)) + " inconclusive";
}

/// Why the verdict is what it is: the limit, the bound that decided and its distance from the
/// limit.
[[nodiscard]] inline std::string explanation(const check::result& r) {
  std::string text = limit_text(r);
  if (r.decision.bound == r.decision.bound) {
    text += r.census ? " (counted whole)"
                     : " at " + written(r.limit.confidence_level, check::unit::fraction);
    text += ", " + std::string(r.census ? "value " : "bound ") +
            notation(r.decision.bound, r.unit) + ", margin " + notation(r.decision.margin, r.unit);
  }
  return text + ": " + r.decision.reason;
}

[[nodiscard]] inline std::string to_text(const check::report& report, colour use = colour::no) {
  std::string out;
  for (const check::result& r : report.results) {
    const std::string_view verdict = to_string(r.decision.verdict);
    out += detail::coloured(r.decision.verdict, verdict, use) + "  " + r.name + "\n";
    out += "    rule      " + r.rule + " " + limit_text(r) + "  (" + r.where.text() + ")\n";
    out += "    measured  " + measurement(r) + ", " + std::string(r.measured.method.name) + "\n";
    out += "    decided   " + explanation(r) + "\n";
    for (const std::string& note : r.measured.notes) out += "    note      " + note + "\n";
  }
  return out + summary(report) + "\n";
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::io
