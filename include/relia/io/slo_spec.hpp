// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// A file of objectives (YAML): each with its policy, the counters behind it, and what is known of
/// its traffic. As strict as a rules file: unknown keys, quantities without units and tiers that
/// cannot be are errors with file, line and what to write.
///   relia: 1
///   slos:
///     - name: checkout
///       objective: 99.9%
///       period: 30d
///       policy: workbook          # any of slo::preset_names, or tiers: [{long: 1h, short: 5min,
///       factor: 14.4x, ...}] counters: {metric: http_requests_total, where: {job: web}, bad:
///       {code: "500"}}

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <relia/io/data.hpp>
#include <relia/io/prometheus_rules.hpp>
#include <relia/io/quantity.hpp>
#include <relia/io/rules.hpp>
#include <relia/io/slo_tiers.hpp>
#include <relia/io/yaml.hpp>
#include <relia/sli/event_series.hpp>
#include <relia/slo/design.hpp>
#include <relia/slo/lint.hpp>
#include <relia/slo/low_traffic.hpp>
#include <relia/slo/objective.hpp>
#include <relia/slo/policy.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::io {

/// What a file of objectives may leave out: the recorded data, which only a status needs.
enum class slo_data { read, leave };

/// One objective of the file. `rules`: for to_prometheus_rules; its selectors are empty when the
/// file names no counters. `design`: its traffic, what it may cost and what it must find, as far as
/// the file says; no traffic is 0. `tier_lines`: for messages.
struct slo_spec {
  prometheus_slo rules;
  slo::lint_options lint{};
  slo::design_request design{};
  std::optional<sli::event_series> events{};
  std::vector<std::string> notes{};
  std::string file{};
  int line = 0;
  std::vector<int> tier_lines{};

  /// The line of a finding.
  [[nodiscard]] int line_of(const slo::finding& f) const noexcept {
    return f.tier < tier_lines.size() ? tier_lines[f.tier] : line;
  }
};

namespace detail {

/// metric{a="b"}: with the labels of both blocks.
inline std::string selector_of(const std::string& metric, labels wanted, const labels& more = {}) {
  wanted.insert(more.begin(), more.end());
  std::string matchers;
  for (const auto& [label, value] : wanted) {
    matchers += (matchers.empty() ? "" : ",") + label + "=" + quoted_promql(value);
  }
  return matchers.empty() ? metric : metric + "{" + matchers + "}";
}

/// The selectors that count what read_counters would: bad events among all of the metric's.
inline event_selectors selectors_of(const yaml_map& block) {
  const labels bad = read_labels(block, "bad");
  if (bad.empty()) block.refuse("\"bad\" must name the labels of the bad events");
  const labels where = read_labels(block, "where");
  const std::string metric = block.required("metric").text;
  (void)block.optional("file");
  block.finish();
  return {selector_of(metric, where, bad), {}, selector_of(metric, where)};
}

/// prometheus: {bad: 'errors_total{job="web"}', valid: 'requests_total{job="web"}', by: [route],
/// labels: {team: web}, interval: 30s}
inline void read_prometheus_block(const yaml_map& block, prometheus_slo& rules) {
  const auto text = [&](const char* key) {
    const auto given = block.optional(key);
    return given ? given->text : std::string();
  };
  const event_selectors given{text("bad"), text("good"), text("valid")};
  if (!given.bad.empty() || !given.good.empty() || !given.valid.empty()) rules.events = given;
  for (const yaml_text& label : block.texts("by")) rules.by.push_back(label.text);
  rules.labels = read_labels(block, "labels");
  if (const auto d = block.optional("interval")) rules.interval = d->as(whole_duration);
  block.finish();
}

/// dispersion: 3x, allowed: {false_pages_per_quarter: 0.4, burn_rate: 0.5x}, reset_within: 1h,
/// incidents: [{name: outage, error_ratio: 100%, lasts: 1h, detect_within: 5min}]
inline slo::design_request read_design(const yaml_map& item, duration period) {
  slo::design_request r;
  r.period = period;
  if (const auto t = item.optional("dispersion")) r.load.dispersion = read_dispersion(*t);
  r.allowed.dispersion = r.load.dispersion;
  if (item.has("allowed")) {
    const yaml_map block = item.map("allowed");
    r.allowed.false_pages_per_quarter =
        block.required("false_pages_per_quarter").as(positive(to_number));
    if (const auto t = block.optional("burn_rate")) {
      r.allowed.burn_rate = t->as(positive(parse_ratio));
    }
    block.finish();
  }
  if (const auto t = item.optional("reset_within")) r.reset_within = t->as(whole_duration);
  if (!item.has("incidents")) return r;
  for (const yaml_map& block : item.maps("incidents")) {
    slo::incident_class c;
    c.name = block.required("name").text;
    const auto ratio = block.required("error_ratio");
    c.error_ratio = ratio.as(positive(parse_percent));
    if (c.error_ratio > 1) ratio.refuse("expected at most 100%, found " + ratio.text);
    c.lasts = block.required("lasts").as(whole_duration);
    c.detect_within = block.required("detect_within").as(whole_duration);
    block.finish();
    r.incidents.push_back(std::move(c));
  }
  return r;
}

inline slo_spec read_slo(const yaml_map& item, data_files& files, slo_data data) {
  const auto name = item.required("name");
  const duration period = item.required("period").as(whole_duration);
  slo_spec spec{{name.text, read_objective(item), {}, {}, {}, {}, {}}};
  spec.file = item.file();
  spec.line = name.line;
  spec.design = read_design(item, period);
  spec.rules.policy = read_policy(item, period, spec.design.allowed, spec.tier_lines);
  spec.notes = spec.rules.policy.notes;
  if (const auto d = item.optional("scrape")) spec.lint.scrape_interval = d->as(whole_duration);
  if (const auto r = item.optional("traffic")) {
    spec.lint.events_per_second = r->as(positive(parse_rate));
    spec.design.load.events_per_hour = *spec.lint.events_per_second * 3600;
  }
  if (const auto d = item.optional("mean_of_ratios")) {
    spec.lint.mean_of_ratios = d->as(whole_duration);
  }
  if (item.has("counters")) {
    spec.rules.events = selectors_of(item.map("counters"));
    if (data == slo_data::read && item.map("counters").has("file")) {
      auto [events, notes] = read_counters(item.map("counters"), files);
      spec.events = std::move(events);
      spec.notes.insert(spec.notes.end(), notes.begin(), notes.end());
    }
  }
  if (item.has("prometheus")) read_prometheus_block(item.map("prometheus"), spec.rules);
  item.finish();
  return spec;
}

}  // namespace detail

/// The objectives of a file. Throws: read_error for anything that is not as it must be, in the file
/// or in the data that it names.
[[nodiscard]] inline std::vector<slo_spec> read_slos(const std::string& path,
                                                     slo_data data = slo_data::read) {
  const yaml_map document = read_yaml(path);
  const auto format = document.required("relia");
  if (format.text != "1") {
    format.refuse("this version reads files of format 1, found \"" + format.text + "\"");
  }
  data_files files(path);
  std::vector<slo_spec> all;
  std::set<std::string> names;
  for (const yaml_map& item : document.maps("slos")) {
    all.push_back(detail::read_slo(item, files, data));
    if (!names.insert(all.back().rules.name).second) {
      item.required("name").refuse("the name \"" + all.back().rules.name + "\" is given twice");
    }
  }
  document.finish();
  return all;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::io
