// SPDX-License-Identifier: BSL-1.0
#pragma once
/// \file
/// Which alerts find these incidents in time, and do not cry wolf? From an objective, traffic,
/// kinds of incidents and the time in which each must be found, to windows, factors and evidence.
/// A tier finds an error ratio e after window * factor * budget / e, so that the time required and
/// a window give the factor. Candidates, with the workbook's policies among them, meet the same
/// simulated traffic; the one that misses the fewest requirements is the answer, and says what it
/// misses and why. Never worse than the workbook, therefore, on the traffic that it was judged by.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <relia/core/time.hpp>
#include <relia/detail/check.hpp>
#include <relia/detail/text.hpp>
#include <relia/slo/event_trace.hpp>
#include <relia/slo/low_traffic.hpp>
#include <relia/slo/objective.hpp>
#include <relia/slo/policy.hpp>
#include <relia/slo/significance.hpp>
#include <relia/slo/simulate.hpp>

namespace relia::inline RELIA_VERSION_NAMESPACE::slo {

/// `lasts`: found later, it is over. `detect_within`: for nine of ten of them.
struct incident_class {
  std::string name{};
  double error_ratio = 1;
  duration lasts{};
  duration detect_within{};
};

/// `reset_within`: how long a page may stay after the errors are over. `step`: how often alerts are
/// evaluated, and data scraped.
struct design_request {
  duration period = std::chrono::days(30);
  workload load{};
  std::vector<incident_class> incidents{};
  page_allowance allowed{};
  duration reset_within = std::chrono::hours(1);
  duration step = std::chrono::minutes(1);
  std::uint64_t seed = 0;
  count months = 100;
  count outages = 200;
};

struct class_outcome {
  detection found{};
  real_seconds reset{0};
  bool in_time = false;
  bool reset_in_time = false;
};

/// One candidate under all requirements. `false_pages`: in 30 days at the burn rate allowed.
struct design_outcome {
  slo::policy policy{};
  std::vector<class_outcome> incidents{};
  page_rate false_pages{};
  bool quiet = false;
  count missed = 0;
};

/// Closed form for steady traffic, and the simulated median in seconds.
struct curve_point {
  double error_ratio = 0;
  real_seconds detection{0};
  double simulated = 0;
  real_seconds reset{0};
};

/// `slowest_burn`: whatever burns slower never pages, and spends the budget in `unseen_exhaustion`.
/// `reasons`: why a requirement is missed, with the arithmetic.
struct design_result {
  design_outcome chosen{};
  design_outcome workbook{};
  double slowest_burn = 0;
  real_seconds unseen_exhaustion{0};
  std::vector<curve_point> curve{};
  std::vector<std::string> reasons{};
};

namespace detail {

[[nodiscard]] inline real_seconds time_to_find(const incident_class& c) {
  return std::min(c.lasts, c.detect_within);
}

/// One tier for each incident, `stretch` times as long as it may take to find it; the factor is the
/// largest that finds it a step early, so that it pages for as little else as it can.
[[nodiscard]] inline policy tiers_for(const objective& goal, const design_request& r,
                                      double stretch) {
  policy p{"designed", r.period, {}, {}};
  for (const incident_class& c : r.incidents) {
    const real_seconds step(r.step);
    const real_seconds within = std::max(time_to_find(c) - step, 0.5 * step);
    const auto whole = [&](real_seconds w, count least) {
      const auto steps = static_cast<count>(std::llround(w / step));
      return r.step * std::max(steps, least);
    };
    // Short enough that the factor is 1 or more.
    const double burn = c.error_ratio / goal.error_budget();
    const real_seconds longest = std::min(within * burn, real_seconds(r.period));
    const duration wide = whole(std::min(within * stretch, longest), 2);
    const double factor = std::min(within / real_seconds(wide), 0.95) * burn;
    if (factor < 1) continue;
    const real_seconds reset = std::min(real_seconds(wide) / 12, real_seconds(r.reset_within));
    const tier t{wide, std::min(whole(reset, 2), wide), factor};
    if (std::find(p.tiers.begin(), p.tiers.end(), t) == p.tiers.end()) p.tiers.push_back(t);
  }
  return p;
}

[[nodiscard]] inline std::vector<policy> design_candidates(const objective& goal,
                                                           const design_request& r) {
  std::vector<policy> all{workbook(r.period)};
  all.push_back(with_evidence(all.front(), r.allowed));
  all.push_back(low_traffic(r.period, r.allowed));
  for (const double stretch : {1.25, 2.0, 4.0, 8.0, 24.0}) {
    const policy p = tiers_for(goal, r, stretch);
    if (p.tiers.empty()) continue;
    all.push_back(p);
    all.push_back(with_evidence(p, r.allowed));
    all.back().name += " with evidence";
  }
  return all;
}

/// The last tier to stop.
[[nodiscard]] inline real_seconds reset_of(const policy& p, const objective& goal, double ratio) {
  real_seconds latest{0};
  for (const tier& t : p.tiers) {
    if (t.severity == severity::page) latest = std::max(latest, reset_time(t, goal, ratio));
  }
  return latest;
}

[[nodiscard]] inline std::vector<design_outcome> judge(std::vector<policy> candidates,
                                                       const objective& goal,
                                                       const design_request& r) {
  std::vector<policy_alarm> alarms;
  alarms.reserve(candidates.size());
  for (const policy& p : candidates) alarms.emplace_back(p, goal, r.step);
  const std::span<const policy_alarm> all(alarms);
  const auto pages = page_rates(all, r.load, goal.error_budget() * r.allowed.burn_rate,
                                {.seed = r.seed, .replicates = r.months, .step = r.step});
  const double per_month = r.allowed.false_pages_per_quarter *
                           (real_seconds(std::chrono::days(30)) / real_seconds(quarter));
  std::vector<design_outcome> outcomes(candidates.size());
  for (std::size_t k = 0; k < outcomes.size(); ++k) {
    outcomes[k].policy = std::move(candidates[k]);
    outcomes[k].false_pages = pages[k];
    outcomes[k].quiet = pages[k].mean <= per_month;
    outcomes[k].missed = outcomes[k].quiet ? 0 : 1;
  }
  for (const incident_class& c : r.incidents) {
    const duration horizon = 2 * std::max(c.detect_within, r.step);
    const auto found = detection_times(
        all, r.load, c.error_ratio,
        {.seed = r.seed + 1, .replicates = r.outages, .horizon = horizon, .step = r.step});
    for (std::size_t k = 0; k < outcomes.size(); ++k) {
      const real_seconds reset = reset_of(outcomes[k].policy, goal, c.error_ratio);
      const class_outcome o{found[k], reset, found[k].quantile_90 <= time_to_find(c).count(),
                            reset <= r.reset_within};
      outcomes[k].missed += (o.in_time ? 0 : 1) + (o.reset_in_time ? 0 : 1);
      outcomes[k].incidents.push_back(o);
    }
  }
  return outcomes;
}

/// The slowest burn that pages at all.
[[nodiscard]] inline double slowest_burn(const policy& p) {
  double slowest = never.count();
  for (const tier& t : p.tiers) {
    if (t.severity == severity::page) slowest = std::min(slowest, t.factor);
  }
  return slowest;
}

inline void explain(const objective& goal, const design_request& r, const design_outcome& chosen,
                    std::vector<std::string>& reasons) {
  using relia::detail::to_short_text;
  for (std::size_t i = 0; i < r.incidents.size(); ++i) {
    const incident_class& c = r.incidents[i];
    const double within = time_to_find(c).count();
    const double burn = c.error_ratio / goal.error_budget();
    const auto say = [&](const std::string& why) { reasons.push_back(c.name + ": " + why); };
    if (burn < 1) {
      say("burn rate " + to_short_text(burn) + " is inside the objective: nothing should page");
    } else if (within < 2 * real_seconds(r.step).count()) {
      say("to be found within " + to_short_text(within) + " s, which is under two steps of " +
          to_short_text(real_seconds(r.step).count()) + " s");
    } else if (!chosen.incidents[i].in_time) {
      const double failures = c.error_ratio * r.load.events_per_hour * within / 3600;
      say("found within " + to_short_text(chosen.incidents[i].found.quantile_90) +
          " s in nine of ten, not " + to_short_text(within) + " s: that time holds " +
          to_short_text(failures) + " failures on average" +
          (failures < 20 ? ", too few to tell from bad luck" : ", and no candidate is faster"));
    }
    const double gone = within * burn / real_seconds(r.period).count();
    if (gone > 1) {
      say("when it is to be found " + to_short_text(gone) + " times the budget is spent");
    }
    if (!chosen.incidents[i].reset_in_time) {
      say("the page stays for " + to_short_text(chosen.incidents[i].reset.count()) + " s, not " +
          to_short_text(real_seconds(r.reset_within).count()) + " s");
    }
  }
  if (!chosen.quiet) {
    reasons.push_back(to_short_text(chosen.false_pages.mean) +
                      " false pages in 30 days are more than allowed");
  }
}

}  // namespace detail

/// The policy that misses the fewest of these requirements; among equals the one that sees the
/// slowest burn. Domain: error ratios in (0, 1], times positive, load and allowance as where they
/// are used. Throws: std::domain_error; std::invalid_argument for no incidents. Cost: a second or
/// so: O(candidates * (months + outages) * steps).
[[nodiscard]] inline design_result design(const objective& goal, const design_request& request) {
  constexpr const char* where = "slo::design";
  detail::require_workload(where, request.load);
  relia::detail::require_argument(!request.incidents.empty(), where, "incidents", "at least one",
                                  request.incidents.size());
  relia::detail::require_domain(request.reset_within > duration{0}, where, "reset_within",
                                "positive", request.reset_within.count());
  for (const incident_class& c : request.incidents) {
    relia::detail::require_domain(c.error_ratio > 0 && c.error_ratio <= 1, where, "error_ratio",
                                  "a fraction in (0, 1]", c.error_ratio);
    relia::detail::require_domain(c.lasts > duration{0}, where, "lasts", "positive",
                                  c.lasts.count());
    relia::detail::require_domain(c.detect_within > duration{0}, where, "detect_within", "positive",
                                  c.detect_within.count());
  }
  std::vector<design_outcome> outcomes =
      detail::judge(detail::design_candidates(goal, request), goal, request);
  const auto better = [](const design_outcome& a, const design_outcome& b) {
    return std::pair(a.missed, detail::slowest_burn(a.policy)) <
           std::pair(b.missed, detail::slowest_burn(b.policy));
  };
  design_result result;
  result.workbook = outcomes.front();
  result.chosen = *std::min_element(outcomes.begin(), outcomes.end(), better);
  const policy& p = result.chosen.policy;
  result.slowest_burn = detail::slowest_burn(p);
  result.unseen_exhaustion = time_to_exhaustion(result.slowest_burn, request.period);
  detail::explain(goal, request, result.chosen, result.reasons);
  const std::vector<policy_alarm> alarm{policy_alarm(p, goal, request.step)};
  const double first = std::min(result.slowest_burn * goal.error_budget(), 1.0);
  for (int i = 0; i <= 8; ++i) {
    curve_point point{std::pow(first, 1 - i / 8.0), never, 0, {}};
    for (const tier& t : p.tiers) {
      if (t.severity != severity::page) continue;
      point.detection = std::min(point.detection, detection_time(t, goal, point.error_ratio));
    }
    point.simulated =
        detection_times(std::span<const policy_alarm>(alarm), request.load, point.error_ratio,
                        {.seed = request.seed + 2, .replicates = 100, .step = request.step})[0]
            .median.value;
    point.reset = detail::reset_of(p, goal, point.error_ratio);
    result.curve.push_back(point);
  }
  return result;
}

}  // namespace relia::inline RELIA_VERSION_NAMESPACE::slo
