// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How long did it take? Latencies in base-2 exponential buckets, bucket for bucket those of
/// OpenTelemetry and Prometheus native histograms, with exact counters at the thresholds that an
/// objective names. A value of fixed size: recording costs nanoseconds, allocates nothing and never
/// throws; merging adds integers, so hosts and windows give the same counts in any order.
/// Zero, negative numbers, NaN and the infinities are counted apart: an infinity costs no
/// resolution, and a NaN is never a good event.
/// Memory: sizeof, 17 KB for `histogram`, 1.5 KB for `small_histogram`.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include <relia/aggregate/detail/bucket_form.hpp>
#include <relia/aggregate/detail/bucket_store.hpp>
#include <relia/aggregate/detail/sums.hpp>
#include <relia/aggregate/distribution.hpp>
#include <relia/core/bytes.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate {

/// What a histogram type keeps. Values of one layout merge.
struct histogram_layout {
  int max_scale = 6;                ///< 6: within 0.542 %; buckets widen when values do not fit
  std::size_t slots = 2048;         ///< buckets for positive values: 32 octaves at scale 6
  std::size_t negative_slots = 32;  ///< for negative ones, which widen by themselves
  bool compact = false;             ///< 32-bit cells, which saturate visibly
  std::size_t thresholds = 0;       ///< exact counters at limits given to the constructor
  std::int64_t ticks_per_unit = 0;  ///< the sum in whole ticks, the same in any order; 0: doubles

  friend constexpr bool operator==(const histogram_layout&, const histogram_layout&) = default;
};

/// The zero bucket of a Prometheus client: |x| up to this counts as zero, so that a subnormal costs
/// no resolution.
inline constexpr double default_zero_threshold = 0x1p-128;

template <histogram_layout Layout>
class basic_histogram {
  using counter = std::conditional_t<Layout.compact, std::uint32_t, relia::count>;
  using sum_type =
      std::conditional_t<Layout.ticks_per_unit == 0, detail::compensated_sum,
                         detail::tick_sum<std::max<std::int64_t>(Layout.ticks_per_unit, 1)>>;
  using positive_store = detail::bucket_store<Layout.max_scale, Layout.slots, counter>;
  using negative_store = detail::bucket_store<Layout.max_scale, Layout.negative_slots, counter>;

 public:
  static constexpr histogram_layout layout = Layout;
  using threshold_array = std::array<double, Layout.thresholds>;

  basic_histogram() noexcept requires(Layout.thresholds == 0)
      : basic_histogram({}, default_zero_threshold) {}

  /// `thresholds`: how many values are at most each of these is counted exactly.
  /// Domain: thresholds finite and increasing; zero_threshold >= 0, finite. Throws:
  /// std::domain_error.
  explicit basic_histogram(const threshold_array& thresholds,
                           double zero_threshold = default_zero_threshold)
      : thresholds_(thresholds), zero_threshold_(zero_threshold) {
    relia::detail::require_non_negative("aggregate::histogram", "zero_threshold", zero_threshold);
    for (std::size_t k = 0; k < Layout.thresholds; ++k) {
      relia::detail::require_finite("aggregate::histogram", "thresholds", thresholds[k]);
      relia::detail::require_domain(k == 0 || thresholds[k - 1] < thresholds[k],
                                    "aggregate::histogram", "thresholds", "increasing",
                                    thresholds[k]);
    }
    admit<detail::owned>();
  }

  void record(double value) noexcept { record_with<detail::owned>(value); }

  void record(std::span<const double> values) noexcept {
    for (const double x : values) record_with<detail::owned>(x);
  }

  /// As record; `Access` says whether another thread may be reading.
  template <class Access>
  void record_with(double value) noexcept {
    const std::int64_t index =
        detail::raw_index<Layout.max_scale>(value, Access::load(admitted_coarser_));
    if (static_cast<std::uint64_t>(index - Access::load(admitted_first_)) >=
        Access::load(admitted_size_)) [[unlikely]] {
      record_rare<Access>(value);
      return;
    }
    counter& cell =
        positive_.slot(static_cast<std::uint64_t>(index - Access::load(admitted_base_)));
    increment<Access>(cell);
    sum_.template add<Access>(value);
    if (value < Access::load(min_)) Access::store(min_, value);
    if (value > Access::load(max_)) Access::store(max_, value);
    count_thresholds<Access>(value);
  }

