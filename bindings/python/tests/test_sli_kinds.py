"""Latency thresholds, missing events, clusters, Apdex and the other kinds: agreement with the C++ tables, and errors."""

import math

import numpy as np
import pandas as pd
import pytest
from tables import close, rows

import relia
from relia import sli, stats
from relia.aggregate import counts, histogram


def at(minutes):
    return np.datetime64(minutes, "m")


HOUR = relia.period(at(0), at(60))


def test_latency_threshold_of_raw_values_and_of_a_histogram():
    values = np.linspace(0.001, 1, 1000)
    values[0] = np.nan
    raw = sli.events_within(values, 0.3)
    assert raw.exact
    assert raw.quoted == counts(299, 701)
    assert sli.events_within(pd.Series(values), 0.3) == raw
    exact = histogram([0.3])
    exact.record(values)
    assert sli.events_within(exact, 0.3) == raw
    between = sli.events_within(exact, 0.4)
    assert between.fewest_good.good <= 399 <= between.most_good.good
    assert 0 < between.doubtful < 10
    bad = sli.bad_fraction(between)
    assert bad.interval.lower == sli.bad_fraction(between.most_good).interval.lower
    assert bad.interval.upper == sli.bad_fraction(between.fewest_good).interval.upper
    assert "events may have been good or bad" in bad.notes[0]
    assert sli.attainment(between).interval.lower <= 0.399 <= sli.attainment(between).interval.upper
    with pytest.raises(ValueError, match="threshold must be a number in the unit of the latencies, got nan"):
        sli.events_within(values, math.nan)


def test_missing_events():
    events = sli.with_missing(counts(980, 20), 100)
    assert events.fewest_good == counts(980, 120)
    assert repr(events) == "<bounded_counts good=980, bad=20, doubtful=100>"
    bad = sli.bad_fraction(events, method="clopper_pearson")
    assert bad.interval.upper == stats.proportion(120, 1100, method="clopper_pearson").interval.upper
    with pytest.raises(ValueError, match="missing must be at least 0, got -1"):
        sli.with_missing(counts(), -1)


def test_clusters_agree_with_the_table():
    for row in rows("stats/clustered_proportion.csv"):
        x, n = (np.array(row[c].split(), dtype=np.int64) for c in ("successes", "trials"))
        options = {"confidence_level": float(row["confidence_level"]), "method": row["method"]}
        most = 5e-13 if row["method"] == "cluster_robust" else 5e-15
        for r in (stats.clustered_proportion(x, n, **options), sli.clustered_bad_fraction(n - x, x, **options)):
            assert close(r.proportion.value, float(row["value"]), most)
            assert close(r.proportion.interval.lower, float(row["lower"]), most), row
            assert close(r.proportion.interval.upper, float(row["upper"]), most), row


def test_ratio_and_lot_agree_with_their_tables():
    for row in rows("stats/ratio.csv"):
        y, x = ([float(v) for v in row[c].split()] for c in ("numerators", "denominators"))
        e = stats.ratio_of_totals(y, x, confidence_level=float(row["confidence_level"]), method=row["method"])
        slack = 5e-15 * (1 + abs(e.value / float(row["upper"])))
        assert close(e.interval.upper, float(row["upper"]), slack), row
    for row in rows("stats/finite_proportion.csv"):
        lot = int(row["population"])
        e = stats.finite_proportion(
            int(row["successes"]), int(row["trials"]), lot, confidence_level=float(row["confidence_level"])
        )
        assert e.interval.lower == int(row["fewest"]) / lot
        assert e.interval.upper == int(row["most"]) / lot


def test_clustered_bad_fraction_of_a_series():
    good, bad = np.full(288, 1000), np.zeros(288, dtype=int)
    bad[100:112] = 300
    good[100:112] = 700
    r = sli.clustered_bad_fraction(good, bad)
    naive = sli.bad_fraction(counts(int(good.sum()), int(bad.sum())))
    assert r.proportion.value == naive.value
    assert r.proportion.interval.upper > 3 * naive.interval.upper
    assert r.design_effect > 100
    assert r.block_length > 1
    assert "rows were joined" in r.proportion.notes[0]
    assert repr(r).startswith("<clustered_proportion_result ")
    rows = [sli.with_missing(counts(int(g), int(b)), 5) for g, b in zip(good, bad)]
    doubtful = sli.clustered_bad_fraction(rows)
    assert doubtful.proportion.interval.upper >= r.proportion.interval.upper
    assert doubtful.proportion.interval.lower < r.proportion.interval.lower
    with pytest.raises(ValueError, match="method must be one of joined_clusters"):
        sli.clustered_bad_fraction(good, bad, method="wald")
    with pytest.raises(ValueError, match="bad must be of size 288, got 1"):
        sli.clustered_bad_fraction(good, [1])


