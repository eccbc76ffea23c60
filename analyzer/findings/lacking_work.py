"""Work that the canary lacks while it logs something else: a gauge, a heartbeat, its start.

`missing_work` counts a pod's lines whatever they say, and lines that come by the clock hide that no work is
done. Here the lines of stable's work are looked for by what they say.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analyzer.common.counted import counted
from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs
from analyzer.evidence.pods import Pods
from analyzer.findings.due import REQUESTS, Due, find_due
from analyzer.findings.failing import complains
from analyzer.findings.interface import Finding, Rule
from analyzer.findings.log_pairs import LogPair, pair_logs_after_start
from analyzer.findings.logged_requests import count_requests, is_request_template
from analyzer.findings.missing_work import PAUSED
from analyzer.findings.own_containers import find_own_containers
from analyzer.findings.recurrence import find_tail
from analyzer.findings.rewritten import find_rewritten
from analyzer.findings.wording import format_percent
from analyzer.findings.work import explain_no_work, measure_work
from analyzer.findings.work_rates import Row, compute_rates
from analyzer.logs.compare import Compared
from analyzer.logs.requests import probes
from analyzer.settings import Rules

LACKED = "lacked"  # part of the key: what other rules say of the whole container is said better
MIN_LINES_DUE = 50.0  # of all such templates together
NEXT_TO_NOTHING = 0.05  # of the lines that are due: as good as none
EACH = 15.0  # lines of a template that are due: three bursts of five, of which one is seen in 95 of 100 cases
OF_A_REQUEST = 0.25  # requests for each line that is lacked: a request may log four lines that are left out
WORK_SHARE = 0.5  # of stable's lines tell of the work that the canary lacks
AS_LITTLE = (
    1.5  # times what the canary's pods log: a pod of stable's that does none of the work logs so little
)
IN_PLACE = (
    0.2  # of the lines that are due: as many new ones or complaints stand in their place, as other rules say
)


@dataclass(frozen=True)
class _Lack:
    """Lines of stable's that the canary lacks, the most frequent first."""

    pair: LogPair
    rows: tuple[Compared, ...]
    due: Due

    @property
    def stable(self) -> int:
        return sum(row.stable for row in self.rows)

    @property
    def expected(self) -> float:
        return self.stable * self.due.ratio


def lacking_work(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Yield each container of which the canary does next to nothing of what most of stable's lines tell.
    Where other rules say of all its work that it is missing, `drop_better_said` leaves these out.
    """
    if explain_no_work(evidence) or measure_work(evidence, "canary").above:
        return
    own = find_own_containers(evidence, "canary")
    pairs = [pair for pair in pair_logs_after_start(evidence, rules) if pair.container in own]
    lacks = (_find_lack(pair, evidence) for pair in pairs)
    yield from (_make_finding(lack) for lack in lacks if lack is not None)


def _find_lack(pair: LogPair, evidence: Evidence) -> _Lack | None:
    due = find_due(pair, evidence)
    if not due.ratio or _rests_alike(pair.container, evidence):
        return None
    rows = [row for row in pair.comparison if row.level != "debug" and not probes(row.sample)]
    said = {(new.level, new.template) for form in find_rewritten(pair, due) for new in form.stood_for}
    quietly = {row.template for row in pair.comparison if row.level == "debug" and row.canary}
    lacked = [
        row
        for row in rows
        if _is_lacked(row, due) and (row.level, row.template) not in said
        if row.template not in quietly and _goes_on(row, pair, evidence)
    ]
    lack = _Lack(pair, tuple(sorted(lacked, key=lambda row: (-row.stable, row.template))), due)
    most = (
        lack.stable >= max(WORK_SHARE * sum(row.stable for row in rows), 1) and lack.expected >= MIN_LINES_DUE
    )
    if not most or _serves(lack) or _count_in_place(rows) >= IN_PLACE * lack.expected:
        return None
    return lack


def _serves(lack: _Lack) -> bool:
    """Return whether the canary logs the requests that are due: then it works, and says less of them. Few
    requests beside many lines of other work are not the work.
    """
    stable, canary = count_requests(lack.pair.stable), count_requests(lack.pair.canary)
    enough = stable >= max(REQUESTS, OF_A_REQUEST * lack.stable)
    return enough and canary >= WORK_SHARE * lack.due.ratio * stable


def _rests_alike(container: str, evidence: Evidence) -> bool:
    """Return whether some of stable's own pods log as little as the canary's do: a leader does the work."""
    rates = compute_rates(container, evidence)
    if rates is None:
        return False
    most = max(map(_mean_events, rates.canary))
    resting = sum(_mean_events(row) <= AS_LITTLE * most for row in rates.stable)
    return resting > PAUSED * len(rates.stable)


def _mean_events(row: Row) -> float:
    return sum(events for events, _, _ in row.tallies) / len(row.tallies)


def _goes_on(row: Compared, pair: LogPair, evidence: Evidence) -> bool:
    """Return whether stable logged it most of the canary's time and up to the end, so it is no batch."""
    times, tail = pair.list_times(row, "stable"), find_tail(pair.stable, evidence.window)
    if not times or tail is None or pair.canary.first is None:
        return True
    begin, end = max(pair.canary.first, evidence.window.start), evidence.window.end
    first, last = min(first for first, _ in times), max(last for _, last in times)
    return last >= tail[0] and (end - max(begin, first)) >= WORK_SHARE * (end - begin)


def _is_lacked(row: Compared, due: Due) -> bool:
    if not row.certain or complains(row) or is_request_template(row):
        return False
    return row.stable * due.ratio >= EACH and row.canary <= NEXT_TO_NOTHING * row.stable * due.ratio


def _count_in_place(rows: Sequence[Compared]) -> int:
    return sum(row.canary for row in rows if not row.stable or complains(row))


def _make_finding(lack: _Lack) -> Finding:
    pair, first = lack.pair, lack.rows[0]
    seen, more = sum(row.canary for row in lack.rows), len(lack.rows) - 1
    others = f" (and {counted(more, 'other template')})" if more else ""
    by = "its share of the work" if lack.due.sure else "the number of its pods"
    share = format_percent(lack.stable / max(1, pair.stable_lines))
    return Finding(
        kind="missing-work",
        key=f"missing-work/{pair.container}/{LACKED}",
        sentence=f"container {pair.container} of the canary does next to nothing of what {share} of"
        f" stable's lines tell: expected about {lack.expected:,.0f} of them by {by}, seen {seen:,}:"
        f" {first.template}{others}",
        stable=f"{lack.stable:,} of {counted(pair.stable_lines, 'line')}",
        canary=f"{seen:,} of {counted(pair.canary_lines, 'line')}, about {lack.expected:,.0f} expected",
        advice="see whether work reaches it, and what it waits for, such as a lock, a connection or a"
        " partition; or name a Prometheus query of its work (docs/prometheus.md)",
        samples=(first.sample,),
        settled=False,
    )


RULES: tuple[Rule, ...] = (Rule(lacking_work, needs=(Logs, Pods)),)