  /// Adds what `other` recorded. Throws: std::invalid_argument when the thresholds differ.
  void merge(const basic_histogram& other) {
    require_same_thresholds("aggregate::histogram::merge", other);
    if (other.untouched()) return;
    zero_mixed_ = zero_mixed_ || other.zero_mixed_ ||
                  (!untouched() && zero_threshold_ != other.zero_threshold_);
    zero_threshold_ =
        untouched() ? other.zero_threshold_ : std::max(zero_threshold_, other.zero_threshold_);
    positive_.merge(other.positive_);
    negative_.merge(other.negative_);
    for (std::size_t k = 0; k < apart_count; ++k) {
      apart_[k] = detail::saturating_add(apart_[k], other.apart_[k]);
    }
    for (std::size_t k = 0; k < Layout.thresholds; ++k) {
      at_most_[k] = detail::saturating_add(at_most_[k], other.at_most_[k]);
    }
    sum_.merge(other.sum_);
    min_ = std::min(min_, other.min_);
    max_ = std::max(max_, other.max_);
    extremes_lost_ = extremes_lost_ || other.extremes_lost_;
    admit<detail::owned>();
  }

  /// Takes away an earlier state of the same histogram, or a part of it: the difference of two
  /// cumulative histograms. The extremes are then known to a bucket only. Throws:
  /// std::invalid_argument when `part` holds what this does not, or the thresholds differ.
  void subtract(const basic_histogram& part) {
    constexpr std::string_view where = "aggregate::histogram::subtract";
    require_same_thresholds(where, part);
    bool holds = positive_.contains(part.positive_) && negative_.contains(part.negative_) &&
                 zero_threshold_ >= part.zero_threshold_;
    for (std::size_t k = 0; k < apart_count; ++k) holds = holds && apart_[k] >= part.apart_[k];
    for (std::size_t k = 0; k < Layout.thresholds; ++k)
      holds = holds && at_most_[k] >= part.at_most_[k];
    relia::detail::require_argument(holds, where, "part", "a part of the histogram",
                                    "one that is not");
    if (part.empty()) return;
    positive_.subtract(part.positive_);
    negative_.subtract(part.negative_);
    for (std::size_t k = 0; k < apart_count; ++k) apart_[k] -= part.apart_[k];
    for (std::size_t k = 0; k < Layout.thresholds; ++k) at_most_[k] -= part.at_most_[k];
    sum_.subtract(part.sum_);
    extremes_lost_ = true;
  }

  /// Values recorded, NaN excepted. O(slots), as all below.
  [[nodiscard]] relia::count count() const noexcept {
    return detail::saturating_add(
        detail::saturating_add(positive_.total(), negative_.total()),
        detail::saturating_add(apart_[zero],
                               detail::saturating_add(apart_[infinity], apart_[minus_infinity])));
  }
  [[nodiscard]] relia::count nans() const noexcept { return apart_[nan]; }
  [[nodiscard]] relia::count positive_infinities() const noexcept { return apart_[infinity]; }
  [[nodiscard]] relia::count negative_infinities() const noexcept { return apart_[minus_infinity]; }
  [[nodiscard]] bool empty() const noexcept { return count() == 0 && nans() == 0; }
  /// Whether a cell has reached the end of its range: it then counts too few.
  [[nodiscard]] bool saturated() const noexcept {
    return positive_.saturated() || negative_.saturated();
  }

  /// Of the finite values.
  [[nodiscard]] double sum() const noexcept { return sum_.value(); }
  [[nodiscard]] int scale() const noexcept { return positive_.scale(); }
  [[nodiscard]] const threshold_array& thresholds() const noexcept { return thresholds_; }
  /// How many values were at most thresholds()[k], exactly.
  [[nodiscard]] const std::array<relia::count, Layout.thresholds>& at_thresholds() const noexcept {
    return at_most_;
  }

