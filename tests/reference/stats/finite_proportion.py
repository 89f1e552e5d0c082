"""Writes tests/data/stats/finite_proportion.csv; run from the root of the repository. Sums of whole numbers where the
lot is small, of masses from log-gammas at 60 digits where it is not; the limits by bisection over whole numbers."""

import pathlib
from fractions import Fraction
from math import comb

from mpmath import mp, mpf

mp.dps = 60


def small(x, n, k, lot):
    """P(at most x successes) of n drawn out of a lot with k."""
    return Fraction(sum(comb(k, i) * comb(lot - k, n - i) for i in range(x + 1)), comb(lot, n))


def log_comb(n, k):
    return mp.loggamma(n + 1) - mp.loggamma(k + 1) - mp.loggamma(n - k + 1)


def large(x, n, k, lot):
    """The largest mass, and the ratios of its neighbours below."""
    top = min(x, k)
    if n - top > lot - k:
        return mpf(0)
    term = mp.exp(log_comb(k, top) + log_comb(lot - k, n - top) - log_comb(lot, n))
    total = term
    for i in range(top, 0, -1):
        term *= mpf(i * (lot - k - n + i)) / ((k - i + 1) * (n - i + 1))
        total += term
        if term < total * mpf(10) ** -30:
            break
    return total


def most(x, n, lot, tail):
    at_most = small if lot <= 5000 else large
    low, high = x, lot - (n - x) + 1
    while high - low > 1:
        middle = (low + high) // 2
        # Below the mean of the sample x is no surprise: the median lies within one of the mean.
        if middle * n <= x * lot or at_most(x, n, middle, lot) > tail:
            low = middle
        else:
            high = middle
    return low


with open(pathlib.Path("tests/data/stats/finite_proportion.csv"), "w") as out:
    out.write(f"# tests/reference/stats/finite_proportion.py, mpmath {__import__('mpmath').__version__}, 60 digits, 2026-11-23\n")
    out.write("successes,trials,population,confidence_level,fewest,most\n")
    for level in (0.95, 0.9999):
        for x, n, lot in (
            (0, 1, 2), (1, 1, 2), (0, 10, 10), (3, 10, 11), (0, 20, 100), (3, 200, 1000), (100, 200, 1000), (200, 200, 1000),
            (5, 999, 1000), (1, 400, 5000), (0, 3000, 10**6), (12, 50_000, 10**6), (25_000, 50_000, 10**6), (3, 10**6, 10**9),
            (499, 10**8, 10**9), (2, 10**9, 10**12),
        ):  # fmt: skip
            exact_tail = (1 - Fraction(level)) / 2 if lot <= 5000 else (1 - mpf(level)) / 2
            high = most(x, n, lot, exact_tail)
            low = lot - most(n - x, n, lot, exact_tail)
            out.write(f"{x},{n},{lot},{level!r},{low},{high}\n")
