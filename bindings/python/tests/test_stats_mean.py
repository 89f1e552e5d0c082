"""Means and geometric means agree with the tables that the C++ tests read."""

import math

import numpy as np
import pandas as pd
import pytest
from tables import close, rows

from relia import stats


def data_set(name):
    return [float(row["value"]) for row in rows("stats/durations.csv") if row["dataset"] == name]


def test_agrees_with_the_table():
    most = 1e-9  # the table's own bound
    for row in rows("stats/mean_published.csv"):
        values = data_set(row["dataset"])
        for e, value, prefix in (
            (stats.mean(values), "mean", "t"),
            (stats.mean(values, method="modified_cox"), "lognormal_mean", "cox"),
            (stats.geometric_mean(values), "geometric_mean", "geometric"),
        ):
            assert close(e.value, float(row[value]), most)
            assert close(e.interval.lower, float(row[f"{prefix}_lower"]), most)
            assert close(e.interval.upper, float(row[f"{prefix}_upper"]), most)


def test_extreme_values_keep_their_digits():
    for row in rows("stats/mean_scales.csv"):
        e = stats.mean([float(v) for v in row["values"].split()], confidence_level=float(row["confidence_level"]))
        assert close(e.value, float(row["mean"]), 2e-15)


def test_columns_and_dtypes():
    values = [3, 4, 8, 9]
    expected = stats.mean(values)
    for column in (np.array(values, dtype=np.float32), pd.Series(values), np.array(values * 2)[:4], tuple(values)):
        assert stats.mean(column).interval == expected.interval
    assert "<table>" in expected._repr_html_()


def test_few_values():
    assert stats.mean([]).state == "no_data"
    assert stats.mean([5]).interval.upper == math.inf
    assert stats.mean([2, 2]).notes == ["all values are equal: the interval has no width"]


def test_what_is_refused():
    with pytest.raises(ValueError, match=r"values\[1\] must be positive and finite, because the method takes log"):
        stats.mean([1, 0], method="modified_cox")
    with pytest.raises(ValueError, match=r"relia::stats::mean: values\[0\] must be finite, got nan"):
        stats.mean(pd.Series([np.nan, 1.0]))
    with pytest.raises(ValueError, match="method must be one of student_t, modified_cox"):
        stats.mean([1.0], method="bca")
    with pytest.raises(ValueError, match=r"geometric_mean: values\[0\] must be positive"):
        stats.geometric_mean([-1.0])