  /// Everything, as plain data at one scale. Where parts with different zero thresholds were
  /// merged, the zero bucket takes in the buckets below the largest, which rises to the bound of
  /// one that it would cut.
  [[nodiscard]] exponential_counts to_counts() const {
    exponential_counts out;
    const detail::index_range above = positive_.range();
    const detail::index_range below = negative_.range();
    out.scale = below.empty()   ? positive_.scale()
                : above.empty() ? negative_.scale()
                                : std::min(positive_.scale(), negative_.scale());
    out.positive = detail::buckets_of(positive_, above, out.scale);
    out.negative = detail::buckets_of(negative_, below, out.scale);
    out.zero_threshold = zero_threshold_;
    out.zeros = apart_[zero];
    if (zero_mixed_) detail::widen_zero(out);
    out.positive_infinities = apart_[infinity];
    out.negative_infinities = apart_[minus_infinity];
    out.nans = apart_[nan];
    out.sum = sum();
    if (min_ <= max_ && !extremes_lost_) {
      out.min = min_;
      out.max = max_;
    }
    return out;
  }

  /// From plain data; buckets finer than the layout's are folded. Throws: std::invalid_argument
  /// unless the counts are not negative, the zero threshold not negative and finite, the scale in
  /// [-10, 20] and the buckets' indices those of doubles.
  [[nodiscard]] static basic_histogram from_counts(const exponential_counts& data) requires(
      Layout.thresholds == 0) {
    detail::require_counts("aggregate::histogram::from_counts", data);
    basic_histogram out({}, data.zero_threshold);
    detail::add_buckets(out.positive_, data.positive, data.scale);
    detail::add_buckets(out.negative_, data.negative, data.scale);
    out.apart_ = {data.zeros, data.nans, data.positive_infinities, data.negative_infinities};
    if (data.sum != 0) out.sum_.template add_any<detail::owned>(data.sum);
    const bool holds = out.count() > 0;
    out.extremes_lost_ = holds && !(data.min && data.max);
    if (holds && !out.extremes_lost_) {
      out.min_ = *data.min;
      out.max_ = *data.max;
    }
    out.template admit<detail::owned>();
    return out;
  }

  /// For asking many questions of one state.
  [[nodiscard]] distribution snapshot() const {
    std::vector<exact_count> exact(Layout.thresholds);
    for (std::size_t k = 0; k < Layout.thresholds; ++k) exact[k] = {thresholds_[k], at_most_[k]};
    return distribution(to_counts(), exact);
  }
  [[nodiscard]] bounded quantile(double level) const { return snapshot().quantile(level); }
  [[nodiscard]] bounded at_most(double x) const { return snapshot().at_most(x); }
  [[nodiscard]] bounded fraction_at_most(double x) const { return snapshot().fraction_at_most(x); }
  [[nodiscard]] bounded min() const { return snapshot().min(); }
  [[nodiscard]] bounded max() const { return snapshot().max(); }

  /// The byte form holds what was recorded: another layout with the same thresholds and ticks reads
  /// it too, folding what it cannot resolve.
  [[nodiscard]] std::vector<std::byte> to_bytes() const {
    byte_writer out(byte_kind::histogram, 1);
    const bool extremes = min_ <= max_;
    out.write_varint(static_cast<std::uint64_t>(Layout.ticks_per_unit));
    out.write_varint(static_cast<std::uint64_t>((extremes ? 1 : 0) | (extremes_lost_ ? 2 : 0) |
                                                (zero_mixed_ ? 4 : 0)));
    out.write(zero_threshold_);
    if (extremes) {
      out.write(min_);
      out.write(max_);
    }
    sum_.write(out);
    for (const relia::count n : apart_) out.write_varint(static_cast<std::uint64_t>(n));
    out.write_varint(Layout.thresholds);
    for (std::size_t k = 0; k < Layout.thresholds; ++k) {
      out.write(thresholds_[k]);
      out.write_varint(static_cast<std::uint64_t>(at_most_[k]));
    }
    detail::write_buckets(out, positive_);
    detail::write_buckets(out, negative_);
    return out.bytes();
  }

