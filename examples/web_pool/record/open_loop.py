"""Open loop: Poisson arrivals at each share of the nominal capacity. Arguments: levels, requests, lag (output files)."""

import asyncio
import json
import math
import sys

import client
from settings import CAPACITY_PER_SECOND, OPEN_LOAD_PERCENT, OPEN_SECONDS, OPEN_WARM_UP_SECONDS

QUANTILES = [0.5, 0.9, 0.95, 0.99, 0.999]
COLUMNS = ("offered_per_second,duration_seconds,sent,completed,errors,throughput_per_second,latency_mean_seconds,"
           "latency_p50_seconds,latency_p90_seconds,latency_p95_seconds,latency_p99_seconds,latency_p999_seconds,"
           "latency_max_seconds,service_mean_seconds")


def level(offered):
    """Results of one level, warm-up included, with the intended times counted from the end of the warm-up."""
    name = f"open-{offered:g}"
    times = client.poisson_times(name, offered, OPEN_WARM_UP_SECONDS + OPEN_SECONDS)
    schedule = [(t, f"/task?stream={name}&index={i}") for i, t in enumerate(times)]
    return [(t - OPEN_WARM_UP_SECONDS, *rest) for t, *rest in asyncio.run(client.run(schedule))]


def summary(offered, results, measured):
    latencies = sorted(latency for _, _, latency, _, status in measured if status == 200)
    services = [service for *_, service, status in measured if status == 200]
    finished_inside = sum(status == 200 and 0 <= t + latency < OPEN_SECONDS for t, _, latency, _, status in results)
    n = len(latencies)
    quantiles = [latencies[math.ceil(p * n) - 1] for p in QUANTILES]
    figures = [finished_inside / OPEN_SECONDS, sum(latencies) / n, *quantiles, latencies[-1], sum(services) / n]
    return (f"{offered:g},{OPEN_SECONDS},{len(measured)},{n},{len(measured) - n},"
            + ",".join(f"{x:.6f}" for x in figures))


def main():
    lags = []
    with open(sys.argv[1], "w") as levels, open(sys.argv[2], "w") as requests:
        print(COLUMNS, file=levels)
        print("offered_per_second,intended_seconds,latency_seconds,service_seconds,status", file=requests)
        for percent in OPEN_LOAD_PERCENT:
            offered = CAPACITY_PER_SECOND * percent / 100
            results = level(offered)
            measured = [r for r in results if r[0] >= 0]
            print(summary(offered, results, measured), file=levels, flush=True)
            for t, lag, latency, service, status in measured:
                print(f"{offered:g},{t:.6f},{latency:.6f},{service:.6f},{status}", file=requests)
                lags.append(lag)
    lags.sort()
    with open(sys.argv[3], "w") as out:
        json.dump({"mean": round(sum(lags) / len(lags), 6), "p99": round(lags[len(lags) * 99 // 100], 6),
                   "max": round(lags[-1], 6)}, out)


main()
