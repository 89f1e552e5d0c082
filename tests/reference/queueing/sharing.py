#!/usr/bin/env python3
"""Writes tests/data/queueing/sharing.csv and sharing_far.csv: the response of M/M/1 processor sharing.

Morrison (SIAM J. Appl. Math. 45, 1985) in the form of Flatto's waiting time of random order of service (Ann. Appl.
Probab. 7, 1997), which is the same law given a wait (Borst, Boxma, Morrison, Nunez-Queija, Oper. Res. Lett. 31, 2003):
  P(R > t) = 2 (1 - rho) int_0^pi exp((2 phi - a) cot a) / (1 + exp(pi cot a)) sin a / r(a)^2 exp(-r(a) t) da,
  phi = arg(cos a - sqrt(rho) + i sin a), r(a) = 1 + rho - 2 sqrt(rho) cos a,
at 60 digits. Rows at rho = 1/4 and 1/2, t = 3 are checked against the uniformised chain of a tagged request among n.
"""
import datetime
import pathlib

import mpmath
from mpmath import mp, mpf

mp.dps = 60
DATA = pathlib.Path(__file__).parents[2] / "data" / "queueing"
SOURCE = f"# tests/reference/queueing/sharing.py, mpmath {mpmath.__version__}, 60 digits, {datetime.date(2026, 11, 23)}"


def log_term(rho, t, u):
    """Of the integrand over u = log tan(a / 2), at a time t."""
    root = mpmath.sqrt(rho)
    a = 2 * mpmath.atan(mp.exp(u))
    phi = mpmath.atan2(mp.sin(a), mp.cos(a) - root)
    r = 1 + rho - 2 * root * mp.cos(a)
    return (
        (2 * phi - a) * mp.cot(a) - mp.log1p(mp.exp(mp.pi * mp.cot(a))) + 2 * mp.log(mp.sin(a)) - 2 * mp.log(r) - r * t
    )


def far_log_survival(rho, t):
    """After so long a time that the integrand is one narrow peak: found by thirds, then summed in its own width."""
    low, high = mpf(-60), mpf(5)
    while high - low > mpf(10) ** -25:
        third = (high - low) / 3
        if log_term(rho, t, low + third) < log_term(rho, t, high - third):
            low += third
        else:
            high -= third
    peak, h = low, mpf(10) ** -15
    top = log_term(rho, t, peak)
    step = h / mpmath.sqrt(2 * top - log_term(rho, t, peak - h) - log_term(rho, t, peak + h)) / 4
    step = min(step, mpf(1) / 24)
    total = mp.fsum(mp.exp(log_term(rho, t, peak + i * step) - top) for i in range(-90, 91))
    ends = mp.exp(log_term(rho, t, peak - 90 * step) - top) + mp.exp(log_term(rho, t, peak + 90 * step) - top)
    assert ends < mpf(10) ** -25
    return top + mp.log(2 * (1 - rho) * step * total)


def integral(rho, f, step=mpf(1) / 24):
    """The trapezoidal rule over u = log tan(a / 2); both ends of the weight vanish double exponentially."""
    root = mpmath.sqrt(rho)

    def term(u):
        a = 2 * mpmath.atan(mp.exp(u))
        phi = mpmath.atan2(mp.sin(a), mp.cos(a) - root)
        r = 1 + rho - 2 * root * mp.cos(a)
        weight = mp.exp((2 * phi - a) * mp.cot(a)) / (1 + mp.exp(mp.pi * mp.cot(a))) * mp.sin(a) / r**2
        return 2 * (1 - rho) * weight * f(r) * mp.sin(a)

    low = min(mp.log((1 - root) / 800) / 2, mpf(-6))
    count = int((5 - low) / step)
    return step * mp.fsum(term(5 - i * step) for i in range(count))


def survival(rho, t):
    return integral(rho, lambda r: mp.exp(-r * t))


def cdf(rho, t):
    return integral(rho, lambda r: -mp.expm1(-r * t))


def chain(rho, t, most=150):
    """P(R > t) from the generator: n others; the tagged request leaves at 1/(n+1), another at n/(n+1)."""
    v = [mpf(1)] * (most + 1)
    rate = 1 + rho
    total, weight, k = mpf(0), mp.exp(-rate * t), 0
    while k < rate * t or weight > mpf(10) ** -32:
        total += weight * sum((1 - rho) * rho**n * v[n] for n in range(most + 1))
        k += 1
        weight *= rate * t / k
        v = [(rho * v[min(n + 1, most)] + (n * v[n - 1] / mpf(n + 1) if n else 0)) / rate for n in range(most + 1)]
    return total


def main():
    for rho in (mpf(1) / 4, mpf(1) / 2):
        assert abs(chain(rho, 3) / survival(rho, 3) - 1) < mpf(10) ** -28
    assert abs(survival(mpf("0.875"), 8) / integral(mpf("0.875"), lambda r: mp.exp(-r * 8), mpf(1) / 37) - 1) < mpf(10) ** -40
    lines = [SOURCE, "rho,t,log_survival,cdf"]
    loads = ["0.0009765625", "0.125", "0.5", "0.875", "0.9990234375", "0.99999904632568359375", "0.999999999068677425384521484375"]
    for rho in map(mpf, loads):
        for scaled in ("0.0009765625", "0.125", "1", "4", "16", "128"):
            t = mpf(scaled) / (1 - rho)
            t = mpf(float(t))
            lines.append(",".join([mp.nstr(rho, 25), repr(float(t)), mp.nstr(mp.log(survival(rho, t)), 25), mp.nstr(cdf(rho, t), 25)]))
        for t in map(mpf, ("0.0000152587890625", "1")):
            lines.append(",".join([mp.nstr(rho, 25), repr(float(t)), mp.nstr(mp.log(survival(rho, t)), 25), mp.nstr(cdf(rho, t), 25)]))
    (DATA / "sharing.csv").write_text("\n".join(lines) + "\n")
    assert abs(far_log_survival(mpf("0.5"), mpf(10) ** 4) / mp.log(survival(mpf("0.5"), mpf(10) ** 4)) - 1) < mpf(10) ** -25
    lines = [SOURCE, "rho,t,log_survival"]
    for rho in map(mpf, ("0.0009765625", "0.125", "0.875")):
        for t in map(mpf, ("1e4", "1e6", "1e9", "1e12", "1e15")):
            lines.append(f"{mp.nstr(rho, 25)},{mp.nstr(t, 25)},{mp.nstr(far_log_survival(rho, t), 25)}")
    (DATA / "sharing_far.csv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
