// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Native histograms as the tables write them: "schema 0|count 4|sum 5|positive 0:1 1:2|hint
/// gauge".

#include <sstream>
#include <string>

#include <relia/sli/native_histogram.hpp>

namespace relia::test {

[[nodiscard]] inline std::vector<sli::native_bucket> native_side(std::istringstream& words) {
  std::vector<sli::native_bucket> buckets;
  for (std::string pair; words >> pair;) {
    const std::size_t colon = pair.find(':');
    buckets.push_back({std::stoi(pair.substr(0, colon)), std::stod(pair.substr(colon + 1))});
  }
  return buckets;
}

[[nodiscard]] inline sli::native_histogram native(const std::string& cell) {
  sli::native_counts data;
  std::istringstream fields(cell == "empty" ? "" : cell);
  for (std::string field; std::getline(fields, field, '|');) {
    std::istringstream words(field);
    std::string name;
    words >> name;
    if (name == "positive" || name == "negative") {
      (name == "positive" ? data.positive : data.negative) = native_side(words);
    } else if (name == "bounds") {
      for (std::string bound; words >> bound;) data.bounds.push_back(std::stod(bound));
    } else {
      std::string value;
      words >> value;
      if (name == "schema") data.schema = std::stoi(value);
      if (name == "count") data.count = std::stod(value);
      if (name == "sum") data.sum = std::stod(value);
      if (name == "zeros") data.zeros = std::stod(value);
      if (name == "width") data.zero_threshold = std::stod(value);
      if (value == "gauge") data.hint = sli::reset_hint::gauge;
      if (value == "reset") data.hint = sli::reset_hint::reset;
      if (value == "not_reset") data.hint = sli::reset_hint::not_reset;
    }
  }
  return sli::native_histogram(data);
}

/// What the columns function, a and b of a table ask of a histogram.
template <class Row>
[[nodiscard]] sli::bucket_answer ask_native(const sli::native_histogram& h, const Row& row) {
  const std::string& function = row.text("function");
  if (function == "quantile") return h.quantile(row.number("a"));
  if (function == "fraction") return h.fraction(row.number("a"), row.number("b"));
  if (function == "avg") return h.average();
  if (function == "stdvar") return h.variance();
  if (function == "stddev") return h.standard_deviation();
  const double x = function == "count" ? h.count() : h.sum();
  sli::bucket_answer exact;
  exact.settle(x, x, x);
  return exact;
}

/// Calls compare(actual, expected) for each number; buckets that hold nothing do not count.
/// False when schemas, bounds, thresholds or the buckets there are differ.
template <class Compare>
[[nodiscard]] bool compare_native(sli::native_histogram actual, sli::native_histogram expected,
                                  const Compare& compare) {
  actual.compact();
  expected.compact();
  const sli::native_counts& a = actual.data();
  const sli::native_counts& e = expected.data();
  compare(a.count, e.count);
  compare(a.sum, e.sum);
  compare(a.zeros, e.zeros);
  bool same = a.schema == e.schema && a.bounds == e.bounds;
  same = same && a.zero_threshold == e.zero_threshold;
  for (const auto side : {&sli::native_counts::positive, &sli::native_counts::negative}) {
    same = same && (a.*side).size() == (e.*side).size();
    for (std::size_t i = 0; same && i < (a.*side).size(); ++i) {
      same = (a.*side)[i].index == (e.*side)[i].index;
      compare((a.*side)[i].count, (e.*side)[i].count);
    }
  }
  return same;
}

}  // namespace relia::test
