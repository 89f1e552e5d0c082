// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// What the wire formats of an exponential histogram share: bytes with a list of what they could
/// not carry, limits for what comes from outside, and the lossless fold to a coarser scale. Folding
/// by one joins the buckets 2j and 2j + 1 to j, an arithmetic shift, exact below zero as well.
/// Ref: OpenTelemetry metrics data model, "ExponentialHistogram", "Perfect subsetting".

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <relia/aggregate/exponential.hpp>
#include <relia/aggregate/exponential_counts.hpp>
#include <relia/detail/check.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::io {

/// A message, and what of the histogram its format has no place for. Nothing else is lost.
struct wire_message {
  std::string data;  ///< bytes, or text for JSON
  std::vector<std::string> dropped{};
};

/// How a histogram from outside is taken in: finer scales are folded to max_scale, and further
/// until neither side spans more than max_buckets. By default every double has its bucket: at scale
/// 8 that is at most 537 089 buckets, 4.3 MB, a side, even from a message of a few bytes that names
/// two far ends; who reads many messages from strangers sets a lower limit.
struct wire_options {
  int max_scale = 8;
  std::size_t max_buckets = std::numeric_limits<std::size_t>::max();
};

namespace detail {

using aggregate::coarsest_scale;
using aggregate::exponential_buckets;
using aggregate::exponential_counts;
using aggregate::finest_imported_scale;
using aggregate::highest_exponential_index;
using aggregate::lowest_exponential_index;

/// Populated buckets in whatever order a message lists them.
struct sparse_buckets {
  std::vector<std::pair<std::int64_t, count>> cells{};
  std::int64_t first = std::numeric_limits<std::int64_t>::max();
  std::int64_t last = std::numeric_limits<std::int64_t>::min();

  void add(std::int64_t index, count n) {
    if (n == 0) return;
    cells.emplace_back(index, n);
    first = std::min(first, index);
    last = std::max(last, index);
  }

  [[nodiscard]] std::size_t width(int fold) const noexcept {
    return cells.empty() ? 0 : static_cast<std::size_t>((last >> fold) - (first >> fold)) + 1;
  }

