"""What changed while a side was watched (`--observe`): several looks at its pods, joined into one part."""

from datetime import datetime
from itertools import pairwise
from typing import Annotated

import msgspec

from analyzer.common.counted import counted
from analyzer.common.value import Moment, Value
from analyzer.evidence.interface import Part
from analyzer.evidence.pods import Pod, Pods
from analyzer.target import Role


class Observation(Value):
    """A side at one time: its pods, how many were Ready, and their containers' restarts since they were
    created.
    """

    at: Moment
    pods: int
    ready: int
    restarts: int


class ObservedPod(Value):
    """One pod: how often its readiness `changed` and its containers `restarted` while watched, and its last
    state.

    `since` is the time of its Ready condition. Where that moves and the state does not, the pod's readiness
    changed twice between two looks.
    """

    pod: str
    changed: int = 0
    changed_at: Moment | None = None
    restarted: int = 0
    ready: bool
    since: Moment | None
    restarts: int


class Observed(Part, tag="observed"):
    """One side over time: the looks in order, and every pod that one of them shows, by name."""

    side: Role
    looks: Annotated[tuple[Observation, ...], msgspec.Meta(min_length=1)]
    pods: tuple[ObservedPod, ...]

    def summary(self) -> str:
        """Return what happened, in one line."""
        first, last = self.looks[0], self.looks[-1]
        changed = [pod for pod in self.pods if pod.changed]
        phrases = [
            f"{counted(len(self.looks), 'look')} in {(last.at - first.at).total_seconds():.0f} s",
            f"pods {_steps([look.pods for look in self.looks])}",
            f"Ready {_steps([look.ready for look in self.looks])}",
            f"{counted(sum(pod.restarted for pod in self.pods), 'restart')}",
        ]
        if changed:
            phrases.append(
                f"readiness changed {counted(sum(pod.changed for pod in changed), 'time')} on"
                f" {counted(len(changed), 'pod')}"
            )
        return ", ".join(phrases)


def add_observation(before: Observed | None, pods: Pods, at: datetime) -> Observed:
    """Return what was observed so far, and one more look at the pods."""
    known = {observed.pod: observed for observed in before.pods} if before else {}
    for pod in pods.pods:
        known[pod.name] = _observe(known.get(pod.name), pod, at, new=before is not None)
    look = Observation(
        at=at,
        pods=len(pods.pods),
        ready=sum(known[pod.name].ready for pod in pods.pods),
        restarts=sum(map(_restarts, pods.pods)),
    )
    assert pods.side is not None
    return Observed(
        side=pods.side,
        looks=(*(before.looks if before else ()), look),
        pods=tuple(known[name] for name in sorted(known)),
    )


def _observe(before: ObservedPod | None, pod: Pod, at: datetime, *, new: bool) -> ObservedPod:
    """Return a pod's state after one more look.

    `before` is None where no earlier look has the pod. `new` says that there were earlier looks, so that all
    restarts of such a pod happened while watched.
    """
    condition = next((known for known in pod.conditions if known.type == "Ready"), None)
    ready, since, restarts = (
        condition is not None and condition.status == "True",
        condition.since if condition else None,
        _restarts(pod),
    )
    if before is None:
        return ObservedPod(
            pod=pod.name, ready=ready, since=since, restarts=restarts, restarted=restarts if new else 0
        )
    turns = _turns(before, ready, since)
    return ObservedPod(
        pod=pod.name,
        changed=before.changed + turns,
        changed_at=at if turns else before.changed_at,
        restarted=before.restarted + max(0, restarts - before.restarts),
        ready=ready,
        since=since,
        restarts=restarts,
    )


def _turns(before: ObservedPod, ready: bool, since: datetime | None) -> int:
    """Return how often a pod's readiness has changed since it was last seen."""
    if ready != before.ready:
        return 1
    return 2 if since != before.since else 0


def _restarts(pod: Pod) -> int:
    return sum(container.restarts for container in pod.containers if container.type != "ephemeral")


def _steps(counts: list[int]) -> str:
    """Return the values that a count had in turn ("2, 1, 2"), cut in the middle where there are many."""
    steps = [str(counts[0]), *(str(after) for before, after in pairwise(counts) if before != after)]
    return ", ".join(steps if len(steps) <= 8 else [*steps[:4], "…", *steps[-3:]])
