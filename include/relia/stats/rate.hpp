// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How often does it happen: 3 incidents in 12 service-months, 0 in a year? Poisson events over an
/// exposure, several periods whose counts vary more than Poisson allows, and the ratio of two
/// rates. An incident that pages three times makes counts overdispersed: give the periods apart to
/// quasi_poisson_rate, which measures that and widens the interval.
/// Ref: F. Garwood, "Fiducial Limits for the Poisson Distribution", Biometrika 28 (1936);
/// P. McCullagh, J. A. Nelder, "Generalized Linear Models", 2nd ed. (1989), 6.2.3.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>

#include <boost/math/special_functions/gamma.hpp>

#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/text.hpp>
#include <relia/stats/detail/sum.hpp>
#include <relia/stats/detail/tail.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::stats {

/// Garwood (1936): exact, covers at least the level.
inline constexpr method garwood{"garwood"};
/// The limits exp(ln rate -+ q sqrt(dispersion / events)), q of Student's t with one degree of
/// freedom less than there are periods. In simulations of 6 periods at twice and five times the
/// Poisson variance (mean 20) it covers 97 and 95 %; the normal deviate covers 92 and 89 %.
inline constexpr method quasi_poisson{"quasi_poisson"};
/// The same with the normal deviate, as most tables print it.
inline constexpr method quasi_poisson_normal{"quasi_poisson_normal"};
/// Clopper-Pearson on how the events split, given their number.
inline constexpr method exact_conditional{"exact_conditional"};

/// When the exposure ended: at a fixed time, or at the last event.
enum class stopping { at_time, at_event };

struct rate_options {
  double confidence_level = 0.95;
  relia::sides sides = relia::sides::both;
  stats::stopping stopping = stats::stopping::at_time;
};

struct quasi_poisson_options {
  double confidence_level = 0.95;
  relia::method method = quasi_poisson;
  relia::sides sides = relia::sides::both;
};

struct rate_ratio_options {
  double confidence_level = 0.95;
  relia::sides sides = relia::sides::both;
};

/// A rate over several periods. `dispersion`: variance over mean (Pearson), 1 for Poisson events,
/// NaN with fewer than two periods or no event. `p_value`: how often Poisson counts would vary this
/// much or more.
struct quasi_poisson_result {
  estimate<double> rate;
  double dispersion = std::numeric_limits<double>::quiet_NaN();
  double p_value = std::numeric_limits<double>::quiet_NaN();
};

/// Events per unit of exposure, with Garwood's exact interval. No event in an exposure of 0 gives
/// the state no_data and [0, infinity). The mean time between events is the reciprocal of each
/// figure.
/// Domain: events >= 0; exposure >= 0 and finite, positive when there are events; stopping at_event
/// needs an event; confidence_level in (0, 1), above 0.5 for one side.
/// Throws: std::domain_error. Accuracy: docs/accuracy.md. Ref: Garwood (1936).
[[nodiscard]] inline estimate<double> rate(count events, double exposure,
                                           const rate_options& options = {}) {
  constexpr std::string_view where = "stats::rate";
  constexpr double infinity = std::numeric_limits<double>::infinity();
  relia::detail::require_non_negative_count(where, "events", events);
  relia::detail::require_non_negative(where, "exposure", exposure);
  const double tail = detail::checked_tail(where, options.confidence_level, options.sides);
  const bool at_event = options.stopping == stopping::at_event;
  relia::detail::require_domain(!at_event || events > 0, where, "events",
                                "at least 1 when the exposure stops at an event", events);
  if (events == 0 && exposure == 0) {
    return no_data<double>(garwood, options.confidence_level, 0, infinity);
  }
  relia::detail::require_positive(where, "exposure", exposure);

  const auto x = static_cast<double>(events);
  estimate<double> e;
  e.value = x / exposure;
  e.n = events;
  e.method = garwood;
  e.interval = detail::make_interval(
      options.sides, options.confidence_level, 0, infinity,
      [&] { return events == 0 ? 0 : detail::gamma_below(x, tail) / exposure; },
      [&] { return detail::gamma_above(at_event ? x : x + 1, tail) / exposure; });
  return e;
}

