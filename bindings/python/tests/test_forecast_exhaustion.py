"""Trends, first passages and exhaustion: the C++ tables through Python, times of many kinds, and what is refused."""

import math
from datetime import datetime, timedelta, timezone

import numpy as np
import pytest
from tables import rows

import relia
from relia import forecast


def hours(n):
    return np.datetime64("2026-03-01T00:00", "ns") + np.arange(n) * np.timedelta64(1, "h")


def grown(n=169):
    generator = np.random.Generator(np.random.PCG64(1))
    return 100 + np.cumsum(0.3 + generator.standard_normal(n))


def test_predict_linear_agrees_with_prometheus():
    values = np.array([0, 10, 20, 30, 40, 0, 10, 20, 30, 40, 50.0])
    times = np.datetime64(0, "s") + np.arange(11) * np.timedelta64(300, "s")
    for row in rows("forecast/predict_linear.csv"):
        n = int(row["samples"])
        if row["quantity"] == "deriv":
            actual = forecast.fit_trend(times[-n:], values[-n:]).slope().value
        else:
            now = np.datetime64(int(row["evaluation_time"]), "s")
            actual = forecast.predict_linear(times[-n:], values[-n:], now, int(row["ahead"])).value
        assert actual == pytest.approx(float(row["expected"]), rel=1e-14)
    assert forecast.predict_linear(times[:1], values[:1], times[0], 60).state == "no_data"


def test_first_passage_agrees_with_the_table_and_broadcasts():
    for name in ("probability", "survival"):
        some = [row for row in rows("forecast/first_passage.csv") if row["quantity"] == name]
        arguments = [np.array([float(row[k]) for row in some]) for k in ("distance", "drift", "sd", "time")]
        expected = np.array([float(row["expected"]) for row in some])
        u = np.array([float(row["u"]) for row in some])
        exponent = np.maximum(0, -2 * arguments[0] * arguments[1] / arguments[2] ** 2)
        actual = getattr(forecast, f"first_passage_{name}")(*arguments)
        # As in the C++ accuracy test: 8 epsilons, times the condition of each row.
        assert np.all(np.abs(actual - expected) <= 8 * 2.3e-16 * (1 + u**2 + exponent) * expected)
    assert isinstance(forecast.first_passage_probability(20.0, 1, 2, 20), float)
    assert forecast.first_passage_quantile([0.05, 0.95], 20, 1, 2) == pytest.approx([9.06601787904597, 37.0557841058721])
    assert forecast.first_passage_quantile(0.5, 5, -1, 2) == math.inf
    with pytest.raises(ValueError, match="sd must be at least 0 and finite, got -2"):
        forecast.first_passage_probability(1, 1, -2, 3)


def test_trend():
    times, values = hours(48), 10 + 2.0 * np.arange(48) + np.resize([0.5, -0.5], 48)
    trend = forecast.fit_trend(times, values)
    assert trend.slope(timedelta(hours=1)).value == pytest.approx(24 * trend.slope(3600).value / 24, rel=1e-15)
    crossing = trend.crossing(200, confidence_level=0.9)
    assert crossing.outlook == "ahead" and crossing.g < 1
    assert crossing.after.value in crossing.after.interval
    assert trend.crossing(50).outlook == "already_over"
    assert trend.last == times[-1] and trend.last_value == values[-1]
    assert trend.mean(times[-1]).interval.upper < trend.prediction(times[-1]).interval.upper
    assert "capacity_crossing ahead" in repr(crossing) and "48 samples" in repr(trend)
    assert trend.line.n == 48 and abs(trend.residual_autocorrelation) <= 1
    with pytest.raises(ValueError, match="data must be of at least 2 samples, got 1"):
        forecast.fit_trend(times[:1], values[:1])


def test_exhaustion_from_times_of_many_kinds():
    pandas = pytest.importorskip("pandas")
    values = grown()
    capacity = values[-1] + 12
    by_numpy = forecast.exhaustion(hours(169), values, capacity, timedelta(hours=48))
    aware = [datetime(2026, 3, 1, tzinfo=timezone.utc) + timedelta(hours=i) for i in range(169)]
    by_lists = forecast.exhaustion(aware, list(values), capacity, 48 * 3600.0)
    series = pandas.Series(values, index=pandas.DatetimeIndex(hours(169)))
    by_pandas = forecast.exhaustion(series.index, series, capacity, np.timedelta64(48, "h"))
    assert np.array_equal(by_numpy.times, by_lists.times)
    assert np.array_equal(by_numpy.times, by_pandas.times)
    assert by_numpy.increments == 168 and by_numpy.step == 3600 and by_numpy.block_length >= 1

    p = by_numpy.probability()
    assert 0 < p.value < 1 and p.value in p.interval and p.method == "block_bootstrap_paths"
    assert p.value + by_numpy.survival().value == pytest.approx(1, rel=1e-15)
    assert by_numpy.probability(timedelta(hours=24)).value < p.value
    after = by_numpy.after([0.1, 0.2, 0.999999])
    assert after[0] < after[1] and after[2] == math.inf
    assert by_numpy.date(0.1) == by_numpy.last + np.timedelta64(round(after[0] * 1e9), "ns")
    assert np.isnat(by_numpy.date(0.999999))
    assert repr(by_numpy).startswith("<exhaustion_forecast 0.")
    other = forecast.exhaustion(hours(169), values, capacity, timedelta(hours=48), seed=1, paths=1000)
    assert len(other.times) == 1000


def test_too_little_and_already_over():
    few = forecast.exhaustion(hours(10), np.arange(10.0), 100, 3600)
    assert few.state == "no_data" and few.probability().state == "no_data"
    assert "too little history: 9 increments" in repr(few)
    full = forecast.exhaustion(hours(10), np.arange(10.0), 9, 3600)
    assert full.probability().value == 1 and full.after(0.5) == 0 and full.date(0.5) == full.last


def test_what_is_refused():
    values = grown()
    with pytest.raises(ValueError, match="capacity must be finite, got nan"):
        forecast.exhaustion(hours(169), values, math.nan, 3600)
    with pytest.raises(ValueError, match="values must be of size 169, got 168"):
        forecast.exhaustion(hours(169), values[1:], 200, 3600)
    with pytest.raises(ValueError, match="times must be times"):
        forecast.exhaustion(np.arange(169), values, 200, 3600)
    with pytest.raises(ValueError, match="within must be from 0 to the horizon"):
        forecast.exhaustion(hours(169), values, 200, 3600).probability(7200)
    with pytest.raises(TypeError):
        forecast.exhaustion(hours(169), values, 200, 3600, 1)  # options go by name


def test_a_search_that_cannot_end_is_named():
    with pytest.raises(relia.ConvergenceError, match="the drift is too steep for the distance and the sd"):
        forecast.first_passage_quantile(0.75, 6.9e227, 2.8e-138, 0.999999)
