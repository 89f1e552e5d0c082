"""Histograms record arrays, answer with bounds, merge in any order and travel as bytes."""

import copy
import math
import pickle
import sys
import threading
import time

import numpy as np
import pytest

from relia.aggregate import histogram, latency_histogram, small_histogram

KINDS = [histogram, latency_histogram, small_histogram]


def latencies(n: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).lognormal(math.log(0.02), 1.0, n)


@pytest.mark.parametrize("kind", KINDS)
def test_the_order_statistic_lies_in_the_bounds(kind):
    values = latencies(5000)
    h = kind()
    h.record(values)
    h.record(float("nan"))
    ordered = np.sort(values)
    for level, answer in zip([0.0, 0.5, 0.99, 1.0], h.quantile([0.0, 0.5, 0.99, 1.0]), strict=True):
        exact = ordered[max(math.ceil(level * 5000), 1) - 1]
        assert answer.lower <= exact <= answer.upper
        assert answer.contains(answer.value)
    assert h.count == 5000
    assert h.nans == 1
    under = h.fraction_at_most(0.05)
    assert under.contains((values <= 0.05).sum() / 5001)  # a NaN is in the whole and in no part
    assert h.quantile(0.5).value == pytest.approx(np.median(values), rel=h_error(h))


def h_error(h) -> float:
    """Half a bucket on each side of the middle, for the sample's median and ours."""
    return 2 * (2 ** (2.0**-h.scale) - 1)


def test_lists_scalars_and_strided_arrays_are_the_same():
    values = latencies(1000)
    whole = latency_histogram()
    whole.record(values)
    parts = latency_histogram()
    parts.record(list(values[:10]))
    for x in values[10:20]:
        parts.record(x)
    parts.record(np.repeat(values[20:], 2)[::2])
    assert parts == whole


@pytest.mark.parametrize("kind", KINDS)
def test_merging_bytes_pickles_and_copies(kind):
    values = latencies(3000)
    whole = kind()
    whole.record(values)
    parts = []
    for chunk in np.array_split(values, 7):
        part = kind()
        part.record(chunk)
        parts.append(part)
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    again = kind.merge_all([p.to_bytes() for p in reversed(parts)])
    mixed = kind.merge_all([parts[0], *[bytes(p) for p in parts[1:]]])
    for merged in (total, again, mixed):
        assert merged.to_counts() == whole.to_counts() or kind is not latency_histogram
        assert merged.count == whole.count
        assert (merged.buckets == whole.buckets).all()
    assert pickle.loads(pickle.dumps(whole)) == whole
    assert copy.deepcopy(whole) == whole
    other = copy.copy(whole)
    other += parts[0]
    assert other != whole
    other.subtract(parts[0])
    assert (other.buckets == whole.buckets).all()
    with pytest.raises(ValueError, match="part must be a part of the histogram"):
        parts[0].subtract(whole)


def test_a_thousand_sketches_merge_in_one_call():
    values = latencies(100_000)
    whole = latency_histogram([0.1, 0.25])
    whole.record(values)
    parts = []
    for chunk in np.array_split(values, 1000):
        part = latency_histogram([0.1, 0.25])
        part.record(chunk)
        parts.append(part.to_bytes())
    assert latency_histogram.merge_all(parts) == whole


def test_thresholds_are_counted_exactly():
    values = latencies(10_000)
    h = latency_histogram([0.025, 0.1])
    h.record(values)
    assert h.thresholds == [0.025, 0.1]
    assert h.at_thresholds == [(values <= 0.025).sum(), (values <= 0.1).sum()]
    assert h.at_most(0.1).exact
    with pytest.raises(ValueError, match="thresholds must be increasing, got 0.1"):
        latency_histogram([0.2, 0.1])
    with pytest.raises(ValueError, match="number of thresholds must be at most the layout's, got 9"):
        latency_histogram(range(1, 10))
    with pytest.raises(ValueError, match="thresholds must be equal on both sides"):
        h.merge(latency_histogram([0.025, 0.2]))


def test_buckets_are_a_read_only_view():
    h = histogram()
    h.record([1.0, 1.5, 1.5, 3.0])
    assert h.buckets.sum() == 4
    assert len(h.bucket_bounds) == len(h.buckets) + 1
    assert h.bucket_bounds[0] < 1.0 <= h.bucket_bounds[1]
    with pytest.raises(ValueError, match="read-only"):
        h.buckets[0] = 7
    assert len(histogram().buckets) == 0


def test_absent_answers_and_bad_input():
    h = histogram()
    assert h.quantile(0.5).state == "no_data"
    assert repr(h.quantile(0.5)) == "bounded(no_data)"
    assert repr(h) == "histogram(count=0)"
    h.record([1.0, 2.0, float("nan")])
    assert repr(h).startswith("histogram(count=2, p50=")
    assert "nans=1" in repr(h)
    with pytest.raises(ValueError, match="level must be a fraction in"):
        h.quantile(99)
    with pytest.raises(ValueError, match="must start with"):
        histogram.from_bytes(b"nothing of ours, surely")
    with pytest.raises(ValueError, match="at least one aggregate or its bytes, got none"):
        histogram.merge_all([])
    with pytest.raises(TypeError):
        hash(h)


def test_recording_lets_other_threads_run():
    values = latencies(2_000_000)
    steps = 0
    meanwhile = 0

    def work():
        nonlocal meanwhile
        for _ in range(200):  # a busy machine may leave the other thread no time within one call
            h = histogram()
            before = steps
            h.record(values)
            meanwhile = steps - before
            assert h.count == len(values)
            if meanwhile > 0:
                return

    interval = sys.getswitchinterval()
    sys.setswitchinterval(100)  # so that a thread lets others run only where it waits, or releases the lock
    try:
        thread = threading.Thread(target=work)
        thread.start()
        while thread.is_alive():
            steps += 1
            time.sleep(0)
    finally:
        sys.setswitchinterval(interval)
    assert meanwhile > 0
