// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How sure is a fraction: 3 failed deployments of 40, 2 bad requests of a billion? Independent
/// trials with one probability. Wilson is the default: its coverage is near the level on average,
/// but with few successes or failures one limit of it can cover 80 % where 95 % were asked.
/// Clopper-Pearson never covers less than the level: use it for compliance and for gates on few
/// events. Jeffreys lies between.
/// Trials that share an outage are not independent: use the block bootstrap for them.
/// Near 1, pass the failures instead: a limit on 1e-9 keeps its digits, one on 1 - 1e-9 does not.
/// Ref: L. D. Brown, T. T. Cai, A. DasGupta, "Interval Estimation for a Binomial Proportion",
/// Statistical Science 16 (2001).

#include <algorithm>
#include <cmath>
#include <string_view>

#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/text.hpp>
#include <relia/stats/detail/tail.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::stats {

/// E. B. Wilson (1927), JASA 22, 209-212: the score interval.
inline constexpr method wilson{"wilson"};
/// C. J. Clopper, E. S. Pearson (1934), Biometrika 26, 404-413: exact, at least the level.
inline constexpr method clopper_pearson{"clopper_pearson"};
/// Equal tails of the posterior under the prior beta(1/2, 1/2); 0 at no success, 1 at no failure.
inline constexpr method jeffreys{"jeffreys"};
/// R. G. Newcombe (1998), Statistics in Medicine 17, 873-890, method 10: the hybrid score interval.
inline constexpr method newcombe{"newcombe"};

struct proportion_options {
  double confidence_level = 0.95;
  relia::method method = wilson;
  relia::sides sides = relia::sides::both;
};

struct proportion_difference_options {
  double confidence_level = 0.95;
  relia::sides sides = relia::sides::both;
};

namespace detail {

/// The roots of Wilson's quadratic, as a quotient or a product of roots so that nothing cancels.
struct score {
  double successes, failures, deviate;
  double n = successes + failures;
  double root = std::sqrt(deviate * deviate + 4 * successes * (failures / n));
  double sum = 2 * successes + deviate * deviate + deviate * root;

  [[nodiscard]] double lower() const {
    return successes == 0 ? 0 : 2 * successes * (successes / n) / sum;
  }

  [[nodiscard]] double upper() const {
    if (successes > failures) return 1 - mirrored().lower();
    return sum / (2 * (n + deviate * deviate));
  }

  /// successes / n - lower().
  [[nodiscard]] double below() const {
    return successes == 0 ? 0 : successes / n * deviate * (deviate + root) / sum;
  }

  /// upper() - successes / n.
  [[nodiscard]] double above() const { return mirrored().below(); }

  [[nodiscard]] score mirrored() const { return {failures, successes, deviate}; }
};

inline void require_trials(std::string_view where, std::string_view successes_name, count successes,
                           count trials) {
  relia::detail::require_non_negative_count(where, "trials", trials);
  relia::detail::require_domain(successes >= 0 && successes <= trials, where, successes_name,
                                "from 0 to the number of trials, " + relia::detail::to_text(trials),
                                successes);
}

/// s1 / n1 - s2 / n2, by exact products: the difference of two nearly equal fractions keeps its
/// digits up to 2^53 trials.
[[nodiscard]] inline double fraction_difference(double s1, double n1, double s2, double n2) {
  const double first = s1 * n2;
  const double second = s2 * n1;
  const double rest = std::fma(s1, n2, -first) - std::fma(s2, n1, -second);
  return ((first - second) + rest) / n1 / n2;
}

}  // namespace detail

/// The fraction of trials that succeeded, with its interval; no trials give the state no_data and
/// [0, 1].
/// Domain: 0 <= successes <= trials; confidence_level in (0, 1), above 0.5 for one side.
/// Throws: std::domain_error; std::invalid_argument for another method. Accuracy: docs/accuracy.md.
/// Ref: Brown, Cai, DasGupta (2001), 3.1.1 (Wilson), 3.1.3 (Jeffreys), 4.2.1 (Clopper-Pearson).
[[nodiscard]] inline estimate<double> proportion(count successes, count trials,
                                                 const proportion_options& options = {}) {
  constexpr std::string_view where = "stats::proportion";
  detail::require_trials(where, "successes", successes, trials);
  const double tail = detail::checked_tail(where, options.confidence_level, options.sides);
  const bool by_score = options.method == wilson;
  const bool exact = options.method == clopper_pearson;
  relia::detail::require_argument(by_score || exact || options.method == jeffreys, where, "method",
                                  "wilson, clopper_pearson or jeffreys", options.method.name);
  if (trials == 0) return no_data<double>(options.method, options.confidence_level, 0, 1);

  const auto x = static_cast<double>(successes);
  const auto y = static_cast<double>(trials - successes);
  estimate<double> e;
  e.value = x / static_cast<double>(trials);
  e.n = trials;
  e.method = options.method;
  if (by_score) {
    const detail::score limits{x, y, detail::normal_deviate(tail)};
    e.interval = detail::make_interval(
        options.sides, options.confidence_level, 0, 1, [&] { return limits.lower(); },
        [&] { return limits.upper(); });
    if (std::min(x, y) < 5) {
      e.notes.emplace_back(
          "fewer than 5 successes or failures: one Wilson limit can cover 80 % where 95 % were "
          "asked; clopper_pearson covers at least its level");
    }
  } else {
    const auto lower = [&] {
      return exact ? detail::exact_below(x, y, tail) : detail::beta_below(x + 0.5, y + 0.5, tail);
    };
    const auto upper = [&] {
      return exact ? detail::exact_above(x, y, tail) : detail::beta_above(x + 0.5, y + 0.5, tail);
    };
    e.interval = detail::make_interval(
        options.sides, options.confidence_level, 0, 1, [&] { return x == 0 ? 0 : lower().value; },
        [&] { return y == 0 ? 1 : upper().value; });
  }
  return e;
}

/// The first fraction minus the second, with Newcombe's interval; it holds 0 when the data do not
/// tell them apart. No trials on a side give the state no_data and [-1, 1].
/// Domain: 0 <= successes <= trials for each, trials below 2^63 together; confidence_level as for
/// proportion.
/// Throws: std::domain_error. Accuracy: docs/accuracy.md. Ref: Newcombe (1998), method 10.
[[nodiscard]] inline estimate<double> proportion_difference(
    count successes1, count trials1, count successes2, count trials2,
    const proportion_difference_options& options = {}) {
  constexpr std::string_view where = "stats::proportion_difference";
  detail::require_trials(where, "successes1", successes1, trials1);
  detail::require_trials(where, "successes2", successes2, trials2);
  const double tail = detail::checked_tail(where, options.confidence_level, options.sides);
  if (trials1 == 0 || trials2 == 0) {
    return no_data<double>(newcombe, options.confidence_level, -1, 1);
  }
  const double deviate = detail::normal_deviate(tail);
  const auto limits = [deviate](count successes, count trials) {
    return detail::score{static_cast<double>(successes), static_cast<double>(trials - successes),
                         deviate};
  };
  const detail::score first = limits(successes1, trials1);
  const detail::score second = limits(successes2, trials2);
  estimate<double> e;
  e.value = detail::fraction_difference(first.successes, first.n, second.successes, second.n);
  e.n = relia::detail::sum_of_counts(where, "trials1 + trials2", trials1, trials2);
  e.method = newcombe;
  e.interval = detail::make_interval(
      options.sides, options.confidence_level, -1, 1,
      [&] { return e.value - std::hypot(first.below(), second.above()); },
      [&] { return e.value + std::hypot(first.above(), second.below()); });
  return e;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::stats
