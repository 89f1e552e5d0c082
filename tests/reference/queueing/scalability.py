# SPDX-License-Identifier: BSL-1.0
"""The universal scalability law fitted to six sets of measurements: least squares under bounds, and profile intervals.

Solves the stationarity equations with mpmath at 50 digits, each with the coefficients at their bound fixed there;
starting values only say where to look. Writes tests/data/queueing/scalability_fit.csv from scalability_sets.csv.
"""

import csv
import datetime
import pathlib

from mpmath import betainc, findroot, mp, mpf, sqrt
from scipy.optimize import least_squares

mp.dps = 50
data = pathlib.Path(__file__).resolve().parents[2] / "data" / "queueing"
level = mpf("0.95")


def rows():
    sets = {}
    with open(data / "scalability_sets.csv") as lines:
        for row in csv.DictReader(line for line in lines if not line.startswith("#")):
            n, x = sets.setdefault(row["set"], ([], []))
            # The doubles that a program reads, not the decimals.
            n.append(mpf(float(row["concurrency"])))
            x.append(mpf(float(row["throughput"])))
    return sets


def t_quantile(degrees):
    """The two-sided quantile of Student's t."""

    def outside(t):
        return betainc(mpf(degrees) / 2, mpf(1) / 2, 0, degrees / (degrees + t * t), regularized=True) - (1 - level)

    return findroot(outside, (2, 3), solver="anderson", tol=1e-40)


def model(n, a, b, g):
    return g * n / (1 + a * (n - 1) + b * n * (n - 1))


def sums(n, x, a, b, g):
    """The sum of squares and its half gradient in (contention, coherency, rate)."""
    s = da = db = dg = mpf(0)
    for i, j in zip(n, x):
        d = 1 + a * (i - 1) + b * i * (i - 1)
        f = g * i / d
        r = j - f
        s += r * r
        da += r * f / d * (i - 1)
        db += r * f / d * i * (i - 1)
        dg -= r * f / g
    return s, da, db, dg


def solve(equations, start):
    return findroot(equations, start, tol=1e-60, maxsteps=60)


def scaled(start):
    """Unknowns as multiples of where to look, so that one tolerance suits them all."""
    return [mpf(1)] * len(start)


def fit(n, x, start):
    a0, b0, g0 = map(mpf, start)
    y = max(x) ** 2

    def both(a, b, g):
        _, da, db, dg = sums(n, x, a * a0, b * b0, g * g0)
        return [da * a0 / y, db * b0 / y, dg * g0 / y]

    a, b, g = solve(both, scaled(start))
    if a > 0 and b > 0:
        return a * a0, b * b0, g * g0

    def no_coherency(a, g):
        _, da, _, dg = sums(n, x, a * a0, mpf(0), g * g0)
        return [da * a0 / y, dg * g0 / y]

    a, g = solve(no_coherency, [1, 1])
    assert a > 0 and sums(n, x, a * a0, mpf(0), g * g0)[2] > 0
    return a * a0, mpf(0), g * g0


def end(n, x, cut, kind, start):
    """Where the profile of `kind` meets the cut: the free ones of the other two are stationary."""
    y = max(x) ** 2
    a0, b0, g0 = map(mpf, start)

    def values(a, second, g):
        """contention, coherency and rate; for the peak the second unknown is 1 / peak^2."""
        return (a, second * (1 - a), g) if kind == "peak" else (a, second, g)

    def equations(a, second, g, keep):
        a, b, g = values(a, second, g)
        s, da, db, dg = sums(n, x, a, b, g)
        if kind == "peak":
            da -= second * db
        found = {"excess": (s - cut) / y, "a": da * a0 / y, "b": db * b0 / y, "g": dg * g0 / y}
        return [found[k] for k in ["excess", *keep]]

    wanted = {"contention": ["b", "g"], "coherency": ["a", "g"], "rate": ["a", "b"], "peak": ["a", "g"]}[kind]
    second0 = b0 / (1 - a0) if kind == "peak" else b0
    try:
        # First the other two for the value looked at, in double, then all three.
        place = {"contention": 0, "coherency": 1, "rate": 2, "peak": 1}[kind]
        scale = [a0, second0, g0]

        def full(*u):
            return equations(*(i * j for i, j in zip(u, scale)), wanted)

        def residuals(u):
            a, b, g = (float(v) for v in values(*(i * j for i, j in zip([*u[:place], 1, *u[place:]], map(float, scale)))))
            return [float(j) - g * float(i) / (1 + a * (float(i) - 1) + b * float(i * (i - 1))) for i, j in zip(n, x)]

        u = least_squares(residuals, [1, 1], bounds=(0, 1000), xtol=1e-15, ftol=1e-15, gtol=1e-15).x
        u = [mpf(v) for v in u]
        near = u[-1] if place < 2 else 1
        a, second, g = solve(full, [*u[:place], 1, *u[place:]])
        # Not another end, far from where to look.
        inside = a >= 0 and second >= 0 and abs((a, second, g)[place] - 1) < 0.3
        first = "a" if a < 0 else "b"
    except (ValueError, ZeroDivisionError):
        inside, first = False, "b"
    if inside:
        a, b, g = values(a * a0, second * second0, g * g0)
    elif first == "b":  # coherency at its bound
        rest = [k for k in wanted if k != "b"]
        a, g = solve(lambda a, g: equations(a * a0, mpf(0), g * g0, rest), [1, near])
        a, b, g = a * a0, mpf(0), g * g0
        assert sums(n, x, a, b, g)[2] > 0
    else:  # contention at its bound
        rest = [k for k in wanted if k != "a"]
        second, g = solve(lambda s, g: equations(mpf(0), s * second0, g * g0, rest), [1, 1])
        a, b, g = values(mpf(0), second * second0, g * g0)
        assert sums(n, x, a, b, g)[1] > 0
    return {"contention": a, "coherency": b, "rate": g, "peak": sqrt((1 - a) / b) if b else None}[kind]


