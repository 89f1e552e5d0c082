"""Rates agree with the tables that the C++ tests read; arrays broadcast."""

import math

import numpy as np
import pandas as pd
import pytest
from tables import close, rows

from relia import stats

PAGES = [0, 3, 1, 0, 5, 2, 2, 7, 1, 0, 4, 2]


def test_rate_agrees_with_the_table():
    for row in rows("stats/rate.csv"):
        e = stats.rate(int(row["events"]), float(row["exposure"]), confidence_level=float(row["confidence_level"]))
        assert close(e.interval.lower, float(row["lower"]), 1e-15), row
        assert close(e.interval.upper, float(row["upper"]), 1e-15), row


def test_rate_ratio_agrees_with_r():
    for row in rows("stats/rate_ratio_published.csv"):
        split = int(row["events1"]), float(row["exposure1"]), int(row["events2"]), float(row["exposure2"])
        e = stats.rate_ratio(*split)
        most = float(row["tolerance"])
        assert close(e.value, float(row["ratio"]), most)
        assert close(e.interval.lower, float(row["lower"]), most)
        assert close(e.interval.upper, float(row["upper"]), most)
        assert close(stats.rate_ratio_p_value(*split), float(row["p_value"]), most)


def test_p_values_broadcast_and_refuse_floats():
    p = stats.rate_ratio_p_value([14, 0], 6, np.array([7, 0]), 6)
    assert p.shape == (2,) and p[1] == 1
    assert p[0] == stats.rate_ratio_p_value(14, 6, 7, 6)
    assert isinstance(stats.rate_ratio_p_value(14, 6, 7, 6), float)
    with pytest.raises(ValueError, match="events1 must be whole numbers"):
        stats.rate_ratio_p_value(14.5, 6, 7, 6)


@pytest.mark.parametrize("container", [list, np.array, pd.Series])
def test_quasi_poisson_takes_columns(container):
    r = stats.quasi_poisson_rate(container(PAGES), container([1.0] * 12), method="quasi_poisson_normal")
    expected = next(row for row in rows("stats/quasi_poisson.csv") if row["method"] == "quasi_poisson_normal")
    assert close(r.dispersion, float(expected["dispersion"]), 1e-14)
    assert close(r.p_value, float(expected["p_value"]), 1e-14)
    assert close(r.rate.interval.upper, float(expected["upper"]), 1e-14)
    assert repr(r).startswith("<quasi_poisson_result <estimate 2.25 [1.300668329116469")


def test_no_data_and_one_sided():
    assert stats.rate(0, 0).state == "no_data"
    assert stats.quasi_poisson_rate([], []).rate.state == "no_data"
    assert stats.rate_ratio(0, 1, 0, 1).state == "no_data"
    assert stats.rate_ratio(2, 1, 0, 1).value == math.inf
    assert close(stats.rate(0, 12, sides="upper").interval.upper, -math.log(0.05) / 12, 1e-15)


def test_what_is_refused():
    with pytest.raises(ValueError, match="relia::stats::rate: exposure must be positive and finite, got 0"):
        stats.rate(1, 0)
    with pytest.raises(ValueError, match='stopping must be "at_time" or "at_event"'):
        stats.rate(1, 1, stopping="never")
    with pytest.raises(ValueError, match="exposure must be of size 2, got 1"):
        stats.quasi_poisson_rate([1, 2], [1.0])
    with pytest.raises(ValueError, match="events must be whole numbers"):
        stats.quasi_poisson_rate([1.5, 2], [1.0, 1.0])
    with pytest.raises(TypeError):
        stats.rate(1.5, 2)


def test_counts_beyond_int64_are_refused_not_wrapped():
    with pytest.raises(ValueError, match=r"events must be whole numbers below 2\*\*63"):
        stats.quasi_poisson_rate(np.array([2**63, 1], dtype=np.uint64), [1.0, 1.0])
