"""Writes tests/data/queueing/saturation.csv: stations by the exponent of their distance to saturation and to no load.

Utilizations are 2^-k and 1 - 2^-k, and 1 + 2^-k where there is a steady state; every input is a double exactly, so that
nothing but the function errs. State by state sums and textbook formulas, at enough digits for what they cancel.
"""

import pathlib

from mpmath import __version__, exp, expm1, factorial, log, mp, mpf, nstr, sqrt

mp.dps = 120
rows: list[str] = []
FAR = (1, 4, 10, 20, 40)
NEAR = (2, 4, 10, 20, 30, 40)
STABLE = [mpf(2) ** -k for k in reversed(FAR)] + [1 - mpf(2) ** -k for k in NEAR]
ANY = [mpf(2) ** -k for k in (40, 20, 10, 4, 1)] + [1 - mpf(2) ** -k for k in (4, 10, 20, 30, 40)] + [mpf(1)]
ANY += [1 + mpf(2) ** -k for k in (40, 30, 20, 10, 4)] + [mpf(2) ** k for k in (1, 4, 10, 20, 40)]


def write(model: str, lam: mpf, mu: mpf, c: int, last: object, quantity: str, value: mpf, at: object = "") -> None:
    if value == 0 or abs(value) < mpf(10) ** -270:
        return
    as_text = lambda x: nstr(x, 40) if isinstance(x, mpf) else str(x)
    rows.append(",".join([model, *map(as_text, (lam, mu, c, last)), quantity, as_text(at), nstr(value, 25)]))


def bisect(survival, q: mpf, high: mpf) -> mpf:
    low = mpf(0)
    while survival(high) > q:
        high *= 2
    for _ in range(130):
        mid = (low + high) / 2
        low, high = (mid, high) if survival(mid) > q else (low, mid)
    return (low + high) / 2


def many_servers() -> None:
    for c, mu in ((1, mpf(1)), (2, mpf(3) / 128), (16, mpf(1)), (100, mpf(8)), (1024, mpf(1))):
        for rho in STABLE:
            a = c * rho
            lam = a * mu
            total, term = mpf(0), mpf(1)
            for n in range(c):
                total += term
                term *= a / (n + 1)
            C = term / (1 - rho) / (total + term / (1 - rho))
            s = c * (1 - rho)  # spare servers: time in services from here on
            wait = lambda x: C * exp(-s * x)
            response = lambda x: exp(-x) * (1 + C * x if s == 1 else (1 + C * expm1((1 - s) * x) / (1 - s)))
            put = lambda name, value, at="": write("M/M/c", lam, mu, c, "", name, value, at)
            put("wait_probability", C)
            put("log_wait_probability", log(C))
            put("mean_wait", C / s / mu)
            put("mean_response", (1 + C / s) / mu)
            put("variance_wait", C * (2 - C) / s**2 / mu**2)
            put("mean_in_queue", C * rho / (1 - rho))
            for x in (mpf(2) ** -10, mpf(1), mpf(64)):
                for unit in {mpf(1), mpf(2) ** int(log(1 / s, 2))}:
                    t = x * unit / mu
                    put("wait_survival", wait(x * unit), t)
                    put("response_survival", response(x * unit), t)
            for q in (mpf(1) / 2, mpf(1) / 128, mpf(2) ** -30):
                if q < C:
                    put("wait_quantile", log(C / q) / s / mu, q)
                put("response_quantile", bisect(response, q, mpf(1)) / mu, q)


def rooms() -> None:
    for c, K in ((1, 1), (1, 8), (1, 1024), (4, 5), (16, 16), (16, 64), (128, 256)):
        for rho in ANY:
            a = c * rho
            p = [mpf(1)]
            for n in range(1, K + 1):
                p.append(p[-1] * a / min(n, c))
            total = sum(p)
            p = [x / total for x in p]
            put = lambda name, value: write("M/M/c/K", a, mpf(1), c, K, name, value)
            put("blocking_probability", p[K])
            put("mean_in_system", sum(n * x for n, x in enumerate(p)))
            put("mean_in_queue", sum((n - c) * x for n, x in enumerate(p) if n > c))
            put("wait_probability", sum(p[c:K]) / sum(p[:K]))
            put("throughput", a * sum(p[:K]))


