"""`builtin`: the built-in judge. It uses findings alone and no network, and always gives the same answer.

Its verdict and its score, which `calibration.py` turns into a confidence in percent:

| findings                                           | verdict     | score                                  |
| -------------------------------------------------- | ----------- | -------------------------------------- |
| one that blocks                                    | rollback    | 95, less 20 a gap                      |
| else one that holds                                | cannot_tell | 90                                     |
| else ongoing warnings, 60 or more points           | rollback    | 50 + points / 2, to 95, less 20 a gap  |
| else warnings, ongoing or ended, 30 or more points | cannot_tell | 70                                     |
| else                                               | promote     | 90 - points, less 20 a gap, 10 if idle |
| the same, where that comes to less than 60         | cannot_tell | 70                                     |

Each gap in the evidence lowers the score, and the confidence, of a promote or a rollback, of a rollback down
to 5. A clean canary is promoted with one gap and not with two: a promote whose score is below 60, the default
of `--min-confidence`, is answered as cannot_tell.

A canary that is idle, and may be (`findings/work.py`), has only shown that it starts. Lines that stable never
logs, beside the same work, lower the score by a tenth of their share. In the place of work that is
missing they are a doubt of one point for each percent (`findings/unexplained.py`).

The points of a warning are those of its kind in `POINTS`. They grow by a quarter for each 10 % of the lines
or requests that it touches beyond chance, up to double. It has half of them where it touches less than 1 %
and chance explains that stable has none: one error among a thousand lines. One new error that goes on is a
cannot_tell; with a second one, or with more errors than stable has, it is a rollback. A warning that has
ended counts half, and never toward a rollback, because it healed by itself. It counts a quarter where the
same work has gone on without it for long. A doubt (`DOUBTS`) never counts toward a rollback either. Info has
no points.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from analyzer.answer import Answer, Choice
from analyzer.common.counted import counted
from analyzer.common.deadline import Deadline
from analyzer.errors import UsageError
from analyzer.findings.interface import Finding, Graded
from analyzer.models.calibration import calibrate
from analyzer.models.interface import Failure, Question, Reply, Turn
from analyzer.models.remedies import REMEDIES

BUILTIN = "builtin"  # its name, by which the decision knows it
POINTS = {
    "oom-kill": 60,  # memory does not heal: even one that ended is a cannot_tell
    "gate-failed": 60,  # the team's own bound, and critical: even one that passes again is a cannot_tell
    "failing-status": 60,  # what its users see: requests that fail
    "crash-loop": 40,
    "measure-worse": 40,  # 10 times as slow or as long a queue: alone it may be the data's
    "new-error-template": 40,  # above error-share, because it says what the error is
    "warning-event": 15,
    "startup-error-template": 10,  # every start may log it: stable's was too long ago to tell
    "memory-above-stable": 15,  # a cache fills, a version may need more: within its limit it is no fault yet
    "cpu-at-limit": 15,  # it slows, and what it slows shows elsewhere
    "evicted": 0,  # no fault of the version
    "addresses-judge": 0,  # it says nothing about the version, and its author must not influence the judge
}
OTHERS = 30
# times the share beyond chance that a warning touches, up to double: from 20 % on, an error alone is a
# rollback
GROWS, MOST = 2.5, 2.0
# of the lines or requests; and of the points of a warning on fewer, which chance explains
RARE, CHANCE = 0.01, 0.5
ENDED = 0.5  # of the points of a warning that ended …
HEALED = 0.25  # … and of one after which the same work has gone on for long
PER_EXCESS = {  # of the share beyond chance, and the least and the most: from 25 % on it is a rollback
    "new-warning-template": (240, 30, 80),
}
PER_SHARE = {"unexplained-lines": 100}  # of the share that the finding touches: 30 % is a cannot_tell
# kinds that keep a canary from being promoted, and never count toward a rollback
DOUBTS = {
    "measure-doubt",
    "new-trouble-template",
    "unexplained-lines",
}
ROLLBACK, UNSURE = 60, 30
PER_GAP, LEAST = 20, 5
# information that lowers the confidence of a promote: at most so many, where it has a share by that
LESS_SURE = {
    "idle": 10,  # the canary may be promoted without having shown work
    "added-lines": 10,  # what it does more has nothing to be compared with
    "rewritten-lines": 0,  # said, and no less sure
}
ENOUGH = 60  # least confidence of a promote; below it the answer is cannot_tell


@dataclass(frozen=True)
class Builtin:
    """The judge that needs no server and no key."""

    name: str = BUILTIN

    def ask(
        self,
        question: Question,
        turns: tuple[Turn, ...],  # noqa: ARG002
        deadline: Deadline,  # noqa: ARG002
    ) -> Reply | Failure:
        """Return the answer as JSON, as from any model. Its latency is 0, so a replay is the same byte for
        byte.
        """
        return Reply(
            text=msgspec.json.encode(judge(question.findings, question.gaps)).decode(),
            latency=0.0,
            prompted=False,
        )


def create(argument: str, environ: Mapping[str, str]) -> Builtin:  # noqa: ARG001 - the seam's
    """Return the built-in judge. Raise UsageError if it is given an argument, since it takes none."""
    if argument:
        raise UsageError(f"builtin takes nothing after a colon, not {argument!r}", advice="--model builtin")
    return Builtin()


def judge(findings: Sequence[Graded], gaps: int = 0) -> Answer:
    """Return the answer to the findings by the table of this module, as sure as such answers are right.
    `gaps` is the number of things that could not be seen.
    """
    answer = weigh(findings, gaps)
    if answer.verdict == "cannot_tell":
        return answer
    seen = calibrate(answer.verdict, weigh(findings).confidence)
    return msgspec.structs.replace(answer, confidence=_lower_by_gaps(seen, gaps))


def weigh(findings: Sequence[Graded], gaps: int = 0) -> Answer:
    """Return the answer with its score in the place of the confidence, before it is calibrated."""
    blocking, holding, warnings = (
        [graded for graded in findings if graded.severity == severity]
        for severity in ("blocking", "hold", "warning")
    )
    weighed = sorted(
        (graded for graded in warnings if _points(graded)),
        key=lambda graded: (not graded.finding.ongoing, -_points(graded)),
    )
    goes_on = [graded for graded in weighed if graded.finding.ongoing]
    ongoing = sum(_points(graded) for graded in goes_on if graded.finding.kind not in DOUBTS)
    doubts = sum(_points(graded) for graded in goes_on if graded.finding.kind in DOUBTS)
    ended = sum(_points(graded) * _left(graded) for graded in weighed if not graded.finding.ongoing)
    points = ongoing + doubts + int(ended)
    if blocking:
        return _answer(
            "rollback", _lower_by_gaps(95, gaps), gaps, blocking, "The canary alone has a fault that goes on"
        )
    if holding:
        return _answer("cannot_tell", 90, gaps, holding, "It cannot be told yet, or not from this comparison")
    if ongoing >= ROLLBACK:
        sure = _lower_by_gaps(min(95, 50 + ongoing // 2), gaps)
        return _answer("rollback", sure, gaps, weighed, "The canary is worse than stable, and it goes on")
    if points >= UNSURE:
        return _answer(
            "cannot_tell",
            70,
            gaps,
            weighed,
            "What differs is too little for a rollback and too much to promote",
        )
    doubtful = [graded for graded in findings if graded.finding.kind in LESS_SURE]
    lowered = sum(_lowers(graded) for graded in doubtful)
    kinds = {graded.finding.kind for graded in doubtful}
    little = weighed or "added-lines" in kinds
    opening = "Little speaks against the canary" if little else "Nothing speaks against the canary"
    opening += ", and none of its work was seen" if "idle" in kinds else ""
    sure = _lower_by_gaps(90 - points - lowered, gaps)
    if sure < ENOUGH:
        return _answer("cannot_tell", 70, gaps, weighed, f"{opening}, and too little was seen to promote it")
    return _answer("promote", sure, gaps, (*weighed, *doubtful), opening)


def _lower_by_gaps(confidence: int, gaps: int) -> int:
    """Return a confidence (percent), lowered for each gap."""
    return max(LEAST, confidence - PER_GAP * gaps)


def _points(graded: Graded) -> int:
    """Return the points of a warning: those of its kind, or by the share that it touches."""
    kind = graded.finding.kind
    if kind in PER_SHARE:
        return round(PER_SHARE[kind] * graded.finding.share)
    if kind in PER_EXCESS:
        times, least, most = PER_EXCESS[kind]
        return min(most, max(least, round(times * (graded.finding.excess or 0.0))))
    return int(POINTS.get(kind, OTHERS) * _grown(graded.finding))


def _grown(finding: Finding) -> float:
    """Return how many times its kind's points a finding has, by the share that it touches beyond chance.

    What has ended touches nothing any more, so it does not grow.
    """
    if finding.excess == 0 and finding.share < RARE:
        return CHANCE
    return min(MOST, 1 + GROWS * finding.excess) if finding.excess and finding.ongoing else 1.0


def _lowers(graded: Graded) -> int:
    """Return by how much a finding of `LESS_SURE` lowers the confidence of a promote."""
    most, share = LESS_SURE[graded.finding.kind], graded.finding.share
    return round(most * share) if share else most


def _left(ended: Graded) -> float:
    return HEALED if ended.finding.healed else ENDED


def _answer(verdict: Choice, confidence: int, gaps: int, cited: Sequence[Graded], opening: str) -> Answer:
    """Return an answer that rests on `cited`, the strongest finding first."""
    sentences = "; ".join(f"{graded.id} {graded.finding.sentence}" for graded in cited[:3])
    more = f", and {len(cited) - 3} more" if len(cited) > 3 else ""
    unseen = f" {counted(gaps, 'thing')} could not be seen." if gaps else ""
    explained = next((graded for graded in cited if graded.finding.because), next(iter(cited), None))
    finding = explained.finding if explained and verdict != "promote" else None
    return Answer(
        verdict=verdict,
        confidence=confidence,
        summary=f"{opening}{': ' if sentences else '.'}{sentences}{more}{'.' if sentences else ''}{unseen}",
        root_cause=finding.because if finding else "",
        remediation=(finding.remedy or REMEDIES.get(finding.kind, "")) if finding else "",
        findings=tuple(graded.id for graded in cited),
    )
