"""Builders of evidence. Times are seconds before the end of the window."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from healthy import TARGET

from analyzer.evidence import AnyPart, Evidence
from analyzer.evidence.events import Event, Events
from analyzer.evidence.interface import Window
from analyzer.evidence.logs import ContainerLogs, Logs
from analyzer.evidence.pods import Condition, Container, Pod, Pods, State
from analyzer.logs.digest import Digest
from analyzer.logs.mine import mine
from analyzer.redact import redact
from analyzer.target import Role

NOW = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)


def seconds_ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


def build_container(name: str = "app", **fields: Any) -> Container:
    """A healthy one, running for 290 s, unless told otherwise."""
    healthy: dict[str, Any] = {
        "type": "main",
        "image": "shop/cart:1",
        "ready": True,
        "state": State(kind="running", started_at=seconds_ago(290)),
    }
    return Container(name=name, **(healthy | fields))


def build_crashing(
    name: str = "app", *, code: int = 1, reason: str = "Error", message: str = "", **fields: Any
) -> Container:
    """In back-off after its third exit."""
    last = State(
        kind="terminated",
        reason=reason,
        exit_code=code,
        message=message,
        started_at=seconds_ago(21),
        finished_at=seconds_ago(20),
    )
    down: dict[str, Any] = {
        "ready": False,
        "restarts": 2,
        "state": State(kind="waiting", reason="CrashLoopBackOff"),
        "last_state": last,
    }
    return build_container(name, **(down | fields))


def build_waiting(reason: str, message: str = "", name: str = "app", **fields: Any) -> Container:
    return build_container(
        name, ready=False, state=State(kind="waiting", reason=reason, message=message), **fields
    )


def build_pod(
    name: str = "cart-1",
    *containers: Container,
    age: float = 300,
    unready_for: float | None = None,
    **fields: Any,
) -> Pod:
    """Ready for as long as its containers are; `unready_for` says since when it is not (its age when not
    given).
    """
    containers = containers or (build_container(),)
    ready = all(container.ready for container in containers if container.type != "init")
    since = seconds_ago(age if unready_for is None else unready_for)
    told: dict[str, Any] = {
        "owner": "ReplicaSet/cart",
        "phase": "Running",
        "created_at": seconds_ago(age),
        "started_at": seconds_ago(age),
        "conditions": (Condition(type="Ready", status=str(ready), since=since),),
    }
    return Pod(name=name, containers=containers, **(told | fields))


def build_event(pod: str, reason: str, message: str = "", *, ago: float | None = 30, **fields: Any) -> Event:
    last = None if ago is None else seconds_ago(ago)
    return Event(
        object=f"Pod/{pod}", reason=reason, message=message, last=last, **({"type": "Warning"} | fields)
    )


def build_evidence(
    canary: Sequence[Pod] | None = None,
    stable: Sequence[Pod] | None = None,
    *,
    canary_events: Sequence[Event] | None = (),
    stable_events: Sequence[Event] | None = (),
    more: Sequence[AnyPart] = (),
) -> Evidence:
    """Both sides, one healthy pod each unless given; events read and none, unless given or None."""
    sides: tuple[tuple[Role, Sequence[Pod] | None, Sequence[Event] | None], ...] = (
        ("stable", stable, stable_events),
        ("canary", canary, canary_events),
    )
    parts: list[AnyPart] = []
    for role, pods, events in sides:
        parts.append(Pods(side=role, pods=(build_pod(f"{role}-1"),) if pods is None else tuple(pods)))
        if events is not None:
            parts.append(Events(side=role, events=tuple(events)))
    return Evidence(
        target=TARGET, window=Window(start=seconds_ago(600), end=NOW), nonce="n", parts=(*parts, *more)
    )


@pytest.fixture
def ago() -> Callable[[float], datetime]:
    return seconds_ago


@pytest.fixture
def container() -> Callable[..., Container]:
    return build_container


@pytest.fixture
def crashing() -> Callable[..., Container]:
    return build_crashing


@pytest.fixture
def waiting() -> Callable[..., Container]:
    return build_waiting


@pytest.fixture
def pod() -> Callable[..., Pod]:
    return build_pod


@pytest.fixture
def event() -> Callable[..., Event]:
    return build_event


@pytest.fixture
def evidence() -> Callable[..., Evidence]:
    return build_evidence


@pytest.fixture
def side() -> Callable[..., Logs]:
    """One side's logs, by container, as (seconds before the window's end, line)."""

    def build(role: Role, **containers: Sequence[tuple[float, str]]) -> Logs:
        def digest(lines: Sequence[tuple[float, str]]) -> Digest:
            stamped = (f"{seconds_ago(at).isoformat().replace('+00:00', 'Z')} {line}\n" for at, line in lines)
            return mine(["".join(stamped).encode()], redact).digest

        merged = tuple(
            ContainerLogs(container=name, digest=digest(lines)) for name, lines in containers.items()
        )
        return Logs(side=role, containers=merged, streams=())

    return build
