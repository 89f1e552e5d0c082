"""Beta, gamma and Student quantiles at 50 digits by quadrature of the density and Newton's method; no series of the
library is used. Shared by the generators beside it."""

from mpmath import mp, mpf

DATE = "2026-11-23"
DIGITS = 50


def head(generator: str) -> str:
    return f"# tests/reference/stats/{generator}, mpmath {__import__('mpmath').__version__}, {DIGITS} digits, {DATE}\n"


def shortest(x: mpf) -> str:
    return mp.nstr(x, 25, min_fixed=0, max_fixed=0)


def tail_below(log_density, x):
    """The integral of the density over (0, x), as its logarithm, and the density times x over it. t = x exp(-s)."""

    def log_ratio(s):
        return log_density(x * mp.exp(-s)) - log_density(x) - s

    depth = mp.dps * 2.4 + 10
    reach = mpf(1) / 10**9
    while log_ratio(reach) > -depth:
        reach *= 1.6
    ratio = mp.quad(lambda s: mp.exp(log_ratio(s)), [reach * i / 8 for i in range(9)])
    return log_density(x) + mp.log(x * ratio), 1 / ratio


def solve_below(make_log_density, start, tail):
    """x with the integral over (0, x) equal to tail: Newton on the logarithm of both, which is concave."""
    x = start
    for dps, steps in ((30, 60), (DIGITS + 20, 4)):
        mp.dps = dps
        log_density = make_log_density()
        for _ in range(steps):
            log_tail, slope = tail_below(log_density, +x)
            step = (mp.log(tail) - log_tail) / slope
            x = x * mp.exp(step)
            if abs(step) < mpf(10) ** (-dps + 16):
                break
        else:
            if dps > 30 and abs(step) > mpf(10) ** (-DIGITS + 10):
                raise ArithmeticError(f"no convergence: {step}")
    mp.dps = DIGITS
    return +x


def beta_below(a, b, tail):
    """P(B <= x) = tail for B of beta(a, b)."""
    a, b = mpf(a), mpf(b)
    if b == 1:
        return tail ** (1 / a)
    if a == 1:
        return -mp.expm1(mp.log1p(-tail) / b)

    def make():
        constant = mp.loggamma(a + b) - mp.loggamma(a) - mp.loggamma(b)
        return lambda t: (a - 1) * mp.log(t) + (b - 1) * mp.log1p(-t) + constant

    return solve_below(make, a / (a + b), mpf(tail))


def beta_above(a, b, tail):
    return 1 - beta_below(b, a, tail)


def gamma_below(shape, tail):
    shape = mpf(shape)

    def make():
        constant = mp.loggamma(shape)
        return lambda t: (shape - 1) * mp.log(t) - t - constant

    return solve_below(make, shape, mpf(tail))


def gamma_above(shape, tail):
    """By t -> 1 / t the upper tail of gamma is a lower tail."""
    shape = mpf(shape)
    if shape == 1:
        return -mp.log(tail)

    def make():
        constant = mp.loggamma(shape)
        return lambda u: (shape - 1) * -mp.log(u) - 1 / u - constant - 2 * mp.log(u)

    return 1 / solve_below(make, 1 / shape, mpf(tail))


def beta_tail_below(a, b, x):
    """P(B <= x) for B of beta(a, b), x below the mean or anywhere the quadrature sees the mode."""
    mp.dps = DIGITS + 20
    a, b, x = mpf(a), mpf(b), mpf(x)
    constant = mp.loggamma(a + b) - mp.loggamma(a) - mp.loggamma(b)
    log_tail, _ = tail_below(lambda t: (a - 1) * mp.log(t) + (b - 1) * mp.log1p(-t) + constant, x)
    mp.dps = DIGITS
    return mp.exp(log_tail)


def normal_deviate(tail):
    mp.dps = DIGITS + 20
    start = mp.sqrt(-2 * mp.log(tail)) if tail < 0.01 else mpf(2)
    x = mp.findroot(lambda z: mp.log(mp.erfc(z / mp.sqrt(2)) / 2) - mp.log(tail), start)
    mp.dps = DIGITS
    return +x


def student_deviate(freedom, tail):
    """t with P(T > t) = tail; with x = freedom / (freedom + t^2), P(T > t) = I_x(freedom / 2, 1 / 2) / 2."""
    x = beta_below(mpf(freedom) / 2, mpf(1) / 2, 2 * mpf(tail))
    return mp.sqrt(freedom * (1 - x) / x)


def tail_of(level: float, sides: str = "both"):
    """What the interval leaves out at a bounded end, from the double nearest to the level."""
    return (1 - mpf(level)) / (2 if sides == "both" else 1)


mp.dps = DIGITS
