"""Comparison of the sides: whether a fault is the canary's own."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from analyzer.common.counted import counted
from analyzer.evidence import Evidence
from analyzer.evidence.interface import Part
from analyzer.evidence.pods import Pod, Pods
from analyzer.findings.chance import binomial_tail, hypergeometric_tail
from analyzer.findings.interface import Finding, Scope
from analyzer.findings.side_pods import select_standing_pods
from analyzer.target import ROLES, Role

SAMPLES = 3
SAMPLE_CHARACTERS = 500
CHANCE = 0.05
# Objects: one that is well beside one that is not says as little for the version as the other says against
# it.
WELL = 2


@dataclass(frozen=True)
class Fault:
    """A fault of one object (a pod, a ReplicaSet). `text` has words that many objects share, and so no
    numbers of one; `cause` is what explains it, or empty. `reason` is the API's word for its state, which
    changes from look to look.

    `subject` is the part of the object that is at fault (a container), or empty; kind and subject make the
    finding's key. `restarts` is added up in the finding's figures. `doubt` says why a fault that is not
    settled is uncertain, and `advice` what would settle it. `remedy` is what to do about it, in a sentence.
    `advice` and `remedy` may be empty. `ended` is when one that does not go on was seen last, if that is
    known.
    """

    kind: str
    subject: str
    text: str
    ongoing: bool = True
    settled: bool = True
    restarts: int = 0
    samples: tuple[str, ...] = ()
    doubt: str = "too early to tell"
    reason: str = ""
    cause: str = ""
    advice: str = ""
    remedy: str = ""
    ended: datetime | None = None


@dataclass(frozen=True)
class SideFaults:
    """One side's faults: how many objects count for it, and their faults, each object's of different kind or
    subject.

    `sick` is how many objects have a fault that goes on; 0 means that each fault is of another object.
    """

    total: int
    faults: tuple[Fault, ...]
    sick: int = 0


def survey_pods(
    evidence: Evidence,
    find_faults: Callable[[Role, Pod], Iterable[Fault]],
    *,
    needs: tuple[type[Part], ...] = (),
) -> dict[Role, SideFaults]:
    """Return the faults of each side whose pods, and whose parts in `needs`, were read.

    `find_faults` yields one standing pod's faults.
    """
    sides: dict[Role, SideFaults] = {}
    for role in ROLES:
        part = evidence.part(Pods, role)
        if part is not None and all(evidence.part(kind, role) for kind in needs):
            by_pod = [tuple(find_faults(role, pod)) for pod in select_standing_pods(part)]
            sick = sum(any(fault.ongoing for fault in faults) for faults in by_pod)
            sides[role] = SideFaults(len(by_pod), tuple(chain.from_iterable(by_pod)), sick)
    return sides


def compare_sides(sides: Mapping[Role, SideFaults], noun: str = "pod") -> Iterator[Finding]:
    """Yield one finding for each kind and subject, over all objects of both sides. `noun` is what an object
    is.

    A fault that goes on in the canary is compared with faults that go on in stable, and one that has ended
    with all of stable's.
    """
    nothing = SideFaults(0, ())
    canary, stable = sides.get("canary", nothing), sides.get("stable", nothing)
    for kind, subject in sorted(
        {(fault.kind, fault.subject) for side in (canary, stable) for fault in side.faults}
    ):
        own = [fault for fault in canary.faults if (fault.kind, fault.subject) == (kind, subject)]
        theirs = [fault for fault in stable.faults if (fault.kind, fault.subject) == (kind, subject)]
        ongoing = any(fault.ongoing for fault in own or theirs)
        if ongoing:
            own, theirs = (
                [fault for fault in own if fault.ongoing],
                [fault for fault in theirs if fault.ongoing],
            )
        scope = scope_of(len(own), canary.total, len(theirs), stable.total)
        settled = any(fault.settled for fault in own or theirs)
        doubt = "" if settled else ", ".join(sorted({fault.doubt for fault in own or theirs}))
        sick = max(len(own), canary.sick)
        if (
            settled
            and ongoing
            and scope == "canary"
            and is_explained_by_chance(sick, canary.total, len(theirs), stable.total)
        ):
            settled, doubt = False, f"{sick} of {canary.total}; chance explains it"
        caveat = _caveat(
            scope, f"{len(theirs)} of {stable.total}", doubt, _describe_last(own or theirs), ongoing=ongoing
        )
        role, shown, total = ("canary", own, canary.total) if own else ("stable", theirs, stable.total)
        yield Finding(
            kind=kind,
            key=f"{kind}/{subject}" if subject else kind,
            sentence=f"{len(shown)} of {counted(total, f'{role} {noun}')}: {_describe_faults(shown)}{caveat}",
            stable=_figure(theirs, stable.total, noun) if "stable" in sides else "not seen",
            canary=_figure(own, canary.total, noun),
            scope=scope,
            ongoing=ongoing,
            settled=settled,
            samples=cut_samples(sample for fault in shown for sample in fault.samples),
            advice="" if settled else _commonest(fault.advice for fault in shown),
            remedy=_commonest(fault.remedy for fault in shown),
        )


def scope_of(canary: int, canary_of: int, stable: int, stable_of: int) -> Scope:
    """Return the scope of a fault that so many objects of each side have.

    It is the canary's own when its share is more than twice stable's, and stable's share would give the
    canary that many in at most 1 case in 20. That is a one-sided binomial test: one sick canary pod proves
    little where a third of stable's are sick. So it is always the canary's own when no object of stable has
    it.
    """
    if not canary:
        return "stable"
    if not stable_of:
        return "uncompared"
    share = stable / stable_of
    worse = canary / canary_of > 2 * share and round(binomial_tail(canary, canary_of, share), 9) <= CHANCE
    return "canary" if worse else "both"


def is_explained_by_chance(canary: int, canary_of: int, stable: int, stable_of: int) -> bool:
    """Return whether chance explains so many sick objects of the canary, and at least half of it is well.

    By Fisher's exact test at 1 in 20: 1 of 50 beside 0 of 50 occurs every other time when both sides are
    alike. A small canary is not excused for being small: at least `WELL` objects must be well.
    """
    well = canary_of - canary
    return (
        well >= max(canary, WELL)
        and round(hypergeometric_tail(canary, canary_of, stable, stable_of), 9) > CHANCE
    )


def cut_samples(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the first few texts that differ, each on one line, of at most `SAMPLE_CHARACTERS`."""
    lines = (" ".join(text.split())[:SAMPLE_CHARACTERS] for text in texts)
    return tuple(dict.fromkeys(filter(None, lines)))[:SAMPLES]


