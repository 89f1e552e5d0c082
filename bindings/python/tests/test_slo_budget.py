"""Ledgers and their accounting, journeys, budget policies, forecasts and credits."""

import copy
import math
import pickle
from datetime import timedelta, timezone
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from tables import rows

import relia
from relia import sli, slo, stats
from relia.aggregate import counts

START = np.datetime64("2026-03-01T00:00", "ns")
MINUTE = np.timedelta64(60, "s")


def minutes(first, last):
    return relia.period(START + first * MINUTE, START + last * MINUTE)


def filled(n, good, bad):
    times = START + (1 + np.arange(n)) * MINUTE
    store = slo.ledger()
    store.record(sli.event_series(times, np.full(n, good), np.full(n, bad), start=START))
    return store


def test_ledgers_record_and_merge():
    store = slo.ledger(timedelta(minutes=1), late_after=300)
    store.record(minutes(0, 1), counts(10, 1))
    store.record(minutes(0, 1), counts(0, 2), START + 7 * MINUTE)
    store.record(minutes(1, 2), sli.events(good=105, valid=100, excess="clamp"))
    store.record(START + 2 * MINUTE, False, 3)
    store.watch(minutes(3, 4))
    first, second, third, fourth = store.buckets()
    assert (first.events, first.late) == (counts(10, 1), counts(0, 2))
    assert (second.events, second.excess) == (counts(100, 0), 5)
    assert (third.events, third.watched, fourth.watched) == (counts(0, 3), 0, 2**60 - 1)
    assert store.width == 60 and store.late_after == 300 and math.isinf(slo.ledger().late_after)
    assert store.extent == minutes(0, 4) and not store.empty
    assert store.floor(START + 90 * np.timedelta64(1, "s")) == START + MINUTE
    assert repr(store) == "<ledger of 60.0 s, 4 buckets>"

    part = slo.ledger(60, late_after=300)
    part.record(minutes(9, 10), counts(1, 0))
    both = store + part
    assert slo.ledger.merge_all([part.to_bytes(), store.to_bytes()]) == both
    assert pickle.loads(pickle.dumps(both)) == both and copy.copy(both) == both
    with pytest.raises(ValueError, match="width must be the same, got 120000000000"):
        store.merge(slo.ledger(120))
    with pytest.raises(ValueError, match="byte_reader"):
        slo.ledger.from_bytes(both.to_bytes()[:-1])


def test_rows_of_a_series_leave_gaps_missing():
    rows = sli.event_series(START + np.array([1, 2, 12]) * MINUTE, [10, 10, 100], [0, 1, 2])
    store = slo.ledger()
    store.record(rows)
    assert len(store.buckets()) == 3
    trusting = slo.ledger()
    trusting.record(rows, timedelta(minutes=10))
    assert len(trusting.buckets()) == 12


def test_accounting_is_a_value():
    how = slo.accounting(budgeting="time_slices", slice=timedelta(minutes=5), missing="good", corrections="count_good")
    assert pickle.loads(pickle.dumps(how)) == how
    assert eval(repr(how), {"accounting": slo.accounting}) == how
    assert how.slice == 300 and slo.accounting().slice == 0 and how != slo.accounting()
    with pytest.raises(ValueError, match='budgeting must be "occurrences", "time_slices" or "slice_ratios", got "x"'):
        slo.accounting(budgeting="x")


