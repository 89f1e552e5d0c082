// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How slow is a request that asks n backends and needs all, or the first k, of the answers? The
/// tail at scale: one backend in a thousand slow makes one request of a hundred backends in ten
/// slow. Backends answer independently of each other; with a common cause (one queue, one network)
/// it is an upper bound for all of n where delays rise together.
/// Ref: David and Nagaraja, "Order Statistics", 3rd ed. (2003), 2.1; Dean and Barroso, CACM 56
/// (2013).

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <limits>
#include <numbers>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/math/special_functions/beta.hpp>

#include <relia/core/error.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/policy.hpp>
#include <relia/queueing/detail/sign_change.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::queueing {

/// The tail of a latency, and its inverse: waiting_time, response_time, latency_sample, fan_out,
/// hedged, tied_requests, or your own.
template <class T>
concept latency_tail = requires(const T& latency, double x) {
  { latency.survival(x) } -> std::convertible_to<double>;
  { latency.survival_quantile(x) } -> std::convertible_to<double>;
};

namespace detail {

inline void require_branches(std::string_view where, count branches, count needed) {
  relia::detail::require_domain(branches >= 1 && branches <= 1'000'000'000, where, "branches",
                                "from 1 to 1e9", branches);
  relia::detail::require_domain(needed >= 1 && needed <= branches, where, "needed",
                                "from 1 to branches", needed);
}

/// P(more than branches - needed of `branches` are slow): the regularised incomplete beta function.
[[nodiscard]] inline double slow_of(double leaf_slow, count branches, count needed) {
  if (std::isnan(leaf_slow)) return leaf_slow;
  if (leaf_slow <= 0) return 0;
  if (leaf_slow >= 1) return 1;
  const auto n = static_cast<double>(branches);
  if (needed == branches) return -std::expm1(n * std::log1p(-leaf_slow));
  if (needed == 1) return std::pow(leaf_slow, n);
  const auto k = static_cast<double>(needed);
  return boost::math::ibeta(n - k + 1, k, leaf_slow, relia::detail::policy());
}

[[nodiscard]] inline double leaf_slow_of(double slow, count branches, count needed) {
  if (slow <= 0) return 0;
  if (slow >= 1) return 1;
  const auto n = static_cast<double>(branches);
  if (needed == branches) return -std::expm1(std::log1p(-slow) / n);
  if (needed == 1) return std::pow(slow, 1 / n);
  const auto k = static_cast<double>(needed);
  const double late = n - k + 1;
  if (slow > 1e-12) return boost::math::ibeta_inv(late, k, slow, relia::detail::policy());
  // There Boost's search may not end. p^late <= slow <= C(n, late) p^late <= (e p n / late)^late.
  const double most = std::pow(slow, 1 / late);
  const double least = most * late / n / std::numbers::e;
  const auto over = [&](double leaf) { return std::log(slow_of(leaf, branches, needed) / slow); };
  return sign_change(over, least, std::min(1.0, most * (1 + 1e-9)), 52).middle();
}

}  // namespace detail

/// The fraction of requests that are slow, when each of `branches` backends is slow with
/// probability `leaf_slow` and the first `needed` answers make the request. Domain: leaf_slow in
/// [0, 1]; 1 <= needed <= branches <= 1e9. Throws: std::domain_error.
[[nodiscard]] inline double slow_fraction(double leaf_slow, count branches, count needed) {
  relia::detail::require_fraction("queueing::slow_fraction", "leaf_slow", leaf_slow);
  detail::require_branches("queueing::slow_fraction", branches, needed);
  return detail::slow_of(leaf_slow, branches, needed);
}

/// The inverse, the budget of a backend: how often it may be slow for `slow` of the requests to be.
[[nodiscard]] inline double leaf_slow_fraction(double slow, count branches, count needed) {
  relia::detail::require_fraction("queueing::leaf_slow_fraction", "slow", slow);
  detail::require_branches("queueing::leaf_slow_fraction", branches, needed);
  return detail::leaf_slow_of(slow, branches, needed);
}

