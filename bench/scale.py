"""Simulated pods, 100 and then 1,000, 1 MiB of log each and all of it read, against a bare parallel download
of the same logs.

The simulated cluster has half of the cores and both commands the other half, in turn: no cluster runs on the
analyzer's own. The download alone takes 12 CPU seconds of the API server and kwok for 100 MiB, so that on
shared cores (`--shared`) all that the analyzer computes is time that the server lacks: what it takes of the
processor shows there, and the ratio is higher.

`scale.py [--shared] [PODS …]` measures other sizes.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from measure import compare, compiled, report
from simulated import cluster, judge

HERE = Path(__file__).parent
COMMAND = str(Path(sys.executable).parent / "rollout-analyzer")
SIZES = (100, 1000)
LOGS = 8
RATIO = 1.3
PEAK = 150  # MiB
GROWTH = 1.25  # of the peak, from the smallest to the largest size


def main(arguments: Sequence[str]) -> int:
    compiled()
    os.environ["ROLLOUT_ANALYZER_DEADLINE"] = "30m"
    sizes = [int(size) for size in arguments if size != "--shared"] or SIZES
    cores = sorted(os.sched_getaffinity(0))
    half = 0 if "--shared" in arguments else len(cores) // 2
    print(
        f"the cluster runs on {half} of {len(cores)} cores, the commands on the others"
        if half
        else "the cluster shares all cores"
    )
    peaks, held = [], []
    with cluster({f"scale-{size}": size for size in sizes}, logs=LOGS, cores=cores[:half]):
        os.sched_setaffinity(0, cores[half:])
        for size in sizes:
            namespace = f"scale-{size}"
            bare = (sys.executable, str(HERE / "download.py"), namespace)
            comparison = compare(
                (COMMAND, *judge(namespace)), bare, runs=7 if size < 1000 else 2, codes=(0, 3, 4)
            )
            held.append(report(f"{size} pods of 1 MiB", comparison, ratio=RATIO, peak=PEAK))
            peaks.append(comparison.first.peak)
    flat = max(peaks) <= GROWTH * min(peaks)
    print(
        f"peak from {min(peaks):.0f} to {max(peaks):.0f} MiB (at most {GROWTH:g} times): {'holds' if flat else 'DOES NOT HOLD'}"
    )
    return 0 if all(held) and flat else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
