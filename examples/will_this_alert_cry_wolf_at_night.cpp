// SPDX-License-Identifier: BSL-1.0
// Will this alert cry wolf at night?
#include <cstdio>
#include <vector>

#include <relia/slo.hpp>

int main() {
  using namespace relia;
  using namespace std::chrono_literals;

  const slo::objective goal(0.999);  // of requests, over 30 days
  const double night = 30;           // requests per hour
  const double quiet = 0.5;          // half the budget is being spent: nobody should be woken
  const slo::policy workbook = slo::workbook_30d();

  // How many failures does one page take, and what do they prove?
  std::printf(
      "At %.0f requests an hour a page takes 1 failure: an hour must hold more than %.0f.\n", night,
      slo::single_failure_events(workbook.tiers[0], goal));
  std::printf("An honest 0.1 %% has one in 30 requests with probability %.3f; 3 with %.6f.\n",
              slo::binomial_p_value(1, 30, 0.001), slo::binomial_p_value(3, 30, 0.001));

  // Do errors come alone? A quarter of hours at day traffic, with clusters, simulated here.
  slo::event_trace history(7);
  history.append({.events_per_hour = 3000, .dispersion = 3}, 0.0005, 90 * 1440);
  const auto clusters = slo::dispersion(history.series(), {.resamples = 500});
  std::printf("The variance of errors an hour is %.1f times their mean (95 %%: %.1f to %.1f).\n",
              clusters.value, clusters.interval.lower, clusters.interval.upper);

  // The same minutes for all: 100 months of nights, and 1000 outages.
  const slo::page_allowance allowed{.burn_rate = quiet, .dispersion = 3};
  const slo::policy guarded = slo::low_traffic(30 * 24h, allowed);
  std::printf("Our pages ask for p-values of");
  for (const slo::tier& t : guarded.tiers) {
    if (t.severity == slo::severity::page) std::printf(" %.1e", t.evidence.p_value);
  }
  std::printf(".\n");
  const slo::workload load{.events_per_hour = night, .dispersion = 3};
  const std::vector<slo::policy_alarm> alarms{slo::policy_alarm(workbook, goal),
                                              slo::policy_alarm(guarded, goal)};
  const std::span<const slo::policy_alarm> all(alarms);
  const auto pages =
      slo::page_rates(all, load, quiet * goal.error_budget(), {.seed = 1, .replicates = 100});
  const auto outage = slo::detection_times(all, load, 1.0, {.seed = 2, .replicates = 1000});
  const char* names[] = {"The workbook", "With evidence"};
  for (std::size_t k = 0; k < alarms.size(); ++k) {
    std::printf("%s: %.2f +- %.2f false pages a month, an outage found after %.0f minutes.\n",
                names[k], pages[k].mean, pages[k].standard_error, outage[k].median.value / 60);
  }

  // From what must be found, to the alerts that find it.
  const auto d = slo::design(goal, {.load = {.events_per_hour = 6000},
                                    .incidents = {{"outage", 1.0, 30min, 2min},
                                                  {"one of ten servers", 0.1, 30min, 4min}}});
  std::printf("By day, all asked is met by '%s': %zu tiers, blind below burn rate %.1f.\n",
              d.chosen.policy.name.c_str(), d.chosen.policy.tiers.size(), d.slowest_burn);
}
