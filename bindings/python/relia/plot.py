"""First pictures, drawn by Matplotlib only when asked for: ``import relia.plot``.

Each function draws on the axes given (or on new ones), returns them, and computes nothing that the library does not:
the curves come from the same functions that a program would call.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from . import forecast, queueing, slo


def _axes(ax: Any) -> Any:
    if ax is not None:
        return ax
    import matplotlib.pyplot

    return matplotlib.pyplot.figure(layout="constrained").add_subplot()


def budget_burn_down(times: Any, bad: Any, expected_valid: int, objective: float, *, ax: Any = None) -> Any:
    """The error budget that is left, over time; below the line nothing is left.

    times: ends of the intervals counted (datetime64 or seconds); bad: bad events of each, whole numbers;
    expected_valid: valid events expected in the whole period, which fixes the budget, so that the curve can only fall;
    objective: the target as a fraction, such as 0.999.
    """
    ax = _axes(ax)
    budget = slo.objective(objective).error_budget * expected_valid
    left = 1.0 - np.cumsum(np.asarray(bad)) / budget
    ax.step(np.asarray(times), 100 * left, where="post", label="budget left")
    ax.axhline(0, color="tab:red", linewidth=1, label="budget spent")
    ax.set_ylabel("error budget left (%)")
    ax.set_title(f"Objective {100 * objective:g} %: {100 * float(left[-1]):.3g} % of the budget left")
    if np.asarray(times).dtype.kind == "M":
        ax.tick_params(axis="x", rotation=30)
    ax.legend()
    return ax


def budget_outlook(
    times: Any,
    spent: Any,
    period: Any,
    costs: Any,
    observed: Any,
    *,
    base_burn_rate: float = 0.0,
    base_error: float = 0.0,
    seed: int = 0,
    paths: int = 4000,
    ax: Any = None,
) -> Any:
    """The burn-down of a budget so far, and the fan of what may be left until its period ends.

    times: datetime64 within the period; spent: the share of the period's budget spent by each; period: relia.period;
    the rest as ``relia.slo.budget_forecast``. The fan holds 10 % to 90 % of the futures.
    """
    ax = _axes(ax)
    times = np.asarray(times, dtype="datetime64[ns]")
    spent = np.asarray(spent, dtype=float)
    second = np.timedelta64(1, "s")
    left = float((period.end - times[-1]) / second)

    def until(ahead: float) -> slo.budget_forecast:
        return slo.budget_forecast(
            spent[-1],
            ahead,
            period.seconds,
            costs,
            observed,
            base_burn_rate=base_burn_rate,
            base_error=base_error,
            seed=seed,
            paths=paths,
        )

    aheads = np.linspace(0, left, 25)
    remaining = [until(ahead).remaining(0.8) for ahead in aheads]
    dates = times[-1] + (aheads * 1e9).astype("timedelta64[ns]")
    lower = [100 * r.interval.lower for r in remaining]
    upper = [100 * r.interval.upper for r in remaining]
    ax.step(times, 100 * (1 - spent), where="post", label="budget left")
    ax.fill_between(dates, lower, upper, alpha=0.25, label="10 % to 90 % of futures")
    ax.plot(dates, [100 * r.value for r in remaining], linestyle="--", label="half of them")
    ax.axhline(0, color="tab:red", linewidth=1, label="budget spent")
    ax.axvline(period.end, color="tab:gray", linestyle=":", label="end of the period")
    ax.set_ylabel("error budget left (%)")
    ax.set_title(f"Ends within budget: {100 * until(left).within().value:.3g} % of futures")
    ax.tick_params(axis="x", rotation=30)
    ax.legend()
    return ax


def exhaustion(
    times: Any, values: Any, capacity: float, horizon: Any, *, seed: int = 0, paths: int = 1000, ax: Any = None
) -> Any:
    """The history of a resource, the fan of the highest level it reaches, its capacity, and the median date.

    Arguments as ``relia.forecast.exhaustion``; times as datetime64. The fan holds, for each level, the times between
    which the level is reached in 10 % and in 90 % of the simulated paths.
    """
    ax = _axes(ax)
    times = np.asarray(times, dtype="datetime64[ns]")
    values = np.asarray(values, dtype=float)

    def ahead(level: float) -> forecast.exhaustion_forecast:
        return forecast.exhaustion(times, values, level, horizon, seed=seed, paths=paths)

    full = ahead(capacity)

    def dates(seconds: Any) -> Any:
        finite = np.minimum(np.asarray(seconds), full.horizon)
        return full.last + (finite * 1e9).astype("timedelta64[ns]")

    levels = np.linspace(values[-1], max(capacity, values[-1] * 1.01), 25)[1:]
    fan = np.array([[f.after(p) for p in (0.1, 0.5, 0.9)] for f in map(ahead, levels)])
    ax.plot(times, values, label="seen")
    ax.fill_betweenx(levels, dates(fan[:, 0]), dates(fan[:, 2]), alpha=0.25, label="reached in 10 % to 90 % of paths")
    reached = np.isfinite(fan[:, 1])
    ax.plot(dates(fan[reached, 1]), levels[reached], linestyle="--", label="reached in half of them")
    ax.axhline(capacity, color="tab:red", linewidth=1, label="capacity")
    chance = full.probability().value
    if np.isfinite(full.after(0.5)):
        ax.axvline(full.date(0.5), color="tab:gray", linestyle=":", label="full, even odds")
    ax.set_title(f"Full within the horizon: {100 * chance:.3g} % of paths")
    ax.tick_params(axis="x", rotation=30)
    ax.legend()
    return ax


def latency_against_load(
    servers: int, service_rate: float, limit: float, *, quantile: float = 0.99, load: float | None = None, ax: Any = None
) -> Any:
    """A response time quantile of an M/M/c queue against its arrival rate, with the objective.

    servers: workers; service_rate: per worker, in requests per unit of time; limit: the objective, in that unit of time;
    load: the arrival rate to mark.
    """
    ax = _axes(ax)
    capacity = servers * service_rate
    rates = np.linspace(0.02, 0.98, 97) * capacity
    response = [queueing.mmc(rate, service_rate, servers).response_time.quantile(quantile) for rate in rates]
    ax.plot(rates, response, label=f"p{100 * quantile:g} of {servers} workers")
    ax.axhline(limit, color="tab:red", linewidth=1, label="objective")
    ax.axvline(capacity, color="tab:gray", linestyle=":", label="saturation")
    if load is not None and load < capacity:
        now = queueing.mmc(load, service_rate, servers).response_time.quantile(quantile)
        ax.plot([load], [now], "o", label="now")
        ax.set_title(f"{now / limit:.2g} of the objective")
    elif load is not None:
        ax.set_title("over capacity: the queue grows without end")
    ax.set_ylim(0, 3 * max(limit, float(response[0])))
    ax.set_xlabel("arrival rate")
    ax.set_ylabel("response time")
    ax.legend()
    return ax


def retry_map(
    arrival_rate: float,
    service_rate: float,
    servers: int,
    *,
    timeout: float,
    max_retries: int = 3,
    budget: float = np.inf,
    points: int = 200,
    ax: Any = None,
) -> Any:
    """Attempts against fresh requests of an M/M/c pool whose clients retry: where it is calm, and where it is not.

    Arguments as ``relia.queueing.retries``; arrival_rate: the one to mark. The lower branch is the normal state, the upper
    one the storm that feeds itself; a spike that carries the attempts over the dashed branch between them, the points of
    no return, ends in the storm. Up to the dotted line no spike does.
    """
    ax = _axes(ax)
    options: dict[str, Any] = {"timeout": timeout, "max_retries": max_retries, "budget": budget}
    limits = queueing.retry_bounds(service_rate, servers, **options)
    end = 1.1 * max(limits.largest, arrival_rate)
    rates = np.unique(np.concatenate([np.linspace(0, end, points + 1)[1:], [limits.safe, limits.largest]]))
    states = [queueing.retries(rate, service_rate, servers, **options) for rate in rates]
    nan = float("nan")
    normal = [nan if s.normal is None else s.normal.attempt_rate for s in states]
    storm = [nan if s.storm is None else s.storm.attempt_rate for s in states]
    turn = [s.point_of_no_return if s.outcome == "metastable" else nan for s in states]
    ax.plot(rates, normal, color="tab:blue", label="normal state")
    ax.plot(rates, turn, color="tab:red", linestyle="--", label="point of no return")
    ax.plot(rates, storm, color="tab:red", label="storm")
    ax.axvline(limits.safe, color="tab:gray", linestyle=":", label="no storm lasts below")
    now = queueing.retries(arrival_rate, service_rate, servers, **options)
    if now.normal is not None:
        ax.plot([arrival_rate], [now.normal.attempt_rate], "o", color="tab:blue", label="now")
    if now.outcome == "metastable":
        ax.plot([arrival_rate], [now.point_of_no_return], "x", color="tab:red", label="of no return from now")
    ax.set_ylim(bottom=0)
    ax.set_xlabel("fresh requests")
    ax.set_ylabel("attempts")
    ax.set_title(f"{arrival_rate:g} fresh requests: {now.outcome}")
    ax.legend()
    return ax


def _window(seconds: float) -> str:
    for unit, name in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= unit and seconds % unit == 0:
            return f"{seconds / unit:g} {name}"
    return f"{seconds:g} s"


def detection_times(policy: slo.policy, objective: float, *, ax: Any = None) -> Any:
    """How long each tier of a policy takes to fire, against a constant error ratio, on log axes.

    A curve ends on the left where its tier never fires. The dotted line is where the whole budget of the period is gone:
    a tier above it comes too late. Rules beside the tiers have no closed form and are not drawn.
    """
    ax = _axes(ax)
    goal = slo.objective(objective)
    ratios = np.geomspace(goal.error_budget / 2, 1, 400)
    for tier in policy.tiers:
        lowest = slo.error_ratio_at(tier, goal)
        if lowest > 1:
            continue  # it never fires
        fires = np.append(lowest, ratios[ratios > lowest])
        label = f"{tier.severity}: {_window(tier.long_window)} at {tier.factor:.3g}"
        ax.plot(fires, slo.detection_time(tier, goal, fires) / 60, label=label)
    gone = slo.time_to_exhaustion(slo.burn_rate(goal, ratios), policy.period)
    ax.plot(ratios, gone / 60, color="tab:gray", linestyle=":", label="budget gone")
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlabel("error ratio")
    ax.set_ylabel("time to detection (min)")
    ax.set_title(f"{policy.name or 'Policy'} at {100 * objective:g} %".strip())
    ax.legend()
    return ax


def burn_rates(
    policy: slo.policy, objective: float, events: Any, *, tier: int = 0, points: int = 1000, ax: Any = None
) -> Any:
    """The burn rate over both windows of a tier, its factor, and when it fired.

    events: a ``relia.sli.event_series``; points: how many of its rows are drawn, evenly spread.
    """
    ax = _axes(ax)
    goal = slo.objective(objective)
    drawn = policy.tiers[tier]
    times = events.times[:: max(1, -(-len(events) // points))]
    for window, width in ((drawn.short_window, 0.8), (drawn.long_window, 1.6)):
        rates = [slo.burn_rate(goal, events, at, window).rate for at in times]
        ax.plot(times, rates, linewidth=width, label=f"burn rate over {_window(window)}")
    ax.axhline(drawn.factor, color="tab:red", linewidth=1, label=f"factor {drawn.factor:.3g}")
    fired = [a for a in slo.evaluate(policy, goal, events).alerts if a.tier == tier]
    for i, alert in enumerate(fired):
        ax.axvspan(alert.start, alert.end, color="tab:red", alpha=0.2, label="" if i else "fires")
    ax.set_ylabel("burn rate")
    ax.set_ylim(bottom=0)
    ax.tick_params(axis="x", rotation=30)
    ax.legend()
    return ax


def scalability(concurrency: Any, throughput: Any, *, confidence_level: float = 0.95, ax: Any = None) -> Any:
    """Throughput against concurrency: the measurements, the universal scalability law, its band, and its peak.

    Arguments as ``relia.queueing.fit_usl``. The title says whether the law may be used, by
    ``relia.queueing.compare_scaling``.
    """
    ax = _axes(ax)
    fit = queueing.fit_usl(concurrency, throughput, confidence_level=confidence_level)
    judged = queueing.compare_scaling(concurrency, throughput).usl
    n = np.linspace(0, 1.2 * fit.largest_concurrency, 60)[1:]
    band = [fit.throughput(float(at)).interval for at in n]
    ax.fill_between(n, [b.lower for b in band], [b.upper for b in band], alpha=0.25, label="band")
    ax.plot(n, fit.model.throughput(n), label="universal scalability law")
    ax.plot(np.asarray(concurrency, dtype=float), np.asarray(throughput, dtype=float), "o", label="measured")
    if fit.model.peak_concurrency <= n[-1]:
        ax.axvline(fit.model.peak_concurrency, color="tab:red", linewidth=1, label="peak")
    ax.set_ylim(bottom=0)
    ax.set_xlabel("concurrency")
    ax.set_ylabel("throughput")
    ax.set_title(f"{judged.verdict}: {judged.reason}")
    ax.legend()
    return ax
