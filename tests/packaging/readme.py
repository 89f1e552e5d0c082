"""README.md is at most 200 lines, its links exist, and each of its C++ and Python programs is an example of that name."""

import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
readme = (root / "README.md").read_text()
wrong: list[str] = []

if readme.count("\n") > 200:
    wrong.append(f"{readme.count(chr(10))} lines, at most 200")
for link in re.findall(r"\]\(([^)#]+)\)", readme):
    if "://" not in link and not (root / link).exists():
        wrong.append(f"link to {link}, which does not exist")

programs = {p.read_text() for p in (root / "examples").glob("*.cpp")} | {
    p.read_text() for p in (root / "examples" / "python").glob("*.py")
}
printed = {p.read_text() for p in (root / "examples" / "expected").glob("*.txt")}
whole_programs = 0
for language, block in re.findall(r"```(cpp|python|text)\n(.*?)```", readme, re.S):
    known = printed if language == "text" else programs
    if any(block in text for text in known):
        whole_programs += 1
    else:
        wrong.append(f"a {language} block that no example holds:\n{block}")
if whole_programs < 3:
    wrong.append("a program in C++, its output, and one in Python were expected")

print("\n".join(wrong))
sys.exit(bool(wrong))
