"""Objectives, budgets, burn rates, policies, their evaluation and their lint."""

import math
import pickle
from datetime import timedelta

import numpy as np
import pytest
from tables import rows

from relia import sli, slo
from relia.aggregate import counts

GOAL = slo.objective(0.999)
MONTH = timedelta(days=30)


def test_objectives():
    for row in rows("slo/objective.csv"):
        assert slo.objective(float(row["target"])).error_budget == float(row["error_budget"])
    assert slo.objective.from_error_budget(1e-20).error_budget == 1e-20
    assert repr(GOAL) == "objective(0.999)"
    assert eval(repr(slo.objective.from_error_budget(1e-20)), {"objective": slo.objective}).error_budget == 1e-20
    assert pickle.loads(pickle.dumps(GOAL)) == GOAL
    with pytest.raises(ValueError, match=r"for 99.9 % write 0.999, got 99.9"):
        slo.objective(99.9)
    assert slo.is_met(slo.objective(0.9997), counts(9997, 3))


def test_closed_forms_agree_with_the_table_and_broadcast():
    for row in rows("slo/policy.csv"):
        tier = slo.tier(float(row["long_window"]), float(row["short_window"]), float(row["factor"]))
        goal = slo.objective(float(row["target"]))
        ratio = float(row["error_ratio"])
        assert math.isclose(slo.detection_time(tier, goal, ratio), float(row["detection"]), rel_tol=4.5e-16)
        assert math.isclose(slo.reset_time(tier, goal, ratio), float(row["reset"]), rel_tol=4.5e-16)
        spent = slo.budget_spent_at_detection(tier, goal, ratio, MONTH)
        assert math.isclose(spent, float(row["budget_spent"]), rel_tol=7e-16)
    page = slo.workbook_30d().tiers[0]
    times = slo.detection_time(page, GOAL, [[1.0, 0.1], [0.0144, 0.01]])
    assert times.shape == (2, 2)
    np.testing.assert_allclose(times, [[51.84, 518.4], [3600, math.inf]], rtol=5e-16)
    assert isinstance(slo.detection_time(page, GOAL, 1.0), float)
    assert slo.single_failure_events(page, GOAL) == pytest.approx(1000 / 14.4, rel=2.3e-16)
    with pytest.raises(ValueError, match="error_ratio must be a fraction"):
        slo.detection_time(page, GOAL, [0.5, 5])


def test_policies_are_values():
    policy = slo.workbook_30d()
    assert [t.factor for t in policy.tiers] == [14.4, 6, 3, 1]
    assert [t.severity for t in policy.tiers] == ["page", "page", "ticket", "ticket"]
    assert policy.tiers[0].long_window == 3600
    names = {"policy": slo.policy, "tier": slo.tier}
    weekly = slo.workbook(timedelta(days=7))
    for p in (policy, weekly):
        assert eval(repr(p), names) == p
        assert pickle.loads(pickle.dumps(p)) == p
    assert repr(policy.tiers[0]) == "tier(3600.0, 300.0, 14.4, 'page')"
    assert "<td>14.4</td>" in policy._repr_html_()
    assert [t.factor for t in weekly.tiers][2:] == [1, 1]
    assert len(weekly.notes) == 2
    assert len(slo.workbook(timedelta(days=7), "drop").tiers) == 2
    own = slo.from_budget_shares("own", MONTH, [slo.budget_tier(0.1, 86400, 7200, "ticket")])
    assert own.tiers[0].factor == 3
    assert len(slo.workbook_tiers) == 4
    with pytest.raises(ValueError, match='severity must be "page" or "ticket"'):
        slo.tier(1, 1, 1, "mail")
    with pytest.raises(ValueError, match="long enough for a tier"):
        slo.workbook(600)


