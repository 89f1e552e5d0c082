// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Load tests in CSV, a row for each level: of a fixed arrival rate (open loop), or of a fixed
/// concurrency (closed loop). Columns are found by name; times are in seconds, rates per second. A
/// row that cannot be used is refused with its line: a level that is missing is no detail.

#include <cmath>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <relia/detail/text.hpp>
#include <relia/io/csv.hpp>
#include <relia/io/error.hpp>
#include <relia/io/quantity.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::io {

/// The levels under capacity. `requests`: those that `latency` is a mean of. `service_time`: as the
/// workers measured it; empty when the file has none. `notes`: the levels left out.
struct load_test {
  std::vector<double> arrival_rate;
  std::vector<double> latency;
  std::vector<double> requests;
  std::vector<double> service_time;
  std::vector<std::string> notes;
};

/// `latency`: the mean, empty when the file has none.
struct concurrency_test {
  std::vector<double> concurrency;
  std::vector<double> throughput;
  std::vector<double> latency;
};

namespace detail {

/// Columns of a CSV file as positive numbers.
class number_columns {
 public:
  explicit number_columns(const csv_file& file) : file_(file) {
    if (!file.damaged().empty()) {
      throw read_error(file.path(), file.damaged().front().line, file.damaged().front().why);
    }
    if (file.rows().empty()) throw read_error(file.path(), 0, "has no rows below its header");
  }

  /// The first of the names that is a column.
  [[nodiscard]] std::optional<std::vector<double>> optional(
      std::initializer_list<std::string_view> names) const {
    for (const std::string_view name : names) {
      if (file_.has_column(name)) return read(name);
    }
    return std::nullopt;
  }

  [[nodiscard]] std::vector<double> required(std::initializer_list<std::string_view> names) const {
    if (auto found = optional(names)) return *std::move(found);
    (void)file_.column(*names.begin());  // throws, with the columns that there are
    return {};
  }

 private:
  [[nodiscard]] std::vector<double> read(std::string_view name) const {
    const std::size_t column = file_.column(name);
    std::vector<double> values;
    for (const csv_file::row& row : file_.rows()) {
      const std::string& text = row.fields[column];
      double value = 0;
      try {
        value = to_number(text);
      } catch (const std::invalid_argument& e) {
        throw read_error(file_.path(), row.line, std::string(name) + ": " + e.what());
      }
      if (!(value > 0)) {
        throw read_error(file_.path(), row.line,
                         std::string(name) + ": expected a number above 0, found " + text);
      }
      values.push_back(value);
    }
    return values;
  }

  const csv_file& file_;
};

}  // namespace detail

/// Columns: sent and duration_seconds, or arrival_rate or offered_per_second; latency_mean_seconds
/// or latency_seconds; completed or requests; and where present service_mean_seconds or
/// service_seconds. A level whose throughput_per_second falls behind what was sent by more than
/// three standard deviations of a Poisson count was over capacity, and is left out with a note: its
/// mean depends on how long it ran. Throws: read_error.
[[nodiscard]] inline load_test read_load_test(const std::string& path) {
  const csv_file file(path);
  const detail::number_columns columns(file);
  const auto sent = columns.optional({"sent"});
  const auto duration = columns.optional({"duration_seconds"});
  std::vector<double> rates;
  if (sent && duration) {
    for (std::size_t i = 0; i < sent->size(); ++i) rates.push_back((*sent)[i] / (*duration)[i]);
  } else {
    rates = columns.required({"arrival_rate", "offered_per_second"});
  }
  const auto latencies = columns.required({"latency_mean_seconds", "latency_seconds"});
  const auto requests = columns.required({"completed", "requests"});
  const auto services = columns.optional({"service_mean_seconds", "service_seconds"});
  const auto throughput = columns.optional({"throughput_per_second"});
  load_test test;
  for (std::size_t i = 0; i < rates.size(); ++i) {
    if (throughput && duration) {
      const double expected = rates[i] * (*duration)[i];
      if (expected - (*throughput)[i] * (*duration)[i] > 3 * std::sqrt(expected)) {
        test.notes.push_back(
            path + ":" + std::to_string(file.rows()[i].line) + ": left out: over capacity, " +
            relia::detail::to_short_text((*throughput)[i]) + " of " +
            relia::detail::to_short_text(rates[i]) + " requests a second came out");
        continue;
      }
    }
    test.arrival_rate.push_back(rates[i]);
    test.latency.push_back(latencies[i]);
    test.requests.push_back(requests[i]);
    if (services) test.service_time.push_back((*services)[i]);
  }
  if (test.arrival_rate.empty()) {
    throw read_error(path, 0, "has no level under capacity: offer less than it can serve");
  }
  return test;
}

/// Columns: concurrency; throughput_per_second or throughput; and where present
/// latency_mean_seconds or latency_seconds. Throws: read_error.
[[nodiscard]] inline concurrency_test read_concurrency_test(const std::string& path) {
  const csv_file file(path);
  const detail::number_columns columns(file);
  return {columns.required({"concurrency"}),
          columns.required({"throughput_per_second", "throughput"}),
          columns.optional({"latency_mean_seconds", "latency_seconds"})
              .value_or(std::vector<double>{})};
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::io
