// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Native histograms in answers of the Prometheus HTTP API, where buckets come with their bounds
/// and not with a schema. Recovered exactly: every count, the sum where no NaN or infinity
/// overrides it, the scale from the bounds of any bucket. Not in the answer: the zero threshold of
/// an empty zero bucket (read as 0), min and max; the scale where no bucket holds anything (read as
/// 8, which merges with every other without loss). Counts that are no whole numbers are rates:
/// refused. Ref: Prometheus documentation, "HTTP API", "Native histograms"; "Native Histograms",
/// "Schema".

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <relia/aggregate/exponential_counts.hpp>
#include <relia/core/time.hpp>
#include <relia/io/detail/prometheus_fields.hpp>
#include <relia/io/error.hpp>
#include <relia/io/prometheus.hpp>
#include <relia/io/wire.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::io {

/// One time series of native histograms.
struct prometheus_histogram_series {
  io::labels labels;
  std::vector<instant> times;
  std::vector<aggregate::exponential_counts> values;
};

namespace detail {

/// The scale at which lower and upper are neighbouring bounds, or nothing.
[[nodiscard]] inline std::optional<int> scale_of(double lower, double upper) {
  const double exponent = -std::log2(std::log2(upper) - std::log2(lower));
  const double scale = std::round(exponent);
  // The narrowest bucket is 1/256 of an octave, and a logarithm near 1000 is known to 2e-13: the
  // exponent is known to 1e-10.
  const bool near = std::abs(exponent - scale) < 1e-6;
  if (!near || scale < prometheus_coarsest || scale > prometheus_finest) return std::nullopt;
  return static_cast<int>(scale);
}

[[nodiscard]] inline aggregate::exponential_counts histogram_of_bounds(const nlohmann::json& sample,
                                                                       std::string_view file) {
  constexpr std::string_view where = "io::parse_prometheus_histograms";
  constexpr double largest = std::numeric_limits<double>::max();
  struct bounds {
    double lower;
    double upper;
    count n;
    bool positive;
  };
  prometheus_totals totals;
  totals.all = whole_count(where, "count", prometheus_number(sample.at("count"), file));
  totals.sum = prometheus_number(sample.at("sum"), file);
  prometheus_side positive;
  prometheus_side negative;
  std::vector<bounds> buckets;
  std::optional<int> scale;
  if (const auto list = sample.find("buckets"); list != sample.end()) {
    for (const auto& bucket : *list) {
      const double left = prometheus_number(bucket.at(1), file);
      const double right = prometheus_number(bucket.at(2), file);
      const count n = whole_count(where, "a bucket's count", prometheus_number(bucket.at(3), file));
      if (left <= 0 && right >= 0 && left == -right) {
        totals.zeros = n;
        totals.zero_threshold = read_threshold(where, "zero_threshold", right);
        continue;
      }
      const bool above = left > 0;
      const double lower = above ? left : -right;
      const double upper = above ? right : -left;
      if (lower == largest && std::isinf(upper)) {
        (above ? positive : negative).infinities = n;
        continue;
      }
      const auto here =
          lower > 0 && upper > lower && !std::isinf(upper) ? scale_of(lower, upper) : std::nullopt;
      if (!here || (scale && *scale != *here)) {
        throw read_error(file, 0,
                         "holds a histogram with the bucket " + bucket.dump() +
                             ", which is none of " +
                             (scale ? "scale " + std::to_string(*scale)
                                    : std::string("an exponential scale from -4 to 8")));
      }
      scale = here;
      buckets.push_back({lower, upper, n, above});
    }
  }
  const int known = scale.value_or(prometheus_finest);
  for (const bounds& b : buckets) {
    const double n = std::round(std::ldexp(std::log2(b.upper), known));
    const std::int64_t index = read_index(where, static_cast<std::int64_t>(n) - 1, known);
    (b.positive ? positive : negative).buckets.add(index, b.n);
  }
  return assembled(where, known, positive, negative, totals, {});
}

}  // namespace detail

/// Reads an answer from memory; `file` names it in errors. Throws: read_error for anything but a
/// successful answer with native histograms of exponential buckets and whole counts, each series
/// once; series that hold float samples are refused by name.
[[nodiscard]] inline std::vector<prometheus_histogram_series> parse_prometheus_histograms(
    std::string_view json, std::string_view file) {
  std::vector<prometheus_histogram_series> all;
  detail::each_prometheus_series(
      json, file, [&](bool matrix, const nlohmann::json& item, labels names) {
        if (item.contains("value") || item.contains("values")) {
          throw read_error(file, 0, "holds float samples; native histograms were expected");
        }
        prometheus_histogram_series s{std::move(names), {}, {}};
        const auto add = [&](const nlohmann::json& pair) {
          s.times.push_back(detail::prometheus_time(pair.at(0), file));
          try {
            s.values.push_back(detail::histogram_of_bounds(pair.at(1), file));
          } catch (const read_error&) {
            throw;
          } catch (const std::invalid_argument& e) {
            throw read_error(file, 0, std::string("holds a histogram that cannot be: ") + e.what());
          }
        };
        if (!matrix) {
          add(item.at("histogram"));
        } else {
          for (const auto& pair : item.at("histograms")) add(pair);
        }
        all.push_back(std::move(s));
      });
  return all;
}

/// Reads an answer from a file.
[[nodiscard]] inline std::vector<prometheus_histogram_series> read_prometheus_histograms(
    const std::string& path) {
  return parse_prometheus_histograms(detail::read_prometheus_file(path), path);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::io
