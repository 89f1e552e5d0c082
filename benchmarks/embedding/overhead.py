#!/usr/bin/env python3
"""What recording costs a service: requests per second of examples/embedding under wrk, recording on and off.

    PYTHONPATH=build/dev/bindings/python/package /usr/bin/python3 benchmarks/embedding/overhead.py \
        build/release/examples/embedding/embedding

One server process serves all runs; a switch in it turns recording on and off, so nothing else differs. Runs are short
and come in pairs, on-off and off-on in turn: drift of the machine and its other users cancels within a pair. The loss of
a pair is 1 - on / off. Server and wrk have a processor each. CPU time per request, which other users of the machine
disturb less, is shown beside it.
"""

import argparse
import pathlib
import os
import re
import subprocess
import sys
import urllib.request

from relia import stats


def on_processor(number: int):
    return lambda: os.sched_setaffinity(0, {number % os.cpu_count()})


def cpu_seconds(process: subprocess.Popen) -> float:
    """What all threads of the process have had of processors."""
    tasks = pathlib.Path(f"/proc/{process.pid}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9


def run(url: str, server: subprocess.Popen, recording: bool, arguments) -> tuple[float, float]:
    """Requests per second, and the server's CPU seconds per request."""
    urllib.request.urlopen(f"{url}recording?on={int(recording)}", timeout=5).read()
    before = cpu_seconds(server)
    command = ["wrk", "-t1", f"-c{arguments.connections}", f"-d{arguments.seconds}s", url]
    report = subprocess.run(
        command, capture_output=True, text=True, check=True, preexec_fn=on_processor(1), timeout=60
    ).stdout
    if "Non-2xx" in report or "Socket errors" in report:
        sys.exit(f"wrk met errors:\n{report}")
    requests = int(re.search(r"(\d+) requests in", report)[1])
    return float(re.search(r"Requests/sec:\s*([\d.]+)", report)[1]), (cpu_seconds(server) - before) / requests


def bound(name: str, values: list[float]) -> float:
    """Prints the mean with its one-sided upper limit at 95 %, Student's t."""
    answer = stats.mean(values, confidence_level=0.90, method="student_t")
    print(f"{name}: mean {100 * answer.value:+.2f} %, upper 95 % bound {100 * answer.interval.upper:+.2f} %")
    return answer.interval.upper


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("server", help="the embedding example, built with optimisation")
    parser.add_argument("--pairs", type=int, default=60)
    parser.add_argument("--seconds", type=int, default=1, help="of one run")
    parser.add_argument("--connections", type=int, default=4)
    arguments = parser.parse_args()

    with subprocess.Popen(
        [arguments.server], stdout=subprocess.PIPE, text=True, preexec_fn=on_processor(0)
    ) as server:
        try:
            url = server.stdout.readline().split()[0]
            run(url, server, True, arguments)  # warm up
            losses, costs, rates = [], [], []
            for pair in range(arguments.pairs):
                order = (True, False) if pair % 2 == 0 else (False, True)
                result = {recording: run(url, server, recording, arguments) for recording in order}
                (on, on_cpu), (off, off_cpu) = result[True], result[False]
                losses.append(1 - on / off)
                costs.append(on_cpu / off_cpu - 1)
                rates.append(off)
        finally:
            server.terminate()

    rates.sort()
    print(f"{arguments.pairs} pairs of {arguments.seconds} s, {arguments.connections} connections, load average "
          f"{os.getloadavg()[0]:.1f}; without recording {rates[len(rates) // 2]:.0f} requests per second (median)")
    bound("more CPU time per request", costs)
    if bound("fewer requests per second", losses) >= 0.01:
        sys.exit("the bound is not below 1 %")


if __name__ == "__main__":
    main()
