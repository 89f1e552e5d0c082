"""Messages of exponential histograms as the official protobuf definitions encode them.

Needs the Python modules that protoc makes of opentelemetry-proto (opentelemetry/proto/metrics/v1/metrics.proto) and
prometheus/client_model (io/prometheus/client/metrics.proto, compiled in its own folder: Python has an `io` already) on
PYTHONPATH, and python3-protobuf. The repeated numbers of
the latter are packed here, as Prometheus' own proto3 copy of the definition has them; rows named "unpacked" are not.

usage: wire.py OTLP_COMMIT CLIENT_MODEL_COMMIT > tests/data/io/wire.csv
"""

import math
import random
import sys

import google.protobuf
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory, timestamp_pb2
from metrics_pb2 import DESCRIPTOR as PROMETHEUS
from metrics_pb2 import Histogram as UnpackedHistogram
from opentelemetry.proto.metrics.v1 import metrics_pb2 as otlp

COLUMNS = (
    "name,scale,zero_threshold,zeros,positive_offset,positive,negative_offset,negative,"
    "positive_infinities,negative_infinities,nans,sum,min,max,otlp_hex,otlp_json_hex,prometheus_hex"
)


def packed_histogram():
    file = descriptor_pb2.FileDescriptorProto()
    PROMETHEUS.CopyToProto(file)
    for message in file.message_type:
        for field in message.field:
            if field.name.endswith(("_delta", "_count")) and field.label == field.LABEL_REPEATED:
                field.options.packed = True
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(timestamp_pb2.DESCRIPTOR.serialized_pb)
    pool.Add(file)
    descriptor = pool.FindMessageTypeByName("io.prometheus.client.Histogram")
    return message_factory.MessageFactory(pool).GetPrototype(descriptor)


PackedHistogram = packed_histogram()


def otlp_point(h):
    p = otlp.ExponentialHistogramDataPoint(scale=h["scale"], zero_count=h["zeros"], zero_threshold=h["zero_threshold"])
    p.count = h["zeros"] + sum(h["positive"]) + sum(h["negative"])
    p.sum = h["sum"] if p.count else 0.0
    for side in ("positive", "negative"):
        if h[side]:
            getattr(p, side).offset = h[side + "_offset"]
            getattr(p, side).bucket_counts.extend(h[side])
    if p.count and h["min"] is not None:
        p.min = h["min"]
        p.max = h["max"]
    return p


def spans_of(buckets):
    """Spans and deltas of {n: count}; gaps of one and two are filled."""
    spans, deltas, before, end = [], [], 0, 0
    for n in sorted(buckets):
        if not spans or n - end > 2:
            spans.append([n - end, 0])
            end = n
        while end <= n:
            here = buckets[n] if end == n else 0
            deltas.append(here - before)
            before = here
            spans[-1][1] += 1
            end += 1
    return spans, deltas


def prometheus(h, kind):
    count = h["zeros"] + sum(h["positive"]) + sum(h["negative"])
    special = h["positive_infinities"] + h["negative_infinities"] + h["nans"]
    total = h["sum"]
    if h["positive_infinities"]:
        total += math.inf
    if h["negative_infinities"]:
        total -= math.inf
    if h["nans"] or (h["positive_infinities"] and h["negative_infinities"]):
        total = math.nan
    p = kind(sample_count=count + special, sample_sum=total, schema=h["scale"])
    p.zero_threshold = h["zero_threshold"]
    p.zero_count = h["zeros"]
    per_octave = 2.0 ** h["scale"]
    overflow = math.ceil(1024 * per_octave) + 1
    for side in ("negative", "positive"):
        buckets = {h[side + "_offset"] + k + 1: c for k, c in enumerate(h[side]) if c}
        if h[side + "_infinities"]:
            buckets[overflow] = h[side + "_infinities"]
        spans, deltas = spans_of(buckets)
        for offset, length in spans:
            getattr(p, side + "_span").add(offset=offset, length=length)
        getattr(p, side + "_delta").extend(deltas)
    if not p.negative_span and not p.positive_span and not h["zeros"] and not h["zero_threshold"]:
        p.positive_span.add()
    return p


def text(x):
    return "" if x is None else repr(x)


def row(name, h, **messages):
    o = otlp_point(h)
    json = json_format.MessageToJson(o, indent=None).encode()
    pr = messages.get("prometheus")
    if pr is None and h["scale"] >= -4:
        pr = prometheus(h, PackedHistogram)
    cells = [
        name, h["scale"], text(h["zero_threshold"]), h["zeros"], h["positive_offset"], " ".join(map(str, h["positive"])),
        h["negative_offset"], " ".join(map(str, h["negative"])), h["positive_infinities"], h["negative_infinities"],
        h["nans"], text(h["sum"]), text(h["min"]), text(h["max"]), o.SerializeToString().hex(), json.hex(),
        pr.SerializeToString().hex() if pr is not None else "",
    ]
    print(",".join(map(str, cells)))


