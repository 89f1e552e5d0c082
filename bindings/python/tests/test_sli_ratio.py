"""Events, ratios with their intervals, and time slices."""

import math

import numpy as np
import pytest

import relia
from relia import sli
from relia.aggregate import counts


def minutes(n):
    return np.arange(1, n + 1).astype("datetime64[m]")


def test_any_two_counts():
    expected = counts(990, 10)
    assert sli.events(good=990, bad=10).counts == expected
    assert sli.events(good=990, valid=1000).counts == expected
    assert sli.events(bad=10, valid=1000).counts == expected
    clamped = sli.events(good=11, valid=10, excess="clamp")
    assert (clamped.counts, clamped.excess) == (counts(10, 0), 1)
    assert repr(clamped) == "<event_counts good=10, bad=0, excess=1>"
    with pytest.raises(ValueError, match="good must be at most valid .*, got an excess of 1"):
        sli.events(good=11, valid=10)
    with pytest.raises(ValueError, match="exactly two of good, bad and valid, got 1"):
        sli.events(good=1)


def test_bad_fraction_keeps_digits_that_attainment_cannot():
    events = counts(10**12 - 1, 1)
    bad = sli.bad_fraction(events)
    assert bad.value == 1e-12
    assert 0 < bad.interval.lower < 1e-12 < bad.interval.upper
    good = sli.attainment(events)
    assert good.value == 1 - 1e-12
    assert good.n == 10**12
    # Clopper-Pearson, 5 of 1000 (mpmath, 7 digits).
    exact = sli.bad_fraction(sli.events(bad=5, valid=1000), method="clopper_pearson")
    assert exact.interval.lower == pytest.approx(0.00162542, rel=2e-6)
    assert exact.interval.upper == pytest.approx(0.0116295, rel=4e-6)
    assert exact.method == "clopper_pearson"


def test_no_events_is_a_state():
    nothing = sli.bad_fraction(counts())
    assert nothing.state == "no_data"
    assert math.isnan(nothing.value)
    assert (nothing.interval.lower, nothing.interval.upper) == (0, 1)
    with pytest.raises(ValueError, match="relia::bad_fraction: method must be one of wilson"):
        sli.bad_fraction(counts(1, 1), method="wald")


def test_clamping_is_noted():
    e = sli.attainment(sli.events(good=11, valid=10, excess="clamp"))
    assert e.value == 1
    assert any("exceeded the valid events by 1" in note for note in e.notes)


def test_event_series():
    series = sli.event_series(minutes(3), [10, 20, 30], [1, 2, 3])
    assert series.between(np.datetime64(1, "m"), np.datetime64(3, "m")) == counts(50, 5)
    assert series.total() == counts(60, 6)
    assert len(series) == 3
    assert series.start == np.datetime64(0, "m")
    assert sli.event_series(minutes(3), [1, 1, 1], [0, 0, 0], start="1969-12-31T23:00:00Z").start == np.datetime64(-60, "m")
    assert repr(series) == "<event_series of 3 rows, good=60, bad=6>"
    np.testing.assert_array_equal(series.times, minutes(3))
    with pytest.raises(ValueError, match="good must be whole numbers"):
        sli.event_series(minutes(1), [1.5], [0])
    with pytest.raises(ValueError, match="strictly increasing, got row 1"):
        sli.event_series(minutes(2)[::-1], [1, 1], [0, 0])


def test_time_slices_show_their_rivals():
    good = [20000] * 100 + [190] * 100
    bad = [0] * 100 + [10] * 100
    r = sli.time_slices(good, bad)
    assert r.mean_bad_fraction == pytest.approx(0.025, rel=2.3e-16)
    assert r.weighted_bad_fraction == 1000 / 2020000
    assert r.bad_fraction == 0
    assert r.state == "ok"
    assert "mean of slices 0.025" in repr(r)


def test_cut_judge_and_compose():
    series = sli.event_series(minutes(6), [10, 10, 0, 0, 5, 5], [0, 0, 0, 0, 5, 5])
    good, bad = sli.cut(series, relia.period(np.datetime64(0, "m"), np.datetime64(6, "m")), 120)
    np.testing.assert_array_equal(good, [20, 0, 10])
    np.testing.assert_array_equal(bad, [0, 0, 10])
    judged = sli.judge(good, bad)
    assert list(judged) == ["good", "ignored", "bad"]
    assert list(sli.judge(good, bad, no_traffic="bad")) == ["good", "bad", "bad"]
    assert list(sli.bad_if_any(judged, ["bad", "good", "ignored"])) == ["bad", "good", "bad"]
    assert sli.tally(judged) == counts(1, 1)
    empty = sli.time_slices([0, 0], [0, 0])
    assert (empty.state, empty.empty, empty.no_traffic) == ("no_data", 2, "ignore")
    with pytest.raises(ValueError, match="threshold must be a fraction"):
        sli.time_slices([1], [0], threshold=95)
    with pytest.raises(ValueError, match='no_traffic must be "good", "bad" or "ignore"'):
        sli.time_slices([1], [0], no_traffic="maybe")
    with pytest.raises(ValueError, match="divisor of the period"):
        sli.cut(series, relia.period(np.datetime64(0, "m"), np.datetime64(5, "m")), 120)
