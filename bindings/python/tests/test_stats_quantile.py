"""Quantiles agree with NumPy's type 7 and with R's order-statistic intervals."""

import math

import numpy as np
import pytest
from tables import rows

from relia import stats


def data_set(name):
    return [float(row["value"]) for row in rows("stats/durations.csv") if row["dataset"] == name]


def test_quantile_agrees_with_numpy_and_broadcasts():
    values = np.array(data_set("github_2025"))
    levels = np.linspace(0, 1, 1001)
    ours = stats.quantile(values, levels)
    np.testing.assert_allclose(ours, np.quantile(values, levels), rtol=1e-14)
    np.testing.assert_array_equal(ours, stats.sorted_quantile(np.sort(values), levels))
    assert isinstance(stats.quantile(values, 0.5), float)


def test_non_contiguous_and_integer_values():
    values = np.arange(20)
    assert stats.quantile(values[::2], 0.5) == 9
    assert stats.quantile_interval(values[::-1].reshape(4, 5), 0.5).value == 9.5


def test_interval_agrees_with_r():
    for row in rows("stats/quantile_published.csv"):
        e = stats.quantile_interval(data_set(row["dataset"]), float(row["level"]))
        assert e.value == pytest.approx(float(row["quantile"]), rel=1e-15)
        assert (e.interval.lower, e.interval.upper) == (float(row["lower"]), float(row["upper"]))
        assert f"between ranks {row['rank_lower']} and {row['rank_upper']} of {e.n}" in e.notes[0]


def test_too_few_values():
    e = stats.quantile_interval(range(30), 0.99)
    assert e.interval.upper == math.inf
    assert e.notes[1] == "too few values for an upper limit: it takes 368"
    assert stats.quantile_interval([], 0.5).state == "no_data"


def test_what_is_refused():
    with pytest.raises(ValueError, match=r"values\[1\] must be a number .*, got nan"):
        stats.quantile([1, math.nan], 0.5)
    with pytest.raises(ValueError, match="the number of values must be at least 1, got 0"):
        stats.quantile([], 0.5)
    with pytest.raises(ValueError, match="level must be a fraction"):
        stats.quantile([1.0], [0.5, 50])
    with pytest.raises(ValueError, match="sorted must be ascending"):
        stats.sorted_quantile([2.0, 1.0], 0.5)
