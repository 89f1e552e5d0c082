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
    ax.set_ylim(0, 3 * max(limit, float(response[0])))
    ax.set_xlabel("arrival rate")
    ax.set_ylabel("response time")
    ax.legend()
    return ax
