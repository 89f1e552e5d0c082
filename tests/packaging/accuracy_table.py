"""Runs every accuracy test and compares docs/accuracy.md with what the tests assert; --update writes it."""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

HEAD = """# Accuracy

The largest relative error that the tests allow, by function and region, against values computed independently with
mpmath at 50 digits or more, or published. Generated from the tests by `./dev accuracy`; a test fails when this page
is not current. Every number is stated once, in the test.

| function | type | region | rows | largest relative error | values from |
|---|---|---|---|---|---|
"""


def measure(binaries: list[str]) -> str:
    with tempfile.TemporaryDirectory() as folder:
        rows = pathlib.Path(folder, "rows.md")
        rows.touch()
        for binary in binaries:
            subprocess.run(
                [binary, "--test-case=accuracy:*"],
                env={**os.environ, "RELIA_ACCURACY_FILE": str(rows)},
                stdout=subprocess.DEVNULL,
                check=True,
            )
        return HEAD + "".join(sorted(rows.read_text().splitlines(keepends=True)))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--docs", type=pathlib.Path, required=True)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("binaries", nargs="+")
    options = parser.parse_args()
    page = measure(options.binaries)
    if options.update:
        options.docs.write_text(page)
    elif options.docs.read_text() != page:
        print(f"{options.docs.name} is not what the tests assert; run ./dev accuracy")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
