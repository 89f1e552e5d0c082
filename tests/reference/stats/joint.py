"""Writes tests/data/stats/joint.csv; run from the root of the repository. Every subset of the events is enumerated at 350
digits for the independent probability; the bounds are Morgenstern's (1980), of the doubles as they are."""

import itertools
import pathlib

from mpmath import mp, mpf

mp.dps = 350  # 1 + 1e-300 must not be 1


def independent(p, m):
    if len(p) > 12:  # too many subsets: the distribution of the number of events, one by one
        number = [mpf(1)] + [mpf(0)] * len(p)
        for event in p:
            number = [(number[j - 1] * event if j else 0) + number[j] * (1 - event) for j in range(len(number))]
        return sum(number[m:])
    total = mpf(0)
    for happens in itertools.product((True, False), repeat=len(p)):
        if sum(happens) >= m:
            term = mpf(1)
            for event, yes in zip(p, happens):
                term *= event if yes else 1 - event
            total += term
    return total


def bounds(p, m):
    rising = sorted(p)
    n = len(p)
    upper = min(sum(rising[: n - r]) / (m - r) for r in range(m))
    lower = max((sum(rising[r:]) - (m - 1)) / (n - m + 1 - r) for r in range(n - m + 1))
    return max(lower, mpf(0)), min(upper, mpf(1))


state = 20261123


def uniform():
    """Knuth's MMIX generator: the module random is another table's generator in this folder."""
    global state
    state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
    return (state >> 11) / 2**53


def choice(*values):
    return values[int(uniform() * len(values))]


rows = []
for n in (1, 2, 3, 5, 8, 12, 40):
    for kind in ("rare", "any", "mixed", "equal", "edges"):
        if kind == "rare":
            p = [10 ** (-12 + 10 * uniform()) for _ in range(n)]
        elif kind == "any":
            p = [uniform() for _ in range(n)]
        elif kind == "mixed":
            p = [choice(1e-9, 0.5, 0.999) * uniform() for _ in range(n)]
        elif kind == "equal":
            p = [choice(1e-3, 0.25, 0.999)] * n
        else:
            p = [choice(0.0, 1.0, 1e-300, 0.75) for _ in range(n)]
        for m in sorted({1, 2, n // 2, n - 1, n} & set(range(1, n + 1))):
            rows.append((p, m))

with open(pathlib.Path("tests/data/stats/joint.csv"), "w") as out:
    out.write("# tests/reference/stats/joint.py, mpmath 1.2.1, 350 digits, 2026-11-23\n")
    out.write("probabilities,m,independent,lower,upper\n")
    for p, m in rows:
        exact = [mpf(x) for x in p]
        low, high = bounds(exact, m)
        numbers = [mp.nstr(x, 25) for x in (independent(exact, m), low, high)]
        out.write(f"{' '.join(repr(x) for x in p)},{m},{','.join(numbers)}\n")
