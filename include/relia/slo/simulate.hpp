// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How often would this policy wake somebody for nothing, and how late would it wake somebody for
/// an outage? Policies are run over simulated traffic (event_trace.hpp), one evaluation a step. A
/// page is a rising edge of the OR of all that pages. Policies given together meet the same
/// traffic, so that their difference is surer than either figure.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include <relia/core/estimate.hpp>
#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/slo/burn_rate.hpp>
#include <relia/slo/detail/watch.hpp>
#include <relia/slo/event_trace.hpp>
#include <relia/slo/objective.hpp>
#include <relia/slo/policy.hpp>
#include <relia/stats/quantile.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::slo {

/// The page tiers and page rules of a policy, asked step by step over a trace, as evaluate() asks
/// them at the rows of a series. Windows are whole steps, rounded up.
class policy_alarm {
 public:
  /// Throws: std::domain_error for a step that is not positive, and as slo::evaluate.
  policy_alarm(const policy& p, const objective& goal, duration step = std::chrono::minutes(1),
               before_start unseen = before_start::clean)
      : step_(step), unseen_(unseen) {
    constexpr const char* where = "slo::policy_alarm";
    relia::detail::require_domain(step > duration{0}, where, "step", "positive", step.count());
    std::vector<detail::watch> all = detail::watches_of(where, p, goal);
    for (std::size_t k = 0; k < all.size(); ++k) {
      if (severity_of(p, k) != severity::page) continue;
      std::vector<window> windows;
      for (const duration w : all[k].lengths()) {
        windows.push_back({w, static_cast<std::size_t>((w + step - duration{1}) / step)});
      }
      windows_.push_back(std::move(windows));
      watches_.push_back(std::move(all[k]));
    }
  }

  /// Does anything that pages fire at step i? To be asked in the order of the steps.
  [[nodiscard]] bool operator()(const event_trace& events, std::size_t i) noexcept {
    const duration seen = step_ * static_cast<duration::rep>(i + 1);
    bool firing = false;
    for (std::size_t k = 0; k < watches_.size(); ++k) {
      const auto sum = [&](std::size_t slot) noexcept {
        const window& w = windows_[k][slot];
        return detail::window_sum(events.bad(i, w.steps), events.valid(i, w.steps), w.length, seen,
                                  unseen_);
      };
      firing = watches_[k].update(instant(seen), sum) || firing;
    }
    return firing;
  }

 private:
  struct window {
    duration length;
    std::size_t steps;
  };

  duration step_;
  before_start unseen_;
  std::vector<detail::watch> watches_{};
  std::vector<std::vector<window>> windows_{};
};

/// `length`: of each replicate, after `warm_up`, which has the same error ratio and counts no page.
struct page_options {
  std::uint64_t seed = 0;
  count replicates = 300;
  duration length = std::chrono::days(30);
  duration warm_up = std::chrono::hours(12);
  duration step = std::chrono::minutes(1);
};

/// Pages per replicate: the mean, and its Monte Carlo error (one standard deviation).
struct page_rate {
  double mean = 0;
  double standard_error = 0;
  count pages = 0;
};

/// `before`: the error ratio until the outage begins, at the end of the warm-up. `horizon`: an
/// outage that is not detected by then counts as never detected.
struct detection_options {
  std::uint64_t seed = 0;
  count replicates = 2000;
  double before = 0;
  duration warm_up = std::chrono::hours(12);
  duration horizon = std::chrono::hours(72);
  duration step = std::chrono::minutes(1);
};

/// Seconds from the start of an outage to the evaluation that fires: the median with its interval
/// (order statistics, 95 %), the 90 % quantile, and the fraction detected at all.
struct detection {
  estimate<double> median{};
  double quantile_90 = never.count();
  double detected = 0;
};

namespace detail {

inline void require_simulation(const char* where, double error_ratio, count replicates,
                               duration step) {
  relia::detail::require_fraction(where, "error_ratio", error_ratio);
  relia::detail::require_positive_count(where, "replicates", replicates);
  relia::detail::require_domain(step > duration{0}, where, "step", "positive", step.count());
}

}  // namespace detail

