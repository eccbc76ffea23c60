"""`describe`: one pod whole, as the evidence has it."""

from collections.abc import Iterable, Iterator

from analyzer.evidence.pods import Container, Pod, State
from analyzer.target import Role
from analyzer.tools.interface import Desk, PodName, Tool
from analyzer.value import Value


class Arguments(Value):
    """Which pod."""

    pod: PodName


def run(asked: Arguments, desk: Desk) -> Iterable[str]:
    """The pod, its conditions and its containers."""
    return desk.of_pod(asked.pod, _told)


def _told(role: Role, pod: Pod) -> Iterator[str]:
    yield f"{pod.name}, {role}: {pod.phase} {pod.reason} {pod.message}".strip()
    yield f"created {pod.created_at.isoformat()}, node {pod.node or 'none'}, owner {pod.owner or 'none'}"
    yield from _conditions(pod)
    for container in pod.containers:
        yield from _container(container)


def _conditions(pod: Pod) -> Iterator[str]:
    for each in pod.conditions:
        since = f" since {each.since.isoformat()}" if each.since else ""
        yield f"condition {each.type}={each.status}{since} {each.reason} {each.message}".strip()


def _container(container: Container) -> Iterator[str]:
    ready = "ready" if container.ready else "not ready"
    yield f"container {container.name} ({container.type}): image {container.image}, {ready}, {container.restarts} restarts"
    yield f"  now {_state(container.state)}"
    if container.last_state:
        yield f"  before {_state(container.last_state)}"
    for what, amounts in (("requests", container.requests), ("limits", container.limits)):
        if amounts:
            yield f"  {what} {', '.join(f'{name}={amount}' for name, amount in sorted(amounts.items()))}"
    if container.startup_seconds:
        yield f"  its probes allow it {container.startup_seconds:g} s until it is ready"


def _state(state: State) -> str:
    told = [state.kind, state.reason]
    told += [f"exit code {state.exit_code}"] if state.exit_code is not None else []
    told += [f"signal {state.signal}"] if state.signal else []
    told += [f"from {state.started_at.isoformat()}"] if state.started_at else []
    told += [f"until {state.finished_at.isoformat()}"] if state.finished_at else []
    return " ".join(filter(None, [*told, state.message]))


TOOL = Tool("describe", "Show one pod: its conditions, and each container's state, last state, image, requests and limits.", Arguments, run)
