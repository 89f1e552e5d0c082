"""Writes tests/data/queueing/erlang.csv: Erlang B and C to 25 digits, from 1/B summed over exact terms.

Loads and slacks are exact in float, so that every type is tested against the same number. `slack` rows give
load = servers - slack exactly, where no double holds the load.
"""

import pathlib
import struct

from mpmath import __version__, log, mp, mpf, nstr

mp.dps = 60


def inverse_b(servers: int, load: mpf) -> mpf:
    """1/B = sum over j of servers! / (servers - j)! / load^j: positive terms, rising and then falling."""
    total = term = mpf(1)
    for n in range(servers, 0, -1):
        term *= n / load
        total += term
        if n < load and term < total * mpf(10) ** -58:
            break
    return total


def row(kind: str, servers: int, load: mpf, given: mpf) -> str:
    x = inverse_b(servers, load)
    slack = servers - load
    c = 1 / (1 + slack / servers * (x - 1)) if slack > 0 else mpf(1)
    values = [1 / x, -log(x), c, log(c)]
    return ",".join([kind, str(servers), nstr(given, 30), *(nstr(v, 25) for v in values)])


def exact_in_float(x: mpf) -> bool:
    return struct.unpack("f", struct.pack("f", float(x)))[0] == x


rows = []
for servers in (1, 2, 5, 16, 63, 64, 65, 100, 255, 256, 257, 400, 1000, 30000):
    for part in (1, 20, 100, 200, 256, 400, 476, 500, 508, 511, 512, 513, 640, 5120):
        load = mpf(servers * part) / 512
        if exact_in_float(load):
            rows.append(row("load", servers, load, load))
for servers in (1, 64, 1024, 2**17):  # by the exponent of the distance to saturation, from both sides, and to no load
    for k in (1, 4, 10, 16, 20, 23):
        for part in (mpf(2) ** -k, 1 - mpf(2) ** -k, 1 + mpf(2) ** -k):
            if exact_in_float(servers * part):
                rows.append(row("load", servers, servers * part, servers * part))
for servers, load in ((3, 2.0**-40), (40, 2.0**-20), (200, 2.0**-10), (100, 2.0**100), (7, 2.0**30)):
    rows.append(row("load", servers, mpf(load), mpf(load)))
for servers, load in (
    (1_000_000, 999_936), (1_000_000, 995_328), (1_000_000, 1_000_448), (10_000_000, 9_996_288), (10_000_000, 9_961_472),
    (10_000_000, 10_000_384), (300_000, 294_912), (1_000_000_000, 999_999_936), (1_000_000_000, 999_936_000),
    (1_000_000_000, 1_000_064_000),
):  # fmt: skip
    rows.append(row("load", servers, mpf(load), mpf(load)))
for servers, slack in (
    (1, 2.0**-40), (2, 2.0**-30), (10, 0.1015625), (100, 2.0**-40), (1000, 2.0**-60), (1000, 30.3125), (100_000, 0.328125),
    (1_000_000, 2.0**-30), (1_000_000, 511.0 / 2**20), (1_000_000, 500.0 + 2.0**-12), (10_000_000, 1600.0 + 2.0**-11),
    (10_000_000, 2.0**-20 + 2.0**-40), (50, 49.75), (80, 79.9375),
):  # fmt: skip
    rows.append(row("slack", servers, servers - mpf(slack), mpf(slack)))

out = pathlib.Path(__file__).parents[2] / "data" / "queueing" / "erlang.csv"
out.write_text(
    f"# tests/reference/queueing/erlang.py, mpmath {__version__}, {mp.dps} digits, 2026-11-23\n"
    "kind,servers,given,erlang_b,log_erlang_b,erlang_c,log_erlang_c\n" + "\n".join(rows) + "\n"
)
print(len(rows))
