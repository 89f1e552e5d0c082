"""Conditions, presets, explanations, the monitor and the backtest; what a tier asks for beside its burn rates."""

import math
import pickle
from datetime import timedelta

import numpy as np
import pytest

from relia import period, sli, slo

GOAL = slo.objective(0.999)
MONTH = timedelta(days=30)
EPOCH = np.datetime64(0, "ns")
MINUTE = np.timedelta64(1, "m")
NAMES = {n: getattr(slo, n) for n in dir(slo) if not n.startswith("_")}


def minutes(bad, valid=1000):
    """A row a minute from the epoch on."""
    bad = np.asarray(bad)
    return sli.event_series(EPOCH + MINUTE * np.arange(1, len(bad) + 1), valid - bad, bad)


def burst(rows, first, last, bad):
    out = np.zeros(rows, dtype=np.int64)
    out[first:last] = bad
    return out


def test_tiers_carry_what_they_ask_for():
    tier = slo.tier(
        3600, 300, 14.4, min_failures=3, min_events=100, hold=timedelta(minutes=2), evidence=slo.evidence(1e-4)
    )
    assert (tier.min_failures, tier.min_events, tier.hold) == (3, 100, 120.0)
    assert tier.evidence == slo.evidence(1e-4, 1.0, 1.0)
    assert eval(repr(tier), NAMES) == tier
    assert pickle.loads(pickle.dumps(tier)) == tier
    assert tier != slo.tier(3600, 300, 14.4)
    with pytest.raises(TypeError):
        slo.tier(3600, 300, 14.4, "page", 3)  # by name only
    with pytest.raises(ValueError, match="min_failures must be at least 1, got 0"):
        slo.evaluate(slo.policy("", MONTH, [slo.tier(60, 60, 1, min_failures=0)]), GOAL, minutes([0]))


def test_evaluate_honours_them():
    events = minutes(burst(300, 100, 120, 500))
    plain = slo.evaluate(slo.policy("", MONTH, [slo.tier(3600, 300, 14.4)]), GOAL, events)
    held = slo.evaluate(slo.policy("", MONTH, [slo.tier(3600, 300, 14.4, hold=900)]), GOAL, events)
    assert held.alerts[0].start - plain.alerts[0].start == np.timedelta64(15, "m")
    one = minutes(burst(300, 100, 101, 1), valid=1)
    policy = slo.policy("", MONTH, [slo.tier(3600, 300, 14.4)])
    sure = slo.policy("", MONTH, [slo.tier(3600, 300, 14.4, evidence=slo.evidence(1e-4))])
    assert slo.evaluate(policy, GOAL, one).pages() == 1
    assert slo.evaluate(sure, GOAL, one).pages() == 0


def test_a_ticket_that_a_page_covers_is_not_sent():
    tiers = [slo.tier(3600, 300, 14.4), slo.tier(3600, 300, 14.5, "ticket")]
    events = minutes(burst(600, 200, 230, 200))
    e = slo.evaluate(slo.policy("", MONTH, tiers), GOAL, events)
    assert [n.severity for n in e.notifications] == ["page"]
    assert e.suppressed == 1
    every = slo.evaluate(slo.policy("", MONTH, tiers), GOAL, events, suppress_covered=False)
    assert len(every.notifications) == 2


def test_conditions_are_values():
    c = slo.hold(
        slo.any_of(
            [
                slo.all_of([slo.burning(900, 2), slo.burning(timedelta(hours=48), 1)]),
                slo.failures(300, 3),
                slo.traffic(300, 5),
                slo.silent(60),
                slo.significant(3600, slo.evidence(1e-4, 1.0, 3.0)),
            ]
        ),
        120,
    )
    assert eval(repr(c), NAMES) == c
    assert pickle.loads(pickle.dumps(c)) == c
    assert (c.kind, c.length) == ("hold", 120.0)
    assert [p.kind for p in c.parts[0].parts] == ["all_of", "failures", "traffic", "silent", "significant"]
    assert c.parts[0].parts[1].least == 3
    assert slo.condition() == pickle.loads(pickle.dumps(slo.condition()))
    with pytest.raises(ValueError, match="relia::slo::burning: window must be positive, got 0"):
        slo.burning(0, 2)
    with pytest.raises(ValueError, match="at least one condition, got 0"):
        slo.all_of([])


