// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// An objective and its policy as Prometheus rules (YAML): the bad and valid events of each window
/// recorded, an alert for each tier and rule. They fire when slo::evaluate_counters says so, to the
/// bit: both do the same arithmetic in the same order. What PromQL cannot say exactly is refused.
/// Bad and valid events come from one place, so that no ratio is above 1; a group of series that
/// does not exist yet counts 0, so that a total outage without a good answer still fires; windows
/// without events have no ratio instead of NaN, and no alert.

#include <algorithm>
#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <yaml-cpp/yaml.h>

#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/text.hpp>
#include <relia/io/detail/promql.hpp>
#include <relia/io/detail/promql_condition.hpp>
#include <relia/io/notation.hpp>
#include <relia/io/prometheus.hpp>
#include <relia/slo/burn_rate.hpp>
#include <relia/slo/condition.hpp>
#include <relia/slo/objective.hpp>
#include <relia/slo/policy.hpp>

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
  explicit prometheus_group(const prometheus_slo& s)
      : slo_(s), writer_(name, "{slo=" + quoted_promql(s.name) + "}", s.goal.error_budget()) {
    refuse_impossible();
    for (std::size_t i = 0; i < s.by.size(); ++i) by_ += (i == 0 ? " by (" : ", ") + s.by[i];
    if (!s.by.empty()) by_ += ") ";
    for (const slo::tier& t : s.policy.tiers) alerts_.push_back(alert_of(t));
    for (const slo::alert_rule& r : s.policy.rules) {
      alerts_.push_back(r);
      unwrap(alerts_.back());
    }
  }

  void write(YAML::Emitter& out) const {
    out << YAML::BeginMap << YAML::Key << "name" << YAML::Value << "slo-" + slo_.name;
    if (slo_.interval > duration{0}) {
      out << YAML::Key << "interval" << YAML::Value
          << promql_duration(name, "interval", slo_.interval);
    }
    out << YAML::Key << "rules" << YAML::Value << YAML::BeginSeq;
    std::set<duration> windows;
    for (const slo::alert_rule& a : alerts_) condition_writer::windows_of(a.condition, windows);
    for (const duration w : windows) record(out, promql_duration(name, "a window", w));
    for (std::size_t k = 0; k < alerts_.size(); ++k) alert(out, k);
    out << YAML::EndSeq << YAML::EndMap;
  }

 private:
  static constexpr const char* name = "io::to_prometheus_rules";

  void refuse_impossible() const {
    using relia::detail::require_argument;
    require_argument(
        !slo_.name.empty() && std::none_of(slo_.name.begin(), slo_.name.end(),
                                           [](char c) { return c < ' ' || c == '\x7f'; }),
        name, "name", "a line of text", slo_.name);
    require_argument(!slo_.policy.tiers.empty() || !slo_.policy.rules.empty(), name, "tiers",
                     "at least one", slo_.policy.tiers.size());
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
    for (const slo::tier& t : slo_.policy.tiers) slo::detail::require_tier(name, t);
  }

  /// What is held as a whole is held by the alert.
  static void unwrap(slo::alert_rule& a) {
    while (a.condition.kind() == slo::condition_kind::hold && a.hold == duration{0}) {
      a.hold = a.condition.length();
      a.condition = slo::condition(a.condition.parts().front());
    }
  }

  /// The long window first: $value is of the first comparison.
  static slo::alert_rule alert_of(const slo::tier& t) {
    slo::alert_rule a{{}, t.severity, condition_of(t), {}};
    unwrap(a);
    std::vector<slo::condition> parts = a.condition.parts();
    std::swap(parts.at(0), parts.at(1));
    a.condition = all_of(std::move(parts));
    return a;
  }

  static void require_label(const std::string& label) {
    static const std::set<std::string> own{"slo", "severity", "tier", "rule", "alertname"};
    relia::detail::require_argument(is_label_name(label) && !own.contains(label), name, "a label",
                                    "a label name other than slo, severity, tier and rule", label);
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
         "clamp_max(" + writer_.recorded("bad_events", window) + " / (" +
             writer_.recorded("valid_events", window) + " > 0), 1)");
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

  void alert(YAML::Emitter& out, std::size_t k) const {
    using relia::detail::to_text;
    const slo::alert_rule& a = alerts_[k];
    out << YAML::BeginMap << YAML::Key << "alert" << YAML::Value << "ErrorBudgetBurn" << YAML::Key
        << "expr" << YAML::Value << YAML::Literal << writer_.expression(a.condition);
    if (a.hold > duration{0}) {
      out << YAML::Key << "for" << YAML::Value << promql_duration(name, "hold", a.hold);
    }
    io::labels own{{"severity", std::string(to_string(a.severity))}, {"tier", to_text(k)}};
    std::string summary = slo_.name;
    for (const std::string& label : slo_.by) summary += " {{ $labels." + label + " }}";
    std::string description;
    if (k < slo_.policy.tiers.size()) {
      const slo::tier& t = slo_.policy.tiers[k];
      const std::string wide = promql_duration(name, "long_window", t.long_window);
      const std::string factor = relia::detail::to_short_text(t.factor);
      summary += " burns its error budget at " + factor + "x or more over " + wide + " and " +
                 promql_duration(name, "short_window", t.short_window);
      description = "{{ $value | humanize }} bad events in " + wide;
      if (slo_.policy.period > duration{0}) {
        const real_seconds lasts = slo::time_to_exhaustion(t.factor, slo_.policy.period);
        description += "; at " + factor + "x the whole budget lasts " +
                       written(lasts.count(), check::unit::seconds);
      }
    } else {
      if (!a.name.empty()) own.emplace("rule", a.name);
      summary += " alerts by rule " + (a.name.empty() ? to_text(k) : a.name);
      description = to_string(a.condition);
    }
    labels(out, std::move(own));
    out << YAML::Key << "annotations" << YAML::Value << YAML::BeginMap << YAML::Key << "summary"
        << YAML::Value << summary << YAML::Key << "description" << YAML::Value << description
        << YAML::EndMap << YAML::EndMap;
  }

  const prometheus_slo& slo_;
  condition_writer writer_;
  std::string by_ = "sum";
  std::vector<slo::alert_rule> alerts_{};
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
