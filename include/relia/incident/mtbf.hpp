// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// How often does it break? Mean time between failures with chi-square limits, which zero failures
/// still give a lower limit; the rate of incidents, whose interval widens when they come in
/// clusters, as they do in every public history; and the unavailability that failures and repairs
/// amount to in the long run.
/// Ref: B. Epstein, M. Sobel, JASA 48 (1953) 486, for the limits of an exponential mean.

#include <algorithm>
#include <chrono>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <relia/core/estimate.hpp>
#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/text.hpp>
#include <relia/incident/downtime.hpp>
#include <relia/incident/timeline.hpp>
#include <relia/stats/detail/tail.hpp>
#include <relia/stats/rate.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::incident {

/// The limits of an exponential mean: 2 T / chi2.
inline constexpr method chi_square{"chi_square"};
/// Exponential times up and down: the ratio of their means has F(2 r, 2 r) limits.
inline constexpr method f_ratio{"f_ratio"};

struct mtbf_options {
  double confidence_level = 0.95;
  relia::sides sides = relia::sides::both;
  /// Whether the exposure ended at a time set beforehand, or at the last failure.
  stats::stopping stopping = stats::stopping::at_time;
};

/// Mean time between failures: exposure / failures, with exact limits if times between failures are
/// exponential. No failure gives an infinite value and a lower limit. No exposure gives no_data.
/// Domain: failures >= 0, at least 1 when stopped at a failure; exposure >= 0 and finite, positive
/// when there are failures; confidence_level in (0, 1), above 0.5 for one side.
/// Throws: std::domain_error. Accuracy: docs/accuracy.md. Ref: Epstein and Sobel (1953).
[[nodiscard]] inline estimate<real_seconds> mtbf(count failures, real_seconds exposure,
                                                 const mtbf_options& options = {}) {
  constexpr std::string_view where = "incident::mtbf";
  relia::detail::require_non_negative_count(where, "failures", failures);
  relia::detail::require_non_negative(where, "exposure", exposure.count());
  relia::detail::require_domain(failures == 0 || exposure.count() > 0, where, "exposure",
                                "positive when there are failures", exposure.count());
  relia::detail::require_domain(failures > 0 || options.stopping == stats::stopping::at_time, where,
                                "failures", "at least 1 when the exposure stops at a failure",
                                failures);
  relia::detail::require_open_fraction(where, "confidence_level", options.confidence_level);
  // A long time between failures is a low rate: the sides change places.
  const sides mirrored = options.sides == sides::lower   ? sides::upper
                         : options.sides == sides::upper ? sides::lower
                                                         : sides::both;
  const estimate<double> rate = stats::rate(failures, exposure.count(),
                                            {options.confidence_level, mirrored, options.stopping});
  if (!rate.has_value()) {
    return no_data(chi_square, options.confidence_level, real_seconds(0), never);
  }
  estimate<real_seconds> e;
  e.value = failures == 0 ? never : exposure / static_cast<double>(failures);
  e.interval = {real_seconds(1 / rate.interval.upper), real_seconds(1 / rate.interval.lower),
                options.confidence_level};
  e.n = failures;
  e.method = chi_square;
  if (failures == 0) e.notes.emplace_back("no failures: only the lower limit is known");
  return e;
}

/// Of a measured window: time up over the episodes that began in it. Overlapping incidents are one
/// failure. Throws: as above.
[[nodiscard]] inline estimate<real_seconds> mtbf(const downtime_report& measured,
                                                 const mtbf_options& options = {}) {
  return mtbf(measured.failures, real_seconds(measured.up()), options);
}

struct long_run_options {
  double confidence_level = 0.95;
};

