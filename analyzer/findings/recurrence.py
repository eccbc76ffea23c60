"""Whether the canary may be expected to log lines again that it has logged."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from analyzer.evidence.interface import Window
from analyzer.findings.healing import is_followed_by_work
from analyzer.findings.start import Start
from analyzer.logs.compare import Compared
from analyzer.logs.digest import Digest

TAIL = 5  # the tail is one in so many parts of the time that the log covers …
SHORTEST, LONGEST = timedelta(seconds=30), timedelta(minutes=2)  # … and not shorter or longer than these


def is_ongoing(rows: Sequence[Compared], canary: Digest, window: Window, start: Start | None = None) -> bool:
    """Return whether the canary may be expected to log these templates again.

    It may if they are in the tail of its log, or if the last of them is no longer ago than twice their mean
    distance, or if too little work has come since to tell. If all of them are within a `start` that is over,
    the quiet since then is that of Ready pods, and lasts until the end of the window. Templates without times
    are taken to go on.
    """
    firsts, lasts = [row.first for row in rows if row.first], [row.last for row in rows if row.last]
    tail = find_tail(canary, window)
    if not firsts or not lasts or tail is None:
        return True
    started = start is not None and start.over and all(map(start.has_within, rows))
    tail_begin, tail_end = tail
    end = window.end if started and canary.timeline is not None else tail_end
    last = max(lasts)
    distance = (last - min(firsts)) / max(1, sum(row.canary for row in rows) - 1)
    if end - last <= max(tail_end - tail_begin, 2 * distance):
        return True
    return not started and not is_followed_by_work(rows, canary, window.end)


def find_tail(canary: Digest, window: Window) -> tuple[datetime, datetime] | None:
    """Return when the tail of the canary's log begins and ends; None if the log has no times.

    The tail is the last fifth of the time that the log covers in the window, between 30 s and 2 min. It ends
    with the container's own last line, if that is earlier than the window's end: a container that fell
    silent, or whose log was cut, did not recover.
    """
    if canary.first is None or canary.last is None:
        return None
    end = min(window.end, canary.last)
    covered = end - max(window.start, canary.first)
    return end - min(max(covered / TAIL, SHORTEST), LONGEST), end
