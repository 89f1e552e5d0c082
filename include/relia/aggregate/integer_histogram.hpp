// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How long did it take, in whole nanoseconds? Counts in log-linear buckets, as HdrHistogram's:
/// every integer from `lowest` to `highest` to a number of significant digits. Recording is an
/// increment in an array of fixed size: no allocation, lock or exception. What lies outside is
/// counted apart and still bounds every answer; the sum is an exact integer. Any two histograms
/// merge: the result has the resolution of the coarser and no bias, whatever the order.
/// Memory: integer_histogram::memory(options), allocated at construction; 36 KB for 1 ns to 1 h at
/// 2 digits.
/// Ref: G. Tene, HdrHistogram; its bucket arithmetic, not its merge.

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <relia/aggregate/bounded.hpp>
#include <relia/aggregate/detail/integer_counts.hpp>
#include <relia/aggregate/detail/log_linear.hpp>
#include <relia/aggregate/detail/rank.hpp>
#include <relia/core/bytes.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate {

/// Values up to `lowest` need not be told apart; every value up to `highest` is covered. Both are
/// rounded to powers of two, `lowest` down and `highest` up.
struct integer_histogram_options {
  std::int64_t lowest = 1;
  std::int64_t highest = 3'600'000'000'000;  ///< an hour of nanoseconds
  int significant_digits = 2;
};

class integer_histogram {
 public:
  using wide = detail::wide_integer;
  using range = detail::integer_range;  ///< lowest .. highest, both included

  /// Domain: lowest >= 1, highest >= 2 lowest, 1 <= significant_digits <= 5. Throws:
  /// std::domain_error.
  explicit integer_histogram(integer_histogram_options options = {}) : held_(layout_of(options)) {}

  /// Bytes of counters that a histogram of these options allocates, once and for all.
  [[nodiscard]] static constexpr std::size_t memory(integer_histogram_options options = {}) {
    return layout_of(options).size() * sizeof(relia::count);
  }

  /// Negative values, and those above highest(), are counted apart and in every answer; from 2^63
  /// on as positive infinities.
  template <std::integral Integer>
  void record(Integer value) noexcept {
    if constexpr (std::unsigned_integral<Integer>) {
      if (value > static_cast<std::uint64_t>(most)) {
        return detail::saturate_by(held_.positive_infinities, 1);
      }
    }
    const auto x = static_cast<std::int64_t>(value);
    const std::size_t i = held_.layout.index(x);
    if (i >= held_.cells.size()) [[unlikely]]
      return record(x, 1);
    relia::count& cell = held_.cells[i];
    cell += cell != most;
    held_.note(x, x, x);
  }

  /// `times` below 1 records nothing.
  void record(std::int64_t value, relia::count times) noexcept {
    if (times < 1) return;
    detail::saturate_by(held_.cell_of(value), times);
    held_.note(static_cast<wide>(value) * times, value, value);
  }

  /// Rounded to the nearest integer, ties to even. Beyond 64 bits it counts as infinite; NaN is in
  /// nans() alone.
  void record(double value) noexcept {
    if (std::isnan(value)) return detail::saturate_by(held_.nans, 1);
    if (value >= 0x1p63) return detail::saturate_by(held_.positive_infinities, 1);
    if (value < -0x1p63) return detail::saturate_by(held_.negative_infinities, 1);
    record(static_cast<std::int64_t>(std::nearbyint(value)));
  }

  /// In nanoseconds. What is not whole nanoseconds does not convert: cast it first.
  void record(std::chrono::nanoseconds value) noexcept { record(value.count()); }

  void record(std::span<const std::int64_t> values) noexcept {
    for (const std::int64_t x : values) record(x);
  }
  void record(std::span<const double> values) noexcept {
    for (const double x : values) record(x);
  }

  /// Also records what a client would have seen that sends a request every `expected_interval`
  /// and waits for no answer ("coordinated omission"): value - interval, value - 2 interval ...
  /// down to the interval; below 1, nothing. Cost: O(buckets), however many values that is.
  void record_corrected(std::int64_t value, std::int64_t expected_interval) noexcept {
    record(value);
    if (expected_interval < 1 || value < expected_interval) return;
    const detail::log_linear& layout = held_.layout;
    for (std::int64_t x = value - expected_interval; x >= expected_interval;) {
      const std::int64_t end =
          x > layout.highest() ? layout.highest() + 1 : layout.range(layout.index(x)).lowest;
      const std::int64_t more = (x - std::max(end, expected_interval)) / expected_interval;
      const std::int64_t last = x - more * expected_interval;
      detail::saturate_by(held_.cell_of(x), detail::saturating_add(more, 1));
      held_.note((static_cast<wide>(x) + last) * (more + wide{1}) / 2, last, x);
      x = last - expected_interval;
    }
  }
  void record_corrected(std::chrono::nanoseconds value,
                        std::chrono::nanoseconds expected_interval) noexcept {
    record_corrected(value.count(), expected_interval.count());
  }

