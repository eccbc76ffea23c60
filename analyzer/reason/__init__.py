"""The reason of a decision: one sentence for a person. Pure, and no more certain than the run was.

| outcome      | what it holds, in this order                                                            |
| ------------ | --------------------------------------------------------------------------------------- |
| rollback     | its findings, both sides' figures, what changed, who said so and who said otherwise     |
| promote      | idle or other logs, what speaks against it or for it, what changed, what was not seen   |
| inconclusive | why neither, the findings in question, what changed, what was not seen, what settles it |

It has findings, gaps and quotes of the evidence, and no words of a model: those must not reach the next
judgement (`records/previous.py`). It has at most `LONGEST_SENTENCE` bytes, in which what comes last keeps its
room.
"""

from collections.abc import Iterable, Sequence

from analyzer.evidence import Evidence
from analyzer.evidence.interface import Gap
from analyzer.findings.interface import Finding, Graded
from analyzer.reason.evidence import describe_errors, describe_gaps, describe_gates, describe_readiness
from analyzer.reason.findings import SHOWING, describe_changes, describe_finding, find_cited
from analyzer.reason.opinions import describe_citations, describe_opinion
from analyzer.reason.text import ADVICE, QUOTE, SAID, SENTENCE, cut_sentence, join_points
from analyzer.verdicts.verdict import Failed, Opinion, Verdict

WEIGH = (
    "look longer (--observe), ask one more model (--model), or say in the config file that it is harmless"
    " (ignore, severity)"
)
LATER = "judge again later, or ask one more model (--model)"
UNCITED = "no finding is cited: the report has the model's summary"
NOTED = ("idle", "added-lines", "rewritten-lines")  # information that a promote tells
SETTLES = {
    "gate-no-data": "correct the query, or judge again once there is something to measure",
    "no-traffic": "see whether requests reach the canary, and judge again once some have",
    "silent": "see where the canary's log goes, and judge again once it has worked",
    "shared-outage": "judge again once the outage of both sides is over",
    "too-young": "judge again later",
    "too-little-traffic": "judge again once it has had more requests",
}


def explain_rollback(cited: Sequence[Graded], findings: Sequence[Graded], voices: str = "") -> str:
    """Return why the canary is rolled back: the cited findings, and `voices`, who says so if that is not a
    rule.
    """
    return join_points(
        [describe_finding(graded) for graded in cited], describe_changes(cited, findings), voices
    )


def explain_blocking(findings: Sequence[Graded]) -> str:
    """Return why a blocking finding rolls the canary back: that finding, and what else goes on that the
    cluster reports, such as a probe that kills a container.
    """
    blocking = [graded for graded in findings if graded.severity == "blocking"]
    ongoing = [
        graded
        for graded in findings
        if graded.severity == "warning" and graded.finding.kind in SHOWING and graded.finding.ongoing
    ]
    return explain_rollback([*blocking, *ongoing], findings)


def explain_by_quotes(verdicts: Iterable[Verdict], findings: Sequence[Graded], voices: str) -> str:
    """Return why the canary is rolled back if no finding is cited: the quotes of the evidence, if there are
    any.
    """
    quotes = list(dict.fromkeys(quote for verdict in verdicts for quote in verdict.answer.quotes))
    points = [f'the evidence has "{cut_sentence(" ".join(quote.split()), QUOTE)}"' for quote in quotes]
    return join_points(points or [UNCITED], describe_changes((), findings), voices)


def explain_promote(evidence: Evidence, findings: Sequence[Graded], voices: str) -> str:
    """Return why the canary is promoted."""
    warnings = [describe_finding(graded) for graded in findings if graded.severity == "warning"]
    observations = ", ".join(
        (*describe_readiness(evidence), *describe_errors(evidence), *describe_gates(findings))
    )
    overruled = any(
        graded.severity == "info" and graded.default in ("blocking", "hold", "warning") for graded in findings
    )
    weighed = "nothing that was seen"
    if overruled:
        weighed = "nothing that the settings count"
    elif any(graded.finding.kind == "added-lines" for graded in findings):
        weighed = "little that was seen"
    nothing_against = f"{weighed} speaks against the canary{f': {observations}' if observations else ''}"
    points = [nothing_against]
    if warnings:
        points = [f"promoted in spite of: {warnings[0]}", *warnings[1:], *filter(None, [observations])]
    noted = [
        cut_sentence(graded.finding.sentence, SENTENCE) for graded in findings if graded.finding.kind in NOTED
    ]
    changed = describe_changes((), findings)
    return join_points(
        [*noted, *points],
        "",
        f"what changed: {changed}" if changed else "",
        *describe_gaps(evidence.gaps),
        voices,
    )


