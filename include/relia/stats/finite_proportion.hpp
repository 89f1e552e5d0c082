// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How sure is a fraction of a finite lot, part of which was checked: 3 wrong of 200 reports out of
/// the 1000 that a day produced? Drawing without replacement: what was checked is known, so the
/// limits close in as the sample grows, and meet when all is checked. Exact, never below the level.
/// Ref: W. G. Cochran, Sampling Techniques, 3rd ed. (1977), 3.6; H. S. Konijn, Statistical Theory
/// of Sample Survey Design and Analysis (1973), chapter III.

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>

#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/text.hpp>
#include <relia/stats/detail/tail.hpp>
#include <relia/stats/proportion.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::stats {

/// Every number of successes in the lot under which the sample is no rarer than the tail, either
/// way, by the hypergeometric distribution.
inline constexpr method hypergeometric{"hypergeometric"};

struct finite_proportion_options {
  double confidence_level = 0.95;
  relia::sides sides = relia::sides::both;
};

namespace detail {

/// P(at most x successes) in a sample of x + y out of a lot with `successes` and `failures`, x at
/// or below the mean: the mass at x as three binomial masses of accurate logarithms, and the ratios
/// of the masses below it.
[[nodiscard]] inline double hypergeometric_at_most(double x, double y, double successes,
                                                   double failures) {
  const double drawn = x + y;
  const double lot = successes + failures;
  const fraction p{drawn / lot, (lot - drawn) / lot};
  const double log_mass = log_binomial_pmf(x, successes - x, p) +
                          log_binomial_pmf(y, failures - y, p) -
                          log_binomial_pmf(drawn, lot - drawn, p);
  double term = 1;
  double sum = 1;
  for (double down = 0; down < x && term > 1e-18 * sum; ++down) {
    term *= (x - down) / (successes - x + down + 1) * ((failures - y - down) / (y + down + 1));
    sum += term;
  }
  return std::exp(log_mass) * sum;
}

/// The most successes a lot can hold when x of x + y drawn were successes. Domain: x + y < lot.
[[nodiscard]] inline count most_successes(count x, count y, count lot, double tail) {
  const auto to_real = [](count n) { return static_cast<double>(n); };
  const count unseen = lot - x - y;
  // Where the mean of the sample is at most x, so is its median: the probability is at least 1/2.
  const double mean = to_real(x) * (to_real(lot) / to_real(x + y));
  count low = std::clamp(static_cast<count>(mean) - 1, x, x + unseen);  // not refused
  count high = x + unseen + 1;                                          // refused
  while (high - low > 1) {
    const count middle = low + (high - low) / 2;
    const double p =
        hypergeometric_at_most(to_real(x), to_real(y), to_real(middle), to_real(lot - middle));
    (p > tail ? low : high) = middle;
  }
  return low;
}

}  // namespace detail

/// The fraction of successes in a lot of `population`, of which `trials` were drawn and checked,
/// with exact limits for the lot itself. Nothing checked gives the state no_data and [0, 1].
/// Domain: 0 <= successes <= trials <= population <= 2^53; confidence_level in (0, 1), above 0.5
/// for one side. Throws: std::domain_error. Cost: O(sqrt(trials) log(population)). Accuracy:
/// docs/accuracy.md.
[[nodiscard]] inline estimate<double> finite_proportion(
    count successes, count trials, count population,
    const finite_proportion_options& options = {}) {
  constexpr std::string_view where = "stats::finite_proportion";
  detail::require_trials(where, "successes", successes, trials);
  relia::detail::require_domain(
      population >= trials && population <= count{1} << 53, where, "population",
      "from the number of trials, " + relia::detail::to_text(trials) + ", to 2^53", population);
  const double tail = detail::checked_tail(where, options.confidence_level, options.sides);
  if (trials == 0) return no_data<double>(hypergeometric, options.confidence_level, 0, 1);
  const count failures = trials - successes;
  const auto lot = static_cast<double>(population);
  const bool census = trials == population;
  estimate<double> e;
  e.value = static_cast<double>(successes) / static_cast<double>(trials);
  e.n = trials;
  e.method = hypergeometric;
  e.interval = detail::make_interval(
      options.sides, options.confidence_level, 0, 1,
      [&] {
        return census ? e.value
                      : static_cast<double>(population - detail::most_successes(failures, successes,
                                                                                population, tail)) /
                            lot;
      },
      [&] {
        return census ? e.value
                      : static_cast<double>(
                            detail::most_successes(successes, failures, population, tail)) /
                            lot;
      });
  return e;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::stats