def histogram(scale, positive=(0, []), negative=(0, []), zeros=0, zero_threshold=0.0, infinities=(0, 0), nans=0,
              total=0.0, ends=(None, None)):
    return {
        "scale": scale, "zero_threshold": zero_threshold, "zeros": zeros, "positive_offset": positive[0],
        "positive": list(positive[1]), "negative_offset": negative[0], "negative": list(negative[1]),
        "positive_infinities": infinities[0], "negative_infinities": infinities[1], "nans": nans, "sum": total,
        "min": ends[0], "max": ends[1],
    }


def some_side(rng, scale):
    lowest = -1075 if scale >= 0 else (-1075) >> -scale
    highest = 1023 if scale >= 0 else 1023 >> -scale
    factor = 2**scale if scale >= 0 else 1
    width = min(rng.choice([1, 2, 5, 40]), (highest - lowest) * factor + 1)
    offset = rng.randint(lowest * factor, highest * factor - width + 1)
    counts = [0 if rng.random() < 0.4 else rng.choice([1, 2, 127, 128, 10**6, 2**40]) for _ in range(width)]
    counts[0] = counts[-1] = rng.randint(1, 300)
    return offset, counts


def main(otlp_commit, prometheus_commit):
    print(f"# Generator: tests/reference/io/wire.py, protobuf {google.protobuf.__version__}, 2026-11-23.")
    print(f"# Definitions: open-telemetry/opentelemetry-proto {otlp_commit}, prometheus/client_model {prometheus_commit}.")
    print("# Rows population_*: the example of the Prometheus documentation, Native Histograms, Buckets.")
    print(COLUMNS)
    row("empty", histogram(3))
    row("empty_with_threshold", histogram(0, zero_threshold=2.0**-128))
    row("zeros", histogram(8, zeros=7, zero_threshold=2.0**-128, ends=(0.0, 0.0)))
    row("one", histogram(0, positive=(-1, [1]), total=1.0, ends=(1.0, 1.0)))
    row("nan_only", histogram(4, nans=3))
    row("infinities_only", histogram(8, infinities=(2, 0)))
    row("largest_double", histogram(8, positive=(262143, [1]), infinities=(1, 1), total=sys.float_info.max))
    row("smallest_double", histogram(8, positive=(-274945, [1]), total=5e-324, ends=(5e-324, 5e-324)))
    row("largest_count", histogram(0, positive=(0, [2**63 - 1]), total=1.5e19))
    population = histogram(0, positive=(-3, [3, 5, 0, 0, 1, 0, 3, 2]), total=100.0)
    for layout, spans, deltas in (
        ("sparse", [(-2, 2), (2, 1), (1, 2)], [3, 2, -4, 2, -1]),
        ("merged", [(-2, 2), (2, 4)], [3, 2, -4, -1, 3, -1]),
        ("dense", [(-2, 8)], [3, 2, -5, 0, 1, -1, 3, -1]),
        ("empty_spans", [(-4, 0), (2, 2), (0, 0), (2, 1), (1, 1), (0, 1), (9, 0)], [3, 2, -4, 2, -1]),
    ):
        for kind, suffix in ((PackedHistogram, ""), (UnpackedHistogram, "_unpacked")):
            p = kind(sample_count=14, sample_sum=100.0, schema=0, zero_threshold=0.0, zero_count=0, positive_delta=deltas)
            for offset, length in spans:
                p.positive_span.add(offset=offset, length=length)
            row(f"population_{layout}{suffix}", population, prometheus=p)
    p = PackedHistogram(sample_count_float=14.0, sample_sum=100.0, schema=0, positive_count=[3, 5, 1, 3, 2])
    for offset, length in [(-2, 2), (2, 1), (1, 2)]:
        p.positive_span.add(offset=offset, length=length)
    p.bucket.add(cumulative_count=14, upper_bound=math.inf)
    row("population_float", population, prometheus=p)
    rng = random.Random(20261123)
    for scale in range(-10, 9):
        for k in range(2):
            h = histogram(scale, some_side(rng, scale), some_side(rng, scale) if k else (0, []), rng.randint(0, 5),
                          rng.choice([0.0, 1e-300]), (k * rng.randint(0, 2), k * rng.randint(0, 2)),
                          rng.randint(0, 3) * k, rng.uniform(-1e6, 1e6))
            row(f"random_{scale}_{k}", h)


if __name__ == "__main__":
    main(*sys.argv[1:])
