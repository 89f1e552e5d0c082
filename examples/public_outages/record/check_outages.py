#!/usr/bin/env python3
"""Checks data/outages.csv against the rules of README.md; exits 1 and names every violation."""

import csv
import re
import sys
from datetime import date, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
STAMPS = ["started_at", "detected_at", "acknowledged_at", "mitigated_at", "resolved_at"]
HEADER = ["id", "service", "title", *STAMPS, "severity", "planned",
          "source_title", "publisher", "published_on", "source", "notes"]
REQUIRED = ["id", "service", "title", "source_title", "publisher", "source", "notes"]
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def parse_stamp(text):
    if not STAMP.fullmatch(text):
        raise ValueError(f"{text!r} is not YYYY-MM-DDThh:mm:ssZ")
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")


def check_row(row):
    """Yields what is wrong with one row."""
    notes = row["notes"]
    for name in REQUIRED:
        if not row[name].strip():
            yield f"{name} is empty"
    for name, value in row.items():
        if value != value.strip():
            yield f"{name} has blanks around it"
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row["id"]):
        yield "id is not a kebab-case slug"
    if row["planned"] not in ("true", "false"):
        yield "planned is neither true nor false"

    times = {}
    for name in STAMPS:
        if row[name]:
            try:
                times[name] = parse_stamp(row[name])
            except ValueError as error:
                yield f"{name}: {error}"
    if not times:
        yield "no stamp at all"
    given = [name for name in STAMPS if name in times]
    late = [f"{a} > {b}" for a, b in zip(given, given[1:]) if times[a] > times[b]]
    if late and "out of order:" not in notes:
        yield "stamps out of order without a note: " + ", ".join(late)
    if not late and "out of order:" in notes:
        yield "notes say out of order but the stamps are in order"

    if not row["resolved_at"] and not re.search(r"resolved_at|still open|unresolved", notes):
        yield "resolved_at is blank and notes do not say why"
    for listed in re.findall(r"approximate: ((?:\w+_at(?:, )?)+)", notes):
        for name in listed.rstrip(", ").split(", "):
            if not row.get(name):
                yield f"notes call {name} approximate but it is blank"
    if row["published_on"]:
        try:
            published = date.fromisoformat(row["published_on"])
        except ValueError:
            yield "published_on is not YYYY-MM-DD"
        else:
            if "started_at" in times and published < times["started_at"].date():
                yield "published_on is before started_at"


def check_table(path):
    """Returns the rows and everything wrong with the file."""
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.reader(file, strict=True)
        if next(reader) != HEADER:
            return [], [f"header is not {','.join(HEADER)}"]
        records = list(reader)
    wrong = [f"line {line}: {len(record)} fields, not {len(HEADER)}"
             for line, record in enumerate(records, 2) if len(record) != len(HEADER)]
    rows = [dict(zip(HEADER, record)) for record in records if len(record) == len(HEADER)]
    for row in rows:
        wrong += [f"{row['id']}: {message}" for message in check_row(row)]
    ids = [row["id"] for row in rows]
    wrong += [f"{repeated}: id is not unique" for repeated in sorted({i for i in ids if ids.count(i) > 1})]
    starts = [row["started_at"] for row in rows if row["started_at"]]
    if starts != sorted(starts):
        wrong.append("rows are not sorted by started_at")
    return rows, wrong


def counts(rows):
    """The figures that README.md states."""
    table = {f"`{name}`": sum(bool(row[name]) for row in rows) for name in STAMPS}
    table["all five stamps"] = sum(all(row[name] for name in STAMPS) for row in rows)
    table["a start and an end (mitigated or resolved)"] = sum(
        bool(row["started_at"] and (row["mitigated_at"] or row["resolved_at"])) for row in rows)
    table["`approximate:` in notes"] = sum("approximate:" in row["notes"] for row in rows)
    table["`out of order:` in notes"] = sum("out of order:" in row["notes"] for row in rows)
    table["`still open:` or `unresolved at publication` in notes"] = sum(
        bool(re.search("still open:|unresolved at publication", row["notes"])) for row in rows)
    table["`severity`"] = sum(bool(row["severity"]) for row in rows)
    table["`planned` is true"] = sum(row["planned"] == "true" for row in rows)
    table["rows in all"] = len(rows)
    return table


def main():
    rows, wrong = check_table(HERE / "data" / "outages.csv")
    readme = (HERE / "README.md").read_text(encoding="utf-8")
    for name, count in counts(rows).items():
        print(f"{count:4d}  {name}")
        if f"| {name} | {count} |" not in readme:
            wrong.append(f"README.md does not state: | {name} | {count} |")
    for message in wrong:
        print(message, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
