"""Writes tests/data/slo/failure_test.csv by mpmath at 80 digits: upper tails of the binomial and of Polya-Aeppli counts
(by the recursion of their probabilities), and of the Beta posterior of an error ratio."""

from mpmath import betainc, binomial, mp, mpf

from significance import tail

mp.dps = 80


def binomial_tail(bad, valid, ratio):
    """Terms beyond the 3000th are below 1e-80 of the first for every row written."""
    term = binomial(valid, bad) * ratio**bad * (1 - ratio) ** (valid - bad)
    total = mpf(0)
    for k in range(bad, min(valid, bad + 3000) + 1):
        total += term
        term *= ratio / (1 - ratio) * (valid - k) / (k + 1)
    return total


def posterior(bad, good, ratio):
    return betainc(bad + mpf(1) / 2, good + mpf(1) / 2, ratio, 1, regularized=True)


if __name__ == "__main__":
    with open("tests/data/slo/failure_test.csv", "w") as out:
        out.write("# tests/reference/slo/failure_test.py, mpmath, 80 digits, 2026-11-23\n")
        out.write("kind,bad,valid,parameter,dispersion,probability\n")
        for valid, bads in ((1, (1,)), (10, (1, 2, 10)), (60, (1, 3)), (139, (1, 2, 5)), (1000, (1, 5, 9, 30)),
                            (100000, (101, 150, 250))):
            for ratio in ("0.001", "0.0144", "1e-6"):
                for bad in bads:
                    p = binomial_tail(bad, valid, mpf(float(ratio)))
                    out.write(f"binomial,{bad},{valid},{ratio},1,{mp.nstr(p, 25)}\n")
        for expected in ("0.01", "1", "7.5", "60"):
            for dispersion in ("1", "1.5", "3", "20"):
                for bad in (1, 2, 7, 40, 130):
                    p = tail(bad, mpf(float(expected)), dispersion)
                    if p > mpf("1e-40"):
                        out.write(f"poisson,{bad},0,{expected},{dispersion},{mp.nstr(p, 25)}\n")
        for bad, valid in ((0, 1), (0, 1000), (1, 10), (5, 1000), (20, 3000)):
            for ratio in ("0.001", "0.006", "0.0144"):
                p = posterior(bad, valid - bad, mpf(float(ratio)))
                out.write(f"posterior,{bad},{valid},{ratio},1,{mp.nstr(p, 20)}\n")
