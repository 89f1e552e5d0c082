"""Kaplan-Meier agrees with the tables that the C++ tests read."""

import math

import numpy as np
import pytest
from tables import rows

from relia import stats

BOUND = 1e-13  # the C++ accuracy test's against R, whose own rounding reaches the 14th digit


def curves(name):
    sets = {}
    for row in rows(f"stats/{name}.csv"):
        sets.setdefault(row["dataset"], []).append((float(row["time"]), int(row["observed"]), int(row["count"])))
    return {key: stats.kaplan_meier(*zip(*some, strict=True)) for key, some in sets.items()}


@pytest.mark.parametrize("name", ["survival", "survival_made"])
def test_agrees_with_the_table(name):
    known = curves(f"{name}_rows")

    def close(actual, expected):
        assert expected == "" or math.isclose(actual, float(expected), rel_tol=BOUND)

    for row in rows(f"stats/{name}.csv"):
        at = float(row["at"])
        if row["quantity"] == "restricted_mean_difference":
            answer = stats.restricted_mean_difference(known["inc_after"], known["inc_before"], at)
        elif row["quantity"] == "restricted_mean":
            answer = known[row["dataset"]].restricted_mean(at)
        elif row["quantity"] == "quantile":
            answer = known[row["dataset"]].quantile(at, method=row["method"])
        else:
            curve = known[row["dataset"]]
            if row["quantity"] == "survival":
                close(curve.survival(at), row["value"])
                if row["method"]:
                    limits = curve.limits(at, method=row["method"])
                    close(limits.lower, row["lower"])
                    close(limits.upper, row["upper"])
            elif row["quantity"] == "standard_error":
                close(curve.standard_error(at), row["value"])
            else:
                close(curve.restricted_mean_error(at), row["value"])
            continue
        close(answer.value, row["value"])
        close(answer.interval.lower, row["lower"])
        close(answer.interval.upper, row["upper"])


def test_survival_broadcasts():
    curve = stats.kaplan_meier([1, 2, 4], [True, False, True])
    assert isinstance(curve.survival(1), float)
    assert curve.survival(np.array([[0, 1], [3, 4]])).tolist() == [[1, 2 / 3], [2 / 3, 0]]
    assert curve.standard_error([0, 4]).tolist() == [0, 0]


def test_steps_and_limits_make_a_frame():
    pandas = pytest.importorskip("pandas")
    curve = stats.kaplan_meier(pandas.Series([5, 2, 5]), pandas.Series([True, True, False]))
    frame = pandas.DataFrame(curve.steps())
    assert frame["time"].tolist() == [2, 5]
    assert frame["at_risk"].tolist() == [3, 2]
    assert frame["events"].tolist() == [1, 1]
    limits = curve.limits(confidence_level=0.9)
    assert limits.shape == (2, 2)
    assert curve.limits(2, confidence_level=0.9).lower == limits[0, 0]


def test_counts_stand_for_rows():
    assert (
        stats.kaplan_meier([1, 3], [1, 0], [2, 1]).steps() == stats.kaplan_meier([1, 1, 3], [1, 1, 0]).steps()
    ).all()


def test_no_rows_and_nothing_ended():
    empty = stats.kaplan_meier([], [])
    assert math.isnan(empty.survival(1))
    assert empty.quantile(0.5).state == "no_data"
    watched = stats.kaplan_meier([3, 4], [False, False])
    assert watched.quantile(0.5).value == math.inf
    assert watched.quantile(0.5).n_open == 2
    assert repr(watched) == "<kaplan_meier n=2, open=2, last time 4.0>"
    assert "<td>4.0</td>" in watched._repr_html_()


def test_refusals_name_the_argument():
    with pytest.raises(ValueError, match="times must be at least 0 and finite, got -1"):
        stats.kaplan_meier([-1], [True])
    with pytest.raises(ValueError, match="observed must be of size 2, got 1"):
        stats.kaplan_meier([1, 2], [True])
    with pytest.raises(ValueError, match="observed must be True \\(ended\\) or False \\(still open\\), got 2"):
        stats.kaplan_meier([1], [2])
    with pytest.raises(ValueError, match="counts must be whole numbers"):
        stats.kaplan_meier([1], [True], [0.5])
    with pytest.raises(ValueError, match='method must be one of log_log, log, plain, logit, arcsine, got "wald"'):
        stats.kaplan_meier([1], [True]).limits(1, method="wald")
