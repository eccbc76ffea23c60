"""`pods`: every pod of a side, one line each, from the evidence."""

from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec

from analyzer.common.counted import counted
from analyzer.common.value import Value
from analyzer.evidence.pods import Pod, Pods
from analyzer.target import ROLES
from analyzer.tools.interface import Tool, ToolContext


class PodsArguments(Value):
    """Which side."""

    side: Annotated[Literal["both", "stable", "canary"], msgspec.Meta(description="whose pods")] = "both"


def run(arguments: PodsArguments, context: ToolContext) -> Iterator[str]:
    """Yield each side and its pods. A side whose pods could not be read is not one without pods."""
    for role in ROLES:
        if arguments.side not in ("both", role):
            continue
        part = context.evidence.part(Pods, role)
        if part is None:
            yield (
                f"{role}:"
                f" {'the pods could not be read' if context.evidence.target.side(role) else 'no such side'}"
            )
            continue
        yield f"{role}: {counted(len(part.pods), 'pod')}, {sum(pod.ready() for pod in part.pods)} ready"
        yield from (_format_pod(pod) for pod in part.pods)


def _format_pod(pod: Pod) -> str:
    restarts = sum(container.restarts for container in pod.containers)
    deleted = ", being deleted" if pod.deleted_at else ""
    state = (
        f"{pod.phase}{f' {pod.reason}' if pod.reason else ''}{deleted},"
        f" {'ready' if pod.ready() else 'not ready'}"
    )
    return (
        f"{pod.name}: {state}, {counted(restarts, 'restart')},"
        f" created {pod.created_at.isoformat()}{f', on {pod.node}' if pod.node else ''}"
    )


TOOL = Tool(
    "pods",
    "List the pods of the stable and the canary side: phase, readiness, restarts, age, node.",
    PodsArguments,
    run,
)
