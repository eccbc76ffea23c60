"""Logs: measures that grew by much and beyond chance, and shares that should be large and fell."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from analyzer.common.counted import counted
from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs
from analyzer.findings.chance import sure_excess
from analyzer.findings.directions import (
    SHARES,
    falls,
    find_seconds,
    is_rate,
    says_measure,
    tells_duration,
    tells_waiting,
)
from analyzer.findings.due import find_base, find_due
from analyzer.findings.interface import Finding, Rule
from analyzer.findings.log_pairs import LogPair, pair_logs_after_start
from analyzer.findings.logged_requests import is_request_template
from analyzer.findings.logs import TEMPLATES_SHOWN
from analyzer.findings.measures import HUGE, Growth, measure_growth
from analyzer.findings.recurrence import find_tail
from analyzer.findings.side_pods import find_ready_times
from analyzer.findings.slow_lines import select_samples
from analyzer.findings.tallies import WIDE
from analyzer.findings.wording import format_percent, make_slug, scale_measure
from analyzer.logs.compare import Compared
from analyzer.logs.number_labels import find_words, label_numbers
from analyzer.logs.requests import probes
from analyzer.logs.sketch import Unit
from analyzer.logs.slot_names import FAILING
from analyzer.settings import Rules
from analyzer.target import ROLES

FALLEN = 5.0  # times less is done in a time, beyond what the canary's share of the work explains
GUESSED = 0.1  # of a pod's work: a canary may be sent so little where nothing tells its share
FELT = 0.1  # seconds: who waits for as long feels it (J. Nielsen, Usability Engineering, 1993, 5.5)
# of the canary's requests have a number far beyond stable's: nothing says which, and it may be a time
FIFTH = 0.2
USUAL = 0.01  # of stable's values are beyond 99 % of them
HALF = 0.5  # of what is beyond stable's, seen in the log's tail, for a growth that goes on


@dataclass(frozen=True)
class _Grown:
    """A measure of one template. `slow`: it is a time, and so much longer that it is a fault by itself."""

    pair: LogPair
    row: Compared
    slot: str
    name: str
    growth: Growth
    slow: bool = False


def grown_measures(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Yield slots whose values grew by much and beyond chance, at most `TEMPLATES_SHOWN` of a kind; of one
    field that grew in several templates the most frequent, and in how many others.
    """
    grown: dict[tuple[str, str, str], list[_Grown]] = defaultdict(list)
    for logs in pair_logs_after_start(evidence, rules):
        tail, load = find_tail(logs.canary, evidence.window), _find_load(logs, evidence)
        for row in logs.comparison:
            if row.stable and row.canary and not probes(row.sample):
                for kind, measure in _of_row(logs, row, tail[0] if tail else None, load):
                    grown[kind, logs.container, measure.name or f"{row.template}{measure.slot}"].append(
                        measure
                    )
    shown: Counter[str] = Counter()
    for (kind, _, _), measures in sorted(grown.items()):
        shown[kind] += 1
        if shown[kind] <= (1 if kind == "measure-doubt" else TEMPLATES_SHOWN):
            yield _measured(
                evidence,
                kind,
                sorted(measures, key=lambda measure: (-measure.row.canary, measure.row.template)),
            )


def _find_load(logs: LogPair, evidence: Evidence) -> float:
    """Return how much of the work of a pod of stable's each of the canary's is due, at most 1 and no more
    than `GUESSED` where only the pods tell; 0 where it is due none.
    """
    stable, canary = (len(find_ready_times(evidence, role)) for role in ROLES)
    if not canary:
        return 0.0
    due = find_due(logs, evidence)
    return min(1.0 if due.sure else GUESSED, due.ratio * stable / canary)


def _of_row(
    logs: LogPair, row: Compared, begins: datetime | None, load: float
) -> Iterator[tuple[str, _Grown]]:
    """Yield the measures of one template that grew, or fell where that is worse, each with what kind of
    finding it is. What is done in a time falls with the load as well. A field whose number stands in the text
    as well is told once.
    """
    around, request = label_numbers(row.sample), is_request_template(row)
    told = set[Growth]()
    for pair in sorted(row.slots, key=lambda pair: pair.name.startswith("#")):
        if pair.aligned:
            label = around.get(pair.name)
            names = find_words(pair.name, around)
            rate = is_rate(names, label.behind if label else "")
            change = measure_growth(pair, names, begins, request=request, rate=rate)
            kind = _kind(change, names, request=request) if change else ""
            if change and rate and change.shrinks and not falls(names, change.unit):
                part = 1.0 if "fps" in names else load
                kind = "measure-doubt" if part and change.factor * part >= FALLEN else ""
            if change and kind and change not in told:
                told.add(change)
                name = repr(pair.name.strip()[:WIDE] if label is None else " ".join(names))
                if (
                    label and request and not says_measure(names, change.unit)
                ):  # what stands beside it is the request's
                    name = "a duration" if change.unit == "s" else "a number"
                slow = _is_slow(change, names, row, request=request)
                yield kind, _Grown(logs, row, pair.name, "" if name == "''" else name, change, slow)


