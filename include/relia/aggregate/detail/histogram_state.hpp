// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// What a histogram remembers, and all that is done with it but recording: merging, subtracting,
/// plain data, bytes.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <type_traits>

#include <relia/aggregate/detail/bucket_bytes.hpp>
#include <relia/aggregate/detail/bucket_form.hpp>
#include <relia/aggregate/detail/bucket_store.hpp>
#include <relia/aggregate/detail/extremes.hpp>
#include <relia/aggregate/detail/sums.hpp>
#include <relia/aggregate/detail/threshold_counts.hpp>
#include <relia/aggregate/exponential.hpp>
#include <relia/aggregate/exponential_counts.hpp>
#include <relia/core/bytes.hpp>
#include <relia/detail/check.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate {

/// What a histogram type keeps. Values of one layout merge.
struct histogram_layout {
  int max_scale = 6;                ///< 6: within 0.542 %; buckets widen when values do not fit
  std::size_t slots = 2048;         ///< buckets for positive values: 32 octaves at scale 6
  std::size_t negative_slots = 32;  ///< for negative ones, which widen by themselves
  bool compact = false;             ///< 32-bit cells, which saturate visibly
  std::size_t thresholds = 0;       ///< room for exact counters at limits given to the constructor
  std::int64_t ticks_per_unit = 0;  ///< the sum in whole ticks, the same in any order; 0: doubles

  friend constexpr bool operator==(const histogram_layout&, const histogram_layout&) = default;
};

/// The zero bucket of a Prometheus client: |x| up to this counts as zero, so that a subnormal costs
/// no resolution.
inline constexpr double default_zero_threshold = 0x1p-128;

namespace detail {

enum kept_apart : std::size_t { zero, nan, infinity, minus_infinity, apart_count };

template <histogram_layout Layout>
struct histogram_state {
  using counter = std::conditional_t<Layout.compact, std::uint32_t, count>;
  using sum_type = std::conditional_t<Layout.ticks_per_unit == 0, compensated_sum,
                                      tick_sum<std::max<std::int64_t>(Layout.ticks_per_unit, 1)>>;

  bucket_store<Layout.max_scale, Layout.slots, counter> positive{};
  bucket_store<Layout.max_scale, Layout.negative_slots, counter> negative{};
  std::array<count, apart_count> apart{};
  threshold_counts<Layout.thresholds> thresholds{};
  sum_type sum{};
  double zero_threshold = default_zero_threshold;
  double min = std::numeric_limits<double>::infinity();
  double max = -std::numeric_limits<double>::infinity();
  bool extremes_lost = false;  // by a subtraction, or plain data without them
  bool zero_mixed = false;     // parts with different zero thresholds were merged

  [[nodiscard]] bool untouched() const noexcept {
    return min > max && apart[nan] == 0 && !extremes_lost;
  }

  [[nodiscard]] count total() const noexcept {
    count n = saturating_add(positive.total(), negative.total());
    for (const std::size_t k : {zero, infinity, minus_infinity}) n = saturating_add(n, apart[k]);
    return n;
  }

  [[nodiscard]] bool saturated() const noexcept {
    return positive.saturated() || negative.saturated();
  }

  /// The part of the window that the extremes leave to positive values: a merge need not read the
  /// rest. One bucket to spare above, because plain data may say that the largest value is the
  /// lower bound of its bucket; everything where bytes may hold buckets in the zero bucket's place.
  [[nodiscard]] index_range positive_part() const noexcept {
    index_range part = positive.window();
    if constexpr (Layout.slots <= 256) return part;  // read sooner than narrowed
    if (extremes_lost || zero_mixed || !(max > 0) || std::isinf(max)) return part;
    const int scale = positive.scale();
    part.last = std::min<std::int64_t>(part.last, exponential_index(max, scale) + 1);
    if (min > zero_threshold) {
      part.first = std::max<std::int64_t>(part.first, exponential_index(min, scale));
    }
    return part;
  }
  [[nodiscard]] index_range positive_range() const noexcept {
    return positive.range(positive_part());
  }

  /// Values by interval of the thresholds, from below.
  [[nodiscard]] auto by_threshold() const noexcept {
    return thresholds.total(positive, positive_part());
  }

