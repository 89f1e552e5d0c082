// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// The alerting policies that other tools come with, so that a team can see what its own rules do
/// and what another tool's would have done. They are reproduced, factors below 1 included: lint()
/// says what is wrong with them. Every one fires at its factor, where those tools want more.
/// Ref: the tools' sources and documentation as of 2026; Google SRE workbook (2018), chapter 5.

#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/text.hpp>
#include <relia/slo/condition.hpp>
#include <relia/slo/policy.hpp>
#include <relia/slo/tier.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::slo {

/// Sloth: the workbook's budget shares for 30 and 28 days, 0.933 as the last factor of 28; for 7
/// days its example file, 8, 12.5, 20 and 42 %. Throws: std::domain_error for another period.
[[nodiscard]] inline policy sloth(duration period) {
  const std::chrono::days week(7);
  relia::detail::require_domain(
      period == 4 * week || period == std::chrono::days(30) || period == week, "slo::sloth",
      "period", "7, 28 or 30 days (in nanoseconds)", period.count());
  std::array<budget_tier, 4> tiers = workbook_tiers;
  if (period == week) {
    constexpr std::array<double, 4> shares{0.08, 0.125, 0.2, 0.42};
    for (std::size_t k = 0; k < tiers.size(); ++k) tiers[k].budget_share = shares[k];
  }
  return from_budget_shares("sloth", period, tiers, below_one::keep);
}

namespace detail {

/// The windows of the workbook with factors of one's own.
[[nodiscard]] inline policy workbook_windows(std::string name, duration period,
                                             const std::array<double, 4>& factors) {
  policy p{std::move(name), period, {}, {}, {}};
  for (std::size_t k = 0; k < factors.size(); ++k) {
    const budget_tier& t = workbook_tiers[k];
    p.tiers.push_back({t.long_window, t.short_window, factors[k], t.severity});
  }
  return p;
}

[[nodiscard]] inline tier one_window(duration window, double factor, severity s) {
  return {window, window, factor, s};
}

}  // namespace detail

/// Pyrra: 14, 7, 2 and 1 for any period, with windows and hold times that are fractions of it, in
/// whole minutes. Throws: std::domain_error below 2.8 days, where a window is rounded to nothing.
[[nodiscard]] inline policy pyrra(duration period) {
  using std::chrono::minutes;
  const auto part = [period](int of) {
    return minutes((period / of + std::chrono::seconds(30)) / minutes(1));
  };
  relia::detail::require_domain(part(8064) > minutes(0), "slo::pyrra", "period",
                                "at least 2.8 days, or its short window is rounded to 0 min (in "
                                "nanoseconds)",
                                period.count());
  policy p{"pyrra", period, {}, {}, {}};
  struct parts {
    int wide, narrow, held;  ///< of the period
    double factor;
  };
  constexpr std::array<parts, 4> rows{
      {{672, 8064, 20160, 14}, {112, 1344, 2688, 7}, {28, 336, 672, 2}, {7, 112, 224, 1}}};
  for (const parts& r : rows) {
    tier t{part(r.wide), part(r.narrow), r.factor,
           r.factor > 2 ? severity::page : severity::ticket};
    t.hold = part(r.held);
    p.tiers.push_back(t);
  }
  return p;
}

/// Grafana SLO: 14.4, 6, 3 and 1 whatever the period, with the smallest number of failures that is
/// an option there.
[[nodiscard]] inline policy grafana(duration period, count min_failures = 1) {
  policy p = detail::workbook_windows("grafana", period, {14.4, 6, 3, 1});
  for (tier& t : p.tiers) t.min_failures = min_failures;
  return p;
}

/// Elastic's burn rate rule: 14.4, 6, 3 and 1 whatever the period.
[[nodiscard]] inline policy elastic(duration period) {
  return detail::workbook_windows("elastic", period, {14.4, 6, 3, 1});
}

/// slo-exporter over four weeks: 13.44, 5.6, 2.8 and 1; pages need more than 5 failures in 1 h and
/// 10 in 6 h. Its weighting by traffic is not reproduced: effective_burn_rate computes it.
[[nodiscard]] inline policy slo_exporter() {
  policy p = detail::workbook_windows("slo_exporter", std::chrono::days(28), {13.44, 5.6, 2.8, 1});
  p.tiers[0].min_failures = 6;
  p.tiers[1].min_failures = 11;
  return p;
}

