// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// What do the `le` buckets of a classic Prometheus histogram say? histogram_quantile and
/// histogram_fraction as PromQL answers them, digit for digit, with the bounds that the buckets
/// really give beside the interpolated point, and with what had to be repaired.
/// Ref: Prometheus, promql/quantile.go (BucketQuantile, BucketFraction), 2026-08.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include <relia/aggregate/explicit_histogram.hpp>
#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/sli/detail/bucket_answer.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::sli {

/// A cumulative bucket: how many observations, or how many per second, were at most `le`.
struct classic_bucket {
  double le = 0.0;
  double count = 0.0;

  friend constexpr bool operator==(const classic_bucket&, const classic_bucket&) = default;
};

/// What a set of buckets needed before it could be read.
struct classic_repairs {
  count merged = 0;     ///< buckets whose bound another one had, added up
  count small = 0;      ///< counts that differed by less than 1e-12 of them, taken as equal
  count decreased = 0;  ///< counts below the one before, raised to it
  double largest_decrease = 0.0;

  friend constexpr bool operator==(const classic_repairs&, const classic_repairs&) = default;
};

struct classic_answer : bucket_answer {
  classic_repairs repairs = {};
};

/// One classic histogram at one time, or its rates over a window.
class classic_histogram {
 public:
  /// Buckets in any order. Throws: std::domain_error for a bound that is NaN. Cost: O(n log n).
  explicit classic_histogram(std::span<const classic_bucket> buckets)
      : cumulative_(buckets.begin(), buckets.end()) {
    for (const classic_bucket& b : buckets) {
      relia::detail::require_number("sli::classic_histogram", "le", b.le);
    }
    std::sort(cumulative_.begin(), cumulative_.end(),
              [](const classic_bucket& a, const classic_bucket& b) { return a.le < b.le; });
    merge_equal_bounds();
    monotone_ = cumulative_;
    make_monotone();
  }

  /// As an exporter would show it: a NaN, which is a valid event but never good, and an infinity
  /// count in the +Inf bucket alone.
  explicit classic_histogram(const aggregate::explicit_histogram& h)
      : classic_histogram(buckets_of(h)) {}

  /// Sorted, equal bounds merged, as fraction reads them.
  [[nodiscard]] std::span<const classic_bucket> buckets() const noexcept { return cumulative_; }
  /// The counts raised to the largest one before, as quantile reads them.
  [[nodiscard]] std::span<const classic_bucket> monotone() const noexcept { return monotone_; }
  [[nodiscard]] const classic_repairs& repairs() const noexcept { return repairs_; }

  /// histogram_quantile: on the straight line across the bucket that holds rank level * n; from 0
  /// where the first bound is positive; the highest finite bound where the +Inf bucket holds it.
  /// A level below 0 gives -inf, above 1 +inf, NaN NaN. Cost: O(log n).
  [[nodiscard]] classic_answer quantile(double level) const noexcept {
    classic_answer answer{{}, repairs_};
    if (answer.settle_beyond(level)) return answer;
    answer.reason = missing(monotone_);
    if (answer.reason.empty() && monotone_.size() < 2) answer.reason = "only the +Inf bucket";
    if (!answer.reason.empty()) return answer;

    double rank = level * monotone_.back().count;
    const auto last = monotone_.end() - 1;
    const auto at = std::partition_point(
        monotone_.begin(), last, [&](const classic_bucket& b) { return !(b.count >= rank); });
    if (at == last) return settled(answer, at[-1].le, at[-1].le, infinite);
    if (at == monotone_.begin() && at->le <= 0) return settled(answer, at->le, -infinite, at->le);
    const classic_bucket before = at == monotone_.begin() ? classic_bucket{} : at[-1];
    rank -= before.count;
    const double value = before.le + (at->le - before.le) * (rank / (at->count - before.count));
    return settled(answer, value, at == monotone_.begin() ? -infinite : before.le, at->le);
  }

