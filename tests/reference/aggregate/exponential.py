"""Writes tests/data/aggregate/exponential.csv: 2^(j/256), j = 0..255, rounded down to 53 bits, from 400-bit powers."""

import pathlib

from mpmath import __version__, floor, mp, mpf

mp.prec = 400

target = pathlib.Path(__file__).resolve().parents[2] / "data" / "aggregate" / "exponential.csv"
target.parent.mkdir(parents=True, exist_ok=True)
with target.open("w") as out:
    out.write(f"# tests/reference/aggregate/exponential.py, mpmath {__version__}, 400 bits, 2026-11-23\n")
    out.write("j,floor_of_2_to_52_plus_j_over_256\n")
    for j in range(256):
        out.write(f"{j},{int(floor(mpf(2) ** (52 + mpf(j) / 256)))}\n")
