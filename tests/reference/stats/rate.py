"""Writes tests/data/stats/rate.csv, rate_ratio.csv and quasi_poisson.csv; run from the root of the repository."""

import pathlib

from mpmath import mp, mpf
from tails import (
    beta_above, beta_below, beta_tail_below, gamma_above, gamma_below, head, normal_deviate, shortest,
    student_deviate, tail_of,
)  # fmt: skip

DATA = pathlib.Path("tests/data/stats")
LEVELS = (0.95, 0.999999999998)
EVENTS = (0, 1, 2, 3, 10, 30, 1000, 99_999, 100_000, 10**6, 10**9, 10**12)

with open(DATA / "rate.csv", "w") as out:
    out.write(head("rate.py") + "events,exposure,confidence_level,lower,upper\n")
    for level in LEVELS:
        for x in EVENTS:
            tail = tail_of(level)
            lower = gamma_below(x, tail) / 12 if x > 0 else mpf(0)
            out.write(f"{x},12,{level!r},{shortest(lower)},{shortest(gamma_above(x + 1, tail) / 12)}\n")

RATIOS = (
    (14, 6, 7, 6), (11, 800, 23, 3011), (0, 90, 5, 90), (5, 90, 0, 90), (48, 6, 75, 6), (1, 1, 1, 7), (3, 2, 300, 1000),
    (120, 1, 150, 1), (1000, 30, 1150, 31), (100_000, 3, 101_000, 3), (1_000_000, 1, 3_003_000, 3),
    (1_000_200_000, 1, 1_000_000_000, 1),
)  # fmt: skip


def log_pmf(k, n, p):
    return mp.loggamma(n + 1) - mp.loggamma(k + 1) - mp.loggamma(n - k + 1) + k * mp.log(p) + (n - k) * mp.log1p(-p)


def at_most(k, n, p):
    """P(X <= k) = P(B >= p) for B of beta(k + 1, n - k)."""
    return mpf(0) if k < 0 else mpf(1) if k >= n else beta_tail_below(n - k, k + 1, 1 - p)


def p_value(x1, t1, x2, t2):
    """All splits no more likely than the one seen, with R's tolerance of 1e-7."""
    n = x1 + x2
    mp.dps = 70
    p = mpf(t1) / (t1 + t2)
    mean = n * p
    if x1 == mean:
        return mpf(1)
    if x1 > mean:
        return p_value(x2, t2, x1, t1)
    limit = log_pmf(mpf(x1), n, p) + mp.log1p(mpf("1e-7"))
    low, high = int(mp.ceil(mean)) - 1, n + 1
    while high - low > 1:
        k = (low + high) // 2
        low, high = (low, k) if log_pmf(mpf(k), n, p) <= limit else (k, high)
    return min(mpf(1), at_most(x1, n, p) + at_most(n - high, n, 1 - p))


with open(DATA / "rate_ratio.csv", "w") as out:
    out.write(head("rate.py") + "events1,exposure1,events2,exposure2,confidence_level,lower,upper,p_value\n")
    for level in LEVELS:
        for x1, t1, x2, t2 in RATIOS:
            tail = tail_of(level)
            p = beta_below(x1, x2 + 1, tail) if x1 > 0 else mpf(0)
            q = beta_below(x2, x1 + 1, tail) if x2 > 0 else mpf(0)  # the complement of the upper limit
            lower = p / (1 - p) * t2 / t1
            upper = (1 - q) / q * t2 / t1 if x2 > 0 else mpf("inf")
            fields = [x1, t1, x2, t2, repr(level), shortest(lower), shortest(upper), shortest(p_value(x1, t1, x2, t2))]
            out.write(",".join(map(str, fields)) + "\n")

PERIODS = {
    "pages": ((0, 3, 1, 0, 5, 2, 2, 7, 1, 0, 4, 2), (1,) * 12),
    "weeks": ((12, 30, 8, 51), (7, 7, 5, 7)),
    "steady": ((10, 11, 9, 10, 10), (2, 2, 2, 2, 2)),
}
with open(DATA / "quasi_poisson.csv", "w") as out:
    out.write(head("rate.py") + "periods,method,confidence_level,rate,lower,upper,dispersion,p_value\n")
    for name, (events, exposure) in PERIODS.items():
        x, time = mpf(sum(events)), mpf(sum(exposure))
        r = x / time
        freedom = len(events) - 1
        chi2 = sum((e - r * t) ** 2 / (r * t) for e, t in zip(events, exposure))
        tail = tail_of(0.95)
        p = mp.gammainc(mpf(freedom) / 2, chi2 / 2, mp.inf, regularized=True)
        for method, q in (("quasi_poisson", student_deviate(freedom, tail)), ("quasi_poisson_normal", normal_deviate(tail))):
            width = mp.exp(q * mp.sqrt(max(mpf(1), chi2 / freedom) / x))
            fields = [name, method, 0.95, *map(shortest, (r, r / width, r * width, chi2 / freedom, p))]
            out.write(",".join(map(str, fields)) + "\n")
