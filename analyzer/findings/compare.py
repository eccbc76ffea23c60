"""Comparing: which pods speak for a side, and whether a fault is the canary's own."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from analyzer.evidence import Evidence
from analyzer.evidence.events import Event, Events
from analyzer.evidence.interface import Part
from analyzer.evidence.pods import Pod, Pods
from analyzer.findings.chance import binomial, hypergeometric
from analyzer.findings.interface import Finding, Scope
from analyzer.target import ROLES, Role

SAMPLES = 3
SAMPLE_CHARACTERS = 500
CHANCE = 0.05
WELL = 2  # objects: one that is well beside one that is not says as little for the version as the other says against it
ELSEWHERE = "at least half of its pods got past this, so it is where a pod runs and not what it is"


@dataclass(frozen=True)
class Fault:
    """What one object (a pod, a ReplicaSet) shows. `text` says it in words that many objects share, so without their numbers.

    `subject` is what in the object is at fault (a container), or empty; kind and subject make the finding's key.
    `restarts` is added up in the finding's figures. `doubt` says why one that is not settled cannot be told.
    """

    kind: str
    subject: str
    text: str
    ongoing: bool = True
    settled: bool = True
    restarts: int = 0
    samples: tuple[str, ...] = ()
    doubt: str = "too early to tell"


@dataclass(frozen=True)
class Seen:
    """One side: how many objects speak for it, and their faults, at most one of a kind and subject each.

    `sick` is how many of them have a fault that goes on, whichever; 0 stands for each fault being another object's.
    """

    total: int
    faults: tuple[Fault, ...]
    sick: int = 0


def disrupted(pod: Pod) -> bool:
    """Whether its node, or something that outranked it, took the pod: evicted, preempted, refused on arrival, node lost.

    These pods are Failed with a reason of their own (kubelet `eviction`, `lifecycle`) or the condition DisruptionTarget
    (https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-conditions); or their node fell silent.
    """
    taken = any(condition.type == "DisruptionTarget" and condition.status == "True" for condition in pod.conditions)
    lost = pod.reason == "NodeLost" or _unheard(pod)
    return lost or (pod.phase == "Failed" and (taken or pod.reason not in {"", "DeadlineExceeded"}))


def _unheard(pod: Pod) -> bool:
    """Whether the kubelet's last word is that all is well, and the node controller took Ready back for it.

    It changes that condition's status and nothing else (`MarkPodsNotReady` in pkg/controller/util/node): the kubelet itself would give
    a reason, and would not leave ContainersReady true but for a readiness gate.
    """
    states = {condition.type: (condition.status, condition.reason) for condition in pod.conditions}
    return states.get("Ready") == ("False", "") and states.get("ContainersReady", ("", ""))[0] == "True"


def standing(pods: Pods | None) -> tuple[Pod, ...]:
    """The pods that speak for a side, by name: neither being deleted, nor finished, nor taken by their node."""
    seen = pods.pods if pods else ()
    return tuple(sorted((p for p in seen if p.deleted_at is None and p.phase != "Succeeded" and not disrupted(p)), key=lambda p: p.name))


def passed(pods: Sequence[Pod], by: Callable[[Pod], bool]) -> bool:
    """Whether at least half of a side's pods got past what stops others of them.

    They are all made from one template, so what stops the rest is where they are: a node, its registry, a full cluster.
    """
    return bool(pods) and 2 * sum(map(by, pods)) >= len(pods)


def pod_events(evidence: Evidence) -> dict[tuple[Role, str], list[Event]]:
    """Each pod's events, by its side and name, the newest first; one without a time may be new."""
    found: dict[tuple[Role, str], list[Event]] = {}
    for role in ROLES:
        part = evidence.part(Events, role)
        for event in part.events if part else ():
            kind, _, name = event.object.partition("/")
            if kind == "Pod":
                found.setdefault((role, name), []).append(event)
    for events in found.values():
        events.sort(key=lambda event: (event.last or evidence.window.end, event.reason, event.message), reverse=True)
    return found


def survey(evidence: Evidence, look: Callable[[Role, Pod], Iterable[Fault]], *, needs: tuple[type[Part], ...] = ()) -> dict[Role, Seen]:
    """Each side whose pods, and whose parts in `needs`, were read, by its standing pods."""
    sides: dict[Role, Seen] = {}
    for role in ROLES:
        part = evidence.part(Pods, role)
        if part is not None and all(evidence.part(kind, role) for kind in needs):
            found = [tuple(look(role, pod)) for pod in standing(part)]
            sick = sum(any(fault.ongoing for fault in each) for each in found)
            sides[role] = Seen(len(found), tuple(fault for each in found for fault in each), sick)
    return sides