/// The mean of the `needed`-th of `branches` exponential times of mean 1: the sum of 1 / i over the
/// i from branches - needed + 1 to branches. The expansion of harmonic numbers about n + 1/2 holds
/// every digit from 30 on; its logarithms are subtracted as one log1p.
[[nodiscard]] inline double order_statistic_mean(count branches, count needed) {
  detail::require_branches("queueing::order_statistic_mean", branches, needed);
  count low = branches - needed;
  double small = 0;
  for (; low < branches && low < 30; ++low) small += 1 / static_cast<double>(low + 1);
  if (low == branches) return small;
  const double a = static_cast<double>(low) + 0.5;
  const double b = static_cast<double>(branches) + 0.5;
  const auto correction = [](double x) {
    const double y = 1 / (x * x);
    return y * (1.0 / 24 - y * (7.0 / 960 - y * (31.0 / 8064 - y * 127.0 / 30720)));
  };
  return small + (std::log1p((b - a) / a) + (correction(b) - correction(a)));
}

/// Measured latencies as a latency_tail.
class latency_sample {
 public:
  /// Domain: at least one value, each >= 0 and finite. Throws: std::invalid_argument (none),
  /// std::domain_error. Cost: O(n log n).
  explicit latency_sample(std::span<const double> values) : sorted_(values.begin(), values.end()) {
    constexpr std::string_view where = "queueing::latency_sample";
    relia::detail::require_argument(!sorted_.empty(), where, "values", "at least one", 0);
    for (const double v : sorted_) relia::detail::require_non_negative(where, "values", v);
    std::sort(sorted_.begin(), sorted_.end());
  }

  [[nodiscard]] std::span<const double> sorted() const noexcept { return sorted_; }

  /// The fraction of the values above t.
  [[nodiscard]] double survival(double t) const noexcept {
    const auto above = std::upper_bound(sorted_.begin(), sorted_.end(), t);
    return static_cast<double>(sorted_.end() - above) / static_cast<double>(sorted_.size());
  }

  /// The least value that at most the fraction `probability` of the values exceeds. NaN outside
  /// [0, 1].
  [[nodiscard]] double survival_quantile(double probability) const noexcept {
    if (!(probability >= 0 && probability <= 1)) return std::numeric_limits<double>::quiet_NaN();
    const auto size = static_cast<double>(sorted_.size());
    // The product is a whole number of values when the probability came from one.
    const double product = size * probability;
    const double nearest = std::round(product);
    const double above =
        std::abs(product - nearest) <= 4e-16 * size ? nearest : std::floor(product);
    const auto index = static_cast<std::size_t>(std::max(0.0, size - above - 1));
    return sorted_[index];
  }

  [[nodiscard]] double quantile(double level) const noexcept {
    return survival_quantile(1 - level);
  }

  [[nodiscard]] double mean() const noexcept {
    double sum = 0;
    for (const double v : sorted_) sum += v;
    return sum / static_cast<double>(sorted_.size());
  }

 private:
  std::vector<double> sorted_;
};

/// The latency of a request to `branches` independent backends that needs the first `needed` of
/// their answers. Itself a latency_tail: fan out again, or hedge.
template <latency_tail Leaf>
class fan_out {
 public:
  /// Domain: 1 <= needed <= branches <= 1e9. Throws: std::domain_error.
  fan_out(Leaf leaf, count branches, count needed)
      : leaf_(std::move(leaf)), branches_(branches), needed_(needed) {
    detail::require_branches("queueing::fan_out", branches, needed);
  }
  fan_out(Leaf leaf, count branches) : fan_out(std::move(leaf), branches, branches) {}

  [[nodiscard]] const Leaf& leaf() const noexcept { return leaf_; }
  [[nodiscard]] count branches() const noexcept { return branches_; }
  [[nodiscard]] count needed() const noexcept { return needed_; }

  [[nodiscard]] double survival(double t) const {
    return detail::slow_of(leaf_.survival(t), branches_, needed_);
  }

  /// NaN outside [0, 1].
  [[nodiscard]] double survival_quantile(double probability) const {
    if (!(probability >= 0 && probability <= 1)) return std::numeric_limits<double>::quiet_NaN();
    return leaf_.survival_quantile(detail::leaf_slow_of(probability, branches_, needed_));
  }

  /// The p99 of the request at 0.99. As 1 - level is exact from 0.5 on, no digit is lost.
  [[nodiscard]] double quantile(double level) const { return survival_quantile(1 - level); }

 private:
  Leaf leaf_;
  count branches_;
  count needed_;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::queueing