def _find_growth_of_size(row: Compared) -> float:
    """Return by how many times as much work each line of a template tells on the canary: the most by which
    one of its numbers grew that is no time; 1 where none did.
    """
    around, factors = label_numbers(row.sample), [1.0]
    for pair in row.slots:
        names = find_words(pair.name, around)
        if pair.aligned and not tells_duration(names, "", request=False):
            growth = measure_growth(pair, names, None)
            if growth and growth.unit != "s" and growth.direction != "worse":
                factors.append(growth.factor)
    return max(factors)


def _is_slow(growth: Growth, names: Sequence[str], row: Compared, *, request: bool) -> bool:
    """Return whether the work itself takes so much longer on most lines, and so long that it is felt, that
    this is a fault by itself; not where there is as much more of it.
    """
    return (
        growth.direction == "worse"
        and growth.whole
        and not growth.shrinks
        and tells_duration(names, growth.unit, request=request)
        and (request or not tells_waiting(row.template))
        and find_seconds(names, growth.unit, growth.canary, fraction=growth.stable < 1.0) >= FELT
        and growth.factor >= HUGE
        and growth.factor >= HUGE * _find_growth_of_size(row)
    )


def _kind(grown: Growth, names: Sequence[str], *, request: bool) -> str:
    """Return what a measure's growth is; nothing of counts of failures that are none or few on stable, which
    `failing_statuses` finds. Of a number of a `request` that nothing names, a fifth far beyond is a doubt.
    """
    counts = not FAILING.isdisjoint(names) and SHARES.isdisjoint(names) and grown.unit != "%"
    if grown.direction in ("none", "better") or (not grown.stable and counts and not grown.varied):
        return ""
    if grown.bad:
        return "measure-worse"
    unnamed = grown.direction == "unknown" and grown.varied
    if grown.doubtful or (request and unnamed and grown.tail >= FIFTH):
        return "measure-doubt"
    return "measure-changed" if grown.direction == "worse" else ""


def _measured(evidence: Evidence, kind: str, grown: Sequence[_Grown]) -> Finding:
    first, more = grown[0], len(grown) - 1
    growth, row, name = first.growth, first.row, first.name or "a number"
    plain = name.strip("'\"")
    goes_on = growth.recent >= HALF
    at = f" at {growth.last:%H:%M:%S}" if growth.last else ""
    end = "" if goes_on else f" (the last such value{at}, none since)"
    others = f" (and in {counted(more, 'other template')})" if more else ""
    doubt = ", and nothing says whether that is worse" if kind == "measure-doubt" else ""
    doubt = ", more than its share of the work explains" if doubt and growth.shrinks else doubt
    return Finding(
        kind=kind,
        key=f"{kind}/{first.pair.container}/{make_slug(f'{plain} {row.template}')}",
        sentence=f"container {first.pair.container} logs {name}"
        f" {_how_much(growth)}{doubt}{others}{end}: {row.template}",
        stable=f"{plain}: a median of {_amount(growth.stable, growth.unit)} on {row.stable:,} lines",
        canary=f"{plain}: a median of {_amount(growth.canary, growth.unit)} on {row.canary:,} lines",
        ongoing=goes_on,
        excess=_count_excess(grown),
        samples=select_samples(evidence, first.pair, row, first.slot, growth),
    )


def _count_excess(grown: Sequence[_Grown]) -> float | None:
    """Return by how much of the canary's requests or lines are slow that are not on stable, at the least;
    None where none is for sure.
    """
    slow, base = [measure for measure in grown if measure.slow], find_base(grown[0].pair)
    if not slow or base is None:
        return None
    hits = min(base.canary, round(sum(measure.row.canary * measure.growth.beyond for measure in slow)))
    others = min(base.stable, round(sum(measure.row.stable * USUAL for measure in slow)))
    return sure_excess(hits, base.canary, others, base.stable)


def _how_much(growth: Growth) -> str:
    if growth.shrinks:
        return f"{growth.factor:,.0f} times smaller than stable's"
    if not growth.whole and growth.climbs:
        return "climbing beyond all of stable's"
    if not growth.whole and growth.tail:
        return f"far beyond stable's on {format_percent(growth.tail)} of the lines"
    return f"{growth.factor:,.0f} times as large as stable's"


def _amount(number: float, unit: Unit) -> str:
    """Return a measure in words: "31 ms", "1.5 KiB"."""
    figure, name = scale_measure(number, unit)
    return f"{figure:,g} {name}".strip()


RULES: tuple[Rule, ...] = (Rule(grown_measures, needs=(Logs,)),)
