"""Load tests through Python: Little's law, the station behind them, and answers from estimates."""

import math

import pytest

from relia import queueing as q
from relia import stats


def test_little_finds_made_up_latencies():
    found = q.check_little([1, 2, 4, 8], [47.92, 93.80, 188.9, 196.2], [0.023559, 0.024979, 0.024368, 0.041951])
    assert (found.decision.verdict, found.worst) == ("fail", 1)
    assert "row 1" in repr(found)
    with pytest.raises(ValueError, match="throughput must be positive and finite, got row 0"):
        q.check_little([1], [0], [1])


def test_the_recorded_pool_has_four_workers():
    # examples/web_pool/data/open_loop.csv, the levels under capacity.
    sent = [1178, 2390, 3632, 4240, 4682, 5565, 5702]
    latency = [0.022154, 0.022860, 0.027491, 0.035656, 0.033721, 0.153955, 0.231301]
    p50 = [0.016139, 0.016248, 0.019944, 0.026402, 0.026294, 0.120313, 0.234080]
    p99 = [0.112035, 0.102597, 0.118665, 0.139675, 0.121630, 0.447519, 0.474137]
    rate = [s / 30 for s in sent]
    found = q.fit_station(rate, latency, sent, quantiles={0.99: p99, 0.5: p50}, mm=True, replicates=60, most_servers=16)
    assert (found.servers.value, found.servers.interval.lower, found.servers.interval.upper) == (4, 4, 4)
    assert abs(found.service_rate.value / 50 - 1) < 0.1
    assert 0 < found.delay.value < 0.004
    assert found.response_time(210).quantile(0.99) == math.inf and found.response_time(210).state == "unstable"
    assert found.response_time(150).survival(found.response_time(150).quantile([0.9]))[0] == pytest.approx(0.1, rel=1e-9)
    assert len(found.residual) == 7 and "servers 4" in repr(found) and found.variability.value == 1
    with pytest.raises(ValueError, match="at least 4 levels, got 1"):
        q.fit_station([1], [1], [1])
    with pytest.raises(ValueError, match="arrival_scv must be from 0 to 20, got -1"):
        q.fit_station(rate, latency, sent, arrival_scv=-1)


def test_answers_from_estimates():
    rate = stats.rate(60000, 600, confidence_level=0.975)
    time = stats.mean([0.04, 0.05, 0.06, 0.05, 0.045, 0.055] * 50, confidence_level=0.975)
    p99 = q.latency_from_estimates(rate, time, 8)
    assert p99.interval.lower < p99.value < p99.interval.upper
    servers = q.servers_estimate(rate, time, q.latency_target(0.3))
    assert servers.interval.lower <= servers.value <= servers.interval.upper
    drawn = q.propagate(lambda v: v[0] * v[1], [rate, time], seed=1, draws=500)
    assert drawn.interval.lower < drawn.value < drawn.interval.upper
    assert drawn.value == rate.value * time.value


def test_levers():
    found = q.latency_sensitivity(80, 100, 1)
    assert abs(found.service - 5) < 1e-7
    assert found.best in repr(found)
    with pytest.raises(ValueError, match='delay must be "response" or "wait", got "x"'):
        q.latency_sensitivity(1, 1, 2, delay="x")
