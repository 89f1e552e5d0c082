"""Fractions and their differences agree with the tables that the C++ tests read, and refuse what is no count."""

import math

import numpy as np
import pytest
from tables import close, rows

from relia import stats


def test_limits_agree_with_the_table():
    for row in rows("stats/proportion.csv"):
        e = stats.proportion(
            int(row["successes"]),
            int(row["trials"]),
            confidence_level=float(row["confidence_level"]),
            method=row["method"],
        )
        # 2e-14 is the C++ accuracy test's widest bound.
        assert close(e.interval.lower, float(row["lower"]), 2e-14), row
        assert close(e.interval.upper, float(row["upper"]), 2e-14), row
        assert e.method == row["method"]


def test_differences_agree_with_the_table():
    for row in rows("stats/proportion_difference.csv"):
        counts = [int(row[k]) for k in ("successes1", "trials1", "successes2", "trials2")]
        e = stats.proportion_difference(*counts, confidence_level=float(row["confidence_level"]))
        assert close(e.value, float(row["difference"]), 1e-15)
        assert e.interval.lower == pytest.approx(float(row["lower"]), rel=1e-15, abs=1e-15 * abs(e.value))
        assert e.interval.upper == pytest.approx(float(row["upper"]), rel=1e-15, abs=1e-15 * abs(e.value))


def test_sides_and_numpy_integers():
    upper = stats.proportion(np.int64(0), np.int32(2995), method="clopper_pearson", sides="upper")
    assert upper.interval.lower == 0 and upper.interval.upper < 0.001
    assert "[0.0, 0.0009" in repr(upper)


def test_no_trials_are_no_data():
    e = stats.proportion(0, 0)
    assert e.state == "no_data" and math.isnan(e.value)
    assert (e.interval.lower, e.interval.upper) == (0, 1)
    assert stats.proportion_difference(1, 2, 0, 0).state == "no_data"


def test_what_is_refused():
    with pytest.raises(ValueError, match="successes must be from 0 to the number of trials, 4, got 5"):
        stats.proportion(5, 4)
    with pytest.raises(ValueError, match="method must be one of wilson, clopper_pearson, jeffreys, got \"wald\""):
        stats.proportion(1, 4, method="wald")
    with pytest.raises(ValueError, match="confidence_level must be a fraction"):
        stats.proportion(1, 4, confidence_level=95)
    with pytest.raises(ValueError, match='sides must be "both", "lower" or "upper"'):
        stats.proportion(1, 4, sides="left")
    with pytest.raises(TypeError):
        stats.proportion(1.0, 4)
    with pytest.raises(TypeError):
        stats.proportion(1, 4, 0.9)  # options go by name
