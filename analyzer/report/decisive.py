"""The finding that a decision rests on."""

from collections.abc import Sequence

from analyzer.findings.interface import Graded
from analyzer.reason.findings import find_cited
from analyzer.records.record import Record
from analyzer.verdicts.verdict import Verdict


def find_decisive(record: Record) -> Graded | None:
    """Return the finding that a decision rests on: the first that blocks or holds, else the first that a
    verdict of rollback cites, else the first warning. None where there is none.
    """
    findings = record.judgement.findings
    verdicts = [
        opinion
        for opinion in record.judgement.opinions
        if isinstance(opinion, Verdict) and opinion.answer.verdict == "rollback"
    ]
    return (
        _first(findings, "blocking")
        or _first(findings, "hold")
        or next(iter(find_cited(findings, verdicts)), None)
        or _first(findings, "warning")
    )


def _first(findings: Sequence[Graded], severity: str) -> Graded | None:
    return next((graded for graded in findings if graded.severity == severity), None)
