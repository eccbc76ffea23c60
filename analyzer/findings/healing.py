"""Whether errors that are no longer logged are over: the same work has to have gone on without them. An end
of the load ends them as well, and shows nothing.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from analyzer.common.counted import counted
from analyzer.logs.compare import Compared
from analyzer.logs.digest import ERRORS, Digest
from analyzer.logs.timeline import Timeline

# Errors: with so many expected, none is seen by chance in 5 % of cases ("rule of three", exp(-3)) …
EXPECTED = 3.0
BURSTS = 50.0  # … and with so many, though they come five at a time, in 1 of 20,000 (exp(-10))
LOAD = 0.25  # of the work before, which there has to be since
RETURN = 2  # times as long as errors have stayed away before: they come in waves
MIN_FAILURES = 5  # failures of one request: a rare one may not come again
LAYERS = 5.0  # lines that tell of one failure
LONG = timedelta(minutes=2)  # since the last of them, before they are taken to be over for good

_STATUS = re.compile(r"\b[2-5]xx\b")  # as a template has it


def is_followed_by_work(errors: Sequence[Compared], canary: Digest, end: datetime) -> bool:
    """Return whether the same work has gone on since the last of these errors until `end`, and enough of it
    that more of them would show if they were as frequent as before. True if nothing tells when what came.
    """
    if canary.timeline is None:
        return True
    return _count_due(errors, canary.timeline) >= EXPECTED and _goes_on(errors, canary, canary.timeline, end)


def is_healed(errors: Sequence[Compared], canary: Digest, end: datetime) -> bool:
    """Return whether errors that have stopped are over for good at `end`: the work has gone on for long, so
    that many more of them were due, and no gap between errors was half as long.
    """
    if any(row.level not in ERRORS for row in errors):  # of failures that words tell, the gaps are not known
        return False
    timeline, lasts = canary.timeline, [row.last for row in errors if row.last]
    if timeline is None or not lasts or end - max(lasts) < LONG or _count_due(errors, timeline) < BURSTS:
        return False
    last = _number_of_span(max(lasts), timeline)
    failing = [number for number, (_, _, failed) in timeline.tallies() if failed and number <= last]
    longest = max((after - before for before, after in pairwise(failing)), default=0)
    quiet = _number_of_span(end, timeline) - last
    return quiet >= RETURN * longest and _goes_on(errors, canary, timeline, end)


def is_episode_over(
    rows: Sequence[Compared], comparison: Sequence[Compared], canary: Digest, end: datetime
) -> bool:
    """Return whether templates that have stopped are over for good at `end`: each by itself, or all errors of
    the container that stable never logs as one episode, for a few of each may be too few to tell.
    """
    if all(is_healed([row], canary, end) for row in rows):
        return True
    episode = [row for row in comparison if row.canary and not row.stable and row.level in ERRORS]
    return all(row in episode for row in rows) and is_healed(episode, canary, end)


def describe_end(errors: Sequence[Compared], canary: Digest, *, healed: bool = False) -> str:
    """Return in brackets when lines that are not logged any more came, and how many others since:
    "(from 14:02:10 to 14:02:41 only; 380 lines since, no error)". Lines of the timeline's span in which the
    last of them came are not counted; errors are where the lines complain.
    """
    firsts, lasts = [row.first for row in errors if row.first], [row.last for row in errors if row.last]
    parts = ["it has stopped since"]
    if firsts and lasts:
        parts = [f"{_describe_times(min(firsts), max(lasts))} only"]
    if lasts and canary.timeline is not None:
        last = _number_of_span(max(lasts), canary.timeline)
        later = [tally for number, tally in canary.timeline.tallies() if number > last]
        lines, failed = sum(events for events, _, _ in later), sum(errors for _, _, errors in later)
        errors_since = f", {counted(failed, 'error')}" if failed else ", no error"
        complains = any(row.level in (*ERRORS, "warning") for row in errors)
        parts.append(f"{counted(lines, 'line')} since" + (errors_since if lines and complains else ""))
    if healed:
        parts.append("the work has gone on")
    return f" ({'; '.join(parts)})"


def _describe_times(first: datetime, last: datetime) -> str:
    """Return a time, or a span of time, with the date where that changes within."""
    form = "%H:%M:%S" if first.date() == last.date() else "%Y-%m-%d %H:%M:%S"
    begin, end = f"{first:{form}}", f"{last:{form}}"
    return f"at {begin}" if begin == end else f"from {begin} to {end}"


def _count_due(errors: Sequence[Compared], timeline: Timeline) -> float:
    """Return how many of the events since the last of these errors would be one, by their share of the events
    from the first on.
    """
    firsts, lasts = [row.first for row in errors if row.first], [row.last for row in errors if row.last]
    if not firsts or not lasts:
        return 0.0
    first, last = _number_of_span(min(firsts), timeline), _number_of_span(max(lasts), timeline)
    events_by_span = {number: events for number, (events, _, _) in timeline.tallies()}
    during = sum(events for number, events in events_by_span.items() if first <= number <= last)
    since = sum(events for number, events in events_by_span.items() if number > last)
    return since * min(1.0, sum(row.canary for row in errors) / max(1, during))


def _goes_on(errors: Sequence[Compared], canary: Digest, timeline: Timeline, end: datetime) -> bool:
    """Return whether there is as much work since as there was in most spans before, a storm of errors or a
    warm-up apart; of a request that failed, whether the same one has succeeded since.
    """
    last = _number_of_span(max(row.last for row in errors if row.last), timeline)
    before = [
        events - failed + failed / LAYERS
        for number, (events, _, failed) in timeline.tallies()
        if number <= last
    ]
    since = sum(events - failed for number, (events, _, failed) in timeline.tallies() if number > last)
    if since < LOAD * median(before or [0]) * (_number_of_span(end, timeline) - last):
        return False
    return all(
        _succeeds_since(row, canary)
        for row in errors
        if row.canary >= MIN_FAILURES and _STATUS.search(row.template)
    )


def _succeeds_since(failed: Compared, canary: Digest) -> bool:
    """Return whether a request is answered well after it failed last. True where it stands for several
    requests.
    """
    if all(group.template != failed.template for group in canary.groups):
        return True
    request = _STATUS.sub("", failed.template)
    return any(
        group.last is not None and failed.last is not None and group.last > failed.last
        for group in canary.groups
        if group.level not in (*ERRORS, "warning") and _STATUS.sub("", group.template) == request
    )


def _number_of_span(at: datetime, timeline: Timeline) -> int:
    return int(at.timestamp()) // timeline.span
