"""The pictures draw what the library says, on the axes given, and load Matplotlib only when drawing."""

import subprocess
import sys

import numpy as np
import pytest

import relia

figure = pytest.importorskip("matplotlib.figure")

from relia import plot  # noqa: E402


@pytest.fixture
def ax():
    return figure.Figure().add_subplot()


def labels(ax):
    return {text.get_text() for text in ax.get_legend().get_texts()}


def test_importing_relia_does_not_import_matplotlib():
    code = "import sys, relia, relia.plot; sys.exit('matplotlib' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_budget_burn_down_ends_where_the_budget_does(ax):
    hours = np.datetime64("2026-11-01T00", "h") + np.arange(1, 5)
    assert plot.budget_burn_down(hours, [0, 10, 0, 30], 100_000, 0.999, ax=ax) is ax
    left = ax.lines[0].get_ydata()
    assert left == pytest.approx([100.0, 90.0, 90.0, 60.0])  # the budget is 100 events
    assert np.all(np.diff(left) <= 0)
    assert "budget spent" in labels(ax)
    assert {tick.get_rotation() for tick in ax.get_xticklabels()} == {30.0}  # dates do not overlap


def test_budget_outlook_ends_at_the_forecast(ax):
    month = relia.period("2026-11-01", "2026-12-01")
    days = np.datetime64("2026-11-02") + np.arange(14)
    plot.budget_outlook(days, np.linspace(0.02, 0.4, 14), month, [0.3, 0.2], 180 * 86400, base_burn_rate=0.5, ax=ax)
    (half,) = [line for line in ax.lines if line.get_label() == "half of them"]
    expected = relia.slo.budget_forecast(
        0.4, 16 * 86400, 30 * 86400, [0.3, 0.2], 180 * 86400, base_burn_rate=0.5, paths=4000
    )
    assert half.get_ydata()[-1] == 100 * expected.remaining(0.8).value
    assert half.get_ydata()[0] == pytest.approx(60.0)
    assert f"{100 * expected.within().value:.3g} %" in ax.get_title()
    assert {"budget left", "end of the period", "budget spent"} <= labels(ax)


def test_latency_against_load_is_the_quantile_of_mmc(ax):
    plot.latency_against_load(4, 50.0, 0.2, load=160.0, ax=ax)
    (marked,) = [line for line in ax.lines if line.get_label() == "now"]
    expected = relia.queueing.mmc(160.0, 50.0, 4).response_time.quantile(0.99)
    assert marked.get_ydata()[0] == expected
    assert {"saturation", "objective"} <= labels(ax)
    (objective,) = [line for line in ax.lines if line.get_label() == "objective"]
    assert list(objective.get_ydata()) == [0.2, 0.2]
    assert ax.get_title() == f"{expected / 0.2:.2g} of the objective"


def test_latency_against_load_over_capacity_has_no_operating_point(ax):
    plot.latency_against_load(4, 50.0, 0.2, load=210.0, ax=ax)
    assert "now" not in labels(ax)
    assert ax.get_title() == "over capacity: the queue grows without end"


def test_exhaustion_draws_history_fan_capacity_and_date(ax):
    days = np.datetime64("2026-01-01", "D") + np.arange(90)
    used = np.cumsum(1.0 + 0.5 * np.sin(np.arange(90)))
    plot.exhaustion(days, used, 120.0, 60 * 86400.0, paths=200, ax=ax)
    assert {"seen", "capacity", "full, even odds"} <= labels(ax)
    assert len(ax.lines[0].get_ydata()) == 90


def test_exhaustion_that_never_comes_has_no_date(ax):
    days = np.datetime64("2026-01-01", "D") + np.arange(90)
    plot.exhaustion(days, np.linspace(0.0, 1.0, 90), 1e6, 86400.0, paths=100, ax=ax)
    assert "full, even odds" not in labels(ax)


def test_detection_times_are_the_closed_forms(ax):
    policy = relia.slo.workbook_30d()
    plot.detection_times(policy, 0.999, ax=ax)
    assert {"page: 1 h at 14.4", "ticket: 3 d at 1", "budget gone"} <= labels(ax)
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    first = ax.lines[0]
    assert first.get_xdata()[0] == relia.slo.error_ratio_at(policy.tiers[0], relia.slo.objective(0.999))
    assert first.get_ydata()[0] == 60  # at its threshold a tier takes its long window
    assert first.get_ydata()[-1] == pytest.approx(0.864, rel=1e-15)
    assert ax.get_title() == "workbook_30d at 99.9 %"


def test_detection_times_leaves_out_what_never_fires(ax):
    plot.detection_times(relia.slo.workbook_30d(), 0.9, ax=ax)  # 14.4 * 10 % is above a total outage
    assert "page: 1 h at 14.4" not in labels(ax)


def test_burn_rates_are_drawn_against_the_factor(ax):
    bad = np.zeros(600, dtype=np.int64)
    bad[300:330] = 200
    times = np.datetime64("2026-11-01", "ns") + np.timedelta64(1, "m") * np.arange(1, 601)
    events = relia.sli.event_series(times, 1000 - bad, bad)
    plot.burn_rates(relia.slo.workbook_30d(), 0.999, events, ax=ax)
    assert labels(ax) == {"burn rate over 5 min", "burn rate over 1 h", "factor 14.4", "fires"}
    short, long = ax.lines[:2]
    assert max(short.get_ydata()) == pytest.approx(200, rel=1e-15)
    assert max(long.get_ydata()) == pytest.approx(100, rel=1e-15)
    assert len(ax.patches) == 1


def test_scalability_shows_the_band_and_the_peak(ax):
    n, x = [1, 18, 36, 72, 108, 144, 216], [64.9, 995.9, 1652.4, 1853.2, 1828.9, 1775.0, 1702.2]
    assert plot.scalability(n, x, ax=ax) is ax
    assert labels(ax) == {"band", "universal scalability law", "measured", "peak"}
    assert "inconclusive" in ax.get_title()


def line(ax, label):
    (found,) = [line for line in ax.lines if line.get_label() == label]
    return np.asarray(found.get_xdata(), dtype=float), np.asarray(found.get_ydata(), dtype=float)


def test_retry_map_shows_both_branches_and_the_point_of_no_return(ax):
    # M/M/1, 60/s into 100/s, 100 ms and 3 retries: mpmath, tests/data/queueing/retry_reference.csv.
    assert plot.retry_map(60.0, 100.0, 1, timeout=0.1, ax=ax) is ax
    assert ax.get_title() == "60 fresh requests: metastable"
    assert line(ax, "now")[1] == pytest.approx(61.27487565180728, rel=1e-13)
    assert line(ax, "of no return from now")[1] == pytest.approx(89.05534823036653, rel=1e-13)
    limits = relia.queueing.retry_bounds(100.0, 1, timeout=0.1)
    rates, normal = line(ax, "normal state")
    turn = line(ax, "point of no return")[1]
    storm = line(ax, "storm")[1]
    between = (rates > limits.safe) & (rates < limits.largest)
    assert np.all(normal[between] < turn[between])
    assert np.all(turn[between] < storm[between])
    assert np.all(np.isnan(normal[rates > limits.largest]))
    assert np.all(np.isnan(storm[rates < limits.safe]))
    assert np.all(np.isnan(turn[~between & (rates != limits.safe)]))


def test_retry_map_of_a_pool_that_settles_has_no_point_of_no_return(ax):
    plot.retry_map(60.0, 100.0, 1, timeout=0.1, budget=0.1, ax=ax)
    assert ax.get_title() == "60 fresh requests: settles"
    assert "of no return from now" not in labels(ax)