def test_rules_stand_beside_tiers_and_a_tier_is_its_condition():
    tier = slo.tier(3600, 300, 14.4, min_failures=2)
    rule = slo.alert_rule("same", "page", slo.condition_of(tier))
    policy = slo.policy("both", MONTH, [tier], rules=[rule])
    assert eval(repr(policy), NAMES) == policy
    assert pickle.loads(pickle.dumps(policy)) == policy
    events = minutes(burst(600, 200, 230, 200))
    e = slo.evaluate(policy, GOAL, events)
    first, second = e.alerts
    assert (first.tier, second.tier) == (0, 1)
    assert (first.start, first.end, first.long_burn_rate) == (second.start, second.end, second.long_burn_rate)
    assert e.pages() == 1
    assert slo.severity_of(policy, 1) == "page"
    with pytest.raises(IndexError):
        slo.severity_of(policy, 2)


def test_presets():
    for name in slo.preset_names:
        days = 30 if name in ("slo_libsonnet", "datadog") else 28
        assert slo.preset(name, timedelta(days=days)).name == name
    assert [t.factor for t in slo.sloth(timedelta(days=28)).tiers] == pytest.approx([13.44, 5.6, 2.8, 2.8 / 3], rel=4e-16)
    assert [t.long_window / 60 for t in slo.pyrra(MONTH).tiers] == [64, 386, 1543, 6171]
    assert [t.hold for t in slo.slo_libsonnet().tiers] == [120, 900, 3600, 10800]
    assert slo.grafana(MONTH, 3).tiers[0].min_failures == 3
    assert slo.slo_exporter().tiers[1].min_failures == 11
    assert slo.nobl9(MONTH).rules[0].condition == slo.all_of([slo.burning(900, 2), slo.burning(172800, 1)])
    assert slo.elastic(MONTH).tiers == slo.grafana(MONTH).tiers
    assert len(slo.google_cloud(MONTH).tiers) == 2
    assert len(slo.slo_generator().tiers) == 4
    assert [t.factor for t in slo.datadog(timedelta(days=90)).tiers] == pytest.approx([21.6, 10.8, 4.5], rel=4e-16)
    with pytest.raises(ValueError, match="one of workbook, sloth"):
        slo.preset("nagios", MONTH)
    with pytest.raises(ValueError, match="rounded to 0 min"):
        slo.pyrra(timedelta(days=2))


def test_effective_burn_rate():
    # sloth's pull request 459: 100 bad of 120 in an hour, 90 000 in 30 d.
    from relia.aggregate import counts

    rate = slo.effective_burn_rate(slo.objective(0.95), counts(20, 100), 3600, MONTH, 90_000)
    assert slo.budget_share(rate, 3600, MONTH) == pytest.approx(1 / 45, rel=1e-15)


def test_explain():
    policy = slo.policy("", MONTH, [slo.tier(3600, 300, 23)])
    events = minutes(burst(400, 300, 400, 373), valid=10_000)
    e = slo.evaluate(policy, GOAL, events)
    why = slo.explain(policy, GOAL, events, e.alerts[0])
    assert str(why) == "page: 1 h = 23x, 3.2 % of the budget in 37 min, a full budget is empty in 31 h"
    assert (why.window, why.lasting) == (3600, 37 * 60)
    assert why.empty_in == pytest.approx(2592000 / why.burn_rate, rel=1e-15)
    with pytest.raises(ValueError, match="a tier or rule of the policy, got 0"):
        slo.explain(slo.policy("", MONTH, []), GOAL, events, e.alerts[0])


