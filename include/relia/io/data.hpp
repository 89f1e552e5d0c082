// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The data blocks of a rules file: counters from a Prometheus answer, requests and series from
/// CSV, incidents from CSV. Paths are relative to the rules file; a file that several checks name
/// is read once. Rows that cannot be used are kept aside and counted; `damaged_at_most` says how
/// many are too many (0 unless given).

#include <charconv>
#include <cmath>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <relia/core/series.hpp>
#include <relia/incident/timeline.hpp>
#include <relia/io/csv.hpp>
#include <relia/io/prometheus.hpp>
#include <relia/io/quantity.hpp>
#include <relia/io/time.hpp>
#include <relia/io/yaml.hpp>
#include <relia/sli/counter_events.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::io {

/// Files read so far, by path.
class data_files {
 public:
  explicit data_files(const std::string& rules_file)
      : folder_(std::filesystem::path(rules_file).parent_path()) {}

  [[nodiscard]] const csv_file& csv(const yaml_text& name) {
    auto& file = csv_[path(name)];
    if (!file) file = std::make_unique<csv_file>(path(name));
    return *file;
  }

  [[nodiscard]] const std::vector<prometheus_series>& prometheus(const yaml_text& name) {
    const auto [at, missing] = prometheus_.try_emplace(path(name));
    if (missing) at->second = read_prometheus(path(name));
    return at->second;
  }

 private:
  [[nodiscard]] std::string path(const yaml_text& name) const {
    return (folder_ / name.text).lexically_normal().string();
  }

  std::filesystem::path folder_;
  std::map<std::string, std::unique_ptr<csv_file>> csv_;
  std::map<std::string, std::vector<prometheus_series>> prometheus_;
};

/// What was read, and what its reader should know: rows kept aside, resets, repairs.
template <class Data>
struct with_notes {
  Data data;
  std::vector<std::string> notes;
};

namespace detail {

/// Collects damaged rows, and refuses the file when there are more than the rules file allows.
class damage_log {
 public:
  damage_log(const csv_file& file, const yaml_map& block) : file_(file), damaged_(file.damaged()) {
    if (const auto text = block.optional("damaged_at_most")) allowed_ = text->as(to_count);
  }

  void add(long line, std::string why) { damaged_.push_back({line, std::move(why)}); }

  /// Throws: read_error with the first rows when there are too many; else adds a note that lists
  /// them.
  void finish(std::vector<std::string>& notes) const {
    if (damaged_.empty()) return;
    std::string rows;
    const std::size_t shown = std::min<std::size_t>(damaged_.size(), 5);
    for (std::size_t i = 0; i < shown; ++i) {
      rows += (i > 0 ? "; " : "") + std::string("line ") + std::to_string(damaged_[i].line) + " " +
              damaged_[i].why;
    }
    if (shown < damaged_.size()) rows += "; and others";
    const auto n = static_cast<count>(damaged_.size());
    if (n > allowed_) {
      throw read_error(file_.path(), damaged_.front().line,
                       relia::detail::to_text(n) + " damaged rows, at most " +
                           relia::detail::to_text(allowed_) +
                           " allowed (damaged_at_most): " + rows);
    }
    notes.push_back(relia::detail::to_text(n) + " damaged rows left out: " + rows);
  }

 private:
  const csv_file& file_;
  std::vector<damaged_row> damaged_;
  count allowed_ = 0;
};

/// The rows whose columns equal the values of the block's "where", all of them without one.
inline std::function<bool(const csv_file::row&)> row_filter(const csv_file& file,
                                                            const yaml_map& block) {
  std::vector<std::pair<std::size_t, std::string>> wanted;
  if (block.has("where")) {
    for (const auto& [column, value] : block.map("where").entries()) {
      wanted.emplace_back(file.column(column), value.text);
    }
  }
  return [wanted](const csv_file::row& row) {
    return std::all_of(wanted.begin(), wanted.end(),
                       [&](const auto& w) { return row.fields[w.first] == w.second; });
  };
}

inline labels read_labels(const yaml_map& block, const std::string& key) {
  labels wanted;
  if (!block.has(key)) return wanted;
  for (const auto& [name, value] : block.map(key).entries()) wanted[name] = value.text;
  return wanted;
}

inline double seconds_in(const yaml_text& unit) { return unit.as(parse_time_unit); }

}  // namespace detail

