"""Writes tests/data/sli/durability.csv; run from the root of the repository."""

import pathlib

from mpmath import mp, mpf

mp.dps = 60
YEAR = mpf("365.2425")


def bisect(f, low, high):
    """Where the falling f meets 0."""
    for _ in range(230):
        middle = (low + high) / 2
        if f(middle) > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def poisson_at_most(k, mean):
    return mp.exp(-mean) * mp.fsum(mean**i / mp.factorial(i) for i in range(k + 1))


def binomial_at_most(k, n, p):
    return mp.fsum(mp.binomial(n, i) * p**i * mp.exp((n - i) * mp.log1p(-p)) for i in range(k + 1))


def limits(method, lost, objects, days, tail):
    years = days / YEAR
    if method == "garwood":
        most = mpf(20 + 10 * lost)
        upper = bisect(lambda m: poisson_at_most(lost, m) - tail, mpf(0), most)
        lower = bisect(lambda m: poisson_at_most(lost - 1, m) - (1 - tail), mpf(0), most) if lost else mpf(0)
        return [-mp.expm1(-m / (objects * years)) for m in (mpf(lost), lower, upper)]
    most = min(mpf(1), mpf(20 + 10 * lost) / objects)
    upper = bisect(lambda p: binomial_at_most(lost, objects, p) - tail, mpf(0), most) if lost < objects else mpf(1)
    lower = bisect(lambda p: binomial_at_most(lost - 1, objects, p) - (1 - tail), mpf(0), most) if lost else mpf(0)
    return [-mp.expm1(mp.log1p(-p) / years) for p in (mpf(lost) / objects, lower, upper)]


with open(pathlib.Path("tests/data/sli/durability.csv"), "w") as out:
    out.write(f"# tests/reference/sli/durability.py, mpmath {__import__('mpmath').__version__}, 60 digits, 2026-11-23\n")
    out.write("method,lost,objects,days,confidence_level,value,lower,upper\n")
    for level in (0.95, 0.999):
        for method in ("garwood", "clopper_pearson"):
            for lost, objects, days in (
                (0, 1, 365), (0, 1000, 30), (1, 1000, 30), (0, 10**9, 365), (3, 10**9, 90), (7, 10**12, 1), (0, 10**11, 1000),
                (20, 400, 365),
            ):  # fmt: skip
                figures = limits(method, lost, objects, days, (1 - mpf(level)) / 2)
                out.write(f"{method},{lost},{objects},{days},{level!r},{','.join(mp.nstr(f, 25) for f in figures)}\n")
