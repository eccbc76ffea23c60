"""What changed while we watched (`--observe`): one look after another at a side's pods, folded into one part."""

from datetime import datetime
from itertools import pairwise
from typing import Annotated

import msgspec

from analyzer.evidence.interface import Part
from analyzer.evidence.pods import Pod, Pods
from analyzer.target import Role
from analyzer.value import Moment, Value


class Look(Value):
    """A side at one time: its pods, how many were Ready, and their containers' restarts since they were created."""

    at: Moment
    pods: int
    ready: int
    restarts: int


class Watched(Value):
    """One pod: how often its readiness `changed` and how often containers `restarted` while watched, and how it was last seen.

    `since` is the Ready condition's own time: when it moves and the state does not, the pod went and came back between two looks.
    """

    pod: str
    changed: int = 0
    changed_at: Moment | None = None
    restarted: int = 0
    ready: bool
    since: Moment | None
    restarts: int


class Observed(Part, tag="observed"):
    """One side over time: the looks in order, and every pod that was in one of them, by name."""

    side: Role
    looks: Annotated[tuple[Look, ...], msgspec.Meta(min_length=1)]
    pods: tuple[Watched, ...]

    def summary(self) -> str:
        """What happened, in one line."""
        first, last = self.looks[0], self.looks[-1]
        changed = [each for each in self.pods if each.changed]
        told = [
            f"{len(self.looks)} looks in {(last.at - first.at).total_seconds():.0f} s",
            f"pods {_steps([look.pods for look in self.looks])}",
            f"Ready {_steps([look.ready for look in self.looks])}",
            f"{sum(each.restarted for each in self.pods)} restarts",
        ]
        if changed:
            told.append(f"readiness changed {sum(each.changed for each in changed)} times on {len(changed)} pods")
        return ", ".join(told)


def observed(before: Observed | None, seen: Pods, at: datetime) -> Observed:
    """What was observed so far, and one look more."""
    known = {each.pod: each for each in before.pods} if before else {}
    for pod in seen.pods:
        known[pod.name] = _watched(known.get(pod.name), pod, at, new=before is not None)
    look = Look(at=at, pods=len(seen.pods), ready=sum(known[pod.name].ready for pod in seen.pods), restarts=sum(map(_restarts, seen.pods)))
    assert seen.side is not None
    return Observed(side=seen.side, looks=(*(before.looks if before else ()), look), pods=tuple(known[name] for name in sorted(known)))


def _watched(before: Watched | None, pod: Pod, at: datetime, *, new: bool) -> Watched:
    """`new` is a pod that the looks before did not have: its restarts happened since."""
    condition = next((each for each in pod.conditions if each.type == "Ready"), None)
    ready, since, restarts = condition is not None and condition.status == "True", condition.since if condition else None, _restarts(pod)
    if before is None:
        return Watched(pod=pod.name, ready=ready, since=since, restarts=restarts, restarted=restarts if new else 0)
    turns = 1 if ready != before.ready else 2 if since != before.since else 0
    return Watched(
        pod=pod.name,
        changed=before.changed + turns,
        changed_at=at if turns else before.changed_at,
        restarted=before.restarted + max(0, restarts - before.restarts),
        ready=ready,
        since=since,
        restarts=restarts,
    )


def _restarts(pod: Pod) -> int:
    return sum(container.restarts for container in pod.containers if container.type != "ephemeral")


def _steps(counts: list[int]) -> str:
    """ "2, 1, 2": what a count was in turn, each once; cut in the middle where there are many."""
    steps = [str(counts[0]), *(str(after) for before, after in pairwise(counts) if before != after)]
    return ", ".join(steps if len(steps) <= 8 else [*steps[:4], "…", *steps[-3:]])