/// Good and bad events step by step, from counters:
///   counters: {file: requests.json, metric: http_requests_total, where: {job: web}, bad: {code:
///   "500"}}
/// Every series of the metric counts; those with the labels of `bad` are the bad ones. That no
/// series has them can be good news or a mistake, and is noted; a label that no series has at all
/// is refused. Each series' resets are its own.
[[nodiscard]] inline with_notes<sli::event_series> read_counters(const yaml_map& block,
                                                                 data_files& files) {
  const yaml_text name = block.required("file");
  const auto& all = files.prometheus(name);
  labels wanted = detail::read_labels(block, "where");
  wanted["__name__"] = block.required("metric").text;
  const labels bad_labels = detail::read_labels(block, "bad");
  if (bad_labels.empty()) block.refuse("\"bad\" must name the labels of the bad events");
  block.finish();
  std::vector<sli::counter> good;
  std::vector<sli::counter> bad;
  std::set<std::string> known;
  for (const prometheus_series& s : all) {
    if (!s.matches(wanted)) continue;
    (s.matches(bad_labels) ? bad : good).emplace_back(s.times, s.values);
    for (const auto& [label, value] : s.labels) known.insert(label);
  }
  if (good.empty() && bad.empty()) {
    name.refuse(name.text + " holds no series of " + wanted["__name__"] + " with those labels");
  }
  for (const auto& [label, value] : bad_labels) {
    if (!known.contains(label)) {
      block.map("bad").refuse("no series of " + wanted["__name__"] + " has the label: " +
                              unknown_word("label", label, {known.begin(), known.end()}));
    }
  }
  const sli::counter_events counted = sli::events_of(good, bad);
  with_notes<sli::event_series> read{counted.events, {}};
  if (bad.empty()) {
    read.notes.emplace_back("no series has the labels of \"bad\": no event is taken to be bad");
  }
  if (counted.resets > 0) {
    read.notes.push_back(relia::detail::to_text(counted.resets) +
                         " counter resets: the counter is taken to have restarted at 0");
  }
  if (counted.born > 0) {
    read.notes.push_back(relia::detail::to_text(counted.born) +
                         " series appeared later than others: taken to have begun at 0");
  }
  return read;
}

/// One request of a load test or an access log.
struct request_table {
  std::vector<double> arrivals;   ///< seconds; empty unless "arrival" names a column
  std::vector<double> latencies;  ///< seconds; empty unless "latency" names a column
  std::vector<double> services;   ///< seconds; empty unless "service" names a column
  count rows = 0;
};

/// requests: {file: requests.csv, where: {level: 160}, unit: s, arrival: sent, latency: took,
/// service: busy}
[[nodiscard]] inline with_notes<request_table> read_requests(const yaml_map& block,
                                                             data_files& files) {
  const csv_file& file = files.csv(block.required("file"));
  const auto matches = detail::row_filter(file, block);
  const double unit = detail::seconds_in(block.required("unit"));
  detail::damage_log damage(file, block);
  with_notes<request_table> read;
  struct column {
    std::size_t index;
    std::vector<double>* values;
  };
  std::vector<column> columns;
  for (auto [key, values] :
       {std::pair("arrival", &read.data.arrivals), std::pair("latency", &read.data.latencies),
        std::pair("service", &read.data.services)}) {
    if (const auto name = block.optional(key)) {
      columns.push_back({file.column(name->text), values});
    }
  }
  block.finish();
  for (const csv_file::row& row : file.rows()) {
    if (!matches(row)) continue;
    std::vector<double> numbers;
    try {
      for (const column& c : columns) {
        const double value = detail::to_number(row.fields[c.index]) * unit;
        if (value < 0)
          throw std::invalid_argument("expected a time of at least 0, found " +
                                      row.fields[c.index]);
        numbers.push_back(value);
      }
    } catch (const std::invalid_argument& e) {
      damage.add(row.line, e.what());
      continue;
    }
    for (std::size_t i = 0; i < columns.size(); ++i) columns[i].values->push_back(numbers[i]);
    ++read.data.rows;
  }
  damage.finish(read.notes);
  return read;
}

