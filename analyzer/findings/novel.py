"""Logs: templates that only the canary has. A side whose logs were not read is a gap, and nothing can be called new against it.

Errors that tell no more than one of them does are told together: several layers report one fault, and large logs have strays.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs
from analyzer.findings.chance import one_rate
from analyzer.findings.compare import CHANCE
from analyzer.findings.interface import Finding, Rule
from analyzer.findings.logs import ERRORS, SAMPLES, SHOWN, a_line, base, fails, lines, ongoing, pairs, since, slug
from analyzer.findings.start import only_at_start
from analyzer.logs.compare import Compared, compare
from analyzer.logs.digest import LEVELS, Digest
from analyzer.settings import Rules

EXPECTED = 3.0  # occurrences: with so many expected, none is seen by chance in 5 % of cases ("rule of three", exp(-3))
TINY = 4  # times fewer lines than the canary's: stable, which has most of the traffic, has hardly logged
TOGETHER = timedelta(seconds=1)  # between the lines of one fault


def new_templates(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Templates the canary has and stable does not, at most `SHOWN` times those that came together, and how many more there are."""
    left = [
        _New(container, each, stable, canary, fails=fails(each), stray=usual and each.canary == 1 and _ordinary_failure(each))
        for container, stable, canary in pairs(evidence)
        for usual in (_strays_as_usual(stable, canary),)
        for each in compare(stable, canary)
        if each.canary and not each.stable and each.certain and stable.lines
    ]
    left.sort(key=lambda new: (not new.fails, LEVELS.index(new.each.level), -new.each.canary, new.container, new.each.template))
    for _ in range(min(SHOWN, len(left))):
        if left:
            told = [new for new in left if new.came_with(left[0])]
            left = [new for new in left if new not in told]
            yield _finding(told, evidence, rules)
    if left:
        errors = sum(new.fails for new in left)
        yield Finding(
            kind="more-log-templates",
            key="more-log-templates",
            sentence=f"{len(left)} more log templates are on the canary alone, {errors} of them errors; the {SHOWN} shown are the gravest",
            stable="none of them",
            canary=f"{len(left)} templates, {lines(sum(new.each.canary for new in left))}",
        )


@dataclass(frozen=True)
class _New:
    """A template that the canary alone has, and both sides' digests of its container.

    `fails`: it tells of a failure. `stray`: it was logged once, as stable logs others once.
    """

    container: str
    each: Compared
    stable: Digest
    canary: Digest
    fails: bool
    stray: bool

    def came_with(self, other: "_New") -> bool:
        """Whether it is the other one, or they tell no more than one of them does: layers that report one fault, or strays."""
        return self is other or (self.container == other.container and (self.tells_of(other) or (self.stray and other.stray)))

    def tells_of(self, other: "_New") -> bool:
        """Whether both are errors, equally frequent, and began and ended together: one fault that several layers report."""
        one, two = self.each, other.each
        alike = self.fails and other.fails and one.canary == two.canary
        return alike and _near(one.first, two.first) and _near(one.last, two.last)


def _strays_as_usual(stable: Digest, canary: Digest) -> bool:
    """Whether errors that were logged once are no more frequent than stable's that the canary has not.

    How many templates come once says how soon the next new one comes (I. J. Good, Biometrika 40, 1953, 237), without any fault.
    """
    errors = [each for each in compare(stable, canary) if each.stable + each.canary == 1 and _ordinary_failure(each)]
    mine, theirs = sum(each.canary for each in errors), sum(each.stable for each in errors)
    return bool(theirs) and one_rate(mine, base(canary), theirs, base(stable)) >= CHANCE


def _ordinary_failure(each: Compared) -> bool:
    return each.level != "fatal" and fails(each)


def _near(one: datetime | None, two: datetime | None) -> bool:
    return one is not None and two is not None and abs(one - two) <= TOGETHER


def _finding(told: Sequence[_New], evidence: Evidence, rules: Rules) -> Finding:
    """The gravest of those that came together, first, tells for all of them."""
    container, each, stable, canary = told[0].container, told[0].each, told[0].stable, told[0].canary
    goes_on = any(ongoing([new.each], canary, evidence.window) for new in told)
    kind = "new-error-template" if each.level in ERRORS else "new-failure-template" if told[0].fails else "new-log-template"
    starting = told[0].fails and not goes_on and all(only_at_start(new.each, container, evidence, rules) for new in told)
    kind = "startup-error-template" if starting else kind
    others = "; ".join(new.each.template for new in told[1:SAMPLES])
    one_fault = all(new.tells_of(told[0]) for new in told[1:])
    together = "each time with it" if one_fault else f"{len(told) - 1} more once each, as stable logs others once"
    return Finding(
        kind=kind,
        key=f"{kind}/{container}/{slug(each.template)}",
        sentence=f"container {container} logs {a_line(each.level)} that stable never logs: {each.template}{_doubt(each, stable, canary)}"
        + (f", and {together}: {others}" if others else "")
        + (", at its start alone, and no pod of stable has started meanwhile" if starting else since(goes_on)),
        stable=f"0 of {lines(base(stable))}",
        canary=f"{each.canary:,} of {lines(base(canary))}",
        ongoing=goes_on,
        samples=tuple(new.each.sample for new in told)[:SAMPLES],
    )


def _doubt(each: Compared, stable: Digest, canary: Digest) -> str:
    """What "never" is worth: little where stable logged so much less that it would hardly show the line anyway."""
    expected = each.canary * base(stable) / max(1, base(canary))
    if expected >= EXPECTED or base(stable) * TINY >= base(canary):
        return ""
    return f" (stable logged only {lines(base(stable))}, where {expected:.1f} of these would be expected: weak grounds for new)"


RULES: tuple[Rule, ...] = (Rule(new_templates, needs=(Logs,)),)
