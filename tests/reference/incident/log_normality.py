"""Writes tests/data/incident/log_normality.csv: the adjusted Anderson-Darling statistic of the logarithms.

Run from the root of the repository: python3 tests/reference/incident/log_normality.py
"""

import csv
import pathlib

import mpmath as mp

mp.mp.dps = 50
DATA = pathlib.Path("tests/data/incident")


def misfit(values):
    x = sorted(mp.log(mp.mpf(v)) for v in values)
    n = len(x)
    mean = mp.fsum(x) / n
    sd = mp.sqrt(mp.fsum((v - mean) ** 2 for v in x) / (n - 1))
    z = [(v - mean) / sd for v in x]
    total = mp.fsum(
        (2 * i + 1) * (mp.log(mp.ncdf(z[i])) + mp.log(mp.ncdf(-z[n - 1 - i]))) for i in range(n)
    )
    return (-n - total / n) * (1 + mp.mpf("0.75") / n + mp.mpf("2.25") / n**2)


if __name__ == "__main__":
    samples = {}
    with open(DATA / "samples.csv", encoding="ascii") as rows:
        for row in csv.DictReader(line for line in rows if not line.startswith("#")):
            samples.setdefault(row["dataset"], []).append(row["minutes"])
    with open(DATA / "log_normality.csv", "w", encoding="ascii") as out:
        out.write(f"# python3 tests/reference/incident/log_normality.py, mpmath {mp.__version__}, 50 digits, 2026-11-23\n")
        out.write("# D'Agostino and Stephens (1986), section 4.8: A^2 (1 + 0.75 / n + 2.25 / n^2), both parameters estimated\n")
        out.write("dataset,n,misfit\n")
        for name, values in samples.items():
            out.write(f"{name},{len(values)},{mp.nstr(misfit(values), 25)}\n")