/// series: {file: disk.csv, time: timestamp, value: bytes}
[[nodiscard]] inline with_notes<series> read_series(const yaml_map& block, data_files& files) {
  const csv_file& file = files.csv(block.required("file"));
  const std::size_t time = file.column(block.required("time").text);
  const std::size_t value = file.column(block.required("value").text);
  const auto matches = detail::row_filter(file, block);
  detail::damage_log damage(file, block);
  block.finish();
  std::vector<instant> times;
  std::vector<double> values;
  for (const csv_file::row& row : file.rows()) {
    if (!matches(row)) continue;
    try {
      const instant t = parse_time(row.fields[time]);
      values.push_back(detail::to_number(row.fields[value]));
      times.push_back(t);
    } catch (const std::invalid_argument& e) {
      damage.add(row.line, e.what());
    }
  }
  with_notes<series> read{series(times, values), {}};
  damage.finish(read.notes);
  const series_report& report = read.data.report();
  if (report.duplicates > 0) {
    read.notes.push_back(relia::detail::to_text(report.duplicates) +
                         " rows with the time of another: the last was kept");
  }
  if (report.out_of_order > 0) {
    read.notes.push_back(relia::detail::to_text(report.out_of_order) +
                         " rows out of order, sorted");
  }
  if (report.gaps > 0) {
    read.notes.push_back(relia::detail::to_text(report.gaps) +
                         " gaps longer than 1.5 times the usual step");
  }
  return read;
}

/// incidents: {file: outages.csv, as_of: 2026-11-23T00:00:00Z, blank_end: open}
/// Columns started_at, and where present detected_at, acknowledged_at, mitigated_at, resolved_at
/// (blank: not known), and where present id, service, severity, planned; another column is named by
/// e.g. `started: begin`.
[[nodiscard]] inline with_notes<incident::history> read_incidents(const yaml_map& block,
                                                                  data_files& files) {
  const csv_file& file = files.csv(block.required("file"));
  const instant as_of = block.required("as_of").as(parse_time);
  const auto matches = detail::row_filter(file, block);
  detail::damage_log damage(file, block);
  incident::history_options options;
  if (const auto text = block.optional("blank_end")) {
    if (text->text != "open" && text->text != "unknown") {
      text->refuse("blank_end must be open or unknown, found \"" + text->text + "\"");
    }
    options.blank_end =
        text->text == "open" ? incident::blank_end::open : incident::blank_end::unknown;
  }
  std::vector<std::pair<std::size_t, std::optional<instant> incident::timeline::*>> stamps;
  for (const auto& [key, member] : {std::pair("started", &incident::timeline::started),
                                    std::pair("detected", &incident::timeline::detected),
                                    std::pair("acknowledged", &incident::timeline::acknowledged),
                                    std::pair("mitigated", &incident::timeline::mitigated),
                                    std::pair("resolved", &incident::timeline::resolved)}) {
    const auto given = block.optional(key);
    const std::string column = given ? given->text : std::string(key) + "_at";
    const bool needed = member == &incident::timeline::started;
    if (given || needed || file.has_column(column))
      stamps.emplace_back(file.column(column), member);
  }
  const auto text_column = [&](const char* name) -> std::optional<std::size_t> {
    if (!file.has_column(name)) return std::nullopt;
    return file.column(name);
  };
  const auto id = text_column("id");
  const auto service = text_column("service");
  const auto severity = text_column("severity");
  const auto planned = text_column("planned");
  block.finish();
  std::vector<incident::timeline> rows;
  std::vector<long> lines;
  for (const csv_file::row& row : file.rows()) {
    if (!matches(row)) continue;
    incident::timeline t;
    try {
      for (const auto& [column, member] : stamps) {
        if (!row.fields[column].empty()) t.*member = parse_time(row.fields[column]);
      }
      if (id) t.id = row.fields[*id];
      if (service) t.service = row.fields[*service];
      if (severity) t.severity = row.fields[*severity];
      if (planned) {
        const std::string& text = row.fields[*planned];
        if (text != "true" && text != "false" && !text.empty()) {
          throw std::invalid_argument("expected planned to be true or false, found \"" + text +
                                      "\"");
        }
        t.planned = text == "true";
      }
    } catch (const std::invalid_argument& e) {
      damage.add(row.line, e.what());
      continue;
    }
    rows.push_back(std::move(t));
    lines.push_back(row.line);
  }
  with_notes<incident::history> read{incident::history(rows, as_of, options), {}};
  damage.finish(read.notes);
  if (!read.data.excluded().empty()) {
    std::string which;
    for (const std::size_t row : read.data.excluded()) {
      which += (which.empty() ? "line " : ", ") + std::to_string(lines[row]);
      for (const incident::finding& f : read.data.findings()) {
        if (f.row == row) which += " " + std::string(to_string(f.what));
      }
    }
    read.notes.push_back(relia::detail::to_text(read.data.excluded().size()) +
                         " incidents kept aside: " + which);
  }
  return read;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::io