  /// Adds what `other` recorded. Where they differ, both fold to the larger lowest() and the fewer
  /// digits, each bucket whole. highest() becomes the larger one; but a histogram that counted
  /// values above its own keeps it, since they can be placed nowhere else. Throws:
  /// std::invalid_argument when that is not above the other's lowest().
  void merge(const integer_histogram& other) {
    held_.fold_to(common(other, "aggregate::integer_histogram::merge"));
    held_.merge(other.held_);
  }

  /// Takes away a part that was merged or recorded into this. min() and max() are then known to a
  /// bucket only. Throws: std::invalid_argument when `part` is not a part, or a count is saturated.
  void subtract(const integer_histogram& part) {
    constexpr std::string_view where = "aggregate::integer_histogram::subtract";
    detail::integer_counts rest = held_;
    detail::integer_counts less = part.held_;
    rest.fold_to(common(part, where));
    less.fold_to(rest.layout);
    relia::detail::require_argument(rest.subtract(less), where, "part", "a part of the histogram",
                                    std::string_view("another"));
    held_ = std::move(rest);
  }

  /// Everything recorded but NaN. O(buckets), as all answers below.
  [[nodiscard]] relia::count count() const noexcept { return held_.total(held_.finite()); }
  [[nodiscard]] relia::count nans() const noexcept { return held_.nans; }
  [[nodiscard]] relia::count positive_infinities() const noexcept {
    return held_.positive_infinities;
  }
  [[nodiscard]] relia::count negative_infinities() const noexcept {
    return held_.negative_infinities;
  }
  [[nodiscard]] relia::count negatives() const noexcept { return held_.negatives; }  ///< finite
  /// Finite values above highest().
  [[nodiscard]] relia::count above() const noexcept { return held_.above; }
  /// The bucket of 0: zeros alone where lowest() is 1.
  [[nodiscard]] relia::count zeros() const noexcept { return held_.cells.front(); }
  [[nodiscard]] bool empty() const noexcept { return count() == 0 && held_.nans == 0; }
  /// Whether a count has reached the end of its range: the bounds then hold no more.
  [[nodiscard]] bool saturated() const noexcept { return held_.saturated(); }

  /// Of the finite values, those outside the range included.
  [[nodiscard]] wide exact_sum() const noexcept { return held_.sum; }
  [[nodiscard]] double sum() const noexcept { return static_cast<double>(held_.sum); }
  /// Exact until something was subtracted, but for what lies beyond 64 bits.
  [[nodiscard]] bounded min() const { return quantile(0.0); }
  [[nodiscard]] bounded max() const { return quantile(1.0); }

  [[nodiscard]] std::int64_t lowest() const noexcept { return held_.layout.range(0).highest + 1; }
  [[nodiscard]] std::int64_t highest() const noexcept { return held_.layout.highest(); }
  /// Digits that every bucket keeps; 0 after merging what keeps less than one.
  [[nodiscard]] int significant_digits() const noexcept {
    int digits = 0;
    while (digits < 5 && sub_of(digits + 1) <= held_.layout.sub) ++digits;
    return digits;
  }
  /// A quantile is within this fraction of the value recorded (0.39 % at 2 digits), or within half
  /// of lowest().
  [[nodiscard]] double relative_error() const noexcept {
    return std::ldexp(0.5, -held_.layout.sub);
  }

  /// The counters of 0 .. highest(), and the values that one counts. Throws: std::domain_error.
  [[nodiscard]] std::span<const relia::count> counters() const noexcept { return held_.cells; }
  [[nodiscard]] range bucket(std::size_t index) const {
    relia::detail::require_domain(index < held_.cells.size(),
                                  "aggregate::integer_histogram::bucket", "index",
                                  "below the number of counters", index);
    return held_.layout.range(index);
  }

  /// The smallest value that at least a fraction `level` of the values lies at or below: the middle
  /// of its bucket, bounded by the bucket's ends. Domain: [0, 1]. Throws: std::domain_error.
  [[nodiscard]] bounded quantile(double level) const {
    relia::detail::require_fraction("aggregate::integer_histogram::quantile", "level", level);
    const relia::count integers = held_.finite();
    const relia::count n = held_.total(integers);
    if (n == 0) return {};
    const relia::count rank = detail::rank_of(level, n) - held_.negative_infinities;
    if (rank <= 0) return {-infinite, -infinite, -0x1p63, state::ok};
    if (rank > integers) return {infinite, 0x1p63, infinite, state::ok};
    const range r = held_.range_of(rank, integers);
    const double lower = detail::double_below(r.lowest);
    const double upper = detail::double_above(r.highest);
    return {lower + (upper - lower) / 2, lower, upper, state::ok};
  }