  /// histogram_fraction: of all observations, how many lie between lower and upper, on the same
  /// lines. A lower bound at or above the upper one gives 0, a NaN NaN. As in PromQL, counts that
  /// decrease are read as they are. Cost: O(log n).
  [[nodiscard]] classic_answer fraction(double lower, double upper) const noexcept {
    classic_answer answer{{}, repairs_};
    answer.reason = missing(cumulative_);
    if (!answer.reason.empty()) return answer;
    if (std::isnan(lower) || std::isnan(upper)) {
      return settled(answer, lower + upper, lower + upper, lower + upper);
    }
    if (lower >= upper) return settled(answer, 0, 0, 0);
    const double n = cumulative_.back().count;
    const detail::count_below from = below(lower);
    const detail::count_below to = below(upper);
    return settled(answer, (to.value - from.value) / n, std::max(0.0, to.lower - from.upper) / n,
                   (to.upper - from.lower) / n);
  }

 private:
  static constexpr double infinite = std::numeric_limits<double>::infinity();
  static constexpr double small = 1e-12;  // relative; PromQL's smallDeltaTolerance

  [[nodiscard]] static classic_answer settled(classic_answer answer, double value, double lower,
                                              double upper) noexcept {
    answer.settle(value, lower, upper);
    return answer;
  }

  [[nodiscard]] static std::string_view missing(std::span<const classic_bucket> buckets) noexcept {
    if (buckets.empty()) return "no buckets";
    if (buckets.back().le != infinite) return "no +Inf bucket";
    return buckets.back().count == 0 ? "no observations" : "";
  }

  [[nodiscard]] static std::vector<classic_bucket> buckets_of(
      const aggregate::explicit_histogram& h) {
    std::vector<classic_bucket> buckets;
    buckets.reserve(h.bounds().size() + 1);
    auto total = static_cast<double>(h.negative_infinities());
    for (std::size_t i = 0; i < h.bounds().size(); ++i) {
      total += static_cast<double>(h.counts()[i]);
      buckets.push_back({h.bounds()[i], total});
    }
    buckets.push_back({infinite, static_cast<double>(h.count()) + static_cast<double>(h.nans())});
    return buckets;
  }

  void merge_equal_bounds() {
    std::size_t kept = 0;
    for (std::size_t i = 1; i < cumulative_.size(); ++i) {
      if (cumulative_[i].le == cumulative_[kept].le) {
        cumulative_[kept].count += cumulative_[i].count;
        ++repairs_.merged;
      } else {
        cumulative_[++kept] = cumulative_[i];
      }
    }
    if (!cumulative_.empty()) cumulative_.resize(kept + 1);
  }

  /// Whether a difference is one of rounding alone, in PromQL's sense.
  [[nodiscard]] static bool nearly_equal(double a, double b) noexcept {
    const double size = std::abs(a) + std::abs(b);
    const double difference = std::abs(a - b);
    if (a == 0 || b == 0 || size < std::numeric_limits<double>::min()) {
      return difference < small * std::numeric_limits<double>::min();
    }
    return difference / std::min(size, std::numeric_limits<double>::max()) < small;
  }

  void make_monotone() noexcept {
    for (std::size_t i = 1; i < monotone_.size(); ++i) {
      const double before = monotone_[i - 1].count;
      double& here = monotone_[i].count;
      if (here == before) continue;
      if (nearly_equal(before, here)) {
        ++repairs_.small;
        here = before;
      } else if (here < before) {
        ++repairs_.decreased;
        repairs_.largest_decrease = std::max(repairs_.largest_decrease, before - here);
        here = before;
      }
    }
  }

  /// How many observations lie below x, and between which counts that is.
  [[nodiscard]] detail::count_below below(double x) const noexcept {
    const double n = cumulative_.back().count;
    const auto at = std::partition_point(cumulative_.begin(), cumulative_.end(),
                                         [&](const classic_bucket& b) { return b.le <= x; });
    if (at == cumulative_.end()) return {n, n, n};
    const bool first = at == cumulative_.begin();
    const double before = first ? 0.0 : at[-1].count;
    const double edge = !first ? at[-1].le : at->le > 0 ? 0.0 : -infinite;
    const double least = std::min(before, n);
    const double most = std::min(at->count, n);
    if (edge >= x) return {least, least, first && x > -infinite ? most : least};
    const double value = edge == -infinite
                             ? at->count
                             : before + (at->count - before) * (x - edge) / (at->le - edge);
    return {value > n ? n : value, least, most};
  }

  std::vector<classic_bucket> cumulative_;
  std::vector<classic_bucket> monotone_;
  classic_repairs repairs_;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::sli
