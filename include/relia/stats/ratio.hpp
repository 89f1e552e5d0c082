// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How sure is a ratio of totals, when what was drawn are clusters: errors per request over hosts,
/// cost per order over days? Rows of one cluster are alike, so the clusters are the sample and not
/// their rows. Assumes clusters that are independent of each other.
/// Ref: W. G. Cochran, Sampling Techniques, 3rd ed. (1977), eq. 6.13; B. Efron, The Jackknife, the
/// Bootstrap and Other Resampling Plans (1982), 3.1.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string_view>

#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/row.hpp>
#include <relia/stats/detail/sum.hpp>
#include <relia/stats/detail/tail.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::stats {

/// Cochran's linearised variance, k / (k - 1) sum (y - r x)^2 / (sum x)^2, and Student's t with one
/// degree of freedom less than there are clusters. Covers too little when few clusters hold most.
inline constexpr method linearised{"linearised"};
/// The variance from leaving one cluster out in turn, and Student's t with as many degrees of
/// freedom as clusters carry it, (sum d^2)^2 / sum d^4.
inline constexpr method jackknife{"jackknife"};

struct ratio_options {
  double confidence_level = 0.95;
  relia::method method = jackknife;
  relia::sides sides = relia::sides::both;
};

namespace detail {

/// How a ratio of totals varies over its clusters.
struct cluster_spread {
  double linearised = 0;  ///< variances of the ratio
  double jackknife = 0;
  double freedom = 1;  ///< of the jackknife variance
};

/// residual(i) = y - r x and size(i) = x of cluster i, `total` the sum of sizes. Domain: k >= 2.
/// The degrees of freedom never exceed (sum x)^2 / sum x^2 - 1: what k clusters of unlike size are
/// worth.
template <class Residual, class Size>
[[nodiscard]] cluster_spread spread_of(std::size_t k, double total, const Residual& residual,
                                       const Size& size) {
  const auto clusters = static_cast<double>(k);
  const auto square = [](double x) { return x * x; };
  const auto without = [&](std::size_t i) { return residual(i) / (total - size(i)); };
  double largest = 0;  // fourth powers underflow where the ratio is a millionth
  for (std::size_t i = 0; i < k; ++i) largest = std::max(largest, std::abs(without(i)));
  cluster_spread spread;
  const double evenness =
      1 / compensated_sum(k, [&](std::size_t i) { return square(size(i) / total); });
  spread.freedom = std::max(1.0, evenness - 1);
  if (largest == 0) return spread;
  spread.linearised = clusters / (clusters - 1) * compensated_sum(k, [&](std::size_t i) {
                        return square(residual(i) / total);
                      });
  const double squares =
      compensated_sum(k, [&](std::size_t i) { return square(without(i) / largest); });
  const double fourths =
      compensated_sum(k, [&](std::size_t i) { return square(square(without(i) / largest)); });
  spread.jackknife = (clusters - 1) / clusters * squares * square(largest);
  spread.freedom = std::clamp(squares * squares / fourths, 1.0, spread.freedom);
  return spread;
}

}  // namespace detail

/// The sum of `numerators` over the sum of `denominators`, with an interval for which the rows are
/// the sample. No rows give the state no_data; one row cannot show a spread: the interval is
/// unbounded.
/// Domain: sizes equal; numerators finite, denominators finite and >= 0, their sum positive;
/// confidence_level in (0, 1), above 0.5 for one side.
/// Throws: std::domain_error; std::invalid_argument for unequal sizes or another method.
/// Cost: O(rows). Accuracy: docs/accuracy.md. Ref: Cochran (1977), eq. 6.13; Efron (1982), 3.1.
[[nodiscard]] inline estimate<double> ratio_of_totals(std::span<const double> numerators,
                                                      std::span<const double> denominators,
                                                      const ratio_options& options = {}) {
  constexpr std::string_view where = "stats::ratio_of_totals";
  constexpr double infinity = std::numeric_limits<double>::infinity();
  relia::detail::require_same_size(where, "denominators", denominators.size(), numerators.size());
  const double tail = detail::checked_tail(where, options.confidence_level, options.sides);
  relia::detail::require_argument(options.method == linearised || options.method == jackknife,
                                  where, "method", "jackknife or linearised", options.method.name);
  estimate<double> e = no_data<double>(options.method, options.confidence_level);
  const std::size_t k = numerators.size();
  for (std::size_t i = 0; i < k; ++i) {
    relia::detail::require_domain(relia::detail::is_finite(numerators[i]), where, "numerators",
                                  "finite", relia::detail::row{i});
    relia::detail::require_domain(denominators[i] >= 0 && relia::detail::is_finite(denominators[i]),
                                  where, "denominators", "at least 0 and finite",
                                  relia::detail::row{i});
  }
  if (k == 0) return e;
  const double total = detail::compensated_sum(k, [&](std::size_t i) { return denominators[i]; });
  relia::detail::require_positive(where, "the sum of denominators", total);
  const double above = detail::compensated_sum(k, [&](std::size_t i) { return numerators[i]; });
  relia::detail::require_finite(where, "the sum of numerators", above);
  e.state = state::ok;
  e.value = above / total;
  e.n = static_cast<count>(k);
  const double largest = *std::max_element(denominators.begin(), denominators.end());
  if (k == 1 || largest >= total) {
    e.notes.emplace_back("one cluster does not show a spread: the interval is unbounded");
    return e;
  }
  const detail::cluster_spread spread = detail::spread_of(
      k, total, [&](std::size_t i) { return std::fma(-e.value, denominators[i], numerators[i]); },
      [&](std::size_t i) { return denominators[i]; });
  const bool left_out = options.method == jackknife;
  const double freedom = left_out ? spread.freedom : static_cast<double>(k - 1);
  const double distance = detail::student_deviate(freedom, tail) *
                          std::sqrt(left_out ? spread.jackknife : spread.linearised);
  e.interval = detail::make_interval(
      options.sides, options.confidence_level, -infinity, infinity,
      [&] { return e.value - distance; }, [&] { return e.value + distance; });
  return e;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::stats
