// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How satisfied were users? The Apdex score: (satisfied + tolerating / 2) / all, where satisfied
/// is at most T, tolerating at most 4 T, and everything slower, and every error, frustrated. A
/// score of few samples is as rough as any fraction: it comes with the score interval of its three
/// counts. Coverage, 95 % asked, over all mixes in steps of 5 %, every outcome summed: 94.3 to 98.7
/// % at 20 samples, 94.4 to 96.3 % at 50, 94.7 to 95.2 % at 200.
///
/// Ref: Apdex Alliance, Application Performance Index, Technical Specification 1.1 (2007).

#include <algorithm>
#include <cmath>
#include <utility>

#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/root.hpp>
#include <relia/sli/bounded_counts.hpp>
#include <relia/sli/latency.hpp>
#include <relia/stats/detail/tail.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::sli {

/// All scores that a score test does not reject, its variance being that of the likeliest mix with
/// that score; Wilson's interval when nobody tolerates.
inline constexpr method multinomial_score{"multinomial_score"};

struct apdex_counts {
  count satisfied = 0;
  count tolerating = 0;
  count frustrated = 0;

  friend constexpr bool operator==(const apdex_counts&, const apdex_counts&) = default;
};

struct apdex_options {
  double confidence_level = 0.95;
  relia::sides sides = relia::sides::both;
};

namespace detail {

/// The lower limit of the mean of values 1, 1/2 and 0.
/// At a mean of m, a share t of 1/2 and m - t / 2 of 1 is likeliest where
/// n t^2 - (2 h + s b + f a) t + h a b = 0, a = 2 m, b = 2 - a; the variance is m (1 - m) - t / 4.
[[nodiscard]] inline double lowest_mean(double ones, double halves, double zeros, double deviate) {
  const double n = ones + halves + zeros;
  const double value = (ones + halves / 2) / n;
  const auto excess = [&](double m) {
    const double a = 2 * m;
    const double b = 2 * (1 - m);
    const double linear = 2 * halves + ones * b + zeros * a;
    const double root = std::sqrt(std::max(0.0, linear * linear - 4 * n * halves * a * b));
    const double share = std::min({2 * halves * a * b / (linear + root), a, b});
    const double variance = std::max(0.0, m * (1 - m) - share / 4);
    // Without a slope the root is found by bisection: at 0 the slope is infinite.
    return relia::detail::value_and_slope{
        (value - m) * std::sqrt(n) - deviate * std::sqrt(variance), 0};
  };
  return value == 0 ? 0 : relia::detail::decreasing_root(excess, 0, value);
}

}  // namespace detail

/// The Apdex score with its interval; no samples give the state no_data and [0, 1]. Fewer than 100
/// samples are noted, as the specification asks.
/// Domain: counts >= 0, their sum below 2^63; confidence_level in (0, 1), above 0.5 for one side.
/// Throws: std::domain_error. Accuracy: docs/accuracy.md.
[[nodiscard]] inline estimate<double> apdex(const apdex_counts& counts,
                                            const apdex_options& options = {}) {
  constexpr const char* where = "sli::apdex";
  relia::detail::require_non_negative_count(where, "satisfied", counts.satisfied);
  relia::detail::require_non_negative_count(where, "tolerating", counts.tolerating);
  relia::detail::require_non_negative_count(where, "frustrated", counts.frustrated);
  const count n = relia::detail::sum_of_counts(
      where, "the sum of counts",
      relia::detail::sum_of_counts(where, "the sum of counts", counts.satisfied, counts.tolerating),
      counts.frustrated);
  const double tail = stats::detail::checked_tail(where, options.confidence_level, options.sides);
  if (n == 0) return no_data<double>(multinomial_score, options.confidence_level, 0, 1);
  const auto ones = static_cast<double>(counts.satisfied);
  const auto halves = static_cast<double>(counts.tolerating);
  const auto zeros = static_cast<double>(counts.frustrated);
  const double deviate = stats::detail::normal_deviate(tail);
  estimate<double> e;
  e.value = (ones + halves / 2) / static_cast<double>(n);
  e.n = n;
  e.method = multinomial_score;
  e.interval = stats::detail::make_interval(
      options.sides, options.confidence_level, 0, 1,
      [&] { return detail::lowest_mean(ones, halves, zeros, deviate); },
      [&] { return 1 - detail::lowest_mean(zeros, halves, ones, deviate); });
  if (n < 100) e.notes.emplace_back("fewer than 100 samples: Apdex marks such a score with *");
  return e;
}

/// The Apdex score of what a shape recorded, T = `target` in its unit. `errors`: failed requests
/// that the shape does not hold; NaN in the shape is an error too. Where T or 4 T lies between
/// buckets, the interval also holds that doubt, and a note says how much of it is.
/// Domain: target positive and finite, and so 4 target; errors >= 0. Throws: std::domain_error.
template <latency_shape Shape>
[[nodiscard]] estimate<double> apdex(const Shape& shape, double target, count errors = 0,
                                     const apdex_options& options = {}) {
  constexpr const char* where = "sli::apdex";
  relia::detail::require_positive(where, "target", target);
  relia::detail::require_positive(where, "4 target", 4 * target);
  relia::detail::require_non_negative_count(where, "errors", errors);
  const bounded_counts satisfied = detail::events_at(shape, target);
  const bounded_counts tolerated = detail::events_at(shape, 4 * target);
  const auto counts = [errors](const aggregate::counts& within_target,
                               const aggregate::counts& within_four) {
    const count most = std::max(within_target.good(), within_four.good());
    return apdex_counts{within_target.good(), most - within_target.good(),
                        relia::detail::sum_of_counts(where, "errors and recorded",
                                                     within_four.valid() - most, errors)};
  };
  estimate<double> e = apdex(counts(satisfied.quoted, tolerated.quoted), options);
  if ((satisfied.exact() && tolerated.exact()) || !e.has_value()) return e;
  const auto worst = apdex(counts(satisfied.fewest_good, tolerated.fewest_good), options);
  const auto best = apdex(counts(satisfied.most_good, tolerated.most_good), options);
  const count valid = e.n;
  return detail::widened(std::move(e), satisfied.doubtful() + tolerated.doubtful(), valid,
                         worst.interval.lower, best.interval.upper);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::sli
