"""Writes tests/data/sli/apdex.csv; run from the root of the repository. The likeliest mix at a score is found by
bisection on the slope of the likelihood, without the quadratic of the
library."""

import pathlib

from mpmath import mp, mpf

mp.dps = 60


def variance(s, h, f, m):
    """Of one sample, under the likeliest mix of 1, 1/2 and 0 with mean m: the root of its slope, by bisection."""
    low, high = mpf(0), 2 * min(m, 1 - m)

    def slope(t):
        return (-s / (2 * m - t) if s else 0) + (mpf(h) / t if h else 0) - (f / (2 - 2 * m - t) if f else 0)

    for _ in range(200):  # the slope falls: bisection on its sign
        t = (low + high) / 2
        if slope(t) > 0:
            low = t
        else:
            high = t
    t = (low + high) / 2
    return m * (1 - m) - t / 4


def lower(s, h, f, z):
    n = s + h + f
    score = (s + mpf(h) / 2) / n
    if score == 0:
        return mpf(0)
    a, b = mpf(0), score
    for _ in range(190):
        m = (a + b) / 2
        if (score - m) ** 2 * n > z * z * variance(s, h, f, m):
            a = m
        else:
            b = m
    return (a + b) / 2


with open(pathlib.Path("tests/data/sli/apdex.csv"), "w") as out:
    out.write(f"# tests/reference/sli/apdex.py, mpmath {__import__('mpmath').__version__}, 50 digits, 2026-11-23\n")
    out.write("satisfied,tolerating,frustrated,confidence_level,lower,upper\n")
    for level in (0.95, 0.999):
        z = mp.sqrt(2) * mp.erfinv(mpf(level))
        for s, h, f in (
            (1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 1), (10, 0, 0), (0, 10, 0), (9, 1, 0), (0, 9, 1), (60, 30, 10),
            (8500, 1200, 300), (4200, 650, 150), (40, 200, 48), (999_999, 1, 0), (10**9, 10**6, 10**3), (50, 0, 50),
        ):  # fmt: skip
            low, high = lower(s, h, f, z), 1 - lower(f, h, s, z)
            out.write(f"{s},{h},{f},{level!r},{mp.nstr(low, 25)},{mp.nstr(high, 25)}\n")
