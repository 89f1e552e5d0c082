"""Will the budget last the month, and does the answer depend on how we count?"""

from datetime import timedelta

import numpy as np

import relia
from relia import slo
from relia.aggregate import counts

goal = slo.objective(0.999)  # of requests, each calendar month
hour, day = np.timedelta64(1, "h"), np.timedelta64(1, "D")
start = np.datetime64("2026-11-01T00", "ns")
now = start + 19 * day
by_day, by_night = 6000, 600  # requests an hour, 08-20 and 20-08
outage = start + 8 * day + 14 * hour  # an hour in which 15 % failed
maintenance = relia.period(start + 14 * day + 2 * hour, start + 14 * day + 4 * hour)  # all failed, agreed
blind = relia.period(start + 11 * day, start + 11 * day + 6 * hour)  # nobody watched
past_outages = [0.38, 0.12, 0.55, 0.08]  # shares of a month's budget
collected = timedelta(days=180)  # over which they were seen

ledger = slo.ledger(width=timedelta(hours=1))
for t in np.arange(start, now, hour):
    if t in blind:
        continue
    valid = by_day if 8 <= (t - start) // hour % 24 < 20 else by_night
    bad = valid if t in maintenance else valid * 15 // 100 if t == outage else valid // 6000
    ledger.record(relia.period(t, t + hour), counts(valid - bad, bad))
month = slo.budget_window.calendar("month")

# How good was the month so far? That depends on the accounting; by how much is an answer too.
compared = slo.side_by_side(ledger, goal, month.elapsed(now), corrections=[maintenance])
s = compared.statements[0]
bad = s.bad_fraction
print(f"So far {100 * bad.value:.4f} % of requests failed: the objective is {'met' if s.met else 'missed'}.")
print(f"{s.missing_slices} hours nobody watched: between {100 * bad.lower:.4f} % and {100 * bad.upper:.4f} % is possible.")
print(f"Under {len(compared.statements)} ways of counting it is {100 * compared.lowest:.4f} % to "
      f"{100 * compared.highest:.4f} %; {compared.met} of them meet it.")
for e in compared.effects:
    print(f"- the choice of {e.name} alone: {100 * e.lowest:.4f} % to {100 * e.highest:.4f} %")

# What is the budget of a month that is not over?
budget = slo.calendar_budgets(goal, s.events, month.whole(now), now, ledger)
print(f"The month allows {budget.conservative.allowed:.0f} failures so far, {budget.prorated.allowed:.0f} prorated, "
      f"{budget.forecast.allowed:.0f} by its weekly pattern.")
spent = budget.forecast.consumed_fraction
print(f"{s.events.bad} are spent: {100 * spent:.0f} % of it.")

# Will it last? Base errors go on; outages come as often and as dear as they did.
base = 12 * 30 / budget.forecast.allowed  # one failure in each hour of the day
whole = month.whole(now)
left = (whole.end - now) / np.timedelta64(1, "s")
forecast = slo.budget_forecast(spent, left, whole.seconds, past_outages, collected, base_burn_rate=base, seed=1)
end = forecast.remaining().interval
print(f"The month ends within budget in {100 * forecast.within().value:.0f} of 100 futures; "
      f"{100 * end.lower:.0f} % to {100 * end.upper:.0f} % are left.")
agreement = slo.credit_table([slo.credit_tier(goal, 0.10), slo.credit_tier(slo.objective(0.99), 0.25)])
credit = slo.expected_credit(agreement, forecast.bad_fractions(goal)).credit.value
print(f"The credit to expect is {100 * credit:.1f} % of the fee.")

# And what if the outage of this month came again?
policy = slo.budget_machine(slo.workbook_budget_policy())
policy.step(now, spent)
again = slo.what_if(policy, by_day * 0.15 / budget.forecast.allowed)
print(f"The outage once more: {100 * again.spent:.0f} % spent, changes {'frozen' if again.frozen else 'go on'}; "
      f"{again.until_freeze:.0f} more would freeze them.")