/// The unavailability that repairs of this length after failures this often amount to: downtime /
/// (uptime + downtime), with limits if both are exponential. For planning; of a finished period the
/// downtime is a census. No failure says nothing about repairs: no_data.
/// Domain: failures >= 0; uptime, downtime positive and finite when there are failures.
/// Throws: std::domain_error. Accuracy: docs/accuracy.md.
[[nodiscard]] inline estimate<double> long_run_unavailability(
    count failures, real_seconds uptime, real_seconds downtime,
    const long_run_options& options = {}) {
  constexpr std::string_view where = "incident::long_run_unavailability";
  relia::detail::require_non_negative_count(where, "failures", failures);
  relia::detail::require_open_fraction(where, "confidence_level", options.confidence_level);
  if (failures == 0) return no_data(f_ratio, options.confidence_level, 0.0, 1.0);
  relia::detail::require_positive(where, "uptime", uptime.count());
  relia::detail::require_positive(where, "downtime", downtime.count());
  const double ratio = downtime / uptime;
  const auto r = static_cast<double>(failures);
  // F / (1 + F) is beta(r, r), symmetric about 1/2: one quantile and its complement give both ends.
  const double tail = tail_probability(options.confidence_level, relia::sides::both);
  const auto [below, above] = stats::detail::beta_below(r, r, tail);
  const auto part_of_whole = [](double x) { return 1 / (1 + 1 / x); };
  estimate<double> e;
  e.value = part_of_whole(ratio);
  e.interval = {part_of_whole(ratio * (below / above)), part_of_whole(ratio * (above / below)),
                options.confidence_level};
  e.n = failures;
  e.method = f_ratio;
  return e;
}

struct incident_rate_options {
  selection select{};
  double confidence_level = 0.95;
  duration per = std::chrono::days(30);   ///< the unit of time of the answer
  duration slice = std::chrono::days(7);  ///< the periods that show whether incidents cluster
};

/// Incidents per unit of time. `dispersion`: variance over mean of the slices' counts, 1 if
/// incidents come singly; NaN where it could not be seen. `p_value`: how often single incidents
/// would vary so much.
struct incident_rate_result {
  estimate<double> rate{};
  period window{};  ///< the window asked for, up to as_of
  duration per{};
  double dispersion = std::numeric_limits<double>::quiet_NaN();
  double p_value = std::numeric_limits<double>::quiet_NaN();
};

/// How often incidents start. Garwood's exact limits; where the slices show clusters (dispersion
/// above 1 at p < 0.05), quasi-Poisson limits instead. An incident without a start counts by its
/// first known stamp. A window that had not begun at as_of has no data.
/// Domain: per and slice positive; confidence_level in (0, 1). Throws: std::domain_error. Cost:
/// O(n + slices).
[[nodiscard]] inline incident_rate_result incident_rate(const history& incidents,
                                                        const period& window,
                                                        const incident_rate_options& options = {}) {
  constexpr std::string_view where = "incident::incident_rate";
  relia::detail::require_domain(options.per > duration{0}, where, "per", "positive, in nanoseconds",
                                options.per.count());
  relia::detail::require_open_fraction(where, "confidence_level", options.confidence_level);
  relia::detail::require_domain(options.slice > duration{0}, where, "slice",
                                "positive, in nanoseconds", options.slice.count());
  incident_rate_result result;
  result.per = options.per;
  result.window = {window.from(), std::clamp(incidents.as_of(), window.from(), window.to())};
  const duration length = result.window.length();
  const auto whole = static_cast<std::size_t>(length / options.slice);
  // What is left of the window after whole slices joins the last one.
  const std::size_t slices = std::max<std::size_t>(whole, 1);
  std::vector<count> events(slices, 0);
  count total = 0;
  for (const timeline& t : incidents.kept()) {
    const std::optional<instant> first = t.first_known();
    if (!first || !result.window.contains(*first) || !options.select.matches(t)) continue;
    const auto at = static_cast<std::size_t>((*first - window.from()) / options.slice);
    ++events[std::min(at, slices - 1)];
    ++total;
  }
  const double units = real_seconds(length) / real_seconds(options.per);
  result.rate = stats::rate(total, units, {.confidence_level = options.confidence_level});
  if (slices < 2 || total == 0) {
    result.rate.notes.emplace_back("too little to see whether incidents come in clusters");
    return result;
  }
  const double slice = real_seconds(options.slice) / real_seconds(options.per);
  std::vector<double> exposure(slices, slice);
  exposure.back() = units - slice * static_cast<double>(slices - 1);
  const stats::quasi_poisson_result clustered =
      stats::quasi_poisson_rate(events, exposure, {.confidence_level = options.confidence_level});
  result.dispersion = clustered.dispersion;
  result.p_value = clustered.p_value;
  if (clustered.dispersion > 1 && clustered.p_value < 0.05) {
    result.rate.interval = clustered.rate.interval;
    result.rate.method = clustered.rate.method;
    result.rate.notes.push_back("incidents come in clusters: their number varies " +
                                relia::detail::to_short_text(clustered.dispersion) +
                                " times as much as if they came singly");
  }
  return result;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::incident