def test_apdex():
    for row in rows("sli/apdex.csv"):
        e = sli.apdex(
            sli.apdex_counts(int(row["satisfied"]), int(row["tolerating"]), int(row["frustrated"])),
            confidence_level=float(row["confidence_level"]),
        )
        assert close(e.interval.lower, float(row["lower"]), 1e-15)
        assert close(e.interval.upper, float(row["upper"]), 1e-15)
    seconds = [0.1, 0.5, 0.50001, 2.0, 2.00001, 60, math.nan]
    assert sli.apdex(seconds, 0.5).value == 3 / 7
    assert sli.apdex(seconds, 0.5, 3).value == 3 / 10
    assert repr(sli.apdex_counts(1, 2, 3)) == "apdex_counts(1, 2, 3)"
    with pytest.raises(ValueError, match="target must be positive and finite, got 0"):
        sli.apdex(seconds, 0)


def test_probe_and_watched_time():
    r = sli.probe([at(0), at(5), at(10), at(15)], [True, True, True, False], HOUR, 45 * 60)
    assert (r.time.good, r.time.bad, r.time.unknown) == (900, 2700, 0)
    assert (r.samples, r.changes, r.gaps) == (4, 1, 0)
    bad = sli.bad_fraction(r.time)
    assert (bad.lower, bad.value, bad.upper) == (0.75, 0.75, 50 / 60)
    blind = sli.watched_time(unknown=3600)
    assert sli.bad_fraction(blind).state == "no_data"
    assert sli.bad_fraction(blind, unknown="bad").value == 1
    with pytest.raises(ValueError, match="strictly increasing, got row 1"):
        sli.probe([at(1), at(1)], [True, True], HOUR, 60)


def test_freshness():
    r = sli.freshness([at(0), at(20)], [at(-5), at(15)], HOUR, 15 * 60)
    assert (r.time.good, r.time.bad) == (1200, 2400)
    assert r.oldest == 2700
    assert math.isclose(r.mean_age, 60 * (15 * 20 + 25 * 40) / 60, rel_tol=1e-15)
    with pytest.raises(ValueError, match="at or before their publication, got row 0"):
        sli.freshness([at(0)], [at(1)], HOUR, 60)


def test_slices_of_throughput_and_quantiles():
    assert list(sli.judge_throughput([6000, 5999, math.nan], 60, 100)) == ["good", "bad", "ignored"]
    assert list(sli.judge_throughput([math.nan], 60, 100, missing="bad")) == ["bad"]
    fast = np.full(200, 0.1)
    slow = fast.copy()
    slow[:3] = 3
    sketch = histogram([0.4])
    sketch.record(fast)
    r = sli.quantile_objective([fast, slow, sketch, fast[:50]], 0.99, 0.4)
    assert list(r.judged) == ["good", "bad", "good", "ignored"]
    assert (r.undecided, r.short_of_data) == (0, 1)
    assert sli.bad_fraction(r.slices).value == 1 / 3
    with pytest.raises(ValueError, match="level must be a fraction in"):
        sli.quantile_objective([fast], 99, 0.4)


def test_correctness():
    assert sli.wrong_of_outputs(3, 200, 200).interval.upper == 0.015
    lot, process = sli.wrong_of_outputs(3, 200, 400), sli.wrong_of_process(3, 200, method="clopper_pearson")
    assert lot.interval.upper < process.interval.upper
    with pytest.raises(ValueError, match="population must be from the number of trials, 200"):
        sli.wrong_of_outputs(3, 200, 100)


def test_durability():
    for row in rows("sli/durability.csv"):
        e = sli.annual_loss(
            int(row["lost"]),
            int(row["objects"]),
            86400.0 * int(row["days"]),
            confidence_level=float(row["confidence_level"]),
            method=row["method"],
        )
        for figure, column in ((e.value, "value"), (e.interval.lower, "lower"), (e.interval.upper, "upper")):
            assert close(figure, float(row[column]), 5e-15), row
    np.testing.assert_allclose(sli.nines([1e-11, 0.001]), [11, 3], rtol=1e-15)
    assert sli.object_years_needed(1e-11) == pytest.approx(2.995732273553991e11, rel=1e-10)
    assert sli.object_years_needed([1e-6, 1e-7], 2).shape == (2,)
    with pytest.raises(ValueError, match="watched must be positive, got 0"):
        sli.annual_loss(0, 1, 0)