  /// Buckets wide enough for an index of the finest scale.
  template <class Access>
  void make_room(std::int64_t index) noexcept {
    if (positive.covers({index, index}, Layout.max_scale)) return;
    const auto n = thresholds.total(positive, positive.window());  // extremes may be noted later
    positive.template cover<Access>({index, index}, Layout.max_scale);
    thresholds.template keep<Access>(n, positive);
  }

  void merge(const histogram_state& other) noexcept {
    if (other.untouched()) return;
    const bool first = untouched();
    zero_mixed =
        zero_mixed || other.zero_mixed || (!first && zero_threshold != other.zero_threshold);
    zero_threshold = first ? other.zero_threshold : std::max(zero_threshold, other.zero_threshold);
    merge_positive(other);
    negative.merge(other.negative);
    for (std::size_t k = 0; k < apart_count; ++k)
      apart[k] = saturating_add(apart[k], other.apart[k]);
    sum.merge(other.sum);
    min = std::min(min, other.min);
    max = std::max(max, other.max);
    extremes_lost = extremes_lost || other.extremes_lost;
  }

  /// The positive buckets and the values by threshold.
  void merge_positive(const histogram_state& other) noexcept {
    const index_range part = other.positive_part();
    if constexpr (Layout.thresholds > 0) {
      if (thresholds.few() && other.thresholds.few() && positive.merge_alike(other.positive, part))
        return thresholds.add_strays(other.thresholds);
    }
    auto all = by_threshold();
    const auto more = other.by_threshold();
    for (std::size_t k = 0; k < all.size(); ++k) all[k] = saturating_add(all[k], more[k]);
    positive.merge(other.positive, part);
    thresholds.template keep<owned>(all, positive);
  }

  /// Whether `part` can be taken away.
  [[nodiscard]] bool contains(const histogram_state& part) const noexcept {
    bool holds = positive.contains(part.positive) && negative.contains(part.negative) &&
                 zero_threshold >= part.zero_threshold && !saturated();
    for (std::size_t k = 0; k < apart_count; ++k) holds = holds && apart[k] >= part.apart[k];
    const auto here = by_threshold();
    const auto there = part.by_threshold();
    for (std::size_t k = 0; k < here.size(); ++k) holds = holds && here[k] >= there[k];
    return holds;
  }

  void subtract(const histogram_state& part) noexcept {
    if (part.untouched()) return;
    auto left = by_threshold();
    const auto taken = part.by_threshold();
    for (std::size_t k = 0; k < left.size(); ++k) left[k] -= taken[k];
    positive.subtract(part.positive);
    thresholds.template keep<owned>(left, positive);
    negative.subtract(part.negative);
    for (std::size_t k = 0; k < apart_count; ++k) apart[k] -= part.apart[k];
    sum.subtract(part.sum);
    extremes_lost = total() > 0;
    if (extremes_lost) return;
    sum = {};  // of nothing: without what rounding left
    min = std::numeric_limits<double>::infinity();
    max = -min;
  }

  /// At one scale.
  [[nodiscard]] exponential_counts to_counts() const {
    const int scale = negative.range().empty()   ? positive.scale()
                      : positive_range().empty() ? negative.scale()
                                                 : std::min(positive.scale(), negative.scale());
    return to_counts(scale, scale);
  }

  /// Each side at a scale of its own: `scale` of the result is the positive one's.
  [[nodiscard]] exponential_counts to_counts(int positive_scale, int negative_scale) const {
    exponential_counts out;
    out.scale = positive_scale;
    out.positive = buckets_of(positive, positive_range(), positive_scale);
    out.negative = buckets_of(negative, negative.range(), negative_scale);
    out.zero_threshold = zero_threshold;
    out.zeros = apart[zero];
    if (zero_mixed) widen_zero(out, negative_scale);
    out.positive_infinities = apart[infinity];
    out.negative_infinities = apart[minus_infinity];
    out.nans = apart[nan];
    out.sum = sum.value();
    if (min <= max && !extremes_lost) {
      out.min = min;
      out.max = max;
    }
    return out;
  }

  void from_counts(std::string_view where, const exponential_counts& data) {
    require_counts(where, data);
    relia::detail::require_argument(Layout.ticks_per_unit == 0 || std::isfinite(data.sum), where,
                                    "sum", "finite where it is kept in ticks", data.sum);
    zero_threshold = data.zero_threshold;
    add_buckets(positive, data.positive, data.scale);
    thresholds.template keep<owned>({}, positive);  // by threshold nothing is known
    add_buckets(negative, data.negative, data.scale);
    apart = {data.zeros, data.nans, data.positive_infinities, data.negative_infinities};
    if (data.sum != 0) sum.template add_any<owned>(data.sum);
    if (total() == 0) return;
    extremes_lost = !(data.min && data.max && extremes_agree(data, data.scale));
    if (extremes_lost) return;
    min = *data.min;
    max = *data.max;
  }

