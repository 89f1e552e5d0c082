"""Writes tests/data/stats/student.csv and mean_scales.csv; run from the root of the repository."""

import pathlib

from mpmath import mp, mpf
from tails import head, shortest, student_deviate, tail_of

DATA = pathlib.Path("tests/data/stats")

with open(DATA / "student.csv", "w") as out:
    out.write(head("mean.py") + "freedom,tail,deviate\n")
    for freedom in (1, 2, 3, 5, 10, 30, 100, 1000, 10**6, 10**9):
        for tail in (0.25, 0.025, 0.001, 1e-6, 1e-12):
            out.write(f"{freedom},{tail!r},{shortest(student_deviate(freedom, mpf(tail)))}\n")

# Values that a one-pass sum of squares, or squares that overflow, would lose.
SETS = {
    "offset": [1e15 + k for k in range(8)],
    "cancelling": [1e16, 1.0, -1e16, 3.0],
    "tiny": [1e-200, 2e-200, 4e-200],
    "huge": [1e307, 1.5e308, 1.7e308, 1.75e308],
}
with open(DATA / "mean_scales.csv", "w") as out:
    out.write(head("mean.py") + "values,confidence_level,mean,lower,upper\n")
    for values in SETS.values():
        exact = [mpf(v) for v in values]
        n = len(exact)
        m = sum(exact) / n
        s = mp.sqrt(sum((v - m) ** 2 for v in exact) / (n - 1))
        width = student_deviate(n - 1, tail_of(0.5)) * s / mp.sqrt(n)
        fields = [" ".join(map(repr, values)), "0.5", *map(shortest, (m, m - width, m + width))]
        out.write(",".join(fields) + "\n")
