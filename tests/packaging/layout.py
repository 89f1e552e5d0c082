"""Keeps the tree as docs/design.md says: floors, one topic one name, no stray files, nothing forbidden in a header."""

import pathlib
import re
import sys

FLOORS = {
    "core": 0,
    "stats": 1,
    "aggregate": 1,
    "sli": 2,
    "forecast": 2,
    "queueing": 2,
    "incident": 2,
    "availability": 2,
    "slo": 3,
    "capacity": 3,
    "delivery": 3,
    "scorecard": 4,
    "check": 4,
    "io": 5,
}
REQUEST_PATH = {"core", "aggregate"}  # plus the headers named in tests/packaging/CMakeLists.txt
FORBIDDEN = ("<iostream>", "<regex>", "<Eigen/Dense>", "<boost/math/distributions.hpp>", "std::lgamma", "std::views")
TOP_LEVEL = {
    ".ci", ".clang-format", ".clang-tidy", ".editorconfig", ".git", ".github", ".gitignore", "CHANGELOG.md",
    "CMakeLists.txt", "CMakePresets.json", "LICENSE", "README.md", "benchmarks", "bindings", "build", "cmake", "dev",
    "dist", "docs", "examples", "include", "pyproject.toml", "tests",
}
LONGEST_HEADER = 400


def included(text: str) -> list[str]:
    return re.findall(r"#include <(relia/[^>]+)>", text)


def area_of(header: str) -> str:
    """relia/queueing/mmc.hpp and relia/queueing.hpp are both of queueing."""
    return pathlib.PurePosixPath(header).parts[1].removesuffix(".hpp")


def problems(root: pathlib.Path) -> list[str]:
    found: list[str] = []
    include = root / "include"
    for path in sorted(include.rglob("*.hpp")):
        name = path.relative_to(include).as_posix()
        text = path.read_text()
        lines = text.count("\n")
        if lines > LONGEST_HEADER:
            found.append(f"{name}: {lines} lines, at most {LONGEST_HEADER}")
        if not text.startswith("// SPDX-License-Identifier: BSL-1.0\n#pragma once\n/// \\file\n"):
            found.append(f"{name}: must open with the licence line, #pragma once and a \\file comment")
        found += [f"{name}: {word} does not belong in a public header" for word in FORBIDDEN if word in text]
        named = re.findall(r"(?<![\w./-])(?:tests|examples|benchmarks|docs)/[\w/.-]+\.(?:cpp|hpp|py|csv|md)", text)
        found += [f"{name}: names {other}, which does not exist" for other in named if not (root / other).exists()]
        area = area_of(name)
        floor = FLOORS.get(area)
        if floor is None:
            continue  # the umbrella, version.hpp and detail/
        for other in included(text):
            below = FLOORS.get(area_of(other))
            if below is not None and area_of(other) != area and below >= floor:
                found.append(f"{name}: includes {other}, which is not on a lower floor")
            if area in REQUEST_PATH and other == "relia/detail/policy.hpp":
                found.append(f"{name}: runs in a request path and may not include Boost")
        if area in REQUEST_PATH and re.search(r"#include <(Eigen|boost)/", text):
            found.append(f"{name}: runs in a request path and may include neither Eigen nor Boost")
        if len(pathlib.PurePosixPath(name).parts) == 3:
            topic = path.stem
            if not list(root.glob(f"tests/{area}/{topic}.*test.cpp")):
                found.append(f"{name}: has no tests/{area}/{topic}.test.cpp")
            umbrella = include / "relia" / f"{area}.hpp"
            if not umbrella.exists() or f"relia/{area}/{topic}.hpp" not in umbrella.read_text():
                found.append(f"{name}: is not in include/relia/{area}.hpp")
            if not list(root.glob(f"bindings/python/src/bind_{area}*.cpp")):
                found.append(f"{name}: has no binding")
    for path in root.iterdir():
        if path.name not in TOP_LEVEL and not path.name.startswith((".mypy", ".pytest", "__pycache__")):
            found.append(f"{path.name}: does not belong at the top level")
    return found


if __name__ == "__main__":
    wrong = problems(pathlib.Path(sys.argv[1]))
    print("\n".join(wrong))
    sys.exit(1 if wrong else 0)
