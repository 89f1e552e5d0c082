// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The tiers of a policy in a file of objectives (YAML), read and written:
///   tiers:
///     - {long: 1h, short: 5min, factor: 14.4x, severity: page, min_failures: 3, hold: 2min,
///        evidence: {p_value: 0.01%, burn_rate: 1x, dispersion: 3x}}
/// What is written reads back as the same tiers, to the bit.

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <relia/core/time.hpp>
#include <relia/io/quantity.hpp>
#include <relia/io/rules.hpp>
#include <relia/io/yaml.hpp>
#include <relia/slo/low_traffic.hpp>
#include <relia/slo/policy.hpp>
#include <relia/slo/presets.hpp>
#include <relia/slo/tier.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::io {

namespace detail {

inline duration whole_duration(std::string_view text) {
  return std::chrono::round<duration>(positive(parse_duration)(text));
}

inline double read_dispersion(const yaml_text& text) {
  const double dispersion = text.as(parse_ratio);
  if (!(dispersion >= 1)) text.refuse("expected a dispersion of at least 1x, found " + text.text);
  return dispersion;
}

inline slo::evidence read_evidence(const yaml_map& block) {
  slo::evidence e;
  e.p_value = block.required("p_value").as(parse_open_percent);
  if (const auto t = block.optional("burn_rate")) e.burn_rate = t->as(positive(parse_ratio));
  if (const auto t = block.optional("dispersion")) e.dispersion = read_dispersion(*t);
  block.finish();
  return e;
}

inline slo::tier read_tier(const yaml_map& block) {
  slo::tier t;
  t.long_window = block.required("long").as(whole_duration);
  t.short_window = block.required("short").as(whole_duration);
  t.factor = block.required("factor").as(positive(parse_ratio));
  const auto severity = block.required("severity");
  if (severity.text != "page" && severity.text != "ticket") {
    severity.refuse(unknown_word("severity", severity.text, {"page", "ticket"}));
  }
  t.severity = severity.text == "page" ? slo::severity::page : slo::severity::ticket;
  if (const auto n = block.optional("min_failures")) t.min_failures = n->as(positive(to_count));
  if (const auto n = block.optional("min_events")) t.min_events = n->as(to_count);
  if (const auto d = block.optional("hold")) t.hold = d->as(whole_duration);
  if (block.has("evidence")) t.evidence = read_evidence(block.map("evidence"));
  block.finish();
  return t;
}

/// policy: one of slo::preset_names, or low_traffic, which keeps to what is allowed; or tiers: of
/// one's own, whose lines are kept.
inline slo::policy read_policy(const yaml_map& item, duration period,
                               const slo::page_allowance& allowed, std::vector<int>& lines) {
  if (item.has("tiers")) {
    if (item.has("policy")) item.refuse(R"(the objective needs one of "policy" and "tiers")");
    slo::policy p{"", period, {}, {}, {}};
    for (const yaml_map& block : item.maps("tiers")) {
      p.tiers.push_back(read_tier(block));
      lines.push_back(block.line());
    }
    return p;
  }
  const auto name = item.required("policy");
  std::vector<std::string> known(slo::preset_names.begin(), slo::preset_names.end());
  known.emplace_back("low_traffic");
  if (std::find(known.begin(), known.end(), name.text) == known.end()) {
    name.refuse(unknown_word("policy", name.text, known));
  }
  return name.as([&](std::string_view text) {
    return text == "low_traffic" ? slo::low_traffic(period, allowed) : slo::preset(text, period);
  });
}

/// The shortest decimal that reads back as the same number, without an exponent.
inline std::string decimal(double value) {
  std::array<char, 400> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  return {text.data(), end.ptr};
}

/// A fraction as a percentage: the point of its decimal moved by two places.
inline std::string decimal_percent(double fraction) {
  std::string text = decimal(fraction);
  std::size_t point = text.find('.');
  if (point == std::string::npos)
    point = text.size();
  else
    text.erase(point, 1);
  if (text.size() < point + 2) text.append(point + 2 - text.size(), '0');
  if (text.size() > point + 2) text.insert(point + 2, ".");
  const std::size_t first = std::min(text.find_first_not_of('0'), point + 1);
  return text.substr(first) + "%";
}

/// In the largest unit that it is a whole number of.
inline std::string written_duration(duration d) {
  constexpr std::array<std::pair<const char*, std::int64_t>, 7> units{{{"d", 86400000000000},
                                                                       {"h", 3600000000000},
                                                                       {"min", 60000000000},
                                                                       {"s", 1000000000},
                                                                       {"ms", 1000000},
                                                                       {"us", 1000},
                                                                       {"ns", 1}}};
  const auto* unit = std::find_if(units.begin(), units.end(),
                                  [d](const auto& u) { return d.count() % u.second == 0; });
  return relia::detail::to_text(d.count() / unit->second) + unit->first;
}

}  // namespace detail

/// The tiers as a list of the file's form, a line each. Domain: tiers that evaluate() takes, of
/// windows shorter than 100 years.
[[nodiscard]] inline std::string to_yaml(std::span<const slo::tier> tiers) {
  using relia::detail::to_text;
  std::string out;
  for (const slo::tier& t : tiers) {
    out += "- {long: " + detail::written_duration(t.long_window) +
           ", short: " + detail::written_duration(t.short_window) +
           ", factor: " + detail::decimal(t.factor) +
           "x, severity: " + std::string(to_string(t.severity));
    if (t.min_failures != 1) out += ", min_failures: " + to_text(t.min_failures);
    if (t.min_events != 0) out += ", min_events: " + to_text(t.min_events);
    if (t.hold != duration{0}) out += ", hold: " + detail::written_duration(t.hold);
    if (t.evidence.p_value != 1) {
      out += ", evidence: {p_value: " + detail::decimal_percent(t.evidence.p_value) +
             ", burn_rate: " + detail::decimal(t.evidence.burn_rate) +
             "x, dispersion: " + detail::decimal(t.evidence.dispersion) + "x}";
    }
    out += "}\n";
  }
  return out;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::io
