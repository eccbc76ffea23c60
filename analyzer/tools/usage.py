"""`usage`: what containers used of CPU and memory, against their limits, as the evidence has it."""

from collections.abc import Iterator
from typing import Annotated

import msgspec

from analyzer.evidence.usage import ContainerUsage, Usage
from analyzer.tools.interface import Desk, Tool
from analyzer.value import Value


class Arguments(Value):
    """Of which pod."""

    pod: Annotated[str, msgspec.Meta(description="a pod's name, as the tool pods lists it; empty for every pod of both sides")] = ""


def run(asked: Arguments, desk: Desk) -> Iterator[str]:
    """The latest figure, and the range where there are several."""
    return desk.by_side(Usage, asked.pod, "usage", lambda part: _usage(part, asked.pod, desk))


def _usage(part: Usage, pod: str, desk: Desk) -> Iterator[str]:
    told = [each for each in part.containers if pod in ("", each.pod) and each.samples]
    yield f"figures of {len(told)} containers"
    yield from (_line(each, desk) for each in told)


def _line(used: ContainerUsage, desk: Desk) -> str:
    last = used.samples[-1]
    cpus, memories = [sample.cpu for sample in used.samples], [sample.memory for sample in used.samples]
    several = len(used.samples) > 1
    cpu = f"{last.cpu:.3f} cores{f' ({min(cpus):.3f} to {max(cpus):.3f})' if several else ''}"
    memory = f"{_mebibytes(last.memory)}{f' ({_mebibytes(min(memories))} to {_mebibytes(max(memories))})' if several else ''}"
    found = desk.pod(used.pod)
    limits = next((each.limits for each in found[1].containers if each.name == used.container), {}) if found else {}
    limited = f", limits {', '.join(f'{name}={amount}' for name, amount in sorted(limits.items()))}" if limits else ", no known limits"
    return f"{used.pod} {used.container}: cpu {cpu}, memory {memory} at {last.at.isoformat()}, {len(used.samples)} looks{limited}"


def _mebibytes(amount: int) -> str:
    return f"{amount / 1024**2:.1f} MiB"


TOOL = Tool("usage", "Show the CPU and memory that containers used, beside their limits; of both sides, or of one pod.", Arguments, run)