  [[nodiscard]] exponential_buckets dense(int fold) const {
    if (cells.empty()) return {};
    exponential_buckets buckets{static_cast<std::int32_t>(first >> fold),
                                std::vector<count>(width(fold))};
    for (const auto& [index, n] : cells) {
      buckets.counts[static_cast<std::size_t>((index >> fold) - (first >> fold))] += n;
    }
    return buckets;
  }
};

inline void require_wire_options(std::string_view where, const wire_options& options) {
  relia::detail::require_argument(
      options.max_scale >= coarsest_scale && options.max_scale <= finest_imported_scale, where,
      "max_scale", "in -10 to 20", options.max_scale);
  relia::detail::require_argument(options.max_buckets >= 3, where, "max_buckets",
                                  "at least 3, the buckets that all doubles fill at scale -10",
                                  options.max_buckets);
}

/// A scale from outside. Finer than 20, indices of doubles leave 32 bits.
inline void require_wire_scale(std::string_view where, std::string_view name, std::int64_t scale,
                               int coarsest) {
  relia::detail::require_argument(
      scale >= coarsest && scale <= finest_imported_scale, where, name,
      coarsest == coarsest_scale ? "in -10 to 20: buckets of a factor of 2^1024 or less, that 32 "
                                   "bits can number"
                                 : "in -4 to 20, the exponential buckets of Prometheus or finer",
      scale);
}

[[nodiscard]] inline count read_count(std::string_view where, std::string_view name,
                                      std::uint64_t n) {
  relia::detail::require_argument(n <= std::uint64_t{std::numeric_limits<count>::max()}, where,
                                  name, "below 2^63", n);
  return static_cast<count>(n);
}

[[nodiscard]] inline std::int64_t read_index(std::string_view where, std::int64_t index,
                                             int scale) {
  relia::detail::require_argument(
      index >= lowest_exponential_index(scale) && index <= highest_exponential_index(scale), where,
      "a bucket's index",
      "that of a double: in " + relia::detail::to_text(lowest_exponential_index(scale)) + " to " +
          relia::detail::to_text(highest_exponential_index(scale)) + " at this scale",
      index);
  return index;
}

[[nodiscard]] inline double read_threshold(std::string_view where, std::string_view name,
                                           double threshold) {
  relia::detail::require_argument(threshold >= 0 && relia::detail::is_finite(threshold), where,
                                  name, "at least 0 and finite", threshold);
  return threshold;
}

/// The sum of what was read, which a message's own count must equal. Throws: std::invalid_argument
/// past 2^63.
[[nodiscard]] inline count read_total(std::string_view where, count zeros,
                                      const sparse_buckets& positive,
                                      const sparse_buckets& negative) {
  count total = zeros;
  for (const auto* side : {&positive, &negative}) {
    for (const auto& cell : side->cells) {
      relia::detail::require_argument(
          cell.second <= std::numeric_limits<count>::max() - total, where, "the sum of the buckets",
          "below 2^63", static_cast<double>(total) + static_cast<double>(cell.second));
      total += cell.second;
    }
  }
  return total;
}

inline void fill(exponential_counts& counts, int scale, const sparse_buckets& positive,
                 const sparse_buckets& negative, const wire_options& options) {
  int fold = std::max(0, scale - options.max_scale);
  while (std::max(positive.width(fold), negative.width(fold)) > options.max_buckets) ++fold;
  counts.scale = scale - fold;
  counts.positive = positive.dense(fold);
  counts.negative = negative.dense(fold);
}

/// What a writer was given: plain data, so checked here. Returns the sum of zeros and buckets.
inline count require_counts(std::string_view where, const exponential_counts& counts) {
  relia::detail::require_domain(
      counts.scale >= coarsest_scale && counts.scale <= finest_imported_scale, where, "scale",
      "in -10 to 20", counts.scale);
  relia::detail::require_non_negative(where, "zero_threshold", counts.zero_threshold);
  for (const auto& [name, n] : {std::pair{"zeros", counts.zeros},
                                {"nans", counts.nans},
                                {"positive_infinities", counts.positive_infinities},
                                {"negative_infinities", counts.negative_infinities}}) {
    relia::detail::require_non_negative_count(where, name, n);
  }
  count total = counts.zeros;
  for (const auto* side : {&counts.positive, &counts.negative}) {
    std::int64_t index = side->offset;
    for (const count n : side->counts) {
      relia::detail::require_non_negative_count(where, "a bucket's count", n);
      relia::detail::require_domain(n == 0 || (index >= lowest_exponential_index(counts.scale) &&
                                               index <= highest_exponential_index(counts.scale)),
                                    where, "the index of a bucket that holds something",
                                    "that of a double", index);
      total = relia::detail::sum_of_counts(where, "the sum of the buckets", total, n);
      ++index;
    }
  }
  return total;
}

/// "3 NaN", for the list of what was dropped.
inline void drop_count(wire_message& out, count n, std::string_view what) {
  if (n > 0) out.dropped.push_back(relia::detail::to_text(n) + " " + std::string(what));
}

}  // namespace detail

/// The same histogram at a coarser scale. Each bucket goes whole into one bucket: counts, sum and
/// bounds stay exact, only resolution is given up. A scale at or above its own changes nothing.
/// Domain: scale >= -10, counts as their struct says. Throws: std::domain_error.
[[nodiscard]] inline aggregate::exponential_counts folded(
    const aggregate::exponential_counts& counts, int scale) {
  (void)detail::require_counts("io::folded", counts);
  relia::detail::require_domain(scale >= aggregate::coarsest_scale, "io::folded", "scale",
                                "at least -10", scale);
  const auto sparse = [](const detail::exponential_buckets& side) {
    detail::sparse_buckets cells;
    for (std::size_t k = 0; k < side.counts.size(); ++k) {
      cells.add(side.offset + static_cast<std::int64_t>(k), side.counts[k]);
    }
    return cells;
  };
  aggregate::exponential_counts result = counts;
  detail::fill(result, counts.scale, sparse(counts.positive), sparse(counts.negative),
               {.max_scale = std::min(scale, counts.scale)});
  return result;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::io
