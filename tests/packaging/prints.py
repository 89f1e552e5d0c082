"""prints.py EXPECTED COMMAND...: the command succeeds and prints exactly the text of the file EXPECTED."""

import difflib
import pathlib
import subprocess
import sys

expected = pathlib.Path(sys.argv[1]).read_text()
printed = subprocess.run(sys.argv[2:], check=True, capture_output=True, text=True).stdout
sys.stdout.writelines(difflib.unified_diff(expected.splitlines(True), printed.splitlines(True), "expected", "printed"))
sys.exit(printed != expected)
