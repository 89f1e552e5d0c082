"""Should this burn wake somebody?"""

from datetime import timedelta

import numpy as np

from relia import sli, slo

goal = slo.objective(0.999)  # of requests, over 30 days
policy = slo.workbook_30d()  # 14.4x, 6x page; 3x, 1x open a ticket
month = timedelta(days=30)
traffic = 50  # requests per minute
error_ratio = 0.02  # while the incident lasts
hours_before, minutes_bad, hours_after = 72, 55, 12

# What the rules promise, before anything happens.
allowed = slo.time_budget(goal, month).allowed
print(f"{100 * goal.target:.1f} % over 30 days leaves a budget of {allowed / 60:.1f} minutes of outage.")
burn = slo.burn_rate(goal, error_ratio)
hours = slo.time_to_exhaustion(burn, month) / 3600
print(f"Errors at {100 * error_ratio:.0f} % burn it {burn:.0f} times too fast: all of it in {hours:.1f} hours.")
for tier in policy.tiers:
    detected = slo.detection_time(tier, goal, error_ratio) / 60
    cleared = slo.reset_time(tier, goal, error_ratio) / 60
    print(f"The {tier.severity} at {tier.factor:g}x comes after {detected:.1f} minutes and clears "
          f"{cleared:.1f} minutes after the end.")

# The same, replayed minute by minute.
minutes = np.arange((hours_before + hours_after) * 60 + minutes_bad)
into = minutes - hours_before * 60
bad = np.where((into >= 0) & (into < minutes_bad), int(error_ratio * traffic), 0)
events = sli.event_series((minutes + 1).astype("datetime64[m]"), traffic - bad, bad)
replay = slo.evaluate(policy, goal, events)
start = np.datetime64(hours_before, "h")
for n in replay.notifications:
    first, last = ((t - start) / np.timedelta64(1, "m") for t in (n.start, n.end))
    print(f"Replayed: a {n.severity} from minute {first:.0f} to minute {last:.0f}.")
spent = slo.event_budget(goal, events.total(), traffic * 43200)
print(f"The {minutes_bad} minutes cost {100 * spent.consumed_fraction:.1f} % of the month's budget.")

# What would the same policy do to a service with little traffic?
for finding in slo.lint(policy, goal.target, events_per_second=1 / 60):
    print(f"At 1 request a minute, tier {finding.tier}: {finding.message}.")
