// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// What latency do 99 % of the requests stay under, and how sure is that? The sample quantile by
/// linear interpolation (type 7), and its interval between two order statistics, which assumes
/// nothing but independent values of one continuous distribution. With too few values an end is
/// infinite: 30 values bound no 99th percentile from above.
/// Ref: R. J. Hyndman, Y. Fan, "Sample Quantiles in Statistical Packages", American Statistician 50
/// (1996), definition 7; H. A. David, H. N. Nagaraja, "Order Statistics", 3rd ed. (2003), 7.1.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/text.hpp>
#include <relia/stats/detail/tail.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::stats {

/// Binomial ranks; covers at least the level.
inline constexpr method order_statistics{"order_statistics"};

struct quantile_options {
  double confidence_level = 0.95;
  relia::sides sides = relia::sides::both;
};

namespace detail {

[[nodiscard]] inline std::vector<double> numbers(std::string_view where,
                                                 std::span<const double> values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) [[unlikely]] {
      relia::detail::refuse_domain(where, "values[" + relia::detail::to_text(i) + "]",
                                   "a number (leave out what was not measured)", values[i]);
    }
  }
  return {values.begin(), values.end()};
}

inline void require_values(std::string_view where, std::size_t size) {
  relia::detail::require_argument(size > 0, where, "the number of values", "at least 1", size);
}

[[nodiscard]] inline double interpolate(std::string_view where, double low, double high,
                                        double part) {
  if (part == 0 || low == high) return low;
  const double value = std::lerp(low, high, part);
  relia::detail::require_domain(!std::isnan(value), where, "values",
                                "numbers that are not infinite on both sides of the quantile",
                                value);
  return value;
}

/// The rank-th smallest, from 1.
[[nodiscard]] inline double select(std::vector<double>& values, std::size_t rank) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(rank - 1);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

/// Type 7 of values that `select` may reorder.
[[nodiscard]] inline double unsorted_quantile(std::string_view where, std::vector<double>& values,
                                              double level) {
  const double position = level * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const double low = select(values, below + 1);
  const double part = position - static_cast<double>(below);
  if (part == 0) return low;
  const double high =
      *std::min_element(values.begin() + static_cast<std::ptrdiff_t>(below + 1), values.end());
  return interpolate(where, low, high, part);
}

/// The largest rank r with P(X <= r - 1) <= tail for X of binomial(n, p); 0 when there is none.
[[nodiscard]] inline std::size_t lower_rank(std::size_t n, fraction p, double tail) {
  std::size_t fits = 0;
  for (std::size_t beyond = n + 1; beyond - fits > 1;) {
    const std::size_t rank = fits + (beyond - fits) / 2;
    const bool small =
        binomial_at_most(static_cast<double>(rank - 1), static_cast<double>(n), p) <= tail;
    (small ? fits : beyond) = rank;
  }
  return fits;
}

}  // namespace detail

/// The value that the fraction `level` of the values lies at or below, interpolated (type 7, the
/// default of R and NumPy). 0 gives the smallest, 1 the largest.
/// Domain: level in [0, 1]; values not NaN, infinities allowed.
/// Throws: std::domain_error; std::invalid_argument for no values. Cost: O(n) time, one copy.
/// Ref: Hyndman and Fan (1996), definition 7.
[[nodiscard]] inline double quantile(std::span<const double> values, double level) {
  constexpr std::string_view where = "stats::quantile";
  relia::detail::require_fraction(where, "level", level);
  detail::require_values(where, values.size());
  std::vector<double> copy = detail::numbers(where, values);
  return detail::unsorted_quantile(where, copy, level);
}

/// As quantile, of values that are already in ascending order (not checked). Cost: O(1).
[[nodiscard]] inline double sorted_quantile(std::span<const double> sorted, double level) {
  constexpr std::string_view where = "stats::sorted_quantile";
  relia::detail::require_fraction(where, "level", level);
  detail::require_values(where, sorted.size());
  const double position = level * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const double part = position - static_cast<double>(below);
  const double low = sorted[below];
  const double high = part == 0 ? low : sorted[below + 1];
  relia::detail::require_domain(low <= high, where, "sorted", "ascending and free of NaN", low);
  return detail::interpolate(where, low, high, part);
}

/// The quantile with an interval between two of the values, whatever their distribution. The ranks
/// and the exact probability to miss, at most 1 - confidence_level, are in the notes; an end is
/// infinite when no value can bound it, and the note says how many values would. No values give the
/// state no_data. Domain: level in (0, 1); values not NaN; confidence_level in (0, 1), above 0.5
/// for one side. Throws: std::domain_error. Cost: O(n) time, one copy. Ref: David and Nagaraja
/// (2003), 7.1.
[[nodiscard]] inline estimate<double> quantile_interval(std::span<const double> values,
                                                        double level,
                                                        const quantile_options& options = {}) {
  constexpr std::string_view where = "stats::quantile_interval";
  relia::detail::require_open_fraction(where, "level", level);
  const double tail = detail::checked_tail(where, options.confidence_level, options.sides);
  std::vector<double> copy = detail::numbers(where, values);
  if (copy.empty()) return no_data<double>(order_statistics, options.confidence_level);

  const std::size_t n = copy.size();
  const auto size = static_cast<double>(n);
  const detail::fraction p{level, 1 - level};
  const detail::fraction q = p.mirrored();
  const std::size_t from = options.sides == sides::upper ? 0 : detail::lower_rank(n, p, tail);
  const std::size_t from_above = options.sides == sides::lower ? 0 : detail::lower_rank(n, q, tail);
  const std::size_t to = n + 1 - from_above;

  estimate<double> e;
  e.n = static_cast<count>(n);
  e.method = order_statistics;
  e.interval.confidence_level = options.confidence_level;
  e.value = detail::unsorted_quantile(where, copy, level);
  if (from > 0) e.interval.lower = detail::select(copy, from);
  if (from_above > 0) e.interval.upper = detail::select(copy, to);

  double missed = 0;
  if (from > 0) missed += detail::binomial_at_most(static_cast<double>(from) - 1, size, p);
  if (from_above > 0) {
    missed += detail::binomial_at_most(static_cast<double>(from_above) - 1, size, q);
  }
  e.notes.push_back("between ranks " + relia::detail::to_text(from) + " and " +
                    relia::detail::to_text(to) + " of " + relia::detail::to_text(n) +
                    "; misses with probability " + relia::detail::to_short_text(missed));
  const auto needed = [tail](double log_inside) {  // of the probability to lie on the wrong side
    const double values_needed = std::ceil(std::log(tail) / log_inside);
    return values_needed < 0x1p63 ? relia::detail::to_text(static_cast<count>(values_needed))
                                  : relia::detail::to_short_text(values_needed);
  };
  if (from == 0 && options.sides != sides::upper) {
    e.notes.push_back("too few values for a lower limit: it takes " + needed(std::log1p(-level)));
  }
  if (from_above == 0 && options.sides != sides::lower) {
    e.notes.push_back("too few values for an upper limit: it takes " + needed(std::log(level)));
  }
  return e;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::stats
