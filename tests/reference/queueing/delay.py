"""Writes tests/data/queueing/delay.csv: delays and numbers of M/M/c to 25 digits, by other routes than the headers'.

The response tail is the textbook difference of exponentials, at 80 digits; quantiles are its roots by bisection; the
numbers in the system are summed state by state. Every input is a double exactly.
"""

import pathlib

from mpmath import __version__, exp, log, mp, mpf, nstr

mp.dps = 80
rows: list[str] = []


def write(lam: mpf, mu: mpf, c: int, quantity: str, at: object, value: mpf) -> None:
    at = at if isinstance(at, int) else nstr(at, 60) if at else "0"
    rows.append(",".join([nstr(lam, 60), nstr(mu, 60), str(c), quantity, str(at), nstr(value, 25)]))


def bisect(survival, q: mpf, high: mpf) -> mpf:
    low = mpf(0)
    while survival(high) > q:
        high *= 2
    for _ in range(330):
        mid = (low + high) / 2
        low, high = (mid, high) if survival(mid) > q else (low, mid)
    return (low + high) / 2


for lam, mu, c in (
    (3.0, 4.0, 1), (1 - 2.0**-30, 1.0, 1), (4.0, 1.0, 5), (4 + 2.0**-50, 1.0, 5), (4 - 2.0**-30, 1.0, 5), (10.0, 3.0, 4),
    (60.0, 1.0, 100), (99.5, 1.0, 100), (4.5 - 2.0**-30, 0.03125, 144), (990.0, 1.0, 1000), (0.0009765625, 1.0, 3),
    (2**40 * 7.5, 2.0**40, 8),
):  # fmt: skip
    lam, mu = mpf(lam), mpf(mu)
    a = lam / mu
    terms = [mpf(1)]
    for n in range(1, c + 1):
        terms.append(terms[-1] * a / n)
    rho = a / c
    p0 = 1 / (sum(terms[:c]) + terms[c] / (1 - rho))
    p = lambda n: p0 * (terms[n] if n <= c else terms[c] * rho ** (n - c))
    C = p(c) / (1 - rho)
    s = c * mu - lam

    def wait(t):
        return C * exp(-s * t)

    def response(t):
        if s == mu:
            return exp(-mu * t) * (1 + C * mu * t)
        return (1 - C) * exp(-mu * t) + C * (s * exp(-mu * t) - mu * exp(-s * t)) / (s - mu)

    slow = min(s, mu)
    for x in (2.0**-40, 2.0**-10, 0.375, 0.96875, 2.0, 40.0, 600.0):
        for scale in {2.0 ** int(log(mu, 2)), 2.0 ** int(log(slow, 2))}:
            t = mpf(x) / mpf(scale)
            for name, f in (("wait", wait), ("response", response)):
                write(lam, mu, c, name + "_cdf", t, 1 - f(t))
                write(lam, mu, c, name + "_log_survival", t, log(f(t)))
                if f(t) > mpf(10) ** -300:
                    write(lam, mu, c, name + "_survival", t, f(t))
    for level in (2.0**-30, 0.125, 0.5, 0.75, 0.984375, 1 - 2.0**-20):
        write(lam, mu, c, "response_quantile", mpf(level), bisect(response, 1 - mpf(level), 1 / slow))
        if 1 - mpf(level) < C:
            write(lam, mu, c, "wait_quantile", mpf(level), log(C / (1 - mpf(level))) / s)
    for q in (2.0**-14, 2.0**-60, 2.0**-900):
        write(lam, mu, c, "response_survival_quantile", mpf(q), bisect(response, mpf(q), 1 / slow))
        write(lam, mu, c, "wait_survival_quantile", mpf(q), log(C / mpf(q)) / s if C > q else mpf(0))
    mean = sum(n * p(n) for n in range(c)) + C * (c + rho / (1 - rho))
    beyond = rho / (1 - rho)  # the number beyond c, given that it is at least c, is geometric
    second = sum(n * n * p(n) for n in range(c)) + C * (c * c + 2 * c * beyond + beyond + 2 * beyond**2)
    write(lam, mu, c, "mean_in_system", 0, mean)
    write(lam, mu, c, "variance_in_system", 0, second - mean**2)
    wanted = {0, 1, 2, c // 2, int(a), int(a) + 1, c - 1, c, c + 1, c + 50}
    at_least = p(c + 50) / (1 - rho)
    for n in range(c + 50, -1, -1):
        at_least += p(n) if n < c + 50 else 0
        if n in wanted:
            write(lam, mu, c, "log_probability_of", n, log(p(n)))
            if p(n) > mpf(10) ** -300:
                write(lam, mu, c, "probability_of", n, p(n))
            write(lam, mu, c, "probability_at_least", n, at_least)

out = pathlib.Path(__file__).parents[2] / "data" / "queueing" / "delay.csv"
out.write_text(
    f"# tests/reference/queueing/delay.py, mpmath {__version__}, {mp.dps} digits, 2026-11-23\n"
    "arrival_rate,service_rate,servers,quantity,at,value\n" + "\n".join(rows) + "\n"
)
print(len(rows))
