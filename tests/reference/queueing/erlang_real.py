"""Writes tests/data/queueing/erlang_real.csv: Erlang B and C of numbers of servers that are not whole, to 25 digits.

1/B = e^a a^-c Gamma(c + 1, a), at 80 digits; the headers use a recurrence, a continued fraction and Stirling's series.
Every input is a float exactly.
"""

import pathlib

from mpmath import __version__, exp, gammainc, log, mp, mpf, nstr

mp.dps = 80
rows = []
for c in (mpf(2) ** -10, mpf("0.125"), mpf("0.5"), mpf("0.9375"), mpf("1.5"), mpf("2.75"), mpf("10.5"), mpf("63.25"),
          mpf("64.5"), mpf("100.125"), mpf("1000.5"), mpf("4096.75")):
    for ratio in (mpf(2) ** -12, mpf("0.0625"), mpf("0.5"), mpf("0.875"), mpf("0.96875"), mpf(1), mpf("1.0625"), mpf(2),
                  mpf(64), mpf(2) ** 20):
        a = mpf(float(c * ratio))
        if a * 2**10 != int(a * 2**10) and a > 64:
            continue
        inverse = exp(a - c * log(a)) * gammainc(c + 1, a)
        b = 1 / inverse
        rows.append(f"{nstr(c, 30)},{nstr(a, 40)},erlang_b,{nstr(b, 25)}")
        if a < c:
            rows.append(f"{nstr(c, 30)},{nstr(a, 40)},erlang_c,{nstr(c * b / (c - a + a * b), 25)}")
out = pathlib.Path(__file__).parents[2] / "data/queueing/erlang_real.csv"
out.write_text(
    f"# tests/reference/queueing/erlang_real.py, mpmath {__version__}, {mp.dps} digits, 2026-11-23\n"
    "servers,load,quantity,value\n" + "\n".join(rows) + "\n"
)
print(len(rows))
