// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// What does a Prometheus native histogram say? A value with PromQL's own meaning: addition across
/// schemas and zero thresholds, resets, quantiles, fractions and moments. Counts are reals, since
/// rates are. Bucket bounds are exact to the double, where the table in Prometheus is up to 4 ulp
/// low; answers agree to as many ulp.
/// Ref: Prometheus, model/histogram/float_histogram.go and promql/quantile.go, 2026-08.

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include <relia/aggregate/exponential_counts.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/row.hpp>
#include <relia/sli/detail/bucket_answer.hpp>
#include <relia/sli/detail/native_buckets.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::sli {

/// What the source says about the reading before: `gauge` is no counter at all.
enum class reset_hint { unknown, reset, not_reset, gauge };

inline constexpr int custom_schema = -53;  ///< buckets end at `bounds`

/// A native histogram as plain data. A NaN observation is in `count` and in no bucket, and makes
/// the sum NaN; infinities are in the bucket past the largest finite double.
struct native_counts {
  int schema = 0;  ///< -4 to 8, or custom_schema
  double count = 0.0;
  double sum = 0.0;
  double zero_threshold = 0.0;
  double zeros = 0.0;  ///< |x| <= zero_threshold
  std::vector<native_bucket> positive{};
  std::vector<native_bucket> negative{};
  std::vector<double> bounds{};  ///< of the custom schema: upper ends, the last bucket has none
  reset_hint hint = reset_hint::unknown;
};

/// A bucket as it lies on the line.
struct native_range {
  double lower = 0.0;
  double upper = 0.0;
  double count = 0.0;
};

class native_histogram {
 public:
  native_histogram() = default;

  /// Domain: schema in [-4, 8] or custom; buckets strictly increasing by index and within the range
  /// of double; zero_threshold >= 0; custom bounds finite and strictly increasing, without zeros
  /// and negative buckets. Throws: std::domain_error, std::invalid_argument.
  explicit native_histogram(native_counts data) : data_(std::move(data)) { validate(); }

  /// Throws: std::invalid_argument for a scale below -4; a finer one than 8 is folded.
  [[nodiscard]] static native_histogram from_counts(const aggregate::exponential_counts& counts);

  /// Throws: std::domain_error when a count is no whole number, or counts do not add up;
  /// std::invalid_argument for custom bounds. min and max are absent, and the sum of the finite
  /// values is not known beside NaN or infinite observations: it is then NaN.
  [[nodiscard]] aggregate::exponential_counts to_counts() const;

  [[nodiscard]] const native_counts& data() const noexcept { return data_; }
  [[nodiscard]] bool custom() const noexcept { return data_.schema == custom_schema; }
  [[nodiscard]] double count() const noexcept { return data_.count; }
  [[nodiscard]] double sum() const noexcept { return data_.sum; }
  void set_hint(reset_hint hint) noexcept { data_.hint = hint; }

  /// Adds at the coarser schema, with a zero bucket that holds both and cuts no populated bucket.
  /// Custom bounds that differ are reduced to those that both have; true says that they were.
  /// Throws: std::invalid_argument for exponential with custom buckets.
  bool add(const native_histogram& other) {
    return combine("sli::native_histogram::add", other, 1);
  }
  bool subtract(const native_histogram& other) {
    return combine("sli::native_histogram::subtract", other, -1);
  }

  /// A negative factor makes it a gauge.
  void multiply(double factor) noexcept {
    each_count([factor](double& c) { c *= factor; });
    if (factor < 0) data_.hint = reset_hint::gauge;
  }
  /// Division by 0 leaves no buckets.
  void divide(double divisor) noexcept {
    each_count([divisor](double& c) { c /= divisor; });
    if (divisor == 0) data_.positive = data_.negative = {};
    if (divisor < 0) data_.hint = reset_hint::gauge;
  }

  /// Merges buckets down to a coarser schema. Throws: std::domain_error unless -4 <= schema <= its
  /// own; std::invalid_argument for custom buckets.
  void reduce_to(int schema) {
    constexpr auto where = "sli::native_histogram::reduce_to";
    relia::detail::require_argument(!custom(), where, "schema", "exponential", data_.schema);
    relia::detail::require_domain(schema >= -4 && schema <= data_.schema, where, "schema",
                                  "at least -4 and at most that of the histogram", schema);
    detail::coarsen(data_.positive, data_.schema - schema);
    detail::coarsen(data_.negative, data_.schema - schema);
    data_.schema = schema;
  }

