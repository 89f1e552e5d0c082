"""When is the disk full, and how sure are we?"""

from datetime import timedelta

import numpy as np

from relia import forecast

# GB used at midnight UTC from 1 September 2026 on; two days were not recorded. A new disk takes two
# weeks to come.
UNKNOWN = np.nan
USED = [
    312, 313, 319, 321, 322, 323, 323, 331, 339, 341, 342, 342, 345, 345, 346, 354, 356, 357, 359, UNKNOWN, UNKNOWN,
    365, 373, 376, 377, 378, 386, 388, 389, 391, 392, 395, 403, 405, 406, 407, 410, 412, 413, 421, 426, 427, 429, 429,
    430,
]  # fmt: skip
CAPACITY = 500
LEAD_TIME = timedelta(days=14)
DAY = 86400

times = np.datetime64("2026-09-01") + np.arange(len(USED))
line = forecast.fit_trend(times, USED)
growth = line.slope(timedelta(days=1))
after = line.crossing(CAPACITY).after
print(f"It grows by {growth.value:.2f} GB a day ({growth.interval.lower:.2f} to {growth.interval.upper:.2f}).")
lower, upper = after.interval.lower / DAY, after.interval.upper / DAY
print(f"A straight line is full in {after.value / DAY:.0f} days ({lower:.0f} to {upper:.0f}), but:")
for note in after.notes:
    print(f"  {note}")

full = forecast.exhaustion(times, USED, CAPACITY, timedelta(days=60), seed=1)
for note in full.notes:
    print(f"{note}.")
print(f"Full within the 14 days that a new disk takes: {100 * full.probability(LEAD_TIME).value:.0f} %.")
for level in (0.1, 0.5, 0.9):
    if not np.isnat(full.date(level)):
        print(f"With {100 * level:.0f} % probability by {str(full.date(level))[:10]}.")
margin = full.after(0.1) - LEAD_TIME.total_seconds()
print(f"To be caught out with 10 % at most, order within {margin / DAY:.0f} days.")
