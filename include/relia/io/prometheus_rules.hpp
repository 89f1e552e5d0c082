// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// An objective and its policy as Prometheus rules (YAML): the bad and valid events of each window
/// recorded, an alert for each tier. They fire when slo::evaluate_counters says so, to the bit:
/// both do the same arithmetic in the same order. What PromQL cannot say exactly is refused.
/// Bad and valid events come from one place, so that no ratio is above 1; a group of series that
/// does not exist yet counts 0, so that a total outage without a good answer still fires; windows
/// without events have no ratio instead of NaN, and no alert.

#include <algorithm>
#include <cstddef>
#include <limits>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <yaml-cpp/yaml.h>

#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/text.hpp>
#include <relia/io/detail/evidence_ladder.hpp>
#include <relia/io/detail/promql.hpp>
#include <relia/io/prometheus.hpp>
#include <relia/slo/burn_rate.hpp>
#include <relia/slo/objective.hpp>
#include <relia/slo/policy.hpp>
#include <relia/slo/significance.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::io {

/// PromQL selectors of the counters of any two of bad, good and valid events. Prefer bad with one
/// of the others: a difference of two extrapolations is not a count.
struct event_selectors {
  std::string bad{};
  std::string good{};
  std::string valid{};
};

/// `by`: labels whose every value has its own alerts, such as the tenant. `labels`: added to every
/// rule. `interval`: between evaluations; 0 leaves it to Prometheus.
struct prometheus_slo {
  std::string name{};
  slo::objective goal;
  slo::policy policy{};
  event_selectors events{};
  std::vector<std::string> by{};
  io::labels labels{};
  duration interval{0};
};

namespace detail {

class prometheus_group {
 public:
  explicit prometheus_group(const prometheus_slo& s) : slo_(s) {
    check();
    matchers_ = "{slo=" + quoted(s.name) + "}";
    by_ = "sum";
    for (std::size_t i = 0; i < s.by.size(); ++i) by_ += (i == 0 ? " by (" : ", ") + s.by[i];
    if (!s.by.empty()) by_ += ") ";
  }

  void write(YAML::Emitter& out) const {
    out << YAML::BeginMap << YAML::Key << "name" << YAML::Value << "slo-" + slo_.name;
    if (slo_.interval > duration{0}) {
      out << YAML::Key << "interval" << YAML::Value
          << promql_duration(name, "interval", slo_.interval);
    }
    out << YAML::Key << "rules" << YAML::Value << YAML::BeginSeq;
    std::set<duration> windows;
    for (const slo::tier& t : slo_.policy.tiers) {
      windows.insert({t.long_window, t.short_window});
    }
    for (const duration w : windows) record(out, promql_duration(name, "a window", w));
    for (std::size_t k = 0; k < slo_.policy.tiers.size(); ++k) alert(out, k);
    out << YAML::EndSeq << YAML::EndMap;
  }

 private:
  static constexpr const char* name = "io::to_prometheus_rules";

  static std::string quoted(const std::string& text) {
    std::string result = "\"";
    for (const char c : text) {
      if (c == '"' || c == '\\') result += '\\';
      result += c;
    }
    return result + '"';
  }

  void check() const {
    using relia::detail::require_argument;
    require_argument(
        !slo_.name.empty() && std::none_of(slo_.name.begin(), slo_.name.end(),
                                           [](char c) { return c < ' ' || c == '\x7f'; }),
        name, "name", "a line of text", slo_.name);
    require_argument(!slo_.policy.tiers.empty(), name, "tiers", "at least one",
                     slo_.policy.tiers.size());
    int given = 0;
    for (const auto& [what, text] : {std::pair("bad", &slo_.events.bad),
                                     {"good", &slo_.events.good},
                                     {"valid", &slo_.events.valid}}) {
      if (text->empty()) continue;
      ++given;
      require_selector(name, what, *text);
    }
    require_argument(given == 2, name, "the selectors given", "exactly two of bad, good and valid",
                     given);
    require_argument(slo_.events.bad != slo_.events.good, name, "bad", "another selector than good",
                     slo_.events.bad);
    for (const std::string& label : slo_.by) require_label(label);
    for (const auto& [label, value] : slo_.labels) require_label(label);
    for (const slo::tier& t : slo_.policy.tiers) {
      slo::detail::require_tier(name, t);
      relia::detail::require_positive_count(name, "min_failures", t.min_failures);
    }
  }

