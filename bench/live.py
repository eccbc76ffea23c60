"""A live run on simulated pods: 20 pods, 1 MiB of log each, against a bare parallel download of the same logs
in the same run; with Gemini, which answers at once, against that and importing its SDK twice.
"""

import shlex
import sys
from pathlib import Path

from answering import gemini
from measure import compare, compiled, report
from simulated import cluster, judge

HERE = Path(__file__).parent
COMMAND = str(Path(sys.executable).parent / "rollout-analyzer")
PODS = 20
NAMESPACE = "bench"


def main() -> int:
    compiled()
    bare = (sys.executable, str(HERE / "download.py"), NAMESPACE)
    sdk = shlex.join((sys.executable, "-c", "import google.genai"))
    bare_and_sdk = ("sh", "-ec", f"{shlex.join(bare)}; {sdk}; {sdk}")
    with gemini(), cluster({NAMESPACE: PODS}, logs=PODS):
        compared = compare((COMMAND, *judge(NAMESPACE)), bare, runs=9, codes=(0, 3, 4))
        asking = (COMMAND, *("gemini" if word == "builtin" else word for word in judge(NAMESPACE)))
        with_gemini = compare(asking, bare_and_sdk, runs=9, codes=(0, 3, 4))
    held = [
        report(f"live, {PODS} pods of 1 MiB", compared, ratio=1.5, peak=80),
        report("the same with Gemini", with_gemini, ratio=1, peak=128),
    ]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