def test_kibana_and_datadog_answers_from_one_ledger():
    # 7 d in slices of 5 min, 50 bad, 216 missing; Elastic prints 97.52 %.
    store = slo.ledger(300)
    times = START + (1 + np.arange(1800)) * np.timedelta64(300, "s")
    store.record(sli.event_series(times, np.arange(1800) >= 50, np.arange(1800) < 50, start=START))
    week = relia.period(START, START + np.timedelta64(7, "D"))
    goal = slo.objective(0.95)
    s = slo.account(store, goal, week, slo.accounting(budgeting="time_slices", missing="good"))
    assert 1 - s.bad_fraction.value == pytest.approx(1966 / 2016, rel=3e-16)
    assert (s.missing_slices, s.bad_time, s.met) == (216, 15000.0, True)
    assert s.how.missing == "good" and s.period == week
    ignored = slo.account(store, goal, week, slo.accounting(budgeting="time_slices"))
    assert (ignored.bad_fraction.lower, ignored.bad_fraction.upper) == (50 / 2016, 266 / 2016)
    assert "time_slices" in ignored._repr_html_() and "met" in repr(ignored)

    # A week of which a day was corrected and an hour was down: 60/8640 or 60/10080.
    store = slo.ledger()
    bad = np.arange(10080) < 60
    store.record(sli.event_series(START + (1 + np.arange(10080)) * MINUTE, ~bad, bad, start=START))
    day = relia.period(START + np.timedelta64(3, "D"), START + np.timedelta64(4, "D"))
    for effect, expected in (("exclude", 60 / 8640), ("count_good", 60 / 10080)):
        how = slo.accounting(budgeting="time_slices", corrections=effect)
        assert slo.account(store, goal, week, how, [day]).bad_fraction.value == expected


def test_windows_of_calendar_and_rolling_length():
    spring = np.datetime64("2026-03-29T12:00", "ns")
    for where in ("Europe/Madrid", ZoneInfo("Europe/Madrid")):
        window = slo.budget_window.calendar("day", where)
        assert window.whole(spring).seconds == 23 * 3600
        assert window.elapsed(spring).seconds == 13 * 3600
    autumn = slo.budget_window.calendar("day", "Europe/Madrid").whole("2026-10-25T12:00:00Z")
    assert autumn.seconds == 25 * 3600
    assert slo.budget_window.calendar("month", timezone(timedelta(hours=-3))).whole(spring).start == np.datetime64(
        "2026-03-01T03:00"
    )
    store = filled(180, 99, 1)
    windows = [slo.budget_window.rolling(3600), slo.budget_window.calendar("month")]
    hour, month = slo.account(store, slo.objective(0.9), windows, START + 180 * MINUTE)
    assert hour.events == counts(5940, 60)
    assert month.events.valid == 18000
    with pytest.raises(ValueError, match="where must be the name of a time zone"):
        slo.budget_window.calendar("day", "Mars/Olympus")
    with pytest.raises(ValueError, match="where must be"):
        slo.budget_window.calendar("day", 3600)


def test_side_by_side_says_what_the_answer_hangs_on():
    store = slo.ledger(300)
    times = START + (1 + np.arange(288)) * np.timedelta64(300, "s")
    day, night = np.arange(288) < 144, np.arange(288) >= 144
    store.record(sli.event_series(times, 5000 * day + 95 * night, 5 * night, start=START))
    whole = relia.period(START, START + np.timedelta64(1, "D"))
    c = slo.side_by_side(store, slo.objective(0.99), whole)
    assert not c.unanimous and (c.met, c.missed) == (2, 1)
    assert c.effects[0].name == "budgeting" and c.effects[0].highest == pytest.approx(0.025, rel=1e-15)
    assert len(c.statements) == 3 and c._repr_html_().count("<tr>") == 4
    assert "budgeting" in repr(c.effects[0]) and "3 accountings" in repr(c)
    store.record(minutes(0, 5), sli.events(good=2, valid=1, excess="clamp"))
    with pytest.raises(ValueError, match="got an excess of 1"):
        slo.account(store, slo.objective(0.99), whole)


