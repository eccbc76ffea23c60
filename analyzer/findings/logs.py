"""Logs: templates that only the canary has, and a share of errors above stable's beyond chance.

Counts are compared per line, never per pod: a canary has a fraction of the traffic. Only the same container of both sides is
compared. A side whose logs were not read is a gap, and nothing can be called new against it.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from analyzer.evidence import Evidence
from analyzer.evidence.interface import Window
from analyzer.evidence.logs import ContainerLogs, Logs
from analyzer.findings.chance import hypergeometric
from analyzer.findings.interface import Finding, Rule
from analyzer.logs.compare import Compared, compare
from analyzer.logs.digest import LEVELS, Digest, Level
from analyzer.settings import Rules

SHOWN = 10  # new templates that are told one by one, errors first, then by count
SAMPLES = 3
ERRORS = ("fatal", "error")
EXPECTED = 3.0  # occurrences: with so many expected, none is seen by chance in 5 % of cases ("rule of three", exp(-3))
TINY = 4  # times fewer lines than the canary's: stable, which has most of the traffic, has hardly logged
ALPHA = 0.001  # lines come in bursts and are not independent, so a stricter bound than the usual 0.05 …
RATIO = 2.0  # … and a difference that matters
LEAST = 5  # errors


def new_templates(evidence: Evidence, _rules: Rules) -> Iterator[Finding]:
    """Templates the canary has and stable does not, at most `SHOWN`, and how many more there are."""
    found = [
        (container, each, stable, canary)
        for container, stable, canary in pairs(evidence)
        for each in compare(stable, canary)
        if each.canary and not each.stable and each.certain and stable.lines
    ]
    found.sort(key=lambda item: (LEVELS.index(item[1].level), -item[1].canary, item[0], item[1].template))
    for container, each, stable, canary in found[:SHOWN]:
        yield _new(container, each, stable, canary, evidence.window)
    if len(found) > SHOWN:
        rest = found[SHOWN:]
        errors = sum(1 for _, each, _, _ in rest if each.level in ERRORS)
        yield Finding(
            kind="more-log-templates",
            key="more-log-templates",
            sentence=f"{len(rest)} more log templates are on the canary alone, {errors} of them errors; the {SHOWN} shown are the gravest",
            stable="none of them",
            canary=f"{len(rest)} templates, {lines(sum(each.canary for _, each, _, _ in rest))}",
        )


def _new(container: str, each: Compared, stable: Digest, canary: Digest, window: Window) -> Finding:
    error = each.level in ERRORS
    goes_on = ongoing(each.last, canary, window)
    what = a_line(each.level)
    return Finding(
        kind="new-error-template" if error else "new-log-template",
        key=f"{'new-error-template' if error else 'new-log-template'}/{container}/{slug(each.template)}",
        sentence=f"container {container} logs {what} that stable never logs: {each.template}{_doubt(each, stable, canary)}"
        + since(goes_on),
        stable=f"0 of {lines(stable.events())}",
        canary=f"{each.canary:,} of {lines(canary.events())}",
        ongoing=goes_on,
        samples=(each.sample,),
    )


def _doubt(each: Compared, stable: Digest, canary: Digest) -> str:
    """What "never" is worth: little where stable logged so much less that it would hardly show the line anyway."""
    expected = each.canary * stable.events() / max(1, canary.events())
    if expected >= EXPECTED or stable.events() * TINY >= canary.events():
        return ""
    return f" (stable logged only {lines(stable.events())}, where {expected:.1f} of these would be expected: weak grounds for new)"


def error_share(evidence: Evidence, _rules: Rules) -> Iterator[Finding]:
    """Errors per line above stable's: Fisher's exact test, one-sided (R. A. Fisher, Statistical Methods for Research Workers, §21.02)."""
    for container, stable, canary in pairs(evidence):
        if not stable.events() or canary.errors < LEAST:
            continue
        share, base = canary.errors / canary.events(), stable.errors / stable.events()
        if share < RATIO * base or hypergeometric(canary.errors, canary.events(), stable.errors, stable.events()) >= ALPHA:
            continue
        worst = [each for each in compare(stable, canary) if each.level in ERRORS and each.canary]
        worst.sort(key=lambda each: (-each.canary, each.template))
        goes_on = ongoing(max((each.last for each in worst if each.last), default=None), canary, evidence.window)
        yield Finding(
            kind="error-share",
            key=f"error-share/{container}",
            sentence=f"container {container} logs errors on {_percent(share)} of its lines, stable on {_percent(base)}"
            + ("" if goes_on else "; the errors have stopped since"),
            stable=f"{stable.errors:,} errors in {lines(stable.events())}",
            canary=f"{canary.errors:,} errors in {lines(canary.events())}",
            ongoing=goes_on,
            samples=tuple(each.sample for each in worst[:SAMPLES]),
        )


def unmatched_container(evidence: Evidence, _rules: Rules) -> Iterator[Finding]:
    """A container with logs that stable has none of: told once, for calling each of its lines new would say no more."""
    stable, canary = evidence.part(Logs, "stable"), evidence.part(Logs, "canary")
    if stable is None or canary is None or any(gap.source == "logs" and gap.side != "canary" for gap in evidence.gaps):
        return  # what stable logs there is in part unread
    compared = {each.container for each in stable.containers if each.digest.lines}
    for each in canary.containers:
        if each.container in compared or not each.digest.lines:
            continue
        worst = sorted((group for group in each.digest.groups if group.level in ERRORS), key=lambda group: (-group.count, group.template))
        yield Finding(
            kind="unmatched-container-logs",
            key=f"unmatched-container-logs/{each.container}",
            sentence=f"container {each.container} has logs on the canary alone, so they are compared with nothing",
            stable="no log lines",
            canary=f"{each.digest.errors:,} errors in {lines(each.digest.events())}",
            scope="uncompared",
            samples=tuple(group.sample for group in worst[:SAMPLES]),
        )


def pairs(evidence: Evidence) -> Iterator[tuple[str, Digest, Digest]]:
    """(container, stable's digest, canary's) of every container name both sides have logs of."""
    stable, canary = evidence.part(Logs, "stable"), evidence.part(Logs, "canary")
    if stable is None or canary is None:
        return
    known: dict[str, ContainerLogs] = {each.container: each for each in stable.containers}
    for each in canary.containers:
        if each.container in known:
            yield each.container, known[each.container].digest, each.digest


def ongoing(last: datetime | None, canary: Digest, window: Window) -> bool:
    """Whether it was seen in the tail: the last fifth of the window, between 30 s and 2 min.

    The tail ends with the container's own last line, when that is earlier than the window's end: a container that fell silent,
    or whose log was cut, did not recover. What carries no time is taken to go on.
    """
    if last is None or canary.last is None:
        return True
    tail = min(max((window.end - window.start) / 5, timedelta(seconds=30)), timedelta(minutes=2))
    return min(window.end, canary.last) - last <= tail


def slug(template: str) -> str:
    """A template's words, for a key that outlives numbers and names."""
    return re.sub(r"[^a-z]+", "-", re.sub(r"<[^>]*>", "", template.lower())).strip("-")[:80]


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
    Rule(new_templates, needs=(Logs,)),
    Rule(error_share, needs=(Logs,)),
    Rule(unmatched_container, needs=(Logs,)),
)
