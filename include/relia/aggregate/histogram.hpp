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
#include <initializer_list>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include <relia/aggregate/detail/histogram_state.hpp>
#include <relia/aggregate/distribution.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate {

template <histogram_layout Layout>
class basic_histogram {
  using state_type = detail::histogram_state<Layout>;
  using counter = typename state_type::counter;

 public:
  static constexpr histogram_layout layout = Layout;

  basic_histogram() noexcept { admit(); }

  /// `thresholds`: how many values are at most each of these is counted exactly.
  /// Domain: thresholds finite and increasing, as many as the layout or fewer; zero_threshold >= 0,
  /// finite. Throws: std::domain_error, std::invalid_argument for too many.
  explicit basic_histogram(std::span<const double> thresholds,
                           double zero_threshold = default_zero_threshold) {
    constexpr std::string_view where = "aggregate::histogram";
    relia::detail::require_non_negative(where, "zero_threshold", zero_threshold);
    relia::detail::require_argument(thresholds.size() <= Layout.thresholds, where,
                                    "number of thresholds", "at most the layout's",
                                    thresholds.size());
    for (std::size_t k = 0; k < thresholds.size(); ++k) {
      relia::detail::require_finite(where, "thresholds", thresholds[k]);
      relia::detail::require_domain(k == 0 || thresholds[k - 1] < thresholds[k], where,
                                    "thresholds", "increasing", thresholds[k]);
      state_.thresholds.limits[k] = thresholds[k];
    }
    state_.zero_threshold = zero_threshold;
    admit();
  }
  explicit basic_histogram(std::initializer_list<double> thresholds,
                           double zero_threshold = default_zero_threshold)
      : basic_histogram(std::span(thresholds.begin(), thresholds.size()), zero_threshold) {}

  /// Cost: a few nanoseconds; when a value lies outside the window, its move.
  void record(double value) noexcept { record_with<detail::owned>(value); }

  /// The same counts and ticks as one by one, in less than half the time.
  void record(std::span<const double> values) noexcept {
    constexpr std::size_t block = 4096;
    for (; values.size() > block; values = values.subspan(block)) record_block(values.first(block));
    record_block(values);
  }

  /// As record; `Access` says whether another thread may be reading.
  template <class Access>
  void record_with(double value) noexcept {
    const std::int64_t index = detail::raw_index<Layout.max_scale>(value, admitted_coarser_);
    if (static_cast<std::uint64_t>(index - admitted_first_) >= admitted_size_) [[unlikely]] {
      record_rare<Access>(value);
      return;
    }
    count_in<Access>(static_cast<std::uint64_t>(index - admitted_base_), value);
    state_.sum.template add<Access>(value);
    if (Access::below(value, state_.min)) Access::store(state_.min, value);
    if (Access::above(value, state_.max)) Access::store(state_.max, value);
  }

  /// Adds what `other` recorded. Throws: std::invalid_argument when the thresholds differ.
  void merge(const basic_histogram& other) {
    require_same_thresholds("aggregate::histogram::merge", other);
    state_.merge(other.state_);
    admit();
  }

  /// Takes away an earlier state of the same histogram, or a part of it: the difference of two
  /// cumulative histograms. The extremes are then known to a bucket only. Throws:
  /// std::invalid_argument when `part` holds what this does not, a cell is saturated, or the
  /// thresholds differ.
  void subtract(const basic_histogram& part) {
    constexpr std::string_view where = "aggregate::histogram::subtract";
    require_same_thresholds(where, part);
    relia::detail::require_argument(state_.contains(part.state_), where, "part",
                                    "a part of the histogram", "one that is not");
    state_.subtract(part.state_);
    admit();
  }

  /// Values recorded, NaN excepted. O(slots), as all below.
  [[nodiscard]] relia::count count() const noexcept { return state_.total(); }
  [[nodiscard]] relia::count zeros() const noexcept { return state_.apart[detail::zero]; }
  [[nodiscard]] relia::count nans() const noexcept { return state_.apart[detail::nan]; }
  [[nodiscard]] relia::count positive_infinities() const noexcept {
    return state_.apart[detail::infinity];
  }
  [[nodiscard]] relia::count negative_infinities() const noexcept {
    return state_.apart[detail::minus_infinity];
  }
  [[nodiscard]] bool empty() const noexcept { return count() == 0 && nans() == 0; }
  /// Whether a cell has reached the end of its range: it then counts too few.
  [[nodiscard]] bool saturated() const noexcept { return state_.saturated(); }

  /// Of the finite values.
  [[nodiscard]] double sum() const noexcept { return state_.sum.value(); }
  [[nodiscard]] int scale() const noexcept { return state_.positive.scale(); }
  [[nodiscard]] double zero_threshold() const noexcept { return state_.zero_threshold; }
  [[nodiscard]] std::span<const double> thresholds() const noexcept {
    return std::span(state_.thresholds.limits).first(state_.thresholds.used());
  }
  /// How many values were at most thresholds()[k], exactly.
  [[nodiscard]] std::array<relia::count, Layout.thresholds> at_thresholds() const noexcept {
    std::array<relia::count, Layout.thresholds> out{};
    const auto between = state_.by_threshold();
    relia::count n = 0;
    for (std::size_t k = 0; k < Layout.thresholds; ++k) {
      out[k] = n = detail::saturating_add(n, between[k]);
    }
    return out;
  }

