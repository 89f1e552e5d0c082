"""Histograms with chosen bounds: what Python adds to the C++ tests."""

import math
import pickle

import numpy as np
import pytest

from relia.aggregate import explicit_histogram

BOUNDS = [0.1, 0.2, 0.5, 1.0]


def recorded(values):
    h = explicit_histogram(BOUNDS)
    h.record(values)
    return h


def test_an_array_a_list_and_one_number_record_alike():
    values = np.random.default_rng(1).lognormal(-1.5, 1, 10_000)
    by_array = recorded(values)
    by_list = recorded(values.tolist())
    one_by_one = explicit_histogram(BOUNDS)
    for v in values:
        one_by_one.record(v)
    assert by_array == by_list == one_by_one
    expected = np.histogram(values, [0, *BOUNDS, math.inf])[0]  # no value lies on a bound
    np.testing.assert_array_equal(by_array.counts, expected)
    np.testing.assert_array_equal(by_array.bounds, BOUNDS)
    assert by_array.sum == pytest.approx(math.fsum(values), rel=1e-15)


def test_quantiles_have_bounds_that_hold_the_truth():
    values = np.sort(np.random.default_rng(2).lognormal(-1.5, 1, 999))
    h = recorded(values)
    for level, answer in zip((0.1, 0.5, 0.99), h.quantile([0.1, 0.5, 0.99])):
        assert answer.lower <= values[math.ceil(level * 999) - 1] <= answer.upper
    assert h.at_most(0.2).exact
    assert h.at_most(0.2).value == (values <= 0.2).sum()
    assert h.max.value == values[-1]


def test_a_nan_is_valid_and_never_good():
    h = recorded([0.05, math.nan, 0.7, math.inf])
    assert (h.count, h.nans, h.positive_infinities) == (3, 1, 1)
    assert h.fraction_at_most(0.1).value == 0.25
    assert h.at_most(math.inf).value == 3


def test_merges_and_travels():
    a, b = recorded([0.05, 0.3]), recorded([0.3, 2.0])
    both = recorded([0.05, 0.3, 0.3, 2.0])
    assert a + b == both
    assert explicit_histogram.from_bytes(both.to_bytes()) == both
    assert pickle.loads(pickle.dumps(both)) == both
    assert explicit_histogram.merge_all([a.to_bytes(), b]) == both
    both.subtract(a)
    assert both.count == 2
    assert not both.max.exact


def test_counts_are_a_view_that_cannot_be_written():
    h = recorded([0.15])
    counts = h.counts
    h.record(0.15)
    assert counts[1] == 2
    with pytest.raises(ValueError):
        counts[1] = 7


def test_refusals():
    with pytest.raises(ValueError, match="bounds must be strictly increasing, got row 1"):
        explicit_histogram([1, 1])
    with pytest.raises(ValueError, match="bounds must be at least one, got 0"):
        explicit_histogram([])
    with pytest.raises(ValueError, match="bounds must be those of the other histogram"):
        recorded([1]).merge(explicit_histogram([1]))
    with pytest.raises(ValueError, match="must hold"):
        explicit_histogram.from_bytes(recorded([1]).to_bytes()[:-1] + b"\x01")
