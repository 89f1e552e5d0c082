"""Classic and native histograms: the published answers of Prometheus, shapes, and what is refused."""

import json
import math
import pathlib
import re

import numpy as np
import pytest
from tables import rows

from relia import sli
from relia.aggregate import explicit_histogram, exponential_counts
from relia.sli import classic_histogram, native_counter, native_histogram

RECORDED = pathlib.Path(__file__).resolve().parents[3] / "examples" / "web_pool" / "data"
FIELDS = {"schema": int, "count": float, "sum": float, "zeros": float, "width": float, "hint": str}


def native(cell):
    fields = {}
    for field in [] if cell == "empty" else cell.split("|"):
        name, *words = field.split()
        if name in ("positive", "negative"):
            fields[name] = {int(i): float(n) for i, n in (w.split(":") for w in words)}
        elif name == "bounds":
            fields[name] = [float(w) for w in words]
        else:
            fields["zero_threshold" if name == "width" else name] = FIELDS[name](words[0])
    return native_histogram(**fields)


def instants(seconds):
    return np.array([round(s * 1e9) for s in seconds], dtype="datetime64[ns]")


def ask(h, row):
    """The same questions as the C++ accuracy tests."""
    function = row["function"]
    if function == "quantile":
        return h.quantile(float(row["a"])).value
    if function == "fraction":
        return h.fraction(float(row["a"]), float(row["b"])).value
    names = {"avg": "average", "stdvar": "variance", "stddev": "standard_deviation"}
    return getattr(h, names[function])().value if function in names else getattr(h, function)


def is_close(actual, row, bound):
    expected = float(row["expected"])
    digits = int(row["digits"])
    tolerance = 0.5 * 10 ** (1 - digits) if digits else bound
    return math.isclose(actual, expected, rel_tol=tolerance, abs_tol=0) or (math.isnan(actual) and math.isnan(expected))


def test_classic_published_answers():
    for row in rows("sli/classic_histogram.csv"):
        pairs = [pair.split("=") for pair in row["buckets"].split(";")]
        h = classic_histogram([float(le) for le, _ in pairs], [float(n) for _, n in pairs])
        assert is_close(ask(h, row), row, 1e-15), row


def test_native_published_answers():
    for row in rows("sli/native_histogram.csv"):
        h = native(row["histogram"])
        if row["function"] in ("add", "subtract"):
            getattr(h, row["function"])(native(row["other"]))
        elif row["function"] in ("multiply", "divide"):
            getattr(h, row["function"])(float(row["a"]))
        else:
            assert is_close(ask(h, row), row, 1e-13), row
            continue
        expected = native(row["expected"])
        for side in (h, expected):
            side.compact()
        np.testing.assert_array_equal([h.count, h.sum, h.zeros], [expected.count, expected.sum, expected.zeros])
        assert (h.positive, h.negative) == (expected.positive, expected.negative)


def test_growth_published_answers():
    compared = 0
    for row in rows("sli/native_counter.csv"):
        samples = [pair.split("=") for pair in row["series"].split(";")]
        starts = [float(pair.split("=")[1]) for pair in row["starts"].split(";") if pair]
        counter = native_counter(instants(float(t) for t, _ in samples), [native(text) for _, text in samples],
                                 instants(starts) if starts else None)
        answer = getattr(counter, row["of"])(instants([float(row["at"])])[0], float(row["window"]), edges=row["edges"])
        assert (answer.state == "ok") == (row["expected"] != ""), row
        if answer.state != "ok" or row["of"] in ("resets", "changes"):
            continue
        if row["function"]:
            assert is_close(ask(answer.value, row), row, 2e-15) or int(row["digits"]), row
        else:
            expected = native(row["expected"])
            expected.compact()
            assert answer.value.count == pytest.approx(expected.count, rel=2e-15, abs=0)
            assert list(answer.value.positive) == list(expected.positive)
        compared += 1
    assert compared > 150


def test_every_recorded_quantile_of_a_real_prometheus():
    """Prometheus 2.42 answered these queries; the buckets it held are recorded beside them."""
    counters = {}
    for series in json.loads((RECORDED / "prometheus_latency.json").read_text())["data"]["result"]:
        if "le" in series["metric"]:
            times, values = zip(*series["values"])
            counters[float(series["metric"]["le"])] = sli.counter(instants(times), [float(v) for v in values])
    compared = 0
    for answer in json.loads((RECORDED / "promql_answers.json").read_text()):
        match = re.fullmatch(r"histogram_quantile\(([\d.]+), rate\(\w+_bucket\[1m\]\)\)", answer["query"])
        if match is None:
            continue
        at = np.datetime64(round(answer["time"] * 1000), "ms")
        rates = {le: c.rate(at, 60, preset="prometheus_2") for le, c in counters.items()}
        rates = {le: r.value for le, r in rates.items() if r.state == "ok"}
        quantile = classic_histogram(list(rates), list(rates.values())).quantile(float(match[1]))
        if answer["value"] is None:
            assert quantile.state == "no_data", answer
        else:
            # A rate is four roundings here and there, and a rank its difference from the bucket before.
            assert math.isclose(quantile.value, float(answer["value"]), rel_tol=1e-12, abs_tol=0), answer
            assert quantile.lower <= quantile.value <= quantile.upper
            compared += 1
    assert compared == 60


