"""Writes tests/data/incident/mtbf.csv and long_run.csv: limits of an exponential mean and of a ratio of two.

Run from the root of the repository: python3 tests/reference/incident/mtbf.py
"""

import datetime
import pathlib

import mpmath as mp

mp.mp.dps = 50
DATA = pathlib.Path("tests/data/incident")
HEAD = f"# python3 tests/reference/incident/mtbf.py, mpmath {mp.__version__}, 50 digits, {datetime.date(2026, 11, 23)}\n"


def digits(x):
    return mp.nstr(x, 25, strip_zeros=False) if mp.isfinite(x) else "inf"


def root(log_probability, tail):
    """Where a monotone ln P(u) meets ln(tail): bracketed from 0, then Illinois."""
    g = lambda u: log_probability(u) - mp.log(tail)
    reach = mp.mpf(1)
    while g(-reach) * g(reach) > 0:
        reach *= 2
    return mp.findroot(g, (-reach, reach), solver="illinois", tol=mp.mpf(10) ** -80)


def gamma_above(shape, tail):
    """The value that a gamma(shape) variable exceeds with probability tail, on the scale of ln(x / shape)."""
    return shape * mp.exp(root(lambda u: mp.log(mp.gammainc(shape, shape * mp.exp(u), regularized=True)), tail))


def gamma_below(shape, tail):
    return shape * mp.exp(root(lambda u: mp.log(mp.gammainc(shape, 0, shape * mp.exp(u), regularized=True)), tail))


def mtbf():
    with open(DATA / "mtbf.csv", "w", encoding="ascii") as out:
        out.write(HEAD + "# lower = T / gamma_above(r + 1, tail), or r where the exposure stopped at a failure; upper = T / gamma_below(r, tail)\n")
        out.write("failures,exposure,confidence_level,stopping,lower,upper\n")
        for failures in (0, 1, 2, 3, 8, 40, 365):
            for level in (0.5, 0.9, 0.95, 0.9990234375):
                for stopping in ("at_time", "at_event"):
                    if failures == 0 and stopping == "at_event":
                        continue
                    exposure = mp.mpf(2592000)
                    tail = (1 - mp.mpf(level)) / 2
                    shape = failures + (1 if stopping == "at_time" else 0)
                    lower = exposure / gamma_above(mp.mpf(shape), tail)
                    upper = mp.inf if failures == 0 else exposure / gamma_below(mp.mpf(failures), tail)
                    out.write(f"{failures},{int(exposure)},{level},{stopping},{digits(lower)},{digits(upper)}\n")


def long_run():
    with open(DATA / "long_run.csv", "w", encoding="ascii") as out:
        out.write(HEAD + "# u / (1 - u) = downtime / uptime times F, F at the tails of the F distribution with 2 r and 2 r degrees\n")
        out.write("failures,uptime,downtime,confidence_level,value,lower,upper\n")
        for failures in (1, 2, 6, 30, 400):
            for uptime, downtime in ((2160.0, 9.5), (1e9, 1.0), (8.0, 1024.0)):
                for level in (0.5, 0.9, 0.95):
                    tail = (1 - mp.mpf(level)) / 2
                    r = mp.mpf(failures)
                    # F / (1 + F) is beta(r, r), symmetric about 1/2: solve for its lower tail on the logit scale.
                    logit = root(lambda u: mp.log(mp.betainc(r, r, 0, 1 / (1 + mp.exp(-u)), regularized=True)), tail)
                    ratio = mp.mpf(downtime) / mp.mpf(uptime)
                    ends = [ratio * mp.exp(s * logit) for s in (1, -1)]
                    lower, upper = (x / (1 + x) for x in ends)
                    out.write(
                        f"{failures},{uptime},{downtime},{level},{digits(ratio / (1 + ratio))},{digits(lower)},{digits(upper)}\n"
                    )


if __name__ == "__main__":
    mtbf()
    long_run()
