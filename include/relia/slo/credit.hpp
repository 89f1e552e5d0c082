// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// What does a missed objective cost? The table of an agreement that gives back a part of the fee
/// for each target missed, and what it is expected to give back over possible ends of the period.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <relia/core/estimate.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/fraction.hpp>
#include <relia/detail/row.hpp>
#include <relia/slo/objective.hpp>
#include <relia/stats/detail/gaussian.hpp>
#include <relia/stats/detail/sum.hpp>
#include <relia/stats/proportion.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::slo {

/// The mean over simulated ends of the period; its interval is the error of the simulation.
inline constexpr method monte_carlo{"monte_carlo"};

/// Below this target, this share of the fee is given back.
struct credit_tier {
  objective target;
  double credit = 0;

  friend bool operator==(const credit_tier&, const credit_tier&) = default;
};

/// Tiers from the highest target to the lowest.
class credit_table {
 public:
  /// Domain: targets fall strictly, credits rise strictly within (0, 1]. Throws:
  /// std::invalid_argument, naming the tier.
  explicit credit_table(std::vector<credit_tier> tiers) : tiers_(std::move(tiers)) {
    relia::detail::require_argument(!tiers_.empty(), name, "tiers", "one or more", tiers_.size());
    for (std::size_t i = 0; i < tiers_.size(); ++i) {
      const bool falls =
          i == 0 || tiers_[i - 1].target.error_budget() < tiers_[i].target.error_budget();
      relia::detail::require_argument(falls, name, "targets", "from the highest to the lowest",
                                      relia::detail::row{i});
      const bool rises = tiers_[i].credit > (i == 0 ? 0 : tiers_[i - 1].credit);
      relia::detail::require_argument(rises && tiers_[i].credit <= 1, name, "credits",
                                      "rising, in (0, 1]", relia::detail::row{i});
    }
  }

  [[nodiscard]] std::span<const credit_tier> tiers() const noexcept { return tiers_; }

  /// How many targets are missed: tiers()[missed - 1] is the one that pays. Exactly on a target, in
  /// decimals, it is met. Domain: bad_fraction in [0, 1]. Throws: std::domain_error.
  [[nodiscard]] std::size_t missed(double bad_fraction) const {
    relia::detail::require_fraction("slo::credit_table::missed", "bad_fraction", bad_fraction);
    std::size_t n = 0;
    while (n < tiers_.size() &&
           !relia::detail::within(bad_fraction, tiers_[n].target.error_budget(), 1)) {
      ++n;
    }
    return n;
  }

  /// The share of the fee that is given back. Domain and Throws: as missed.
  [[nodiscard]] double credit(double bad_fraction) const {
    const std::size_t n = missed(bad_fraction);
    return n == 0 ? 0 : tiers_[n - 1].credit;
  }

 private:
  static constexpr const char* name = "slo::credit_table";

  std::vector<credit_tier> tiers_;
};

/// `credit`: the expected share of the fee given back. `probability`: of missing each target, in
/// the table's order; intervals are of the simulation (Clopper-Pearson).
struct credit_forecast {
  estimate<double> credit{};
  double monte_carlo_error = relia::detail::limits_of<double>::nan;
  std::vector<estimate<double>> probability{};
};

/// The credit to expect when the period may end with each of these bad fractions, equally likely:
/// simulated ends (budget_forecast::bad_fractions), or the months of past years. None gives the
/// state no_data.
/// Domain: bad fractions in [0, 1], confidence_level in (0, 1). Throws: std::domain_error.
[[nodiscard]] inline credit_forecast expected_credit(const credit_table& table,
                                                     std::span<const double> bad_fractions,
                                                     double confidence_level = 0.95) {
  relia::detail::require_open_fraction("slo::expected_credit", "confidence_level",
                                       confidence_level);
  credit_forecast result;
  result.credit = no_data<double>(monte_carlo, confidence_level, 0, 1);
  std::vector<count> missed(table.tiers().size(), 0);
  std::vector<double> credits;
  for (const double bad : bad_fractions) {
    const std::size_t n = table.missed(bad);
    for (std::size_t i = 0; i < n; ++i) ++missed[i];
    credits.push_back(n == 0 ? 0 : table.tiers()[n - 1].credit);
  }
  const auto n = static_cast<count>(credits.size());
  for (const count m : missed) {
    result.probability.push_back(stats::proportion(
        m, n, {.confidence_level = confidence_level, .method = stats::clopper_pearson}));
  }
  if (n == 0) return result;
  estimate<double>& e = result.credit;
  e.state = state::ok;
  e.n = n;
  if (n == 1) {
    e.value = credits[0];
    return result;
  }
  const auto moments = stats::detail::moments_of(credits);
  e.value = moments.mean;
  result.monte_carlo_error = moments.deviation / std::sqrt(static_cast<double>(n));
  const double z =
      -stats::detail::gaussian_quantile(tail_probability(confidence_level, sides::both));
  e.interval.lower = std::max(0.0, e.value - z * result.monte_carlo_error);
  e.interval.upper = std::min(1.0, e.value + z * result.monte_carlo_error);
  if (moments.deviation == 0) {
    e.notes.emplace_back("every end gives the same credit: the error is not 0, but unseen");
    // What was not seen in n ends has at most the probability of Clopper-Pearson's limit.
    const double unseen =
        stats::proportion(0, n,
                          {.confidence_level = confidence_level, .method = stats::clopper_pearson})
            .interval.upper;
    e.interval.lower = e.value * (1 - unseen);
    e.interval.upper = e.value + (1 - e.value) * unseen;
  }
  return result;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::slo
