"""Writes tests/data/slo/significance.csv: the mean at which P(X >= k) = p for Polya-Aeppli counts.

By mpmath at 80 digits, from the recursion of the probabilities (Johnson, Kemp, Kotz, "Univariate Discrete
Distributions", 3rd ed., 9.7), which shares nothing with the binomial mixture in the library.
"""

from mpmath import exp, findroot, log, mp, mpf

mp.dps = 80


def tail(k, mean, dispersion):
    again = (mpf(dispersion) - 1) / (mpf(dispersion) + 1)
    batches = mean * (1 - again)
    before, now = mpf(0), exp(-batches)
    below = now
    for n in range(1, k):
        before, now = now, ((batches * (1 - again) + 2 * again * (n - 1)) * now
                            - again * again * (n - 2) * before) / n
        below += now
    return 1 - below


def mean_for(k, p, dispersion):
    low, high = mpf(10) ** -30, mpf(4 * k + 1000)
    for _ in range(40):
        middle = mp.sqrt(low * high)
        if tail(k, middle, dispersion) < p:
            low = middle
        else:
            high = middle
    return findroot(lambda x: log(tail(k, exp(x), dispersion)) - log(p), (log(low), log(high)), solver="anderson",
                    tol=mpf(10) ** -60)


if __name__ == "__main__":
    with open("tests/data/slo/significance.csv", "w") as out:
        out.write("# tests/reference/slo/significance.py, mpmath, 80 digits, 2026-11-23\n")
        out.write("p_value,dispersion,k,expected\n")
        for p in ("0.5", "0.01", "0.0001", "1e-9"):
            for dispersion in ("1", "1.5", "3", "10", "50"):
                for k in (1, 2, 3, 5, 10, 30, 100, 300, 1000):
                    mean = exp(mean_for(k, mpf(float(p)), dispersion))
                    out.write(f"{p},{dispersion},{k},{mp.nstr(mean, 25)}\n")
