// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Quantiles of the beta and gamma distributions and tails of the binomial, for counts from 1 to
/// 1e18: Boost where it keeps its digits, the binomial sum where it does not, and the functions of
/// large shapes beyond.

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string_view>

#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include <relia/core/error.hpp>
#include <relia/core/estimate.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/policy.hpp>
#include <relia/detail/text.hpp>
#include <relia/stats/detail/large_shape.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::stats::detail {

/// The tail to leave out at each bounded end, below 1/2.
/// A one-sided level of 1/2 or less would put the bound on the wrong side of the estimate.
[[nodiscard]] inline double checked_tail(std::string_view where, double confidence_level, sides s) {
  if (s == sides::both) {
    relia::detail::require_open_fraction(where, "confidence_level", confidence_level);
  } else {
    relia::detail::require_domain(confidence_level > 0.5 && confidence_level < 1.0, where,
                                  "confidence_level", "in (0.5, 1) for a one-sided interval",
                                  confidence_level);
  }
  return tail_probability(confidence_level, s);
}

/// The interval with only the asked ends computed; the other is the end of the domain.
template <class Lower, class Upper>
[[nodiscard]] interval<double> make_interval(sides s, double confidence_level, double lowest,
                                             double highest, Lower lower, Upper upper) {
  return {s == sides::upper ? lowest : lower(), s == sides::lower ? highest : upper(),
          confidence_level};
}

/// The deviate of Student's t with probability `tail` above it.
[[nodiscard]] inline double student_deviate(double freedom, double tail) {
  const boost::math::students_t_distribution<double, policy> distribution(freedom);
  return boost::math::quantile(boost::math::complement(distribution, tail));
}

/// A fraction and what is left of 1, each with its own digits.
struct fraction {
  double value;
  double complement;

  [[nodiscard]] fraction mirrored() const { return {complement, value}; }
};

/// The value that a gamma(shape) variable of scale 1 stays below with probability `tail`.
[[nodiscard]] inline double gamma_below(double shape, double tail) {
  if (shape < large_shape) return boost::math::gamma_p_inv(shape, tail, policy());
  return shape + tail_offset(large_gamma{shape, -1}, -1, tail);
}

[[nodiscard]] inline double gamma_above(double shape, double tail) {
  if (shape < large_shape) return boost::math::gamma_q_inv(shape, tail, policy());
  return shape + tail_offset(large_gamma{shape, 1}, 1, tail);
}

/// The value that a beta(a, b) variable stays above with probability `tail`, from the gamma
/// distribution of the smaller shape: exact for the shape 1, a relative error near (a / b)^2 / 24.
/// Ref: M. E. Wise, "The Incomplete Beta Function as a Contour Integral", Biometrika 37 (1950).
[[nodiscard]] inline fraction gamma_limit_above(double a, double b, double tail) {
  const double g = a <= b ? gamma_above(a, tail) / (b + 0.5 * (a - 1))
                          : gamma_below(b, tail) / (a + 0.5 * (b - 1));
  const fraction p{-std::expm1(-g), std::exp(-g)};
  return a <= b ? p : p.mirrored();
}

/// The value that a beta(a, b) variable stays above with probability `tail`.
/// Domain: a > 0, b > 0, tail in (0, 1/2).
[[nodiscard]] inline fraction beta_above(double a, double b, double tail) {
  const auto [smaller, larger] = std::minmax(a, b);
  if (smaller >= large_shape) {
    const large_beta distribution{b, a};
    const double offset = tail_offset(distribution, -1, tail);
    return {distribution.rest - offset, distribution.mean + offset};
  }
  if (larger > 1e9 * std::max(1.0, smaller)) return gamma_limit_above(a, b, tail);
  fraction p{};
  p.value = boost::math::ibetac_inv(a, b, tail, &p.complement, policy());
  return p;
}

[[nodiscard]] inline fraction beta_below(double a, double b, double tail) {
  return beta_above(b, a, tail).mirrored();
}

/// k ln(expected / k) - excess, where excess = expected - k is known better than the difference.
[[nodiscard]] inline double deviance_term(double k, double expected, double excess) {
  return excess > -0.5 * k ? k * log1pmx(excess / k) : k * std::log(expected / k) - excess;
}

/// ln P(k successes, rest failures) of k + rest trials; both given, because the sum of a small and
/// a huge count may round.
[[nodiscard]] inline double log_binomial_pmf(double k, double rest, fraction p) {
  const double n = k + rest;
  const auto log_of = [](fraction f) {
    return f.value < 0.5 ? std::log(f.value) : std::log1p(-f.complement);
  };
  if (k == 0) return n * log_of(p.mirrored());
  if (rest == 0) return n * log_of(p);
  const double excess = p.value < 0.5 ? n * p.value - k : rest - n * p.complement;
  return deviance_term(k, n * p.value, excess) + deviance_term(rest, n * p.complement, -excess) +
         stirling_error(n) - stirling_error(k) - stirling_error(rest) -
         0.5 * std::log(2 * std::numbers::pi * k * (rest / n));
}

