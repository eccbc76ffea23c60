"""The mark by which an issue and its comments are found again: whose failure it is, which one, and of which
run. It is an HTML comment on a line of its own, which GitHub does not show.

Text of others cannot begin a line with it (`neutral`), so a mark in evidence does not count.
"""

import re

from analyzer.common.short import short_digest
from analyzer.common.value import Value
from analyzer.records.record import Record
from analyzer.report.decisive import find_decisive

LENGTH = 8  # hexadecimal digits of each half: enough for the failures of one repository
_MARK = re.compile(
    r"^<!-- rollout-analyzer subject=([0-9a-f]{8}) failure=([0-9a-f]{8}) run=([0-9a-f]{12}) -->\r?$",
    re.MULTILINE,
)


class Mark(Value):
    """Digests: of the Rollout, of its failure, and of the run that tells of it.

    The first two outlive pods, versions and times, so that the same failure has them again. The third is the
    same for a run that is tried again.
    """

    subject: str
    failure: str
    run: str

    def fingerprint(self) -> str:
        """Return what is shown to people, the same for the same failure."""
        return f"{self.subject}-{self.failure}"

    def write(self) -> str:
        """Return the line that `read_mark` finds."""
        return f"<!-- rollout-analyzer subject={self.subject} failure={self.failure} run={self.run} -->"


def read_mark(text: str) -> Mark | None:
    """Return the last mark in a text, None without one."""
    marks = _MARK.findall(text)
    return Mark(subject=marks[-1][0], failure=marks[-1][1], run=marks[-1][2]) if marks else None


def mark_failure(record: Record) -> Mark:
    """Return the mark of a run that found a failure.

    The failure is what the decision rests on, by its key: kind, container and log template. Of several it is
    the first in the published order, since the others come and go with the moment of looking.
    """
    decisive = find_decisive(record)
    key = decisive.finding.key if decisive else record.judgement.decision.rule
    return _mark(record, key, _run_of(record))


def mark_promotion(record: Record) -> Mark:
    """Return the mark of a promotion. Every run that promotes the same version has the same one."""
    canary = record.evidence.target.canary
    version = canary.hash if canary and canary.hash else _run_of(record)
    return _mark(record, "promoted", f"promoted {version}")


def _run_of(record: Record) -> str:
    """Return what tells one run from another: the AnalysisRun and metric, which a retried pod and a new Job
    share, else what was drawn for this one.
    """
    analysis = record.evidence.target.analysis
    return analysis.key() if analysis else record.evidence.nonce


def _mark(record: Record, failure: str, run: str) -> Mark:
    target = record.evidence.target.name()
    return Mark(
        subject=short_digest(target, length=LENGTH),
        failure=short_digest(target, failure, length=LENGTH),
        run=short_digest(target, run),
    )
