"""Where attackers write: each way a text of others can enter the evidence, as the sources would have put it
there.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from msgspec.structs import replace

from analyzer.evidence import AnyPart, Evidence
from analyzer.evidence.context import ContextLogs
from analyzer.evidence.events import Event, Events
from analyzer.evidence.figures import Metrics, QueryFigures
from analyzer.evidence.interface import Gap, Part
from analyzer.evidence.logs import ContainerLogs, Logs, mined_stream
from analyzer.evidence.pods import Condition, Container, Pod, Pods, State
from analyzer.evidence.spec import Field, Spec
from analyzer.logs.digest import merge
from analyzer.target import Role

P = TypeVar("P", bound=Part)
Mask = Callable[[str], str]
Put = Callable[[Evidence, str, Mask], Evidence]
ERROR = "ERROR price table could not be refreshed: upstream timed out"


def log(
    seen: Evidence, role: Role, text: str, keep: Mask, *, times: int = 1, level: str = "INFO "
) -> Evidence:
    """One side's log, so many times, at the end of the window: mined as it would be when it is read."""
    logs = seen.part(Logs, role)
    assert logs is not None
    stream = logs.streams[0]
    stamps = [
        (seen.window.end - timedelta(seconds=times - number)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        for number in range(times)
    ]
    written = "".join(f"{stamp} {level}{line}\n" for stamp in stamps for line in text.split("\n")).encode()
    added, digest = mined_stream(stream.pod, stream.container, False, (written,), keep)
    containers = [
        ContainerLogs(container=each.container, digest=merge((each.digest, digest)))
        if each.container == stream.container
        else each
        for each in logs.containers
    ]
    end = replace(stream, excerpt=(*stream.excerpt, *added.excerpt)[-40:])
    return with_part(seen, replace(logs, containers=tuple(containers), streams=(end, *logs.streams[1:])))


def with_part(seen: Evidence, part: AnyPart) -> Evidence:
    """The evidence with one part in the place of its like."""
    return replace(
        seen,
        parts=(*(each for each in seen.parts if (type(each), each.side) != (type(part), part.side)), part),
    )


def event(seen: Evidence, reason: str, message: str) -> Evidence:
    events = seen.part(Events, "canary")
    assert events is not None
    at = seen.window.end - timedelta(seconds=20)
    more = Event(
        object=f"Pod/{pod(seen).name}", type="Warning", reason=reason, message=message, first=at, last=at
    )
    return with_part(seen, replace(events, events=(*events.events, more)))


def pod(seen: Evidence) -> Pod:
    pods = seen.part(Pods, "canary")
    assert pods is not None
    return pods.pods[0]


def with_pod(seen: Evidence, changed: Pod) -> Evidence:
    pods = seen.part(Pods, "canary")
    assert pods is not None
    return with_part(seen, replace(pods, pods=(changed, *pods.pods[1:])))


def container(seen: Evidence, **changes: object) -> Evidence:
    first = pod(seen)
    changed: Container = replace(first.containers[0], **changes)
    return with_pod(seen, replace(first, containers=(changed, *first.containers[1:])))


def spec(seen: Evidence, field: Field) -> Evidence:
    """The canary's pod template says one thing that stable's does not."""
    cart = Field(container="cart", group="container", name="container", text="container", digest="c")
    stable, canary = (
        Spec(side="stable", replicaset="cart-1", fields=(cart,)),
        Spec(side="canary", replicaset="cart-2", fields=(cart, field)),
    )
    return with_part(with_part(seen, stable), canary)


def terminated(seen: Evidence, text: str, _keep: Mask) -> Evidence:
    at = seen.window.end - timedelta(seconds=200)
    state = State(
        kind="terminated",
        reason="Error",
        exit_code=1,
        message=text,
        started_at=at - timedelta(seconds=5),
        finished_at=at,
    )
    return container(seen, last_state=state, restarts=1)


def condition(seen: Evidence, text: str, _keep: Mask) -> Evidence:
    """A condition that another controller writes. No prompt has shown one so far: it is here for the day one
    does.
    """
    first = pod(seen)
    more = Condition(type="mesh.example.com/ready", status="False", reason="Waiting", message=text)
    return with_pod(seen, replace(first, conditions=(*first.conditions, more)))


def figures(seen: Evidence, text: str, _keep: Mask) -> Evidence:
    """Prometheus warns, and cites a label."""
    told = QueryFigures(
        query="errors",
        promql="sum(errors)",
        state="values",
        value=0.0,
        warnings=(f'metric has label path="{text}"',),
    )
    return replace(seen, parts=(*seen.parts, Metrics(side="canary", figures=(told,))))


def gateway(seen: Evidence, text: str, keep: Mask) -> Evidence:
    stamp = seen.window.end.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    _, digest = mined_stream(
        "gateway-1",
        "proxy",
        False,
        ("".join(f"{stamp} {line}\n" for line in text.split("\n")).encode(),),
        keep,
    )
    part = ContextLogs(
        side=None, name="gateway", pods=1, containers=(ContainerLogs(container="proxy", digest=digest),)
    )
    return replace(seen, parts=(*seen.parts, part))


def name(text: str, longest: int = 63) -> str:
    """What of a text the API server lets stand in a name."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:longest].strip("-")


CHANNELS: dict[str, Put] = {
    "canary's log": lambda seen, text, keep: log(seen, "canary", text, keep),
    "canary's log, 300 times": lambda seen, text, keep: log(seen, "canary", text, keep, times=300),
    "stable's log": lambda seen, text, keep: log(seen, "stable", text, keep),
    "shared pod's log": gateway,
    "event's message": lambda seen, text, _: event(seen, "Shopped", text),
    "event's reason": lambda seen, text, _: event(seen, text, "as it says"),
    "probe's message": lambda seen, text, _: event(
        seen, "Unhealthy", f"Readiness probe failed: HTTP probe failed with statuscode: 503: {text}"
    ),
    "termination message": terminated,
    "pod condition": condition,
    "image": lambda seen, text, _: container(seen, image=f"shop/cart:2 {text}"),
    "command": lambda seen, text, _: spec(
        seen, Field(container="cart", group="command", name="args", text=f"serve --note {text}", digest="a")
    ),
    "Prometheus label": figures,
    "API error": lambda seen, text, _: replace(
        seen,
        gaps=(
            *seen.gaps,
            Gap(source="usage", side="canary", reason=f"the API server answered 403: {text}", minor=True),
        ),
    ),
}
NAMES: dict[str, Put] = {
    "annotation's key": lambda seen, text, _: spec(
        seen,
        Field(container="", group="metadata", name=f"annotation note.example.com/{name(text)}", digest="a"),
    ),
    "variable's name": lambda seen, text, _: spec(
        seen, Field(container="cart", group="env", name=name(text, 200).replace("-", "_").upper(), digest="a")
    ),
    "image tag": lambda seen, text, _: container(seen, image=f"shop/cart:{name(text, 128)}"),
}


def grey(seen: Evidence, keep: Mask) -> Evidence:
    """A canary that logs one new error, which goes on: too much to promote, too little for a rollback."""
    return log(seen, "canary", ERROR, keep, times=4, level="")
