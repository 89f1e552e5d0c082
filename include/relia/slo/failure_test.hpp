// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// What do so few failures prove? Exact tails of the binomial and of Poisson counts, in clusters or
/// not, the count that would be too many, what a Beta prior believes afterwards, and how long to
/// wait for a proof. For a look-up at every evaluation use slo/significance.hpp.
/// Ref: C. J. Clopper, E. S. Pearson, Biometrika 26 (1934); H. Jeffreys, "Theory of Probability",
/// 3rd ed. (1961), 3.10.

#include <algorithm>
#include <cmath>
#include <vector>

#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include <relia/aggregate/counts.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/policy.hpp>
#include <relia/slo/detail/clustered_tail.hpp>
#include <relia/slo/objective.hpp>
#include <relia/stats/detail/tail.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::slo {

/// P(as many bad events or more), of `valid` independent ones at this error ratio. Domain: 0 <= bad
/// <= valid, error_ratio in [0, 1]. Throws: std::domain_error. Accuracy: docs/accuracy.md.
[[nodiscard]] inline double binomial_p_value(count bad, count valid, double error_ratio) {
  constexpr const char* where = "slo::binomial_p_value";
  relia::detail::require_non_negative_count(where, "valid", valid);
  relia::detail::require_domain(bad >= 0 && bad <= valid, where, "bad", "from 0 to valid", bad);
  relia::detail::require_fraction(where, "error_ratio", error_ratio);
  if (bad == 0 || error_ratio == 1) return 1;
  if (error_ratio == 0) return 0;
  return stats::detail::binomial_at_least(static_cast<double>(bad), static_cast<double>(valid),
                                          {error_ratio, 1 - error_ratio});
}

/// P(as many bad events or more) where `expected` come on average, in clusters of this dispersion
/// (variance over mean). Domain: bad >= 0, with clusters at most 2^20; expected >= 0; 1 <=
/// dispersion <= 1e6. Throws: std::domain_error. Cost: with clusters O(bad). Accuracy:
/// docs/accuracy.md.
[[nodiscard]] inline double poisson_p_value(count bad, double expected, double dispersion = 1) {
  constexpr const char* where = "slo::poisson_p_value";
  relia::detail::require_non_negative_count(where, "bad", bad);
  relia::detail::require_non_negative(where, "expected", expected);
  relia::detail::require_domain(dispersion >= 1 && dispersion <= 1e6, where, "dispersion",
                                "from 1 to 1e6", dispersion);
  if (bad == 0) return 1;
  if (expected == 0) return 0;
  if (dispersion == 1) {
    return boost::math::gamma_p(static_cast<double>(bad), expected, relia::detail::policy());
  }
  relia::detail::require_domain(bad <= (count{1} << 20U), where, "bad",
                                "at most 2^20 where events come in clusters", bad);
  const auto k = static_cast<std::size_t>(bad);
  const std::vector<double> factorials = detail::log_factorials(k);
  return std::min(1.0, detail::clustered_tail(k, dispersion, factorials)
                           .at(detail::batches_of(expected, dispersion))
                           .tail);
}

/// The smallest number of bad events, of `valid`, that independent failures at this error ratio
/// reach with a probability of at most p_value; valid + 1 where not even all would be so many.
/// Domain: valid >= 0, error_ratio in [0, 1], p_value in (0, 1). Throws: std::domain_error. Cost:
/// O(log(valid)) tails.
[[nodiscard]] inline count critical_failures(count valid, double error_ratio, double p_value) {
  relia::detail::require_non_negative_count("slo::critical_failures", "valid", valid);
  relia::detail::require_open_fraction("slo::critical_failures", "p_value", p_value);
  count low = 0;
  count high = valid + 1;
  while (high - low > 1) {
    const count middle = low + (high - low) / 2;
    (binomial_p_value(middle, valid, error_ratio) <= p_value ? high : low) = middle;
  }
  return high;
}

/// Pseudo-counts of bad and good events before any was seen; 1/2 and 1/2 are Jeffreys'.
struct beta_prior {
  double bad = 0.5;
  double good = 0.5;
};

/// The probability that the budget burns faster than `burn_rate`, after these events: the Beta
/// posterior of the error ratio beyond burn_rate * error budget. 0 where that is 1 or more. Domain:
/// burn_rate >= 0, a prior of positive finite counts. Throws: std::domain_error. Accuracy:
/// docs/accuracy.md.
[[nodiscard]] inline double probability_above(const objective& goal,
                                              const aggregate::counts& events, double burn_rate,
                                              const beta_prior& prior = {}) {
  constexpr const char* where = "slo::probability_above";
  relia::detail::require_non_negative(where, "burn_rate", burn_rate);
  relia::detail::require_positive(where, "prior.bad", prior.bad);
  relia::detail::require_positive(where, "prior.good", prior.good);
  const double ratio = burn_rate * goal.error_budget();
  if (ratio >= 1) return 0;
  return boost::math::ibetac(static_cast<double>(events.bad()) + prior.bad,
                             static_cast<double>(events.good()) + prior.good, ratio,
                             relia::detail::policy());
}

/// How many events without a failure show that the error ratio is below this one:
/// ln(1 - confidence_level) / ln(1 - error_ratio), rounded up. Domain: both in (0, 1). Throws:
/// std::domain_error.
[[nodiscard]] inline double events_without_failure(double error_ratio,
                                                   double confidence_level = 0.95) {
  constexpr const char* where = "slo::events_without_failure";
  relia::detail::require_open_fraction(where, "error_ratio", error_ratio);
  relia::detail::require_open_fraction(where, "confidence_level", confidence_level);
  return std::ceil(std::log1p(-confidence_level) / std::log1p(-error_ratio));
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::slo
