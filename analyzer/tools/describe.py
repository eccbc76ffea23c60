"""`describe`: one pod whole, as the evidence has it."""

from collections.abc import Iterable, Iterator

from analyzer.common.counted import counted
from analyzer.common.value import Value
from analyzer.evidence.pods import Container, Pod, State
from analyzer.target import Role
from analyzer.tools.interface import PodName, Tool, ToolContext


class DescribeArguments(Value):
    """Which pod."""

    pod: PodName


def run(arguments: DescribeArguments, context: ToolContext) -> Iterable[str]:
    """Yield the pod, its conditions and its containers."""
    return context.of_pod(arguments.pod, _pod_lines)


def _pod_lines(role: Role, pod: Pod) -> Iterator[str]:
    yield f"{pod.name}, {role}: {pod.phase} {pod.reason} {pod.message}".strip()
    yield f"created {pod.created_at.isoformat()}, node {pod.node or 'none'}, owner {pod.owner or 'none'}"
    yield from _condition_lines(pod)
    for container in pod.containers:
        yield from _container_lines(container)


def _condition_lines(pod: Pod) -> Iterator[str]:
    for condition in pod.conditions:
        since = f" since {condition.since.isoformat()}" if condition.since else ""
        yield (
            f"condition {condition.type}={condition.status}{since} {condition.reason} {condition.message}"
        ).strip()


def _container_lines(container: Container) -> Iterator[str]:
    ready = "ready" if container.ready else "not ready"
    yield (
        f"container {container.name} ({container.type}): image {container.image}, {ready},"
        f" {counted(container.restarts, 'restart')}"
    )
    yield f"  now {_format_state(container.state)}"
    if container.last_state:
        yield f"  before {_format_state(container.last_state)}"
    for what, amounts in (("requests", container.requests), ("limits", container.limits)):
        if amounts:
            yield f"  {what} {', '.join(f'{name}={amount}' for name, amount in sorted(amounts.items()))}"
    if container.startup_seconds:
        yield f"  its probes allow it {container.startup_seconds:g} s until it is ready"


def _format_state(state: State) -> str:
    words = [state.kind, state.reason]
    words += [f"exit code {state.exit_code}"] if state.exit_code is not None else []
    words += [f"signal {state.signal}"] if state.signal else []
    words += [f"from {state.started_at.isoformat()}"] if state.started_at else []
    words += [f"until {state.finished_at.isoformat()}"] if state.finished_at else []
    return " ".join(filter(None, [*words, state.message]))


TOOL = Tool(
    "describe",
    "Show one pod: its conditions, and each container's state, last state, image, requests and limits.",
    DescribeArguments,
    run,
)
