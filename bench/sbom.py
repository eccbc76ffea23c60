"""Writes what the pinned set is, package by package, as CycloneDX: `sbom.py FILE`.

Of an environment that holds the pins, because a package's licence and what it needs stand in what is installed. The same pins
give the same file.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from pinned import REQUIREMENTS, interpreter

ROOT = REQUIREMENTS.parent
PINS = re.findall(r"^([\w.-]+)==(\S+)", (REQUIREMENTS / "run.txt").read_text(), re.MULTILINE)


def describe(tool: Path, described: Path) -> dict[str, Any]:
    """What one environment holds, as the tool in the other says it, of the pins alone. Raises ValueError where one is missing."""
    pyproject = ["--pyproject", str(ROOT / "pyproject.toml"), "--mc-type=application"]
    command = [str(tool), "-m", "cyclonedx_py", "environment", str(described), "--output-reproducible"]
    said = subprocess.run([*command, *pyproject], check=True, stdout=subprocess.PIPE).stdout
    bill: dict[str, Any] = json.loads(said)
    pinned = {f"pkg:pypi/{name}@{version}" for name, version in PINS}
    bill["components"] = [each for each in bill["components"] if each["purl"] in pinned]
    if missing := pinned - {each["purl"] for each in bill["components"]}:
        raise ValueError(f"not installed: {', '.join(sorted(missing))}")
    return bill


def complete(bill: dict[str, Any], version: str) -> dict[str, Any]:
    """The same, of this version of ours, with no mention of what is not in it."""
    bill["metadata"]["component"]["version"] = version
    kept = {each["bom-ref"] for each in bill["components"]} | {bill["metadata"]["component"]["bom-ref"]}
    bill["dependencies"] = [each for each in bill["dependencies"] if each["ref"] in kept]
    return bill


def main(file: Path) -> None:
    """Makes both environments where they are not there."""
    (version,) = re.findall(r'__version__ = "(.+)"', (ROOT / "analyzer/__init__.py").read_text())
    bill = complete(describe(interpreter("supply"), interpreter("run")), version)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(bill, indent=1, sort_keys=True) + "\n")
    print(f"{file}: {len(bill['components'])} packages")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
