"""Sizing and the interval of a measured latency: the C++ tables through Python, and what is refused."""

import math

import pytest
from tables import close, rows

from relia import queueing as q


def test_sizing_agrees_with_the_table():
    for row in rows("queueing/sizing.csv"):
        arrival, limit = float(row["arrival_rate"]), float(row["limit"])
        if row["target"] == "blocking":
            found = q.min_servers_for_blocking(arrival, limit)
        else:
            target = q.latency_target(limit, level=float(row["level"]), delay=row["target"])
            found = q.min_servers(arrival, float(row["service_rate"]), target)
        assert (found.outcome, found.servers) == ("met", int(row["servers"]))
    for row in rows("queueing/blocking_load.csv"):
        if row["source"].startswith("mpmath"):
            assert close(q.max_load_for_blocking(int(row["servers"]), float(row["blocking"])), float(row["load"]))


def test_the_largest_rate_broadcasts_and_is_the_inverse():
    target = q.latency_target(0.4)
    rates = q.max_arrival_rate(12.5, [10, 11, 12], target)
    assert rates.shape == (3,)
    for servers, rate in zip((10, 11, 12), rates):
        assert q.min_servers(rate, 12.5, target).servers == servers


def test_impossible_has_a_name():
    found = q.min_servers(100, 12.5, q.latency_target(0.35))
    assert (found.outcome, found.servers) == ("impossible", 0)
    assert close(found.probability, math.exp(-0.35 * 12.5), 1e-15)
    assert "impossible" in repr(found)
    assert q.max_arrival_rate(12.5, 10, q.latency_target(0.35)) == 0


def test_target_defaults_repr_and_refusals():
    target = q.latency_target(0.4)
    assert (target.limit, target.level, target.delay) == (0.4, 0.99, "response")
    assert repr(eval(repr(target), vars(q).copy())) == repr(target)
    with pytest.raises(ValueError, match='delay must be "response" or "wait", got "queue"'):
        q.latency_target(0.4, delay="queue")
    with pytest.raises(ValueError, match=r"level must be a fraction in \(0, 1\)"):
        q.min_servers(1, 1, q.latency_target(0.4, level=99))
    with pytest.raises(ValueError, match="service_rate must be under 5e8"):
        q.min_servers(1e12, 1, q.latency_target(10))


def test_latency_estimate():
    e = q.latency_estimate(120, 60, 80, 40, 3)
    assert (e.n, e.state, e.method) == (120, "ok", "corners")
    assert e.value == q.mmc(2, 2, 3).response_time.quantile(0.99)
    assert e.value in e.interval
    wait = q.latency_estimate(120, 60, 80, 40, 3, delay="wait", level=0.999, confidence_level=0.9)
    assert wait.value == q.mmc(2, 2, 3).waiting_time.quantile(0.999)
    assert wait.interval.confidence_level == 0.9
    assert q.latency_estimate(120, 60, 80, 80, 2).state == "unstable"
    assert q.latency_estimate(0, 60, 80, 40, 3).state == "no_data"
    with pytest.raises(ValueError, match="exposure must be positive and finite, got 0"):
        q.latency_estimate(1, 0, 1, 1, 1)
