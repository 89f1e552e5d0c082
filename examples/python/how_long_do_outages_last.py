"""How long do our outages last, when some are still open?"""

import numpy as np

import relia
from relia import incident

# Minutes after 1 October 2026: when the impact started, when it was resolved if it was, and a row
# that somebody mistyped.
STARTED = [55, 1500, 3010, 7205, 9970, 9985, 15100, 18333, 21010, 30500, 33100, 36020, 40100, 41500]
RESOLVED = [81, 1590, 3052, 7333, 10210, 10040, 15133, 18301, 21475, 30562, None, 36093, None, None]

october = np.datetime64("2026-10-01T00:00", "m")
outages = incident.history(
    {
        "started": [october + m for m in STARTED],
        "resolved": [np.datetime64("NaT") if m is None else october + m for m in RESOLVED],
    },
    as_of="2026-10-31T00:00:00Z",
)
for f in outages.findings:
    if f.what != "missing_end":
        print(f"row {f.row}: {f.what} ({f.at})")

repair = incident.mttr(outages)
lower, upper = repair.median.interval.lower / 60, repair.median.interval.upper / 60
print(
    f"{repair.n} outages, {repair.n_open} still open. Half are over within"
    f" {repair.median.value / 60:.0f} minutes ({lower:.0f} to {upper:.0f})."
)
print(f"The closed ones took {repair.closed_mean / 60:.0f} minutes on average, which flatters us:")
lower, upper = repair.mean.interval.lower / 60, repair.mean.interval.upper / 60
print(
    f"counting at most {repair.tau / 60:.0f} minutes of each, all of them take"
    f" {repair.mean.value / 60:.0f} ({lower:.0f} to {upper:.0f})."
)

down = incident.downtime(outages, relia.period("2026-10-01", "2026-10-31"))
print(
    f"Down for {down.down / 3600:.1f} hours of {down.window.seconds / 3600:.0f};"
    f" adding up durations would say {down.sum / 3600:.1f}."
)
between = incident.mtbf(down)
lower, upper = between.interval.lower / 3600, between.interval.upper / 3600
print(
    f"{between.n} failures, one every {between.value / 3600:.0f} hours of service"
    f" ({lower:.0f} to {upper:.0f})."
)