/// Events per unit of exposure over several periods whose counts may vary more than Poisson counts
/// do; the dispersion widens the interval and never narrows it. No period gives the state no_data;
/// one period cannot show the dispersion, so the interval is [0, infinity); no event gives
/// Garwood's interval.
/// Domain: sizes equal; each count >= 0, each exposure positive and finite, and so their sums and
/// the dispersion; confidence_level as for rate.
/// Throws: std::domain_error; std::invalid_argument for unequal sizes or another method.
/// Cost: O(periods). Accuracy: docs/accuracy.md. Ref: McCullagh and Nelder (1989), 6.2.3.
[[nodiscard]] inline quasi_poisson_result quasi_poisson_rate(
    std::span<const count> events, std::span<const double> exposure,
    const quasi_poisson_options& options = {}) {
  constexpr std::string_view where = "stats::quasi_poisson_rate";
  constexpr double infinity = std::numeric_limits<double>::infinity();
  relia::detail::require_same_size(where, "exposure", exposure.size(), events.size());
  const double tail = detail::checked_tail(where, options.confidence_level, options.sides);
  relia::detail::require_argument(
      options.method == quasi_poisson || options.method == quasi_poisson_normal, where, "method",
      "quasi_poisson or quasi_poisson_normal", options.method.name);
  count total = 0;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const auto at = [i](const char* name) {
      return std::string(name) + "[" + relia::detail::to_text(i) + "]";
    };
    if (events[i] < 0) [[unlikely]] {
      relia::detail::refuse_domain(where, at("events"), "at least 0", events[i]);
    }
    if (!(exposure[i] > 0 && relia::detail::is_finite(exposure[i]))) [[unlikely]] {
      relia::detail::refuse_domain(where, at("exposure"), "positive and finite", exposure[i]);
    }
    total = relia::detail::sum_of_counts(where, "the sum of events", total, events[i]);
  }
  const std::size_t periods = events.size();
  quasi_poisson_result result;
  result.rate = no_data<double>(options.method, options.confidence_level, 0, infinity);
  if (periods == 0) return result;

  const auto x = static_cast<double>(total);
  const double time = detail::compensated_sum(periods, [&](std::size_t i) { return exposure[i]; });
  relia::detail::require_finite(where, "the sum of exposure", time);
  estimate<double>& e = result.rate;
  e.state = state::ok;
  e.value = x / time;
  e.n = total;
  if (total == 0) {
    e.interval =
        rate(0, time, {.confidence_level = options.confidence_level, .sides = options.sides})
            .interval;
    e.notes.emplace_back("no events: the dispersion is unknown, and the limit is Garwood's");
    return result;
  }
  if (periods == 1) {
    e.notes.emplace_back("one period: the dispersion is unknown, so the rate has no limits");
    return result;
  }
  const double chi_squared = detail::compensated_sum(periods, [&](std::size_t i) {
    const double expected = e.value * exposure[i];
    const double excess = static_cast<double>(events[i]) - expected;
    return excess * (excess / expected);
  });
  const auto freedom = static_cast<double>(periods - 1);
  result.dispersion = chi_squared / freedom;
  relia::detail::require_finite(where, "the dispersion", result.dispersion);
  result.p_value = boost::math::gamma_q(0.5 * freedom, 0.5 * chi_squared, relia::detail::policy());
  const double deviate = options.method == quasi_poisson ? detail::student_deviate(freedom, tail)
                                                         : detail::normal_deviate(tail);
  const double distance = deviate * std::sqrt(std::max(1.0, result.dispersion) / x);
  e.interval = detail::make_interval(
      options.sides, options.confidence_level, 0, infinity,
      [&] { return e.value * std::exp(-distance); }, [&] { return e.value * std::exp(distance); });
  return result;
}

/// The first rate over the second, exact given the total number of events: Clopper-Pearson limits
/// of the split, as odds. No event on the second side gives an infinite value; none on either gives
/// the state no_data and [0, infinity).
/// Domain: events >= 0, their sum below 2^63; exposures and their ratio positive and finite;
/// confidence_level as for rate. Throws: std::domain_error. Accuracy: docs/accuracy.md.
/// Ref: J. Przyborowski, H. Wilenski, Biometrika 31 (1940), 313-323.
[[nodiscard]] inline estimate<double> rate_ratio(count events1, double exposure1, count events2,
                                                 double exposure2,
                                                 const rate_ratio_options& options = {}) {
  constexpr std::string_view where = "stats::rate_ratio";
  constexpr double infinity = std::numeric_limits<double>::infinity();
  relia::detail::require_non_negative_count(where, "events1", events1);
  relia::detail::require_positive(where, "exposure1", exposure1);
  relia::detail::require_non_negative_count(where, "events2", events2);
  relia::detail::require_positive(where, "exposure2", exposure2);
  const double tail = detail::checked_tail(where, options.confidence_level, options.sides);
  if (events1 == 0 && events2 == 0) {
    return no_data<double>(exact_conditional, options.confidence_level, 0, infinity);
  }
  const auto x = static_cast<double>(events1);
  const auto y = static_cast<double>(events2);
  const double scale = exposure2 / exposure1;
  relia::detail::require_positive(where, "exposure2 / exposure1", scale);
  const auto odds = [scale](const detail::fraction& p) { return p.value / p.complement * scale; };
  estimate<double> e;
  e.value = x / y * scale;
  e.n = relia::detail::sum_of_counts(where, "events1 + events2", events1, events2);
  e.method = exact_conditional;
  e.interval = detail::make_interval(
      options.sides, options.confidence_level, 0, infinity,
      [&] { return events1 == 0 ? 0 : odds(detail::exact_below(x, y, tail)); },
      [&] { return events2 == 0 ? infinity : odds(detail::exact_above(x, y, tail)); });
  return e;
}

/// How often two equal rates would split the events as unevenly as this or more: the two-sided
/// exact conditional test, where "as unevenly" means "no more likely", as in R's poisson.test. 1
/// when there are no events.
/// Domain and Throws: as rate_ratio. Cost: O(log(events)). Accuracy: docs/accuracy.md.
[[nodiscard]] inline double rate_ratio_p_value(count events1, double exposure1, count events2,
                                               double exposure2) {
  constexpr std::string_view where = "stats::rate_ratio_p_value";
  relia::detail::require_non_negative_count(where, "events1", events1);
  relia::detail::require_positive(where, "exposure1", exposure1);
  relia::detail::require_non_negative_count(where, "events2", events2);
  relia::detail::require_positive(where, "exposure2", exposure2);
  const detail::fraction p{1 / (1 + exposure2 / exposure1), 1 / (1 + exposure1 / exposure2)};
  return detail::likelihood_ordered_p_value(static_cast<double>(events1),
                                            static_cast<double>(events2), p);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::stats
