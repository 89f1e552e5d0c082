# SPDX-License-Identifier: BSL-1.0
# Prometheus says how many requests were fast. What do the buckets really say?
import math

from relia.sli import classic_histogram

# increase(http_request_duration_seconds_bucket[1d]), le in seconds.
le = [0.1, 0.25, 0.5, 1, math.inf]
day = [9000, 9700, 9950, 9990, 10000]
threshold_seconds = 0.3
objective = 0.99

h = classic_histogram(le, day)
fast = h.fraction(-math.inf, threshold_seconds)
print(f"PromQL: {100 * fast.value:.2f} % of the requests took at most 300 ms.")
if fast.lower >= objective:
    verdict = "so 99 % is met"
elif fast.upper < objective:
    verdict = "so 99 % is missed"
else:
    verdict = "so nobody can tell whether 99 % is met"
print(f"The buckets: between {100 * fast.lower:.2f} % and {100 * fast.upper:.2f} %, {verdict}.")
for level in (0.99, 0.9995):
    q = h.quantile(level)
    known = f"at most {q.upper:.2f} s" if q.upper < math.inf else "and no more is known"
    print(f"PromQL: p{100 * level:g} is {q.value:.2f} s. The buckets: above {q.lower:.2f} s, {known}.")
better = h.fraction(-math.inf, 0.25)
exactly = ", exactly" if better.lower == better.upper else ""
print(f"At a bound, 250 ms, both agree: {100 * better.value:.2f} %{exactly}.")
