"""Runs inside a limit of memory, which the kernel holds them to: a replay in 64 MiB, and a live run with Gemini on 20 pods with
1 MiB of log each in 128 MiB. What is over its limit is killed.

Gemini is a server on loopback that answers at once. Needs root, for the limit.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from answering import Gemini, gemini
from live import COMMAND, NAMESPACE, PODS
from simulated import cluster, judge
from startup import EXAMPLES

MIB = 1024**2
CGROUPS = Path("/sys/fs/cgroup")
FIRST = (CGROUPS / "memory").is_dir()  # of the two versions of control groups
LIMIT, PEAK = (
    ("memory.limit_in_bytes", "memory.max_usage_in_bytes") if FIRST else ("memory.max", "memory.peak")
)


@contextmanager
def limited(limit: int) -> Iterator[Path]:
    """A control group whose processes have so many bytes together."""
    group = (CGROUPS / "memory" if FIRST else CGROUPS) / f"rollout-analyzer-{os.getpid()}"
    group.mkdir()
    try:
        (group / LIMIT).write_text(str(limit))
        yield group
    finally:
        group.rmdir()


def held(name: str, command: tuple[str, ...], limit: int) -> bool:
    """Whether a command ends in an answer within so many bytes; says how many it had."""
    with limited(limit) as group:
        enter = ("sh", "-c", f'echo $$ > {group}/cgroup.procs && exec "$@"', "sh")
        ended = subprocess.run(
            (*enter, *command), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
        )
        peak = int((group / PEAK).read_text()) / MIB
    answered = ended.returncode in (0, 3, 4)
    why = "" if answered else f" {ended.stderr.decode(errors='replace')[-300:]}"
    print(f"{name}: exit code {ended.returncode}, {peak:.0f} MiB of {limit // MIB}{why}")
    return answered


def main() -> int:
    if os.geteuid() != 0:
        print("memory: not run, for lack of root")
        return 0
    replay = (COMMAND, "analyze", "--model", "builtin", "--evidence")
    all_held = [
        held(f"replay of {bundle.name}", (*replay, str(bundle)), 64 * MIB)
        for bundle in sorted(EXAMPLES.glob("*.json.gz"))
    ]
    with gemini(), cluster({NAMESPACE: PODS}, logs=PODS):
        for model in ("builtin", "gemini"):
            options = (model if word == "builtin" else word for word in judge(NAMESPACE))
            all_held.append(held(f"live with {model}, {PODS} pods of 1 MiB", (COMMAND, *options), 128 * MIB))
    print(f"Gemini was asked {Gemini.asked} times")
    return 0 if all(all_held) and Gemini.asked else 1


if __name__ == "__main__":
    sys.exit(main())
