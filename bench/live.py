"""A live run on simulated pods: 20 pods, 1 MiB of log each, against a bare parallel download of the same logs
in the same run.
"""

import sys
from pathlib import Path

from measure import compare, compiled, report
from simulated import cluster, judge

HERE = Path(__file__).parent
COMMAND = str(Path(sys.executable).parent / "rollout-analyzer")
PODS = 20
NAMESPACE = "bench"


def main() -> int:
    compiled()
    with cluster({NAMESPACE: PODS}, logs=PODS):
        bare = (sys.executable, str(HERE / "download.py"), NAMESPACE)
        compared = compare((COMMAND, *judge(NAMESPACE)), bare, runs=9, codes=(0, 3, 4))
    return 0 if report(f"live, {PODS} pods of 1 MiB", compared, ratio=1.5, peak=80) else 1


if __name__ == "__main__":
    sys.exit(main())
