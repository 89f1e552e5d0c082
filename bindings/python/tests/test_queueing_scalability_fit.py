"""Scaling laws and their fit: the C++ tables through Python, and what is refused."""

import math
import pickle

import numpy as np
import pytest
from tables import close, rows

from relia import queueing as q


def sets():
    found = {}
    for row in rows("queueing/scalability_sets.csv"):
        n, x = found.setdefault(row["set"], ([], []))
        n.append(float(row["concurrency"]))
        x.append(float(row["throughput"]))
    return found


def test_the_fit_agrees_with_the_table():
    fits = {name: q.fit_usl(n, x) for name, (n, x) in sets().items()}
    of = {"contention": "contention", "coherency": "coherency", "rate": "single_rate", "peak": "peak_concurrency"}
    for row in rows("queueing/scalability_fit.csv"):
        fit, value = fits[row["set"]], float(row["value"])
        name, _, end = row["quantity"].partition("_")
        if name not in of or end == "throughput":
            continue
        answer = getattr(fit, of[name])
        actual = getattr(answer.interval, end) if end else answer.value
        assert actual == value or close(actual, value, 1e-11 if end else 2e-13), row


def test_laws_broadcast_and_invert():
    law = q.usl(0.05, 0.0002, 20)
    n = np.array([1.0, 10.0, 60.0])
    assert np.allclose(law.concurrency_at_throughput(law.throughput(n)), n, rtol=1e-12)
    assert np.allclose(law.concurrency_at_latency(law.latency(n)), n, rtol=1e-12)
    assert close(q.amdahl_speedup(0.05, 64), 15.421686746987952)
    assert close(q.gustafson_speedup(0.05, 64), 60.85)
    assert law.concurrency_at_throughput(1e9) == math.inf
    again = pickle.loads(pickle.dumps(law))
    assert repr(again) == repr(law) == "usl(contention=0.05, coherency=0.0002, single_rate=20.0)"


def test_a_plateau_is_told_from_the_universal_law():
    n, x = sets()["web_pool"]
    found = q.compare_scaling(n, x)
    assert found.best.law == "plateau"
    assert found.usl.verdict == "fail"
    assert "plateau" in repr(found) and "<table>" in found._repr_html_()
    assert math.isnan(found.lack_of_fit)
    assert close(sum(law.weight for law in found.laws), 1)


def test_what_is_refused():
    with pytest.raises(ValueError, match="relia::queueing::fit_usl: concurrency must be of at least 4 different levels"):
        q.fit_usl([1, 2, 4], [1, 2, 3])
    with pytest.raises(ValueError, match="throughput must be positive and finite, got row 1"):
        q.fit_usl([1, 2, 4, 8], [1, math.nan, 3, 4])
    with pytest.raises(ValueError, match="coherency must be from 0 to 1e100"):
        q.usl(0.1, -1, 1)


def test_the_band():
    n, x = sets()["specsdm91"]
    fit = q.fit_usl(n, x)
    band = fit.throughput(50)
    assert band.interval.lower < band.value < band.interval.upper
    assert "7 measurements" in repr(fit)
    assert (fit.n, fit.levels, fit.largest_concurrency) == (7, 7, 216)
