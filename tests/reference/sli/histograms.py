"""Writes tests/data/sli/{classic_histogram,native_histogram,native_counter}.csv: published answers of Prometheus.

    python3 tests/reference/sli/histograms.py CHECKOUT

reads the inputs and answers of promql/promqltest/testdata/*.test in a checkout of github.com/prometheus/prometheus at
d15adb9 (2026-08-21) and writes down what can be asked of one histogram or of one series of them. Not carried over:
aggregation over series other than by the addition of two, trimming (</ and >/), comparisons, annotations, and delta.
Rates of classic buckets that grow steadily stand as their growth per step, which has the same quantiles.
"""

import math
import pathlib
import re
import sys
from fractions import Fraction

UNITS = {"ms": Fraction(1, 1000), "s": Fraction(1), "m": Fraction(60), "h": Fraction(3600)}
DURATION = r"(?:\d+(?:ms|s|m|h))+|\d+"
RATE = re.compile(r"(increase|rate|irate|resets|changes)\((\w+)(\{[^}]*\})?\[(%s)\](?: (anchored|smoothed))?\)$" % DURATION)
SELECTOR = re.compile(r"(\w+)(\{[^}]*\})?$")


def seconds(text):
    if re.fullmatch(r"-?\d+", text):
        return Fraction(text)
    sign = -1 if text.startswith("-") else 1
    return sign * sum((Fraction(n) * UNITS[u] for n, u in re.findall(r"(\d+)(ms|s|m|h)", text)), Fraction(0))


def shown(x):
    return f"{float(x):g}" if float(f"{float(x):g}") == x else repr(float(x))


def number(text):
    return float(text.replace("Inf", "inf").replace("NaN", "nan"))


class Histogram(dict):
    """Fields of the test notation: numbers, and buckets as {index: count}."""

    def text(self):
        parts = [f"{key} {shown(self[key])}" for key in ("schema", "count", "sum", "zeros", "width") if self.get(key)]
        for key in ("positive", "negative"):
            if self.get(key):
                parts.append(key + " " + " ".join(f"{i}:{shown(c)}" for i, c in sorted(self[key].items())))
        if self.get("bounds") is not None:
            parts.append("bounds " + " ".join(shown(b) for b in self["bounds"]))
        if self.get("hint", "unknown") != "unknown":
            parts.append("hint " + self["hint"])
        return "|".join(parts)

    def plus(self, other, times):
        # As the loader does: addition is at the coarser schema.
        if not times:
            return self
        low = min(self["schema"], other["schema"])
        sums = Histogram(self, schema=low)
        for key in ("count", "sum", "zeros"):
            sums[key] = self[key] + times * other[key]
        for key in ("positive", "negative"):
            merged = {}
            for h, factor in ((self, 1), (other, times)):
                for i, c in h[key].items():
                    at = i if h["schema"] == -53 else ((i - 1) >> (h["schema"] - low)) + 1
                    merged[at] = merged.get(at, 0) + factor * c
            sums[key] = merged
        return sums


def histogram(text):
    h = Histogram(schema=0, count=0.0, sum=0.0, zeros=0.0, width=0.0, positive={}, negative={}, bounds=None)
    names = {"schema": "schema", "count": "count", "sum": "sum", "z_bucket": "zeros", "z_bucket_w": "width"}
    lists = {key: [number(x) for x in value.split()] for key, value in re.findall(r"(\w+):\[([^\]]*)\]", text)}
    plain = dict(re.findall(r"(\w+):([^\s\[\]]+)", re.sub(r"\w+:\[[^\]]*\]", "", text)))
    for key, name in names.items():
        if key in plain:
            h[name] = int(plain[key]) if key == "schema" else number(plain[key])
    for key, offset, name in (("buckets", "offset", "positive"), ("n_buckets", "n_offset", "negative")):
        h[name] = {int(plain.get(offset, 0)) + i: c for i, c in enumerate(lists.get(key, []))}
    h["bounds"] = lists.get("custom_values") if h["schema"] != -53 else lists.get("custom_values", [])
    h["hint"] = plain.get("counter_reset_hint", "unknown")
    return h


