"""Asks whether a vulnerability of a pinned package is known: 0 if of none, 1 if of some, 2 if that could not be asked.

pip-audit by itself skips what its service does not answer for, and ends well. Here each package has to be answered for.
"""

import json
import subprocess
import sys

from pinned import REQUIREMENTS, interpreter

PINS = REQUIREMENTS / "run.txt"
CLEAN, VULNERABLE, UNASKED = 0, 1, 2


def main(pip_audit: list[str], options: list[str]) -> int:
    """Prints a line for each vulnerability, or one that says why there is no answer."""
    pinned = ["--disable-pip", "--require-hashes", "--requirement", str(PINS)]
    quiet = ["--strict", "--progress-spinner=off", "--format=json"]
    command = [*pip_audit, *pinned, *quiet, *options]
    asked = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        packages = json.loads(asked.stdout)["dependencies"]
    except ValueError:
        said = asked.stderr.strip().splitlines() or ["no answer"]
        print(f"audit: not done, the advisory service could not be asked: {said[-1]}", file=sys.stderr)
        return UNASKED
    found = [(package, each) for package in packages for each in package["vulns"]]
    for package, each in found:
        mended = ", ".join(each["fix_versions"]) or "none yet"
        print(f"{package['name']} {package['version']}: {each['id']}, mended in {mended}")
    print(f"{len(packages)} packages, {len(found)} known vulnerabilities")
    return VULNERABLE if found else CLEAN


if __name__ == "__main__":
    sys.exit(main([str(interpreter("supply")), "-m", "pip_audit"], sys.argv[1:]))
