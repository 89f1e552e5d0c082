"""What is the median repair time when some incidents are still open?"""

import numpy as np

from relia import stats

# Minutes from detection to repair, or to now where the incident is still open (0).
minutes = np.array([12, 18, 25, 31, 33, 47, 52, 58, 64, 71, 83, 95, 118, 142, 175, 210, 333, 480, 720, 1440])
repaired = np.array([1, 1, 1, 0, 1, 1, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 0, 1, 0], dtype=bool)
shift = 480.0  # minutes

curve = stats.kaplan_meier(minutes, repaired)
median = curve.quantile(0.5)
slowest = curve.quantile(0.9)
mean = curve.restricted_mean(shift)
dropped = stats.bootstrap(minutes[repaired], stats.sample_median, seed=1)
after = curve.limits(120.0)

print(f"{curve.n} incidents, {curve.n_open} of them still open.")
print(
    f"Median repair time: {median.value:.0f} minutes, 95 % between {median.interval.lower:.0f} "
    f"and {median.interval.upper:.0f}."
)
print(
    f"Without the open ones it would have looked like {dropped.value:.0f} minutes "
    f"({dropped.interval.lower:.0f} to {dropped.interval.upper:.0f})."
)
print(f"Still open after 2 hours: {curve.survival(120):.0%} ({after.lower:.0%} to {after.upper:.0%}).".replace("%", " %"))
if np.isinf(slowest.value):
    print(f"When nine in ten are repaired cannot be told yet: not before {slowest.interval.lower:.0f} minutes.")
print(
    f"Of a shift of {shift:.0f} minutes, an incident takes {mean.value:.0f} on average "
    f"({mean.interval.lower:.0f} to {mean.interval.upper:.0f})."
)
