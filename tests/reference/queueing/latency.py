"""Prints the values of tests/queueing/latency.test.cpp: limits by bisection, p99 from the textbook's exponentials."""

from mpmath import exp, factorial, gammainc, mp, mpf, nstr

mp.dps = 50


def root(f, low, high):
    """The root of an increasing f."""
    low, high = mpf(low), mpf(high)
    for _ in range(180):
        middle = (low + high) / 2
        low, high = (low, middle) if f(middle) > 0 else (middle, high)
    return low


def gamma_quantile(shape, p):
    return root(lambda x: gammainc(shape, 0, x, regularized=True) - p, 1, 400)


def response_quantile(arrival, service, servers, level):
    a = arrival / service
    terms = [a**k / factorial(k) for k in range(servers + 1)]
    waiting = terms[servers] / (1 - a / servers)
    c = waiting / (sum(terms[:servers]) + waiting)
    s = servers * service - arrival
    mu = service

    def cdf(t):
        return 1 - (1 - c) * exp(-mu * t) - c * (s * exp(-mu * t) - mu * exp(-s * t)) / (s - mu)

    return root(lambda t: cdf(t) - level, 0, 1000)


tail = (1 - mpf("0.95")) / 4
arrivals, exposure, served, total, servers, level = 120, 60, 80, 40, 3, mpf("0.99")
events = [gamma_quantile(arrivals, tail), mpf(arrivals), gamma_quantile(arrivals + 1, 1 - tail)]
services = [gamma_quantile(served, 1 - tail), mpf(served), gamma_quantile(served, tail)]
for x, y in zip(events, services):
    print(nstr(response_quantile(x / exposure, y / total, servers, level), 20))
