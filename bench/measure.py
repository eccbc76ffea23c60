"""Times whole processes in turn, A B B A …, so that the ratio holds when the machine's speed drifts."""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import analyzer


@dataclass(frozen=True)
class Run:
    """One finished process: wall seconds, and peak memory in MiB."""

    wall: float
    peak: float


@dataclass(frozen=True)
class Comparison:
    """Medians of two commands run in turn; `ratio` is the median of the pairs' ratios, first by second."""

    first: Run
    second: Run
    ratio: float


def once(command: Sequence[str], codes: Sequence[int] = (0,)) -> Run:
    """One run, its output dropped. Ends the benchmark when the exit code is none of `codes`: a crash is no
    fast run.
    """
    with tempfile.TemporaryFile() as errors, Path(os.devnull).open("wb") as dropped:
        actions = [(os.POSIX_SPAWN_DUP2, dropped.fileno(), 1), (os.POSIX_SPAWN_DUP2, errors.fileno(), 2)]
        begun = time.perf_counter()
        pid = os.posix_spawnp(command[0], list(command), os.environ, file_actions=actions)
        _, status, usage = os.wait4(pid, 0)
        wall = time.perf_counter() - begun
        if os.waitstatus_to_exitcode(status) not in codes:
            errors.seek(0)
            sys.exit(
                f"{' '.join(command)} exited with {os.waitstatus_to_exitcode(status)}: {errors.read().decode(errors='replace')}"
            )
    return Run(wall=wall, peak=usage.ru_maxrss / 1024)


def compare(
    first: Sequence[str], second: Sequence[str], *, runs: int = 15, codes: Sequence[int] = (0,)
) -> Comparison:
    """`runs` pairs after one that does not count; the two change places from pair to pair. `codes` are the
    first command's.
    """

    def pair(number: int) -> tuple[Run, Run]:
        if number % 2:
            against = once(second)
            return once(first, codes), against
        return once(first, codes), once(second)

    pairs = [pair(number) for number in range(runs + 1)][1:]
    return Comparison(
        first=_median([pair[0] for pair in pairs]),
        second=_median([pair[1] for pair in pairs]),
        ratio=statistics.median(pair[0].wall / pair[1].wall for pair in pairs),
    )


def report(name: str, comparison: Comparison, *, ratio: float, peak: float | None = None) -> bool:
    """Prints one figure beside its bound; whether it holds."""
    held = comparison.ratio <= ratio and (peak is None or comparison.first.peak <= peak)
    bound = f"at most {ratio:g}" + (f" and {peak:g} MiB" if peak else "")
    print(
        f"{name}: {comparison.first.wall * 1000:.0f} ms, {comparison.first.peak:.0f} MiB; "
        f"{comparison.ratio:.2f} times the other's {comparison.second.wall * 1000:.0f} ms ({bound}): {'holds' if held else 'DOES NOT HOLD'}"
    )
    return held


def compiled() -> None:
    """Byte code of the checkout, as an installed wheel has it: pip compiles what it installs."""
    import compileall

    compileall.compile_dir(str(Path(analyzer.__file__).parent), quiet=1)


def _median(runs: Sequence[Run]) -> Run:
    return Run(
        wall=statistics.median(run.wall for run in runs), peak=statistics.median(run.peak for run in runs)
    )