  static void require_label(const std::string& label) {
    static const std::set<std::string> own{"slo", "severity", "tier", "alertname", "le"};
    relia::detail::require_argument(is_label_name(label) && !own.contains(label), name, "a label",
                                    "a label name other than slo, severity, tier", label);
  }

  [[nodiscard]] std::string sum(const std::string& selector, const std::string& window) const {
    return by_ + "(increase(" + selector + "[" + window + "]))";
  }

  /// What counts 0 while no series of `sum` exists, but one of `other` does.
  static std::string or_zero(const std::string& sum, const std::string& other) {
    return sum + "\nor 0 * " + other;
  }

  void record(YAML::Emitter& out, const std::string& window) const {
    const auto& [bad, good, valid] = slo_.events;
    const std::string bad_sum = sum(bad, window);
    const std::string good_sum = sum(good, window);
    const std::string valid_sum = sum(valid, window);
    rule(out, "bad_events", window,
         bad.empty() ? "clamp_min(" + valid_sum + " - (" + or_zero(good_sum, valid_sum) + "), 0)"
                     : or_zero(bad_sum, valid.empty() ? good_sum : valid_sum));
    rule(out, "valid_events", window,
         valid.empty() ? bad_sum + " + " + good_sum + "\nor " + bad_sum + "\nor " + good_sum
                       : valid_sum);
    rule(out, "error_ratio", window,
         "clamp_max(" + recorded("bad_events", window) + " / (" + recorded("valid_events", window) +
             " > 0), 1)");
  }

  void rule(YAML::Emitter& out, const std::string& what, const std::string& window,
            const std::string& expression) const {
    out << YAML::BeginMap << YAML::Key << "record" << YAML::Value
        << "slo:" + what + ":increase" + window << YAML::Key << "expr" << YAML::Value
        << YAML::Literal << expression;
    labels(out, {});
    out << YAML::EndMap;
  }

  void labels(YAML::Emitter& out, io::labels own) const {
    own.insert(slo_.labels.begin(), slo_.labels.end());
    own.emplace("slo", slo_.name);
    out << YAML::Key << "labels" << YAML::Value << YAML::BeginMap;
    for (const auto& [label, value] : own) {
      out << YAML::Key << label << YAML::Value << YAML::DoubleQuoted << value;
    }
    out << YAML::EndMap;
  }

  [[nodiscard]] std::string recorded(const std::string& what, const std::string& window) const {
    return "slo:" + what + ":increase" + window + matchers_;
  }

  /// bad >= factor * budget * valid, with the slack of detail::reaches.
  [[nodiscard]] std::string burning(const slo::tier& t, const std::string& window) const {
    using relia::detail::to_text;
    constexpr double slack = 1.0 - 4.0 * std::numeric_limits<double>::epsilon();
    return recorded("bad_events", window) + " >= " + to_text(t.factor) + " * " +
           to_text(slo_.goal.error_budget()) + " * " + recorded("valid_events", window) + " * " +
           to_text(slack);
  }