# Where to look: the fit, and each end (None: the bound of the domain, which the profile does not leave).
starts = {
    "raytracer": {
        "fit": (0.058, 1e-5, 21.8),
        "contention": [(0.0413, 1e-4, 19), (0.0726, 1e-5, 25)],
        "coherency": [None, (0.045, 1.33e-4, 20)],
        "rate": [(0.045, 1e-4, 18.7), (0.07, 1e-5, 25.3)],
        "peak": [(0.045, 1.33e-4, 20), None],
    },
    "specsdm91": {
        "fit": (0.028, 1e-4, 90),
        "contention": [(0.0095, 1.5e-4, 65), (0.064, 5e-5, 140)],
        "coherency": [(0.055, 3.86e-5, 130), (0.012, 1.61e-4, 67)],
        "rate": [(0.01, 1.6e-4, 61.2), (0.06, 5e-5, 144.5)],
        "peak": [(0.0127, 1.61e-4, 67), (0.055, 3.86e-5, 130)],
    },
    "cisco": {
        "fit": (0.027, 7.7e-4, 1001),
        "contention": [None, (0.0677, 1e-5, 1250)],
        "coherency": [None, (1e-4, 1.37e-3, 850)],
        "rate": [(1e-4, 1.3e-3, 809), (0.0677, 1e-5, 1251)],
        "peak": [(1e-4, 1.37e-3, 850), None],
    },
    "oracledb": {
        "fit": (0.44, 0.045, 3.39),
        "contention": [(0.338, 0.076, 3.3), (0.535, 0.019, 3.48)],
        "coherency": [(0.535, 0.014, 3.48), (0.34, 0.0812, 3.3)],
        "rate": [(0.36, 0.065, 3.26), (0.52, 0.024, 3.5)],
        "peak": [(0.34, 0.0812, 3.3), (0.535, 0.014, 3.48)],
    },
    "web_pool": {
        "fit": (0.26, 1.7e-3, 69),
        "contention": [(0.076, 3e-3, 45), (0.575, 1e-5, 105)],
        "coherency": [None, (0.09, 6e-3, 50)],
        "rate": [(0.09, 3e-3, 39), (0.55, 1e-5, 112)],
        "peak": [(0.09, 6e-3, 50), None],
    },
    "thousands": {
        "fit": (9.3e-5, 7.4e-10, 1.1),
        "contention": [(7.9e-5, 8.5e-10, 1.03), (1.09e-4, 6.2e-10, 1.19)],
        "coherency": [(1.08e-4, 6.1e-10, 1.18), (8e-5, 8.67e-10, 1.04)],
        "rate": [(8e-5, 8.5e-10, 1.026), (1.09e-4, 6.2e-10, 1.195)],
        "peak": [(8e-5, 8.67e-10, 1.04), (1.08e-4, 6.1e-10, 1.18)],
    },
}


def main():
    out = [
        "# Least squares of the universal scalability law, contention and coherency at least 0, and 0.95 profile",
        "# intervals, of scalability_sets.csv: mpmath, 50 digits, printed to 25, by tests/reference/queueing/scalability.py.",
        f"# {datetime.date(2026, 11, 23)}",
        "set,quantity,value",
    ]

    def say(name, quantity, value):
        out.append(f"{name},{quantity},{value if isinstance(value, str) else mp.nstr(value, 25)}")

    for name, (n, x) in rows().items():
        at = starts[name]
        a, b, g = fit(n, x, at["fit"])
        sse = sums(n, x, a, b, g)[0]
        cut = sse * (1 + t_quantile(len(n) - 3) ** 2 / (len(n) - 3))
        say(name, "contention", a)
        say(name, "coherency", b)
        say(name, "rate", g)
        say(name, "peak", sqrt((1 - a) / b) if b else "inf")
        say(name, "peak_throughput", g / (a - b + 2 * sqrt((1 - a) * b)))
        say(name, "sse", sse)
        for kind in ("contention", "coherency", "rate", "peak"):
            for which, start in zip(("lower", "upper"), at[kind]):
                bound = "inf" if kind == "peak" else "0"
                say(name, f"{kind}_{which}", bound if start is None else end(n, x, cut, kind, start))
    (data / "scalability_fit.csv").write_text("\n".join(out) + "\n")


main()