/// P(at most k successes) / P(k successes) of k + rest trials, k below the mean: some 10 sqrt(k)
/// terms count.
[[nodiscard]] inline double binomial_mills(double k, double rest, fraction p) {
  const double odds = p.complement / p.value;
  double term = 1;
  double sum = 1;
  for (double down = 0; down < k && term > 1e-18 * sum; ++down) {
    term *= (k - down) / (rest + down + 1) * odds;
    sum += term;
  }
  return sum;
}

/// P(at most k successes) of k + rest trials, k below the mean.
[[nodiscard]] inline double binomial_below(double k, double rest, fraction p) {
  if (std::min(k, rest) < large_shape) {
    return std::exp(log_binomial_pmf(k, rest, p)) * binomial_mills(k, rest, p);
  }
  // It is the probability that a beta(rest, k + 1) variable is at most 1 - p.
  const double n = k + rest;
  const large_beta distribution{rest, k + 1};
  const double offset = (k + 1 - (n + 1) * p.value) / (n + 1);
  return std::exp(distribution.log_density(offset)) * distribution.mills(offset);
}

/// P(X <= k) for X of binomial(n, p). Domain: k and n whole.
[[nodiscard]] inline double binomial_at_most(double k, double n, fraction p) {
  if (k < 0) return 0;
  if (k >= n) return 1;
  return k < n * p.value ? binomial_below(k, n - k, p)
                         : 1 - binomial_below(n - k - 1, k + 1, p.mirrored());
}

/// P(X >= k) for X of binomial(n, p).
[[nodiscard]] inline double binomial_at_least(double k, double n, fraction p) {
  return binomial_at_most(n - k, n, p.mirrored());
}

/// The probability of success under which at most x successes and at least y failures happen with
/// probability `tail`: Clopper and Pearson's upper limit. Domain: x >= 0, y >= 1, tail < 1/2.
/// Newton's method on the logarithm of the binomial sum, because Boost 1.74's beta quantile loses
/// half of the digits where x is small and y large.
[[nodiscard]] inline fraction exact_above(double x, double y, double tail) {
  if (std::min(x + 1, y) >= large_shape) return beta_above(x + 1, y, tail);
  fraction p = gamma_limit_above(x + 1, y, tail);
  for (int i = 0; i < 100; ++i) {
    const double mills = binomial_mills(x, y, p);
    const double excess = log_binomial_pmf(x, y, p) + std::log(mills) - std::log(tail);
    const double step =
        std::clamp(excess * mills * p.complement / y, -0.5 * p.value, 0.5 * p.complement);
    p = p.value < 0.5 ? fraction{p.value + step, 1 - (p.value + step)}
                      : fraction{1 - (p.complement - step), p.complement - step};
    if (std::abs(excess) < 1e-7) return p;  // quadratic: the step taken leaves 1e-14 of it
  }
  RELIA_RAISE(convergence_error, "relia::stats: the limit did not converge in 100 steps, at " +
                                     relia::detail::to_text(p.value));
}

/// Clopper and Pearson's lower limit: at least x successes and at most y failures. Domain: x >= 1.
[[nodiscard]] inline fraction exact_below(double x, double y, double tail) {
  return exact_above(y, x, tail).mirrored();
}

/// The two-sided p-value of a split into x and y: the probability under p of all splits that are no
/// more likely. Splits that agree to seven digits count as equally likely, as in R's binom.test.
/// The far tail starts where a bisection over the falling side of the distribution finds it.
[[nodiscard]] inline double likelihood_ordered_p_value(double x, double y, fraction p) {
  const double n = x + y;
  const double mean = n * p.value;
  if (n == 0 || x == mean) return 1;
  if (x > mean) return likelihood_ordered_p_value(y, x, p.mirrored());
  const double limit = log_binomial_pmf(x, y, p) + 1e-7;
  double likelier = std::ceil(mean) - 1;
  double beyond = n + 1;
  while (beyond - likelier > 1) {
    const double k = likelier + std::floor((beyond - likelier) / 2);
    if (k == likelier || k == beyond) break;  // neighbours beyond 2^53, where counts are rounded
    (log_binomial_pmf(k, n - k, p) <= limit ? beyond : likelier) = k;
  }
  return std::min(1.0, binomial_at_most(x, n, p) + binomial_at_least(beyond, n, p));
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::stats::detail
