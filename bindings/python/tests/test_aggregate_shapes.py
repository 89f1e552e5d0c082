"""Integer histograms, small samples and adaptive shapes: the same answers as C++, arrays in, bytes out."""

import copy
import math
import pickle
from datetime import timedelta

import numpy as np
import pytest
from tables import rows

from relia.aggregate import (
    adaptive_histogram,
    adaptive_integer_histogram,
    integer_histogram,
    small_sample,
)

LATENCIES = np.random.default_rng(1).lognormal(math.log(20e6), 1.0, 5000).astype(np.int64)


def rank_of(k, n):
    """The smallest rank r with r / n >= k / 100."""
    return max((k * n + 99) // 100, 1)


def test_buckets_are_those_of_hdr_histogram():
    for row in rows("aggregate/integer_histogram.csv"):
        parameters = {"lowest": int(row["lowest"]), "highest": int(row["highest"]),
                      "significant_digits": int(row["digits"])}
        assert integer_histogram.memory(**parameters) == 8 * int(row["counters"])
        if int(row["counters"]) > 50_000:
            continue
        h = integer_histogram(**parameters)
        h.record(int(row["value"]))
        (at,) = np.flatnonzero(h.counters)
        assert h.bucket(at) == (int(row["first"]), int(row["last"]))


def test_answers_contain_the_truth():
    h = integer_histogram()
    h.record(LATENCIES)
    values = np.sort(LATENCIES)
    for k, q in enumerate(h.quantile(np.arange(101) / 100)):
        truth = values[rank_of(k, values.size) - 1]
        assert q.contains(truth)
        assert abs(q.value - truth) <= h.relative_error * truth
    assert h.at_most(30e6).contains(np.count_nonzero(values <= 30_000_000))
    assert h.fraction_at_most(30e6).contains(np.mean(values <= 30_000_000))
    assert h.exact_sum == int(values.sum())
    assert h.min.value == values[0] and h.max.value == values[-1]
    assert h.counters.sum() == values.size


@pytest.mark.parametrize("values", [
    [1000, 2_000_000],
    (1000.0, 2e6),
    np.array([1000, 2_000_000], dtype=np.uint32),
    np.array([[1000], [2_000_000]]),
    np.array([1, 2000], dtype="timedelta64[us]"),
    [timedelta(microseconds=1), timedelta(milliseconds=2)],
    np.array([0, 1000, 0, 2_000_000])[1::2],
])
def test_whole_numbers_and_lengths_of_time_record_alike(values):
    h = integer_histogram()
    h.record(values)
    assert (h.count, h.exact_sum) == (2, 2_001_000)


def test_scalars_and_times():
    h = integer_histogram()
    h.record(7)
    h.record(7.4)
    h.record(np.int64(7))
    h.record(timedelta(microseconds=1))
    h.record(value=5, times=3)
    assert (h.count, h.exact_sum) == (7, 1036)
    with pytest.raises(ValueError, match="times must be at least 0, got -1"):
        h.record(5, -1)


def test_pandas_columns():
    pd = pytest.importorskip("pandas")
    h = integer_histogram()
    h.record(pd.Series([1, 2]))
    h.record(pd.Series(pd.to_timedelta([3, None], unit="ns")))
    assert (h.count, h.nans, h.exact_sum) == (3, 1, 6)


def test_what_lies_outside_is_counted_apart():
    h = integer_histogram(highest=1000)
    h.record([math.nan, math.inf, -math.inf, 1e30])
    h.record([-5, 5000, 0])
    h.record(np.array([2**63 + 5], dtype=np.uint64))
    h.record(np.array(["NaT"], dtype="timedelta64[ns]"))
    assert (h.nans, h.positive_infinities, h.negative_infinities) == (2, 3, 1)
    assert (h.negatives, h.above, h.zeros) == (1, 1, 1)
    assert h.exact_sum == 4995
    with pytest.raises((TypeError, ValueError)):
        h.record("fast")


def test_exact_sum_is_exact_beyond_64_bits():
    h = integer_histogram()
    h.record(2**62, 1000)
    h.record(-3)
    assert h.exact_sum == 2**62 * 1000 - 3
    negative = integer_histogram()
    negative.record(-(2**62), 1000)
    assert negative.exact_sum == -(2**62) * 1000


def test_corrected():
    h = integer_histogram()
    h.record_corrected([100, 10], 30)
    assert (h.count, h.exact_sum) == (4, 100 + 70 + 40 + 10)
    h = integer_histogram()
    h.record_corrected(timedelta(seconds=1), timedelta(milliseconds=10))
    assert h.count == 100
    with pytest.raises(ValueError, match="must be whole numbers or lengths of time"):
        h.record_corrected(1.5, 1)


def test_counters_are_a_read_only_view():
    h = integer_histogram()
    view = h.counters
    h.record(3)
    assert view[3] == 1
    with pytest.raises(ValueError):
        view[3] = 2


def test_any_two_layouts_merge():
    a = integer_histogram(significant_digits=3)
    b = integer_histogram(significant_digits=1, lowest=1000)
    a.record(LATENCIES[:100])
    b.record(LATENCIES[100:200])
    both = a + b
    assert both == b + a
    assert both.significant_digits == 1 and both.lowest == 512
    both.subtract(b)
    assert both.count == 100
    with pytest.raises(ValueError, match="part must be a part of the histogram"):
        b.subtract(a)


def make(kind, values):
    shape = kind()
    shape.record(values)
    return shape


@pytest.mark.parametrize("kind", [
    integer_histogram, small_sample, adaptive_histogram, adaptive_integer_histogram,
    lambda: integer_histogram(significant_digits=4),
    lambda: adaptive_integer_histogram(significant_digits=4),
])
@pytest.mark.parametrize("n", [0, 1, 40])
def test_merging_bytes_and_pickle(kind, n):
    a = make(kind, LATENCIES[:n])
    b = make(kind, LATENCIES[n:n + 20])
    whole = make(kind, LATENCIES[:n + 20])
    assert a + b == b + a == whole
    total = make(kind, [])
    total += a
    total += b
    assert total == whole
    assert type(a).from_bytes(a.to_bytes()) == a
    assert pickle.loads(pickle.dumps(whole)) == whole
    assert copy.deepcopy(whole) == whole
    assert type(a).merge_all([a.to_bytes(), b]) == whole
    with pytest.raises(ValueError, match="must not end early"):
        type(a).from_bytes(a.to_bytes()[:-1])


@pytest.mark.parametrize("kind", [adaptive_histogram, adaptive_integer_histogram])
def test_adaptive_is_exact_until_it_spills(kind):
    few = make(kind, LATENCIES[:64])
    assert not few.spilled
    assert np.array_equal(few.values, LATENCIES[:64])
    assert few.quantile(0.5).exact
    assert few.quantile(0.5).value == np.sort(LATENCIES[:64])[31]
    many = make(kind, LATENCIES[:65])
    assert many.spilled and many.values.size == 0
    assert few + make(kind, LATENCIES[64:65]) == many
    assert many.to_histogram().count == 65
    assert few.to_histogram().count == 64


def test_a_full_sample_says_what_it_refused():
    s = make(small_sample, LATENCIES[:66])
    assert small_sample.capacity == 64
    assert (s.refused, s.count, s.saturated) == (2, 66, True)
    q = s.quantile(0.5)
    assert q.contains(np.sort(LATENCIES[:66])[32]) and not q.exact
    with pytest.raises(ValueError, match="other must be small enough to fit"):
        s.merge(make(small_sample, [1]))


@pytest.mark.parametrize("wrong, message", [
    ({"significant_digits": 6}, "significant_digits must be from 1 to 5, got 6"),
    ({"lowest": 0}, "lowest must be at least 1"),
    ({"lowest": 10, "highest": 19}, "highest must be at least twice lowest, got 19"),
])
def test_bad_parameters_are_named(wrong, message):
    for kind in (integer_histogram, adaptive_integer_histogram, integer_histogram.memory):
        with pytest.raises(ValueError, match=message):
            kind(**wrong)
