// SPDX-License-Identifier: BSL-1.0
// Should this burn wake somebody?
#include <cstdio>
#include <vector>

#include <relia/slo.hpp>

int main() {
  using namespace relia;
  using namespace std::chrono_literals;

  const slo::objective goal(0.999);                // of requests, over 30 days
  const slo::policy policy = slo::workbook_30d();  // 14.4x, 6x page; 3x, 1x open a ticket
  const double traffic = 50.0;                     // requests per minute
  const double error_ratio = 0.02;                 // while the incident lasts
  const int hours_before = 72, minutes_bad = 55, hours_after = 12;

  // What the rules promise, before anything happens.
  std::printf("%.1f %% over 30 days leaves a budget of %.1f minutes of outage.\n",
              100 * goal.target(), slo::time_budget(goal, 30 * 24h).allowed.count() / 60);
  const double burn = slo::burn_rate(goal, error_ratio);
  std::printf("Errors at %.0f %% burn it %.0f times too fast: all of it in %.1f hours.\n",
              100 * error_ratio, burn, slo::time_to_exhaustion(burn, 30 * 24h).count() / 3600);
  for (const slo::tier& t : policy.tiers) {
    std::printf("The %s at %gx comes after %.1f minutes and clears %.1f minutes after the end.\n",
                t.severity == slo::severity::page ? "page" : "ticket", t.factor,
                slo::detection_time(t, goal, error_ratio).count() / 60,
                slo::reset_time(t, goal, error_ratio).count() / 60);
  }

  // The same, replayed minute by minute.
  std::vector<instant> times;
  std::vector<count> good, bad;
  for (int minute = 0; minute < (hours_before + hours_after) * 60 + minutes_bad; ++minute) {
    const int into = minute - hours_before * 60;
    const auto n = static_cast<count>(traffic);
    bad.push_back(into >= 0 && into < minutes_bad ? static_cast<count>(error_ratio * traffic) : 0);
    good.push_back(n - bad.back());
    times.emplace_back(std::chrono::minutes(minute + 1));
  }
  const sli::event_series events(times, good, bad);
  const slo::evaluation replay = slo::evaluate(policy, goal, events);
  const instant start{std::chrono::hours(hours_before)};
  for (const slo::notification& n : replay.notifications) {
    const auto minutes = [&](instant t) { return real_seconds(t - start).count() / 60; };
    std::printf("Replayed: a %s from minute %.0f to minute %.0f.\n",
                n.severity == slo::severity::page ? "page" : "ticket", minutes(n.start),
                minutes(n.end));
  }
  const auto spent = slo::event_budget(goal, events.total(), static_cast<count>(traffic * 43200));
  std::printf("The %d minutes cost %.1f %% of the month's budget.\n", minutes_bad,
              100 * spent.consumed_fraction);

  // What would the same policy do to a service with little traffic?
  for (const slo::finding& f : slo::lint(policy, goal, {.events_per_second = 1.0 / 60})) {
    std::printf("At 1 request a minute, tier %zu: %s.\n", f.tier, f.message.c_str());
  }
}
