"""The reference tables that the C++ tests read, and closeness to their values."""

import csv
import math
import pathlib

DATA = pathlib.Path(__file__).resolve().parents[3] / "tests" / "data"


def rows(name):
    """The rows of a table below tests/data, for example "queueing/erlang.csv", as dicts of strings by column. Lines
    that start with # say where the values come from; they are left out. A table without rows is an error."""
    with (DATA / name).open(encoding="utf-8") as lines:
        found = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    if not found:
        raise ValueError(f"no rows in tests/data/{name}")
    return found


def close(actual, expected, most=1e-13):  # the worst of the queueing tables, which take the default, is 4e-14
    """Whether the relative error is at most `most`, without an absolute floor. An infinity is close to itself only."""
    return actual == expected or abs(actual - expected) <= most * abs(expected) < math.inf
