"""What was seen and what was not, in words."""

from collections.abc import Iterable, Iterator, Sequence

from analyzer.common.counted import counted
from analyzer.common.units import duration_in_words
from analyzer.evidence import Evidence
from analyzer.evidence.interface import Gap
from analyzer.evidence.logs import Logs
from analyzer.evidence.pods import Pods
from analyzer.findings.interface import Graded
from analyzer.findings.side_pods import find_ready_times, select_standing_pods
from analyzer.reason.text import SAID, cut_sentence
from analyzer.target import ROLES, Role


def describe_gaps(gaps: Iterable[Gap]) -> Iterator[str]:
    """Yield how many things were not seen and one of them with its reason, the canary's if there is one."""
    ordered = sorted(gaps, key=lambda gap: gap.side != "canary")
    if ordered:
        first = ordered[0]
        whose = f" of {first.side}" if first.side else ""
        yield cut_sentence(
            f"{counted(len(ordered), 'thing')} could not be seen: {first.source}{whose}, {first.reason}", SAID
        )


def describe_readiness(evidence: Evidence) -> Iterator[str]:
    """Yield for each side how many pods are Ready, and since when."""
    for role in reversed(ROLES):
        pods, since = evidence.part(Pods, role), find_ready_times(evidence, role)
        if pods is None or not select_standing_pods(pods):
            continue
        ages = [(evidence.window.end - moment).total_seconds() for moment in since.values()]
        lasting = f" for {duration_in_words(min(ages))}" if ages else ""
        yield f"{len(since)} of {counted(len(select_standing_pods(pods)), f'{role} pod')} Ready{lasting}"


def describe_errors(evidence: Evidence) -> Iterator[str]:
    """Yield for each side how many of its log lines are errors. A side whose log was not read is left out."""
    counts = [(role, *_count_lines(evidence, role)) for role in reversed(ROLES) if evidence.part(Logs, role)]
    yield from (
        f"{counted(errors, 'error')} in {counted(lines, f'{role} log line')}"
        for role, errors, lines in counts
    )


def _count_lines(evidence: Evidence, role: Role) -> tuple[int, int]:
    """Return how many errors and how many lines a side's logs have."""
    logs = evidence.part(Logs, role)
    digests = [container.digest for container in logs.containers] if logs else []
    return sum(digest.errors for digest in digests), sum(digest.events() for digest in digests)


def describe_gates(findings: Sequence[Graded]) -> Iterator[str]:
    """Yield how many gates hold, if there are any."""
    passed = sum(graded.finding.kind == "gate-passed" for graded in findings)
    if passed:
        yield counted(passed, "gate holds", "gates hold")
