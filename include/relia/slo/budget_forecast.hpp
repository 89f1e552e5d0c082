// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Will the budget last to the end of its period? The budget burns at a base rate, and now and then
/// an incident takes a piece of it. Possible futures are simulated: incidents arrive as a Poisson
/// process whose rate is known only as well as those seen allow (so their number is negative
/// binomial), and each costs what one of those seen did, redrawn in every future because so few
/// costs say little about the next.
///
/// Assumes that incidents come independently and cost as in the past; a dearer one than ever seen
/// is not foreseen. The period's own end limits the forecast: nothing comes back before it, as in
/// a calendar budget. Over simulated histories of three months the probabilities are right on
/// average, and their logarithmic score is 0.67 where that of a rate taken at its word is 0.70.
/// Ref: A. Gelman et al., Bayesian Data Analysis, 3rd ed. (2013), 2.6 and 2.8 (Jeffreys prior).

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <relia/core/estimate.hpp>
#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/fraction.hpp>
#include <relia/detail/row.hpp>
#include <relia/detail/text.hpp>
#include <relia/slo/objective.hpp>
#include <relia/stats/proportion.hpp>
#include <relia/stats/random.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::slo {

inline constexpr method compound_incidents{"compound_incidents"};

/// Where the budget stands. `spent`: share of the period's budget. `base_burn_rate`: outside
/// incidents, 1 spends the budget over the period; `base_error`: its standard error.
struct budget_position {
  double spent = 0;
  real_seconds left{0};
  real_seconds period{0};
  double base_burn_rate = 0;
  double base_error = 0;
};

/// The incidents of the past: what each cost, as a share of a period's budget, over the time in
/// which they were collected.
struct incident_history {
  std::vector<double> costs{};
  real_seconds observed{0};
};

/// `estimated_rate`: the rate of incidents is as uncertain as their number makes it (Jeffreys);
/// false takes number / observed as known, and the costs as the only ones there are.
struct budget_forecast_options {
  std::uint64_t seed = 0;
  count paths = 10'000;
  bool estimated_rate = true;
  double confidence_level = 0.95;  ///< of the Monte Carlo interval of probabilities
};

/// The rest of a period, as many possible ones.
class budget_forecast {
 public:
  /// Domain: spent at least 0; period positive; left from 0 to the period; base rate and error at
  /// least 0; costs positive; observed positive; paths at least 1. Throws: std::domain_error.
  /// Cost: O(paths incidents), the paths' memory.
  budget_forecast(const budget_position& now, const incident_history& incidents,
                  const budget_forecast_options& options = {})
      : now_(now), confidence_level_(options.confidence_level) {
    relia::detail::require_non_negative(name, "spent", now.spent);
    relia::detail::require_positive(name, "period", now.period.count());
    relia::detail::require_domain(now.left.count() >= 0 && now.left <= now.period, name, "left",
                                  "from 0 to the period", now.left.count());
    relia::detail::require_non_negative(name, "base_burn_rate", now.base_burn_rate);
    relia::detail::require_non_negative(name, "base_error", now.base_error);
    relia::detail::require_positive(name, "observed", incidents.observed.count());
    for (std::size_t i = 0; i < incidents.costs.size(); ++i) {
      const bool positive = incidents.costs[i] > 0 && relia::detail::is_finite(incidents.costs[i]);
      relia::detail::require_domain(positive, name, "costs", "positive and finite",
                                    relia::detail::row{i});
    }
    const double expected =
        static_cast<double>(incidents.costs.size()) * (now.left / incidents.observed);
    relia::detail::require_domain(expected <= most_incidents, name, "the incidents to expect",
                                  "at most a million (are `left` and `observed` in one unit?)",
                                  expected);
    relia::detail::require_positive_count(name, "paths", options.paths);
    relia::detail::require_open_fraction(name, "confidence_level", options.confidence_level);
    if (incidents.costs.empty()) {
      const double one = -std::expm1(std::log(0.05) * (now.left / incidents.observed));
      notes_.push_back(
          "no incident seen, only the base rate is forecast: one comes with a "
          "probability of up to " +
          relia::detail::to_short_text(one) + " (95 %)");
    } else if (incidents.costs.size() < few) {
      notes_.push_back("the costs of " + relia::detail::to_text(incidents.costs.size()) +
                       " incidents stand for all to come");
    }
    ends_.reserve(static_cast<std::size_t>(options.paths));
    times_.reserve(ends_.capacity());
    for (std::size_t path = 0; path < ends_.capacity(); ++path) follow(path, incidents, options);
    std::sort(ends_.begin(), ends_.end());
    std::sort(times_.begin(), times_.end());
  }

  /// The probability that the period ends within its budget; exactly on it is within, in decimals.
  /// The interval is the Monte Carlo error of the paths (Clopper-Pearson).
  [[nodiscard]] estimate<double> within() const {
    const auto over = std::partition_point(
        ends_.begin(), ends_.end(), [](double end) { return relia::detail::within(end, 1, 1); });
    return share(over - ends_.begin());
  }

  /// The probability that nothing is left of it within this time from now. Domain: from 0 to
  /// `left`. Throws: std::domain_error.
  [[nodiscard]] estimate<double> exhausted(real_seconds after) const {
    relia::detail::require_domain(after.count() >= 0 && after <= now_.left,
                                  "slo::budget_forecast::exhausted", "after",
                                  "from 0 to the time left", after.count());
    const auto end = std::upper_bound(times_.begin(), times_.end(), after.count());
    return share(end - times_.begin());
  }

