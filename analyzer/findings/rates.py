"""Logs: templates of both sides that one logs more often than chance allows, and templates that only stable
has.

A rate is per request where both sides log requests, else per line. Lines of a start that stable's log does
not cover are in no base. A line that became frequent because another failure is new is no second failure: it
is information beside the new one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf, sqrt

from analyzer.common.counted import counted
from analyzer.evidence import Evidence
from analyzer.evidence.interface import Window
from analyzer.evidence.logs import Logs
from analyzer.findings.chance import chance_of_one_rate, select_significant, sure_excess
from analyzer.findings.due import RateBase, find_base, find_due
from analyzer.findings.failing import complains, fails, insists, is_troubled
from analyzer.findings.healing import describe_end, is_healed
from analyzer.findings.interface import Finding, Rule
from analyzer.findings.layers import MISSED, ONE_FAILURE, is_one_fault
from analyzer.findings.log_pairs import LogPair, pair_logs_after_start
from analyzer.findings.logged_requests import is_refused_request
from analyzer.findings.logs import TEMPLATES_SHOWN
from analyzer.findings.operations import describe_part
from analyzer.findings.recurrence import is_ongoing
from analyzer.findings.rewritten import find_rewritten
from analyzer.findings.silence import find_silent_containers
from analyzer.findings.wording import describe_line, make_slug, round_share
from analyzer.logs.compare import Compared
from analyzer.logs.digest import LEVELS
from analyzer.settings import Rules

MIN_OCCURRENCES = 10  # occurrences on both sides together: fewer decide nothing
RATIO = 2.0  # a difference that matters
OFTEN, OFTENER = (
    0.2,
    4.0,
)  # of the canary's lines or requests, and times stable's share, that speak of trouble
FALSE = 0.01  # at most so many of the changes told may be chance …
BURST = 5.0  # … if log lines come five at a time: retries, or one failed request that is told by every layer
# Of a vanished template on the canary: ten bursts, of which none is seen by chance in 1 of 20,000 cases
# (exp(-10)).
EXPECTED = 50.0


@dataclass(frozen=True)
class TemplateRate:
    """The rates of a template of one container.

    `new_failure` is a failure that the canary alone logs, and that this template tells again; else None.
    """

    pair: LogPair
    row: Compared
    base: RateBase
    new_failure: Compared | None

    def ratio(self) -> float:
        """Return the canary's rate by stable's; infinity where stable's is 0."""
        if not self.row.stable:
            return inf
        return (self.row.canary / self.base.canary) / (self.row.stable / self.base.stable)

    def is_worse(self) -> bool:
        """Return whether more of it is worse, there is more of it, and no other finding tells why."""
        bad = complains(self.row) or insists(self.row, self.pair) or self._is_often_bad()
        return bad and self.ratio() > 1 and self.new_failure is None

    def _is_often_bad(self) -> bool:
        """Return whether it speaks of trouble, on many more of the canary's lines than of stable's."""
        share = self.row.canary / self.base.canary
        return share >= OFTEN and self.ratio() >= OFTENER and is_troubled(self.row, self.pair)

    def chance(self) -> float:
        """Return the chance (0 to 1) of counts so far apart if both sides had one rate."""
        row, base = self.row, self.base
        return chance_of_one_rate(row.canary, base.canary, row.stable, base.stable, BURST)


@dataclass(frozen=True)
class VanishedTemplate:
    """A template that stable has and the canary has not, and how many lines of it are expected there."""

    pair: LogPair
    row: Compared
    expected: float


