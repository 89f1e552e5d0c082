// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// An alert without windows: after every step the evidence that the budget has begun to burn, at
/// whatever rate and since whenever. Valid at any time and any traffic: while the budget burns at
/// no more than the quiet rate, the mean time to a false page is at least what was asked for.
///
/// Each candidate burn rate tilts the counts of a step by z: the factor z^bad / E[z^bad] has the
/// mean 1 at the quiet rate and less below it (an e-value), so that the Shiryaev-Roberts sum
/// R <- (R + 1) * factor grows by at most 1 a step on average, and so does its mixture over the
/// candidates. It pages when the mixture reaches the steps between two false pages.
/// Ref: J. Shin, A. Ramdas, A. Rinaldo, "E-detectors: a nonparametric framework for sequential
/// change detection", New England J. Stat. Data Sci. 2 (2023), theorem 2.4.

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>

#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/slo/detail/clustered_tail.hpp>
#include <relia/slo/low_traffic.hpp>
#include <relia/slo/objective.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::slo {

/// `slowest`: the slowest burn rate that it looks for; pages of the workbook begin at 6.
struct sequential_options {
  page_allowance allowed{};
  double slowest = 6;
  duration step = std::chrono::minutes(1);
};

/// The test as a stream: one call a step, O(1), no allocation.
class sequential_test {
 public:
  /// Domain: 0 < allowed.burn_rate < slowest <= 1 / error budget, the rest as for with_evidence;
  /// step positive. Throws: std::domain_error.
  explicit sequential_test(const objective& goal, const sequential_options& options = {}) {
    constexpr const char* where = "slo::sequential_test";
    const page_allowance& allowed = options.allowed;
    const double fastest = 1 / goal.error_budget();
    relia::detail::require_domain(options.slowest > 0 && options.slowest <= fastest, where,
                                  "slowest", "positive, and at most 1 / error budget",
                                  options.slowest);
    detail::require_allowance(where, allowed, options.slowest);
    relia::detail::require_domain(options.step > duration{0}, where, "step", "positive",
                                  options.step.count());
    threshold_ =
        real_seconds(quarter) / real_seconds(options.step) / allowed.false_pages_per_quarter;
    const double again = (allowed.dispersion - 1) / (allowed.dispersion + 1);
    const double quiet = goal.error_budget() * allowed.burn_rate;
    for (std::size_t j = 0; j < candidates; ++j) {
      const double part = static_cast<double>(j) / (candidates - 1);
      const double rate = options.slowest * std::pow(fastest / options.slowest, part);
      // The tilt that is best against this rate: the burn rates' ratio for single events, and less
      // for clusters, whose generating function ends at 1 / again.
      const double k = rate / allowed.burn_rate;
      const double c = (1 - again) * (1 - again);
      const double z = 2 * k / (2 * k * again + c + std::sqrt(c * (4 * k * again + c)));
      log_tilt_[j] = std::log(z);
      cost_[j] = again == 0 ? std::log1p(quiet * (z - 1))
                            : batches_cost(quiet, allowed.dispersion, again, z);
    }
  }

  /// The counts of one step. True while it pages: from when the threshold is reached until the
  /// evidence has fallen to a hundredth of it; then it starts anew.
  bool record(count bad, count valid) noexcept {
    double sum = 0;
    for (std::size_t j = 0; j < candidates; ++j) {
      const double gain =
          static_cast<double>(bad) * log_tilt_[j] - static_cast<double>(valid) * cost_[j];
      // Capped, so that it ends soon after the errors do; a lower sum pages no sooner.
      sums_[j] = std::min((sums_[j] + 1) * std::exp(gain), 10 * threshold_ * candidates);
      sum += sums_[j];
    }
    evidence_ = sum / candidates;
    if (evidence_ >= threshold_ && bad > 0) firing_ = true;
    if (firing_ && evidence_ < 0.01 * threshold_) {
      firing_ = false;
      sums_ = {};
      evidence_ = 0;
    }
    return firing_;
  }

  /// The mixture; at most the steps so far, on average, while the budget burns quietly.
  [[nodiscard]] double evidence() const noexcept { return evidence_; }
  [[nodiscard]] double threshold() const noexcept { return threshold_; }

  /// For slo/simulate.hpp: step i of a trace, in order.
  template <class Trace>
  [[nodiscard]] bool operator()(const Trace& events, std::size_t i) noexcept {
    return record(events.bad(i, 1), events.valid(i, 1));
  }

 private:
  static constexpr std::size_t candidates = 12;

  [[nodiscard]] static double batches_cost(double quiet, double dispersion, double again,
                                           double z) noexcept {
    return detail::batches_of(quiet, dispersion) * ((z - 1) / (1 - again * z));
  }

  std::array<double, candidates> log_tilt_{};
  std::array<double, candidates> cost_{};
  std::array<double, candidates> sums_{};
  double threshold_ = 0;
  double evidence_ = 0;
  bool firing_ = false;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::slo