  /// One standard error that the simulation adds to a probability.
  [[nodiscard]] double monte_carlo_error(double probability) const {
    relia::detail::require_fraction("slo::budget_forecast::monte_carlo_error", "probability",
                                    probability);
    return std::sqrt(probability * (1 - probability) / static_cast<double>(ends_.size()));
  }

  /// Until nothing is left: the median, and the interval that holds this share of the futures. An
  /// end is infinite where the budget outlasts the period. Domain: coverage in (0, 1). Throws:
  /// std::domain_error.
  [[nodiscard]] estimate<real_seconds> time_to_exhaustion(double coverage = 0.9) const {
    const auto at = [&](double level) { return real_seconds(quantile(times_, level)); };
    return predicted<real_seconds>("slo::budget_forecast::time_to_exhaustion", coverage, at);
  }

  /// The share of the budget left at the end, negative when overspent: the median, and the interval
  /// that holds this share of the futures. Domain and Throws: as time_to_exhaustion.
  [[nodiscard]] estimate<double> remaining(double coverage = 0.9) const {
    const auto at = [&](double level) { return 1 - quantile(ends_, 1 - level); };
    return predicted<double>("slo::budget_forecast::remaining", coverage, at);
  }

  /// The share spent at the end of each path, sorted.
  [[nodiscard]] std::span<const double> spent() const noexcept { return ends_; }
  /// Seconds until each path has nothing left, sorted; infinite for those that keep something.
  [[nodiscard]] std::span<const double> times() const noexcept { return times_; }

  /// The bad fraction of the whole period on each path, 1 at most: what an agreement is held to.
  [[nodiscard]] std::vector<double> bad_fractions(const objective& goal) const {
    std::vector<double> all;
    all.reserve(ends_.size());
    for (const double spent : ends_) all.push_back(std::min(1.0, spent * goal.error_budget()));
    return all;
  }

  [[nodiscard]] const budget_position& now() const noexcept { return now_; }
  [[nodiscard]] const std::vector<std::string>& notes() const noexcept { return notes_; }

 private:
  static constexpr const char* name = "slo::budget_forecast";
  static constexpr std::size_t few = 10;
  static constexpr double most_incidents = 1e6;
  /// Where a path keeps the draws that redraw the history of costs.
  static constexpr std::uint64_t redrawn = std::uint64_t{1} << 40;

  void follow(std::uint64_t path, const incident_history& incidents,
              const budget_forecast_options& options) {
    const stats::random_stream random(options.seed, path);
    const double end = now_.left.count();
    const double rate =
        std::max(0.0, now_.base_burn_rate +
                          (now_.base_error > 0 ? now_.base_error * random.normal(0) : 0.0)) /
        now_.period.count();
    const std::uint64_t known = incidents.costs.size();
    // Given what was seen, the next gap is a gamma mixture of exponentials (Lomax), and each
    // arrival is seen in turn: together a negative binomial number of incidents.
    double shape = static_cast<double>(known) + 0.5;
    double seen = incidents.observed.count();
    double spent = now_.spent;
    double t = 0;
    double gone = spent >= 1 ? 0 : never.count();
    for (std::uint64_t i = 0; t < end; ++i) {
      double gap = end - t;
      if (known > 0) {
        const double draw = random.exponential(2 * i + 1);
        gap = options.estimated_rate ? seen * std::expm1(draw / shape)
                                     : draw * seen / static_cast<double>(known);
      }
      const bool incident = gap < end - t;
      const double until = incident ? t + gap : end;
      const double before = spent;
      spent += rate * (until - t);
      if (gone == never.count() && spent >= 1) gone = t + (1 - before) / rate;
      t = until;
      if (!incident) break;
      spent += cost_of(random, i, incidents.costs, options.estimated_rate);
      if (gone == never.count() && spent >= 1) gone = t;
      if (options.estimated_rate) {
        shape += 1;
        seen += gap;
      }
    }
    ends_.push_back(spent);
    times_.push_back(gone);
  }

  [[nodiscard]] static double cost_of(const stats::random_stream& random, std::uint64_t incident,
                                      std::span<const double> costs, bool estimated) {
    const std::uint64_t pick = random.below(2 * incident + 2, costs.size());
    return costs[estimated ? random.below(redrawn + pick, costs.size()) : pick];
  }

  /// The smallest value that at least this share of the paths do not exceed.
  [[nodiscard]] static double quantile(std::span<const double> sorted, double level) {
    // The level's own rounding must not move a whole rank to the next.
    const double rank = std::ceil(level * static_cast<double>(sorted.size()) * (1 - 1e-12));
    return sorted[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
  }

  template <class T, class At>
  [[nodiscard]] estimate<T> predicted(const char* where, double coverage, const At& at) const {
    relia::detail::require_open_fraction(where, "coverage", coverage);
    estimate<T> e;
    e.value = at(0.5);
    e.interval = {at((1 - coverage) / 2), at((1 + coverage) / 2), coverage};
    e.n = static_cast<count>(ends_.size());
    e.method = compound_incidents;
    e.notes = notes_;
    return e;
  }

  [[nodiscard]] estimate<double> share(std::ptrdiff_t paths) const {
    estimate<double> e = stats::proportion(
        static_cast<count>(paths), static_cast<count>(ends_.size()),
        {.confidence_level = confidence_level_, .method = stats::clopper_pearson});
    e.method = compound_incidents;
    e.notes = notes_;
    return e;
  }

  budget_position now_;
  double confidence_level_;
  std::vector<std::string> notes_;
  std::vector<double> ends_;
  std::vector<double> times_;
};

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::slo
