"""Writes tests/data/queueing/halfin_whitt.csv: the limit of Erlang C and its inverse, to 25 digits.

The first four rows were computed apart from this file, with mpmath 1.2.1 at 60 digits. Inverses by bisection.
"""

import pathlib

from mpmath import erfc, exp, mp, mpf, nstr, pi, sqrt

mp.dps = 60


def limit(beta):
    return 1 / (1 + beta * erfc(-beta / sqrt(2)) / 2 * sqrt(2 * pi) * exp(beta * beta / 2))



def bisected(p):
    low, high = mpf(0), mpf(60)
    for _ in range(260):
        middle = (low + high) / 2
        low, high = (middle, high) if limit(middle) > p else (low, middle)
    return low


lines = [
    f"# tests/reference/queueing/halfin_whitt.py, mpmath {__import__('mpmath').__version__}, 60 digits, 2026-11-23",
    "quantity,at,value,source",
    "beta,0.01,2.374888147535050479012469,mpmath 60 digits",
    "beta,0.3,0.8289446333562420612212792,mpmath 60 digits",
    "limit,2.375,0.00999687779413781949904606,mpmath 60 digits",
    "limit,1,0.2233612747982607402528077,mpmath 60 digits",
]
for k in (-30, -20, -10, -4, -2, -1, 1, 2, 3, 4, 5):
    for factor in (mpf(1), mpf("1.125")):
        beta = factor * mpf(2) ** k
        lines.append(f"limit,{nstr(beta, 30)},{nstr(limit(beta), 25)},halfin_whitt.py")
for k in (-996, -300, -100, -30, -10, -4, -2, -1):
    p = mpf(2) ** k
    lines.append(f"beta,{nstr(p, 30)},{nstr(bisected(p), 25)},halfin_whitt.py")
for k in (2, 4, 10, 20, 30):
    p = 1 - mpf(2) ** -k
    lines.append(f"beta,{nstr(p, 30)},{nstr(bisected(p), 25)},halfin_whitt.py")
out = pathlib.Path(__file__).parents[2] / "data" / "queueing" / "halfin_whitt.csv"
out.write_text("\n".join(lines) + "\n")