def sample(text):
    return histogram(text[2:-2]) if text.startswith("{{") else number(text)


def expand(notation, offsets=False):
    """'1+2x3' is 1 3 5 7, '7x2' is 7 7 7, '_' is no sample; histograms likewise. Offsets are lengths of time."""
    values = []
    one = r"\{\{.*?\}\}|stale|_|[+-]?(?:%s)" % (DURATION if offsets else r"[\d.]+(?:[eE][+-]?\d+)?|Inf|NaN")
    for first, sign, step, times in re.findall(r"(%s)(?:([+-])(%s))?(?:x(\d+))?(?:\s+|$)" % (one, one.replace("[+-]?", "")),
                                               notation.strip()):
        for i in range(int(times or 0) + (0 if first == "_" and times else 1)):
            if first in ("_", "stale"):
                values.append(None if first == "_" else "stale")
            elif offsets:
                values.append(seconds(first) + i * (seconds(sign.replace("+", "") + step) if step else 0))
            elif first.startswith("{{"):
                values.append(sample(first).plus(sample(step), i if sign == "+" else -i) if step else sample(first))
            else:
                values.append(number(first) + i * (number(sign + step) if step else 0))
    return values


def labels_of(text):
    return tuple(sorted(re.findall(r'(\w+)="([^"]*)"', text or "")))


def bound(text):
    return number(text.replace("+inf", "Inf").replace("inf", "Inf"))


class Storage(dict):
    """(name, labels) -> [(time, value)]."""

    def load(self, step, lines, nhcb):
        starts = {}
        fresh = {}
        for line in lines:
            name, labels, is_start, notation = re.match(r"(\w*)(\{[^}]*\})?(@st)?\s+(.*)", line).groups()
            key = (name, labels_of(labels))
            values = [(i * step, v) for i, v in enumerate(expand(notation, bool(is_start))) if v is not None]
            if is_start:
                starts[key] = {t: t + v for t, v in values}
            else:
                fresh[key] = values
        self.update(fresh)
        self.starts = {**getattr(self, "starts", {}), **starts}
        if nhcb:
            self.load_custom(fresh)

    def load_custom(self, fresh):
        groups = {}
        for (name, labels), values in fresh.items():
            if name.endswith("_bucket"):
                rest = tuple(x for x in labels if x[0] != "le")
                groups.setdefault((name[:-7], rest), []).append((bound(dict(labels)["le"]), values))
        for (name, labels), buckets in groups.items():
            if len({b for b, _ in buckets}) != len(buckets):
                continue
            buckets.sort(key=lambda b: b[0])
            sums = dict(fresh.get((name + "_sum", labels), []))
            series = []
            for i, (t, total) in enumerate(buckets[-1][1]):
                counts = [values[i][1] for _, values in buckets]
                split = {k: c - (counts[k - 1] if k else 0) for k, c in enumerate(counts)}
                series.append((t, Histogram(schema=-53, count=total, sum=sums.get(t, 0.0), zeros=0.0, width=0.0,
                                            positive=split, negative={}, bounds=[b for b, _ in buckets if b < math.inf],
                                            hint="unknown")))
            self[name, labels] = series

    def find(self, name, labels):
        wanted = labels_of(labels)
        return {key: values for key, values in self.items() if key[0] == name and set(wanted) <= set(key[1])}


def latest(values, at):
    inside = [(t, v) for t, v in values if at - 300 < t <= at]
    return inside[-1][1] if inside else None


def digits_of(text):
    """How many digits an answer was rounded to; 0 when it stands in full."""
    n = len(re.sub(r"[eE].*", "", text).lstrip("-0.").replace(".", ""))
    return n if 7 <= n <= 14 else 0


def split_arguments(text):
    depth, parts, last = 0, [], 0
    for i, c in enumerate(text):
        depth += c in "([{"
        depth -= c in ")]}"
        if c == "," and depth == 0:
            parts.append(text[last:i].strip())
            last = i + 1
    return parts + [text[last:].strip()]


