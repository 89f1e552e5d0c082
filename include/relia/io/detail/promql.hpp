// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The words of PromQL that rules are made of: durations, label names, and selectors of counters.

#include <algorithm>
#include <array>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/text.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::io::detail {

/// "5m", "36h": in the largest unit that holds it a whole number of times. Prometheus keeps
/// milliseconds. Throws: std::domain_error for what is not a positive number of them.
[[nodiscard]] inline std::string promql_duration(std::string_view where, std::string_view name,
                                                 duration d) {
  constexpr std::array<std::pair<const char*, std::int64_t>, 5> units{
      {{"d", 86400000}, {"h", 3600000}, {"m", 60000}, {"s", 1000}, {"ms", 1}}};
  const std::int64_t milliseconds = d.count() / 1000000;
  relia::detail::require_domain(milliseconds > 0 && milliseconds * 1000000 == d.count(), where,
                                name, "a positive whole number of milliseconds",
                                real_seconds(d).count());
  const auto* unit = std::find_if(units.begin(), units.end(),
                                  [=](const auto& u) { return milliseconds % u.second == 0; });
  return relia::detail::to_text(milliseconds / unit->second) + unit->first;
}

[[nodiscard]] inline std::string quoted_promql(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return result + '"';
}

[[nodiscard]] constexpr bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

[[nodiscard]] constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

[[nodiscard]] constexpr bool is_label_name(std::string_view text) noexcept {
  return !text.empty() && is_letter(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_letter(c) || is_digit(c); });
}

/// Where the braces end that `text` starts with, quoted strings aside; npos when they do not.
[[nodiscard]] inline std::size_t end_of_braces(std::string_view text) noexcept {
  char quote = 0;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (quote != 0) {
      if (text[i] == '\\' && quote != '`')
        ++i;
      else if (text[i] == quote)
        quote = 0;
    } else if (text[i] == '"' || text[i] == '\'' || text[i] == '`') {
      quote = text[i];
    } else if (text[i] == '}') {
      return i + 1;
    } else if (text[i] == '{') {
      break;
    }
  }
  return std::string_view::npos;
}

/// A plain selector such as http_requests_total{code="500"}: the rules take increase() of it and
/// sum. Throws: std::invalid_argument that says what to write instead.
inline void require_selector(std::string_view where, std::string_view name, std::string_view text) {
  const auto refuse = [&](const std::string& why) {
    relia::detail::refuse_argument(
        where, name, R"(a selector of counters such as http_requests_total{code="500"})" + why,
        text);
  };
  for (const std::string_view mean : {"avg_over_time", "avg(", "avg by", "avg without"}) {
    if (text.find(mean) != std::string_view::npos) {
      refuse(
          " (a mean of ratios weighs a minute of 10 requests as one of 1000: half the time "
          "1000/min "
          "without errors and half 10/min with 5 % of them is 2.5 %, where 0.0495 % of the "
          "requests "
          "failed)");
    }
  }
  std::size_t i = 0;
  if (!text.empty() && (is_letter(text[0]) || text[0] == ':')) {
    while (i < text.size() && (is_letter(text[i]) || is_digit(text[i]) || text[i] == ':')) ++i;
  }
  if (i < text.size() && text[i] == '{') {
    const std::size_t length = end_of_braces(text.substr(i));
    i = length == std::string_view::npos ? 0 : i + length;
  }
  if (i == 0 || i != text.size()) {
    const bool ranged = i > 0 && text[i] == '[';
    const bool called = i > 0 && text[i] == '(';
    refuse(ranged ? " (without a range: the windows are the policy's)"
           : called
               ? " (without functions: the rules take increase() of each counter, then sum, so "
                 "that restarts are seen)"
               : "");
  }
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::io::detail
