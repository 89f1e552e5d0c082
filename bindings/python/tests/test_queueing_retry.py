"""Retries: the C++ tables through Python, the outcomes by name, and what is refused."""

import math

import pytest
from tables import close, rows

from relia import queueing as q


def test_the_steady_states_agree_with_the_table():
    for row in rows("queueing/retry.csv"):
        policy = {"timeout": float(row["timeout"]), "max_retries": int(row["max_retries"])}
        rate, servers = float(row["service_rate"]), int(row["servers"])
        found = q.retries(float(row["arrival_rate"]), rate, servers, **policy)
        if row["normal"] == "none":
            assert found.normal is None
        else:
            assert close(found.normal.attempt_rate, float(row["normal"]), 1e-14)
        threshold = float(row["point_of_no_return"])
        assert found.point_of_no_return == threshold or close(found.point_of_no_return, threshold, 1e-13)
        assert close(q.retry_bounds(rate, servers, **policy).largest, float(row["largest_arrival_rate"]), 1e-13)


def test_outcomes_have_names_and_a_budget_ends_the_storm():
    free = q.retries(60, 100, 1, timeout=0.1)
    assert (free.outcome, free.storm.attempt_rate) == ("metastable", 240)
    held = q.retries(60, 100, 1, timeout=0.1, budget=0.4)
    assert (held.outcome, held.storm, held.point_of_no_return) == ("settles", None, math.inf)
    assert q.retries(99, 100, 1, timeout=0.1).outcome == "storm"
    assert "metastable" in repr(free)


def test_blocked_and_amplified():
    blocked = q.retries_when_blocked(90, 1, 100, 3)
    assert close(blocked.attempt_rate, 94.25991699203985863, 1e-13)  # retry_reference.csv
    assert q.worst_retry_amplification(4, 4) == 256


def test_refusals_name_the_argument():
    with pytest.raises(ValueError, match="timeout must be positive and finite, got -1"):
        q.retries(1, 1, 1, timeout=-1)
    with pytest.raises(ValueError, match="budget must be at least 0, got nan"):
        q.retry_bounds(1, 1, timeout=1, budget=math.nan)