def balanced(text):
    depth = 0
    for c in text:
        depth += (c == "(") - (c == ")")
        if depth < 0:
            return False
    return depth == 0


classic, native, counter = [], [], []


def answers(source, storage, at, expression, expected):
    """expected: {labels: text}; one row each."""
    call = re.fullmatch(r"histogram_(quantile|fraction|avg|count|sum|stddev|stdvar)\((.*)\)", expression)
    if call and not balanced(call[2]):
        return
    function, arguments, inner = call[1] if call else "", [], expression
    if call:
        *arguments, inner = split_arguments(call[2])
        arguments = [shown(eval(a.replace("Inf", "inf").replace("NaN", "nan"), {"inf": math.inf, "nan": math.nan}))
                     for a in arguments]
    rounded = [digits_of(a) - 1 for a in arguments if digits_of(a)]  # an input that was rounded costs a digit
    arguments = (arguments + ["", ""])[:2]

    def expected_cells(labels):
        text = expected.get(labels)
        if text is None:
            return ["", "0"]
        value = sample(text)
        if isinstance(value, Histogram):
            return [value.text() or "empty", "0"]
        return [shown(value), str(min([*rounded, digits_of(text) or 99]) % 99)]

    if by_le := re.fullmatch(r"sum\((.*)\) by \(le(?:, ?(.*))?\)", inner) or re.fullmatch(r"()(.*_bucket.*)", inner):
        kept = None if by_le[1] == "" else set(re.split(r", ?", by_le[2] or ""))
        body = by_le[1] or by_le[2]
        rate = re.fullmatch(r"rate\((.*)\[\w+\]\)", body)
        selector = SELECTOR.fullmatch(rate[1] if rate else body)
        if not selector or function not in ("quantile", "fraction"):
            return
        groups = {}
        for (_, labels), values in storage.find(selector[1], selector[2]).items():
            value = (values[1][1] - values[0][1]) if rate else latest(values, at)
            if value is None or "le" not in dict(labels) or not re.fullmatch(r"[+-]?(inf|[\d.e-]+)", dict(labels)["le"].lower()):
                continue
            rest = tuple(x for x in labels if x[0] != "le" and (kept is None or x[0] in kept))
            summed = groups.setdefault(rest, {})
            le = dict(labels)["le"]
            summed[le] = summed.get(le, 0) + value
        for labels, buckets in groups.items():
            if labels in expected:
                cells = ";".join(f"{shown(bound(le))}={shown(c)}" for le, c in buckets.items())
                classic.append([source, function, *arguments, cells, *expected_cells(labels)])
        return

    if rate := RATE.fullmatch(inner):
        if function == "fraction" and "const" not in inner:
            return
        for (name, labels), values in storage.find(rate[2], rate[3]).items():
            window = seconds(rate[4])
            used = [(t, v) for t, v in values if at - window - 300 < t <= at + 300]
            if not any(isinstance(v, Histogram) for _, v in used) or any(isinstance(v, float) for _, v in used):
                continue
            starts = storage.starts.get((name, labels), {})
            series = ";".join(f"{shown(float(t))}={v.text() or 'empty'}" for t, v in used)
            began = ";".join(f"{shown(float(t))}={shown(float(starts[t]))}" for t, _ in used if t in starts)
            counter.append([source, function, *arguments, rate[1], rate[5] or "extrapolated", series, began,
                            shown(float(window)), shown(float(at)), *expected_cells(labels)])
        return

    scaled = re.fullmatch(r"(\w+) ?([*/]) ?(-?\d+)", inner)
    binary = re.fullmatch(r"(\w+)(\{.*?\}) ([+-]) ignoring ?\(\w+\) (\w+)(\{.*?\})", inner)
    if scaled or binary:
        first = storage.find((scaled or binary)[1], binary[2] if binary else None)
        second = storage.find(binary[4], binary[5]) if binary else {None: None}
        for (_, labels), values in first.items():
            h = latest(values, at)
            other = latest(*second.values(), at) if binary else None
            if isinstance(h, Histogram) and (scaled or isinstance(other, Histogram)):
                name = {"*": "multiply", "/": "divide", "+": "add", "-": "subtract"}[(scaled or binary)[3 if binary else 2]]
                native.append([source, name, scaled[3] if scaled else "", "", h.text() or "empty",
                               (other.text() or "empty") if binary else "", *expected_cells(next(iter(expected), ()))])
        return

    if selector := SELECTOR.fullmatch(inner):
        for (_, labels), values in storage.find(selector[1], selector[2]).items():
            h = latest(values, at)
            if isinstance(h, Histogram) and function and labels in expected:
                native.append([source, function, *arguments, h.text() or "empty", "", *expected_cells(labels)])


