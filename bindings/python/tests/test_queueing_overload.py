"""Shedding and draining: the C++ table through Python, arrays, states by name, and what is refused."""

import math

import pytest
from tables import close, rows

from relia import queueing as q


def test_drain_times_agree_with_the_table():
    for row in rows("queueing/backlog.csv"):
        servers, backlog = int(row["servers"]), int(row["backlog"])
        drain = q.drain_time(backlog, float(row["arrival_rate"]), float(row["service_rate"]), servers)
        assert close(drain.cdf(float(row["t"])), float(row["cdf"]), 1e-12)


def test_drain_broadcasts_and_names_its_state():
    drain = q.drain_time(40, 7, 1, 8)
    assert (drain.state, drain.mean, drain.variance) == ("ok", 40, 600)
    assert drain.quantile([0.5, 0.99]).shape == (2,)
    growing = q.drain_time(10, 12, 1, 8)
    assert (growing.state, growing.mean) == ("unstable", math.inf)
    assert "unstable" in repr(growing)


def test_shedding():
    target = q.latency_target(0.4)
    found = q.shed(200, 12.5, 12, target)
    assert close(found.admitted_rate, q.max_arrival_rate(12.5, 12, target))
    assert close(found.shed_fraction, 1 - found.admitted_rate / 200)
    assert q.shed(1, 12.5, 12, q.latency_target(0.35)).outcome == "impossible"
    assert q.longest_line(1, 10, 1) == 3  # Poisson(10): P(N < 4) = 0.01034, P(N < 3) = 0.00277


def test_refusals_name_the_argument():
    with pytest.raises(ValueError, match="backlog must be from 0 to 1e9, got -1"):
        q.drain_time(-1, 1, 1, 1)
    with pytest.raises(ValueError, match="level must be a fraction"):
        q.longest_line(1, 1, 1, 1)
