"""`pods`: every pod of a side, in a line each, as the evidence has it."""

from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec

from analyzer.evidence.pods import Pod, Pods
from analyzer.target import ROLES
from analyzer.tools.interface import Desk, Tool
from analyzer.value import Value


class Arguments(Value):
    """Which side."""

    side: Annotated[Literal["both", "stable", "canary"], msgspec.Meta(description="whose pods")] = "both"


def run(asked: Arguments, desk: Desk) -> Iterator[str]:
    """A side without a pod list is not one without pods."""
    for role in ROLES:
        if asked.side not in ("both", role):
            continue
        part = desk.evidence.part(Pods, role)
        if part is None:
            yield f"{role}: {'the pods could not be read' if desk.evidence.target.side(role) else 'no such side'}"
            continue
        yield f"{role}: {len(part.pods)} pods, {sum(pod.ready() for pod in part.pods)} ready"
        yield from (_line(pod) for pod in part.pods)


def _line(pod: Pod) -> str:
    restarts = sum(container.restarts for container in pod.containers)
    deleted = ", being deleted" if pod.deleted_at else ""
    state = f"{pod.phase}{f' {pod.reason}' if pod.reason else ''}{deleted}, {'ready' if pod.ready() else 'not ready'}"
    return f"{pod.name}: {state}, {restarts} restarts, created {pod.created_at.isoformat()}{f', on {pod.node}' if pod.node else ''}"


TOOL = Tool("pods", "List the pods of the stable and the canary side: phase, readiness, restarts, age, node.", Arguments, run)