def read(path):
    storage, source = Storage(), path.stem
    blocks, lines = [], []
    for line in path.read_text().splitlines():
        if not line.strip() or line.strip().startswith("#"):
            continue
        if re.match(r"\s*(load|load_with_nhcb|eval|clear)\b", line):
            blocks.append((line.strip(), []))
        elif blocks:
            blocks[-1][1].append(line.strip())
    for head, body in blocks:
        if head == "clear":
            storage = Storage()
        elif head.startswith("load"):
            kind, step = head.split()
            storage.load(seconds(step), body, kind == "load_with_nhcb")
        elif match := re.match(r"eval instant at (\S+)\s+(.*)", head):
            rows = [re.fullmatch(r"(\w*)(\{[^{}]*\})?\s+(\{\{.*\}\}|\S+)", b) for b in body if not b.startswith("expect")]
            answers(source, storage, seconds(match[1]), match[2], {labels_of(r[2]): r[3] for r in rows if r})
        elif match := re.match(r"eval range from (\S+) to (\S+) step (\S+)\s+(.*)", head):
            begin, step = seconds(match[1]), seconds(match[3])
            rows = [re.fullmatch(r"(\w*)(\{[^{}]*\})?\s+(.*)", b) for b in body if not b.startswith("expect")]
            texts = {}
            for r in rows:
                cells = re.findall(r"(\{\{.*?\}\}|\S+?)(?:x(\d+))?(?:\s+|$)", r[3])
                texts[labels_of(r[2])] = [c for c, times in cells for _ in range(int(times or 0) + 1)]
            for i in range(max((len(t) for t in texts.values()), default=0)):
                answers(source, storage, begin + i * step, match[4],
                        {labels: t[i] for labels, t in texts.items() if i < len(t) and t[i] != "_"})


TESTDATA = pathlib.Path(sys.argv[1]) / "promql" / "promqltest" / "testdata"
for name in ("histograms", "native_histograms", "extended_vectors", "start_timestamps", "functions"):
    read(TESTDATA / f"{name}.test")

NOTE = ("# Published answers of Prometheus, promql/promqltest/testdata at d15adb9 (2026-08-21), written by\n"
        "# tests/reference/sli/histograms.py on 2026-11-23. {}\n"
        "# digits: how many digits the answer was rounded to, 0 when it stands in full.\n")
FIELDS = "A histogram is its fields, positive and negative as index:count."
for rows, name, note, header in (
    (classic, "classic_histogram", "buckets are le=cumulative count.", "file,function,a,b,buckets,expected,digits"),
    (native, "native_histogram", FIELDS, "file,function,a,b,histogram,other,expected,digits"),
    (counter, "native_counter", FIELDS + " series are seconds=histogram;\n# an empty expected means that there is no "
     "answer.", "file,function,a,b,of,edges,series,starts,window,at,expected,digits"),
):
    unique = list(dict.fromkeys(tuple(r) for r in rows))
    with open(f"tests/data/sli/{name}.csv", "w") as out:
        out.write(NOTE.format(note) + header + "\n")
        out.writelines(",".join(r) + "\n" for r in unique)
    print(name, len(unique), "rows")