  /// The positive buckets from the first populated one to the last; valid until the next change.
  [[nodiscard]] auto positive_cells() const noexcept {
    const detail::index_range r = state_.positive_range();
    using cells = std::span<const counter>;
    return r.empty() ? cells{}
                     : cells(state_.positive.from(r.first),
                             static_cast<std::size_t>(r.last - r.first + 1));
  }
  /// The index, at scale(), of the first populated positive bucket.
  [[nodiscard]] std::int64_t first_index() const noexcept { return state_.positive_range().first; }

  /// Everything, as plain data at one scale. Where parts with different zero thresholds were
  /// merged, the zero bucket takes in the buckets below the largest, which rises to the bound of
  /// one that it would cut.
  [[nodiscard]] exponential_counts to_counts() const { return state_.to_counts(); }

  /// From plain data; buckets finer than the layout's are folded. Throws: std::invalid_argument
  /// unless the counts are not negative, the zero threshold not negative and finite, the scale in
  /// [-10, 20] and the buckets' indices those of doubles.
  /// Thresholds cannot be counted afterwards: the result has none. Extremes that lie outside the
  /// outermost buckets are not kept; producers may place a value one bucket off.
  [[nodiscard]] static basic_histogram from_counts(const exponential_counts& data) {
    basic_histogram out;
    out.state_.from_counts("aggregate::histogram::from_counts", data);
    out.admit();
    return out;
  }

  /// For asking many questions of one state.
  [[nodiscard]] distribution snapshot() const {
    std::array<exact_count, Layout.thresholds> exact{};
    const std::size_t used = state_.thresholds.used();
    if (used > 0) {
      const auto at_most = at_thresholds();
      for (std::size_t k = 0; k < used; ++k) exact[k] = {state_.thresholds.limits[k], at_most[k]};
    }
    const int negative_scale = state_.negative.scale();
    return {state_.to_counts(scale(), negative_scale), std::span(exact).first(used),
            negative_scale};
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
    state_.write(out);
    return out.bytes();
  }

  /// Throws: std::invalid_argument on bytes that are not the byte form of such a histogram.
  [[nodiscard]] static basic_histogram from_bytes(std::span<const std::byte> bytes) {
    byte_reader in(bytes, byte_kind::histogram, 1);
    basic_histogram out;
    out.state_.read(in);
    out.derive();
    return out;
  }

  /// For a reader while another thread records; the caller checks that it saw one state.
  void copy_shared_from(const basic_histogram& other) noexcept {
    state_.copy_shared_from(other.state_);
    derive();
  }

  friend bool operator==(const basic_histogram& a, const basic_histogram& b) noexcept {
    return a.state_ == b.state_;
  }

 private:
  /// In the bucket of a slot, and by threshold where the bucket does not tell.
  template <class Access>
  void count_in(std::uint64_t slot, double value) noexcept {
    counter& cell = state_.positive.slot(slot);
    const counter n = Access::load(cell);
    bool stray = false;
    if constexpr (Layout.compact) {
      stray = n == std::numeric_limits<counter>::max();
      Access::store(cell, n + !stray);
    } else {
      Access::store(cell, n + 1);  // 2^63 records take three centuries at one a nanosecond
    }
    if constexpr (Layout.thresholds > 0) {
      stray = stray || (cut_[slot / 64] >> (slot % 64) & 1) != 0;
      if (stray) [[unlikely]]
        state_.thresholds.template add_stray<Access>(value);
    }
  }

  void record_block(std::span<const double> values) noexcept {
    // Locals, so that neither the sum nor the extremes go through memory for each value.
    typename state_type::sum_type::block sums;
    detail::two_doubles min = {state_.min, state_.min};
    detail::two_doubles max = {state_.max, state_.max};
    std::size_t k = 0;
    for (; k + 2 <= values.size(); k += 2) {
      const detail::two_doubles x = {values[k], values[k + 1]};
      const auto first = static_cast<std::uint64_t>(
          detail::raw_index<Layout.max_scale>(x[0], admitted_coarser_) - admitted_first_);
      const auto second = static_cast<std::uint64_t>(
          detail::raw_index<Layout.max_scale>(x[1], admitted_coarser_) - admitted_first_);
      if (std::max(first, second) >= admitted_size_) [[unlikely]] {
        record_with<detail::owned>(x[0]);
        record_with<detail::owned>(x[1]);
        continue;
      }
      const auto slot = static_cast<std::uint64_t>(admitted_first_ - admitted_base_);
      count_in<detail::owned>(slot + first, x[0]);
      count_in<detail::owned>(slot + second, x[1]);
      sums.add(x);
      min = x < min ? x : min;
      max = x > max ? x : max;
    }
    sums.flush(state_.sum);
    state_.min = std::min({state_.min, min[0], min[1]});
    state_.max = std::max({state_.max, max[0], max[1]});
    if (k < values.size()) record(values[k]);
  }

