"""How many workers for p99 under 200 ms when one may fail?"""

import pathlib

from relia import io, queueing

ARRIVALS = 160.0  # requests per second
GROWTH = 0.3  # 30 % more are to come
FAILURES = 1
TARGET = queueing.latency_target(0.2, level=0.99)  # seconds

examples = pathlib.Path(__file__).parents[1]
test = io.read_load_test(examples / "web_pool" / "data" / "open_loop.csv")
service = queueing.measured_service_time(test.requests, test.service_time)
print(
    f"The load test: a request keeps a worker for {1000 * service.value:.2f} ms, "
    f"between {1000 * service.interval.lower:.2f} and {1000 * service.interval.upper:.2f} ms."
)

promise = queueing.service_targets(latency=TARGET)
load = queueing.measured_workload(service_time=service, arrival_rate=ARRIVALS)
needed = queueing.servers_for_measured(load, promise, growth=GROWTH, failures=FAILURES)
workers = int(needed.interval.upper)
print(f"{workers} workers keep the p99 under 200 ms with 30 % more requests and one worker down.")

now = queueing.latency_from_estimates(queueing.known(ARRIVALS), service, workers)
peak = queueing.known(ARRIVALS * (1 + GROWTH))
worst = queueing.latency_from_estimates(peak, service, workers - FAILURES)
print(
    f"The p99 is {1000 * now.value:.1f} ms now, "
    f"between {1000 * now.interval.lower:.1f} and {1000 * now.interval.upper:.1f}; "
    f"at the worst {1000 * worst.value:.1f}, "
    f"between {1000 * worst.interval.lower:.1f} and {1000 * worst.interval.upper:.1f}."
)

most = queueing.arrival_rate_for_measured(load, workers, promise, growth=GROWTH, failures=FAILURES)
print(
    f"They bear {most.value:.1f} requests a second today, "
    f"between {most.interval.lower:.1f} and {most.interval.upper:.1f}."
)