def _commonest(texts: Iterable[str]) -> str:
    """Return the text that most objects have, of equally frequent ones the first in order; empty without
    any.
    """
    counts = Counter(text for text in texts if text)
    return min(counts, key=lambda text: (-counts[text], text), default="")


def _describe_faults(faults: Sequence[Fault]) -> str:
    """Return what the objects show, the most frequent first, and of how many each where these are not one
    each.
    """
    alike: dict[tuple[str, str], list[Fault]] = {}
    for fault in faults:
        alike.setdefault((fault.text, fault.cause), []).append(fault)
    groups = sorted(alike.items(), key=lambda item: (-len(item[1]), item[0]))
    texts = [(len(group), _describe_group(group)) for _, group in groups]
    if len(texts) > 1 and texts[0][0] > 1:
        return ", ".join(f"in {count} {text}" for count, text in texts)
    return ", ".join(text for _, text in texts)


def _describe_group(alike: Sequence[Fault]) -> str:
    """Return the text of equal faults, the reasons that the API gives for them, and their cause."""
    first, reasons = alike[0], sorted({fault.reason for fault in alike if fault.reason})
    shown = f" ({', '.join(reasons)})" if reasons else ""
    cause = f": {first.cause}" if first.cause else ""
    return f"{first.text}{shown}{cause}"


def _figure(faults: Sequence[Fault], total: int, noun: str) -> str:
    restarts = sum(fault.restarts for fault in faults)
    return f"{len(faults)} of {counted(total, noun)}" + (
        f", {counted(restarts, 'restart')}" if restarts else ""
    )


def _describe_last(faults: Sequence[Fault]) -> str:
    last = max((fault.ended for fault in faults if fault.ended), default=None)
    return f"the last time at {last:%H:%M:%S}, not since" if last else "it has stopped"


def _caveat(scope: Scope, stable: str, doubt: str, last: str, *, ongoing: bool) -> str:
    caveats = []
    if scope == "both":
        caveats.append(f"stable has it too ({stable}), so comparing proves nothing")
    if scope == "uncompared":
        caveats.append("there is nothing of stable to compare with")
    if not ongoing:
        caveats.append(last)
    elif doubt:
        caveats.append(doubt)
    return "".join(f"; {caveat}" for caveat in caveats)