  /// Zero, what is not a positive normal number, and what lies outside the window.
  template <class Access>
  [[gnu::noinline, gnu::cold]] void record_rare(double value) noexcept {
    const auto apart = [this](detail::kept_apart which) {
      Access::store(state_.apart[which], Access::load(state_.apart[which]) + 1);
    };
    if (std::isnan(value)) return apart(detail::nan);
    const double magnitude = std::abs(value);
    bool stray = true;
    if (std::isinf(value)) {
      apart(value > 0 ? detail::infinity : detail::minus_infinity);
    } else if (magnitude <= state_.zero_threshold) {
      apart(detail::zero);
    } else {
      const std::int32_t index = exponential_index(magnitude, Layout.max_scale);
      if (value > 0) {
        state_.template make_room<Access>(index);
        admit();
        const std::int64_t here = index >> state_.positive.coarser();
        count_in<Access>(static_cast<std::uint64_t>(here - state_.positive.base()), value);
        stray = false;
      } else {
        state_.negative.template add<Access>(index, Layout.max_scale, 1);
      }
    }
    if (stray) state_.thresholds.template add_stray<Access>(value);
    if (!std::isinf(value)) state_.sum.template add_any<Access>(value);
    if (value < Access::load(state_.min)) Access::store(state_.min, value);
    if (value > Access::load(state_.max)) Access::store(state_.max, value);
  }

  /// Says which indices the recording path may count by itself: inside the window, above the zero
  /// threshold, of normal numbers that the sum takes; not the last bucket, where infinity's raw
  /// index lies.
  void admit() noexcept {
    const int coarser = state_.positive.coarser();
    const int scale = state_.positive.scale();
    const std::int64_t base = state_.positive.base();
    std::int64_t first = std::max(base, -((std::int64_t{1022} << Layout.max_scale) >> coarser));
    if (state_.zero_threshold > 0) {
      first = std::max<std::int64_t>(first, exponential_index(state_.zero_threshold, scale) + 1);
    }
    const std::int64_t last =
        std::min<std::int64_t>(base + static_cast<std::int64_t>(Layout.slots) - 1,
                               exponential_index(state_type::sum_type::largest, scale) - 1);
    if constexpr (Layout.thresholds > 0) {
      if (base != admitted_base_ || coarser != admitted_coarser_) {
        mark_cut();
      }
    }
    admitted_first_ = first;
    admitted_size_ = last < first ? 0 : static_cast<std::uint64_t>(last - first + 1);
    admitted_base_ = base;
    admitted_coarser_ = coarser;
  }

  /// After the thresholds changed as well.
  void derive() noexcept {
    admitted_coarser_ = -1;
    admit();
  }

  /// The slots that a threshold cuts.
  void mark_cut() noexcept {
    cut_.fill(0);
    for (const double t : state_.thresholds.limits) {
      const detail::threshold_place at = detail::place_of_threshold(t, state_.positive);
      const auto slot = static_cast<std::uint64_t>(at.last - state_.positive.base());
      if (at.inside) cut_[slot / 64] |= std::uint64_t{1} << (slot % 64);
    }
  }

  void require_same_thresholds(std::string_view where, const basic_histogram& other) const {
    for (std::size_t k = 0; k < Layout.thresholds; ++k) {
      const double theirs = other.state_.thresholds.limits[k];
      relia::detail::require_argument(state_.thresholds.limits[k] == theirs, where, "thresholds",
                                      "equal on both sides", theirs);
    }
  }

  state_type state_{};

  // What `admit` derives from the state for the recording path. No other thread looks at it.
  std::int64_t admitted_first_ = 0;
  std::uint64_t admitted_size_ = 0;
  std::int64_t admitted_base_ = 0;
  std::int32_t admitted_coarser_ = -1;
  std::array<std::uint64_t, (Layout.thresholds > 0 ? (Layout.slots + 63) / 64 : 0)> cut_{};
};

/// Latencies in any unit, within 0.542 %.
using histogram = basic_histogram<histogram_layout{}>;
/// Seconds, whose sum is whole nanoseconds: equal to the bit in any order of recording and merging.
using latency_histogram = basic_histogram<histogram_layout{.ticks_per_unit = 1'000'000'000}>;
/// Half the memory, for what is drained every minute.
using compact_histogram = basic_histogram<histogram_layout{.compact = true}>;
/// OpenTelemetry's default budget of 160 buckets, as fine as they allow.
using small_histogram =
    basic_histogram<histogram_layout{.max_scale = 8, .slots = 160, .negative_slots = 4}>;

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate
