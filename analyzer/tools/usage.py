"""`usage`: CPU and memory of containers against their limits, from the evidence."""

from collections.abc import Iterator
from typing import Annotated

import msgspec

from analyzer.common.counted import counted
from analyzer.common.value import Value
from analyzer.evidence.usage import ContainerUsage, Usage
from analyzer.tools.interface import Tool, ToolContext


class UsageArguments(Value):
    """Of which pod."""

    pod: Annotated[
        str,
        msgspec.Meta(
            description="a pod's name, as the tool pods lists it; empty for every pod of both sides"
        ),
    ] = ""


def run(arguments: UsageArguments, context: ToolContext) -> Iterator[str]:
    """Yield the latest figure of each container, and the range if there are several."""
    return context.by_side(
        Usage, arguments.pod, "usage", lambda part: _usage_lines(part, arguments.pod, context)
    )


def _usage_lines(part: Usage, pod: str, context: ToolContext) -> Iterator[str]:
    containers = [
        container for container in part.containers if pod in ("", container.pod) and container.samples
    ]
    yield f"figures of {counted(len(containers), 'container')}"
    yield from (_format_usage(container, context) for container in containers)


def _format_usage(used: ContainerUsage, context: ToolContext) -> str:
    last = used.samples[-1]
    cpus, memories = [sample.cpu for sample in used.samples], [sample.memory for sample in used.samples]
    cpu, memory = f"{last.cpu:.3f} cores", _format_mebibytes(last.memory)
    if len(used.samples) > 1:
        cpu += f" ({min(cpus):.3f} to {max(cpus):.3f})"
        memory += f" ({_format_mebibytes(min(memories))} to {_format_mebibytes(max(memories))})"
    pod = context.pod(used.pod)
    limits = (
        next((container.limits for container in pod[1].containers if container.name == used.container), {})
        if pod
        else {}
    )
    limited = (
        f", limits {', '.join(f'{name}={amount}' for name, amount in sorted(limits.items()))}"
        if limits
        else ", no known limits"
    )
    return (
        f"{used.pod} {used.container}: cpu {cpu}, memory {memory} at {last.at.isoformat()},"
        f" {counted(len(used.samples), 'look')}{limited}"
    )


def _format_mebibytes(amount: int) -> str:
    return f"{amount / 1024**2:.1f} MiB"


TOOL = Tool(
    "usage",
    "Show the CPU and memory that containers used, beside their limits; of both sides, or of one pod.",
    UsageArguments,
    run,
)
