// SPDX-License-Identifier: BSL-1.0
// Will the budget last the month, and does the answer depend on how we count?
#include <cstdio>
#include <vector>

#include <relia/slo.hpp>

int main() {
  using namespace relia;
  using namespace std::chrono_literals;
  using std::chrono::days;

  const slo::objective goal(0.999);  // of requests, each calendar month
  const instant start = std::chrono::sys_days(std::chrono::year(2026) / 11 / 1);
  const instant now = start + days(19);
  const count by_day = 6000, by_night = 600;     // requests an hour, 08-20 and 20-08
  const instant outage = start + days(8) + 14h;  // an hour in which 15 % failed
  const period maintenance(start + days(14) + 2h, start + days(14) + 4h);  // all failed, agreed
  const period blind(start + days(11), start + days(11) + 6h);             // nobody watched
  const std::vector<double> past_outages{0.38, 0.12, 0.55, 0.08};  // shares of a month's budget
  const days collected(180);                                       // over which they were seen

  slo::ledger ledger({.width = 1h});
  for (instant t = start; t < now; t += 1h) {
    if (blind.contains(t)) continue;
    const auto hour = (t - start) / 1h % 24;
    const count valid = hour >= 8 && hour < 20 ? by_day : by_night;
    const count bad = maintenance.contains(t) ? valid
                      : t == outage           ? valid * 15 / 100
                                              : valid / 6000;
    ledger.record(period(t, t + 1h), aggregate::counts(valid - bad, bad));
  }
  const auto month = slo::budget_window::calendar(calendar_unit::month);
  const std::vector<period> agreed{maintenance};

  // How good was the month so far? That depends on the accounting; by how much is an answer too.
  const auto all = slo::side_by_side(ledger, goal, month.elapsed(now), {}, agreed);
  const slo::statement& s = all.statements[0];
  std::printf("So far %.4f %% of requests failed: the objective is %s.\n",
              100 * s.bad_fraction.value, s.met ? "met" : "missed");
  std::printf("%lld hours nobody watched: between %.4f %% and %.4f %% is possible.\n",
              static_cast<long long>(s.missing_slices), 100 * s.bad_fraction.lower,
              100 * s.bad_fraction.upper);
  std::printf("Under %zu ways of counting it is %.4f %% to %.4f %%; %lld of them meet it.\n",
              all.statements.size(), 100 * all.lowest, 100 * all.highest,
              static_cast<long long>(all.met));
  for (const slo::choice_effect& e : all.effects) {
    std::printf("- the choice of %.*s alone: %.4f %% to %.4f %%\n", static_cast<int>(e.name.size()),
                e.name.data(), 100 * e.lowest, 100 * e.highest);
  }

  // What is the budget of a month that is not over?
  const auto budget = slo::calendar_budgets(goal, s.events, month.whole(now), now, ledger);
  std::printf("The month allows %.0f failures so far, %.0f prorated, %.0f by its weekly pattern.\n",
              budget.conservative.allowed, budget.prorated.allowed, budget.forecast.allowed);
  const double spent = budget.forecast.consumed_fraction;
  std::printf("%lld are spent: %.0f %% of it.\n", static_cast<long long>(s.events.bad()),
              100 * spent);

  // Will it last? Base errors go on; outages come as often and as dear as they did.
  const double base = 12 * 30 / budget.forecast.allowed;  // one failure in each hour of the day
  const period whole = month.whole(now);
  const slo::budget_forecast forecast(
      {.spent = spent, .left = whole.to() - now, .period = whole.length(), .base_burn_rate = base},
      {past_outages, collected}, {.seed = 1});
  const auto left = forecast.remaining();
  std::printf("The month ends within budget in %.0f of 100 futures; %.0f %% to %.0f %% are left.\n",
              100 * forecast.within().value, 100 * left.interval.lower, 100 * left.interval.upper);
  const slo::credit_table agreement({{goal, 0.10}, {slo::objective(0.99), 0.25}});
  const auto credit = slo::expected_credit(agreement, forecast.bad_fractions(goal));
  std::printf("The credit to expect is %.1f %% of the fee.\n", 100 * credit.credit.value);

  // And what if the outage of this month came again?
  slo::budget_machine policy(slo::workbook_budget_policy());
  policy.step(now, spent);
  const double outage_share = by_day * 0.15 / budget.forecast.allowed;
  const auto again = slo::what_if(policy, outage_share);
  std::printf("The outage once more: %.0f %% spent, changes %s; %.0f more would freeze them.\n",
              100 * again.spent, again.frozen ? "frozen" : "go on", again.until_freeze);
}