def test_calendar_budgets():
    week = np.timedelta64(7, "D")
    past = slo.ledger(3600)
    hours = np.arange(24 * 14)
    good = np.where(hours // 24 % 7 >= 5, 10, 100)
    monday = np.datetime64("2026-03-02", "ns")
    past.record(
        sli.event_series(monday - 2 * week + (1 + hours) * np.timedelta64(1, "h"), good, 0 * good, start=monday - 2 * week)
    )
    whole = relia.period(monday, monday + week)
    assert slo.expected_events(past, whole) == 12480
    b = slo.calendar_budgets(slo.objective(0.999), counts(11990, 10), whole, monday + np.timedelta64(5, "D"), past)
    assert (b.prorated_valid, b.forecast_valid) == (16800, 12480)
    assert [x.allowed for x in (b.conservative, b.prorated, b.forecast)] == pytest.approx([12, 16.8, 12.48], rel=3e-16)
    assert b.events == counts(11990, 10) and "spent 10" in repr(b)


def test_joint_probabilities_agree_with_the_table():
    for row in rows("stats/joint.csv"):
        p = [float(x) for x in row["probabilities"].split()]
        j = stats.at_least(p, int(row["m"]))
        for name in ("independent", "lower", "upper"):
            assert getattr(j, name) == pytest.approx(float(row[name]), rel=2e-15, abs=0)
    assert stats.any_of([0.05, 0.05]) == stats.at_least(np.array([0.05, 0.05]), 1)
    assert repr(stats.all_of([0.5, 0.25])) == "<joint 0.125 in [0.0, 0.25]>"
    with pytest.raises(ValueError, match="got row 1"):
        stats.any_of([0.5, 99.9])


def test_journeys_and_their_allocation():
    parts = [slo.journey_part("search", 1e-3, 2), slo.journey_part("cart", 4e-3), slo.journey_part("pay", 1e-3)]
    j = slo.journey(parts)
    assert j.bad_fraction.independent == pytest.approx(0.005991004, rel=1e-15)
    assert (j.worst, j.worst_part, j.bad_fraction.lower) == (4e-3, 1, 4e-3)
    assert (j.weighted_score, j.summed_score) == pytest.approx((1.75e-3, 7e-3), rel=3e-16)
    assert repr(parts[0]) == "journey_part('search', 0.001, 2.0)" and "journey_bad_fraction" in repr(j)
    assert slo.journey_of_requests([[True, True, False], np.array([True, False, False])]) == counts(1, 2)
    assert [p.error_budget for p in slo.allocate(slo.objective(0.9999), 10)] == pytest.approx([1e-5] * 10, rel=3e-16)
    assert [p.error_budget for p in slo.allocate(slo.objective(0.99), [1, 3], 0.2)] == pytest.approx(
        [0.002, 0.006], rel=3e-16
    )
    with pytest.raises(ValueError, match="parts must be one or more"):
        slo.journey([])


def test_budget_policies_freeze_and_thaw():
    stages = [slo.budget_stage("careful", 0.75, 0.5), slo.budget_stage("frozen", 1, 0.9, freeze=True)]
    policy = slo.budget_policy("ours", stages, 0.2, ["security"])
    assert policy.stages == stages and stages[0] != stages[1]
    assert "budget_stage('careful', 0.75, 0.5, freeze=False)" in repr(policy)
    machine = slo.budget_machine(policy)
    assert machine.step(START, 0.7) == []
    changes = [e.change for e in machine.step(START + MINUTE, 1.02)]
    assert changes == ["enter", "enter", "freeze"]
    assert machine.step(START + 2 * MINUTE, math.nan) == [] and machine.spent == 1.02
    assert not machine.allows("feature") and machine.allows("security") and machine.active(1)
    left, thaw = machine.step(START + 3 * MINUTE, 0.8)
    assert (left.change, left.stage, thaw.change, thaw.stage) == ("leave", 1, "thaw", None)
    assert thaw.at == START + 3 * MINUTE and thaw.share == 0.8
    (review,) = machine.incident(START, 0.3)
    assert review.change == "review" and "review" in repr(review)
    with pytest.raises(ValueError, match="at or after the last time"):
        machine.step(START, 0.1)
    times = START + np.arange(30) * np.timedelta64(1, "D")
    spent = np.where((np.arange(30) >= 5) & (np.arange(30) < 15), 1.1, 0.1)
    events = slo.replay(slo.workbook_budget_policy(), times, spent)
    assert [(e.change, e.at) for e in events if e.stage is None] == [("freeze", times[5]), ("thaw", times[15])]


def test_what_if_leaves_the_machine_alone():
    machine = slo.budget_machine(slo.workbook_budget_policy())
    outage = 20 / 52.56  # minutes of the year that four nines allow
    machine.step(START, outage)
    twice = slo.what_if(machine, outage, 2)
    assert twice.frozen and not machine.frozen
    assert twice.spent == pytest.approx(60 / 52.56, rel=1e-15) and twice.until_freeze == 2
    assert [e.change for e in twice.events] == ["review", "enter", "freeze", "review"]
    assert slo.what_if(machine, 0).until_freeze == math.inf


def test_attribution_feeds_the_forecast():
    store = slo.ledger(3600)
    hours = START + np.arange(73) * np.timedelta64(1, "h")
    for i, (first, last) in enumerate(zip(hours[:-1], hours[1:])):
        store.record(relia.period(first, last), counts(500, 500) if i == 30 else counts(999, 1))
    incidents = [relia.period(hours[30], hours[31]), relia.period(hours[50], hours[52])]
    a = slo.attribute(store, slo.objective(0.99), relia.period(hours[0], hours[72]), incidents)
    assert a.incidents == pytest.approx([500 / 720, 2 / 720], rel=3e-16)
    assert (a.base, a.base_burn_rate) == pytest.approx((69 / 720, 0.1), rel=3e-16)
    assert a.state == "ok" and a.base_error < 1e-15 and "2 incidents" in repr(a)
    f = slo.budget_forecast(
        a.base + a.incidents.sum(), 86400, 4 * 86400, a.incidents, 3 * 86400, base_burn_rate=a.base_burn_rate, paths=100
    )
    assert 0 <= f.within().value <= 1


def test_forecasts_and_credits():
    # Ten incidents of 0.1 in 60 days, a known rate: six fit into the rest of the month.
    f = slo.budget_forecast(
        0.25,
        timedelta(days=15),
        timedelta(days=30),
        [0.1] * 10,
        timedelta(days=60),
        base_burn_rate=0.25,
        estimated_rate=False,
        paths=20_000,
    )
    exact = sum(math.exp(-2.5) * 2.5**i / math.factorial(i) for i in range(7))
    assert abs(f.within().value - exact) < 5 * f.monte_carlo_error(exact)
    assert 1 - f.within().value <= f.exhausted(timedelta(days=15)).value <= 1
    assert f.time_to_exhaustion().interval.upper == math.inf and f.time_to_exhaustion().method == "compound_incidents"
    assert f.spent.shape == f.times.shape == (20_000,) and np.all(np.diff(f.spent) >= 0)
    assert f.remaining(0.5).interval.lower <= f.remaining().value and "probability" in repr(f)
    few = slo.budget_forecast(0.2, 86400, 30 * 86400, [], 86400, paths=10)
    assert "one comes with a probability of up to 0.95 (95 %)" in few.notes[0]
    with pytest.raises(ValueError, match="left must be from 0 to the period, got 2678400"):
        slo.budget_forecast(0.2, timedelta(days=31), timedelta(days=30), [], 1.0)

    goal = slo.objective(0.999)
    table = slo.credit_table([slo.credit_tier(goal, 0.1), slo.credit_tier(slo.objective(0.99), 0.25)])
    np.testing.assert_array_equal(table.credit([0, 0.001, 0.002, 0.5]), [0, 0, 0.1, 0.25])
    assert table.credit(0.002) == 0.1 and table.missed(0.5) == 2 and table.tiers[0].credit == 0.1
    c = slo.expected_credit(table, f.bad_fractions(goal))
    assert c.probability[0].value == pytest.approx(1 - f.within().value, rel=1e-12)
    assert c.credit.value == pytest.approx(0.1 * c.probability[0].value, rel=1e-12)
    assert c.credit.interval.lower < c.credit.value < c.credit.interval.upper
    assert c.monte_carlo_error > 0 and "credit_forecast" in repr(c)
    with pytest.raises(ValueError, match="from the highest to the lowest"):
        slo.credit_table([slo.credit_tier(slo.objective(0.99), 0.1), slo.credit_tier(goal, 0.2)])
