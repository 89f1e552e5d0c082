// SPDX-License-Identifier: BSL-1.0
// What judges the events that were recorded, in the service or beside it, without an inverse
// distribution or a matrix: built like the request path, and without Eigen and Boost.
#include <chrono>
#include <vector>

#include <relia/aggregate.hpp>
#include <relia/core.hpp>
#include <relia/sli/counter_events.hpp>
#include <relia/sli/time_slice.hpp>
#include <relia/slo/evaluate.hpp>
#include <relia/slo/lint.hpp>
#include <relia/slo/lookback.hpp>
#include <relia/slo/monitor.hpp>
#include <relia/slo/policy.hpp>

bool alerted() {
  using namespace std::chrono_literals;
  const relia::slo::objective goal(0.99);
  const std::vector<relia::instant> times{relia::instant(1h), relia::instant(2h)};
  const std::vector<relia::count> good{90, 0};
  const std::vector<relia::count> bad{10, 100};
  const relia::sli::event_series events(times, good, bad);
  const auto alerts = relia::slo::evaluate(relia::slo::workbook_30d(), goal, events);
  const auto decision =
      relia::decide(relia::no_data({"none"}), {relia::sense::at_most, 0.01, 0.95});
  relia::slo::monitor monitor(relia::slo::workbook_30d(), goal, times[0]);
  for (int second = 0; second < 600; ++second) monitor.record(times[0] + second * 1s, false);
  return alerts.pages() == 1 && monitor.firing(0) &&
         decision.verdict == relia::verdict::inconclusive &&
         relia::slo::burn_rate(goal, events, times[1], 2h).state == relia::state::ok;
}
