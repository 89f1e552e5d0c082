"""Writes tests/data/sli/counter.csv: published answers of Prometheus about counters.

The inputs and answers are those of promql/promqltest/testdata/{functions,extended_vectors,start_timestamps}.test of
github.com/prometheus/prometheus at d15adb9 (2026-08-21). Answers printed there with nine digits are thirds, sixths and
the like; they are written here as the fraction with the smallest denominator that has these digits.
"""

import re
from fractions import Fraction

UNITS = {"ms": Fraction(1, 1000), "s": Fraction(1), "m": Fraction(60)}


def seconds(text):
    return sum((Fraction(n) * UNITS[u] for n, u in re.findall(r"([+-]?\d+)(ms|s|m)", text)), Fraction(0))


def expand(notation, number=Fraction):
    """'1+2x3' is 1 3 5 7, '7x2' is 7 7 7, '_' is no sample."""
    values = []
    for token in notation.split():
        if token == "_":
            values.append(None)
        elif token.startswith("_x"):
            values += [None] * int(token[2:])
        elif "x" in token:
            head, times = token.rsplit("x", 1)
            first, step = re.fullmatch(r"([+-]?[\d.]+(?:ms|s|m)?)([+-][\d.]+(?:ms|s|m)?)?", head).groups()
            values += [number(first) + i * number(step or "0s" if number is seconds else step or 0)
                       for i in range(int(times) + 1)]
        else:
            values.append(number(token))
    return values


def joined(step, values):
    return ";".join(f"{float(i * step):g}:{float(v):.17g}" for i, v in enumerate(values) if v is not None)


rows = []


def row(source, step, notation, function, window, at, expected, edges="extrapolated", starts=None):
    values = expand(notation)
    step = seconds(step)
    start_cells = ""
    if starts is not None:
        offsets = expand(starts, seconds)
        # An offset of 0 is a start at the sample itself.
        start_cells = joined(step, [None if v is None or o is None else i * step + o
                                    for i, (v, o) in enumerate(zip(values, offsets))])
    answer = ""
    if expected is not None:
        exact = Fraction(str(expected))
        exact = exact.limit_denominator(100) if len(str(expected)) == 11 else exact
        answer = f"{float(exact):.17g}"
    rows.append([source, function, edges, joined(step, values), start_cells, f"{float(seconds(window)):g}",
                 f"{float(seconds(at)):g}", answer])


F, X, S = "functions", "extended_vectors", "start_timestamps"
for notation, at_50, at_100 in (("0+10x10", 100, 100), ("0+18x5 0+18x5", 160, 162), ("10+10x10", 100, 105),
                                ("1+10x10", 100, 101)):
    row(F, "5m", notation, "increase", "50m", "50m", at_50)
    row(F, "5m", notation, "increase", "100m", "50m", at_100)
row(F, "5m", "0 1 2 3 2 3 4", "increase", "30m", "30m", 7)
row(F, "5m", "0+27x4 0+27x5", "rate", "50m", "50m", "0.08")
row(F, "5m", "0+80x10", "rate", "50m", "50m", "0.26666666666666666")
row(F, "5m", "0+10x9 0 10", "rate", "5m", "50m", None)
row(F, "5m", "0+10x9 0 10", "rate", "6m", "50m", 0)
row(F, "5m", "0+10x10", "rate", "10m", "45m", "0.03333333333333333")
row(F, "5m", "0+20x10", "rate", "10m", "45m", "0.06666666666666667")
for k, at_10 in enumerate(("0.5", "0.55", "0.6", "0.6", "0.6", "0.6")):
    row(F, "4m", f"{60 * k}+240x10", "rate", "20m", "10m", at_10)
    row(F, "4m", f"{60 * k}+240x10", "rate", "20m", "50m", "0.6")
row(F, "5m", "0+10x10", "irate", "50m", "50m", "0.03333333333333333")
row(F, "5m", "0+10x5 0+10x5", "irate", "50m", "50m", "0.03333333333333333")
row(F, "5m", "0+10x5 0+10x5", "irate", "50m", "30m", 0)
for notation, resets, changes in (("1 2 3 0 1 0 0 1 2 0", (None, 0, 0, 1, 1, 2, 3), (None, 0, 2, 3, 7)),
                                  ("1 2 3 4 5 1 2 3 4 5", (None, 0, 0, 0, 0, 1, 1), (None, 0, 2, 4, 8)),
                                  ("0 0 0 0 0 1 1 1 1 1", (None, 0, 0, 0, 0, 0, 0), (None, 0, 0, 0, 1))):
    for window, expected in zip(("5m", "10m", "600s", "20m", "30m", "32m", "50m"), resets):
        row(F, "5m", notation, "resets", window, "50m", expected)
    for window, expected in zip(("5m", "6m", "20m", "30m", "50m"), changes):
        row(F, "5m", notation, "changes", window, "50m", expected)

INSTANTS = [f"{t}s" for t in range(5, 126, 15)]
for notation, edges, expected in (
    ("1+1x4 9+1x4", "extrapolated", (None, 1.833333333, 2.833333333, 4, 4, 8, 8, 8, 4)),
    ("1+1x4 9+1x4", "anchored", (0, 1, 2, 3, 4, 7, 7, 7, 7)),
    ("1+1x4 9+1x4", "smoothed", (0.333333333, 1.333333333, 2.333333333, 3.333333333, 5, 7, 7, 7, 6)),
    ("1+1x2 _ _ 9+1x4", "extrapolated",
     (None, 1.833333333, 2.833333333, 3.166666667, 2.166666667, 8, 1.833333333, 2.833333333, 4)),
    ("1+1x2 _ _ 9+1x4", "anchored", (0, 1, 2, 2, 2, 7, 7, 8, 9)),
    ("1+1x2 _ _ 9+1x4", "smoothed",
     (0.333333333, 1.333333333, 2.666666667, 4.666666667, 6.333333333, 7, 6.666666667, 5.666666667, 4.666666667)),
):
    for at, value in zip(INSTANTS, expected):
        row(X, "15s", notation, "increase", "1m", at, value, edges)
