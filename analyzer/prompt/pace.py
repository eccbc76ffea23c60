"""How many lines and errors a side logged by time, where that changed: what stopped, came late or went on."""

from collections.abc import Iterable, Iterator, Sequence
from math import sqrt

from analyzer.evidence.logs import ContainerLogs
from analyzer.logs.timeline import Timeline, in_spans, merge

MOST_COUNTS = 10  # counts of one line
CHANGED = 3.0  # times the least count, the first and the last span apart: they are there in part
LEAST_COUNT = 10  # of the largest count
BEYOND_CHANCE = 3.0  # standard deviations
ERRORS = 5  # in all: fewer have no course


def describe_pace(containers: Iterable[ContainerLogs]) -> Iterator[str]:
    """Yield a line of counts, oldest first, of the log lines and of the errors, each where it changed. Probes
    count nowhere.
    """
    timelines = [container.digest.timeline for container in containers if container.digest.lines]
    known = [timeline for timeline in timelines if timeline is not None]
    if len(known) < len(timelines) or not known:
        return
    whole = merge(known)
    unit = _choose_unit(whole)
    counts = dict(in_spans(whole, unit))
    if len(counts) < 3:
        return
    spans = range(min(counts), max(counts) + 1)
    lines, errors = ([counts.get(span, (0, 0, 0))[place] for span in spans] for place in (0, 2))
    if _has_changed(lines):
        yield f"lines {_name_unit(unit)}, oldest first (both ends in part): {_list(lines)}"
    if sum(errors) >= ERRORS and _has_changed(errors):
        yield f"errors {_name_unit(unit)}, oldest first (both ends in part): {_list(errors)}"


def _choose_unit(timeline: Timeline) -> int:
    """Return the seconds of a span, in whole minutes if they can be, so that there are at most `MOST_COUNTS`,
    the first and the last in part.
    """
    least = -(-len(timeline.events) // (MOST_COUNTS - 1))
    units = [times * timeline.span for times in range(least, max(2 * least, 60 // timeline.span) + 1)]
    return next((unit for unit in units if unit % 60 == 0), units[0])


def _has_changed(counts: Sequence[int]) -> bool:
    """Return whether the counts of whole spans differ by much, and by more than chance does: the standard
    deviation of a Poisson count is the square root of its mean.
    """
    inner = counts[1:-1]
    mean = sum(inner) / len(inner)
    beyond = max(max(inner) - mean, mean - min(inner)) > BEYOND_CHANCE * sqrt(mean)
    return beyond and max(inner) >= LEAST_COUNT and max(inner) >= CHANGED * min(inner)


def _name_unit(unit: int) -> str:
    if unit == 60:
        return "per min"
    return f"per {unit} s" if unit % 60 else f"per {unit // 60} min"


def _list(counts: Sequence[int]) -> str:
    return ", ".join(map(str, counts))
