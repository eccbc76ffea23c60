"""Breaks the rules that decide, in small ways and one at a time, and shows what no test notices: `python
bench/mutate.py [PATTERN…]`.

What is broken, and which tests are asked, stands in pyproject.toml (`[tool.mutmut]`); a pattern takes some of
it: `analyzer.exits.*`. Results are kept under mutants/: the next run breaks only what has changed since, and
what survived.
"""

import os
import resource
import subprocess
import sys
from collections import Counter
from pathlib import Path

from pinned import interpreter

ROOT = Path(__file__).parent.parent
MEMORY = 4 * 1024**3  # bytes: a loop that is broken may fill it before it is given up


def mutmut(*arguments: str) -> str:
    """What mutmut says of the last run."""
    command = [str(interpreter("mutmut")), "-m", "mutmut", *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def results() -> dict[str, str]:
    """Each mutant by its name, `analyzer.exits.x_loud__mutmut_1`, and what became of it."""
    lines = (line.strip().partition(": ") for line in mutmut("results", "--all", "true").splitlines())
    return {name: became for name, found, became in lines if found}


def main(patterns: list[str]) -> int:
    """0 when mutmut ran; what survived is for a person to read."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    run = [
        str(interpreter("mutmut")),
        "-m",
        "mutmut",
        "run",
        "--max-children",
        str(os.cpu_count()),
        *patterns,
    ]
    code = subprocess.run(run, cwd=ROOT, check=False).returncode
    if code:
        return code
    became = results()
    for name in sorted(name for name, what in became.items() if what in ("survived", "no tests")):
        print(f"\n{name}: {became[name]}")
        print("\n".join(line for line in mutmut("show", name).splitlines() if line[:2] in ("- ", "+ ")))
    print()
    for (module, what), count in sorted(
        Counter((name.rpartition(".")[0], what) for name, what in became.items()).items()
    ):
        print(f"{module:40} {what:20} {count:5}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
