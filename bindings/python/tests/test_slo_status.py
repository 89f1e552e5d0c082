"""The status of an objective, and what Prometheus says about counters, on the recorded service."""

import json
import math
import pathlib

import numpy as np
import pytest

from relia import io, sli, slo

DATA = pathlib.Path(__file__).resolve().parents[3] / "examples" / "web_pool" / "data"
GOAL = slo.objective(0.99)
POLICY = slo.policy("recorded", 3600, [slo.tier(60, 10, 10), slo.tier(600, 60, 1, "ticket")])


@pytest.fixture(scope="module")
def counters():
    found = {}
    for series in json.loads((DATA / "prometheus_raw.json").read_text())["data"]["result"]:
        times, values = zip(*series["values"])
        at = np.array([round(t * 1000) for t in times], dtype="datetime64[ms]")
        found[series["metric"]["code"]] = sli.counter(at, [float(v) for v in values])
    return found


def test_status_of_the_recorded_service():
    (spec,) = io.read_slos(DATA.parent / "slos.yaml")
    s = slo.status(spec.rules.policy, spec.rules.goal, spec.events)
    assert s.verdict == "fail"
    assert (s.events.good, s.events.bad) == (86795, 952)
    assert math.isclose(s.budget.allowed, 877.47, rel_tol=1e-15)
    assert s.attained.interval.lower < s.attained.value == 86795 / 87747
    assert s.at == spec.events.times[-1]
    assert [t.firing for t in s.tiers] == [False, False, False]
    assert [t.since for t in s.tiers] == [None, None, None]
    assert [t.lasts for t in s.tiers] == [0.0, 0.0, 0.0]
    assert repr(s).startswith("<objective_status fail, budget left -0.08")


def test_status_without_events():
    s = slo.status(POLICY, GOAL, sli.event_series([], [], []))
    assert (s.verdict, s.at, s.covered) == ("inconclusive", None, 0.0)
    assert math.isnan(s.tiers[0].long_burn.rate)
    with pytest.raises(ValueError, match="slo::status: period must be positive"):
        slo.status(slo.policy("", 0, [slo.tier(60, 10, 10)]), GOAL, sli.event_series([], [], []))


def test_event_increase_is_the_sum_of_increases(counters):
    at = counters["200"].times[300]
    bad = counters["500"].increase(at, 60, preset="prometheus_2").value
    good = counters["200"].increase(at, 60, preset="prometheus_2").value
    grown = slo.event_increase(at, 60, bad=[counters["500"]], good=[counters["200"]], preset="prometheus_2")
    assert (grown.bad, grown.valid, grown.state) == (bad, bad + good, "ok")
    assert grown.error_ratio == bad / (bad + good)
    whole = slo.event_increase(
        at, 60, bad=[counters["500"]], valid=[counters["200"], counters["500"]], preset="prometheus_2"
    )
    assert whole.bad == bad
    with pytest.raises(ValueError, match="exactly two of good, bad and valid, got 1"):
        slo.event_increase(at, 60, bad=[])


def test_evaluate_counters_finds_the_recorded_incident(counters):
    times = counters["200"].times
    found = slo.evaluate_counters(
        POLICY,
        GOAL,
        times[0],
        times[-1],
        5,
        bad=[counters["500"]],
        good=[counters["200"], counters["499"]],
        preset="prometheus_2",
    )
    assert found.pages() == 1
    (page,) = [a for a in found.alerts if a.tier == 0]
    # 15 % of the requests fail for 90 s: found after 60 s * 10 / 15, and over with the 10 s of the short window.
    assert 45 <= (page.end - page.start) / np.timedelta64(1, "s") <= 65
    assert 10 <= page.long_burn_rate <= 16
    assert found.unseen == "partial"


def test_lint_knows_means_of_ratios():
    (finding,) = slo.lint(slo.policy("", 30 * 86400, [slo.tier(3600, 300, 14.4)]), 0.999, mean_of_ratios=300)
    assert finding.rule == "mean_of_ratios"
    assert "300 / 3600 = 0.0833333 of the long window, a burn rate of 83.3333" in finding.message
