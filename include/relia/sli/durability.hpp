// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How many nines of durability do we know? Objects lost of objects stored, as the probability that
/// an object is lost within a year. No loss is no proof: of n objects kept for a year without one,
/// 95 % sure is 3 / n. Assumes that objects are lost one by one; where one failed disk takes many,
/// count the failures and the placement groups, not the objects.
/// A year is 365.2425 days.
/// Ref: F. Garwood, Biometrika 28 (1936); C. J. Clopper, E. S. Pearson, Biometrika 26 (1934).

#include <chrono>
#include <cmath>

#include <relia/core/estimate.hpp>
#include <relia/core/real.hpp>
#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/text.hpp>
#include <relia/stats/detail/tail.hpp>
#include <relia/stats/proportion.hpp>
#include <relia/stats/rate.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::sli {

/// `method`: stats::garwood, losses at a constant rate per object and time, right also where
/// objects come and go (pass their mean number); or stats::clopper_pearson, a fixed set of objects
/// each lost or kept.
struct durability_options {
  double confidence_level = 0.95;
  relia::method method = stats::garwood;
  relia::sides sides = relia::sides::both;
};

namespace detail {

inline constexpr std::chrono::duration<double> year = std::chrono::years(1);

}  // namespace detail

/// The probability that an object is lost within a year: 1 - durability, which keeps its digits at
/// eleven nines. No objects give the state no_data and [0, 1].
/// Domain: 0 <= lost, for clopper_pearson lost <= objects; watched positive; confidence_level in
/// (0, 1), above 0.5 for one side.
/// Throws: std::domain_error; std::invalid_argument for another method. Accuracy: docs/accuracy.md.
[[nodiscard]] inline estimate<double> annual_loss(count lost, count objects, duration watched,
                                                  const durability_options& options = {}) {
  constexpr const char* where = "sli::annual_loss";
  relia::detail::require_non_negative_count(where, "lost", lost);
  relia::detail::require_non_negative_count(where, "objects", objects);
  relia::detail::require_domain(watched > duration{0}, where, "watched", "positive",
                                watched.count());
  const bool poisson = options.method == stats::garwood;
  relia::detail::require_argument(poisson || options.method == stats::clopper_pearson, where,
                                  "method", "garwood or clopper_pearson", options.method.name);
  const double years = real_seconds(watched) / detail::year;
  const double level = options.confidence_level;
  if (objects == 0) {
    relia::detail::require_domain(lost == 0, where, "lost", "0 where there are no objects", lost);
    (void)stats::detail::checked_tail(where, level, options.sides);
    return no_data<double>(options.method, level, 0, 1);
  }
  estimate<double> e;
  if (poisson) {
    e = stats::rate(lost, static_cast<double>(objects) * years,
                    {.confidence_level = level, .sides = options.sides});
    const auto within_a_year = [](double rate) { return -std::expm1(-rate); };
    e.value = within_a_year(e.value);
    e.interval.lower = within_a_year(e.interval.lower);
    e.interval.upper = within_a_year(e.interval.upper);
  } else {
    e = stats::proportion(
        lost, objects,
        {.confidence_level = level, .method = stats::clopper_pearson, .sides = options.sides});
    const auto within_a_year = [years](double p) { return -std::expm1(std::log1p(-p) / years); };
    e.value = within_a_year(e.value);
    e.interval.lower = within_a_year(e.interval.lower);
    e.interval.upper = within_a_year(e.interval.upper);
  }
  e.n = objects;
  return e;
}

/// How many object-years with no more than `lost` losses show that the annual loss is below `loss`,
/// one-sided: for eleven nines and no loss, 3e11. Domain: loss and confidence_level in (0, 1),
/// lost >= 0. Throws: std::domain_error.
[[nodiscard]] inline double object_years_needed(double loss, count lost = 0,
                                                double confidence_level = 0.95) {
  constexpr const char* where = "sli::object_years_needed";
  relia::detail::require_open_fraction(where, "loss", loss);
  relia::detail::require_non_negative_count(where, "lost", lost);
  const double tail = stats::detail::checked_tail(where, confidence_level, relia::sides::upper);
  return stats::detail::gamma_above(static_cast<double>(lost) + 1, tail) / -std::log1p(-loss);
}

/// The number of nines of 1 - loss: 11 for 1e-11, 3.3 for 0.0005, infinite for 0.
/// Domain: [0, 1]. Throws: std::domain_error.
[[nodiscard]] inline double nines(double loss) {
  relia::detail::require_fraction("sli::nines", "loss", loss);
  return loss == 1 ? 0.0 : -std::log10(loss);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::sli
