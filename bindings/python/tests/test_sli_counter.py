"""Counters: the published answers of Prometheus, shapes, and what is refused."""

import math

import numpy as np
import pytest
from tables import rows

from relia import sli


def parse(cell):
    pairs = [pair.split(":") for pair in cell.split(";")] if cell else []
    return [float(t) for t, _ in pairs], [float(v) for _, v in pairs]


def instants(seconds):
    return np.array([round(s * 1e9) for s in seconds], dtype="datetime64[ns]")


def test_published_answers():
    for row in rows("sli/counter.csv"):
        times, values = parse(row["samples"])
        began = dict(zip(*parse(row["starts"])))
        starts = [instants([began[t]])[0] if t in began else None for t in times] if began else None
        counter = sli.counter(instants(times), values, starts)
        ask = getattr(counter, row["function"])
        answer = ask(instants([float(row["at"])])[0], float(row["window"]), edges=row["edges"])
        if row["expected"]:
            assert math.isclose(answer.value, float(row["expected"]), rel_tol=1e-15, abs_tol=0), row
        else:
            assert answer.state == "no_data"
            assert math.isnan(answer.value)


def test_many_times_give_arrays():
    counter = sli.counter(instants(range(0, 600, 60)), np.arange(10.0) * 6)
    answer = counter.increase(instants([120, 300, 6000]), np.timedelta64(2, "m"))
    np.testing.assert_array_equal(answer.value, [12, 12, math.nan])
    np.testing.assert_array_equal(answer.state, ["ok", "ok", "no_data"])
    np.testing.assert_array_equal(answer.samples, [2, 2, 0])
    assert answer.preset == "prometheus_3"
    assert repr(answer).startswith("<counter_answer array([12., 12., nan])")
    one = counter.rate(instants([120])[0], 120)
    assert isinstance(one.value, float)
    assert one.value == pytest.approx(0.1, rel=1e-15)
    assert len(counter) == 10
    assert repr(counter) == "<counter of 10 samples>"


def test_lists_pandas_and_unknown_starts():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"t": pandas.to_datetime([0, 60, 120], unit="s", utc=True), "v": [1, 2, 3]})
    counter = sli.counter(frame["t"], frame["v"], [None, pandas.NaT, None])
    assert counter.changes(np.datetime64(120, "s"), 600).value == 2


def test_refusals():
    times = instants([0, 60])
    with pytest.raises(ValueError, match="relia::sli::counter: times must be strictly increasing, got row 1"):
        sli.counter(times[::-1], [1, 2])
    with pytest.raises(ValueError, match="values must be of size 2, got 1"):
        sli.counter(times, [1])
    counter = sli.counter(times, [1, 2])
    with pytest.raises(ValueError, match="relia::sli::counter::rate: window must be positive"):
        counter.rate(times[0], 0)
    with pytest.raises(ValueError, match='preset must be "prometheus_3" or "prometheus_2", got "3"'):
        counter.rate(times[0], 60, preset="3")
    with pytest.raises(ValueError, match='edges must be "extrapolated", "anchored" or "smoothed"'):
        counter.rate(times[0], 60, edges="sharp")
    with pytest.raises(TypeError):
        counter.rate(times[0], 60, "prometheus_3")


def test_events_of_two_counters():
    times = instants([0, 60, 120])
    valid = sli.counter(times, [100, 150, 30])
    bad = sli.counter(times, [0, 0, 3])
    found = sli.events_of(bad, valid, "bad")
    assert (found.events.total().good, found.events.total().bad) == (77, 3)
    assert (found.resets, found.unpaired, found.excess) == (1, 0, 0)
    assert repr(found) == "<counter_events good=77, bad=3, resets=1, born=0, unpaired=0, excess=0>"
    born = sli.events_of([sli.counter(times, [0, 10, 20])], [sli.counter(times[1:], [1, 3])])
    assert (born.events.total().good, born.events.total().bad, born.born) == (20, 3, 1)
    with pytest.raises(ValueError, match="the part must be at most the valid events"):
        sli.events_of(valid, bad, "good")
    with pytest.raises(ValueError, match='which must be "good" or "bad"'):
        sli.events_of(bad, valid, "ugly")
