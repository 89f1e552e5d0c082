// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// A report as JUnit XML (by pugixml): one suite, one case per check; an inconclusive check is an
/// <error>, so that no CI server takes it for a success.

#include <sstream>
#include <string>

#include <pugixml.hpp>

#include <relia/check/report.hpp>
#include <relia/io/notation.hpp>
#include <relia/io/report_text.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::io {

namespace detail {

/// XML 1.0 cannot hold most control characters, not even escaped: they become a space.
inline std::string xml_text(std::string text) {
  for (char& c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 && c != '\n' && c != '\t') c = ' ';
  }
  return text;
}

}  // namespace detail

[[nodiscard]] inline std::string to_junit(const check::report& report) {
  pugi::xml_document document;
  auto declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  auto suite = document.append_child("testsuites").append_child("testsuite");
  suite.append_attribute("name") = "relia check";
  suite.append_attribute("tests") = report.results.size();
  suite.append_attribute("failures") = static_cast<long>(report.number_of(verdict::fail));
  suite.append_attribute("errors") = static_cast<long>(report.number_of(verdict::inconclusive));
  suite.append_attribute("skipped") = 0;
  for (const check::result& r : report.results) {
    auto item = suite.append_child("testcase");
    item.append_attribute("name") = detail::xml_text(r.name).c_str();
    item.append_attribute("classname") = r.rule.c_str();
    item.append_attribute("file") = detail::xml_text(r.where.file).c_str();
    item.append_attribute("line") = r.where.line;
    if (r.decision.verdict != verdict::pass) {
      const bool failed = r.decision.verdict == verdict::fail;
      auto outcome = item.append_child(failed ? "failure" : "error");
      outcome.append_attribute("type") = std::string(to_string(r.decision.verdict)).c_str();
      outcome.append_attribute("message") = detail::xml_text(explanation(r)).c_str();
    }
    std::string out = "measured: " + measurement(r) + "\n" + "decided: " + explanation(r) + "\n";
    for (const std::string& note : r.measured.notes) out += "note: " + note + "\n";
    item.append_child("system-out").text() = detail::xml_text(out).c_str();
  }
  std::ostringstream text;
  document.save(text, "  ");
  return text.str();
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::io