  /// Drops buckets that hold nothing.
  void compact() {
    detail::drop_empty(data_.positive);
    detail::drop_empty(data_.negative);
  }

  /// Whether the counting began anew between `before` and this: by its hint, or because the count,
  /// the zeros or a bucket decreased, the schema became finer, or the zero threshold smaller or one
  /// that cuts a populated bucket.
  [[nodiscard]] bool restarted_since(const native_histogram& before) const {
    if (data_.hint == reset_hint::reset) return true;
    if (data_.hint == reset_hint::not_reset) return false;
    const native_counts& b = before.data_;
    if (data_.count < b.count || data_.schema > b.schema || custom() != before.custom()) {
      return true;
    }
    if (data_.schema == b.schema && data_.bounds == b.bounds &&
        data_.zero_threshold == b.zero_threshold) {
      return decreased(data_, b);
    }
    native_histogram old = before;
    if (custom()) {
      native_histogram now = *this;
      const std::vector<double> common = common_bounds(data_.bounds, b.bounds);
      old.move_to(common);
      now.move_to(common);
      return decreased(now.data_, old.data_);
    }
    if (data_.zero_threshold < b.zero_threshold) return true;
    if (old.widen_zero(data_.zero_threshold) != data_.zero_threshold) return true;
    old.reduce_to(data_.schema);
    return decreased(data_, old.data_);
  }

  /// All buckets from the lowest value up: negative ones, the zero bucket unless it is empty, and
  /// positive ones, cut where the zero bucket reaches into them.
  [[nodiscard]] std::size_t size() const noexcept {
    return data_.negative.size() + (data_.zeros > 0) + data_.positive.size();
  }
  [[nodiscard]] native_range operator[](std::size_t k) const noexcept {
    const std::size_t below = data_.negative.size();
    const double zero = data_.zero_threshold;
    if (k < below) {
      const native_bucket& b = data_.negative[below - 1 - k];
      const double upper = -bound(b.index - 1);
      return {-bound(b.index), upper < 0 && upper > -zero ? -zero : upper, b.count};
    }
    k -= below;
    if (data_.zeros > 0 && k-- == 0) return {-zero, zero, data_.zeros};
    const native_bucket& b = data_.positive[k];
    const double lower = bound(b.index - 1);
    return {lower > 0 && lower < zero ? zero : lower, bound(b.index), b.count};
  }

  /// histogram_avg: sum / count.
  [[nodiscard]] bucket_answer average() const noexcept;
  /// histogram_stdvar and histogram_stddev, with each observation taken to be at the middle of its
  /// bucket: the geometric one, 0 in the zero bucket, the arithmetic one of custom buckets.
  [[nodiscard]] bucket_answer variance() const noexcept;
  [[nodiscard]] bucket_answer standard_deviation() const noexcept;

  /// histogram_quantile: a level below 0 gives -inf, above 1 inf. Counts from the near end; within
  /// a bucket the line goes geometrically, but straight in the zero bucket and in custom ones. The
  /// zero bucket is taken as one-sided where only one sign has buckets, and NaN observations as
  /// larger than all. Cost: O(buckets).
  [[nodiscard]] bucket_answer quantile(double level) const noexcept;

  /// histogram_fraction: of all observations, NaN included, how many lie between lower and upper,
  /// on the same lines. lower >= upper gives 0, NaN NaN. Cost: O(buckets).
  [[nodiscard]] bucket_answer fraction(double lower, double upper) const noexcept;

  /// Equal data to the bit, empty buckets included; the hint is no data.
  friend bool operator==(const native_histogram& x, const native_histogram& y) noexcept {
    const native_counts& a = x.data_;
    const native_counts& b = y.data_;
    const auto same = [](double u, double v) {
      return std::bit_cast<std::uint64_t>(u) == std::bit_cast<std::uint64_t>(v);
    };
    const auto same_buckets = [&](const auto& u, const auto& v) {
      return std::equal(u.begin(), u.end(), v.begin(), v.end(),
                        [&](const native_bucket& i, const native_bucket& j) {
                          return i.index == j.index && same(i.count, j.count);
                        });
    };
    return a.schema == b.schema && same(a.count, b.count) && same(a.sum, b.sum) &&
           a.zero_threshold == b.zero_threshold && same(a.zeros, b.zeros) && a.bounds == b.bounds &&
           same_buckets(a.positive, b.positive) && same_buckets(a.negative, b.negative);
  }

