"""Writes tests/data/queueing/pool_delay.csv: delays and variances of pools to 25 digits, by other routes than the headers'.

States are summed from state 0 upward in 60 digits. The tails of the wait are mixtures of incomplete gamma (patient) and
beta (impatient) functions; the response is the textbook difference of exponentials, or, for impatient requests, a
convolution by quadrature; variances of the wait are integrals of its tail. Every input is a double exactly.
"""

import pathlib

from mpmath import __version__, beta, betainc, exp, gammainc, mp, mpf, nstr, quad

mp.dps = 60
rows: list[str] = []


def write(model: str, key: tuple[object, ...], quantity: str, at: object, value: mpf) -> None:
    rows.append(",".join([model, *(str(k) for k in key), quantity, str(at), nstr(value, 25)]))


def root(survival, q: mpf) -> mpf:
    low, high = mpf(0), mpf(1)
    while survival(high) > q:
        low, high = high, high * 2
    for _ in range(110):
        mid = (low + high) / 2
        low, high = (mid, high) if survival(mid) > q else (low, mid)
    return (low + high) / 2


def states(up, down, highest: int) -> list[mpf]:
    p = [mpf(1)]
    for n in range(highest):
        p.append(p[-1] * up(n) / down(n + 1))
    total = sum(p)
    return [x / total for x in p]


def numbers(model, key, p, c):
    mean = sum(n * x for n, x in enumerate(p))
    write(model, key, "variance_in_system", "", sum((n - mean) ** 2 * x for n, x in enumerate(p)))
    queue = sum(max(0, n - c) * x for n, x in enumerate(p))
    write(model, key, "variance_in_queue", "", sum((max(0, n - c) - queue) ** 2 * x for n, x in enumerate(p)))


def patient(model, key, lam, mu, c, highest, sources=None):
    lam, mu = mpf(lam), mpf(mu)
    calling = (lambda n: sources - n) if sources else (lambda n: mpf(1))
    p = states(lambda n: lam * calling(n), lambda n: min(n, c) * mu, highest)
    numbers(model, key, p, c)
    seen = [calling(n) * p[n] for n in range(highest)]
    total = sum(seen)
    idle = sum(seen[:c]) / total
    ahead = [x / total for x in seen[c:]]
    rate = c * mu

    def wait(t):
        return sum(x * gammainc(j + 1, rate * t, regularized=True) for j, x in enumerate(ahead))

    def both(j, t):
        if c == 1:
            return gammainc(j + 2, rate * t, regularized=True)
        ratio = mpf(c) / (c - 1)
        rest = gammainc(j + 1, 0, (c - 1) * mu * t, regularized=True)
        return gammainc(j + 1, rate * t, regularized=True) + exp(-mu * t) * ratio ** (j + 1) * rest

    def response(t):
        return idle * exp(-mu * t) + sum(x * both(j, t) for j, x in enumerate(ahead))

    mean = sum(x * (j + 1) for j, x in enumerate(ahead)) / rate
    square = sum(x * (j + 1) * (j + 2) for j, x in enumerate(ahead)) / rate**2
    write(model, key, "wait_variance", "", square - mean**2)
    write(model, key, "response_variance", "", square - mean**2 + 1 / mu**2)
    for t in (0.0078125, 0.25, 1, 4, 16):
        at = mpf(t) / mu
        if ahead:
            write(model, key, "wait_survival", nstr(at, 20), wait(at))
        write(model, key, "response_survival", nstr(at, 20), response(at))
    for q in (0.5, 0.0078125):
        write(model, key, "response_quantile", q, root(response, mpf(q)))
        if ahead and sum(ahead) > q:
            write(model, key, "wait_quantile", q, root(wait, mpf(q)))


