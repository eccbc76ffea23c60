"""Logs: a share of errors above stable's beyond chance, and containers that there is nothing to compare with.

Counts are compared per line, never per pod: a canary has a fraction of the traffic. Lines of level debug are in no base, or a release
that turns them on would hide its errors among them. Only the same container of both sides is compared.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta

from analyzer.evidence import Evidence
from analyzer.evidence.interface import Window
from analyzer.evidence.logs import ContainerLogs, Logs
from analyzer.findings.chance import hypergeometric
from analyzer.findings.interface import Finding, Rule
from analyzer.findings.silent import unheard
from analyzer.logs.compare import Compared, compare
from analyzer.logs.digest import LEVELS, Digest, Level
from analyzer.settings import Rules

SHOWN = 10  # templates of one kind that are told one by one, errors first, then by count
SAMPLES = 3
ERRORS = ("fatal", "error")
ALPHA = 0.001  # lines come in bursts and are not independent, so a stricter bound than the usual 0.05 …
RATIO = 2.0  # … and a difference that matters
LEAST = 5  # errors

_HOLE, _NO_LETTERS = re.compile(r"<[^<>]*>"), re.compile(r"[^a-z]+")
# How a line that has no level says that something failed; "no error" and "0 failed" say that nothing did.
_FAILS = re.compile(
    r"(?<![\w/.=-])(?<!\bno )(?<!\b0 )(?<!without )(?:fail(?:ed|ure|s)|unable to|cannot|can't|could(?: not|n't)|refused|timed out|unhandled"
    r"|denied|exception|error|fatal|segmentation fault|out of memory|unreachable|aborted|crashed|killed)"
    r"(?![\w/=-]|:?\s?(?:0|no|none|false|null)\b)",
    re.IGNORECASE,
)


def error_share(evidence: Evidence, _rules: Rules) -> Iterator[Finding]:
    """Errors per line above stable's: Fisher's exact test, one-sided (R. A. Fisher, Statistical Methods for Research Workers, §21.02)."""
    quiet = unheard(evidence)  # of these the canary's other lines are missing, so that a share of them says nothing
    for container, stable, canary in pairs(evidence):
        mine, theirs = base(canary), base(stable)
        if not theirs or canary.errors < LEAST or container in quiet:
            continue
        share, usual = canary.errors / mine, stable.errors / theirs
        if share < RATIO * usual or hypergeometric(canary.errors, mine, stable.errors, theirs) >= ALPHA:
            continue
        worst = _worst(stable, canary)
        goes_on = ongoing(worst, canary, evidence.window)
        yield Finding(
            kind="error-share",
            key=f"error-share/{container}",
            sentence=f"container {container} logs errors on {_percent(share)} of its lines, stable on {_percent(usual)}"
            + ("" if goes_on else "; the errors have stopped since"),
            stable=f"{stable.errors:,} errors in {lines(theirs)}",
            canary=f"{canary.errors:,} errors in {lines(mine)}",
            ongoing=goes_on,
            samples=tuple(each.sample for each in worst[:SAMPLES]),
        )


def unmatched_container(evidence: Evidence, _rules: Rules) -> Iterator[Finding]:
    """A container with logs that there are none of stable's to compare with: told once, for calling each line new would say no more.

    A warning where it goes on logging errors: a container of another name may be the service itself, and one that stable has as well
    and that logs nothing there, not even one error. Where stable's log was not read, that alone is told, and the gap says the rest.
    """
    stable, canary = evidence.part(Logs, "stable"), evidence.part(Logs, "canary")
    if canary is None:
        return
    unread = stable is None or any(gap.source == "logs" and gap.side != "canary" for gap in evidence.gaps)
    theirs = {each.container: each.digest.lines for each in (stable.containers if stable else ())}
    for each in canary.containers:
        if theirs.get(each.container) or not each.digest.lines:
            continue
        worst = _worst(Digest(), each.digest)
        least = 1 if each.container in theirs else LEAST
        failing = each.digest.errors >= least and ongoing(worst, each.digest, evidence.window)
        if unread and not failing:
            continue
        kind = "unmatched-container-errors" if failing else "unmatched-container-logs"
        where = "logs that were not read of stable" if unread else "logs on the canary alone"
        yield Finding(
            kind=kind,
            key=f"{kind}/{each.container}",
            sentence=f"container {each.container} has {where}, so they are compared with nothing" + ("; it logs errors" if failing else ""),
            stable="not seen" if unread else "no log lines",
            canary=f"{each.digest.errors:,} errors in {lines(each.digest.events())}",
            scope="uncompared",
            samples=tuple(row.sample for row in worst[:SAMPLES]),
        )


def _worst(stable: Digest, canary: Digest) -> list[Compared]:
    """The canary's errors, the most frequent first."""
    errors = (each for each in compare(stable, canary) if each.level in ERRORS and each.canary)
    return sorted(errors, key=lambda each: (-each.canary, each.template))


