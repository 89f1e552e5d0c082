"""Stations with an end: finite rooms, finite sources, impatience, and what they bear."""

import math

import numpy as np
import pytest
from tables import rows

from relia import queueing as q


def pool_of(row):
    rates = float(row["arrival_rate"]), float(row["service_rate"]), int(row["servers"])
    kinds = {"M/M/c/K": q.mmck, "M/M/1/K": q.mmck, "M/M/c//N": q.finite_source, "Engset": q.engset}
    if row["model"] == "M/M/c+M":
        return q.erlang_a(*rates, float(row["last"]))
    return kinds[row["model"]](*rates, int(row["last"]))


def test_pools_agree_with_the_reference():
    attributes = {"L": "mean_in_system", "Lq": "mean_in_queue", "P_block": "blocking_probability",
                  "throughput": "throughput", "P_abandon": "abandonment_probability"}
    met = 0
    for row in rows("queueing/pool.csv"):
        if row["quantity"] in attributes and row["dyadic"] == "1" and row["source"].startswith("mpmath"):
            met += 1
            value = getattr(pool_of(row), attributes[row["quantity"]])
            assert value == pytest.approx(float(row["value"]), rel=1e-14, abs=0)
    assert met > 40


def test_delays_agree_with_the_reference():
    met = 0
    for row in rows("queueing/pool_delay.csv"):
        if row["quantity"] in ("wait_survival", "response_survival"):
            met += 1
            pool = pool_of(row)
            delay = pool.waiting_time if row["quantity"][0] == "w" else pool.response_time
            assert delay.survival(float(row["at"])) == pytest.approx(float(row["value"]), rel=1e-13, abs=0)
    assert met > 100


def test_arguments_broadcast():
    pool = q.mmck(9, 1, 10, 20)
    assert pool.probability_of([0, 1, 20]).shape == (3,)
    assert pool.response_time.survival([0.0, 1.0]).tolist()[0] == 1
    assert q.erlang_b_real([1.0, 1.5, 2.0], 1.0)[0] == 0.5
    assert np.all(np.diff(q.erlang_c_real(np.linspace(3.1, 6, 9), 3.0)) < 0)
    with pytest.raises(ValueError, match="whole numbers"):
        pool.probability_of(1.5)


def test_promises():
    load = q.workload(arrival_rate=1000, service_rate=1)
    targets = q.service_targets(latency=[q.latency_target(5)])
    found = q.servers_for(load, targets)
    assert (found.outcome, found.value, found.binding) == ("met", 1003, "response_quantile")
    assert q.servers_for(load, targets, growth=0.3, failures=2).value == 1305
    assert q.arrival_rate_for(load, 1003, targets).value > 1000
    assert q.service_time_for(load, 1003, targets).value > 1
    assert q.judge(load, 1003, targets).kept
    assert q.judge(load, 1002, targets).name == "response_quantile"
    lossy = q.workload(arrival_rate=10, waiting_room=0)
    assert q.servers_for(lossy, q.service_targets(blocking=0.01)).value == 18
    assert math.isinf(q.service_targets().mean_wait)


def test_reprs_and_errors():
    assert repr(q.mmck(1, 2, 3, 4)) == "mmck(arrival_rate=1.0, service_rate=2.0, servers=3, capacity=4)"
    assert "p99" in repr(q.erlang_a(1, 2, 3, 4).waiting_time)
    assert q.infinite_servers(10, 0.5).mean_after(0) == 0
    with pytest.raises(ValueError, match="queueing::mm1k: capacity must be from the number of servers"):
        q.mm1k(1, 1, 0)
    with pytest.raises(ValueError, match="abandonment_rate must be positive"):
        q.erlang_a(1, 1, 1, 0)
    with pytest.raises(ValueError, match="blocking must be a fraction"):
        q.servers_for(q.workload(arrival_rate=1), q.service_targets(blocking=0))


def test_halfin_whitt_of_the_table_broadcasts_and_refuses():
    for row in rows("queueing/halfin_whitt.csv"):
        f = q.halfin_whitt_beta if row["quantity"] == "beta" else q.halfin_whitt_wait_probability
        assert f(float(row["at"])) == pytest.approx(float(row["value"]), rel=2e-15, abs=0)
    assert np.all(np.diff(q.halfin_whitt_wait_probability([-1.0, 0.5, 1.0])) < 0)
    with pytest.raises(ValueError, match="wait_probability must be a fraction"):
        q.halfin_whitt_beta(0.0)


def test_mean_in_flight_of_any_law():
    assert list(q.mean_in_flight(5, q.deterministic_time(2), [0.0, 1.0, 3.0])) == [0.0, 5.0, 10.0]
    with pytest.raises(ValueError, match="t must be at least 0"):
        q.mean_in_flight(5, q.exponential_time(2), -1.0)
    with pytest.raises(TypeError, match="law of times"):
        q.mean_in_flight(5, 2.0, 1.0)
