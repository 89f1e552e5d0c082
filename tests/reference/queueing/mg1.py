"""Tails of the wait and of the response of M/G/1, for tests/data/queueing/mg1_delay.csv.

Rational transforms (Erlang, hyperexponential): by partial fractions, exact. Log-normal: the transform by quadrature
along the line on which its integrand does not oscillate, inverted by the algorithm of de Hoog.
"""

import sys

import mpmath as mp

mp.mp.dps = 60


def rational(arrival, parts, response):
    """parts: (probability, stages, rate of a stage). The tail as a sum of exponentials."""
    mean = sum(p * k / r for p, k, r in parts)

    def times(a, b):
        out = [mp.mpf(0)] * (len(a) + len(b) - 1)
        for i, x in enumerate(a):
            for j, y in enumerate(b):
                out[i + j] += x * y
        return out

    def power(r, k):
        out = [mp.mpf(1)]
        for _ in range(k):
            out = times(out, [mp.mpf(1), r])  # s + r, highest power first
        return out

    below = [mp.mpf(1)]
    for _, k, r in parts:
        below = times(below, power(r, k))
    above = [mp.mpf(0)] * len(below)
    for i, (p, k, r) in enumerate(parts):
        term = [p * r**k]
        for j, (_, other, rate) in enumerate(parts):
            if j != i:
                term = times(term, power(rate, other))
        above = [x + (term[n - len(above) + len(term)] if n - len(above) + len(term) >= 0 else 0)
                 for n, x in enumerate(above)]
    # W~ = (1 - rho) s D / ((s - lambda) D + lambda N); both have the root 0.
    bottom = times([mp.mpf(1), -arrival], below)
    bottom = [b + (arrival * above[i - 1] if i > 0 else 0) for i, b in enumerate(bottom)]
    bottom = bottom[:-1]
    top = above if response else below
    roots = mp.polyroots(bottom, maxsteps=500, extraprec=400)
    slope = [c * (len(bottom) - 1 - i) for i, c in enumerate(bottom[:-1])]
    rho = arrival * mean
    return lambda t: mp.re(sum((1 - rho) * mp.polyval(top, r) / mp.polyval(slope, r) * mp.exp(r * t) / -r for r in roots))


def lognormal(arrival, mean, scv, response):
    sigma = mp.sqrt(mp.log(1 + scv))
    mu = mp.log(mean) - sigma**2 / 2

    def transform(s):
        turn = 1j * mp.arg(s) / sigma
        h = mp.mpf(1) / 16
        return h / mp.sqrt(2 * mp.pi) * sum(
            mp.exp(-abs(s) * mp.exp(sigma * z + mu) - (z - turn) ** 2 / 2) for z in mp.arange(-13, 13, h))

    def tail(s):
        service = transform(s)
        wait = (1 - arrival * mean) * s / (s - arrival * (1 - service))
        return (1 - (wait * service if response else wait)) / s

    return lambda t: mp.invertlaplace(tail, t, method="dehoog", dps=40, degree=35)


def rows():
    f = mp.mpf
    for arrival in (f("0.5"), f("0.875"), f("0.99609375")):
        laws = {
            "erlang2": [(f(1), 2, f(2))],
            "erlang5": [(f(1), 5, f(5))],
            "hyper": [(f("0.875"), 1, f(2)), (f("0.125"), 1, f(2) / 9)],
        }
        for name, parts in laws.items():
            for which in ("wait", "response"):
                tail = rational(arrival, parts, which == "response")
                for t in ("0.015625", "0.5", "4", "32", "256"):
                    value = tail(f(t))
                    if value > f("1e-250"):
                        yield name, which, arrival, t, mp.nstr(value, 20), "partial fractions"
    for arrival in (f("0.5"), f("0.875")):
        for which in ("wait", "response"):
            tail = lognormal(arrival, f(1), f(4), which == "response")
            for t in ("0.5", "4", "32", "256"):
                yield "lognormal4", which, arrival, t, mp.nstr(mp.re(tail(f(t))), 15), "de Hoog"


out = open(sys.argv[1], "w") if len(sys.argv) > 1 else sys.stdout
print("# tests/reference/queueing/mg1.py, mpmath", mp.__version__ + ", 60 digits, 2026-11-23; services of mean 1", file=out)
print("# erlang2, erlang5: stages; hyper: 7/8 of mean 1/2, 1/8 of mean 9/2; lognormal4: scv 4", file=out)
print("law,delay,arrival_rate,t,tail,source", file=out)
for row in rows():
    print(*(mp.nstr(x, 20) if isinstance(x, mp.mpf) else x for x in row), sep=",", file=out, flush=True)
