// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How fast do we notice, acknowledge, mitigate and resolve? MTTD, MTTA, MTTM and MTTR, each under
/// a named definition, because products differ: one drops what nobody acknowledged, another takes
/// the closing for the acknowledgement. The median comes first: repair times are log-normal with a
/// log deviation of 1.2 to 1.9, and their mean moves by a fifth from month to month by chance
/// alone. While incidents are open there is no mean, so a mean up to a stated time takes its place.
/// Ref: U. Olsson, Journal of Statistics Education 13 (2005); R. Brookmeyer, J. Crowley, Biometrics
/// 38 (1982) 29; S. Davidovic, "Incident Metrics in SRE" (2021), for what a mean can show.

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <relia/core/estimate.hpp>
#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/text.hpp>
#include <relia/incident/detail/log_normality.hpp>
#include <relia/incident/durations.hpp>
#include <relia/incident/timeline.hpp>
#include <relia/stats/mean.hpp>
#include <relia/stats/quantile.hpp>
#include <relia/stats/survival.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::incident {

/// Time to detect: from the start of the impact.
inline constexpr definition mttd_from_impact{"mttd", "from_impact", milestone::started,
                                             milestone::detected};
/// Time to acknowledge: from detection, or from the start of the impact.
inline constexpr definition mtta_from_detection{"mtta", "from_detection", milestone::detected,
                                                milestone::acknowledged};
inline constexpr definition mtta_from_impact{"mtta", "from_impact", milestone::started,
                                             milestone::acknowledged};
/// PagerDuty's mean_seconds_to_first_ack: from the trigger, here the detection; what nobody
/// acknowledged is left out.
inline constexpr definition mtta_pagerduty{"mtta",
                                           "pagerduty",
                                           milestone::detected,
                                           milestone::acknowledged,
                                           missing_stamp::leave_out,
                                           open_incidents::leave_out};
/// Opsgenie's global reports: closed alerts only, and one closed without acknowledgement counts as
/// acknowledged when it was closed.
inline constexpr definition mtta_opsgenie{"mtta",
                                          "opsgenie",
                                          milestone::detected,
                                          milestone::acknowledged,
                                          missing_stamp::use_resolved,
                                          open_incidents::closed_only};
/// Time to mitigate: until the impact ended.
inline constexpr definition mttm_from_impact{"mttm", "from_impact", milestone::started,
                                             milestone::mitigated};
inline constexpr definition mttm_from_detection{"mttm", "from_detection", milestone::detected,
                                                milestone::mitigated};
/// Time to resolve: from the start of the impact, from detection, or from acknowledgement.
inline constexpr definition mttr_from_impact{"mttr", "from_impact", milestone::started,
                                             milestone::resolved};
inline constexpr definition mttr_from_detection{"mttr", "from_detection", milestone::detected,
                                                milestone::resolved};
inline constexpr definition mttr_from_acknowledgement{"mttr", "from_acknowledgement",
                                                      milestone::acknowledged, milestone::resolved};
/// PagerDuty's mean_seconds_to_resolve: triggered until resolved; what is open is left out.
inline constexpr definition mttr_pagerduty{"mttr",
                                           "pagerduty",
                                           milestone::detected,
                                           milestone::resolved,
                                           missing_stamp::leave_out,
                                           open_incidents::leave_out};

inline constexpr std::array definitions{
    mttd_from_impact,    mtta_from_detection,       mtta_from_impact,    mtta_pagerduty,
    mtta_opsgenie,       mttm_from_impact,          mttm_from_detection, mttr_from_impact,
    mttr_from_detection, mttr_from_acknowledgement, mttr_pagerduty};

/// Modified Cox, Student's t where a duration is zero, and the restricted mean where one is open.
inline constexpr method automatic{"automatic"};

struct response_options {
  selection select{};
  std::optional<period> starting_in{};
  double confidence_level = 0.95;
  /// Of the mean while nothing is open: automatic, stats::modified_cox or stats::student_t.
  relia::method mean_method = automatic;
  /// Asks for the mean of the time until the end or until tau, whichever comes first. Without it,
  /// only open incidents force such a mean, up to the longest duration that has ended. Give the
  /// same tau to periods you compare.
  std::optional<real_seconds> tau{};
};

/// How long a phase takes. `mean` and `median` say by their method and notes how they were made.
/// `closed_mean` is the plain mean of what has ended, as most tools print it: too short while
/// incidents are open. `tau` is infinite when the mean has no such bound.
struct response_time {
  definition how{};
  estimate<real_seconds> median{};
  estimate<real_seconds> mean{};
  real_seconds closed_mean{relia::detail::limits_of<double>::nan};
  real_seconds tau = never;
  durations sample{};

  [[nodiscard]] count n() const noexcept { return sample.n(); }
  [[nodiscard]] count n_open() const noexcept { return sample.n_open(); }
};

