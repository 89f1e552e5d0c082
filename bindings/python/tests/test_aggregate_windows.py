"""Rolling windows agree with a recount in NumPy, follow clocks that step, merge and travel as bytes."""

import copy
import pickle
from datetime import timedelta

import numpy as np
import pytest

import relia
from relia.aggregate import bad_fraction, counts, window_layout, windows

START = np.datetime64("2026-03-01T00:00:00", "ns")


def stream(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Events of three days, each up to half an hour late."""
    random = np.random.default_rng(seed)
    sent = np.sort(random.integers(0, 3 * 86400 * 10**9, n))
    late = random.integers(0, 1800 * 10**9, n)
    return START + (sent - late).astype("timedelta64[ns]"), random.random(n) < 0.9


def recount(times, good, start, end):
    inside = (times >= start) & (times < end)
    return counts(int(good[inside].sum()), int((~good[inside]).sum()))


def test_every_window_is_bounded_by_what_a_recount_gives():
    times, good = stream(20_000, 20261123)
    w = windows()
    w.record_many(times, good)
    assert (w.late, w.ahead, w.held) == (0, 0, 0)
    now = w.newest + np.timedelta64(1, "ns")
    for length in w.layout.lengths:
        answer = w.last(length, now)
        exact = recount(times, good, answer.window.start, answer.window.end)
        assert answer.at_least == recount(times, good, answer.covered.start, answer.covered.end)
        assert answer.count_of("good").contains(exact.good)
        assert answer.count_of("bad").contains(exact.bad)
        assert answer.count_of("valid").contains(exact.valid)
        assert answer.at_most().valid >= exact.valid
        assert bad_fraction(answer).contains(exact.bad / exact.valid)
        assert answer.window.seconds - answer.covered.seconds <= length / 60


def test_arrays_lists_and_single_events_are_recorded_alike():
    times, good = stream(500, 1)
    whole, lists, single, strided = windows(), windows(), windows(), windows()
    whole.record_many(times, good)
    lists.record_many([str(t) + "Z" for t in times.astype("datetime64[us]")], good)
    for t, g in zip(times, good, strict=True):
        single.record(t, bool(g))
    strided.record_many(np.repeat(times, 2)[::2], np.repeat(good, 2)[::2])
    assert single == whole
    assert strided == whole
    assert lists.last(86400, "2026-03-02").total() == whole.last(86400, "2026-03-02").total()


def test_lengths_are_seconds_or_timedeltas():
    layout = window_layout([timedelta(hours=1), 300], parts=30, allowance=timedelta(minutes=10))
    assert layout.lengths == [300.0, 3600.0]
    assert layout.grains == [10.0, 120.0]
    assert layout.cells == 31 + 34  # 300 s of 10 s; 3300 + 600 s of 120 s; one of each has only begun
    assert layout.longest == 3600.0
    assert layout.reach == 300 + 33 * 120
    assert eval(repr(layout)) == layout
    assert windows().layout == window_layout()
    assert windows().layout.cells == 337
    assert windows().memory < 8192


def test_hosts_add_up_and_travel_as_bytes():
    times, good = stream(5000, 2)
    whole = windows()
    whole.record_many(times, good)
    hosts = [windows() for _ in range(4)]
    for k, w in enumerate(hosts):
        w.record_many(times[k::4], good[k::4])
    assert windows.merge_all([w.to_bytes() for w in hosts]) == whole
    assert hosts[0] + hosts[1] + hosts[2] + hosts[3] == whole
    assert pickle.loads(pickle.dumps(whole)) == whole
    assert copy.deepcopy(whole) == whole
    with pytest.raises(ValueError, match="must hold as many items as it says"):
        windows.from_bytes(whole.to_bytes()[:-1])
    with pytest.raises(ValueError, match="other must be of the same layout"):
        whole.merge(windows(window_layout([3600])))


def test_a_clock_that_steps_is_followed_once_confirmed():
    w = windows()
    second = np.timedelta64(1, "s")
    w.record_many(START + np.arange(3600) * second, np.ones(3600, bool))
    w.record(START + 40 * 365 * 86400 * second, False)
    assert w.held == 1
    w.record(START + 3600 * second, True)
    assert (w.held, w.ahead) == (0, 1)
    day = START + 86400 * second
    w.record_many(day + np.arange(8) * second, np.zeros(8, bool))
    assert w.newest == day + 7 * second
    assert w.last(timedelta(days=3), day + 8 * second).total() == counts(3601, 8)
    w.record_many(START + np.arange(7200, 7300) * second, np.ones(100, bool))
    assert w.newest == START + 7299 * second
    assert w.set_aside.bad == 8


def test_what_is_refused():
    w = windows()
    with pytest.raises(ValueError, match="length must be positive and at most the longest window"):
        w.last(31 * 86400, START)
    with pytest.raises(ValueError, match="good must be of size 2, got 1"):
        w.record_many(np.array([START, START]), np.array([True]))
    with pytest.raises(ValueError, match="times must be known times, got NaT in row 1"):
        w.record_many(np.array([START, "NaT"], "datetime64[ns]"), np.array([True, True]))
    with pytest.raises(ValueError, match="parts must be 1 to 1000, got 0"):
        window_layout(parts=0)
    with pytest.raises(ValueError, match="of"):
        w.last(300, START).count_of("ugly")


def test_reprs_say_what_is_held():
    w = windows()
    assert w.newest is None and w.oldest is None and not w.started
    w.record(START, False)
    assert repr(w) == "<windows of up to 2592000.0 s in 337 cells, good=0, bad=1, late=0, ahead=0, held=0>"
    answer = w.last(300, START + np.timedelta64(1, "s"))
    assert repr(answer) == "<window_answer at least good=0, bad=1, at most good=0, bad=1>"
    assert isinstance(answer.window, relia.period)
    assert answer.complete
    assert answer.held == counts()
    assert repr(answer.oldest) == "window_edge(good=0, bad=0, inside=0.0)"
