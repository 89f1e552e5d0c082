"""How many workers for p99 under 400 ms?"""

from relia import queueing

arrivals = 100  # requests per second
service = 0.08  # seconds per request, on average
target = queueing.latency_target(0.4, level=0.99)  # seconds

plan = queueing.min_servers(arrivals, 1 / service, target)
pool = queueing.mmc(arrivals, 1 / service, plan.servers)
print(
    f"{plan.servers} workers keep the p99 at {1000 * pool.response_time.quantile(0.99):.0f} ms, "
    f"with {100 * pool.utilization:.1f} % of their time in use."
)
print(
    f"The p99.99 is then {1000 * pool.response_time.survival_quantile(1e-4):.0f} ms, "
    f"and {100 * pool.wait_probability:.1f} % of the requests wait."
)

one_down = queueing.mmc(arrivals, 1 / service, plan.servers - 1)
print(f"With one worker down the p99 is {1000 * one_down.response_time.quantile(0.99):.0f} ms.")

rates = queueing.max_arrival_rate(1 / service, [plan.servers, plan.servers + 1], target)
print(f"They bear up to {rates[0]:.1f} requests a second; one more worker, {rates[1]:.1f}.")

# What ten minutes of measurement say about the same pool.
p99 = queueing.latency_estimate(60_000, 600, 60_000, 4800, plan.servers, level=0.99)
print(
    f"Measured over ten minutes, the p99 is between {1000 * p99.interval.lower:.0f} "
    f"and {1000 * p99.interval.upper:.0f} ms, at 95 %."
)

faster = queueing.min_servers(arrivals, 1 / service, queueing.latency_target(0.35, level=0.99))
print(
    f"A p99 under 350 ms is {faster.outcome}: "
    f"the service alone exceeds it in {100 * faster.probability:.2f} % of the requests."
)