namespace detail {

[[nodiscard]] inline estimate<real_seconds> in_seconds(estimate<double> e) {
  // No duration lies below zero, so a lower limit below it says nothing.
  return {real_seconds(e.value),
          {real_seconds(std::max(0.0, e.interval.lower)), real_seconds(e.interval.upper),
           e.interval.confidence_level},
          e.n,
          e.n_open,
          e.method,
          e.state,
          std::move(e.notes)};
}

[[nodiscard]] inline estimate<real_seconds> closed_mean(const std::vector<double>& seconds,
                                                        const response_options& options) {
  const count zeros = std::count(seconds.begin(), seconds.end(), 0.0);
  const bool cox = options.mean_method == stats::modified_cox ||
                   (options.mean_method == automatic && zeros == 0);
  estimate<double> e =
      stats::mean(seconds, {.confidence_level = options.confidence_level,
                            .method = cox ? stats::modified_cox : stats::student_t});
  if (options.mean_method == automatic && zeros > 0) {
    e.notes.push_back("durations of zero: " + relia::detail::to_text(zeros) +
                      "; so they are not log-normal, and Student's t interval is too narrow for "
                      "skewed durations");
  }
  if (cox) {
    const double misfit = log_normal_misfit(seconds);
    if (misfit > anderson_darling_critical) {
      e.notes.push_back("the durations do not look log-normal (Anderson-Darling " +
                        relia::detail::to_short_text(misfit) + ", at most " +
                        relia::detail::to_text(anderson_darling_critical) +
                        " in 95 % of such samples): prefer the median");
    }
  }
  return in_seconds(std::move(e));
}

/// What has been open for no time at all has no such mean.
[[nodiscard]] inline estimate<real_seconds> mean_up_to(const stats::kaplan_meier& curve,
                                                       real_seconds tau,
                                                       const stats::survival_options& level) {
  if (tau.count() == 0) {
    return no_data(stats::restricted_mean_area, level.confidence_level, real_seconds(0), never);
  }
  estimate<double> e = curve.restricted_mean(tau.count(), level);
  e.notes.push_back("the mean counts at most " + relia::detail::to_text(tau.count()) +
                    " s of each incident; still open: " + relia::detail::to_text(curve.n_open()));
  return in_seconds(std::move(e));
}

}  // namespace detail

/// How long a phase takes under a definition. While all have ended: the modified Cox mean and the
/// median between order statistics. While some are open: the Kaplan-Meier median with its
/// Brookmeyer-Crowley limits and the mean up to tau. No duration gives the state no_data.
/// Domain: confidence_level in (0, 1), tau positive. Throws: std::domain_error, also for a zero
/// duration under modified_cox; std::invalid_argument for a definition that runs backwards or
/// another mean_method. Cost: O(n log n).
[[nodiscard]] inline response_time time_to(const history& incidents, const definition& how,
                                           const response_options& options = {}) {
  constexpr std::string_view where = "incident::time_to";
  relia::detail::require_open_fraction(where, "confidence_level", options.confidence_level);
  relia::detail::require_argument(
      options.mean_method == automatic || options.mean_method == stats::modified_cox ||
          options.mean_method == stats::student_t,
      where, "mean_method", "automatic, modified_cox or student_t", options.mean_method.name);
  if (options.tau) relia::detail::require_positive(where, "tau", options.tau->count());
  response_time r;
  r.how = how;
  r.sample = measure(incidents, how, {options.select, options.starting_in});
  double longest = 0;
  double longest_ended = 0;
  double sum_ended = 0;
  for (std::size_t i = 0; i < r.sample.seconds.size(); ++i) {
    longest = std::max(longest, r.sample.seconds[i]);
    if (r.sample.ended[i] == 0) continue;
    longest_ended = std::max(longest_ended, r.sample.seconds[i]);
    sum_ended += r.sample.seconds[i];
  }
  const count ended = r.n() - r.n_open();
  if (ended > 0) r.closed_mean = real_seconds(sum_ended / static_cast<double>(ended));
  const stats::kaplan_meier curve(r.sample.seconds, r.sample.ended);
  const stats::survival_options level{.confidence_level = options.confidence_level};
  r.median = detail::in_seconds(
      r.n_open() > 0 ? curve.quantile(0.5, level)
                     : stats::quantile_interval(r.sample.seconds, 0.5,
                                                {.confidence_level = options.confidence_level}));
  if (options.tau) {
    r.tau = *options.tau;
  } else if (r.n_open() > 0) {
    r.tau = real_seconds(longest_ended > 0 ? longest_ended : longest);
  }
  r.mean = r.tau == never ? detail::closed_mean(r.sample.seconds, options)
                          : detail::mean_up_to(curve, r.tau, level);
  return r;
}

/// Mean (and median) time to detect, acknowledge, mitigate, resolve: time_to with the definition
/// that most would expect.
[[nodiscard]] inline response_time mttd(const history& incidents,
                                        const response_options& options = {}) {
  return time_to(incidents, mttd_from_impact, options);
}
[[nodiscard]] inline response_time mtta(const history& incidents,
                                        const response_options& options = {}) {
  return time_to(incidents, mtta_from_detection, options);
}
[[nodiscard]] inline response_time mttm(const history& incidents,
                                        const response_options& options = {}) {
  return time_to(incidents, mttm_from_impact, options);
}
[[nodiscard]] inline response_time mttr(const history& incidents,
                                        const response_options& options = {}) {
  return time_to(incidents, mttr_from_impact, options);
}

/// Every definition on the same incidents: how much of a figure is a choice of words.
[[nodiscard]] inline std::vector<response_time> every_definition(
    const history& incidents, const response_options& options = {}) {
  std::vector<response_time> all;
  all.reserve(definitions.size());
  for (const definition& how : definitions) all.push_back(time_to(incidents, how, options));
  return all;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::incident
