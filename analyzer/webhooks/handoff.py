"""A finished run as one JSON object, for an agent or a program of the team's own. Its JSON Schema is
docs/schema/handoff.json.

Every text of others in it is inert (`report.neutral`): an agent that acts on `@claude` or `Closes #12` finds
none. `body` is the text of the issue. `instructions` are the operator's own.
"""

from typing import Any, Literal

import msgspec

from analyzer import __version__
from analyzer.common.short import cut
from analyzer.common.value import Moment, Value
from analyzer.decision import Outcome
from analyzer.findings.interface import Graded, Severity
from analyzer.github import issue_text
from analyzer.github.mark import mark_failure
from analyzer.records.record import Record
from analyzer.report.neutral import inert
from analyzer.webhooks.finished import Finished

FINDINGS = 20
SENTENCE = 400  # characters


class HandoffFinding(Value):
    """A finding, as the result has it."""

    id: str
    severity: Severity
    kind: str
    sentence: str
    stable: str
    canary: str


class HandoffData(Value):
    """The decision and its target. `confidence` is in percent; `issue` is an address, empty for none;
    `repository` is the name that `--github-repo` gives; `fingerprint` is the same for the same failure;
    `title` and `body` are Markdown. `findings` are the first of them.
    """

    schema: Literal["rollout-analyzer/handoff"] = "rollout-analyzer/handoff"
    version: Literal[1] = 1
    product: str = __version__
    outcome: Outcome
    rule: str
    reason: str
    confidence: float | None = None
    exit_code: int
    namespace: str = ""
    rollout: str = ""
    stable: str = ""
    canary: str = ""
    analysis_run: str = ""
    metric: str = ""
    fingerprint: str = ""
    findings: tuple[HandoffFinding, ...] = ()
    title: str = ""
    body: str = ""
    instructions: str = ""
    repository: str = ""
    issue: str = ""
    link: str = ""
    replay: str = ""


class Handoff(Value):
    """The message: `type` is `canary.` and the outcome, `timestamp` when the run ended."""

    type: str
    timestamp: Moment
    data: HandoffData


def write_handoff(run: Finished) -> bytes:
    """Return the message of a run as JSON. Raise UsageError for an unusable template of the issue."""
    decision, target, analysis = run.decision, run.target, run.analysis
    stable, canary = (target.stable, target.canary) if target else (None, None)
    data = HandoffData(
        outcome=decision.outcome,
        rule=decision.rule,
        reason=inert(decision.reason),
        confidence=decision.confidence,
        exit_code=int(run.exit_code),
        namespace=target.namespace if target else "",
        rollout=target.rollout if target else "",
        stable=stable.hash or "" if stable else "",
        canary=canary.hash or "" if canary else "",
        analysis_run=analysis.name if analysis else "",
        metric=analysis.metric if analysis else "",
        instructions=run.settings.issues.assign_instructions,
        repository=run.settings.issues.github_repo,
        issue=run.issue,
        link=run.settings.tell.link,
        **(_told(run.record) if run.record else {}),
    )
    return msgspec.json.encode(Handoff(type=f"canary.{decision.outcome}", timestamp=run.at, data=data))


def _told(record: Record) -> dict[str, Any]:
    """Return what only a run with an answer has."""
    mark = mark_failure(record)
    return {
        "fingerprint": mark.fingerprint(),
        "findings": tuple(map(_finding, record.judgement.findings[:FINDINGS])),
        "title": issue_text.write_title(record),
        "body": issue_text.write_body(record, mark, record.settings.issues.issue_template),
        "replay": record.replay(),
    }


def _finding(graded: Graded) -> HandoffFinding:
    finding = graded.finding
    return HandoffFinding(
        id=graded.id,
        severity=graded.severity,
        kind=finding.kind,
        sentence=inert(cut(finding.sentence, SENTENCE)),
        stable=inert(cut(finding.stable, SENTENCE)),
        canary=inert(cut(finding.canary, SENTENCE)),
    )
