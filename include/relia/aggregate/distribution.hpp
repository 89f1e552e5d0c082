// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Questions to what a histogram holds: quantiles and fractions, each with the bounds that its
/// buckets allow. The rank of a value is certain; its place inside a bucket is not.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <relia/aggregate/bounded.hpp>
#include <relia/aggregate/detail/extremes.hpp>
#include <relia/aggregate/detail/fixed_array.hpp>
#include <relia/aggregate/detail/rank.hpp>
#include <relia/aggregate/exponential.hpp>
#include <relia/aggregate/exponential_counts.hpp>
#include <relia/detail/check.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate {

/// How many values were at most `limit`, known exactly.
struct exact_count {
  double limit = 0.0;
  count at_most = 0;
};

/// The point quoted inside a bucket. `middle`, 2 L U / (L + U), has the least possible error;
/// `ranked` goes from L to U with the rank, geometrically: closer on smooth data, up to twice as
/// far off at worst.
enum class bucket_point { middle, ranked };

class distribution {
 public:
  distribution() : distribution(exponential_counts{}) {}

  /// `exact`: what is known besides the buckets, by increasing limit. Extremes that contradict the
  /// buckets are not used. Domain: the counts as exponential_counts describes them (not checked).
  explicit distribution(const exponential_counts& data,
                        const std::span<const exact_count>& exact = {})
      : distribution(data, exact, data.scale) {}

  /// `negative_scale`: of data.negative, where that differs from data.scale.
  distribution(exponential_counts data, const std::span<const exact_count>& exact,
               int negative_scale)
      : data_(std::move(data)),
        exact_(exact.data(), exact.size()),
        negative_scale_(negative_scale) {
    if (!detail::extremes_agree(data_, negative_scale_)) {
      data_.min.reset();
      data_.max.reset();
    }
    std::reverse(negative().data(), negative().data() + negative().size());
    running_sum sum{static_cast<std::uint64_t>(data_.negative_infinities)};
    sum.over(negative());
    upto_zero_ = sum.with(data_.zeros);
    sum.over(positive());
    count_ = sum.with(data_.positive_infinities);
    if (sum.seen >> 63 != 0) saturate();
  }

  /// Values, NaN excepted.
  [[nodiscard]] relia::count count() const noexcept { return count_; }

  /// The smallest value that at least `level` of the values do not exceed. NaN counts as no value.
  /// Domain: 0 <= level <= 1. Throws: std::domain_error. Cost: O(log buckets).
  [[nodiscard]] bounded quantile(double level, bucket_point point = bucket_point::middle) const {
    relia::detail::require_fraction("aggregate::distribution::quantile", "level", level);
    if (count_ == 0) return {};
    const relia::count rank = detail::rank_of(level, count_);
    if (rank == 1 && data_.min) return exactly(*data_.min);
    if (rank == count_ && data_.max) return exactly(*data_.max);
    if (rank <= data_.negative_infinities) return exactly(-infinite);
    const std::size_t segment = segment_of_rank(rank);
    if (segment > zero_segment() + positive().size()) return exactly(infinite);
    return value_in(segment, rank, point);
  }

  /// How many values are at most x. Domain: x is not NaN. Throws: std::domain_error.
  [[nodiscard]] bounded at_most(double x) const {
    relia::detail::require_number("aggregate::distribution::at_most", "x", x);
    return count_at_most(x);
  }

  /// at_most as a fraction of all that was recorded. A NaN is in the whole and in no part: it is
  /// never a good event.
  [[nodiscard]] bounded fraction_at_most(double x) const {
    relia::detail::require_number("aggregate::distribution::fraction_at_most", "x", x);
    const double whole = static_cast<double>(count_) + static_cast<double>(data_.nans);
    if (whole == 0) return {};
    const bounded part = count_at_most(x);
    return {part.value / whole, part.lower / whole, part.upper / whole, state::ok};
  }

  [[nodiscard]] bounded min() const {
    if (data_.min) return exactly(*data_.min);
    return quantile(0.0);
  }
  [[nodiscard]] bounded max() const {
    if (data_.max) return exactly(*data_.max);
    return quantile(1.0);
  }

 private:
  static constexpr double infinite = std::numeric_limits<double>::infinity();

  /// Counts may have reached the end of their range. Added modulo 2^64 the first sum past it is
  /// negative, which costs the sums nothing to notice.
  struct running_sum {
    std::uint64_t n = 0;
    std::uint64_t seen = 0;  ///< all bits that any sum had

