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
        "incident.duration": three(relia.incident.mttm(history, confidence_level=LEVEL).median),
    }


def from_cpp():
    printed = subprocess.run(
        [os.environ["RELIA_THREE_DOORS"], EXAMPLES], check=True, capture_output=True, text=True
    ).stdout
    return {name: tuple(map(float, numbers)) for name, *numbers in map(str.split, printed.splitlines())}


@pytest.fixture(scope="module")
def rules(tmp_path_factory):
    path = tmp_path_factory.mktemp("rules") / "capacity.yaml"
    path.write_text(RULES)
    return path


def test_the_same_digits_through_three_doors(rules):
    cpp = from_cpp()
    assert from_python() == cpp
    printed = subprocess.run(
        [os.environ["RELIA_COMMAND"], "check", "--format", "json", rules], capture_output=True, text=True, check=False
    )
    command = {
        c["rule"]: (c["value"], c["interval"]["lower"], c["interval"]["upper"])
        for c in json.loads(printed.stdout)["checks"]
    }
    assert command == cpp


def test_relia_check_is_the_command(rules):
    printed = subprocess.run(
        [os.environ["RELIA_COMMAND"], "check", rules], capture_output=True, text=True, check=False
    )
    report = relia.check(rules)
    assert str(report) == printed.stdout
    assert report.exit_code() == printed.returncode