  void write(byte_writer& out) const {
    const bool extremes = min <= max;
    out.write_varint(static_cast<std::uint64_t>(Layout.ticks_per_unit));
    out.write_varint(static_cast<std::uint64_t>((extremes ? 1 : 0) | (extremes_lost ? 2 : 0) |
                                                (zero_mixed ? 4 : 0)));
    out.write(zero_threshold);
    if (extremes) {
      out.write(min);
      out.write(max);
    }
    sum.write(out);
    for (const count n : apart) out.write_varint(static_cast<std::uint64_t>(n));
    const std::size_t used = thresholds.used();
    const auto n = by_threshold();
    out.write_varint(used);
    for (std::size_t k = 0; k < used; ++k) {
      out.write(thresholds.limits[k]);
      out.write_varint(static_cast<std::uint64_t>(n[k]));
    }
    out.write_varint(static_cast<std::uint64_t>(n[used]));
    write_buckets(out, positive);
    write_buckets(out, negative);
  }

  void read(byte_reader& in) {
    in.check(in.read_varint() == static_cast<std::uint64_t>(Layout.ticks_per_unit),
             "keep the sum in the same ticks");
    const std::uint64_t flags = in.read_varint();
    in.check(flags < 8, "hold no flag that this version does not know");
    extremes_lost = (flags & 2) != 0;
    zero_mixed = (flags & 4) != 0;
    zero_threshold = in.read_real();
    in.check(zero_threshold >= 0 && std::isfinite(zero_threshold),
             "hold a finite zero threshold of at least 0");
    if ((flags & 1) != 0) {
      min = in.read_real();
      max = in.read_real();
      in.check(min <= max, "hold no maximum below the minimum");
    }
    sum = sum_type::read(in);
    for (count& n : apart) n = in.read_varint_count();
    const std::uint64_t used = in.read_varint();
    in.check(used <= Layout.thresholds, "hold at most the layout's number of thresholds");
    auto& limits = thresholds.limits;
    typename threshold_counts<Layout.thresholds>::numbers between{};
    for (std::size_t k = 0; k < used; ++k) {
      limits[k] = in.read_real();
      in.check(std::isfinite(limits[k]) && (k == 0 || limits[k - 1] < limits[k]),
               "hold finite, increasing thresholds");
      between[k] = in.read_varint_count();
    }
    between[used] = in.read_varint_count();
    read_buckets(in, positive);
    thresholds.template keep<owned>(between, positive);
    read_buckets(in, negative);
    in.finish();
    in.check(((flags & 1) != 0 || extremes_lost) == (total() > 0),
             "hold the extremes of its values, or say that they are lost");
    in.check(extremes_lost ||
                 (positive_range() == positive.range() &&
                  extremes_agree(to_counts(positive.scale(), negative.scale()), negative.scale())),
             "hold extremes that lie in the outermost buckets");
    in.check(total() > 0 || sum.value() == 0, "hold no sum of no values");
    count all = 0;
    for (const count n : between) all = saturating_add(all, n);
    // Without thresholds: what was recorded after plain data came in.
    in.check(all == total() || (used == 0 && all < total()) || saturated(),
             "hold as many values by threshold as by bucket");
  }

  /// What `record` changes, through loads that another thread's stores may meet.
  void copy_shared_from(const histogram_state& other) noexcept {
    positive.copy_shared_from(other.positive);
    negative.copy_shared_from(other.negative);
    for (std::size_t k = 0; k < apart_count; ++k) apart[k] = shared::load(other.apart[k]);
    for (std::size_t k = 0; k <= Layout.thresholds; ++k) {
      thresholds.strays[k] = shared::load(other.thresholds.strays[k]);
    }
    sum.copy_shared_from(other.sum);
    min = shared::load(other.min);
    max = shared::load(other.max);
    thresholds.limits = other.thresholds.limits;
    zero_threshold = other.zero_threshold;
    extremes_lost = other.extremes_lost;
    zero_mixed = other.zero_mixed;
  }

  friend bool operator==(const histogram_state&, const histogram_state&) = default;
};

}  // namespace detail

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate
