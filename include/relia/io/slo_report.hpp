// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Where objectives stand and what lint found in them, for a person (text) and for a pipeline
/// (JSON, schema_version 1).

#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include <relia/core/verdict.hpp>
#include <relia/detail/text.hpp>
#include <relia/io/notation.hpp>
#include <relia/io/report_json.hpp>
#include <relia/io/report_text.hpp>
#include <relia/io/slo_spec.hpp>
#include <relia/io/time.hpp>
#include <relia/slo/lint.hpp>
#include <relia/slo/status.hpp>
#include <relia/version.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::io {

/// An objective with its status.
struct slo_with_status {
  slo_spec spec;
  slo::objective_status status{};
};

/// An objective with what lint found.
struct slo_with_findings {
  slo_spec spec;
  std::vector<slo::finding> findings{};
};

namespace detail {

inline std::string percent_text(double fraction) {
  return written(fraction, check::unit::fraction);
}

inline std::string time_text(real_seconds t) { return written(t.count(), check::unit::seconds); }

inline std::string burn_text(const slo::burn& b) {
  return b.state == state::ok ? notation(b.rate, check::unit::ratio)
                              : std::string(to_string(b.state));
}

inline std::string firing_text(const slo::tier_status& s) {
  return s.firing ? "fires since " + format_time(s.since) : std::string("quiet");
}

inline std::string rule_text(const slo::alert_rule& r, const slo::tier_status& s) {
  return std::string(to_string(r.severity)) + " by rule " + r.name + ": " + firing_text(s);
}

inline std::string tier_text(const slo::tier& t, const slo::tier_status& s) {
  std::string text = std::string(to_string(t.severity)) + " at " +
                     written(t.factor, check::unit::ratio) + ": " + burn_text(s.long_burn) +
                     " over " + time_text(t.long_window) + ", " + burn_text(s.short_burn) +
                     " over " + time_text(t.short_window) + "; ";
  text += firing_text(s);
  if (s.lasts == real_seconds{0}) return text + ", no budget is left";
  if (s.lasts == never) return text;
  return text + ", the budget lasts " + notation(s.lasts.count(), check::unit::seconds) +
         " at the rate of the longer window";
}

inline nlohmann::ordered_json tier_json(const slo::policy& p, std::size_t k,
                                        const slo::tier_status& now) {
  using json = nlohmann::ordered_json;
  json out{{"severity", std::string(to_string(severity_of(p, k)))},
           {"firing_since", now.firing ? json(format_time(now.since)) : json(nullptr)}};
  if (k >= p.tiers.size()) {
    out["rule"] = p.rules[k - p.tiers.size()].name;
    return out;
  }
  const slo::tier& t = p.tiers[k];
  out["factor"] = t.factor;
  out["long_window_seconds"] = real_seconds(t.long_window).count();
  out["short_window_seconds"] = real_seconds(t.short_window).count();
  out["long_burn_rate"] = finite(now.long_burn.rate);
  out["short_burn_rate"] = finite(now.short_burn.rate);
  out["lasts_seconds"] = finite(now.lasts.count());
  return out;
}

}  // namespace detail