/// slo-libsonnet: the workbook's factors, held for 2 min, 15 min, 1 h and 3 h.
[[nodiscard]] inline policy slo_libsonnet() {
  policy p = detail::workbook_windows("slo_libsonnet", std::chrono::days(30), {14.4, 6, 3, 1});
  constexpr std::array<std::chrono::minutes, 4> held{std::chrono::minutes(2),
                                                     std::chrono::minutes(15),
                                                     std::chrono::hours(1), std::chrono::hours(3)};
  for (std::size_t k = 0; k < held.size(); ++k) p.tiers[k].hold = held[k];
  return p;
}

/// slo-generator: single windows, 1 h at 9, 12 h at 3, 7 d at 1.5 and 28 d at 1.
[[nodiscard]] inline policy slo_generator() {
  using std::chrono::days, std::chrono::hours;
  return {"slo_generator",
          days(28),
          {detail::one_window(hours(1), 9, severity::page),
           detail::one_window(hours(12), 3, severity::page),
           detail::one_window(days(7), 1.5, severity::ticket),
           detail::one_window(days(28), 1, severity::ticket)},
          {},
          {}};
}

/// What Google Cloud Monitoring's documentation advises: 10 over 1 h, 2 over 24 h, single windows.
[[nodiscard]] inline policy google_cloud(duration period) {
  return {"google_cloud",
          period,
          {detail::one_window(std::chrono::hours(1), 10, severity::page),
           detail::one_window(std::chrono::hours(24), 2, severity::ticket)},
          {},
          {}};
}

/// Datadog's documented factors for 7, 30 and 90 days. Throws: std::domain_error for another
/// period.
[[nodiscard]] inline policy datadog(duration period) {
  struct documented {
    int days;
    std::array<double, 3> shares;
  };
  constexpr std::array<documented, 3> rows{
      {{7, {0.1, 0.2, 0.4}}, {30, {0.02, 0.05, 0.1}}, {90, {0.01, 0.03, 0.05}}}};
  for (const documented& row : rows) {
    if (period != std::chrono::days(row.days)) continue;
    std::array<budget_tier, 3> tiers{workbook_tiers[0], workbook_tiers[1], workbook_tiers[2]};
    for (std::size_t k = 0; k < tiers.size(); ++k) tiers[k].budget_share = row.shares[k];
    return from_budget_shares("datadog", period, tiers, below_one::keep);
  }
  relia::detail::refuse_domain("slo::datadog", "period", "7, 30 or 90 days (in nanoseconds)",
                               period.count());
}

/// Nobl9's templates: 20 over 5 min; 1 over 48 h while it is 2 over 15 min, which is no tier and
/// so a rule.
[[nodiscard]] inline policy nobl9(duration period) {
  using std::chrono::hours, std::chrono::minutes;
  return {"nobl9",
          period,
          {detail::one_window(minutes(5), 20, severity::page)},
          {},
          {{"slow burn", severity::ticket, all_of({burning(minutes(15), 2), burning(hours(48), 1)}),
            duration{0}}}};
}

/// The names that `preset` knows.
inline constexpr std::array<std::string_view, 11> preset_names{
    "workbook",      "sloth",         "pyrra",        "grafana", "elastic", "slo_exporter",
    "slo_libsonnet", "slo_generator", "google_cloud", "datadog", "nobl9"};

/// A preset by its name. Throws: std::invalid_argument for another name, std::domain_error for a
/// period that the tool does not have.
[[nodiscard]] inline policy preset(std::string_view name, duration period) {
  using std::chrono::days;
  relia::detail::require_domain(period > duration{0}, "slo::preset", "period", "positive",
                                period.count());
  if (name == "workbook") return workbook(period);
  if (name == "sloth") return sloth(period);
  if (name == "pyrra") return pyrra(period);
  if (name == "grafana") return grafana(period);
  if (name == "elastic") return elastic(period);
  if (name == "google_cloud") return google_cloud(period);
  if (name == "datadog") return datadog(period);
  if (name == "nobl9") return nobl9(period);
  for (policy p : {slo_exporter(), slo_libsonnet(), slo_generator()}) {
    if (p.name != name) continue;
    relia::detail::require_domain(
        p.period == period, "slo::preset", "period",
        relia::detail::to_text(p.period / days(1)) + " days for " + p.name + " (in nanoseconds)",
        period.count());
    return p;
  }
  std::string known;
  for (const std::string_view n : preset_names) known.append(known.empty() ? "" : ", ").append(n);
  relia::detail::refuse_argument("slo::preset", "name", "one of " + known, name);
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::slo
