"""Writes survival_made_rows.csv and survival_made.csv below tests/data/stats: Kaplan-Meier with mpmath at 50 digits.

The rows are made by a linear congruential generator: times in eighths with many ties, a third still open, counts 1 to 3.
"""

import pathlib
from collections.abc import Iterator

from mpmath import asin, erfinv, exp, log, mp, mpf, nstr, pi, sin, sqrt

mp.dps = 50
DATA = pathlib.Path(__file__).parents[2] / "data" / "stats"


def made_rows() -> Iterator[tuple[mpf, int, int]]:
    state = 1
    for _ in range(300):
        state = (6364136223846793005 * state + 1442695040888963407) % 2**64
        u = mpf((state >> 40) + 1) / 2**24
        time = mpf(int(-log(u) * 30 * 8) + 1) / 8
        yield time, int(state >> 20 & 3 != 0 and state >> 30 & 7 != 0), 1 + (state >> 34) % 3


def main() -> None:
    rows = list(made_rows())
    head = "# Generator: tests/reference/stats/survival.py, mpmath at 50 digits, 2026-11-23."
    lines = [head, "dataset,time,observed,count"]
    lines += [f"made,{float(t)!r},{o},{c}" for t, o, c in rows]
    (DATA / "survival_made_rows.csv").write_text("\n".join(lines) + "\n")

    z = sqrt(mpf(2)) * erfinv(mpf("0.95"))
    ends = sorted({t for t, o, _ in rows if o})
    curve = []  # time, survival, variance of log survival, Greenwood term
    survival, variance = mpf(1), mpf(0)
    for t in ends:
        risk = sum(c for u, _, c in rows if u >= t)
        events = sum(c for u, o, c in rows if u == t and o)
        survival *= mpf(risk - events) / risk
        term = mpf(events) / (risk * (risk - events)) if risk > events else mpf("inf")
        variance += term
        curve.append((t, survival, variance, term))

    lines = [head, "# As survival.csv.", "dataset,quantity,method,at,value,lower,upper"]

    def put(quantity: str, method: str, at: mpf, value: mpf, lower: mpf | None = None, upper: mpf | None = None) -> None:
        limits = ["" if x is None else nstr(x, 20) for x in (lower, upper)]
        lines.append(f"made,{quantity},{method},{float(at)!r},{nstr(value, 20)},{','.join(limits)}")

    for t, s, v, _ in curve[::4]:
        if not 0 < s < 1:
            continue
        put("standard_error", "", t, s * sqrt(v))
        d = z * sqrt(v)
        put("survival", "log_log", t, s, exp(log(s) * exp(-d / log(s))), exp(log(s) * exp(d / log(s))))
        put("survival", "log", t, s, s * exp(-d), min(mpf(1), s * exp(d)))
        put("survival", "plain", t, s, max(mpf(0), s - s * d), min(mpf(1), s + s * d))
        logit = log(s / (1 - s))
        lower, upper = (1 / (1 + exp(-logit - k * d / (1 - s))) for k in (-1, 1))
        put("survival", "logit", t, s, lower, upper)
        centre, half = asin(sqrt(s)), d / 2 * sqrt(s / (1 - s))
        put("survival", "arcsine", t, s, sin(max(mpf(0), centre - half)) ** 2, sin(min(pi / 2, centre + half)) ** 2)
    never = mpf("inf")
    for level in (mpf("0.25"), mpf("0.5"), mpf("0.75"), mpf("0.875")):
        left = 1 - level

        def reach(sign: int) -> mpf:
            drop = (t for t, s, v, _ in curve if s == 0 or exp(log(s) * exp(sign * z * sqrt(v) / log(s))) <= left)
            return next(drop, never)

        put("quantile", "log_log", level, reach(0), reach(-1), reach(1))
    for tau in (mpf("2.5"), mpf(10), mpf("33.3125"), mpf(75), mpf(120)):

        def area(start: mpf) -> mpf:
            total, at, level = mpf(0), mpf(0), mpf(1)
            for t, s, _, _ in [*curve, (tau, mpf(0), mpf(0), mpf(0))]:
                total += level * max(mpf(0), min(t, tau) - max(at, start))
                at, level = t, s
                if t >= tau:
                    break
            return total

        mean = area(mpf(0))
        error = sqrt(sum((area(t) ** 2 * g for t, s, _, g in curve if t < tau and s > 0), mpf(0)))
        put("restricted_mean", "", tau, mean, max(mpf(0), mean - z * error), min(tau, mean + z * error))
        put("restricted_mean_error", "", tau, error)
    (DATA / "survival_made.csv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
