// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// What a native histogram may hold, and its way from and to plain exponential counts.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include <relia/sli/native_histogram.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::sli {

inline void native_histogram::validate() const {
  constexpr auto where = "sli::native_histogram";
  using relia::detail::require_argument;
  using relia::detail::require_domain;
  require_domain(custom() || (data_.schema >= -4 && data_.schema <= 8), where, "schema",
                 "in [-4, 8], or -53 for custom bounds", data_.schema);
  relia::detail::require_non_negative(where, "zero_threshold", data_.zero_threshold);
  require_argument(custom() || data_.bounds.empty(), where, "bounds",
                   "empty but for the custom schema", data_.bounds.size());
  require_argument(!custom() || (data_.zero_threshold == 0 && data_.zeros == 0), where, "zeros",
                   "0 for the custom schema", data_.zeros);
  require_argument(!custom() || data_.negative.empty(), where, "negative",
                   "empty for the custom schema", data_.negative.size());
  for (std::size_t i = 0; i < data_.bounds.size(); ++i) {
    relia::detail::require_finite(where, "bounds", data_.bounds[i]);
    require_argument(i == 0 || data_.bounds[i - 1] < data_.bounds[i], where, "bounds",
                     "strictly increasing", relia::detail::row{i});
  }
  const std::int32_t last = custom() ? static_cast<std::int32_t>(data_.bounds.size())
                                     : detail::infinite_index(data_.schema);
  // The least double is 2^-1074; its bucket is the last one down.
  const std::int32_t first =
      custom() ? 0 : static_cast<std::int32_t>(std::ldexp(-1075, data_.schema)) - 1;
  for (const auto* side : {&data_.positive, &data_.negative}) {
    for (std::size_t i = 0; i < side->size(); ++i) {
      const std::int32_t index = (*side)[i].index;
      require_domain(index >= first && index <= last, where, "index",
                     "that of a bucket which holds doubles", index);
      require_argument(i == 0 || (*side)[i - 1].index < index, where, "index",
                       "strictly increasing", relia::detail::row{i});
    }
  }
}

inline native_histogram native_histogram::from_counts(const aggregate::exponential_counts& counts) {
  relia::detail::require_argument(counts.scale >= -4, "sli::native_histogram::from_counts", "scale",
                                  "at least -4 (a coarser one has no schema)", counts.scale);
  const int fold = std::max(counts.scale - 8, 0);
  native_counts data;
  data.schema = counts.scale - fold;
  data.zero_threshold = counts.zero_threshold;
  data.zeros = static_cast<double>(counts.zeros);
  data.count = data.zeros + static_cast<double>(counts.nans);
  const auto side = [&](const aggregate::exponential_buckets& from, relia::count infinities) {
    detail::native_buckets to;
    std::int32_t index = from.offset;
    for (const relia::count c : from.counts) {
      ++index;  // Prometheus counts from the upper bound
      if (c != 0) to.push_back({index, static_cast<double>(c)});
    }
    detail::coarsen(to, fold);
    if (infinities > 0) {
      to.push_back({detail::infinite_index(data.schema), static_cast<double>(infinities)});
    }
    for (const native_bucket& b : to) data.count += b.count;
    return to;
  };
  data.positive = side(counts.positive, counts.positive_infinities);
  data.negative = side(counts.negative, counts.negative_infinities);
  data.sum = counts.sum;
  if (counts.positive_infinities > 0) data.sum += HUGE_VAL;
  if (counts.negative_infinities > 0) data.sum -= HUGE_VAL;
  if (counts.nans > 0) data.sum = std::numeric_limits<double>::quiet_NaN();
  return native_histogram(std::move(data));
}

inline aggregate::exponential_counts native_histogram::to_counts() const {
  constexpr auto where = "sli::native_histogram::to_counts";
  relia::detail::require_argument(!custom(), where, "schema", "exponential", data_.schema);
  double left = data_.count;
  const auto whole = [&](double c) {
    relia::detail::require_domain(c >= 0 && c < 0x1p63 && c == std::trunc(c), where, "count",
                                  "a whole number", c);
    left -= c;
    return static_cast<relia::count>(c);
  };
  aggregate::exponential_counts counts;
  counts.scale = data_.schema;
  counts.zero_threshold = data_.zero_threshold;
  counts.zeros = whole(data_.zeros);
  const auto side = [&](const detail::native_buckets& from, relia::count& infinities) {
    aggregate::exponential_buckets to;
    for (const native_bucket& b : from) {
      if (b.index == detail::infinite_index(data_.schema)) {
        infinities = whole(b.count);
      } else if (b.count != 0) {
        if (to.counts.empty()) to.offset = b.index - 1;
        to.counts.resize(static_cast<std::size_t>(b.index - to.offset));
        to.counts.back() = whole(b.count);
      }
    }
    return to;
  };
  counts.positive = side(data_.positive, counts.positive_infinities);
  counts.negative = side(data_.negative, counts.negative_infinities);
  relia::detail::require_domain(left >= 0 && (left == 0 || std::isnan(data_.sum)), where, "count",
                                "the sum of the buckets, or more where the sum is NaN",
                                data_.count);
  counts.nans = whole(left);
  counts.sum = std::isfinite(data_.sum) ? data_.sum : std::numeric_limits<double>::quiet_NaN();
  return counts;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::sli
