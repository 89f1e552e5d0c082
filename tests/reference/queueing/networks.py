"""Networks, fork-join, fan-out and tied requests at 60 digits, by sums that share no step with the library.

Writes the rows whose source is networks.py of tests/data/queueing/{closed_network,closed_classes,fork_join,fan_out,
hedging}.csv: python3 networks.py NAME
"""

import itertools
import sys

from mpmath import (binomial, exp, factorial, fsum, hyp2f1, inf, log, mp, mpf, nstr, quad)

mp.dps = 60
SOURCE = "networks.py"


def row(*fields):
    print(",".join([f if isinstance(f, str) else nstr(f, 25) for f in fields] + [SOURCE]))


def number(text):
    """The double that the test reads, exactly."""
    return mpf(float(text))


# A station is "demand", "demandxservers" or "demand@speed;speed;...".
def station(text):
    if "@" in text:
        demand, speeds = text.split("@")
        speeds = [number(s) for s in speeds.split(";")]
        return number(demand), lambda j: speeds[min(j, len(speeds)) - 1], len(speeds)
    demand, _, servers = text.partition("x")
    servers = int(servers or 1)
    return number(demand), lambda j: mpf(min(j, servers)), servers


def weights(text, population):
    demand, speed, _ = station(text)
    f = [mpf(1)]
    for j in range(1, population + 1):
        f.append(f[-1] * demand / speed(j))
    return f


def convolved(g, f, levels):
    """The window of a station and, by recursion, its geometric tail."""
    size = len(g)
    factor = f[levels + 1] / f[levels] if levels + 1 < size else mpf(0)
    out, tail = [], mpf(0)
    for n in range(size):
        if n >= levels:
            tail = tail * factor + f[levels] * g[n - levels]
        out.append(mp.fdot(f[: min(levels, n + 1)], g[n - min(levels, n + 1) + 1 : n + 1][::-1]) + tail)
    return out


def closed(stations, think, population):
    names = stations.split("|")
    z = number(think)
    base = [mpf(1)]
    for n in range(1, population + 1):
        base.append(base[-1] * z / n)
    f = [weights(s, population) for s in names]
    levels = [station(s)[2] for s in names]
    everything = base
    for i in range(len(names)):
        everything = convolved(everything, f[i], levels[i])
    x = everything[population - 1] / everything[population]
    queues = []
    for i in range(len(names)):
        others = base
        for k in range(len(names)):
            if k != i:
                others = convolved(others, f[k], levels[k])
        queues.append(fsum(j * f[i][j] * others[population - j] for j in range(1, population + 1)) / everything[population])
    key = (stations, think, str(population))
    row(*key, "throughput", x)
    row(*key, "response_time", fsum(queues) / x)
    for i, q in enumerate(queues):
        row(*key, f"queue_{i}", q)


CLOSED = [
    ("1x5|0.02", "5", 50), ("1x5|0.02", "5", 100), ("1x10|0.02", "5", 100), ("1x50|0.02", "5", 200),
    ("1x100|0.02", "5", 400), ("1x100|0.02", "5", 10000), ("1x100|0.0125", "5", 10000), ("1x100", "5", 600),
    ("0.25x3|0.125x2|0.5x8", "0", 40), ("0.25x3|0.125x2|0.5x8|0.0625", "2", 300), ("1x1000|0.02|0.5x700", "5", 2000),
    ("0.001x4|0.002|0.0005x16|0.001x2|0.003x12", "0.5", 1000), ("1@1;1.5;1.75;1.25;1|0.25", "3", 200),
    ("1@1;2;3;0.5;0.125;7|0.25x4", "5", 300), ("1x2|1x2|1x2|1x2", "0", 500), ("0.5|0.5|1x2", "0", 1000),
    ("1e-6x900", "1", 1000), ("1x64|0.015625", "0", 3000),
]


def classes(demands, servers, thinks, populations):
    """The product form summed over every state of the lattice, station by station."""
    d = [[number(x) for x in c.split("|")] for c in demands.split("/")]
    m = [int(s) for s in servers.split("|")]
    z = [number(x) for x in thinks.split("|")]
    pop = [int(n) for n in populations.split("|")]
    points = list(itertools.product(*(range(n + 1) for n in pop)))

    def terms(i):
        out = {}
        for p in points:
            value = factorial(sum(p))
            for j in range(1, sum(p) + 1):
                value /= min(j, m[i])
            for r, n in enumerate(p):
                value *= d[r][i] ** n / factorial(n)
            out[p] = value
        return out

    def product(a, b):
        return {p: fsum(a[q] * b[tuple(x - y for x, y in zip(p, q))]
                        for q in itertools.product(*(range(n + 1) for n in p))) for p in points}

    think = {}
    for p in points:
        value = mpf(1)
        for r, n in enumerate(p):
            value *= z[r] ** n / factorial(n)
        think[p] = value
    f = [terms(i) for i in range(len(m))]
    g = think
    for part in f:
        g = product(g, part)
    full = tuple(pop)
    key = (demands, servers, thinks, populations)
    for r in range(len(pop)):
        x = g[tuple(n - (s == r) for s, n in enumerate(pop))] / g[full]
        row(*key, f"throughput_{r}", x)
        row(*key, f"response_{r}", pop[r] / x - z[r])
    for i in range(len(m)):
        others = think
        for k in range(len(m)):
            if k != i:
                others = product(others, f[k])
        row(*key, f"queue_{i}", fsum(sum(p) * f[i][p] * others[tuple(x - y for x, y in zip(full, p))]
                                     for p in points) / g[full])


