"""The canary's share of the traffic over time, as the Rollout's status, steps and events say it."""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Annotated

import msgspec

from analyzer.cluster.errors import ClusterError
from analyzer.common.value import Json, Moment, Value
from analyzer.evidence.fields import parse_time, read_last_time
from analyzer.evidence.interface import SourceContext

_PERCENT = r"(?:100|[0-9]{1,2})(?![0-9])"
_MESSAGE = re.compile(
    rf"TrafficWeightUpdated: Traffic weight updated (?:from (?P<before>{_PERCENT}) )?to "
    rf"(?P<updated>{_PERCENT})"
    rf"|RolloutStepCompleted: Rollout step [0-9]+/[0-9]+ completed \(setWeight: (?P<step>{_PERCENT})\)"
)


class Weight(Value):
    """A side's share in percent, from a time on."""

    at: Moment
    weight: Annotated[int, msgspec.Meta(ge=0, le=100)]


def known_weights(scene: SourceContext, rollout: Json) -> tuple[Weight, ...]:
    """Return the canary's weights up to now, oldest first, as the controller's events say them.

    Without such events, returns the present weight alone, from when the Rollout began to pause at it. Events
    count for nothing that cannot be read, that the API keeps no more (after an hour), or whose last weight is
    not the present one. Returns nothing where neither says since when.
    """
    strategy, status = rollout["spec"].get("strategy") or {}, rollout.get("status") or {}
    steps = (strategy.get("canary") or {}).get("steps") or []
    now = canary_weight(status, steps, status.get("currentStepIndex"))
    if now is None or "canary" not in strategy:
        return ()
    try:
        changes = sorted(_weight_changes(scene), key=lambda change: change[0].at)
    except ClusterError:
        changes = []  # the source of events has a gap for it
    if changes and changes[-1][0].weight == now:
        (first, before), weights = changes[0], [weight for weight, _ in changes]
        known = (
            []
            if before is None or first.at <= scene.window.start
            else [Weight(at=scene.window.start, weight=before)]
        )
        steady = groupby([*known, *weights], key=lambda weight: weight.weight)
        return tuple(next(same) for _, same in steady)
    pauses = (parse_time(pause.get("startTime")) for pause in status.get("pauseConditions") or ())
    paused = [at for at in pauses if at]
    return (Weight(at=min(paused), weight=now),) if paused else ()


def _weight_changes(scene: SourceContext) -> Iterator[tuple[Weight, int | None]]:
    """Yield each weight that an event of the Rollout says, and the weight before it where the event says
    that.

    These are `TrafficWeightUpdated`, where there is traffic routing (rollout/trafficrouting.go), and
    `RolloutStepCompleted` of a step that sets a weight (rollout/canary.go). Equal messages are one event,
    with its last time: earlier times are not known. Raises ClusterError.
    """
    path = f"/api/v1/namespaces/{scene.target.namespace}/events"
    selector = f"involvedObject.kind=Rollout,involvedObject.name={scene.target.rollout}"
    for item in scene.cluster.list(path, fieldSelector=selector):
        at = read_last_time(item) or parse_time(item.get("eventTime"))
        match = _MESSAGE.match(f"{item.get('reason')}: {item.get('message')}")
        if match and at:
            before = match["before"]
            yield (
                Weight(at=at, weight=int(match["updated"] or match["step"])),
                None if before is None else int(before),
            )


def canary_weight(status: Json, steps: list[Json], step: int | None) -> int | None:
    """Return the canary's weight in percent, or None where nothing says it.

    With traffic routing the Rollout's status has the weight that the controller set. Without, the steps say
    what it aims at (https://argo-rollouts.readthedocs.io/en/stable/features/canary/): 0 before the first
    setWeight, and 100 after the last step. A Rollout that is aborted goes back to its first step
    (rollout/sync.go: resetRolloutStatus), and its canary gets nothing.
    """
    weight = (((status.get("canary") or {}).get("weights") or {}).get("canary") or {}).get("weight")
    if weight is not None:
        return int(weight)
    if step is None or not steps:
        return None
    if status.get("abort"):
        return 0
    if step >= len(steps):
        return 100
    return next(
        (int(done["setWeight"]) for done in reversed(steps[: step + 1]) if done.get("setWeight") is not None),
        0,
    )