  /// How many values are at most x: whole buckets, and an even share of the one that x cuts.
  /// Domain: x not NaN. Throws: std::domain_error.
  [[nodiscard]] bounded at_most(double x) const {
    relia::detail::require_number("aggregate::integer_histogram::at_most", "x", x);
    relia::count lower = x >= -0x1p63 ? held_.negative_infinities : 0;
    relia::count upper = held_.negative_infinities;
    double share = 0.0;
    held_.visit([&](range r, relia::count n) {
      const double first = detail::double_below(r.lowest);
      const double last = detail::double_above(r.highest);
      if (x >= last) detail::saturate_by(lower, n);
      if (x >= first) detail::saturate_by(upper, n);
      if (x >= first && x < last) {
        share = static_cast<double>(n) * (std::floor(x) - first + 1) / (last - first + 1);
      }
    });
    if (x >= 0x1p63) detail::saturate_by(upper, held_.positive_infinities);
    if (x == infinite) lower = upper;
    return {static_cast<double>(lower) + share, detail::double_below(lower),
            detail::double_above(upper), state::ok};
  }

  /// at_most(x) / (count() + nans()): a NaN is an event that is never fast enough.
  [[nodiscard]] bounded fraction_at_most(double x) const {
    const bounded b = at_most(x);
    const double n = static_cast<double>(count()) + static_cast<double>(held_.nans);
    if (n == 0) return {};
    return {b.value / n, b.lower / n, b.upper / n, state::ok};
  }

  [[nodiscard]] std::vector<std::byte> to_bytes() const {
    byte_writer out(byte_kind::integer_histogram, 1);
    held_.write(out);
    return out.bytes();
  }

  /// A few bytes can ask for megabytes of counters: more than `memory_limit` are refused. The
  /// default admits any range at 3 digits. Throws: std::invalid_argument on bytes that are not the
  /// byte form of an integer histogram.
  [[nodiscard]] static integer_histogram from_bytes(std::span<const std::byte> bytes,
                                                    std::size_t memory_limit = 1'000'000) {
    byte_reader in(bytes, byte_kind::integer_histogram, 1);
    integer_histogram h(detail::integer_counts::read(in, memory_limit));
    in.finish();
    return h;
  }

  friend bool operator==(const integer_histogram&, const integer_histogram&) = default;

 private:
  static constexpr relia::count most = detail::largest_integer;
  static constexpr double infinite = std::numeric_limits<double>::infinity();

  explicit integer_histogram(detail::integer_counts held) : held_(std::move(held)) {}

  [[nodiscard]] static constexpr int sub_of(int digits) noexcept {
    unsigned units = 2;  // so many of one width tell the digits apart
    for (int i = 0; i < digits; ++i) units *= 10;
    return static_cast<int>(std::bit_width(units - 1)) - 1;
  }

  [[nodiscard]] static constexpr detail::log_linear layout_of(integer_histogram_options o) {
    constexpr std::string_view where = "aggregate::integer_histogram";
    relia::detail::require_domain(o.significant_digits >= 1 && o.significant_digits <= 5, where,
                                  "significant_digits", "from 1 to 5", o.significant_digits);
    const int sub = sub_of(o.significant_digits);
    relia::detail::require_domain(o.lowest >= 1 && o.lowest >> (62 - sub) == 0, where, "lowest",
                                  "at least 1, and its significant digits within 63 bits",
                                  o.lowest);
    relia::detail::require_domain(o.highest / 2 >= o.lowest, where, "highest",
                                  "at least twice lowest", o.highest);
    const int unit = static_cast<int>(std::bit_width(static_cast<std::uint64_t>(o.lowest))) - 1;
    const int top = static_cast<int>(std::bit_width(static_cast<std::uint64_t>(o.highest)));
    return {unit, sub, std::max(top, unit + sub + 1)};
  }

  [[nodiscard]] detail::log_linear common(const integer_histogram& other,
                                          std::string_view where) const {
    const detail::log_linear result = held_.common(other.held_);
    relia::detail::require_argument(
        result.sub >= 0, where, "lowest",
        "below the highest value of the histogram that counted values above it",
        std::int64_t{1} << result.unit);
    return result;
  }

  detail::integer_counts held_;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::aggregate