/// How often each alarm pages while the error ratio is constant. `Alarm`: copied for each
/// replicate, then called with a trace and each step in turn. Throws: std::domain_error,
/// std::invalid_argument. Cost: O(replicates * steps * alarms).
template <class Alarm>
[[nodiscard]] std::vector<page_rate> page_rates(std::span<const Alarm> alarms, const workload& load,
                                                double error_ratio,
                                                const page_options& options = {}) {
  constexpr const char* where = "slo::page_rates";
  detail::require_workload(where, load);
  detail::require_simulation(where, error_ratio, options.replicates, options.step);
  const auto warm_up = static_cast<std::size_t>(options.warm_up / options.step);
  const auto steps = static_cast<std::size_t>(options.length / options.step);
  const detail::step_draws draws(load, error_ratio, options.step);
  std::vector<page_rate> result(alarms.size());
  std::vector<double> squares(alarms.size());
  for (count r = 0; r < options.replicates; ++r) {
    event_trace events(options.seed, static_cast<std::uint64_t>(r), options.step);
    events.append(draws, warm_up + steps);
    for (std::size_t a = 0; a < alarms.size(); ++a) {
      Alarm alarm = alarms[a];
      bool firing = false;
      for (std::size_t i = 0; i < warm_up; ++i) firing = alarm(events, i);
      count pages = 0;
      for (std::size_t i = warm_up; i < warm_up + steps; ++i) {
        const bool now = alarm(events, i);
        pages += now && !firing ? 1 : 0;
        firing = now;
      }
      result[a].pages += pages;
      squares[a] += static_cast<double>(pages * pages);
    }
  }
  const auto n = static_cast<double>(options.replicates);
  for (std::size_t a = 0; a < alarms.size(); ++a) {
    result[a].mean = static_cast<double>(result[a].pages) / n;
    const double variance = std::max(0.0, squares[a] / n - result[a].mean * result[a].mean);
    result[a].standard_error = n > 1 ? std::sqrt(variance / (n - 1)) : never.count();
  }
  return result;
}

/// How late each alarm fires in an outage of this error ratio, which begins with a step. Throws: as
/// page_rates.
template <class Alarm>
[[nodiscard]] std::vector<detection> detection_times(std::span<const Alarm> alarms,
                                                     const workload& load, double error_ratio,
                                                     const detection_options& options = {}) {
  constexpr const char* where = "slo::detection_times";
  detail::require_workload(where, load);
  detail::require_simulation(where, error_ratio, options.replicates, options.step);
  relia::detail::require_fraction(where, "before", options.before);
  const auto warm_up = static_cast<std::size_t>(options.warm_up / options.step);
  const auto horizon = static_cast<std::size_t>(options.horizon / options.step);
  const detail::step_draws calm(load, options.before, options.step);
  const detail::step_draws outage(load, error_ratio, options.step);
  std::vector<std::vector<double>> times(alarms.size());
  for (count r = 0; r < options.replicates; ++r) {
    event_trace events(options.seed, static_cast<std::uint64_t>(r), options.step);
    events.append(calm, warm_up);
    for (std::size_t a = 0; a < alarms.size(); ++a) {
      Alarm alarm = alarms[a];
      for (std::size_t i = 0; i < warm_up; ++i) (void)alarm(events, i);
      double seconds = never.count();
      for (std::size_t i = 0; i < horizon; ++i) {
        if (warm_up + i == events.size()) events.append(outage, std::min<std::size_t>(i + 8, 256));
        if (!alarm(events, warm_up + i)) continue;
        seconds = static_cast<double>(i + 1) * real_seconds(options.step).count();
        break;
      }
      times[a].push_back(seconds);
    }
  }
  std::vector<detection> result(alarms.size());
  for (std::size_t a = 0; a < alarms.size(); ++a) {
    result[a].median = stats::quantile_interval(times[a], 0.5);
    result[a].quantile_90 = stats::quantile(times[a], 0.9);
    const auto found =
        std::count_if(times[a].begin(), times[a].end(), [](double t) { return t < never.count(); });
    result[a].detected = static_cast<double>(found) / static_cast<double>(options.replicates);
  }
  return result;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::slo