def test_monitor_agrees_with_evaluate():
    rng = np.random.default_rng(5)
    valid = rng.poisson(300, 4000)
    ratio = np.where((np.arange(4000) // 60) % 13 == 5, 0.03, 0.0005)
    bad = rng.binomial(valid, ratio)
    policy = slo.workbook_30d()
    monitor = slo.monitor(policy, GOAL, EPOCH, step=60)
    for i, (n, b) in enumerate(zip(valid, bad)):
        monitor.record(True, int(n - b))
        monitor.record(False, int(b))
        monitor.advance_to(EPOCH + MINUTE * (i + 1))
    events = sli.event_series(EPOCH + MINUTE * np.arange(1, 4001), valid - bad, bad)
    e = slo.evaluate(policy, GOAL, events)
    assert [s.alerts for s in monitor.states] == [t.alerts for t in e.tiers]
    assert sum(t.alerts for t in e.tiers) > 5
    for k, state in enumerate(monitor.states):
        last = [a for a in e.alerts if a.tier == k][-1]
        assert state.firing == last.open
        assert state.since == (last.start if last.open else last.end)
        assert state.long_burn_rate == last.long_burn_rate
    assert monitor.burn_rate(3600).rate == slo.burn_rate(GOAL, events, monitor.looked_at, 3600).rate
    assert monitor.bytes < 16 * (72 * 60 + 1) + 4096


def test_monitor_takes_events_at_their_times():
    monitor = slo.monitor(slo.workbook_30d(), GOAL, EPOCH)
    for second in range(600):
        monitor.record(EPOCH + np.timedelta64(second, "s"), False)
    assert monitor.firing(0)
    assert monitor.firing("page")
    assert monitor.looked_at == EPOCH + np.timedelta64(585, "s")
    with pytest.raises(IndexError):
        monitor.firing(4)
    with pytest.raises(ValueError, match="at most the longest window"):
        monitor.burn_rate(timedelta(days=4))
    with pytest.raises(ValueError, match="step must be positive"):
        slo.monitor(slo.workbook_30d(), GOAL, EPOCH, step=0)


def ten_days():
    bad = burst(14400, 1440, 1450, 1000) + burst(14400, 4320, 4350, 100)
    return minutes(bad + burst(14400, 7200, 7320, 10) + burst(14400, 10080, 10090, 300))


def between(first, last):
    return period(EPOCH + MINUTE * first, EPOCH + MINUTE * last)


LABELLED = [between(1440, 1450), between(4320, 4350), between(7200, 7320)]


def test_backtest():
    fast = slo.policy("fast", MONTH, [slo.tier(3600, 300, 14.4)])
    slow = slo.policy("slow", MONTH, [slo.tier(6 * 3600, 1800, 1)])
    r = slo.backtest(fast, GOAL, ten_days(), LABELLED)
    assert (len(r.pages), r.true_pages, r.found) == (3, 2, 2)
    assert [o.detected_after for o in r.outcomes] == [60, 540, math.inf]
    assert r.outcomes[0].reset_after == 300
    assert math.isnan(r.outcomes[2].reset_after)
    assert r.precision.value == 2 / 3
    assert r.precision.method == "clopper_pearson"
    assert r.detection_time().value == 540
    assert r.detection_time(0.9).value == math.inf
    assert r.reset_time().value == 300
    assert repr(r) == "<backtest_result of 'fast', pages=3, of incidents=2, found=2 of 3>"
    first, second = slo.backtest([fast, slow], GOAL, ten_days(), LABELLED)
    assert first.found == r.found
    d = slo.difference(first, second)
    assert (d.pages, d.false_pages, d.gained, d.lost) == (1, 0, [2], [])
    assert d.detection.value == -150
    assert d.only_second[0] == between(1455, 1480)
    with pytest.raises(ValueError, match="of the same incidents as first"):
        slo.difference(first, slo.backtest(slow, GOAL, ten_days()))
    with pytest.raises(ValueError, match='judged must be "page" or "ticket"'):
        slo.backtest(fast, GOAL, ten_days(), judged="mail")