def impatient(lam, mu, c, theta):
    key = (lam, mu, c, theta)
    model = "M/M/c+M"
    lam, mu, theta = mpf(lam), mpf(mu), mpf(theta)
    highest = int(c + 60 + 3 * (lam - min(lam, c * mu)) / theta + 25 * (lam / theta) ** 0.5)
    p = states(lambda n: lam, lambda n: min(n, c) * mu + max(0, n - c) * theta, highest)
    numbers(model, key, p, c)
    b = c * mu / theta
    idle = sum(p[:c])
    served = idle + sum(x * b / (b + j + 1) for j, x in enumerate(p[c:]))
    ahead = [(j, x) for j, x in enumerate(p[c:]) if x > mpf(10) ** -45]

    def wait(t):
        z = exp(-theta * t)
        return sum(x * b / (b + j + 1) * betainc(b + 1, j + 1, 0, z, regularized=True) for j, x in ahead) / served

    def offered(t):
        return sum(x * betainc(b, j + 1, 0, exp(-theta * t), regularized=True) for j, x in ahead)

    constants = [(j, x * theta / beta(b, j + 1) / served) for j, x in ahead]

    def density(u):  # of the wait of the served
        z = exp(-theta * u)
        return z ** (b + 1) * sum(k * (1 - z) ** j for j, k in constants)

    def response(t):
        later = quad(lambda u: density(u) * exp(-mu * (t - u)), [0, t / 4, t / 2, 3 * t / 4, t])
        return idle / served * exp(-mu * t) + wait(t) + later

    write(model, key, "abandonment", "", 1 - served)
    for t in (0.0625, 0.5, 2):
        write(model, key, "wait_survival", t, wait(mpf(t)))
        write(model, key, "offered_survival", t, offered(mpf(t)))
        with mp.workdps(35):
            write(model, key, "response_survival", t, response(mpf(t)))
    if 1 - idle / served > 0.0078125:
        write(model, key, "wait_quantile", 0.0078125, root(wait, mpf(0.0078125)))
    with mp.workdps(30):
        end = 60 / (theta + c * mu) + 60 / theta
        grid = [end * mpf(k) ** 3 / 1000 for k in range(11)]
        mean = quad(lambda u: u * density(u), grid)
        write(model, key, "wait_mean", "", mean)
        square = quad(lambda u: u * u * density(u), grid)
        write(model, key, "wait_variance", "", square - mean**2)
        # The time until giving up: theta e^(-theta u) P(offered wait > u), less what is served.
        gave_up = quad(lambda u: u * theta * exp(-theta * u) * offered(u), grid) / (1 - served)
        write(model, key, "abandoned_mean", "", gave_up)


for key in ((8, 1, 10, 20), (10, 1, 10, 20), (16, 1, 10, 30), (0.5, 1, 1, 10), (2, 1, 1, 50), (2, 1, 2, 40),
            (96, 1, 100, 130), (0.125, 2, 3, 6), (3, 0.25, 4, 4), (1024, 1, 64, 96)):
    patient("M/M/c/K", key, *key)
for key in ((0.125, 1, 2, 20), (1, 4, 3, 50), (0.5, 1, 1, 8), (0.25, 1, 30, 100)):
    patient("M/M/c//N", key, *key, sources=key[3])
for key in ((8, 1, 10, 0.5), (10, 1, 10, 1), (20, 1, 10, 0.25), (2, 1, 1, 4), (96, 1, 100, 2), (1, 1, 1, 0.0625),
            (30, 2, 10, 8)):
    impatient(*key)

path = pathlib.Path(__file__).parents[2] / "data/queueing/pool_delay.csv"
path.write_text(
    f"# Written by tests/reference/queueing/pool_delay.py: mpmath {__version__}, 60 digits (30 in quadratures), printed to\n"
    "# 25; 2026-11-23. last: capacity, sources, abandonment rate. at: time, or the probability that a quantile exceeds.\n"
    "model,arrival_rate,service_rate,servers,last,quantity,at,value\n" + "\n".join(rows) + "\n"
)