  [[nodiscard]] std::string evident(const slo::tier& t, const std::string& window) const {
    using relia::detail::to_text;
    const slo::significance s(t.evidence);
    const auto ladder = ladder_of(t, s);
    if (!ladder) {
      relia::detail::refuse_argument(
          name, "evidence",
          "what a factor of " + to_text(t.factor) +
              " implies from some number of failures on, as it does when the factor is well above "
              "evidence.burn_rate (PromQL has no other exact form: give the tier min_failures, or "
              "a "
              "larger factor)",
          t.evidence.burn_rate);
    }
    if (ladder->implied == ladder->first) return {};
    std::string steps =
        "\nand (\n  " + recorded("bad_events", window) + " >= " + to_text(ladder->implied);
    const double budget = slo_.goal.error_budget();
    const std::string expected =
        recorded("valid_events", window) + " * " + to_text(budget) +
        (t.evidence.burn_rate == 1 ? "" : " * " + to_text(t.evidence.burn_rate));
    for (count k = ladder->implied - 1; k >= ladder->first; --k) {
      steps += "\n  or " + recorded("bad_events", window) + " >= " + to_text(k) + " and " +
               expected + " <= " + to_text(s.largest_expected()[static_cast<std::size_t>(k) - 1]);
    }
    return steps + "\n)";
  }

  void alert(YAML::Emitter& out, std::size_t k) const {
    using relia::detail::to_text;
    const slo::tier& t = slo_.policy.tiers[k];
    const std::string wide = promql_duration(name, "long_window", t.long_window);
    const std::string narrow = promql_duration(name, "short_window", t.short_window);
    std::string condition = recorded("bad_events", wide) + " >= " + to_text(t.min_failures);
    if (t.min_events > 0) {
      condition += "\nand " + recorded("valid_events", wide) + " >= " + to_text(t.min_events);
    }
    condition += "\nand " + burning(t, wide) + evident(t, wide) + "\nand " +
                 recorded("bad_events", narrow) + " > 0\nand " + burning(t, narrow);
    out << YAML::BeginMap << YAML::Key << "alert" << YAML::Value << "ErrorBudgetBurn" << YAML::Key
        << "expr" << YAML::Value << YAML::Literal << condition;
    if (t.hold > duration{0}) {
      out << YAML::Key << "for" << YAML::Value << promql_duration(name, "hold", t.hold);
    }
    labels(out, {{"severity", std::string(to_string(t.severity))}, {"tier", to_text(k)}});
    const std::string factor = relia::detail::to_short_text(t.factor);
    std::string summary = slo_.name;
    for (const std::string& label : slo_.by) summary += " {{ $labels." + label + " }}";
    summary +=
        " burns its error budget " + factor + " times too fast over " + wide + " and " + narrow;
    std::string description = "{{ $value | humanize }} bad events in " + wide;
    if (slo_.policy.period > duration{0}) {
      const std::string hours = relia::detail::to_short_text(
          slo::time_to_exhaustion(t.factor, slo_.policy.period).count() / 3600);
      description += "; at burn rate " + factor + " the whole budget lasts " + hours + " h";
    }
    out << YAML::Key << "annotations" << YAML::Value << YAML::BeginMap << YAML::Key << "summary"
        << YAML::Value << summary << YAML::Key << "description" << YAML::Value << description
        << YAML::EndMap << YAML::EndMap;
  }

  const prometheus_slo& slo_;
  std::string matchers_;
  std::string by_;
};

}  // namespace detail

/// A rules file with one group for each objective: recording rules first, so that the alerts of the
/// same evaluation see them. Throws: std::domain_error and std::invalid_argument for a policy,
/// selector or label that no rule can be made of.
[[nodiscard]] inline std::string to_prometheus_rules(std::span<const prometheus_slo> objectives) {
  std::set<std::string> names;
  YAML::Emitter out;
  out << YAML::BeginMap << YAML::Key << "groups" << YAML::Value << YAML::BeginSeq;
  for (const prometheus_slo& s : objectives) {
    relia::detail::require_argument(names.insert(s.name).second, "io::to_prometheus_rules", "name",
                                    "given once", s.name);
    detail::prometheus_group(s).write(out);
  }
  out << YAML::EndSeq << YAML::EndMap;
  return std::string(out.c_str()) + "\n";
}

/// As above, for one objective.
[[nodiscard]] inline std::string to_prometheus_rules(const prometheus_slo& objective) {
  return to_prometheus_rules(std::span(&objective, 1));
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::io