  /// Throws: std::invalid_argument on bytes that are not the byte form of such a histogram.
  [[nodiscard]] static basic_histogram from_bytes(std::span<const std::byte> bytes) {
    byte_reader in(bytes, byte_kind::histogram, 1);
    in.check(in.read_varint() == static_cast<std::uint64_t>(Layout.ticks_per_unit),
             "keep the sum in the same ticks");
    const std::uint64_t flags = in.read_varint();
    in.check(flags < 8, "hold no flag that this version does not know");
    const double zero_threshold = in.read_real();
    in.check(zero_threshold >= 0 && std::isfinite(zero_threshold),
             "hold a finite zero threshold of at least 0");
    double min = std::numeric_limits<double>::infinity();
    double max = -min;
    if ((flags & 1) != 0) {
      min = in.read_real();
      max = in.read_real();
      in.check(min <= max, "hold no maximum below the minimum");
    }
    const sum_type sum = sum_type::read(in);
    std::array<relia::count, apart_count> apart{};
    for (relia::count& n : apart) n = in.read_varint_count();
    in.check(in.read_varint() == Layout.thresholds, "hold as many thresholds as the layout");
    threshold_array thresholds{};
    std::array<relia::count, Layout.thresholds> at_most{};
    for (std::size_t k = 0; k < Layout.thresholds; ++k) {
      thresholds[k] = in.read_real();
      in.check(std::isfinite(thresholds[k]) && (k == 0 || thresholds[k - 1] < thresholds[k]),
               "hold finite, increasing thresholds");
      at_most[k] = in.read_varint_count();
    }
    basic_histogram out(thresholds, zero_threshold);
    detail::read_buckets(in, out.positive_);
    detail::read_buckets(in, out.negative_);
    in.finish();
    out.apart_ = apart;
    out.at_most_ = at_most;
    out.sum_ = sum;
    out.min_ = min;
    out.max_ = max;
    out.extremes_lost_ = (flags & 2) != 0;
    out.zero_mixed_ = (flags & 4) != 0;
    out.template admit<detail::owned>();
    return out;
  }

  /// For a reader while another thread records; the caller checks that it saw one state.
  void copy_shared_from(const basic_histogram& other) noexcept {
    using detail::shared;
    positive_.copy_shared_from(other.positive_);
    negative_.copy_shared_from(other.negative_);
    for (std::size_t k = 0; k < apart_count; ++k) apart_[k] = shared::load(other.apart_[k]);
    thresholds_ = other.thresholds_;
    for (std::size_t k = 0; k < Layout.thresholds; ++k)
      at_most_[k] = shared::load(other.at_most_[k]);
    sum_.copy_shared_from(other.sum_);
    zero_threshold_ = other.zero_threshold_;
    min_ = shared::load(other.min_);
    max_ = shared::load(other.max_);
    extremes_lost_ = other.extremes_lost_;
    zero_mixed_ = other.zero_mixed_;
    admit<detail::owned>();
  }

  friend bool operator==(const basic_histogram& a, const basic_histogram& b) noexcept {
    return a.positive_ == b.positive_ && a.negative_ == b.negative_ && a.apart_ == b.apart_ &&
           a.thresholds_ == b.thresholds_ && a.at_most_ == b.at_most_ && a.sum_ == b.sum_ &&
           a.zero_threshold_ == b.zero_threshold_ && a.min_ == b.min_ && a.max_ == b.max_ &&
           a.extremes_lost_ == b.extremes_lost_ && a.zero_mixed_ == b.zero_mixed_;
  }

 private:
  enum kept_apart : std::size_t { zero, nan, infinity, minus_infinity, apart_count };

  template <class Access>
  static void increment(counter& cell) noexcept {
    const counter n = Access::load(cell);
    if constexpr (Layout.compact) {
      Access::store(cell, n + (n != std::numeric_limits<counter>::max()));
    } else {
      Access::store(cell, n + 1);  // 2^63 records take three centuries at one a nanosecond
    }
  }

  template <class Access>
  void count_thresholds(double value) noexcept {
    for (std::size_t k = 0; k < Layout.thresholds; ++k) {
      Access::store(at_most_[k], Access::load(at_most_[k]) + (value <= thresholds_[k]));
    }
  }

