"""Drain times for tests/data/queueing/backlog.csv: mpmath, 30 digits.

The density of the first passage of a random walk, backlog / t e^-(l+m)t (m/l)^(backlog/2) I_backlog(2 t sqrt(l m)),
integrated: another route than the header's sum over services.
"""

from mpmath import besseli, exp, linspace, mp, mpf, quad, sqrt

mp.dps = 30


def cdf(n, lam, m, t):
    def density(u):
        return n / u * exp(-(lam + m) * u) * (m / lam) ** (mpf(n) / 2) * besseli(n, 2 * u * sqrt(lam * m)) if u else mpf(0)

    return quad(density, linspace(0, t, 9))


print(f"# tests/reference/queueing/backlog.py, mpmath {__import__('mpmath').__version__}, {mp.dps} digits, 2026-11-23")
print("backlog,arrival_rate,service_rate,servers,t,cdf")
for n, lam, mu, c, t in (
    (1, "0.5", "1", 1, "0.125"),
    (1, "0.5", "1", 1, "4"),
    (3, "7", "1", 8, "1"),
    (3, "8", "1", 8, "1"),
    (3, "10", "1", 8, "1"),
    (40, "7", "1", 8, "20"),
    (40, "7", "1", 8, "64"),
    (100, "6", "2", 4, "50"),
    (100, "6", "2", 4, "30"),
):
    value = cdf(n, mpf(lam), mpf(mu) * c, mpf(t))
    print(n, lam, mu, c, t, mp.nstr(value, 18), sep=",")
