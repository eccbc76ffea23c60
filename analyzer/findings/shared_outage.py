"""An outage of both sides: most of what each does fails alike, up to the window's end.

It speaks against neither, since it would hit any version, and for neither: while it lasts, what the canary does was
not seen. A failure of both that leaves most of the work whole is noise, and so is one that has ended. Only lines of
level error or fatal count: the words of a line that counts failures are the same where it counts none.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from analyzer.common.counted import counted
from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs
from analyzer.findings.interface import Finding, Rule
from analyzer.findings.layers import count_retold
from analyzer.findings.log_pairs import LogPair, pair_logs
from analyzer.findings.logged_requests import is_request_template
from analyzer.findings.recurrence import find_tail, is_ongoing
from analyzer.findings.wording import format_percent
from analyzer.logs.compare import Compared, cases_of
from analyzer.logs.digest import ERRORS, Digest
from analyzer.logs.timeline import Timeline
from analyzer.settings import Rules

MIN_SIDE_FAILURES = 10  # failures of each side
MOST_FAILS = 0.5  # of what a side does: where as much succeeds, there is work to compare
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
        once = _count_once(rows)
        stable = _measure(pair.stable, pair, main, sum(row.stable for row in rows), once[0])
        canary = _measure(pair.canary, pair, main, sum(row.canary for row in rows), once[1])
        if stable is None or canary is None or not stable.is_one() or not canary.is_one():
            continue
        if _lasts(pair.stable, pair, main, evidence) and _is_long(pair.canary, canary, evidence):
            yield _make_finding(pair, main, stable, canary)


def _count_once(rows: Sequence[Compared]) -> tuple[int, int]:
    """Return the failures of stable and of the canary, each counted once: a request that failed, and what was
    logged of the reason, are one.
    """
    requests = [row for row in rows if is_request_template(row)]
    others = [row for row in rows if row not in requests]
    stable, canary = count_retold(others)
    return (
        max(sum(row.stable for row in requests), sum(row.stable for row in others) - stable),
        max(sum(row.canary for row in requests), sum(row.canary for row in others) - canary),
    )


def _measure(digest: Digest, pair: LogPair, main: Compared, lines: int, failures: int) -> _Outage | None:
    """Return a side's failures, of which so many lines tell; None without times."""
    firsts = [first for first, _ in _find_times(digest, pair, main)]
    if not firsts or digest.timeline is None:
        return None
    since = min(firsts)
    events, requests = _count_since(digest.timeline, since)
    if requests >= RECOGNISED * events:
        return _Outage(since, failures, requests, "request")
    return _Outage(since, failures, events - (lines - failures), "line")


def _find_times(digest: Digest, pair: LogPair, main: Compared) -> list[tuple[datetime, datetime]]:
    """Return when each group of a template was first and last logged by a side."""
    keys = cases_of({(main.level, main.template)}, pair.stable, pair.canary)
    return [
        (group.first, group.last)
        for group in digest.groups
        if (group.level, group.template) in keys and group.first and group.last
    ]


def _count_since(timeline: Timeline, since: datetime) -> tuple[int, int]:
    """Return the events from a time on, and how many of them are requests, probes apart."""
    first = int(since.timestamp()) // timeline.span
    tallies = [tally for number, tally in timeline.tallies() if number >= first]
    return sum(events for events, _, _ in tallies), sum(requests for _, requests, _ in tallies)


def _lasts(stable: Digest, pair: LogPair, main: Compared, evidence: Evidence) -> bool:
    """Return whether stable fails up to the end as well."""
    tail = find_tail(stable, evidence.window)
    return tail is not None and max(last for _, last in _find_times(stable, pair, main)) >= tail[0]


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
        f" {format_percent(canary.share)} of what the canary does, {format_percent(stable.share)} of what stable"
        f" does. It is an outage that would hit any version, and how the canary works was not seen: {main.template}",
        stable=stable.describe(),
        canary=canary.describe(),
        scope="both",
        samples=(main.sample,),
        advice="judge again once the outage is over",
        share=round(canary.share, 4),
    )


RULES: Sequence[Rule] = (Rule(shared_outage, needs=(Logs,)),)
