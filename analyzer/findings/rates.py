"""Logs: templates of both sides that one logs more often than chance allows, and templates that only stable has.

A rate is per request where both sides log requests, else per line; never per pod: a canary has a fraction of the traffic.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf

from analyzer.evidence import Evidence
from analyzer.evidence.interface import Window
from analyzer.evidence.logs import Logs
from analyzer.findings.chance import beyond, one_rate
from analyzer.findings.interface import Finding, Rule
from analyzer.findings.logs import SHOWN, a_line, base, complains, lines, ongoing, pairs, since, slug
from analyzer.findings.silent import unheard
from analyzer.findings.traffic import refuses, requests
from analyzer.logs.compare import Compared, compare
from analyzer.logs.digest import LEVELS, Digest
from analyzer.settings import Rules

LEAST = 10  # occurrences on both sides together: fewer decide nothing
RATIO = 2.0  # a difference that matters
FALSE = 0.01  # at most so many of the changes told may be chance …
BURST = 5.0  # … if log lines come five at a time: retries, or one failed request that is told by every layer
REQUESTS = 100  # on each side, before rates are taken per request
EXPECTED = 50.0  # of a vanished template on the canary: ten bursts, of which none is seen by chance in 1 of 20,000 cases (exp(-10))


@dataclass(frozen=True)
class _Base:
    """What rates of one container are taken per."""

    name: str
    stable: int
    canary: int


@dataclass(frozen=True)
class _Rate:
    """A template of one container, with its change."""

    container: str
    compared: Compared
    base: _Base
    digest: Digest

    def ratio(self) -> float:
        """The canary's rate by stable's, which may be 0."""
        if not self.compared.stable:
            return inf
        return (self.compared.canary / self.base.canary) / (self.compared.stable / self.base.stable)

    def bad(self) -> bool:
        """Whether more of it is worse, and there is more of it."""
        return complains(self.compared) and self.ratio() > 1


def changed_rates(evidence: Evidence, _rules: Rules) -> Iterator[Finding]:
    """Templates of both sides whose rates differ at least `RATIO` times and beyond chance, at most `SHOWN` of a kind, and how many more.

    Requests that are refused (4xx) count where stable has none of them as well: a few are any client's, many are the canary's.
    """
    quiet = unheard(evidence)  # of these the canary's other lines are missing, so that a rate per line says nothing
    rates = [
        _Rate(container, each, per, canary)
        for container, stable, canary in pairs(evidence)
        if container not in quiet and (per := _base(stable, canary))
        for each in compare(stable, canary)
        if each.canary and (each.stable or (each.certain and refuses(each.sample))) and each.stable + each.canary >= LEAST
    ]
    chances = {
        index: one_rate(rate.compared.canary, rate.base.canary, rate.compared.stable, rate.base.stable, BURST)
        for index, rate in enumerate(rates)
    }
    told = [rates[index] for index in sorted(beyond(chances, FALSE)) if not 1 / RATIO < rates[index].ratio() < RATIO]
    told.sort(key=lambda rate: (LEVELS.index(rate.compared.level), -abs(rate.compared.canary), rate.container, rate.compared.template))
    for bad in (True, False):
        found = [rate for rate in told if rate.bad() == bad]
        for number, rate in enumerate(found[:SHOWN], start=1):
            yield _changed(rate, evidence.window, _rest(len(found)) if number == SHOWN else "")


def _base(stable: Digest, canary: Digest) -> _Base | None:
    ours, theirs = requests(canary), requests(stable)
    if min(ours, theirs) >= REQUESTS:
        return _Base("requests", theirs, ours)
    theirs, ours = base(stable), base(canary)
    return _Base("lines", theirs, ours) if theirs and ours else None


def _rest(found: int) -> str:
    return f" ({found - SHOWN} more are like it)" if found > SHOWN else ""


def _changed(rate: _Rate, window: Window, rest: str) -> Finding:
    each, ratio = rate.compared, rate.ratio()
    goes_on = ratio < 1 or ongoing([each], rate.digest, window)
    more = f"{ratio:.1f} times as often as stable" if ratio < inf else "and stable never"
    change = more if ratio >= 1 else f"{1 / ratio:.1f} times less often than stable"
    kind = "error-template-rate" if rate.bad() else "log-template-rate"
    level = a_line(each.level)
    return Finding(
        kind=kind,
        key=f"{kind}/{rate.container}/{slug(each.template)}",
        sentence=f"container {rate.container} logs {level} {change}, per {rate.base.name.removesuffix('s')}: {each.template}"
        + since(goes_on)
        + rest,
        stable=f"{each.stable:,} in {rate.base.stable:,} {rate.base.name}",
        canary=f"{each.canary:,} in {rate.base.canary:,} {rate.base.name}",
        ongoing=goes_on,
        samples=(each.sample,),
    )


def vanished_templates(evidence: Evidence, _rules: Rules) -> Iterator[Finding]:
    """Templates that stable has and the canary should have had many of by now: at most `SHOWN`, and how many more there are."""
    found = [
        (container, each, stable, canary, expected)
        for container, stable, canary in pairs(evidence)
        for each in compare(stable, canary)
        if each.stable and not each.canary and each.certain
        if (expected := each.stable * base(canary) / max(1, base(stable))) >= EXPECTED
    ]
    found.sort(key=lambda item: (LEVELS.index(item[1].level), -item[4], item[0], item[1].template))
    for number, (container, each, stable, canary, expected) in enumerate(found[:SHOWN], start=1):
        rest = _rest(len(found)) if number == SHOWN else ""
        yield Finding(
            kind="vanished-log-template",
            key=f"vanished-log-template/{container}/{slug(each.template)}",
            sentence=f"container {container} never logs a line that stable logs: {each.template}{rest}",
            stable=f"{each.stable:,} of {lines(base(stable))}",
            canary=f"0 of {lines(base(canary))}, about {expected:,.0f} expected",
            samples=(each.sample,),
        )


RULES: Sequence[Rule] = (Rule(changed_rates, needs=(Logs,)), Rule(vanished_templates, needs=(Logs,)))
