"""Staffing, a step of the load, and a cache in front of a pool: answers by hand, and what is refused."""

import math

import pytest
from tables import close

from relia import queueing as q


def test_staffing_lags_and_orders_ahead():
    target = q.latency_target(6)
    lagging = q.staffing([2, 10, 2], 1, 1, target)
    assert close(lagging.loads[1], 10 - 8 * math.exp(-1))
    prompt = q.staffing([1, 1, 1, 9, 1], 60, 1, target, method="pointwise_stationary", start_up_delay=90)
    assert prompt.ordered[1:4] == [prompt.needed[3]] * 3
    assert (prompt.outcome, prompt.ordered[0]) == ("met", prompt.needed[0])


def test_a_step_of_the_load():
    cost = q.step_of_load(100, 10, 5, 20, 30)
    assert (cost.backlog, cost.longest_wait, cost.drained_after, cost.servers_for_none) == (1500, 15, 45, 10)
    assert q.step_of_load(100, 10, 5, 10, 30).state == "unstable"


def test_a_cache():
    cached = q.cached_queue(100, 0.8, 100, 1, 0.001)
    assert close(cached.quantile(0.99), 0.001 + math.log(20) / 80)
    assert cached.quantile([0.5, 0.9]).shape == (2,)
    assert cached.pool.state == "ok"
    assert close(q.min_hit_ratio(100, 100, 4, 0), 0.99)


def test_refusals_name_the_argument():
    with pytest.raises(ValueError, match="hit_ratio must be a fraction"):
        q.cached_queue(1, 99, 1, 1)
    with pytest.raises(ValueError, match="arrival_rates must be"):
        q.staffing([], 1, 1, q.latency_target(6))