/// A paragraph for each objective.
[[nodiscard]] inline std::string to_text(std::span<const slo_with_status> all,
                                         colour use = colour::no) {
  using relia::detail::to_text;
  std::string out;
  for (const auto& [spec, s] : all) {
    const slo::policy& p = spec.rules.policy;
    out += detail::coloured(s.verdict, to_string(s.verdict), use) + "  " + spec.rules.name + "\n";
    out += "    objective " + detail::percent_text(spec.rules.goal.target()) + " of " +
           detail::time_text(p.period) + "  (" + spec.file + ":" + to_text(spec.line) + ")\n";
    if (s.attained.has_value()) {
      out += "    attained  " + notation(s.attained.value, check::unit::fraction) + " in [" +
             notation(s.attained.interval.lower, check::unit::fraction) + ", " +
             notation(s.attained.interval.upper, check::unit::fraction) + "] at " +
             detail::percent_text(s.attained.interval.confidence_level) +
             ", n = " + to_text(s.attained.n) + ", over " +
             notation(s.covered.count(), check::unit::seconds) + " until " + format_time(s.at) +
             "\n";
      out += "    budget    " + to_text(s.events.bad()) + " bad of " +
             notation(s.budget.allowed, check::unit::events) + " allowed, " +
             notation(s.budget.remaining_fraction, check::unit::fraction) + " left\n";
    } else {
      out += "    attained  no data\n";
    }
    for (std::size_t k = 0; k < s.tiers.size(); ++k) {
      out += "    tier " + to_text(k) + "    " +
             (k < p.tiers.size() ? detail::tier_text(p.tiers[k], s.tiers[k])
                                 : detail::rule_text(p.rules[k - p.tiers.size()], s.tiers[k])) +
             "\n";
    }
    out += "    pages     " + to_text(s.pages) + " in the recorded data\n";
    for (const std::string& note : spec.notes) out += "    note      " + note + "\n";
  }
  return out;
}

[[nodiscard]] inline std::string to_json(std::span<const slo_with_status> all) {
  using json = nlohmann::ordered_json;
  json items = json::array();
  for (const auto& [spec, s] : all) {
    json tiers = json::array();
    for (std::size_t k = 0; k < s.tiers.size(); ++k) {
      tiers.push_back(detail::tier_json(spec.rules.policy, k, s.tiers[k]));
    }
    items.push_back({{"name", spec.rules.name},
                     {"file", spec.file},
                     {"line", spec.line},
                     {"verdict", std::string(to_string(s.verdict))},
                     {"objective", spec.rules.goal.target()},
                     {"error_budget", spec.rules.goal.error_budget()},
                     {"period_seconds", real_seconds(spec.rules.policy.period).count()},
                     {"covered_seconds", s.covered.count()},
                     {"until", s.attained.has_value() ? json(format_time(s.at)) : json(nullptr)},
                     {"good", s.events.good()},
                     {"bad", s.events.bad()},
                     {"attained", detail::finite(s.attained.value)},
                     {"interval",
                      {{"lower", detail::finite(s.attained.interval.lower)},
                       {"upper", detail::finite(s.attained.interval.upper)},
                       {"confidence_level", detail::finite(s.attained.interval.confidence_level)}}},
                     {"budget_allowed", s.budget.allowed},
                     {"budget_remaining_fraction", detail::finite(s.budget.remaining_fraction)},
                     {"tiers", tiers},
                     {"pages", s.pages},
                     {"notes", spec.notes}});
  }
  return detail::dumped(detail::versioned_document("slos", items));
}

/// A line for each finding, as compilers write them: "slos.yaml:7: error: ... [never_fires]".
[[nodiscard]] inline std::string to_text(std::span<const slo_with_findings> all) {
  std::string out;
  for (const auto& [spec, findings] : all) {
    for (const slo::finding& f : findings) {
      const bool whole = f.tier == slo::finding::whole_policy;
      out += spec.file + ":" + relia::detail::to_text(spec.line_of(f)) + ": " +
             std::string(to_string(f.level)) + ": " + spec.rules.name + ": " +
             (whole ? "" : "tier " + relia::detail::to_text(f.tier) + ": ") + f.message + " [" +
             std::string(f.rule) + "]\n";
    }
  }
  return out;
}

[[nodiscard]] inline std::string to_json(std::span<const slo_with_findings> all) {
  using json = nlohmann::ordered_json;
  json items = json::array();
  for (const auto& [spec, findings] : all) {
    for (const slo::finding& f : findings) {
      const bool whole = f.tier == slo::finding::whole_policy;
      items.push_back({{"name", spec.rules.name},
                       {"file", spec.file},
                       {"line", spec.line_of(f)},
                       {"level", std::string(to_string(f.level))},
                       {"rule", std::string(f.rule)},
                       {"tier", whole ? json(nullptr) : json(f.tier)},
                       {"message", f.message}});
    }
  }
  return detail::dumped(detail::versioned_document("findings", items));
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::io
