"""Exponential histograms on the wire: the official messages, what is listed as dropped, and what is refused."""

import json
import math
import pickle

import numpy as np
import pytest
from tables import rows

from relia import io
from relia.aggregate import explicit_histogram, exponential_buckets, exponential_counts


def counts_of(row, carried=False):
    def side(name):
        return exponential_buckets(int(row[name + "_offset"]), [int(n) for n in row[name].split()])

    apart = {} if carried else {n: int(row[n]) for n in ("positive_infinities", "negative_infinities", "nans")}
    return exponential_counts(
        scale=int(row["scale"]),
        zero_threshold=float(row["zero_threshold"]),
        zeros=int(row["zeros"]),
        positive=side("positive"),
        negative=side("negative"),
        sum=float(row["sum"]),
        min=float(row["min"]) if row["min"] else None,
        max=float(row["max"]) if row["max"] else None,
        **apart,
    )


@pytest.mark.parametrize("row", rows("io/wire.csv"), ids=lambda r: r["name"])
def test_official_messages(row):
    counts = counts_of(row)
    carried = counts_of(row, carried=True)
    otlp = bytes.fromhex(row["otlp_hex"])
    assert bytes(io.to_otlp(counts)) == otlp
    assert io.from_otlp(otlp).counts == carried
    assert io.from_otlp_json(bytes.fromhex(row["otlp_json_hex"])).counts == carried
    if row["prometheus_hex"]:
        read = io.from_prometheus(bytes.fromhex(row["prometheus_hex"]))
        assert (read.positive, read.negative) == (counts.positive, counts.negative)
        assert (read.nans, read.positive_infinities) == (counts.nans, counts.positive_infinities)


def test_what_is_dropped_is_listed():
    counts = exponential_counts(
        scale=9, positive=exponential_buckets(3, [1, 2]), nans=4, positive_infinities=1, sum=3.5, min=1.0, max=math.inf
    )
    assert io.to_otlp(counts).dropped == ["4 NaN", "1 +Inf"]
    assert io.to_prometheus(counts).dropped == [
        "scale 9, folded to 8",
        "min 1",
        "max inf",
        "sum 3.5 of the finite values",
    ]
    assert io.from_prometheus(bytes(io.to_prometheus(counts))).nans == 4
    assert "dropped=['4 NaN', '1 +Inf']" in repr(io.to_otlp(counts))


def test_times_and_json():
    counts = exponential_counts(zeros=1)
    written = io.to_otlp_json(counts, start="2026-01-01T00:00:00Z", time=np.datetime64("2026-01-01T00:01:00"))
    assert json.loads(written.data)["count"] == "1"
    point = io.from_otlp_json(written.data)
    assert point.start == np.datetime64("2026-01-01T00:00:00")
    assert point.time == np.datetime64("2026-01-01T00:01:00")
    assert io.from_otlp(bytes(io.to_otlp(counts))).start is None
    assert "otlp_point(exponential_counts(" in repr(point)


def test_folding_and_limits():
    wide = exponential_counts(scale=8, positive=exponential_buckets(-3, [1, 0, 0, 0, 0, 2]), sum=1.0)
    assert io.folded(wide, 7).positive == exponential_buckets(-2, [1, 0, 0, 2])
    assert io.from_otlp(bytes(io.to_otlp(wide)), max_scale=7).counts == io.folded(wide, 7)
    assert len(io.from_otlp(bytes(io.to_otlp(wide)), max_buckets=3).counts.positive.counts) <= 3


def test_refusals():
    with pytest.raises(ValueError, match="io::from_otlp: message must be protobuf"):
        io.from_otlp(b"\x21\x01")
    with pytest.raises(ValueError, match="io::from_prometheus: message must be a native histogram"):
        io.from_prometheus(b"")
    with pytest.raises(ValueError, match="io::to_prometheus: scale must be at least -4"):
        io.to_prometheus(exponential_counts(scale=-5))
    with pytest.raises(TypeError):
        io.from_otlp("text")
    with pytest.raises((TypeError, ValueError)):
        exponential_buckets(0, [0.5])


def test_counts_are_values():
    counts = exponential_counts(scale=2, zeros=1, negative=exponential_buckets(5, [1, 2]), sum=-4.0, min=-3.0)
    assert pickle.loads(pickle.dumps(counts)) == counts
    assert counts.negative.counts.dtype == np.int64
    assert counts.negative.counts.tolist() == [1, 2]
    assert counts.max is None
    assert repr(counts) == (
        "exponential_counts(scale=2, zeros=1, negative=exponential_buckets(offset=5, counts=[1, 2]), sum=-4.0)"
    )


def test_histograms_of_an_answer(tmp_path):
    histogram = {"count": "3", "sum": "4", "buckets": [[0, "1", "2", "2"], [3, "-0.5", "0.5", "1"]]}
    series = {"metric": {"job": "a"}, "histograms": [[1.5, histogram]]}
    answer = {"status": "success", "data": {"resultType": "matrix", "result": [series]}}
    path = tmp_path / "answer.json"
    path.write_text(json.dumps(answer))
    ((labels, times, values),) = io.read_prometheus_histograms(path)
    assert labels == {"job": "a"}
    assert times.tolist() == [1_500_000_000]
    assert values == [
        exponential_counts(scale=0, zero_threshold=0.5, zeros=1, positive=exponential_buckets(0, [2]), sum=4.0)
    ]
    with pytest.raises(ValueError, match="holds native histograms"):
        io.read_prometheus(path)


def test_classic_buckets():
    histogram = explicit_histogram([0.1, 0.5, 1.0])
    histogram.record([0.05, 0.7, 2.0])
    written = io.to_prometheus(histogram)
    # As tests/io/prometheus_histogram.test.cpp, from the official definition.
    assert bytes(written) == bytes.fromhex(
        "08031100000000000006401a0b0801119a9999999999b93f1a0b080111000000000000e03f1a0b080211000000000000f03f"
    )
    assert written.dropped == ["min 0.05", "max 2"]
