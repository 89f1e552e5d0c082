// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// One question answered on a terminal: a verdict, a sentence, and figures with their units and
/// intervals, for a person (text) and for a pipeline (JSON, schema_version 1, all digits).

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <relia/check/report.hpp>
#include <relia/core/estimate.hpp>
#include <relia/core/verdict.hpp>
#include <relia/io/notation.hpp>
#include <relia/io/report_json.hpp>
#include <relia/io/report_text.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::io {

/// A named number: `name` for programs ("service_time"), its words for people are the same with
/// spaces.
struct figure {
  std::string name;
  estimate<double> measured;
  check::unit unit = check::unit::ratio;
};

/// `question`: what was asked, such as "queue size". `sentence`: the answer, for a person.
struct answer {
  std::string question;
  relia::verdict verdict = relia::verdict::inconclusive;
  std::string sentence;
  std::vector<figure> figures = {};
  std::vector<std::string> notes = {};

  void add(std::string name, estimate<double> measured, check::unit unit) {
    for (const std::string& note : measured.notes) add_note(note);
    figures.push_back({std::move(name), std::move(measured), unit});
  }
  void add(std::string name, double value, check::unit unit) {
    estimate<double> e;
    e.value = value;
    e.interval = {value, value, 1};
    figures.push_back({std::move(name), std::move(e), unit});
  }
  /// Once, however many figures say it.
  void add_note(std::string note) {
    if (std::find(notes.begin(), notes.end(), note) == notes.end())
      notes.push_back(std::move(note));
  }
};

namespace detail {

/// An interval of no width is no news.
inline bool has_width(const estimate<double>& e) noexcept {
  return e.has_value() && e.interval.lower != e.interval.upper;
}

inline std::string figure_text(const figure& f) {
  const estimate<double>& e = f.measured;
  if (!e.has_value()) return std::string(to_string(e.state));
  std::string text = notation(e.value, f.unit);
  if (has_width(e)) {
    text += " in [" + notation(e.interval.lower, f.unit) + ", " +
            notation(e.interval.upper, f.unit) + "] at " +
            written(e.interval.confidence_level, check::unit::fraction);
  }
  return text;
}

}  // namespace detail

[[nodiscard]] inline std::string to_text(const answer& a, colour use = colour::no) {
  std::string out =
      detail::coloured(a.verdict, to_string(a.verdict), use) + "  " + a.sentence + "\n";
  std::size_t width = std::string_view("note").size();
  for (const figure& f : a.figures) width = std::max(width, f.name.size());
  const auto row = [&](std::string name, const std::string& text) {
    std::replace(name.begin(), name.end(), '_', ' ');
    name.resize(width, ' ');
    out += "    " + name + "  " + text + "\n";
  };
  for (const figure& f : a.figures) row(f.name, detail::figure_text(f));
  for (const std::string& note : a.notes) row("note", note);
  return out;
}

/// Infinite numbers are null; so are figures without a value, whose "state" says why.
[[nodiscard]] inline std::string to_json(const answer& a) {
  using json = nlohmann::ordered_json;
  json figures = json::object();
  for (const figure& f : a.figures) {
    const estimate<double>& e = f.measured;
    json one{{"value", detail::finite(e.value)},
             {"unit", std::string(to_string(f.unit))},
             {"state", std::string(to_string(e.state))}};
    if (detail::has_width(e)) {
      one["interval"] = {{"lower", detail::finite(e.interval.lower)},
                         {"upper", detail::finite(e.interval.upper)},
                         {"confidence_level", e.interval.confidence_level}};
    }
    figures[f.name] = std::move(one);
  }
  json document = detail::versioned_document("question", a.question);
  document["verdict"] = std::string(to_string(a.verdict));
  document["answer"] = a.sentence;
  document["figures"] = std::move(figures);
  document["notes"] = a.notes;
  return detail::dumped(document);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::io
