"""Writes tests/data/stats/proportion.csv and proportion_difference.csv; run from the root of the repository."""

import pathlib

from mpmath import mp, mpf
from tails import beta_above, beta_below, head, normal_deviate, shortest, tail_of

DATA = pathlib.Path("tests/data/stats")
LEVELS = (0.95, 0.999999999998)
TRIALS = (1, 5, 29, 1000, 100_000, 300_000, 10**6, 10**9, 10**12)


def successes(n: int) -> list[int]:
    return sorted({k for k in (0, 1, 3, n // 1000, n // 10, n // 2, n - n // 10, n - 1, n) if 0 <= k <= n})


def wilson(x, n, tail):
    z = normal_deviate(tail)
    x, n = mpf(x), mpf(n)
    root = mp.sqrt(z**4 + 4 * z * z * x * (n - x) / n)
    return [(2 * x + z * z - root) / (2 * (n + z * z)), (2 * x + z * z + root) / (2 * (n + z * z))]


def beta_limits(x, n, tail, half):
    lower = beta_below(x + half, n - x + 1 - half, tail) if x > 0 else mpf(0)
    upper = beta_above(x + 1 - half, n - x + half, tail) if x < n else mpf(1)
    return [lower, upper]


def limits(x, n, tail):
    yield "wilson", wilson(x, n, tail)
    yield "clopper_pearson", beta_limits(x, n, tail, mpf(0))
    yield "jeffreys", beta_limits(x, n, tail, mpf(1) / 2)


def newcombe(x1, n1, x2, n2, tail):
    (l1, u1), (l2, u2) = wilson(x1, n1, tail), wilson(x2, n2, tail)
    p1, p2 = mpf(x1) / n1, mpf(x2) / n2
    d = p1 - p2
    return d, d - mp.sqrt((p1 - l1) ** 2 + (u2 - p2) ** 2), d + mp.sqrt((u1 - p1) ** 2 + (p2 - l2) ** 2)


with open(DATA / "proportion.csv", "w") as out:
    out.write(head("proportion.py") + "method,successes,trials,confidence_level,lower,upper\n")
    for level in LEVELS:
        for n in TRIALS:
            for x in successes(n):
                for method, (lower, upper) in limits(x, n, tail_of(level)):
                    # Rounding at 70 digits leaves a residue where the limit is exactly 0.
                    lower = mpf(0) if x == 0 else lower
                    out.write(f"{method},{x},{n},{level!r},{shortest(lower)},{shortest(upper)}\n")

PAIRS = (
    (56, 70, 48, 80), (9, 10, 3, 10), (10, 10, 0, 20), (0, 20, 0, 10), (18, 120, 9, 140), (3, 40, 3, 40),
    (1000, 10**6, 1200, 10**6), (10, 10**9, 20, 10**9), (499_999_999_999, 10**12, 500_000_000_000, 10**12),
)  # fmt: skip
with open(DATA / "proportion_difference.csv", "w") as out:
    out.write(head("proportion.py"))
    out.write("successes1,trials1,successes2,trials2,confidence_level,difference,lower,upper\n")
    for level in LEVELS:
        for pair in PAIRS:
            fields = [*pair, repr(level), *map(shortest, newcombe(*pair, tail_of(level)))]
            out.write(",".join(map(str, fields)) + "\n")
