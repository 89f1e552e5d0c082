// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// A report as GitHub workflow commands: an error per failed check, a warning per inconclusive one,
/// at the line of its rule. Passed checks stay silent, because GitHub shows about ten annotations
/// of a kind.

#include <string>
#include <string_view>

#include <relia/check/report.hpp>
#include <relia/io/notation.hpp>
#include <relia/io/report_text.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::io {

namespace detail {

/// %, CR and LF are always escaped; ':' and ',' also in properties.
inline std::string github_text(std::string_view text, bool property) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '%':
        out += "%25";
        break;
      case '\r':
        out += "%0D";
        break;
      case '\n':
        out += "%0A";
        break;
      case ':':
        out += property ? "%3A" : ":";
        break;
      case ',':
        out += property ? "%2C" : ",";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace detail

[[nodiscard]] inline std::string to_github(const check::report& report) {
  std::string out;
  for (const check::result& r : report.results) {
    if (r.decision.verdict == verdict::pass) continue;
    out += r.decision.verdict == verdict::fail ? "::error" : "::warning";
    out += " file=" + detail::github_text(r.where.file, true) +
           ",line=" + std::to_string(r.where.line) + ",title=" +
           detail::github_text(r.name + ": " + std::string(to_string(r.decision.verdict)), true);
    out += "::" + detail::github_text(measurement(r) + "; " + explanation(r), false) + "\n";
  }
  return out + "::notice::" + detail::github_text(summary(report), false) + "\n";
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::io
