"""C++, Python and the command answer the same questions on the recorded data with the same digits."""

import csv
import functools
import json
import operator
import os
import pathlib
import subprocess

import numpy as np
import pytest

import relia

EXAMPLES = pathlib.Path(__file__).parents[2] / "examples"
LEVEL = relia.two_sided_level(0.95)

RULES = f"""relia: 1
checks:
  - {{name: a, rule: sli.ratio, good: 99950, bad: 50, at_least: 99%}}
  - {{name: b, rule: slo.burn_rate, good: 99950, bad: 50, objective: 99.9%, at_most: 1x}}
  - name: c
    rule: forecast.exhaustion
    series: {{file: {EXAMPLES}/web_pool/data/log_bytes.csv, time: timestamp, value: bytes}}
    capacity: 10MB
    within: 3min
    seed: 1
    at_most: 5%
  - name: d
    rule: queueing.response
    requests:
      file: {EXAMPLES}/web_pool/data/open_loop_requests.csv
      where: {{offered_per_second: 160}}
      unit: s
      arrival: intended_seconds
      service: service_seconds
    servers: 4
    quantile: 99%
    at_most: 200ms
  - name: e
    rule: incident.duration
    incidents: {{file: {EXAMPLES}/public_outages/data/outages.csv, as_of: 2026-11-23T00:00:00Z, blank_end: unknown}}
    from: started
    to: mitigated
    statistic: median
    at_most: 3h
"""


def rows(name):
    with open(EXAMPLES / name, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def three(estimate):
    return (estimate.value, estimate.interval.lower, estimate.interval.upper)


def from_python():
    events = relia.aggregate.counts(99950, 50)
    bad = relia.sli.bad_fraction(events, confidence_level=LEVEL)
    budget = relia.slo.objective(0.999).error_budget
    log = rows("web_pool/data/log_bytes.csv")
    full = relia.forecast.exhaustion(
        [r["timestamp"] for r in log],
        np.array([float(r["bytes"]) for r in log]),
        10e6,
        180.0,
        seed=1,
        confidence_level=LEVEL,
    )
    level = [r for r in rows("web_pool/data/open_loop_requests.csv") if r["offered_per_second"] == "160"]
    sent = [float(r["intended_seconds"]) for r in level]
    service = functools.reduce(operator.add, (float(r["service_seconds"]) for r in level))
    response = relia.queueing.latency_estimate(
        len(level) - 1, max(sent) - min(sent), len(level), service, 4, level=0.99, confidence_level=LEVEL
    )
    test = relia.io.read_load_test(EXAMPLES / "web_pool/data/open_loop.csv")
    busy = relia.queueing.measured_service_time(test.requests, test.service_time)
    load = relia.queueing.measured_workload(service_time=busy, arrival_rate=160)
    promise = relia.queueing.service_targets(latency=[relia.queueing.latency_target(0.2)])
    workers = relia.queueing.servers_for_measured(load, promise, growth=0.3, failures=1)
    planned = int(workers.interval.upper)
    outages = rows("public_outages/data/outages.csv")

    def stamps(column):
        return np.array([r[column].rstrip("Z") or "NaT" for r in outages], dtype="datetime64[ns]")

    table = {m: stamps(f"{m}_at") for m in ("started", "detected", "acknowledged", "mitigated", "resolved")}
    table["planned"] = [r["planned"] == "true" for r in outages]
    history = relia.incident.history(table, as_of="2026-11-23T00:00:00Z", blank_end="unknown")
    return {
        "sli.ratio": three(relia.sli.attainment(events, confidence_level=LEVEL)),
        "slo.burn_rate": tuple(x * (1 / budget) for x in three(bad)),
        "forecast.exhaustion": three(full.probability()),
        "queueing.response": three(response),
        "queueing.service_time": three(busy),
        "queueing.servers": three(workers),
        "queueing.arrival_rate": three(
            relia.queueing.arrival_rate_for_measured(load, planned, promise, growth=0.3, failures=1)
        ),
        "queueing.p99": three(relia.queueing.latency_from_estimates(load.arrival_rate, busy, planned)),
        "incident.duration": three(relia.incident.mttm(history, confidence_level=LEVEL).median),
    }


def from_cpp():
    printed = subprocess.run(
        [os.environ["RELIA_THREE_DOORS"], EXAMPLES], check=True, capture_output=True, text=True
    ).stdout
    return {name: tuple(map(float, numbers)) for name, *numbers in map(str.split, printed.splitlines())}


WORKERS = [
    *("--load-test", EXAMPLES / "web_pool/data/open_loop.csv", "--rate", "160/s", "--p", "0.99", "--within", "200ms"),
    *("--growth", "30%", "--failures", "1", "--json"),
]


def queue(question, *more):
    """The figures of `relia queue`, each as value, lower and upper end."""
    printed = subprocess.run(
        [os.environ["RELIA_COMMAND"], "queue", question, *more, *WORKERS], capture_output=True, text=True, check=True
    )
    return {
        name: (f["value"], *(f["interval"][end] if "interval" in f else f["value"] for end in ("lower", "upper")))
        for name, f in json.loads(printed.stdout)["figures"].items()
    }


@pytest.fixture(scope="module")
def workers():
    size = queue("size")
    return size | queue("load", "--servers", str(int(size["servers"][2])))


@pytest.fixture(scope="module")
def rules(tmp_path_factory):
    path = tmp_path_factory.mktemp("rules") / "capacity.yaml"
    path.write_text(RULES)
    return path


def test_the_same_digits_through_three_doors(rules, workers):
    cpp = from_cpp()
    assert from_python() == cpp
    printed = subprocess.run(
        [os.environ["RELIA_COMMAND"], "check", "--format", "json", rules], capture_output=True, text=True, check=False
    )
    command = {
        c["rule"]: (c["value"], c["interval"]["lower"], c["interval"]["upper"])
        for c in json.loads(printed.stdout)["checks"]
    }
    figures = {"service_time": "service_time", "servers": "servers", "arrival_rate": "largest_arrival_rate"}
    command |= {f"queueing.{name}": workers[figure] for name, figure in figures.items()}
    command["queueing.p99"] = workers["response_p99"]
    assert command == cpp


def test_the_command_prints_the_digits_of_the_example(workers):
    service, now, worst = (
        [1000 * x for x in workers[name]] for name in ("service_time", "response_p99", "response_p99_at_worst")
    )
    most = workers["largest_arrival_rate"]
    assert (EXAMPLES / "expected/how_many_workers_when_one_fails.txt").read_text() == (
        f"The load test: a request keeps a worker for {service[0]:.2f} ms, "
        f"between {service[1]:.2f} and {service[2]:.2f} ms.\n"
        f"{workers['servers'][2]:.0f} workers keep the p99 under 200 ms with 30 % more requests and one worker down.\n"
        f"The p99 is {now[0]:.1f} ms now, between {now[1]:.1f} and {now[2]:.1f}; "
        f"at the worst {worst[0]:.1f}, between {worst[1]:.1f} and {worst[2]:.1f}.\n"
        f"They bear {most[0]:.1f} requests a second today, between {most[1]:.1f} and {most[2]:.1f}.\n"
    )


def test_relia_check_is_the_command(rules):
    printed = subprocess.run(
        [os.environ["RELIA_COMMAND"], "check", rules], capture_output=True, text=True, check=False
    )
    report = relia.check(rules)
    assert str(report) == printed.stdout
    assert report.exit_code() == printed.returncode