def test_burn_rates():
    np.testing.assert_array_equal(slo.burn_rate(GOAL, [0.001, 0.01, 1]), [1, 10, 1000])
    assert slo.burn_rate(GOAL, 0.002) == 2
    assert slo.burn_rate(GOAL, counts(9, 1)).rate == 100
    silent = slo.burn_rate(GOAL, counts())
    assert (silent.state, math.isnan(silent.rate)) == ("no_data", True)
    series = sli.event_series([np.datetime64(1, "m")], [0], [100], start=np.datetime64(0, "m"))
    now = np.datetime64(1, "m")
    assert slo.burn_rate(GOAL, series, now, 3600).rate == pytest.approx(1000 / 60, rel=3e-16)
    assert slo.burn_rate(GOAL, series, now, 3600, unseen="partial").rate == 1000
    assert slo.burn_rate(GOAL, series, now, 3600).covered == 60
    assert slo.burn_rate_for(0.02, 3600, MONTH) == 14.4
    assert slo.budget_share([36, 1], 3600, MONTH)[0] == pytest.approx(0.05, rel=2.3e-16)


def test_budgets():
    over = slo.event_budget(slo.objective(0.99), counts(900, 100))
    assert (over.allowed, over.remaining, over.remaining_fraction) == (10, -90, -9)
    running = slo.event_budget(GOAL, counts(9, 1), 7200)
    assert running.allowed == 7.2
    month = slo.time_budget(GOAL, MONTH, timedelta(minutes=20))
    assert month.allowed == 2592
    assert month.remaining == 1392
    assert slo.event_budget(GOAL, counts()).state == "no_data"
    assert slo.time_to_exhaustion(1000, MONTH) == 2592
    assert slo.time_to_exhaustion(0, MONTH) == math.inf
    np.testing.assert_array_equal(slo.time_to_exhaustion([1, 2], 100, 0.5), [50, 25])
    assert slo.time_to_exhaustion(running, slo.burn_rate(GOAL, counts()), MONTH) == math.inf
    with pytest.raises(ValueError, match="rate must be at least 0"):
        slo.time_to_exhaustion(-1, MONTH)


def outage():
    bad = np.zeros(4320, dtype=int)
    bad[2000:2120] = 200
    times = np.arange(1, 4321).astype("datetime64[m]")
    return sli.event_series(times, 1000 - bad, bad)


def test_evaluate():
    found = slo.evaluate(slo.workbook_30d(), GOAL, outage())
    assert found.pages() == 1
    assert [n.severity for n in found.notifications] == ["page", "ticket"]
    first = found.alerts[0]
    assert (first.tier, first.open) == (0, False)
    # 1 h at 14.4 is reached after 60 * 0.0144 / 0.2 = 4.32 min: at the fifth row of the outage.
    assert first.start == np.datetime64(2005, "m")
    assert found.tiers[0].alerts == 1
    assert found.tiers[0].firing > 0
    assert repr(found) == "<evaluation alerts=4, pages=1>"
    assert found.unseen == "clean"
    assert "<table>" in found._repr_html_()
    assert slo.evaluate(slo.workbook_30d(), GOAL, outage(), min_failures=10**6).pages() == 0
    with pytest.raises(ValueError, match="min_failures must be at least 1"):
        slo.evaluate(slo.workbook_30d(), GOAL, outage(), min_failures=0)
    with pytest.raises(ValueError, match='unseen must be "clean" or "partial"'):
        slo.evaluate(slo.workbook_30d(), GOAL, outage(), unseen="dark")


def test_lint():
    assert slo.lint(slo.workbook_30d(), 0.999) == []
    (found,) = slo.lint(slo.workbook_30d(), 0.9)
    assert (found.level, found.rule, found.tier) == ("error", "never_fires", 0)
    assert "a total outage burns at 1 / 0.1 = 10" in found.message
    (percent,) = slo.lint(slo.workbook_30d(), 99.9)
    assert percent.tier is None
    assert "write 0.999" in percent.message
    low = slo.lint(slo.workbook_30d(), 0.999, events_per_second=10 / 3600)
    assert {f.rule for f in low} == {"single_failure_fires"}
    with pytest.raises(ValueError, match="scrape_interval must be positive"):
        slo.lint(slo.workbook_30d(), 0.999, scrape_interval=0)
