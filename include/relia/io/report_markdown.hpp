// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// A report as a Markdown table, for a pull request or a step summary.

#include <string>
#include <string_view>

#include <relia/check/report.hpp>
#include <relia/io/notation.hpp>
#include <relia/io/report_text.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::io {

namespace detail {

/// Text that stays in its table cell and means nothing to Markdown or HTML.
inline std::string markdown_cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n' || c == '\r') {
      out += ' ';
      continue;
    }
    if (std::string_view("\\`*_{}[]<>|#~").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

}  // namespace detail

[[nodiscard]] inline std::string to_markdown(const check::report& report) {
  std::string out =
      "| verdict | check | rule | measured | limit | why |\n|---|---|---|---|---|---|\n";
  for (const check::result& r : report.results) {
    out += "| **" + std::string(to_string(r.decision.verdict)) + "** | " +
           detail::markdown_cell(r.name) + " | `" + r.rule + "` | " +
           detail::markdown_cell(measurement(r)) + " | " + detail::markdown_cell(limit_text(r)) +
           " | " + detail::markdown_cell(r.decision.reason) + " |\n";
  }
  return out + "\n" + summary(report) + "\n";
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::io
