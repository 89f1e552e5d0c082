"""From a recorded load test to a number of servers, through Python."""

import math
import pathlib

import numpy as np
import pytest

from relia import io
from relia import queueing as q

DATA = pathlib.Path(__file__).resolve().parents[3] / "examples" / "web_pool" / "data"
PROMISE = q.service_targets(latency=q.latency_target(0.2))


def test_the_recorded_load_test_is_read():
    test = io.read_load_test(DATA / "open_loop.csv")
    assert test.arrival_rate[0] == 1178 / 30
    assert test.latency.dtype == np.float64
    assert (len(test.requests), len(test.service_time)) == (7, 7)
    assert "left out: over capacity" in test.notes[0]
    closed = io.read_concurrency_test(str(DATA / "closed_loop.csv"))
    assert closed.concurrency[:3].tolist() == [1, 2, 4]
    assert closed.throughput[0] == 47.921757
    assert len(closed.latency) == len(closed.concurrency)


def test_bad_load_tests_name_the_line(tmp_path):
    path = tmp_path / "test.csv"
    path.write_text("arrival_rate,latency_seconds,requests\n10,-1,300\n")
    with pytest.raises(ValueError, match=r"test\.csv:2: latency_seconds: expected a number above 0, found -1"):
        io.read_load_test(path)


def test_service_time_measured_or_fitted():
    test = io.read_load_test(DATA / "open_loop.csv")
    measured = q.measured_service_time(test.requests, test.service_time)
    assert measured.n == 27389
    assert measured.value == pytest.approx(np.average(test.service_time, weights=test.requests), rel=1e-14)
    # 1.96 / sqrt(n), as of a normal mean: the exact interval is close to it for so many.
    assert measured.interval.upper / measured.value - 1 == pytest.approx(1.96 / math.sqrt(27389), rel=0.02)
    fitted = q.fitted_service_time(test.arrival_rate, test.latency, test.requests)
    # The fit takes the milliseconds that no worker was busy for (test_queueing_load_test) as service.
    assert 1 < fitted.value / measured.value < 1.06
    assert fitted.interval.lower < fitted.value < fitted.interval.upper
    assert fitted.method == "jackknife"
    assert fitted.notes[0].startswith("no such pool explains the levels")


def test_servers_and_load_with_their_uncertainty():
    test = io.read_load_test(DATA / "open_loop.csv")
    service = q.measured_service_time(test.requests, test.service_time)
    load = q.measured_workload(service_time=service, arrival_rate=160)
    assert load.arrival_rate.interval.lower == 160
    needed = q.servers_for_measured(load, PROMISE, growth=0.3, failures=1)
    assert (needed.value, needed.interval.upper) == (6, 6)
    most = q.arrival_rate_for_measured(load, 6, PROMISE, growth=0.3, failures=1)
    assert most.interval.lower < most.value < most.interval.upper
    known = q.workload(arrival_rate=160, service_rate=1 / service.value)
    assert most.value == q.arrival_rate_for(known, 6, PROMISE, growth=0.3, failures=1).value


def test_a_float_is_known_and_an_estimate_keeps_its_interval():
    service = q.measured_service_time([100], [0.02])
    assert q.measured_workload(service_time=service).service_time.interval == service.interval
    assert q.measured_workload(service_time=0.02).service_time.interval.confidence_level == 1
    assert "service_time 0.02" in repr(q.measured_workload(service_time=0.02))
    assert q.known(3).value == 3
    with pytest.raises(ValueError, match="arrival_rate must be positive and finite, got 0"):
        q.servers_for_measured(q.measured_workload(service_time=0.02), PROMISE)