row(X, "1m", "1 2 _ 4 5", "increase", "1m", "2m", 1, "smoothed")
row(X, "1m", "1 2 _ 4 5", "increase", "1m", "2m", None, "anchored")
for notation, at_90, at_360 in (("1+1x4 1+1x4", 1, 5), ("3 2+2x9", 2, 10), ("5+3x2 3+3x6", 3, 15)):
    row(X, "1m", notation, "increase", "1m", "1m30s", None)
    row(X, "1m", notation, "increase", "1m", "1m30s", at_90, "smoothed")
    row(X, "1m", notation, "increase", "1m", "1m30s", at_90, "anchored")
    row(X, "1m", notation, "increase", "5m", "6m", at_360)
    row(X, "1m", notation, "increase", "5m", "6m", at_360, "smoothed")
    row(X, "1m", notation, "increase", "5m", "6m15s", at_360, "smoothed")
    row(X, "1m", notation, "increase", "5m", "5m", at_360, "anchored")
    row(X, "1m", notation, "increase", "5m", "15m", None, "anchored")
row(X, "1m", "9 8 5 4", "increase", "2m", "2m15s", 12, "smoothed")
for function in ("resets", "changes"):
    row(X, "1m", "2 1 2 1 2 1", function, "1m", "3m", 1, "anchored")
row(X, "15s", "100 10", "rate", "10s", "12s", "0.66666666666666667", "smoothed")

ST = "_ _ -30s-1mx2 -1m-1mx2 -59999ms-1mx2 -1s-1mx2 -1ms-1mx2"
for function, no_st, st in (
    ("increase", (300,) * 9, (420, 780, 675, 675, 1275, 1080, 900, 1725, 1440)),
    ("rate", (1,) * 9, ("1.4", "2.6", "2.25", "2.25", "4.25", "3.6", 3, "5.75", "4.8")),
    ("irate", (1,) * 9, (1, 6, 1, 1, 9, 1, 1, 12, 1)),
    ("resets", (0,) * 9, (1, 2, 1, 1, 2, 1, 1, 2, 1)),
):
    for minute, plain, told in zip(range(7, 16), no_st, st):
        row(S, "1m", "_ _ 0+60x14", function, "5m", f"{minute}m", plain)
        row(S, "1m", "_ _ 0+60x14", function, "5m", f"{minute}m", told, starts=ST)
for starts, increase in ((None, 0), ("_ _ -1mx15", 300), ("_ _ -59999msx15", 300), ("_ _ -1msx15", 300),
                         ("_ _ 0sx15", 0)):
    for function, expected in (("increase", increase), ("rate", increase // 300), ("irate", increase // 300)):
        row(S, "1m", "_ _ 60x15", function, "5m", "10m", expected, starts=starts)
        row(S, "1m", "_ _ 60x15", function, "5m", "15m", expected, starts=starts)
for notation, starts, expected in (
    ("_ _ 1 2 3 4 5", None, 5), ("_ _ 1 2 3 4 5", "_ _ -60s-1mx4", 5), ("_ _ 1 2 3 4 5", "_ _ -30s-1mx4", 5),
    ("_ _ 1 2 3 4 5", "_ _ 0s-1mx4", 5), ("_ _ 1 2 3 4 5", "_ _ 1ms-1mx4", 6),
    ("_ _ 1 2 3 4 _", None, 5), ("_ _ 1 2 3 4 _", "_ _ -60s-1mx3 _", 5),
    ("_ _ 1 2 3 4 _", "_ _ -30s-1mx3 _", "5.142857142857143"), ("_ _ 1 2 3 4 _", "_ _ 0s-1mx3 _", 5),
    ("_ _ 1 2 3 4 _", "_ _ 1ms-1mx3 _", "6.333333333"),
    ("_ _ _ 2 3 _ _", None, 2), ("_ _ _ 2 3 _ _", "_ _ _ -120s-1mx1 _ _", 2),
    ("_ _ _ 2 3 _ _", "_ _ _ -90s-1mx1 _ _", "3.6"), ("_ _ _ 2 3 _ _", "_ _ _ 0s-1mx1 _ _", 2),
    ("_ _ _ 2 3 _ _", "_ _ _ 1ms-1mx1 _ _", 6),
    ("_ _ _ _ 3 _ _", None, None), ("_ _ _ _ 3 _ _", "_ _ _ _ -180s _ _", None),
    ("_ _ _ _ 3 _ _", "_ _ _ _ -150s _ _", 3), ("_ _ _ _ 3 _ _", "_ _ _ _ 0s _ _", None),
    ("_ _ _ _ 3 _ _", "_ _ _ _ 1ms _ _", None),
):
    row(S, "1m", notation, "increase", "5m", "6m", expected, starts=starts)

row(S, "1m", "_ _ 5 5 2 _", "increase", "5m", "5m", 16, starts="_ _ -1m -1s _ _")

with open("tests/data/sli/counter.csv", "w") as out:
    out.write("# Published answers of Prometheus, promql/promqltest/testdata at d15adb9 (2026-08-21), written by\n"
              "# tests/reference/sli/counter.py on 2026-11-23. samples and starts are seconds:value, seconds:seconds;\n"
              "# an empty expected means that there is no answer. Answers to 16 digits.\n"
              "file,function,edges,samples,starts,window,at,expected\n")
    out.writelines(",".join(r) + "\n" for r in rows)
print(len(rows), "rows")
