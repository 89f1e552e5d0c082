// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Quantiles, fractions and moments of a native histogram, operation for operation as PromQL.

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include <relia/sli/native_histogram.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::sli {

namespace detail {

inline constexpr double infinite = std::numeric_limits<double>::infinity();
inline constexpr std::string_view skewed_by_nan = "NaN observations count in no bucket";

/// How much of the bucket lies below x, on a straight or a geometric line. Domain: lower < x <
/// upper.
[[nodiscard]] inline double share_below(const native_range& b, double x, bool straight) noexcept {
  if (straight) return (x - b.lower) / (b.upper - b.lower);
  const double lower = std::log2(std::abs(b.lower));
  const double upper = std::log2(std::abs(b.upper));
  const double at = std::log2(std::abs(x));
  return x > 0 ? (at - lower) / (upper - lower) : 1 - (at - upper) / (lower - upper);
}

}  // namespace detail

inline bool native_histogram::holds_nan() const noexcept {
  if (!std::isnan(data_.sum)) return false;
  double seen = 0;
  for (std::size_t k = 0; k < size(); ++k) seen += (*this)[k].count;
  return seen < data_.count;
}

/// The bucket around 0, from or up to 0 where the other sign has no buckets.
inline native_range native_histogram::one_sided(native_range b) const noexcept {
  if (data_.negative.empty() && !data_.positive.empty()) b.lower = 0;
  if (data_.positive.empty() && !data_.negative.empty()) b.upper = 0;
  return b;
}

inline bucket_answer native_histogram::average() const noexcept {
  bucket_answer answer;
  answer.reason = data_.count == 0 ? "no observations" : "";
  const double mean = data_.sum / data_.count;
  if (data_.count != 0) answer.settle(mean, mean, mean);
  return answer;
}

inline bucket_answer native_histogram::variance() const noexcept {
  bucket_answer answer = average();
  if (answer.state != state::ok) return answer;
  const double mean = answer.value;
  double sum = 0;
  double lost = 0;  // Neumaier's compensation, given up at infinity as in Prometheus
  for (std::size_t k = 0; k < size(); ++k) {
    const native_range b = (*this)[k];
    if (b.count == 0) continue;
    double middle = 0;
    if (custom()) {
      middle = (b.upper + b.lower) / 2;
    } else if (b.lower > 0 || b.upper < 0) {
      middle = std::copysign(std::sqrt(b.upper * b.lower), b.upper);
    }
    const double delta = middle - mean;
    const double term = b.count * delta * delta;
    const double total = sum + term;
    lost = std::isinf(total)                 ? 0
           : std::abs(sum) >= std::abs(term) ? lost + ((sum - total) + term)
                                             : lost + ((term - total) + sum);
    sum = total;
  }
  answer.settle((sum + lost) / data_.count, 0, detail::infinite);
  return answer;
}

inline bucket_answer native_histogram::standard_deviation() const noexcept {
  bucket_answer answer = variance();
  if (answer.state == state::ok) answer.value = std::sqrt(answer.value);
  return answer;
}

inline bucket_answer native_histogram::quantile(double level) const noexcept {
  bucket_answer answer;
  if (answer.settle_beyond(level)) return answer;
  if (data_.count == 0) {
    answer.reason = "no observations";
    return answer;
  }
  const bool forward = std::isnan(data_.sum) || level < 0.5;
  double rank = (forward ? level : 1 - level) * data_.count;
  double seen = 0;
  native_range b;
  for (std::size_t k = 0; k < size() && !(b.count != 0 && seen >= rank); ++k) {
    b = (*this)[forward ? k : size() - 1 - k];
    seen += b.count;
  }
  const native_range whole = b;
  if (holds_nan()) answer.reason = detail::skewed_by_nan;
  if (custom()) {
    if (b.lower == -detail::infinite) {
      if (b.upper <= 0) {
        answer.settle(b.upper, b.lower, b.upper);
        return answer;
      }
      b.lower = 0;
    } else if (b.upper == detail::infinite) {
      answer.settle(b.lower, b.lower, b.upper);
      return answer;
    }
  } else if (b.lower < 0 && b.upper > 0) {
    b = one_sided(b);
  }
  seen = std::min(seen, data_.count);  // more only by rounding
  if (seen < rank) {
    if (!std::isnan(data_.sum)) answer.settle(b.upper, whole.lower, detail::infinite);
    return answer;
  }
  rank = forward ? rank - (seen - b.count) : seen - rank;
  const double share = rank / b.count;
  double value = b.lower + (b.upper - b.lower) * share;
  if (!custom() && (b.lower > 0 || b.upper < 0)) {
    const double lower = std::log2(std::abs(b.lower));
    const double upper = std::log2(std::abs(b.upper));
    value = b.lower > 0 ? std::exp2(lower + (upper - lower) * share)
                        : -std::exp2(upper + (lower - upper) * (1 - share));
  }
  answer.settle(value, whole.lower, whole.upper);
  return answer;
}

inline bucket_answer native_histogram::fraction(double lower, double upper) const noexcept {
  bucket_answer answer;
  if (data_.count == 0) {
    answer.reason = "no observations";
    return answer;
  }
  if (std::isnan(lower) || std::isnan(upper)) {
    answer.settle(lower + upper, lower + upper, lower + upper);
    return answer;
  }
  if (lower >= upper) {
    answer.settle(0, 0, 0);
    return answer;
  }
  std::optional<detail::count_below> from;
  std::optional<detail::count_below> to;
  double rank = 0;
  for (std::size_t k = 0; k < size(); ++k) {
    const native_range whole = (*this)[k];
    const bool around_zero = whole.lower <= 0 && whole.upper >= 0;
    const native_range b = around_zero ? one_sided(whole) : whole;
    const auto look = [&](double x, std::optional<detail::count_below>& at) {
      if (at || !(b.lower >= x || b.upper > x)) return;
      const double most = whole.lower < x && x < whole.upper ? rank + b.count : rank;
      if (b.lower >= x) {
        at = {rank, rank, most};
      } else if (b.lower == -detail::infinite) {
        at = {b.count, rank, most};
      } else {
        at = {rank + b.count * detail::share_below(b, x, custom() || around_zero), rank, most};
      }
    };
    look(lower, from);
    look(upper, to);
    rank += b.count;
  }
  // All that is in buckets, which with NaN observations is less than the count.
  const double seen = std::isnan(data_.sum) ? rank : data_.count;
  if (seen < data_.count) answer.reason = detail::skewed_by_nan;
  const auto settled = [seen](const std::optional<detail::count_below>& at) {
    if (!at || at->value > seen) return detail::count_below{seen, seen, seen};
    return *at;
  };
  const detail::count_below f = settled(from);
  const detail::count_below t = settled(to);
  answer.settle((t.value - f.value) / data_.count, std::max(0.0, t.lower - f.upper) / data_.count,
                (t.upper - f.lower) / data_.count);
  return answer;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::sli