    relia::count with(relia::count c) noexcept {
      seen |= n += static_cast<std::uint64_t>(c);
      return static_cast<relia::count>(n);
    }

    /// Each count becomes the sum up to it; four at a time, so that only one addition in four waits
    /// for the one before.
    void over(std::vector<relia::count>& counts) noexcept {
      relia::count* c = counts.data();
      relia::count* const end = c + counts.size();
      for (; end - c >= 4; c += 4) {
        const std::uint64_t first = n + static_cast<std::uint64_t>(c[0]);
        const std::uint64_t second = first + static_cast<std::uint64_t>(c[1]);
        const std::uint64_t third = second + static_cast<std::uint64_t>(c[2]);
        n += (static_cast<std::uint64_t>(c[0]) + static_cast<std::uint64_t>(c[1])) +
             (static_cast<std::uint64_t>(c[2]) + static_cast<std::uint64_t>(c[3]));
        seen |= first | second | third | n;
        c[0] = static_cast<relia::count>(first);
        c[1] = static_cast<relia::count>(second);
        c[2] = static_cast<relia::count>(third);
        c[3] = static_cast<relia::count>(n);
      }
      for (; c != end; ++c) *c = with(*c);
    }
  };

  /// From the first sum that passed the range on, its end.
  void saturate() noexcept {
    bool past = false;
    const auto keep_in_range = [&past](relia::count& c) {
      past = past || c < 0;
      if (past) c = std::numeric_limits<relia::count>::max();
    };
    for (relia::count& c : negative()) keep_in_range(c);
    keep_in_range(upto_zero_);
    for (relia::count& c : positive()) keep_in_range(c);
    past = true;
    keep_in_range(count_);
  }

  [[nodiscard]] std::vector<relia::count>& negative() noexcept { return data_.negative.counts; }
  [[nodiscard]] std::vector<relia::count>& positive() noexcept { return data_.positive.counts; }
  [[nodiscard]] const std::vector<relia::count>& positive() const noexcept {
    return data_.positive.counts;
  }

  [[nodiscard]] static constexpr bounded exactly(double x) noexcept { return {x, x, x, state::ok}; }

  [[nodiscard]] std::size_t zero_segment() const noexcept { return data_.negative.counts.size(); }

  /// The values of a segment (a negative bucket, zero, a positive one): [lower, upper], open below
  /// where that is positive.
  struct bounds {
    double lower, upper;
  };
  [[nodiscard]] bounds bounds_of(std::size_t segment) const noexcept {
    const std::size_t zero = zero_segment();
    if (segment == zero) return {-data_.zero_threshold, data_.zero_threshold};
    if (segment > zero) {
      const std::int64_t index =
          data_.positive.offset + static_cast<std::int64_t>(segment - zero - 1);
      return {exponential_bound(index, data_.scale), exponential_bound(index + 1, data_.scale)};
    }
    const std::int64_t index =
        data_.negative.offset + static_cast<std::int64_t>(zero - 1 - segment);
    return {-exponential_bound(index + 1, negative_scale_),
            -exponential_bound(index, negative_scale_)};
  }

  [[nodiscard]] relia::count before(std::size_t segment) const noexcept {
    return segment == 0 ? data_.negative_infinities : upto(segment - 1);
  }

  /// Values up to a segment and in it.
  [[nodiscard]] relia::count upto(std::size_t segment) const noexcept {
    const std::size_t zero = zero_segment();
    if (segment > zero) return positive()[segment - zero - 1];
    return segment == zero ? upto_zero_ : data_.negative.counts[segment];
  }

  /// Past the last segment for the ranks of infinities.
  [[nodiscard]] std::size_t segment_of_rank(relia::count rank) const noexcept {
    const auto first_at_least = [rank](const std::vector<relia::count>& sums) {
      const relia::count* first = sums.data();
      return static_cast<std::size_t>(std::lower_bound(first, first + sums.size(), rank) - first);
    };
    if (rank <= upto_zero_) return first_at_least(data_.negative.counts);
    return zero_segment() + 1 + first_at_least(positive());
  }

