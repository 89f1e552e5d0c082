// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Prometheus HTTP API answers: the JSON of /api/v1/query_range and of /api/v1/query with a range
/// selector ("matrix"), or of an instant query ("vector"). A step that is absent stays absent: it
/// is not zero.

#include <charconv>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <relia/core/time.hpp>
#include <relia/io/error.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::io {

using labels = std::map<std::string, std::string>;

/// One time series of an answer, as it came.
struct prometheus_series {
  io::labels labels;
  std::vector<instant> times;
  std::vector<double> values;  ///< may hold NaN and infinities, which Prometheus sends as text

  /// Whether every label of `wanted` has the value wanted.
  [[nodiscard]] bool matches(const io::labels& wanted) const {
    for (const auto& [name, value] : wanted) {
      const auto at = labels.find(name);
      if (at == labels.end() || at->second != value) return false;
    }
    return true;
  }
};

namespace detail {

inline double prometheus_number(const nlohmann::json& sample, std::string_view file) {
  const auto& text = sample.get_ref<const std::string&>();
  if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (text == "+Inf" || text == "Inf") return std::numeric_limits<double>::infinity();
  if (text == "-Inf") return -std::numeric_limits<double>::infinity();
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    throw read_error(file, 0, "holds \"" + text + "\" where a number was expected");
  }
  return value;
}

/// Prometheus keeps milliseconds; the decimal seconds of the JSON are rounded to them.
inline instant prometheus_time(const nlohmann::json& seconds, std::string_view file) {
  const double milliseconds = std::round(seconds.get<double>() * 1e3);
  if (!(milliseconds >= -2208988800e3 && milliseconds < 6942672000e3)) {
    throw read_error(file, 0, "holds a time outside the years 1900 to 2189");
  }
  return instant(std::chrono::milliseconds(static_cast<std::int64_t>(milliseconds)));
}

/// Calls `read` with each series of an answer: whether it is a matrix, its JSON, its labels.
/// Throws: read_error for anything but a successful matrix or vector with each series once.
template <class Read>
void each_prometheus_series(std::string_view json, std::string_view file, Read read) {
  try {
    const auto answer = nlohmann::json::parse(json);
    if (answer.at("status") != "success") {
      throw read_error(file, 0,
                       "is an answer of status " + answer.at("status").dump() + ": " +
                           answer.value("error", std::string("no reason given")));
    }
    const auto& data = answer.at("data");
    const auto& type = data.at("resultType");
    if (type != "matrix" && type != "vector") {
      throw read_error(file, 0, "is a " + type.dump() + "; a matrix or a vector was expected");
    }
    std::set<labels> seen;
    for (const auto& item : data.at("result")) {
      auto names = item.at("metric").get<labels>();
      if (!seen.insert(names).second) {
        throw read_error(file, 0, "holds the series " + item.at("metric").dump() + " twice");
      }
      read(type == "matrix", item, std::move(names));
    }
  } catch (const nlohmann::json::exception& e) {
    throw read_error(file, 0, std::string("is not a Prometheus answer: ") + e.what());
  }
}

inline std::string read_prometheus_file(const std::string& path) {
  if (std::filesystem::is_directory(path)) throw read_error(path, 0, "is a folder, not a file");
  std::ifstream in(path, std::ios::binary);
  if (!in) throw read_error(path, 0, "cannot be opened");
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace detail

/// Reads an answer from memory; `file` names it in errors. Throws: read_error for anything but a
/// successful answer with float samples, each series once; series that hold native histograms are
/// refused by name (prometheus_histogram_json.hpp reads those).
[[nodiscard]] inline std::vector<prometheus_series> parse_prometheus(std::string_view json,
                                                                     std::string_view file) {
  std::vector<prometheus_series> all;
  detail::each_prometheus_series(
      json, file, [&](bool matrix, const nlohmann::json& item, labels names) {
        if (item.contains("histogram") || item.contains("histograms")) {
          throw read_error(file, 0, "holds native histograms; float samples were expected");
        }
        prometheus_series s{std::move(names), {}, {}};
        const auto add = [&](const nlohmann::json& pair) {
          s.times.push_back(detail::prometheus_time(pair.at(0), file));
          s.values.push_back(detail::prometheus_number(pair.at(1), file));
        };
        if (!matrix) {
          add(item.at("value"));
        } else {
          for (const auto& pair : item.at("values")) add(pair);
        }
        all.push_back(std::move(s));
      });
  return all;
}

/// Reads an answer from a file.
[[nodiscard]] inline std::vector<prometheus_series> read_prometheus(const std::string& path) {
  return parse_prometheus(detail::read_prometheus_file(path), path);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::io
