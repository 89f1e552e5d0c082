"""Closed loop: wrk at each concurrency, one row each."""

import pathlib
import subprocess
import sys
import time

from settings import CLOSED_CONCURRENCIES, CLOSED_SECONDS, HOST, NGINX_PORT

COLUMNS = ("concurrency,duration_seconds,requests,errors,throughput_per_second,latency_mean_seconds,latency_p50_seconds,"
           "latency_p75_seconds,latency_p90_seconds,latency_p99_seconds,latency_max_seconds")
SCRIPT = pathlib.Path(__file__).with_suffix(".lua")


def wrk(concurrency, seconds, stream):
    out = subprocess.run(["wrk", "-t1", f"-c{concurrency}", f"-d{seconds}s", "-s", SCRIPT,
                          f"http://{HOST}:{NGINX_PORT}", "--", stream],
                         check=True, capture_output=True, text=True).stdout
    time.sleep(2)  # the pool finishes what wrk abandoned at its end
    return next(line.removeprefix("row,") for line in out.splitlines() if line.startswith("row,"))


wrk(4, 2, "warm-up")
with open(sys.argv[1], "w") as out:
    print(COLUMNS, file=out)
    for concurrency in CLOSED_CONCURRENCIES:
        print(f"{concurrency},{wrk(concurrency, CLOSED_SECONDS, f'closed-{concurrency}')}", file=out, flush=True)
