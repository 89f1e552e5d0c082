"""Counts per key: bounds, merging, bytes and pickle, and what is refused."""

import collections
import copy
import pickle
import random

import numpy as np
import pytest

from relia.aggregate import counts, keyed


def stream(seed, n):
    draw = random.Random(seed)
    return [f"tenant-{int(draw.random() ** 2 * 300)}" for _ in range(n)], [draw.random() > 0.1 for _ in range(n)]


def check(sketch, events):
    truth = collections.Counter(events)
    assert sketch.total == counts(sum(v for (_, g), v in truth.items() if g), sum(v for (_, g), v in truth.items() if not g))
    for key in {k for k, _ in truth}:
        entry = sketch.at(key)
        assert entry.good.contains(truth[key, True])
        assert entry.bad.contains(truth[key, False])
        if truth[key, False] > sketch.total.bad // sketch.capacity:
            assert entry.held


def test_bounds_hold_and_merge():
    parts, events = [], []
    for seed in range(4):
        keys, good = stream(seed, 3000)
        part = keyed(capacity=40)
        part.record_many(keys, np.array(good))
        parts.append(part)
        events += zip(keys, good)
    whole = keyed.merge_all([p.to_bytes() for p in parts])
    check(whole, events)
    assert parts[0] + parts[1] == parts[1] + parts[0]
    assert len(whole) == whole.capacity == 40
    seen = whole.other
    for entry in whole.heaviest():
        seen += entry.seen
    assert seen == whole.total


def test_record_names_the_heaviest():
    sketch = keyed(capacity=3, rank="bad")
    sketch.record("a", True, 10)
    sketch.record("b", False, times=5)
    assert [e.key for e in sketch.heaviest(1)] == ["b"]
    assert repr(sketch.at("b")) == "<keyed_entry 'b', good 0, bad 5>"
    assert repr(sketch.at("c")) == "<keyed_entry 'c', good 0, bad 0, not held>"
    assert repr(sketch).startswith("<keyed 2 of 3 keys, good=10, bad=5, 'b': bad 5, ")
    assert "<td>b</td><td>0</td><td>5</td>" in sketch._repr_html_()


def test_keys_of_any_alphabet_and_length():
    sketch = keyed(capacity=3, key_bytes=24)
    long = "/пользователи/заказы/2026"
    sketch.record(long, False)
    assert sketch.at(long).seen == counts(0, 1)
    assert sketch.heaviest()[0].key.startswith("/пол~")


def test_bytes_pickle_and_copies():
    sketch = keyed(capacity=16, key_bytes=32, rank="valid")
    sketch.record_many(*stream(9, 500))
    assert keyed.from_bytes(sketch.to_bytes()) == sketch
    assert pickle.loads(pickle.dumps(sketch)) == sketch
    assert copy.deepcopy(sketch) == sketch
    assert (sketch.rank, sketch.key_bytes) == ("valid", 32)
    with pytest.raises(ValueError, match="must not end early"):
        keyed.from_bytes(sketch.to_bytes()[:-1])


def test_refusals():
    with pytest.raises(ValueError, match="capacity must be from 1 to 65536, got 0"):
        keyed(capacity=0)
    with pytest.raises(ValueError, match='rank must be "bad" or "valid", got "worst"'):
        keyed(rank="worst")
    with pytest.raises(ValueError, match="the capacities must be equal, 4, got 5"):
        keyed(capacity=4).merge(keyed(capacity=5))
    with pytest.raises(ValueError, match="times must be at least 0, got -1"):
        keyed().record("a", True, -1)
    with pytest.raises(ValueError, match="good must be of size 2, got 1"):
        keyed().record_many(["a", "b"], [True])