def test_questions_broadcast():
    h = classic_histogram([0.1, 0.2, 1, math.inf], [50, 70, 110, 120])
    answer = h.quantile([0.2, 0.5, 1.01])
    np.testing.assert_array_equal(answer.value, [h.quantile(q).value for q in (0.2, 0.5, 1.01)])
    np.testing.assert_array_equal(answer.state, ["ok"] * 3)
    table = native_histogram(count=4, sum=5, positive={0: 1, 1: 2, 2: 1}).fraction([[0], [1]], [1, 2, 4])
    assert table.value.shape == table.reason.shape == (2, 3)
    assert table.value[1, 1] == 0.5
    assert isinstance(h.quantile(0.5).value, float)
    assert repr(h.quantile(1)) == "<bucket_answer 1.0 in [1.0, inf], ok>"
    empty = native_histogram().quantile(0.5)
    assert (empty.state, empty.reason) == ("no_data", "no observations")


def test_repairs_are_reported():
    h = classic_histogram([0.1, 1, 10, 100, 1000, math.inf], [2, 1, 5, 4, 9, 8])
    assert h.repairs.decreased == 3
    np.testing.assert_array_equal(h.monotone, [2, 2, 5, 5, 9, 9])
    np.testing.assert_array_equal(h.counts, [2, 1, 5, 4, 9, 8])
    assert repr(h.repairs) == "<classic_repairs merged=0, small=0, decreased=3>"


def test_a_recorded_histogram_reads_as_an_exporter_shows_it():
    recorded = explicit_histogram([0.1, 1])
    recorded.record([0.05, 0.5, 3, math.nan])
    h = classic_histogram(recorded)
    np.testing.assert_array_equal(h.le, [0.1, 1, math.inf])
    np.testing.assert_array_equal(h.counts, [1, 2, 4])


def test_native_values():
    h = native_histogram(schema=3, count=6, zeros=1, zero_threshold=0.001, positive={-4: 2, 9: 3})
    assert h.ranges[0].tolist() == [-0.001, 0.001, 1]
    assert h.positive == {-4: 2, 9: 3}
    back = native_histogram.from_counts(h.to_counts())
    assert back == h
    assert isinstance(h.to_counts(), exponential_counts)
    assert (h + h).count == 12
    assert (h + h - h) == h
    assert not (h + h).restarted_since(h)
    assert h.restarted_since(h + h)
    h.reduce_to(0)
    assert h.positive == {0: 2, 2: 3}
    assert repr(h) == "<native_histogram schema=0, count=6.0, sum=0.0, 3 buckets>"


def test_many_times_give_lists_and_arrays():
    readings = [native_histogram(count=n, positive={1: n}) for n in (0, 6, 12, 3)]
    counter = native_counter(instants(range(0, 240, 60)), readings)
    found = counter.increase(instants([120, 180, 6000]), 120)
    assert [a.state for a in found] == ["ok", "ok", "no_data"]
    assert [a.value.count for a in found] == [12, 6, 0]
    assert found[1].resets == 1
    assert found[2].reason == "no readings in the window"
    np.testing.assert_array_equal(counter.resets(instants([120, 180]), 120).value, [0, 1])
    assert len(counter) == 4
    assert counter.rate(instants([120])[0], 120).value.count == 0.1
    assert repr(counter) == "<native_counter of 4 readings>"
    assert "count=6.0, samples=2, resets=1" in repr(found[1])


def test_a_reading_goes_stale():
    stale = np.frombuffer(np.uint64(0x7FF0000000000002).tobytes(), dtype=float)[0]
    counter = sli.counter(instants([0, 10, 20, 30]), np.array([0, 1, stale, 2]))
    answer = counter.reading(instants([10, 20, 30, 329, 330]))
    np.testing.assert_array_equal(answer.value, [1, math.nan, 2, 2, math.nan])
    assert counter.resets(instants([30])[0], 60).samples == 3


def test_refusals():
    with pytest.raises(ValueError, match=r"schema must be in \[-4, 8\], or -53 for custom bounds, got 9"):
        native_histogram(schema=9)
    with pytest.raises(ValueError, match="hint must be"):
        native_histogram(hint="maybe")
    with pytest.raises(ValueError, match="counts must be of size 2, got 1"):
        classic_histogram([1, 2], [1])
    with pytest.raises(ValueError, match="le must be a number, got nan"):
        classic_histogram([math.nan], [1])
    with pytest.raises(ValueError, match="edges must be extrapolated or anchored"):
        native_counter([], []).resets(np.datetime64(0, "s"), 60, edges="smoothed")
