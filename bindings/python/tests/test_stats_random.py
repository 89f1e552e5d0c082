"""Random streams give the committed words and variates, as the C++ tests require them."""

import math
import pickle

import numpy as np
import pytest
from tables import rows

from relia import stats


def test_values_are_those_of_the_table():
    for row in rows("stats/random.csv"):
        stream = stats.random_stream(int(row["seed"]), int(row["stream"]))
        index = int(row["index"])
        assert stream.bits(index) == int(row["bits"])
        assert stream.uniform(index) == float.fromhex(row["uniform"])
        assert stream.below(index, int(row["n"])) == int(row["below"])
        # 1e-15 and 3e-16 are the bounds of the C++ accuracy test; isclose has no slack of its own.
        assert math.isclose(stream.normal(index), float(row["normal"]), rel_tol=1e-15)
        assert math.isclose(stream.exponential(index), float(row["exponential"]), rel_tol=3e-16)


def test_known_answer():
    assert stats.philox4x32([0] * 4, [0] * 2) == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]


def test_an_array_of_indices_keeps_its_shape():
    stream = stats.random_stream(3, 4)
    index = np.arange(6)[::-1].reshape(2, 3)
    values = stream.uniform(index)
    assert values.shape == (2, 3)
    assert values[0, 1] == stream.uniform(4)
    assert stream.bits([0, 1]).dtype == np.uint64
    assert isinstance(stream.normal(0), float)
    assert stream.uniform(np.array([], dtype=int)).shape == (0,)
    assert (stream.fill(5, 9) == stream.bits(np.arange(5, 14))).all()


def test_other_indices_are_refused():
    stream = stats.random_stream(0)
    with pytest.raises(ValueError, match="index must be whole numbers, at least 0, got 1.5"):
        stream.bits(1.5)
    with pytest.raises(ValueError, match="index must be whole numbers, at least 0, got -1"):
        stream.uniform(-1)
    with pytest.raises(ValueError, match="n must be at least 1, got 0"):
        stream.below(0, 0)


def test_it_pickles_and_prints_as_code():
    stream = stats.random_stream(1, 2)
    assert pickle.loads(pickle.dumps(stream)) == stream
    assert repr(stream) == "random_stream(1, 2)"
    assert (stream.seed, stream.stream) == (1, 2)