def sources() -> None:
    for c, N in ((1, 1), (1, 10), (4, 5), (10, 200), (64, 1024)):
        for k in (-40, -20, -10, -6, -4, -2, 0, 2, 10, 20):
            nu = mpf(2) ** k
            for lost in (False, True):
                top = min(c, N) if lost else N
                p = [mpf(1)]
                for n in range(1, top + 1):
                    p.append(p[-1] * (N - n + 1) * nu / min(n, c))
                call = [(N - n) * x for n, x in enumerate(p)]
                put = lambda name, value: write("Engset" if lost else "M/M/c//N", nu, mpf(1), c, N, name, value)
                put("mean_in_system", sum(n * x for n, x in enumerate(p)) / sum(p))
                put("throughput", sum(min(n, c) * x for n, x in enumerate(p)) / sum(p))
                if lost:
                    put("blocking_probability", call[top] / sum(call))
                    put("full_probability", p[top] / sum(p))
                else:
                    put("mean_in_queue", sum((n - c) * x for n, x in enumerate(p) if n > c) / sum(p))
                    put("wait_probability", sum(call[c:]) / sum(call))


def impatience() -> None:
    mp.dps = 60
    for c in (1, 16, 256):
        for rho in [mpf(2) ** -k for k in (20, 4, 1)] + [1 - mpf(2) ** -k for k in (4, 10, 30)] + [mpf(1), 1 + mpf(2) ** -10, mpf(2)]:
            for theta in [mpf(2) ** k for k in (-8, -3, 0, 10, 20)]:
                a = c * rho
                term, n, total, queue, waits, left = mpf(1), 0, mpf(0), mpf(0), mpf(0), mpf(0)
                while True:
                    total += term
                    if n >= c:
                        waits += term
                        queue += (n - c) * term
                        left += (n - c + 1) * theta / (c + (n - c + 1) * theta) * term
                    n += 1
                    term *= a / (min(n, c) + max(n - c, 0) * theta)
                    if n > c + 2 and term * n < left * mpf(10) ** -60 and a < c + (n - c) * theta:
                        break
                put = lambda name, value: write("M/M/c+M", a, mpf(1), c, theta, name, value)
                put("wait_probability", waits / total)
                put("abandonment_probability", left / total)
                put("mean_in_queue", queue / total)
    mp.dps = 120


def at_least(n: int, a: mpf) -> mpf:
    """Of a Poisson number: the terms from n up, or 1 less those below, each from the largest."""
    total, k = mpf(0), n if n > a else n - 1
    term = exp(-a + k * log(a) - mp.loggamma(k + 1))
    while k >= 0 and term > total * mpf(10) ** -60:
        total += term
        term *= a / (k + 1) if n > a else k / a
        k += 1 if n > a else -1
    return total if n > a else 1 - total


def endless() -> None:
    for k in (-40, -10, -1, 0, 3, 10, 20):
        a = mpf(2) ** k
        for n in sorted({0, 1, 2, int(a), int(a + 8 * sqrt(a)) + 1, int(a / 2)}):
            mass = exp(-a + n * log(a) - mp.loggamma(n + 1))
            write("M/M/inf", a, mpf(1), 1, "", "probability_of", mass, n)
            write("M/M/inf", a, mpf(1), 1, "", "log_probability_of", log(mass), n)
            if n > 0:
                write("M/M/inf", a, mpf(1), 1, "", "probability_at_least", at_least(n, a), n)


def deterministic() -> None:
    mp.dps = 700
    for rho in STABLE:
        write("M/D/1", rho, mpf(1), 1, "", "mean_wait", rho / 2 / (1 - rho))
        for t in (mpf(1) / 2, mpf(13) / 4, mpf(41) / 2, mpf(259) / 4):
            cdf = (1 - rho) * sum((rho * (k - t)) ** k / factorial(k) * exp(-rho * (k - t)) for k in range(int(t) + 1))
            write("M/D/1", rho, mpf(1), 1, "", "wait_survival", 1 - cdf, t)
            write("M/D/1", rho, mpf(1), 1, "", "wait_cdf", cdf, t)
    mp.dps = 120


