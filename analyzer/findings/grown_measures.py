"""Logs: measures that grew by much and beyond chance, and shares that should be large and fell."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from analyzer.common.counted import counted
from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs
from analyzer.findings.directions import SHARES, falls, is_rate, says_measure
from analyzer.findings.due import find_due
from analyzer.findings.interface import Finding, Rule
from analyzer.findings.log_pairs import LogPair, pair_logs_after_start
from analyzer.findings.logged_requests import is_request_template
from analyzer.findings.logs import TEMPLATES_SHOWN
from analyzer.findings.measures import Growth, measure_growth
from analyzer.findings.recurrence import find_tail
from analyzer.findings.side_pods import find_ready_times
from analyzer.findings.slow_lines import select_samples
from analyzer.findings.tallies import WIDE
from analyzer.findings.wording import format_percent, make_slug, scale_measure
from analyzer.logs.compare import Compared
from analyzer.logs.number_labels import label_numbers
from analyzer.logs.requests import probes
from analyzer.logs.sketch import Unit
from analyzer.logs.slot_names import FAILING, split_words
from analyzer.settings import Rules
from analyzer.target import ROLES

FALLEN = 5.0  # times less is done in a time, beyond what the canary's share of the work explains
GUESSED = 0.1  # of a pod's work: a canary may be sent so little where nothing tells its share
HALF = 0.5  # of what is beyond stable's, seen in the log's tail, for a growth that goes on


@dataclass(frozen=True)
class _Grown:
    """A measure of one template."""

    pair: LogPair
    row: Compared
    slot: str
    name: str
    growth: Growth


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
    finding it is. What is done in a time falls with the load as well.
    """
    around, request = label_numbers(row.sample), is_request_template(row)
    for pair in row.slots:
        if pair.aligned:
            label = around.get(pair.name)
            names = label.words if label else split_words(pair.name.strip())
            rate = is_rate(names, label.behind if label else "")
            change = measure_growth(pair, names, begins, request=request, rate=rate)
            kind = _kind(change, names) if change else ""
            if change and rate and change.shrinks and not falls(names, change.unit):
                part = 1.0 if "fps" in names else load
                kind = "measure-doubt" if part and change.factor * part >= FALLEN else ""
            if change and kind:
                name = repr(pair.name.strip()[:WIDE] if label is None else " ".join(names))
                if (
                    label and request and not says_measure(names, change.unit)
                ):  # what stands beside it is the request's
                    name = "a duration" if change.unit == "s" else "a number"
                yield kind, _Grown(logs, row, pair.name, "" if name == "''" else name, change)


def _kind(grown: Growth, names: Sequence[str]) -> str:
    """Return the kind of a measure's growth; empty for counts of failures that stable has none of."""
    counts = not FAILING.isdisjoint(names) and SHARES.isdisjoint(names) and grown.unit != "%"
    if grown.direction in ("none", "better") or (not grown.stable and counts):
        return ""
    if grown.bad:
        return "measure-worse"
    if grown.doubtful:
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
        samples=select_samples(evidence, first.pair, row, first.slot, growth),
    )


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