def pairs(evidence: Evidence) -> Iterator[tuple[str, Digest, Digest]]:
    """(container, stable's digest, canary's) of every container name both sides have logs of."""
    stable, canary = evidence.part(Logs, "stable"), evidence.part(Logs, "canary")
    if stable is None or canary is None:
        return
    known: dict[str, ContainerLogs] = {each.container: each for each in stable.containers}
    for each in canary.containers:
        if each.container in known:
            yield each.container, known[each.container].digest, each.digest


def base(digest: Digest) -> int:
    """The lines that a share is a share of: what starts an event, debug lines apart."""
    limit = digest.limit()
    beyond = digest.other if limit is not None and LEVELS[limit[0]] == "debug" else 0
    return digest.events() - beyond - sum(group.count for group in digest.groups if group.level == "debug")


def ongoing(seen: Sequence[Compared], canary: Digest, window: Window) -> bool:
    """Whether the canary may be expected to log them again: seen in its log's tail, or no longer ago than twice their mean distance.

    The tail is the last fifth of the time that the canary's log covers in the window, between 30 s and 2 min. It ends with the
    container's own last line, when that is earlier than the window's end: a container that fell silent, or whose log was cut, did
    not recover. What carries no time is taken to go on.
    """
    firsts, lasts = [each.first for each in seen if each.first], [each.last for each in seen if each.last]
    if not firsts or not lasts or canary.first is None or canary.last is None:
        return True
    end, last = min(window.end, canary.last), max(lasts)
    tail = min(max((end - max(window.start, canary.first)) / 5, timedelta(seconds=30)), timedelta(minutes=2))
    distance = (last - min(firsts)) / max(1, sum(each.canary for each in seen) - 1)
    return end - last <= max(tail, 2 * distance)


def fails(each: Compared) -> bool:
    """Whether a line tells of a failure: by its level, or in its words where it has none."""
    return each.level in ERRORS or (each.level == "unknown" and _FAILS.search(each.sample) is not None)


def complains(each: Compared) -> bool:
    """Whether a line tells of a failure, or warns."""
    return each.level == "warning" or fails(each)


def slug(template: str) -> str:
    """A template's words, for a key that outlives numbers and names."""
    return _NO_LETTERS.sub("-", _HOLE.sub("", template.lower())).strip("-")[:80]


def a_line(level: Level) -> str:
    """`a line`, or `an error line`."""
    return "a line" if level == "unknown" else f"{'an' if level in ('error', 'info') else 'a'} {level} line"


def since(goes_on: bool) -> str:
    """What is added of a line that is not logged any more."""
    return "" if goes_on else "; it has stopped since"


def lines(count: int) -> str:
    """A number of lines, in words."""
    return f"{count:,} line{'' if count == 1 else 's'}"


def _percent(share: float) -> str:
    return f"{share * 100:.2g} %" if share < 0.1 else f"{share * 100:.0f} %"


RULES: tuple[Rule, ...] = (
    Rule(error_share, needs=(Logs,)),
    Rule(unmatched_container, needs=(Logs,)),
)