CLASSES = [
    ("1|0.25/0.5|0.75", "3|1", "2|0", "6|5"), ("1|0.25/0.5|0.75", "3|2", "0|1", "8|7"),
    ("0.5|0.25|1/1|0|0.5", "4|2|1", "1|0.5", "9|6"), ("0.5|0.25|1/1|0|0.5/0|0.125|0.25", "2|2|3", "0|0|4", "4|3|5"),
    ("8|0.25/16|0.5", "12|1", "1|4", "14|10"), ("1|1/1|1", "2|2", "0|0", "10|10"),
]


def fork_join():
    def factor(n):
        return fsum(binomial(n, i) * (-1) ** (i - 1)
                    * fsum(binomial(i, m) * factorial(m - 1) / mpf(i) ** (m + 1) for m in range(1, i + 1))
                    for i in range(1, n + 1))

    mp.dps = 120
    for n in (3, 4, 8, 16, 32, 64, 100):
        for rate in ("0.125", "0.5", "0.9375"):
            rho = number(rate)
            harmonic = fsum(mpf(1) / i for i in range(1, n + 1))
            row("varma", rate, "1", str(n), (harmonic * (1 - rho) + factor(n) * rho) / (1 - rho))


def fan_out():
    mp.dps = 400

    def slow(p, n, k):
        return fsum(binomial(n, j) * p**j * (1 - p) ** (n - j) for j in range(n - k + 1, n + 1))

    for n, k in ((1, 1), (2, 1), (5, 3), (10, 10), (10, 9), (100, 95), (100, 100), (100, 51), (1000, 999), (1000, 1000)):
        for p in ("0.5", "0.125", "0.0009765625", "9.5367431640625e-07", "9.094947017729282e-13"):
            value = slow(number(p), n, k)
            if value > mpf("1e-300"):
                row("slow_fraction", str(n), str(k), p, value)
    for n, k in ((1, 1), (30, 30), (31, 1), (100, 95), (1000, 1000), (1000, 1), (10**6, 10**6), (10**6, 999), (10**9, 10**9), (10**9, 5)):
        low = n - k
        value = mp.harmonic(n) - mp.harmonic(low)
        row("order_statistic_mean", str(n), str(k), "", value)


def hedging():
    for rate, copies in (("0.5", 2), ("0.75", 3), ("0.9375", 2), ("0.9990234375", 2), ("0.9990234375", 5), ("0.999999999068677425384521484375", 2)):
        r = number(rate) ** copies
        b = mpf(1) / (copies - 1)
        # sum of r^n / (1 + n (d - 1)), n >= 0
        row("tied_mean", rate, str(copies), "", hyp2f1(1, b, 1 + b, r))
        for q in ("0.5", "0.0009765625", "1e-30"):
            p = number(q)
            x = log(1 + (p ** -(copies - 1) - 1) / (1 - r)) / (copies - 1)
            row("tied_survival_quantile", rate, str(copies), q, x)
    # A pool of M/M/c response S(t) = (1 - C') e^-t + C' e^(-s t), two copies, the second after `delay`.
    for load, servers, delay in (("0.5", 1, "2"), ("0.9375", 1, "16"), ("6", 8, "3"), ("0", 1, "0.5")):
        a, c, d = number(load), servers, number(delay)
        tail = a**c / factorial(c) * c / (c - a) if a > 0 else mpf(0)
        wait = tail / (fsum(a**k / factorial(k) for k in range(c)) + tail)
        s = c - a

        def survival(t):
            return exp(-t) + wait * (t * exp(-t) if s == 1 else (exp(-t) - exp(-s * t)) / (s - 1))

        mean = quad(survival, [0, d / 2, d]) + quad(lambda t: survival(t + d) * survival(t), [0, 1, 4, 16, 64, 256, inf])
        row("hedged_mean", load, str(servers), delay, mean)
        row("hedged_extra_load", load, str(servers), delay, survival(d))


if sys.argv[1] == "closed_network":
    for case in CLOSED:
        closed(*case)
elif sys.argv[1] == "closed_classes":
    for case in CLASSES:
        classes(*case)
else:
    {"fork_join": fork_join, "fan_out": fan_out, "hedging": hedging}[sys.argv[1]]()