  /// Zero, what is not a positive normal number, and what lies outside the window.
  template <class Access>
  [[gnu::noinline, gnu::cold]] void record_rare(double value) noexcept {
    const auto apart = [this](std::size_t which) {
      Access::store(apart_[which], Access::load(apart_[which]) + 1);
    };
    if (std::isnan(value)) return apart(nan);
    const double magnitude = std::abs(value);
    if (std::isinf(value)) {
      apart(value > 0 ? infinity : minus_infinity);
    } else if (magnitude <= zero_threshold_) {
      apart(zero);
    } else {
      const std::int32_t index = exponential_index(magnitude, Layout.max_scale);
      if (value > 0) {
        positive_.template add<Access>(index, Layout.max_scale, 1);
        admit<Access>();
      } else {
        negative_.template add<Access>(index, Layout.max_scale, 1);
      }
    }
    if (!std::isinf(value)) sum_.template add_any<Access>(value);
    if (value < Access::load(min_)) Access::store(min_, value);
    if (value > Access::load(max_)) Access::store(max_, value);
    count_thresholds<Access>(value);
  }

  /// Says which indices the recording path may count by itself: inside the window, above the zero
  /// threshold, of normal numbers that the sum takes; not the last bucket, where infinity's raw
  /// index lies.
  template <class Access>
  void admit() noexcept {
    const int coarser = positive_.coarser();
    const int scale = positive_.scale();
    std::int64_t first =
        std::max(positive_.base(), -((std::int64_t{1022} << Layout.max_scale) >> coarser));
    if (zero_threshold_ > 0) {
      first = std::max<std::int64_t>(first, exponential_index(zero_threshold_, scale) + 1);
    }
    const std::int64_t last =
        std::min<std::int64_t>(positive_.base() + static_cast<std::int64_t>(Layout.slots) - 1,
                               exponential_index(sum_type::largest, scale) - 1);
    Access::store(admitted_first_, first);
    Access::store(admitted_size_, last < first ? 0 : static_cast<std::uint64_t>(last - first + 1));
    Access::store(admitted_base_, positive_.base());
    Access::store(admitted_coarser_, coarser);
  }

  void require_same_thresholds(std::string_view where, const basic_histogram& other) const {
    for (std::size_t k = 0; k < Layout.thresholds; ++k) {
      relia::detail::require_argument(thresholds_[k] == other.thresholds_[k], where, "thresholds",
                                      "equal on both sides", other.thresholds_[k]);
    }
  }

  [[nodiscard]] bool untouched() const noexcept {
    return min_ > max_ && apart_[nan] == 0 && !extremes_lost_;
  }

  positive_store positive_{};
  negative_store negative_{};
  std::array<relia::count, apart_count> apart_{};
  threshold_array thresholds_{};
  std::array<relia::count, Layout.thresholds> at_most_{};
  sum_type sum_{};
  double zero_threshold_ = default_zero_threshold;
  double min_ = std::numeric_limits<double>::infinity();
  double max_ = -std::numeric_limits<double>::infinity();
  bool extremes_lost_ = false;
  bool zero_mixed_ = false;  // parts with different zero thresholds were merged

  // What `admit` derives from the above for the recording path.
  std::int64_t admitted_first_ = 0;
  std::uint64_t admitted_size_ = 0;
  std::int64_t admitted_base_ = 0;
  std::int32_t admitted_coarser_ = 0;
};

/// Latencies in any unit, within 0.542 %.
using histogram = basic_histogram<histogram_layout{}>;
/// Seconds, whose sum is whole nanoseconds: equal to the bit in any order of recording and merging.
using latency_histogram = basic_histogram<histogram_layout{.ticks_per_unit = 1'000'000'000}>;
/// Half the memory, for what is drained every minute.
using compact_histogram = basic_histogram<histogram_layout{.compact = true}>;
/// OpenTelemetry's default budget of 160 buckets, as fine as they allow.
using small_histogram =
    basic_histogram<histogram_layout{.max_scale = 8, .slots = 160, .negative_slots = 8}>;

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate
