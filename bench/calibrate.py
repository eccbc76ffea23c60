"""How often is the built-in judge right, by the score of its answers? Prints the steps of
analyzer/models/calibration.py.

    calibrate.py

The cases are the tuned half: 1,000 of bench/mechanisms, and bench/cases. A promote is never surer than `PROMOTE`: that nothing was
seen is no proof.
"""

import json
from collections.abc import Iterator, Sequence

from generate import SEED, chosen

from analyzer.common.deadline import Deadline
from analyzer.evaluation.case import Label
from analyzer.evaluation.statistics import wilson
from analyzer.evidence import Evidence, add_missing_gaps
from analyzer.evidence.bundle import parse_evidence
from analyzer.models.builtin import Builtin, weigh
from analyzer.run.judge import Jury, judge
from analyzer.settings import Settings

BEGINS = {"promote": (60, 90), "rollback": (80, 95)}  # wide, since a few cases prove little
PROMOTE, MOST = 94, 99  # percent

Scored = tuple[str, int, bool]  # the outcome, its score, and whether it is right
Step = tuple[int, int, int]  # from which score on, how many are right, of how many


def score(evidence: Evidence, label: Label) -> Iterator[Scored]:
    """Yield the outcome of a case with its score, where it commits itself."""
    judgement = judge(
        evidence, Settings(), Jury((Builtin(),), prompted=False), Deadline.after(300), lambda _: None
    )
    outcome, weighed = judgement.decision.outcome, weigh(judgement.findings)
    if outcome in ("promote", "rollback") and weighed.verdict == outcome:
        yield outcome, weighed.confidence, outcome in label.right()


def score_generated() -> Iterator[Scored]:
    """Yield the scores of the project's own cases."""
    for row, bundle in chosen("all", "tuned", 1000, SEED):
        evidence = add_missing_gaps(parse_evidence(json.dumps(bundle).encode(), "the bundle"))
        label = Label(
            outcome=row["outcome"],  # type: ignore[arg-type]
            also=tuple(row["also"].split()),  # type: ignore[arg-type]
            decidable=row.get("decidable") != "false",
        )
        yield from score(evidence, label)


def pool(scored: Sequence[Scored], outcome: str) -> list[tuple[int, int, int, int]]:
    """Return the steps of an outcome that rise: from which score, how sure in percent, right, of how many."""
    begins = BEGINS[outcome]
    pooled: list[Step] = []
    for begin, end in zip(begins, (*begins[1:], 101), strict=True):
        rights = [right for said, points, right in scored if said == outcome and begin <= points < end]
        pooled.append((begin, sum(rights), len(rights)))
        while len(pooled) > 1 and _sure(pooled[-2]) >= _sure(pooled[-1]):
            (first, right, count), (_, more, others) = pooled[-2:]
            pooled[-2:] = [(first, right + more, count + others)]
    most = PROMOTE if outcome == "promote" else MOST
    return [
        (begin, min(most, round(100 * _sure((begin, right, count)))), right, count)
        for begin, right, count in pooled
    ]


def _sure(step: Step) -> float:
    _, right, count = step
    return wilson(right / count, count)[0] if count else 0.0


def main() -> None:
    scored = list(score_generated())
    for outcome in BEGINS:
        for begin, sure, right, count in pool(scored, outcome):
            print(f"{outcome} from {begin}: {sure} %, {right} of {count} right")


if __name__ == "__main__":
    main()
