// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// A rules file (YAML) to checks. Configuration is strict: a key that no rule knows, a quantity
/// without its unit and a limit on the wrong side are errors with file, line and what to write.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <relia/check/evaluate.hpp>
#include <relia/io/data.hpp>
#include <relia/io/quantity.hpp>
#include <relia/io/yaml.hpp>
#include <relia/slo/lint.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::io {

namespace detail {

/// A rule with what reading its data found.
struct rule_and_notes {
  check::rule rule;
  std::vector<std::string> notes;
};

/// As the parser, and refuses what is not positive.
template <class Parse>
auto positive(Parse parse) {
  return [parse](std::string_view text) {
    const auto value = parse(text);
    if (!(value > decltype(value){})) {
      throw std::invalid_argument("expected more than 0, found \"" + std::string(text) + "\"");
    }
    return value;
  };
}

/// A percentage strictly between 0 % and 100 %.
inline double parse_open_percent(std::string_view text) {
  const double fraction = parse_percent(text);
  if (fraction > 0 && fraction < 1) return fraction;
  throw std::invalid_argument("expected a percentage between 0% and 100%, found \"" +
                              std::string(text) + "\"");
}

inline aggregate::counts last_window(const sli::event_series& events, const yaml_map& item) {
  if (!item.has("window")) return events.total();
  const auto text = item.required("window");
  const duration window = std::chrono::ceil<duration>(text.as(positive(parse_duration)));
  if (events.empty()) return {};
  const instant end = events.times().back();
  return events.between(end - window, end);
}

/// Good and bad events: recorded counters, or two counts written in the file.
inline std::pair<aggregate::counts, std::vector<std::string>> read_events(const yaml_map& item,
                                                                          data_files& files) {
  if (item.has("counters")) {
    auto [events, notes] = read_counters(item.map("counters"), files);
    return {last_window(events, item), std::move(notes)};
  }
  if (!item.has("good") && !item.has("bad"))
    item.refuse(R"(the check needs "counters", or "good" and "bad")");
  return {aggregate::counts(item.required("good").as(to_count), item.required("bad").as(to_count)),
          {}};
}

inline slo::objective read_objective(const yaml_map& item) {
  return item.required("objective").as([](std::string_view text) {
    const double target = parse_percent(text);
    return slo::objective(target > 1 ? parse_open_percent(text) : target);
  });
}

inline rule_and_notes read_sli_ratio(const yaml_map& item, data_files& files) {
  auto [events, notes] = read_events(item, files);
  return {check::sli_ratio{events}, std::move(notes)};
}

inline rule_and_notes read_sli_latency(const yaml_map& item, data_files& files) {
  const double fast = item.required("faster_than").as(positive(parse_duration)).count();
  const yaml_map block = item.map("requests");
  (void)block.required("latency");
  auto [table, notes] = read_requests(block, files);
  const count good = std::count_if(table.latencies.begin(), table.latencies.end(),
                                   [fast](double t) { return t <= fast; });
  return {check::sli_latency{aggregate::counts(good, table.rows - good)}, std::move(notes)};
}

inline rule_and_notes read_slo_burn_rate(const yaml_map& item, data_files& files) {
  const slo::objective objective = read_objective(item);
  auto [events, notes] = read_events(item, files);
  return {check::slo_burn_rate{events, objective}, std::move(notes)};
}

inline rule_and_notes read_slo_pages(const yaml_map& item, data_files& files) {
  const slo::objective objective = read_objective(item);
  const auto text = item.required("period");
  slo::policy policy = text.as([](std::string_view period) {
    return slo::workbook(std::chrono::round<duration>(positive(parse_duration)(period)));
  });
  for (const slo::finding& f : slo::lint(policy, objective)) {
    if (f.level == slo::finding_level::error) text.refuse(f.message);
  }
  auto [events, notes] = read_counters(item.map("counters"), files);
  notes.insert(notes.end(), policy.notes.begin(), policy.notes.end());
  return {check::slo_pages{std::move(events), objective, std::move(policy)}, std::move(notes)};
}

inline rule_and_notes read_forecast_exhaustion(const yaml_map& item, data_files& files) {
  auto [history, notes] = read_series(item.map("series"), files);
  check::forecast_exhaustion rule;
  rule.history = std::move(history);
  rule.capacity = item.required("capacity").as(positive([](std::string_view text) {
    return text.ends_with('B')   ? parse_size(text)
           : text.ends_with('%') ? parse_percent(text)
                                 : to_number(text);
  }));
  rule.horizon = item.required("within").as(positive(parse_duration));
  if (const auto seed = item.optional("seed")) {
    rule.seed = static_cast<std::uint64_t>(seed->as(to_count));
  }
  return {std::move(rule), std::move(notes)};
}

inline rule_and_notes read_queueing_response(const yaml_map& item, data_files& files) {
  const yaml_map block = item.map("requests");
  (void)block.required("arrival");
  (void)block.required("service");
  auto [table, notes] = read_requests(block, files);
  check::queueing_response rule;
  rule.servers = item.required("servers").as(positive(to_count));
  rule.quantile = item.required("quantile").as(parse_open_percent);
  const double load = item.has("load") ? item.required("load").as(positive(parse_ratio)) : 1.0;
  rule.services = static_cast<count>(table.services.size());
  for (const double s : table.services) rule.service_total += s;
  if (!table.arrivals.empty()) {
    const auto [first, last] = std::minmax_element(table.arrivals.begin(), table.arrivals.end());
    rule.arrivals = static_cast<count>(table.arrivals.size()) - 1;  // those after the first
    rule.exposure = (*last - *first) / load;
  }
  if (load != 1) notes.push_back("the recorded load times " + relia::detail::to_text(load));
  return {rule, std::move(notes)};
}

inline incident::milestone read_milestone(const yaml_text& text) {
  std::vector<std::string> known;
  for (const incident::milestone m : incident::milestones) {
    if (to_string(m) == text.text) return m;
    known.emplace_back(to_string(m));
  }
  text.refuse(unknown_word("milestone", text.text, known));
}

inline rule_and_notes read_incident_duration(const yaml_map& item, data_files& files) {
  auto [history, notes] = read_incidents(item.map("incidents"), files);
  check::incident_duration rule{std::move(history)};
  rule.definition.from = read_milestone(item.required("from"));
  const auto to = item.required("to");
  rule.definition.to = read_milestone(to);
  if (rule.definition.to <= rule.definition.from) {
    to.refuse(R"("to" must be a later milestone than "from")");
  }
  const auto statistic = item.required("statistic");
  if (statistic.text != "median" && statistic.text != "mean") {
    statistic.refuse("statistic must be median or mean, found \"" + statistic.text + "\"");
  }
  rule.statistic = statistic.text == "median" ? check::statistic::median : check::statistic::mean;
  return {std::move(rule), std::move(notes)};
}

inline rule_and_notes read_incident_availability(const yaml_map& item, data_files& files) {
  auto [history, notes] = read_incidents(item.map("incidents"), files);
  const instant from = item.required("from").as(parse_time);
  const auto to = item.required("to");
  const instant end = to.as(parse_time);
  if (end <= from) to.refuse(R"("to" must be after "from")");
  return {check::incident_availability{std::move(history), period(from, end)}, std::move(notes)};
}

using rule_reader = rule_and_notes (*)(const yaml_map&, data_files&);

/// The reader of each rule that check::rules() lists; a test holds the two together.
inline const std::map<std::string_view, rule_reader>& rule_readers() {
  static const std::map<std::string_view, rule_reader> readers{
      {check::sli_ratio::info.name, read_sli_ratio},
      {check::sli_latency::info.name, read_sli_latency},
      {check::slo_burn_rate::info.name, read_slo_burn_rate},
      {check::slo_pages::info.name, read_slo_pages},
      {check::forecast_exhaustion::info.name, read_forecast_exhaustion},
      {check::queueing_response::info.name, read_queueing_response},
      {check::incident_duration::info.name, read_incident_duration},
      {check::incident_availability::info.name, read_incident_availability}};
  return readers;
}

/// A limit in the rule's unit, at least 0.
inline double parse_limit(std::string_view text, check::unit unit) {
  using enum check::unit;
  switch (unit) {
    case fraction:
      return parse_percent(text);
    case seconds:
      return parse_duration(text).count();
    case bytes:
      return parse_size(text);
    case per_second:
      return parse_rate(text);
    case ratio:
      return parse_ratio(text);
    case servers:
    case events:
      break;
  }
  return static_cast<double>(to_count(text));
}

/// Refuses limits that nothing can miss or that nothing can meet.
inline double read_limit(const yaml_text& text, check::unit unit, sense good) {
  const double value = text.as([unit](std::string_view t) { return parse_limit(t, unit); });
  const bool most = good == sense::at_most;
  if (value < 0) text.refuse("expected a limit of at least 0, found \"" + text.text + "\"");
  if (unit != check::unit::fraction) return value;
  if (value > 1) text.refuse("expected a limit of at most 100%, found \"" + text.text + "\"");
  if (value == (most ? 1 : 0)) {
    text.refuse("every fraction is " + std::string(to_string(good)) + " " + text.text +
                ": the check could never fail");
  }
  return value;
}

inline double read_confidence(const yaml_text& text) {
  return text.as([](std::string_view written) {
    const double level = parse_percent(written);
    (void)two_sided_level(level);
    return level;
  });
}

inline check::item read_item(const yaml_map& block, double confidence, data_files& files) {
  check::item item;
  const auto name = block.required("name");
  const auto rule = block.required("rule");
  item.name = name.text;
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (item.name.empty() || std::any_of(item.name.begin(), item.name.end(), control)) {
    name.refuse("\"name\" must be a line of text");
  }
  item.where = {block.file(), rule.line};
  const auto reader = rule_readers().find(rule.text);
  if (reader == rule_readers().end()) {
    std::vector<std::string> known;
    for (const check::rule_info& info : check::rules()) known.emplace_back(info.name);
    rule.refuse(unknown_word("rule", rule.text, known));
  }
  if (block.has("at_most") == block.has("at_least")) {
    block.refuse(R"(the check needs one of "at_most" and "at_least")");
  }
  const bool most = block.has("at_most");
  const auto limit = block.required(most ? "at_most" : "at_least");
  item.limit.sense = most ? sense::at_most : sense::at_least;
  item.limit.confidence_level =
      block.has("confidence") ? read_confidence(block.required("confidence")) : confidence;
  if (const auto how = block.optional("decide")) {
    if (how->text != "bound" && how->text != "value") {
      how->refuse("decide must be bound or value, found \"" + how->text + "\"");
    }
    item.census = how->text == "value";
  }
  try {
    rule_and_notes read = reader->second(block, files);
    item.rule = std::move(read.rule);
    item.notes = std::move(read.notes);
  } catch (const read_error&) {
    throw;
  } catch (const std::exception& e) {
    block.refuse(e.what());
  }
  const auto [unit, good] =
      std::visit([](const auto& r) { return std::pair(r.unit, r.good); }, item.rule);
  if (item.limit.sense != good) {
    limit.refuse("the limit of " + rule.text + " is on the wrong side: write " +
                 (most ? "at_least" : "at_most"));
  }
  item.limit.value = read_limit(limit, unit, good);
  block.finish();
  return item;
}

}  // namespace detail

/// The checks of a rules file, with the data they name. Throws: read_error for anything that is not
/// as it must be, in the rules file or in the data.
[[nodiscard]] inline std::vector<check::item> read_rules(const std::string& path) {
  const yaml_map document = read_yaml(path);
  const auto format = document.required("relia");
  if (format.text != "1") {
    format.refuse("this version reads rules files of format 1, found \"" + format.text + "\"");
  }
  const auto confidence = document.optional("confidence");
  const double level = confidence ? detail::read_confidence(*confidence) : 0.95;
  data_files files(path);
  std::vector<check::item> items;
  for (const yaml_map& block : document.maps("checks")) {
    items.push_back(detail::read_item(block, level, files));
  }
  document.finish();
  return items;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::io
