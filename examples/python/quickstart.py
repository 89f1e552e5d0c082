"""How are we doing?"""

import relia

today = relia.aggregate.counts(99_950, 50)  # good and bad requests
good = relia.sli.attainment(today)
burn = relia.slo.burn_rate(relia.slo.objective(0.999), today)
fast = relia.queueing.latency_target(level=0.99, limit=0.4)
pool = relia.queueing.min_servers(100.0, 1 / 0.08, fast)
print(
    f"{100 * good.value:.3f} % of the requests were good, "
    f"between {100 * good.interval.lower:.3f} and {100 * good.interval.upper:.3f}."
)
print(f"The error budget burns at {burn.rate:.2f} times the rate that it bears.")
print(f"{pool.servers} workers keep the p99 under 400 ms.")
