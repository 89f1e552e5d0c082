"""Prints the recorded open loop beside M/M/4 and beside a replay of the same requests through four ideal workers."""

import csv
import heapq
import math
import pathlib

from app import planned_seconds
from client import poisson_times
from settings import CAPACITY_PER_SECOND, MEAN_SERVICE_SECONDS, OPEN_WARM_UP_SECONDS, WORKERS

DATA = pathlib.Path(__file__).parent.parent / "data"


def rank(values, p):
    return sorted(values)[math.ceil(p * len(values)) - 1]


def bisect(below, high):
    low = 0.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) else (low, middle)
    return high


def mean(values):
    return sum(values) / len(values)


def mmc(arrivals, service):
    """Mean and 99th percentile of the response time; infinite at or above capacity."""
    load = arrivals * service
    if load >= WORKERS:
        return math.inf, math.inf
    blocked = 1.0
    for n in range(1, WORKERS + 1):
        blocked = load * blocked / (n + load * blocked)
    waits = blocked / (1 - load / WORKERS * (1 - blocked))
    rate, drain = 1 / service, WORKERS / service - arrivals

    def beyond(t):
        if math.isclose(drain, rate):
            both = (1 + rate * t) * math.exp(-rate * t)
        else:
            both = (drain * math.exp(-rate * t) - rate * math.exp(-drain * t)) / (drain - rate)
        return (1 - waits) * math.exp(-rate * t) + waits * both

    return waits / drain + service, bisect(lambda t: beyond(t) > 0.01, 100.0)


def warm_up(offered):
    """The requests before the recorded ones, which the seed gives back, with their planned service times."""
    name = f"open-{offered:g}"
    times = poisson_times(name, offered, OPEN_WARM_UP_SECONDS)
    return [(t - OPEN_WARM_UP_SECONDS, planned_seconds(name, i)) for i, t in enumerate(times)]


def replay(requests, overhead):
    """Latencies of the recorded requests if the next free worker took them in order."""
    free = [-math.inf] * WORKERS
    latencies = []
    for intended, service in requests:
        end = max(intended, heapq.heappop(free)) + service + overhead
        heapq.heappush(free, end)
        if intended >= 0:
            latencies.append(end - intended)
    return latencies


def main():
    with open(DATA / "open_loop.csv") as f:
        levels = [{k: float(v) for k, v in row.items()} for row in csv.DictReader(f)]
    requests = {}
    with open(DATA / "open_loop_requests.csv") as f:
        for row in csv.DictReader(f):
            requests.setdefault(float(row["offered_per_second"]), []).append(
                (float(row["intended_seconds"]), float(row["service_seconds"])))
    requests = {offered: warm_up(offered) + recorded for offered, recorded in requests.items()}
    full = levels[-1]
    overhead = bisect(lambda x: mean(replay(requests[full["offered_per_second"]], x)) < full["latency_mean_seconds"], 0.02)
    print(f"a worker's time per request beyond service_seconds, so that the overloaded level agrees: {1000 * overhead:.2f} ms\n")
    print("| offered/s | nominal load | sent/s | service ms | mean ms | M/M/4 | M/M/4 as run | replay | p99 ms | M/M/4 | M/M/4 as run | replay |")
    print("|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    for level in levels:
        offered = level["offered_per_second"]
        sent = level["sent"] / level["duration_seconds"]
        ideal = mmc(offered, MEAN_SERVICE_SECONDS)
        as_run = mmc(sent, level["service_mean_seconds"] + overhead)
        again = replay(requests[offered], overhead)
        ms = [f"{1000 * x:.1f}" if math.isfinite(x) else "-" for x in (
            level["service_mean_seconds"], level["latency_mean_seconds"], ideal[0], as_run[0], mean(again),
            level["latency_p99_seconds"], ideal[1], as_run[1], rank(again, 0.99))]
        print(f"| {offered:g} | {offered / CAPACITY_PER_SECOND:.2f} | {sent:.1f} | " + " | ".join(ms) + " |")


main()