  [[nodiscard]] bounded value_in(std::size_t segment, relia::count rank,
                                 bucket_point point) const noexcept {
    auto [lower, upper] = bounds_of(segment);
    double value = 0.0;
    const auto inside = static_cast<double>(upto(segment) - before(segment));
    const double part = (static_cast<double>(rank - before(segment)) - 0.5) / inside;
    if (segment == zero_segment()) {
      value = point == bucket_point::ranked ? lower + (upper - lower) * part : 0.0;
    } else if (point == bucket_point::ranked && lower != 0 && upper != 0) {
      value = lower * std::pow(upper / lower, part);
    } else {
      value = upper / (0.5 + 0.5 * (upper / lower));  // 2 L U / (L + U) without overflow
      if (lower == 0 || upper == 0) value = 0.5 * (lower + upper);
    }
    if (data_.min) lower = std::max(lower, *data_.min);
    if (data_.max) upper = std::min(upper, *data_.max);
    return {std::clamp(value, lower, upper), lower, upper, state::ok};
  }

  [[nodiscard]] static double log_size(double x) noexcept { return std::log(std::abs(x)); }

  /// The segment that holds x, or would: its lower bound is below x.
  [[nodiscard]] std::size_t segment_of(double x) const noexcept {
    const std::size_t zero = zero_segment();
    if (std::abs(x) <= data_.zero_threshold || x == 0) return zero;
    const std::int64_t index =
        exponential_index(std::abs(x), x > 0 ? data_.scale : negative_scale_);
    if (x > 0) {
      const std::int64_t k = index - data_.positive.offset + 1;
      const auto size = static_cast<std::int64_t>(positive().size());
      return zero + static_cast<std::size_t>(std::clamp<std::int64_t>(k, 0, size));
    }
    const std::int64_t k = static_cast<std::int64_t>(zero) - 1 - (index - data_.negative.offset);
    return static_cast<std::size_t>(
        std::clamp<std::int64_t>(k, 0, static_cast<std::int64_t>(zero)));
  }

  /// The bounds of the segment of x, and how many values lie before it and up to it.
  struct place {
    double lower, upper;
    relia::count before, upto;
  };
  [[nodiscard]] place place_of(double x) const noexcept {
    if (x > data_.zero_threshold) {  // nearly always, and then in a bucket: without the detours
      const std::int64_t index = exponential_index(x, data_.scale);
      const std::int64_t k = index - data_.positive.offset;
      if (k >= 0 && k < static_cast<std::int64_t>(positive().size())) {
        const relia::count* upto_it = positive().data() + k;
        return {exponential_bound(index, data_.scale), exponential_bound(index + 1, data_.scale),
                k == 0 ? upto_zero_ : upto_it[-1], *upto_it};
      }
    }
    return place_by_segment(x);
  }
  [[nodiscard, gnu::noinline]] place place_by_segment(double x) const noexcept {
    const std::size_t segment = segment_of(x);
    const auto [lower, upper] = bounds_of(segment);
    if (x < lower) return {x, x, before(segment), before(segment)};  // below all of its sign
    return {lower, upper, before(segment), upto(segment)};
  }

  [[nodiscard]] bounded count_at_most(double x) const noexcept {
    if (count_ == 0) return {0, 0, 0, state::ok};
    if (data_.min && x < *data_.min) return exactly(0);
    if (x == infinite || (data_.max && x >= *data_.max))
      return exactly(static_cast<double>(count_));
    if (x == -infinite) return exactly(static_cast<double>(data_.negative_infinities));
    const place at = place_of(x);
    const auto least = static_cast<double>(at.before);
    const auto most = static_cast<double>(at.upto);
    // Apart until the end: an answer in memory is waited for when it is read by pairs.
    double value = most;
    double at_least = most;
    double at_most = most;
    if (x < at.upper) {
      const double from = data_.min ? std::max(at.lower, *data_.min) : at.lower;
      const double to = data_.max ? std::min(at.upper, *data_.max) : at.upper;
      // A line inside the bucket; where buckets are wide, in the logarithm.
      const bool wide = (x > 0 ? data_.scale : negative_scale_) < 3 && from * to > 0;
      const double part =
          wide ? (log_size(x) - log_size(from)) / (log_size(to) - log_size(from))  // no overflow
               : (x - from) / (to - from);
      value = least + (most - least) * (from < to ? std::clamp(part, 0.0, 1.0) : 1.0);
      at_least = least;
    }
    for (const exact_count& known : exact_) {
      const auto n = static_cast<double>(known.at_most);
      if (known.limit <= x) at_least = std::clamp(n, at_least, at_most);
      if (known.limit >= x) at_most = std::clamp(n, at_least, at_most);
    }
    return {std::clamp(value, at_least, at_most), at_least, at_most, state::ok};
  }

  exponential_counts data_;  ///< the buckets hold sums up to each, from the lowest value on
  detail::fixed_array<exact_count> exact_;
  int negative_scale_;
  relia::count upto_zero_ = 0;
  relia::count count_ = 0;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate
