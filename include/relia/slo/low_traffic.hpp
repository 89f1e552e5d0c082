// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Burn alerts that hold at any traffic. At 30 requests an hour a single failure fires the
/// workbook's pages twelve times a month while only half of the budget is being spent. Here each
/// tier also asks for evidence, and the knob is what people feel: false pages a quarter.
///
/// A false page needs a cluster of bad events that completes a significant count, so that pages are
/// at most as frequent as clusters * P(the window before, and the cluster, hold as many). For N
/// clusters of a window and Y as in clustered_tail that is rate * P(N >= Y), for each tier.
/// Steady traffic is assumed; slo/simulate.hpp judges the rest.

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/slo/detail/clustered_tail.hpp>
#include <relia/slo/objective.hpp>
#include <relia/slo/policy.hpp>
#include <relia/slo/significance.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::slo {

/// A quarter of a mean year.
inline constexpr duration quarter = std::chrono::minutes(1461 * 90);

/// How many false pages are too many: `false_pages_per_quarter` while the budget burns at no more
/// than `burn_rate`. `dispersion`: variance over mean of the bad events (slo/dispersion.hpp).
struct page_allowance {
  double false_pages_per_quarter = 0.4;
  double burn_rate = 0.5;
  double dispersion = 1.0;
};

/// The workbook's pages and one for a quarter of an hour, which spends 1 % of the budget: with few
/// events, short windows need fewer failures.
inline constexpr std::array<budget_tier, 5> low_traffic_tiers{{
    {0.01, std::chrono::minutes(15), std::chrono::minutes(3), severity::page},
    workbook_tiers[0],
    workbook_tiers[1],
    workbook_tiers[2],
    workbook_tiers[3],
}};

namespace detail {

/// False pages of one tier, as traffic varies.
class false_page_curve {
 public:
  /// `p_value`: of the tier's evidence against burn rate 1.
  false_page_curve(const tier& t, double p_value, double quiet, double dispersion,
                   std::span<const double> factorials)
      : hours_(real_seconds(t.long_window) / std::chrono::hours(1)),
        quiet_(quiet),
        dispersion_(dispersion) {
    double batches = p_value < 1 ? -std::log1p(-p_value) : never.count();
    double largest = 0;
    for (std::size_t k = 1; k + 1 < factorials.size(); ++k) {
      const auto n = static_cast<double>(k);
      const clustered_tail tail(k, dispersion, factorials);
      if (k > 1 && p_value < 1) batches = tail.batches_for(p_value, batches);
      const bool enough = static_cast<count>(k) >= t.min_failures;
      // The largest budget of the window at which k bad events fire: by evidence, and by the
      // factor.
      const double significant = events_of(batches, dispersion);
      ends_.push_back(enough ? std::min(significant, n / t.factor) : 0.0);
      tails_.push_back(tail);
      const double rate = enough ? at(ends_.back()) : 0.0;
      largest = std::max(largest, rate);
      if (enough && significant * t.factor >= n && rate < 1e-3 * largest) break;
    }
  }

  /// The budgets an hour at which the count that fires steps up: where false pages are most.
  [[nodiscard]] std::vector<double> peaks() const {
    std::vector<double> result;
    for (const double e : ends_) {
      if (e > 0) result.push_back(e / hours_);
    }
    return result;
  }

  /// `budget_per_hour`: bad events an hour at burn rate 1. Nothing beyond the counts looked at.
  [[nodiscard]] double pages_per_hour(double budget_per_hour) const noexcept {
    return at(budget_per_hour * hours_) / hours_;
  }

 private:
  /// Pages per window.
  [[nodiscard]] double at(double budget) const noexcept {
    const auto end = std::lower_bound(ends_.begin(), ends_.end(), budget * (1 - 1e-12));
    const double batches = batches_of(budget * quiet_, dispersion_);
    if (end == ends_.end() || !(batches > 0)) return 0;
    return batches *
           tails_[static_cast<std::size_t>(end - ends_.begin())].at(batches).with_one_more;
  }

  double hours_;
  double quiet_;
  double dispersion_;
  std::vector<double> ends_{};
  std::vector<clustered_tail> tails_{};
};

/// Counts beyond this many are not looked at: the burn rate has long decided.
inline constexpr std::size_t most_failures = 1000;

/// `slowest`: the burn rate that is worth a page.
inline void require_allowance(const char* where, const page_allowance& allowed,
                              double slowest = 1) {
  relia::detail::require_positive(where, "false_pages_per_quarter",
                                  allowed.false_pages_per_quarter);
  relia::detail::require_domain(allowed.burn_rate > 0 && allowed.burn_rate < slowest, where,
                                "burn_rate",
                                "above 0 and below " + relia::detail::to_text(slowest) +
                                    ": a page at a faster burn is not false",
                                allowed.burn_rate);
  relia::detail::require_domain(allowed.dispersion >= 1 && allowed.dispersion <= 1e6, where,
                                "dispersion", "from 1 to 1e6", allowed.dispersion);
}

/// The most false alerts an hour of some tiers together, over all traffic.
[[nodiscard]] inline double most_false_alerts(std::span<const false_page_curve> curves) {
  double most = 0;
  for (const false_page_curve& peaking : curves) {
    for (const double budget : peaking.peaks()) {
      double sum = 0;
      for (const false_page_curve& c : curves) sum += c.pages_per_hour(budget);
      most = std::max(most, sum);
    }
  }
  return most;
}

/// Gives the tiers of one severity the evidence that meets the allowance: p-values in proportion to
/// the long windows, so that each window is wrong about as often a month.
inline void allot_evidence(policy& p, severity s, const page_allowance& allowed,
                           std::span<const double> factorials) {
  const double hours_per_quarter = real_seconds(quarter) / std::chrono::hours(1);
  const auto p_value = [](const tier& t, double per_hour) {
    return std::min(0.5, per_hour * (real_seconds(t.long_window) / std::chrono::hours(1)));
  };
  const auto false_alerts = [&](double per_hour) {
    std::vector<false_page_curve> curves;
    for (const tier& t : p.tiers) {
      if (t.severity != s) continue;
      curves.emplace_back(t, p_value(t, per_hour), allowed.burn_rate, allowed.dispersion,
                          factorials);
    }
    return most_false_alerts(curves) * hours_per_quarter;
  };
  // Nearly proportional to the p-values, with steps where critical counts change.
  double met = 0;
  double missed = 0;
  double per_hour = 1e-4;
  for (int i = 0; i < 40 && !(met > 0 && (missed > 0 ? missed < 1.02 * met : met > 0.5)); ++i) {
    const double ratio = false_alerts(per_hour) / allowed.false_pages_per_quarter;
    (ratio <= 1 ? met : missed) = per_hour;
    const double guess = per_hour / std::clamp(ratio, 1e-3, 1e3) * (ratio > 1 ? 0.99 : 1.01);
    const bool inside = guess > met && (missed == 0 || guess < missed);
    const bool bracketed = met > 0 && missed > 0;
    per_hour = bracketed && !(inside && i < 6) ? std::sqrt(met * missed) : guess;
  }
  for (tier& t : p.tiers) {
    if (t.severity == s) t.evidence = {p_value(t, met), 1.0, allowed.dispersion};
  }
}

}  // namespace detail

/// How many pages a quarter a policy can be expected to send, at most, while the budget burns at
/// `burn_rate`: bad events in clusters (see above), steady traffic, the evidence of the tiers as it
/// is. Pages of two tiers count twice. Domain: events_per_hour >= 0, burn_rate in (0, 1).
/// Throws: std::domain_error.
[[nodiscard]] inline double false_pages_per_quarter(const policy& p, const objective& goal,
                                                    double events_per_hour, double burn_rate = 0.5,
                                                    double dispersion = 1.0) {
  constexpr const char* where = "slo::false_pages_per_quarter";
  relia::detail::require_non_negative(where, "events_per_hour", events_per_hour);
  detail::require_allowance(where, {1, burn_rate, dispersion});
  const std::vector<double> factorials = detail::log_factorials(detail::most_failures);
  double sum = 0;
  for (const tier& t : p.tiers) {
    if (t.severity != severity::page) continue;
    detail::require_tier(where, t);
    (void)significance(t.evidence, 1);
    const detail::false_page_curve curve(t, t.evidence.p_value, burn_rate, dispersion, factorials);
    sum += curve.pages_per_hour(events_per_hour * goal.error_budget());
  }
  return sum * (real_seconds(quarter) / std::chrono::hours(1));
}

/// The policy with evidence for every tier, so that at no traffic its pages are false more often
/// than allowed; its tickets neither. Throws: std::domain_error.
[[nodiscard]] inline policy with_evidence(policy p, const page_allowance& allowed = {}) {
  constexpr const char* where = "slo::with_evidence";
  detail::require_allowance(where, allowed);
  for (const tier& t : p.tiers) detail::require_tier(where, t);
  const std::vector<double> factorials = detail::log_factorials(detail::most_failures);
  for (const severity s : {severity::page, severity::ticket}) {
    if (std::any_of(p.tiers.begin(), p.tiers.end(),
                    [s](const tier& t) { return t.severity == s; })) {
      detail::allot_evidence(p, s, allowed, factorials);
    }
  }
  return p;
}

/// The recommended policy for traffic that is, or may become, low. Throws: as from_budget_shares.
[[nodiscard]] inline policy low_traffic(duration period, const page_allowance& allowed = {}) {
  return with_evidence(from_budget_shares("low_traffic", period, low_traffic_tiers), allowed);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::slo
