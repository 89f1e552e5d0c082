"""Writes tests/data/stats/ratio.csv and clustered_proportion.csv; run from the root of the repository."""

import math
import pathlib

from mpmath import mp, mpf
from tails import beta_above, beta_below, head, normal_deviate, shortest, student_deviate, tail_of

DATA = pathlib.Path("tests/data/stats")


def spread(y, x):
    """Cochran's linearised variance, the jackknife's, and the degrees of freedom of the latter, as defined."""
    k = len(x)
    total, r = mp.fsum(x), mp.fsum(y) / mp.fsum(x)
    linearised = mpf(k) / (k - 1) * mp.fsum((b - r * a) ** 2 for a, b in zip(x, y)) / total**2
    left_out = [(mp.fsum(y) - b) / (total - a) - r for a, b in zip(x, y)]
    squares = mp.fsum(d**2 for d in left_out)
    fourths = mp.fsum(d**4 for d in left_out)
    even = total**2 / mp.fsum(a**2 for a in x) - 1
    freedom = max(mpf(1), min(squares**2 / fourths, even) if fourths > 0 else even)
    return r, linearised, mpf(k - 1) / k * squares, freedom


def ratio_limits(y, x, method, tail):
    r, linearised, jackknife, freedom = spread(y, x)
    if method == "linearised":
        freedom, variance = len(x) - 1, linearised
    else:
        variance = jackknife
    d = student_deviate(freedom, tail) * mp.sqrt(variance)
    return r, r - d, r + d


def wilson(x, y, z):
    n = x + y
    root = mp.sqrt(z**4 + 4 * z * z * x * y / n)
    return (2 * x + z * z - root) / (2 * (n + z * z)), (2 * x + z * z + root) / (2 * (n + z * z))


def limits(x, n, method, tail):
    total, success = mp.fsum(n), mp.fsum(x)
    failure = total - success
    r, linearised, jackknife, freedom = spread(x, n)
    mixed = success > 0 and failure > 0
    if method == "linearised":
        d = student_deviate(len(n) - 1, tail) * mp.sqrt(linearised)
        return r, max(mpf(0), r - d), min(mpf(1), r + d)
    if method == "quasi_binomial":
        phi = mp.fsum((a - b * r) ** 2 / (b * r * (1 - r)) for a, b in zip(x, n)) / (len(n) - 1) if mixed else mpf(1)
        scale = max(mpf(1), phi)
        return r, *wilson(success / scale, failure / scale, student_deviate(len(n) - 1, tail))
    effect = jackknife / (r * (1 - r) / total) if mixed else mpf(1)
    scale = max(mpf(1), effect) * (student_deviate(freedom, tail) / normal_deviate(tail)) ** 2
    a, b = success / scale, failure / scale
    lower = beta_below(a, b + 1, tail) if success > 0 else mpf(0)
    upper = beta_above(a + 1, b, tail) if failure > 0 else mpf(1)
    return r, lower, upper


def uniforms(seed):
    """Lehmer's generator; the module random.py beside this file hides Python's."""
    while True:
        seed = seed * 48271 % 2147483647
        yield seed / 2147483647


def clusters(seed, k, mean, p, uneven):
    u = uniforms(seed * 7919)
    n = [max(1, round(mean * (next(u) ** (-1 / 1.5) if uneven else 1))) for _ in range(k)]
    x = [min(size, round(size * p * -math.log(next(u)))) for size in n]
    return x, n


SETS = [
    ([0, 3, 1, 0, 12], [100, 120, 90, 110, 300]),
    ([1, 0], [10, 10]),
    ([0, 0, 0, 0], [50, 50, 100, 25]),
    ([7, 9, 8], [7, 9, 8]),
    ([0, 1_000_000, 12, 3], [10**9, 2 * 10**9, 10**9, 10**9]),
    clusters(1, 12, 300, 0.05, False),
    clusters(2, 30, 1000, 0.01, True),
    clusters(3, 100, 10**6, 0.0005, True),
    clusters(4, 8, 10**9, 1e-6, True),
]


def written(values) -> str:
    return " ".join(map(str, values))


with open(DATA / "clustered_proportion.csv", "w") as out:
    out.write(head("clustered_proportion.py") + "method,confidence_level,successes,trials,value,lower,upper\n")
    for level in (0.95, 0.9999):
        for x, n in SETS:
            for method in ("cluster_robust", "quasi_binomial", "linearised"):
                figures = limits([mpf(a) for a in x], [mpf(a) for a in n], method, tail_of(level))
                if sum(x) == 0:
                    figures = (mpf(0), mpf(0), figures[2])
                if x == n:
                    figures = (mpf(1), figures[1], mpf(1))
                out.write(f"{method},{level!r},{written(x)},{written(n)},{','.join(map(shortest, figures))}\n")

RATIOS = [
    ([1.5, 2.25, 0.0, -3.0, 8.0], [1.0, 2.0, 0.5, 0.25, 4.0]),
    ([0.0, 0.0, 1.0], [1.0, 1.0, 1.0]),
    ([1e-7, 3e-7, 2e-7, 9e-7], [1e3, 2e3, 0.0, 1e3]),
    ([1e12, 3e12, 2.5e12], [1e9, 3e9, 2e9]),
]
with open(DATA / "ratio.csv", "w") as out:
    out.write(head("clustered_proportion.py") + "method,confidence_level,numerators,denominators,value,lower,upper\n")
    for level in (0.95, 0.9999):
        for y, x in RATIOS:
            for method in ("linearised", "jackknife"):
                figures = ratio_limits([mpf(a) for a in y], [mpf(a) for a in x], method, tail_of(level))
                out.write(f"{method},{level!r},{written(y)},{written(x)},{','.join(map(shortest, figures))}\n")