 private:
  [[nodiscard]] double bound(std::int64_t index) const noexcept {
    return custom() ? detail::custom_bound(index, data_.bounds)
                    : detail::native_bound(index, data_.schema);
  }

  template <class F>
  void each_count(const F& f) noexcept {
    for (double* c : {&data_.zeros, &data_.count, &data_.sum}) f(*c);
    for (native_bucket& b : data_.positive) f(b.count);
    for (native_bucket& b : data_.negative) f(b.count);
  }

  [[nodiscard]] static bool decreased(const native_counts& now, const native_counts& before) {
    return now.zeros < before.zeros || detail::any_decreased(now.positive, before.positive) ||
           detail::any_decreased(now.negative, before.negative);
  }

  [[nodiscard]] static std::vector<double> common_bounds(const std::vector<double>& a,
                                                         const std::vector<double>& b) {
    std::vector<double> common;
    std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(common));
    return common;
  }

  void move_to(const std::vector<double>& fewer) {
    detail::move_to_bounds(data_.positive, data_.bounds, fewer);
    data_.bounds = fewer;
  }

  /// Raises the zero threshold to at least `threshold`, and on to the end of each populated bucket
  /// that it would cut; takes in the buckets below and returns what it became.
  double widen_zero(double threshold) {
    if (threshold <= data_.zero_threshold) return data_.zero_threshold;
    for (double cut = 0; cut != threshold;) {
      cut = threshold;
      for (const auto* side : {&data_.positive, &data_.negative}) {
        for (const native_bucket& b : *side) {
          if (b.count != 0 && bound(b.index - 1) < threshold) {
            threshold = std::max(threshold, bound(b.index));
          }
        }
      }
    }
    for (auto* side : {&data_.positive, &data_.negative}) {
      for (native_bucket& b : *side) {
        if (bound(b.index - 1) < threshold) data_.zeros += std::exchange(b.count, 0.0);
      }
    }
    compact();
    return data_.zero_threshold = threshold;
  }

  bool combine(std::string_view where, native_histogram other, double sign) {
    relia::detail::require_argument(custom() == other.custom(), where, "schema",
                                    "exponential or custom as that of this histogram",
                                    other.data_.schema);
    native_counts& o = other.data_;
    if (data_.hint != o.hint) {
      const bool gauge = data_.hint == reset_hint::gauge || o.hint == reset_hint::gauge;
      data_.hint = gauge ? reset_hint::gauge : reset_hint::unknown;
    }
    const bool differ = data_.bounds != o.bounds;
    if (differ) {
      const std::vector<double> common = common_bounds(data_.bounds, o.bounds);
      move_to(common);
      other.move_to(common);
    }
    // First the zero buckets, each at its own schema: a coarser bucket might be cut.
    while (o.zero_threshold != data_.zero_threshold) {
      other.widen_zero(data_.zero_threshold);
      widen_zero(o.zero_threshold);
    }
    if (!custom()) {
      const int schema = std::min(data_.schema, o.schema);
      reduce_to(schema);
      other.reduce_to(schema);
    }
    data_.zeros += sign * o.zeros;
    data_.count += sign * o.count;
    data_.sum += sign * o.sum;
    detail::add_buckets(data_.positive, o.positive, sign);
    detail::add_buckets(data_.negative, o.negative, sign);
    if (differ) compact();
    return differ;
  }

  /// An observation count beyond what the buckets hold: of NaN, which also makes the sum NaN.
  [[nodiscard]] bool holds_nan() const noexcept;
  [[nodiscard]] native_range one_sided(native_range b) const noexcept;

  void validate() const;

  native_counts data_;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::sli

#include <relia/sli/detail/native_answers.hpp>
#include <relia/sli/detail/native_counts.hpp>
