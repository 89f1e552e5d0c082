# SPDX-License-Identifier: BSL-1.0
"""What the headers of a request path add to the compilation of a file.

The headers are those of tests/packaging/request_path/main.cpp. Two files are compiled in turn, one
with these headers, one with only the standard headers that they include, directly or not; the cost
is the median difference of processor time.

    benchmarks/compile_time.py [--runs 15] [--each] [g++ clang++ ...]
"""

import argparse
import os
import pathlib
import re
import resource
import statistics
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
INCLUDE = ROOT / "include"
LINE = re.compile(r"^\s*#\s*include\s*<([^>]+)>", re.MULTILINE)


def includes(path):
    return LINE.findall(path.read_text(encoding="utf-8"))


def standard_headers(headers):
    """All headers that are not ours, included from `headers` on."""
    seen, found, todo = set(), set(), list(headers)
    while todo:
        header = todo.pop()
        if header in seen:
            continue
        seen.add(header)
        if (INCLUDE / header).is_file():
            todo += includes(INCLUDE / header)
        else:
            found.add(header)
    return sorted(found)


def seconds(compiler, source):
    command = [compiler, "-std=c++20", "-O2", f"-I{INCLUDE}", "-c", source, "-o", os.devnull]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def cost(compiler, headers, runs, folder):
    sources = []
    for name, included in (("with", headers), ("without", standard_headers(headers))):
        source = pathlib.Path(folder) / f"{name}.cpp"
        source.write_text("".join(f"#include <{h}>\n" for h in included), encoding="utf-8")
        sources.append(str(source))
    times = [[seconds(compiler, s) for s in sources] for _ in range(runs + 1)][1:]  # the first warms
    return [statistics.median(column) for column in zip(*times)] + [
        statistics.median(a - b for a, b in times)
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("compilers", nargs="*", default=["g++", "clang++"])
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--each", action="store_true", help="each header by itself as well")
    arguments = parser.parse_args()
    program = ROOT / "tests" / "packaging" / "request_path" / "main.cpp"
    ours = [h for h in includes(program) if h.startswith("relia/")]
    with tempfile.TemporaryDirectory() as folder:
        for compiler in arguments.compilers:
            rows = [("all together", ours)]
            if arguments.each:
                inner = {i for h in ours for i in includes(INCLUDE / h) if i.startswith("relia/")}
                rows += [(h, [h]) for h in sorted(inner | set(ours))]
            for name, headers in rows:
                all_, standard, added = cost(compiler, headers, arguments.runs, folder)
                print(f"{compiler:8} {name:45} {all_:.3f} s - {standard:.3f} s: {added:.3f} s", flush=True)


if __name__ == "__main__":
    main()