def general() -> None:
    laws = {
        "exponential": (mpf(1), mpf(2), mpf(6)),
        "deterministic": (mpf(1), mpf(1), mpf(1)),
        "erlang3": (mpf(1), mpf(4) / 3, mpf(20) / 9),
        "hyper": (mpf(1), mpf(7) / 8 * 2 / 4 + mpf(1) / 8 * 2 * mpf(81) / 4, mpf(7) / 8 * 6 / 8 + mpf(6) / 8 * mpf(729) / 8),
        "lognormal4": (mpf(1), mpf(5), mpf(125)),
    }
    for law, (m, m2, m3) in laws.items():
        for rho in STABLE:
            wait = rho * m2 / 2 / (1 - rho)
            variance = wait**2 + rho * m3 / 3 / (1 - rho)
            put = lambda name, value: write("M/G/1 " + law, rho, mpf(1), 1, "", name, value)
            put("mean_wait", wait)
            put("mean_response", wait + 1)
            put("variance_wait", variance)
            put("variance_response", variance + m2 - 1)
            put("variance_in_system", rho * (wait + 1) + rho**2 * (variance + m2 - 1))


def approximations() -> None:
    for c in (1, 8, 64):
        for rho in STABLE:
            a = c * rho
            total, term = mpf(0), mpf(1)
            for n in range(c):
                total += term
                term *= a / (n + 1)
            wait = term / (1 - rho) / (total + term / (1 - rho)) / c / (1 - rho)
            for ca, cs in ((mpf(1) / 4, mpf(1) / 2), (mpf(1), mpf(0)), (mpf(0), mpf(1)), (mpf(4), mpf(2)), (mpf(1) / 2, mpf(4))):
                put = lambda name, value: write(name, a, mpf(1), c, "", "mean_wait", value, f"{nstr(ca, 20)}|{nstr(cs, 20)}")
                mean = (ca + cs) / 2
                put("allen_cunneen", mean * wait)
                put("sakasegawa", mean * rho ** (sqrt(2 * mpf(c + 1)) - 1) / c / (1 - rho))
                g = min(mpf(24) / 100, (1 - rho) * (c - 1) * (sqrt(mpf(4 + 5 * c)) - 2) / (16 * c * rho))
                low, high = (1 - 4 * g) * exp(-2 * (1 - rho) / 3 / rho), 1 + g
                psi = mpf(1) if mean >= 1 else min(mpf(1), (low + high) / 2) ** (2 * (1 - mean))
                if ca >= cs:
                    phi = 4 * (ca - cs) / (4 * ca - 3 * cs) * high + cs / (4 * ca - 3 * cs) * psi
                else:
                    phi = (cs - ca) / (2 * ca + 2 * cs) * low + (cs + 3 * ca) / (2 * ca + 2 * cs) * psi
                put("whitt", phi * mean * wait)
                if ca <= 1 and cs <= 1:
                    inverse = 2 * (1 - cs) / high + 2 * (ca + cs - 1) + 2 * (1 - ca) / low
                    put("kimura", (ca + cs) / inverse * wait)
                if c > 1:
                    continue
                put("kingman", mean * rho / (1 - rho))
                put("kingman_bound", (ca / rho + cs * rho) / 2 / (1 - rho))
                put("marchal", (1 + cs) / (1 / rho**2 + cs) * (ca / rho + cs * rho) / 2 / (1 - rho))
                off = -2 * (1 - rho) / 3 / rho * (1 - ca) ** 2 / (ca + cs) if ca <= 1 else -(1 - rho) * (ca - 1) / (ca + 4 * cs)
                put("kraemer_langenbach_belz", mean * rho / (1 - rho) * exp(off))


def inverses() -> None:
    for c in (1, 2, 16, 100, 1000):
        for p in [mpf(2) ** -k for k in (300, 60, 20, 10, 4, 1)] + [1 - mpf(2) ** -k for k in (4, 10, 20, 30)]:

            def allowed(a):
                total = term = mpf(1)
                for n in range(c, 0, -1):
                    term *= n / a
                    total += term
                return total  # 1/B, which falls with the load

            low, high = mpf(0), mpf(c) / (1 - p) * 2
            for _ in range(400 if p < mpf(2) ** -100 else 190):
                mid = (low + high) / 2
                low, high = (mid, high) if allowed(mid) > 1 / p else (low, mid)
            write("Erlang B", low, mpf(1), c, "", "max_load", low, p)


mp.dps = 120
many_servers()
rooms()
sources()
impatience()
endless()
deterministic()
general()
approximations()
mp.dps = 60
inverses()
out = pathlib.Path(__file__).parents[2] / "data" / "queueing" / "saturation.csv"
out.write_text(
    f"# tests/reference/queueing/saturation.py, mpmath {__version__}, 60 to 700 digits, 2026-11-23\n"
    "model,arrival_rate,service_rate,servers,last,quantity,at,value\n" + "\n".join(rows) + "\n"
)
