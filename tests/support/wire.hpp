// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Exponential histograms as rows of tests/data/io/wire.csv, as random values, and as text.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <protozero/pbf_writer.hpp>

#include <relia/aggregate/exponential_counts.hpp>
#include <relia/stats/random.hpp>

#include <support/csv.hpp>

namespace relia::test {

/// Bytes from hexadecimal digits.
[[nodiscard]] inline std::string from_hex(const std::string& digits) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

[[nodiscard]] inline std::string to_hex(const std::string& bytes) {
  std::string digits;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    digits += "0123456789abcdef"[byte >> 4];
    digits += "0123456789abcdef"[byte & 15];
  }
  return digits;
}

/// A protobuf message made field by field.
template <class Fields>
[[nodiscard]] std::string message(Fields fields) {
  std::string bytes;
  protozero::pbf_writer out(bytes);
  fields(out);
  return bytes;
}

[[nodiscard]] inline aggregate::exponential_counts counts_of(const csv_row& row) {
  const auto side = [&](const std::string& name) {
    aggregate::exponential_buckets buckets{static_cast<std::int32_t>(row.integer(name + "_offset")),
                                           {}};
    std::istringstream in(row.text(name));
    for (count n = 0; in >> n;) buckets.counts.push_back(n);
    return buckets;
  };
  const auto end = [&](const std::string& name) {
    return row.text(name).empty() ? std::nullopt : std::optional(row.number(name));
  };
  aggregate::exponential_counts counts;
  counts.scale = static_cast<std::int32_t>(row.integer("scale"));
  counts.zero_threshold = row.number("zero_threshold");
  counts.zeros = row.integer("zeros");
  counts.positive = side("positive");
  counts.negative = side("negative");
  counts.positive_infinities = row.integer("positive_infinities");
  counts.negative_infinities = row.integer("negative_infinities");
  counts.nans = row.integer("nans");
  counts.sum = row.number("sum");
  counts.min = end("min");
  counts.max = end("max");
  return counts;
}

/// Few or many buckets anywhere that doubles reach, one side or both, in canonical form.
[[nodiscard]] inline aggregate::exponential_counts random_counts(const stats::random_stream& random,
                                                                 std::uint64_t& draw, int scale) {
  const auto below = [&](std::uint64_t n) { return random.below(draw++, n); };
  const std::int64_t lowest = scale >= 0 ? -(std::int64_t{1074} << scale) - 1 : -1075 >> -scale;
  const std::int64_t highest = scale >= 0 ? (std::int64_t{1024} << scale) - 1 : 1023 >> -scale;
  const auto side = [&] {
    aggregate::exponential_buckets buckets;
    const auto room = static_cast<std::uint64_t>(highest - lowest + 1);
    const std::uint64_t width = std::min(room, below(3) == 0 ? below(2000) : below(8));
    if (width == 0) return buckets;
    buckets.offset =
        static_cast<std::int32_t>(lowest + static_cast<std::int64_t>(below(room - width + 1)));
    for (std::uint64_t k = 0; k < width; ++k) {
      const bool inside = k > 0 && k + 1 < width;
      buckets.counts.push_back(inside && below(2) == 0
                                   ? 0
                                   : static_cast<count>(1 + below(std::uint64_t{1} << below(40))));
    }
    return buckets;
  };
  aggregate::exponential_counts counts;
  counts.scale = scale;
  counts.zero_threshold = below(2) == 0 ? 0.0 : std::ldexp(1.0, -static_cast<int>(below(200)));
  counts.zeros = below(2) == 0 ? 0 : static_cast<count>(below(1000));
  counts.positive = side();
  if (below(2) == 0) counts.negative = side();
  const bool any =
      counts.zeros > 0 || !counts.positive.counts.empty() || !counts.negative.counts.empty();
  if (any) counts.sum = 1e3 * random.normal(draw++);
  return counts;
}

}  // namespace relia::test
