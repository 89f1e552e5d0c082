"""Counts merge, travel as bytes and refuse what is not a count."""

import pickle

import numpy as np
import pytest

from relia.aggregate import counts


def test_record_merge_and_compare():
    c = counts()
    c.record(True, times=3)
    c.record_many(np.array([True, False, False]))
    assert (c.good, c.bad, c.valid) == (4, 2, 6)
    assert c + counts(1, 1) == counts(5, 3)
    total = counts()
    total += c
    assert total == c
    assert repr(c) == "counts(good=4, bad=2)"


def test_subtract_takes_out_what_was_merged_in():
    c = counts(5, 3)
    c.subtract(counts(2, 3))
    assert c == counts(3, 0)
    with pytest.raises(ValueError, match="good must be at most the good events here, got 4"):
        c.subtract(counts(4, 0))


def test_bytes_and_pickle_round_trip():
    c = counts(3, 258)
    assert c.to_bytes() == b"RLIA\x01\x00\x01\x00\x03" + b"\x00" * 7 + b"\x02\x01" + b"\x00" * 6
    assert counts.from_bytes(c.to_bytes()) == c
    assert pickle.loads(pickle.dumps(c)) == c
    with pytest.raises(ValueError, match="must not end early"):
        counts.from_bytes(c.to_bytes()[:-1])


def test_bad_counts_are_refused():
    with pytest.raises(ValueError, match="good must be at least 0, got -1"):
        counts(-1, 0)
    with pytest.raises(TypeError):
        counts(1.5, 0)


def test_negative_times_are_refused():
    with pytest.raises(ValueError, match="times must be at least 0, got -1"):
        counts().record(True, -1)
