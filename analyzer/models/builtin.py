"""`builtin`: the built-in judge. Findings alone, no network, the same answer every time.

What it says, and how sure it is, in percent:

| findings                                            | verdict     | confidence                |
| --------------------------------------------------- | ----------- | ------------------------- |
| one that blocks                                     | rollback    | 95                        |
| else one that holds                                 | cannot_tell | 90                        |
| else warnings that go on, 60 points or more         | rollback    | 50 + points / 2, up to 95 |
| else warnings, going on or ended, 30 points or more | cannot_tell | 70                        |
| else                                                | promote     | 90 - points               |

Each gap in the evidence takes 20 off, down to 5: one leaves a clean canary above the usual `--min-confidence` of 60, two do not.

A warning's points are its kind's in `POINTS`. So one new error that goes on is not enough to tell, and with a second one,
or with more errors than stable has, it is a rollback. One that has ended counts half, and never toward a rollback: it
healed by itself. Info counts nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from analyzer.answer import Answer, Choice
from analyzer.deadline import Deadline
from analyzer.errors import UsageError
from analyzer.findings.interface import Graded
from analyzer.models.interface import Failure, Question, Reply, Turn

BUILTIN = "builtin"  # its name, by which the decision knows it
POINTS = {
    "oom-kill": 60,  # memory does not heal: one that ended is still not told
    "gate-failed": 60,  # the team's own bound, and critical: one that holds again is still not told
    "crash-loop": 40,
    "new-error-template": 40,  # above error-share, because it says what the error is
    "warning-event": 15,
    "startup-error-template": 10,  # every start may log it: stable's was too long ago to tell
    "memory-above-stable": 15,  # a cache fills, a version may need more: within its limit it is no fault yet
    "cpu-at-limit": 15,  # it slows, and what it slows shows elsewhere
    "evicted": 0,  # no fault of the version
    "addresses-judge": 0,  # it says nothing of the version, and whoever can write it must not move the judge by it
}
OTHERS = 30
ROLLBACK, UNSURE = 60, 30
PER_GAP, LEAST = 20, 5

REMEDIES = {
    "crash-loop": "Read the end of the previous container's log, fix what makes it exit, and build a new version.",
    "oom-kill": "Raise the memory limit, or undo what made the new version take more memory.",
    "image-pull": "Correct the image's name or tag, or the pull secret.",
    "config-error": "Create the ConfigMap, Secret or key that the pod template names, or correct the command.",
    "failed-create": "Make room in the quota, or correct what the admission webhook refuses.",
    "unschedulable": "Lower the requests, correct the node selector or tolerations, or add nodes.",
    "storage-limit": "Raise the limit of local storage, or undo what made the new version write more to disk.",
    "volume": "Check the volume, its claim and its class.",
    "gate-failed": "Find what the new version changed in what the gate measures; what Prometheus shows since its start says when.",
    "not-ready": "Check the readiness probe against what the new version serves.",
    "no-endpoints": "Check the canary Service's selector against the labels of the new version's pods.",
    "no-traffic": "Check that the traffic router sends requests to the canary, or wait until it has had some.",
    "unread-log": "See why the log could not be read, under what was not seen, and judge again.",
    "missing-reference": "Create the ConfigMap or key that the pod template names.",
    "memory-near-limit": "Raise the memory limit, or undo what made the new version take more memory.",
    "memory-climbing": "Look for what the new version keeps and never frees.",
    "probe-failure": "Check the probe's path, port and timing against the new version.",
    "new-error-template": "Find what the new version changed where the error is logged.",
    "new-failure-template": "Find what the new version changed where the failure is logged.",
    "error-share": "Find what the new version changed where the errors are logged.",
}


@dataclass(frozen=True)
class Builtin:
    """The judge that needs nothing."""

    name: str = BUILTIN

    def ask(self, question: Question, turns: tuple[Turn, ...], deadline: Deadline) -> Reply | Failure:  # noqa: ARG002 - the seam's
        """The answer as JSON, as any model gives it. Its latency is 0, so that a replay is the same byte for byte."""
        return Reply(text=msgspec.json.encode(judge(question.findings, question.gaps)).decode(), latency=0.0, prompted=False)


def create(argument: str, environ: Mapping[str, str]) -> Builtin:  # noqa: ARG001 - the seam's
    """UsageError when it is given an argument: it takes none."""
    if argument:
        raise UsageError(f"builtin takes nothing after a colon, not {argument!r}", advice="--model builtin")
    return Builtin()


def judge(findings: Sequence[Graded], gaps: int = 0) -> Answer:
    """The table of this module."""
    blocking, holding, warnings = ([each for each in findings if each.severity == severity] for severity in ("blocking", "hold", "warning"))
    counted = sorted((each for each in warnings if _points(each)), key=lambda each: (not each.finding.ongoing, -_points(each)))
    ongoing = sum(_points(each) for each in counted if each.finding.ongoing)
    points = ongoing + sum(_points(each) for each in counted if not each.finding.ongoing) // 2
    if blocking:
        return _answer("rollback", 95, gaps, blocking, "The canary alone has a fault that goes on")
    if holding:
        return _answer("cannot_tell", 90, gaps, holding, "It cannot be told yet, or not from this comparison")
    if ongoing >= ROLLBACK:
        return _answer("rollback", min(95, 50 + ongoing // 2), gaps, counted, "The canary is worse than stable, and it goes on")
    if points >= UNSURE:
        return _answer("cannot_tell", 70, gaps, counted, "What differs is too little for a rollback and too much to promote")
    opening = "Little speaks against the canary" if counted else "Nothing speaks against the canary"
    return _answer("promote", 90 - points, gaps, counted, opening)


def _points(graded: Graded) -> int:
    return POINTS.get(graded.finding.kind, OTHERS)


def _answer(verdict: Choice, confidence: int, gaps: int, cited: Sequence[Graded], opening: str) -> Answer:
    """An answer that rests on `cited`, the strongest first."""
    said = "; ".join(f"{each.id} {each.finding.sentence}" for each in cited[:3])
    more = f", and {len(cited) - 3} more" if len(cited) > 3 else ""
    unseen = f" {gaps} {'thing' if gaps == 1 else 'things'} could not be seen." if gaps else ""
    explained = next((each for each in cited if each.finding.because), next(iter(cited), None))
    against = explained.finding if explained and verdict != "promote" else None
    return Answer(
        verdict=verdict,
        confidence=max(LEAST, confidence - PER_GAP * gaps),
        summary=f"{opening}{': ' if said else '.'}{said}{more}{'.' if said else ''}{unseen}",
        root_cause=(against.because or against.sentence) if against else "",
        remediation=REMEDIES.get(against.kind, "") if against else "",
        findings=tuple(each.id for each in cited),
    )
