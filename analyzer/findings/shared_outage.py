"""An outage of both sides: most of what each does fails alike, up to the window's end.

It speaks against neither, since it would hit any version, and for neither: while it lasts, what the canary
does was not seen. A failure of both that leaves most of the work whole is noise, and so is one that has
ended. Only lines of level error or fatal count: the words of a line that counts failures are the same where
it counts none.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from analyzer.common.counted import counted
from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs
from analyzer.findings.interface import Finding, Rule
from analyzer.findings.layers import count_retold
from analyzer.findings.log_pairs import LogPair, pair_logs
from analyzer.findings.logged_requests import count_requests, is_request_template
from analyzer.findings.recurrence import find_tail, is_ongoing
from analyzer.findings.wording import format_percent
from analyzer.logs.compare import Compared
from analyzer.logs.digest import ERRORS, Digest
from analyzer.logs.timeline import Tally, Timeline
from analyzer.settings import Rules
from analyzer.target import Role

MIN_SIDE_FAILURES = 10  # failures of each side
MOST_FAILS = 0.5  # of what a side does: where as much succeeds, there is work to compare
MANY_ERRORS = 0.4  # of the events: a request that fails may log others beside its error
RECOGNISED = 0.1  # of a side's lines that are requests: then what it does is counted in these
LONG = 0.25  # of the time that the canary's log covers: of a shorter outage, what came before tells enough


@dataclass(frozen=True)
class _Outage:
    """One side's failures since they began: so many, of so many requests (or lines, as `noun` says)."""

    since: datetime
    failures: int
    done: int
    noun: str

    @property
    def share(self) -> float:
        """Return the share that fails (0 to 1)."""
        return min(1.0, self.failures / self.done) if self.done else 0.0

    def is_one(self) -> bool:
        """Return whether most of what the side does fails."""
        return self.failures >= MIN_SIDE_FAILURES and self.share >= MOST_FAILS

    def describe(self) -> str:
        """Return the failures in words."""
        return f"{min(self.failures, self.done):,} of {counted(self.done, self.noun)} since they began failed"


def shared_outage(evidence: Evidence, _rules: Rules) -> Iterator[Finding]:
    """Yield each container of which most fails on both sides, alike and still, and has for long."""
    for pair in pair_logs(evidence):
        rows = [row for row in pair.comparison if row.stable and row.canary and row.level in ERRORS]
        main = max(rows, key=lambda row: (row.canary, row.template), default=None)
        if main is None or not is_ongoing([main], pair.canary, evidence.window):
            continue
        stable, canary = _measure(pair.stable, rows, "stable"), _measure(pair.canary, rows, "canary")
        if stable is None or canary is None or not stable.is_one() or not canary.is_one():
            continue
        if _lasts(pair, main, evidence) and _is_long(pair.canary, canary, evidence):
            yield _make_finding(pair, main, stable, canary)


def _measure(digest: Digest, rows: Sequence[Compared], role: Role) -> _Outage | None:
    """Return a side's failures since most of its lines are errors; None where they are not, or without times.

    Of requests those count that failed, whatever else is logged beside them. Of lines, only where fewer of
    others came than before: a log of nothing but errors does not tell what else is done.
    """
    timeline = digest.timeline
    begin = _find_begin(timeline) if timeline else None
    if timeline is None or begin is None:
        return None
    before, since = _sum_spans(timeline, begin)
    part = since[2] / max(1, before[2] + since[2])  # of the errors that came since
    start = datetime.fromtimestamp(begin * timeline.span, UTC)
    # A status of a field of its own is known of whole templates alone, not of each span.
    requests = since[1] or round(count_requests(digest) * since[0] / (before[0] + since[0]))
    if requests >= RECOGNISED * since[0]:
        failed = [row for row in rows if is_request_template(row)]
        return _Outage(start, round(part * sum(getattr(row, role) for row in failed)), requests, "request")
    spans = [number for number, _ in timeline.tallies()]
    earlier, later = begin - min(spans), max(spans) - begin + 1
    well, left = before[0] - before[2], since[0] - since[2]
    if well < MIN_SIDE_FAILURES or left / later > (1 - MOST_FAILS) * well / earlier:
        return None
    lines = sum(getattr(row, role) for row in rows)
    once = lines - count_retold(rows)[role == "canary"]
    return _Outage(start, round(part * once), since[0] - round(part * (lines - once)), "line")


def _find_begin(timeline: Timeline) -> int | None:
    """Return the first span from which on many events are errors (Page's sum, from the end), or None."""
    begin, total, most = None, 0.0, 0.0
    for number, (events, _, errors) in reversed(list(timeline.tallies())):
        total += errors - MANY_ERRORS * events
        if total > most:
            begin, most = number, total
    return begin


def _sum_spans(timeline: Timeline, begin: int) -> tuple[Tally, Tally]:
    """Return the counts before a span, and from it on."""
    before, since = [0, 0, 0], [0, 0, 0]
    for number, tally in timeline.tallies():
        side = since if number >= begin else before
        for at, count in enumerate(tally):
            side[at] += count
    return (before[0], before[1], before[2]), (since[0], since[1], since[2])


def _lasts(pair: LogPair, main: Compared, evidence: Evidence) -> bool:
    """Return whether stable fails up to the end as well."""
    tail, times = find_tail(pair.stable, evidence.window), pair.list_times(main, "stable")
    return tail is not None and any(last >= tail[0] for _, last in times)


def _is_long(digest: Digest, outage: _Outage, evidence: Evidence) -> bool:
    """Return whether the outage takes so much of the time of the canary's log that little is left."""
    end = evidence.window.end
    begin = max(evidence.window.start, digest.first or outage.since)
    return (end - outage.since) >= LONG * (end - begin)


def _make_finding(pair: LogPair, main: Compared, stable: _Outage, canary: _Outage) -> Finding:
    return Finding(
        kind="shared-outage",
        key=f"shared-outage/{pair.container}",
        sentence=f"container {pair.container} of both sides fails alike, and still:"
        f" {format_percent(canary.share)} of what the canary does,"
        f" {format_percent(stable.share)} of what stable does. It is an outage that would hit any version,"
        f" and how the canary works was not seen: {main.template}",
        stable=stable.describe(),
        canary=canary.describe(),
        scope="both",
        samples=(main.sample,),
        advice="judge again once the outage is over",
        share=round(canary.share, 4),
    )


RULES: Sequence[Rule] = (Rule(shared_outage, needs=(Logs,)),)
