"""The names of relia itself: periods, intervals, estimates and decisions, and how times come in."""

import datetime
import pickle

import numpy as np
import pytest

import relia


def test_period_takes_times_in_every_form():
    expected = relia.period(np.datetime64("2026-03-01T12:00:00"), np.datetime64("2026-03-01T13:00:00"))
    noon = datetime.datetime(2026, 3, 1, 12)
    berlin = datetime.timezone(datetime.timedelta(hours=1))
    for start in (
        "2026-03-01T12:00:00Z",
        "2026-03-01T13:00:00+01:00",
        noon,
        noon.replace(tzinfo=datetime.timezone.utc),
        datetime.datetime(2026, 3, 1, 13, tzinfo=berlin),
        np.datetime64("2026-03-01T12:00:00", "ms"),
    ):
        assert relia.period(start, "2026-03-01T13:00:00Z") == expected
    assert expected.seconds == 3600
    assert noon in expected
    assert "2026-03-01T13:00:00Z" not in expected
    assert pickle.loads(pickle.dumps(expected)) == expected


def test_period_takes_pandas_timestamps():
    pandas = pytest.importorskip("pandas")
    start = pandas.Timestamp("2026-03-01T13:00:00", tz="Europe/Berlin")
    assert relia.period(start, "2026-03-01T13:00:00Z").seconds == 3600


def test_bad_times_are_refused_by_name():
    with pytest.raises(ValueError, match="to must be at or after from"):
        relia.period("2026-03-02T00:00:00Z", "2026-03-01T00:00:00Z")
    with pytest.raises(ValueError, match="start must be times"):
        relia.period(3.5, "2026-03-01T00:00:00Z")
    with pytest.raises(ValueError, match="start must be known times"):
        relia.period(np.datetime64("NaT"), "2026-03-01T00:00:00Z")


def test_interval_compares_and_pickles():
    i = relia.interval(1.0, 2.0, confidence_level=0.9)
    assert 1.5 in i
    assert 2.5 not in i
    assert pickle.loads(pickle.dumps(i)) == i
    assert repr(i) == "interval(1.0, 2.0, confidence_level=0.9)"


def test_two_sided_level_checks_its_domain():
    assert relia.two_sided_level(0.75) == 0.5
    with pytest.raises(ValueError, match="confidence_level must be in"):
        relia.two_sided_level(1.5)


def test_convergence_error_is_a_runtime_error():
    assert issubclass(relia.ConvergenceError, RuntimeError)


def test_version_is_a_version():
    assert len(relia.__version__.split(".")) == 3


@pytest.mark.parametrize(
    "time",
    [
        "0001-01-01T00:00:00Z",
        "9999-12-31T00:00:00Z",
        datetime.datetime(9999, 12, 31),
        np.datetime64("0001-01-01", "s"),
        np.datetime64("2262-01-01", "D"),
    ],
)
def test_a_time_that_64_bits_do_not_hold_is_refused(time):
    with pytest.raises(ValueError, match="times of the years 1678 to 2261"):
        relia.period("2026-01-01T00:00:00Z", time)


def test_text_that_is_no_time_names_the_argument():
    with pytest.raises(ValueError, match="times such as 2026-03-01T09:30:00Z, got 'soon'"):
        relia.period("2026-01-01T00:00:00Z", "soon")