def changed_rates(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Yield the templates of both sides whose rates differ at least `RATIO` times and beyond chance, at most
    `TEMPLATES_SHOWN` of a kind, and how many more.

    Requests that are refused (4xx) count where stable has none of them as well: a few are any client's, many
    are the canary's. A silent container has no rates: the canary's other lines are missing.
    """
    silent = find_silent_containers(evidence)
    rates = [
        rate
        for pair in pair_logs_after_start(evidence, rules)
        if pair.container not in silent
        for rate in _find_rates(pair)
    ]
    significant = select_significant({index: rate.chance() for index, rate in enumerate(rates)}, FALSE)
    changed = [rates[index] for index in sorted(significant) if not 1 / RATIO < rates[index].ratio() < RATIO]
    changed.sort(key=_make_rate_sort_key)
    for worse in (True, False):
        alike = [rate for rate in changed if rate.is_worse() == worse]
        for number, rate in enumerate(alike[:TEMPLATES_SHOWN], start=1):
            rest = _describe_rest(len(alike)) if number == TEMPLATES_SHOWN else ""
            yield _make_rate_finding(rate, evidence.window, rest)


def _make_rate_sort_key(rate: TemplateRate) -> tuple[int, int, str, str]:
    row = rate.row
    return LEVELS.index(row.level), -row.canary, rate.pair.container, row.template


def _find_rates(pair: LogPair) -> Iterator[TemplateRate]:
    """Yield the templates of one container that have a rate on both sides, or are refused on the canary alone
    and are not told as a new failure.
    """
    base = find_base(pair)
    if base is None:
        return
    new_failures = [
        row for row in pair.comparison if row.canary and not row.stable and row.certain and fails(row)
    ]
    for row in pair.comparison:
        common = row.stable or (row.certain and is_refused_request(row.sample))
        if common and row.canary and row.stable + row.canary >= MIN_OCCURRENCES and row not in new_failures:
            usual = row.stable * base.canary / base.stable
            told_again = (failure for failure in new_failures if _tells_again(row, usual, failure))
            yield TemplateRate(pair, row, base, next(told_again, None))


def _tells_again(row: Compared, usual: float, failure: Compared) -> bool:
    """Return whether a template's lines beyond the usual are as many as a new failure's, and came while that
    was logged.

    "As many" allows for what a layer may lack (`MISSED`), and for chance in the usual lines: twice the
    standard deviation of a Poisson count, the square root of its mean.
    """
    if is_one_fault(row, failure):
        return True
    if row.first is None or row.last is None or failure.first is None or failure.last is None:
        return False
    within = row.first - ONE_FAILURE <= failure.first and failure.last <= row.last + ONE_FAILURE
    beyond_usual = row.canary - usual
    return within and abs(beyond_usual - failure.canary) <= MISSED * failure.canary + 2 * sqrt(usual)


def _describe_rest(count: int) -> str:
    return f" ({count - TEMPLATES_SHOWN} more are like it)" if count > TEMPLATES_SHOWN else ""


def _make_rate_finding(rate: TemplateRate, window: Window, rest: str) -> Finding:
    row, pair, base = rate.row, rate.pair, rate.base
    ongoing = rate.ratio() < 1 or is_ongoing([row], pair.canary, window)
    healed = not ongoing and is_healed([row], pair.canary, window.end)
    kind = "error-template-rate" if rate.is_worse() else "log-template-rate"
    again = ""
    if rate.new_failure:
        again = f", as often as what stable never logs: {rate.new_failure.template}"
    part = describe_part([row], pair) if rate.is_worse() and base.unit == "line" else ""
    line, change = describe_line(row), _describe_ratio(rate.ratio())
    end = "" if ongoing else describe_end([row], pair.canary, healed=healed)
    excess = sure_excess(row.canary, base.canary, row.stable, base.stable) if rate.is_worse() else None
    return Finding(
        kind=kind,
        key=f"{kind}/{pair.container}/{make_slug(row.template)}",
        sentence=f"container {pair.container} logs {line} {change},"
        f" per {base.unit}{end}{rest}: {row.template}{again}",
        stable=f"{row.stable:,} in {base.stable:,} {base.unit}s",
        canary=f"{row.canary:,} in {base.canary:,} {base.unit}s" + part,
        ongoing=ongoing,
        healed=healed,
        samples=(row.sample,),
        share=round_share(row.canary, base.canary),
        excess=excess,
    )


def _describe_ratio(ratio: float) -> str:
    if ratio == inf:
        return "and stable never"
    if ratio >= 1:
        return f"{ratio:.1f} times as often as stable"
    return f"{1 / ratio:.1f} times less often than stable"


def vanished_templates(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Yield the templates that stable has and the canary should have had many of by now: at most
    `TEMPLATES_SHOWN`, and how many more there are. Failures of stable that the canary has not are left out:
    there stable is the broken side. So are lines that the canary writes in another form.
    """
    vanished = [
        template
        for pair in pair_logs_after_start(evidence, rules)
        for template in _find_vanished(pair, evidence)
    ]
    vanished.sort(key=_make_vanished_sort_key)
    for number, template in enumerate(vanished[:TEMPLATES_SHOWN], start=1):
        pair, row = template.pair, template.row
        rest = _describe_rest(len(vanished)) if number == TEMPLATES_SHOWN else ""
        yield Finding(
            kind="vanished-log-template",
            key=f"vanished-log-template/{pair.container}/{make_slug(row.template)}",
            sentence=f"container {pair.container} never logs a line that stable logs{rest}: {row.template}",
            stable=f"{row.stable:,} of {counted(pair.stable_lines, 'line')}",
            canary=f"0 of {counted(pair.canary_lines, 'line')}, about {template.expected:,.0f} expected",
            samples=(row.sample,),
        )


def _find_vanished(pair: LogPair, evidence: Evidence) -> Iterator[VanishedTemplate]:
    rewritten = find_rewritten(pair, find_due(pair, evidence))
    said = {(row.level, row.template) for new in rewritten for row in new.stood_for}
    for row in pair.comparison:
        vanished = row.stable and not row.canary and row.certain and not fails(row)
        if vanished and (row.level, row.template) not in said:
            expected = row.stable * pair.canary_lines / max(1, pair.stable_lines)
            if expected >= EXPECTED:
                yield VanishedTemplate(pair, row, expected)


def _make_vanished_sort_key(template: VanishedTemplate) -> tuple[int, float, str, str]:
    row = template.row
    return LEVELS.index(row.level), -template.expected, template.pair.container, row.template


RULES: Sequence[Rule] = (Rule(changed_rates, needs=(Logs,)), Rule(vanished_templates, needs=(Logs,)))