def compared(sides: Mapping[Role, Seen], noun: str = "pods") -> Iterator[Finding]:
    """One finding for each kind and subject, over all objects of both sides.

    A fault that goes on in the canary is compared with what goes on in stable; one that ended, with all that was seen there.
    """
    nothing = Seen(0, ())
    canary, stable = sides.get("canary", nothing), sides.get("stable", nothing)
    for kind, subject in sorted({(fault.kind, fault.subject) for seen in (canary, stable) for fault in seen.faults}):
        mine = [fault for fault in canary.faults if (fault.kind, fault.subject) == (kind, subject)]
        theirs = [fault for fault in stable.faults if (fault.kind, fault.subject) == (kind, subject)]
        ongoing = any(fault.ongoing for fault in mine or theirs)
        if ongoing:
            mine, theirs = [fault for fault in mine if fault.ongoing], [fault for fault in theirs if fault.ongoing]
        scope = scope_of(len(mine), canary.total, len(theirs), stable.total)
        settled = any(fault.settled for fault in mine or theirs)
        doubt = "" if settled else ", ".join(sorted({fault.doubt for fault in mine or theirs}))
        sick = max(len(mine), canary.sick)
        if settled and ongoing and scope == "canary" and by_chance(sick, canary.total, len(theirs), stable.total):
            settled, doubt = False, f"{sick} of {canary.total}; chance explains it"
        caveat = _caveat(scope, f"{len(theirs)} of {stable.total}", doubt, ongoing=ongoing)
        role, shown, total = ("canary", mine, canary.total) if mine else ("stable", theirs, stable.total)
        yield Finding(
            kind=kind,
            key=f"{kind}/{subject}" if subject else kind,
            sentence=f"{len(shown)} of {total} {role} {noun}: {_text(shown)}{caveat}",
            stable=_figure(theirs, stable.total, noun) if "stable" in sides else "not seen",
            canary=_figure(mine, canary.total, noun),
            scope=scope,
            ongoing=ongoing,
            settled=settled,
            samples=samples(sample for fault in shown for sample in fault.samples),
        )


def scope_of(canary: int, canary_of: int, stable: int, stable_of: int) -> Scope:
    """Where a fault of so many objects shows.

    It is the canary's own when its share is more than twice stable's, and stable's share alone would give the canary that
    many in at most 1 case in 20 (one-sided binomial test: one sick canary pod proves little beside a third of stable's).
    So it is always the canary's own when no object of stable has it.
    """
    if not canary:
        return "stable"
    if not stable_of:
        return "uncompared"
    share = stable / stable_of
    worse = canary / canary_of > 2 * share and round(binomial(canary, canary_of, share), 9) <= CHANCE
    return "canary" if worse else "both"


def by_chance(canary: int, canary_of: int, stable: int, stable_of: int) -> bool:
    """Whether so many sick objects of the canary prove nothing: at least half of it is well, and chance explains the difference.

    Fisher's exact test at 1 in 20: 1 of 50 beside 0 of 50 is seen every other time when both are alike. A canary of few objects is not
    spared for being few: at least `WELL` must be well.
    """
    well = canary_of - canary
    return well >= max(canary, WELL) and round(hypergeometric(canary, canary_of, stable, stable_of), 9) > CHANCE


def samples(texts: Iterable[str]) -> tuple[str, ...]:
    """The first few texts that differ, each on one line and cut to a bound."""
    return tuple(dict.fromkeys(cut for text in texts if (cut := " ".join(text.split())[:SAMPLE_CHARACTERS])))[:SAMPLES]


def _text(faults: Sequence[Fault]) -> str:
    texts = sorted(Counter(fault.text for fault in faults).items(), key=lambda item: (-item[1], item[0]))
    return texts[0][0] if len(texts) == 1 else ", ".join(f"{text} ({count})" for text, count in texts)


def _figure(faults: Sequence[Fault], total: int, noun: str) -> str:
    restarts = sum(fault.restarts for fault in faults)
    return f"{len(faults)} of {total} {noun}" + (f", {restarts} restarts" if restarts else "")


def _caveat(scope: Scope, stable: str, doubt: str, *, ongoing: bool) -> str:
    caveats = []
    if scope == "both":
        caveats.append(f"stable has it too ({stable}), so comparing proves nothing")
    if scope == "uncompared":
        caveats.append("there is nothing of stable to compare with")
    if not ongoing:
        caveats.append("it has stopped")
    elif doubt:
        caveats.append(doubt)
    return "".join(f"; {caveat}" for caveat in caveats)