def explain_undecided(
    problem: str, opinions: Sequence[Opinion], findings: Sequence[Graded], gaps: Iterable[Gap]
) -> str:
    """Return why the outcome is neither: what each model says and cites, the findings in question, and what
    would settle it. If no finding is cited, the warnings are in question.

    What would settle it is what a failed model needs, else what the findings advise, else what would show
    what was not seen, else what always helps.
    """
    cited = find_cited(findings, (opinion for opinion in opinions if isinstance(opinion, Verdict)))
    question = cited or tuple(graded for graded in findings if graded.severity == "warning")
    missing = [gap for gap in gaps if not gap.minor]
    advice = [
        *(opinion.advice for opinion in opinions if isinstance(opinion, Failed)),
        *(graded.finding.advice or SETTLES.get(graded.finding.kind, "") for graded in question),
    ]
    settle = (
        _join_advice(advice) or _join_advice(gap.advice for gap in missing) or (WEIGH if question else LATER)
    )
    several = len(opinions) > 1  # with one model, what it cites is obvious
    voices = cut_sentence(
        ", ".join(
            f"{describe_opinion(opinion, opinions)}{describe_citations(opinion) if several else ''}"
            for opinion in opinions
        ),
        SAID,
    )
    points = [
        f"{graded.id} {describe_finding(graded)}" if several else describe_finding(graded)
        for graded in question
    ]
    opening = ", ".join(filter(None, (voices, problem)))
    points = [f"{opening}: {points[0]}", *points[1:]] if points else [opening]
    return join_points(
        points,
        describe_changes(question, findings) if question else "",
        *describe_gaps(missing),
        f"to settle it: {cut_sentence(settle, ADVICE)}",
    )


def explain_holding(holding: Sequence[Graded], findings: Sequence[Graded], gaps: Iterable[Gap]) -> str:
    """Return why a finding that holds decides neither way, and what would settle it."""
    logs_missing = any(graded.finding.kind == "unread-log" for graded in holding)
    unread_logs = [gap for gap in gaps if logs_missing and gap.source == "logs" and not gap.minor]
    advice = [
        graded.finding.advice or SETTLES.get(graded.finding.kind) or _name_remedy(graded.finding, unread_logs)
        for graded in holding
    ]
    settle = _join_advice(advice)
    return join_points(
        [describe_finding(graded) for graded in holding],
        describe_changes(holding, findings),
        *describe_gaps(unread_logs),
        f"to settle it: {cut_sentence(settle, ADVICE)}",
    )


def explain_missing(missing: Sequence[str], advice: Iterable[str]) -> str:
    """Return what is missing, and what would bring it."""
    settle = _join_advice(advice)
    return join_points(missing, "", f"to settle it: {cut_sentence(settle, ADVICE)}" if settle else "")


def explain_quorum(few: str, opinions: Iterable[Opinion]) -> str:
    """Return that too few models gave a verdict, why each did not, and what would help. `few` says how many
    gave one.
    """
    known = list(opinions)
    reasons = [
        cut_sentence(f"{opinion.model}: {opinion.reason}", SAID)
        for opinion in known
        if not isinstance(opinion, Verdict)
    ]
    advice = _join_advice(opinion.advice for opinion in known if isinstance(opinion, Failed))
    return explain_missing(
        [few, *(reasons or ["too few models were asked"])],
        [advice or "judge again, or ask another model (--model)"],
    )


def _name_remedy(finding: Finding, unread_logs: Sequence[Gap]) -> str:
    """Return what settles a fault that would block: a log that can be read, another comparison, a healthy
    stable side, or time.
    """
    if finding.kind == "unread-log" and unread_logs:
        return _join_advice(gap.advice for gap in unread_logs) or "see why the log could not be read"
    if finding.scope == "both":
        return "fix what stable has as well, and judge again"
    if finding.scope == "uncompared":
        return "judge again once stable has pods to compare with"
    return "judge again when its pods are older"


def _join_advice(advice: Iterable[str]) -> str:
    """Return each piece of advice once, joined."""
    return "; ".join(dict.fromkeys(filter(None, advice)))
