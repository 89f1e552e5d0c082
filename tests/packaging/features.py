"""Each row of docs/features.md has three cells, and the tests it names exist; what works names one."""

import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
tests = [
    path
    for folder in ("tests", "bindings/python/tests")
    for path in (root / folder).rglob("*")
    if path.name == "CMakeLists.txt" or path.suffix in {".cpp", ".py"}
]
files = {path.name for path in tests}
text = "\n".join(path.read_text() for path in tests)
wrong: list[str] = []


def exists(name: str) -> bool:
    """A file, by its path or its name; or a test, whose name may be shortened by ... or *."""
    if name.endswith((".cpp", ".py")):
        return (root / name).is_file() if "/" in name else name in files
    if name.startswith("packaging."):
        name = name.split(".")[-1]  # tests/packaging/CMakeLists.txt puts the name together
    return all(part.strip() in text for part in re.split(r"\.\.\.|\*", name))


for row in (root / "docs" / "features.md").read_text().splitlines():
    if not row.startswith("|") or row.startswith(("| feature |", "|---")):
        continue
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    if len(cells) != 3:
        wrong.append(f"{len(cells)} cells, not 3: {row}")
        continue
    named = re.findall(r"`([^`]+)`", cells[2])
    if cells[1].startswith("works") and not named:
        wrong.append(f"works, but names no test: {row}")
    wrong += [f"no such test: {name}" for name in named if not exists(name)]

print("\n".join(wrong))
sys.exit(bool(wrong))
