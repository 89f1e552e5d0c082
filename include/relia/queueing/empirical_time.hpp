// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How long do services take, as measured? The law of service times that a histogram recorded, for
/// M/G/1, GI/M/c and the rest: each bucket as a uniform time between its bounds. What the buckets
/// blur, the answers cannot know: with buckets of relative width w a mean is off by w / 2 at most,
/// and a mean wait by about as much again. Times so made have corners: the distributions of mg1 are
/// inverted with more terms.

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <cstddef>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include <relia/aggregate/exponential.hpp>
#include <relia/aggregate/exponential_counts.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/queueing/detail/complex.hpp>
#include <relia/stats/random.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// Service times in buckets.
class empirical_time {
 public:
  static constexpr bool smooth = false;

  /// `bounds`: n + 1 of n buckets, `counts`: how many in each. Domain: bounds increasing, the first
  /// >= 0, the last that counts from 1e-17 to 1e17; counts >= 0, one of them positive. Throws:
  /// std::domain_error, std::invalid_argument.
  empirical_time(std::span<const double> bounds, std::span<const count> counts) {
    relia::detail::require_argument(!counts.empty(), where, "counts", "not empty", counts.size());
    relia::detail::require_same_size(where, "bounds", bounds.size(), counts.size() + 1);
    for (std::size_t i = 0; i < counts.size(); ++i) {
      relia::detail::require_non_negative(where, "bounds", bounds[i]);
      relia::detail::require_domain(
          bounds[i] < bounds[i + 1] && relia::detail::is_finite(bounds[i + 1]), where, "bounds",
          "increasing and finite", bounds[i + 1]);
      relia::detail::require_non_negative_count(where, "counts", counts[i]);
      if (counts[i] > 0) {
        buckets_.push_back({bounds[i], bounds[i + 1], static_cast<double>(counts[i])});
      }
    }
    finish();
  }

  /// What an exponential histogram recorded: histogram.to_counts(). Its extremes, where it has
  /// them, narrow the outer buckets; zeros are times of 0 to the zero threshold. Domain: at least
  /// one positive value; no negative one, no infinity. Throws: std::domain_error.
  explicit empirical_time(const aggregate::exponential_counts& data) {
    relia::detail::require_domain(data.negative.counts.empty() && data.negative_infinities == 0,
                                  where, "data", "of times: no negative value",
                                  static_cast<count>(data.negative.counts.size()));
    relia::detail::require_domain(data.positive_infinities == 0, where, "data",
                                  "of finite times: no infinity", data.positive_infinities);
    const double least = data.min.value_or(0);
    const double most = data.max.value_or(std::numeric_limits<double>::max());
    if (data.zeros > 0) {
      buckets_.push_back({0, std::min(data.zero_threshold, most), static_cast<double>(data.zeros)});
    }
    for (std::size_t i = 0; i < data.positive.counts.size(); ++i) {
      if (data.positive.counts[i] == 0) continue;
      const auto index = data.positive.offset + static_cast<std::int64_t>(i);
      const double lower = std::clamp(aggregate::exponential_bound(index, data.scale), least, most);
      const double upper =
          std::clamp(aggregate::exponential_bound(index + 1, data.scale), least, most);
      buckets_.push_back({lower, upper, static_cast<double>(data.positive.counts[i])});
    }
    finish();
  }

  [[nodiscard]] double mean() const noexcept { return moments_[1]; }
  [[nodiscard]] double scv() const noexcept { return scv_; }
  [[nodiscard]] double second_moment() const noexcept { return moments_[2]; }
  [[nodiscard]] double third_moment() const noexcept { return moments_[3]; }

  [[nodiscard]] std::complex<double> complement(std::complex<double> s) const noexcept {
    std::complex<double> sum = 0;
    for (const bucket& b : buckets_) {  // 1 - exp(-a s) (1 - one_minus_decay(w s))
      const std::complex<double> edge = detail::expm1(-b.lower * s);
      sum += b.weight * ((1.0 + edge) * detail::one_minus_decay((b.upper - b.lower) * s) - edge);
    }
    return sum;
  }

  [[nodiscard]] std::complex<double> excess(std::complex<double> s) const noexcept {
    if (std::abs(s) * buckets_.back().upper > 0.5) return 1.0 - complement(s) / (s * mean());
    std::complex<double> power = -1;
    std::complex<double> sum = 0;
    double factorial = 1;
    for (std::size_t n = 2; n < moments_.size(); ++n) {
      factorial *= static_cast<double>(n);
      power *= -s;
      sum += power * (moments_[n] / factorial / mean());
    }
    return sum;
  }

  [[nodiscard]] double transform(double s) const noexcept {
    double sum = 0;
    for (const bucket& b : buckets_) {
      const double x = (b.upper - b.lower) * s;
      sum += b.weight * std::exp(-b.lower * s) * (x == 0 ? 1 : -std::expm1(-x) / x);
    }
    return sum;
  }

  [[nodiscard]] double decay_limit() const noexcept {
    return std::numeric_limits<double>::infinity();
  }

  /// By inversion. Cost: O(log buckets).
  [[nodiscard]] double draw(const stats::random_stream& random, std::uint64_t n) const noexcept {
    const double u = random.uniform(n);
    const auto found = std::upper_bound(buckets_.begin(), buckets_.end() - 1, u,
                                        [](double x, const bucket& b) { return x < b.up_to; });
    const double above = std::max(0.0, found->up_to - u) / found->weight;
    return found->upper - std::min(1.0, above) * (found->upper - found->lower);
  }
  [[nodiscard]] double limited_mean(double t) const noexcept {
    double sum = 0;
    for (const bucket& b : buckets_) {
      const double into = std::clamp(t - b.lower, 0.0, b.upper - b.lower);
      const double least = into > 0 ? into * (1 - into / (b.upper - b.lower) / 2) : 0;
      sum += b.weight * (std::min(t, b.lower) + least);
    }
    return sum;
  }

 private:
  static constexpr std::string_view where = "queueing::empirical_time";

  struct bucket {
    double lower;
    double upper;
    double weight;
    double up_to = 0;  ///< the weights up to and with this one
  };

  void finish() {
    double total = 0;
    for (const bucket& b : buckets_) total += b.weight;
    relia::detail::require_domain(!buckets_.empty() && buckets_.back().upper > 0, where, "counts",
                                  "of at least one positive time", total);
    const double longest = buckets_.back().upper;
    relia::detail::require_domain(longest >= 1e-17 && longest <= 1e17, where, "the longest time",
                                  "from 1e-17 to 1e17", longest);
    double up_to = 0;
    for (bucket& b : buckets_) {
      b.weight /= total;
      up_to += b.weight;
      b.up_to = up_to;
      // E of a uniform power n: the mean of a^i b^(n - i).
      double homogeneous = 1;
      double power = 1;
      for (std::size_t n = 1; n < moments_.size(); ++n) {
        power *= b.lower;
        homogeneous = homogeneous * b.upper + power;
        moments_[n] += b.weight * homogeneous / static_cast<double>(n + 1);
      }
    }
    double variance = 0;
    for (const bucket& b : buckets_) {
      const double off = (b.lower - mean()) + (b.upper - b.lower) / 2;
      variance += b.weight * (off * off + (b.upper - b.lower) * (b.upper - b.lower) / 12);
    }
    scv_ = variance / mean() / mean();
  }

  std::vector<bucket> buckets_;
  std::array<double, 18> moments_{};  // 0.5^16 / 17! of the last one leaves nothing in `excess`
  double scv_ = 0;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
