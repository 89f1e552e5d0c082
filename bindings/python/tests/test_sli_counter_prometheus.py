"""Every recorded answer of a real Prometheus 2.42 about counters, against ours from its raw samples."""

import json
import math
import pathlib
import re

import numpy as np
import pytest

from relia import sli

DATA = pathlib.Path(__file__).resolve().parents[3] / "examples" / "web_pool" / "data"
QUERY = re.compile(r'(increase|rate|irate|resets|changes)\(http_requests_total\{code="(\d+)"\}\[(\d+)([sm])\]\)')
EPSILON = 1e-12


def instants(seconds):
    return np.array([round(s * 1000) for s in seconds], dtype="datetime64[ms]")


@pytest.fixture(scope="module")
def counters():
    found = {}
    for series in json.loads((DATA / "prometheus_raw.json").read_text())["data"]["result"]:
        times, values = zip(*series["values"])
        found[series["metric"]["code"]] = sli.counter(instants(times), [float(v) for v in values])
    return found


def test_every_recorded_answer(counters):
    compared = empty = 0
    for answer in json.loads((DATA / "promql_answers.json").read_text()):
        match = QUERY.fullmatch(answer["query"])
        if match is None:
            continue
        function, code, number, unit = match.groups()
        window = int(number) * (60 if unit == "m" else 1)
        ours = getattr(counters[code], function)(instants([answer["time"]])[0], window, preset="prometheus_2")
        if answer["value"] is None:
            assert ours.state == "no_data", answer
            empty += 1
        else:
            assert math.isclose(ours.value, float(answer["value"]), rel_tol=EPSILON, abs_tol=0), answer
            compared += 1
    assert compared > 600
    assert empty > 50


def test_the_other_preset_differs_where_a_sample_lies_on_the_start(counters):
    counter = counters["200"]
    at = counter.times[40]
    window = (at - counter.times[30]) / np.timedelta64(1, "s")
    closed = counter.changes(at, window, preset="prometheus_2")
    left_open = counter.changes(at, window, preset="prometheus_3")
    assert (closed.samples, left_open.samples) == (11, 10)


def test_the_restart_is_counted_once(counters):
    counter = counters["200"]
    whole = (counter.times[-1] - counter.times[0]) / np.timedelta64(1, "s")
    answer = counter.increase(counter.times[-1], whole, preset="prometheus_2")
    assert answer.resets == 1
    steps = np.diff(counter.values)
    assert answer.value == steps[steps > 0].sum() + counter.values[1:][steps < 0].sum()


def test_the_indicator_is_never_above_one(counters):
    found = sli.events_of([counters["200"]], [counters["499"], counters["500"]])
    assert found.resets == 2  # of 200 and 500; 499 did not come back
    whole = found.events.total()
    by_hand = {}
    for code, counter in counters.items():
        steps = np.diff(counter.values)
        by_hand[code] = steps[steps > 0].sum() + counter.values[1:][steps < 0].sum()
    assert whole.good == by_hand["200"]
    assert whole.bad == by_hand["499"] + by_hand["500"]
    assert found.born == 0
    shares = [found.events.between(t - np.timedelta64(10, "s"), t) for t in found.events.times[10::10]]
    assert all(0 <= c.bad <= c.valid for c in shares)
