"""One kind of work that the canary does no more, or never did, while it goes on with another: of four jobs
one never runs again, tickets are queued and never matched.

`missing_work` counts all lines, and `lacking_work` what most of stable's lines tell. Here each frequent
template of stable's is looked for by itself, where nothing else explains that it is missing. That is a doubt
and no more: a version may have stopped writing the line, or have come to the end of a backlog.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from analyzer.common.counted import counted
from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs
from analyzer.evidence.pods import Pods
from analyzer.findings.due import Due, find_due
from analyzer.findings.failing import complains
from analyzer.findings.interface import Finding, Rule
from analyzer.findings.log_pairs import LogPair, pair_logs_after_start
from analyzer.findings.own_containers import find_own_containers
from analyzer.findings.rewritten import find_rewritten
from analyzer.findings.wording import make_slug
from analyzer.findings.work import explain_no_work
from analyzer.logs.compare import Compared
from analyzer.logs.requests import probes
from analyzer.settings import Rules

SHARE = 0.08  # of stable's lines: rarer ones are no work by themselves …
WHOLE = 0.2  # … and of those that the canary never logged
BEFORE = 3  # lines of it that the canary logged before it ceased
MIN_EXPECTED, MIN_EXPECTED_WHOLE = 20.0, 40.0  # lines since: by chance none is seen of ten bursts of two
QUIET = 0.3  # of the time that the canary's log covers, and of stable's at most a fifth of that
STABLE_QUIET = 0.2
GOES_ON = 0.5  # of the other lines that are due: the canary's log goes on
PAIRED, SAME_WORDS = 0.05, 2  # how far two counts of a beginning and an end are apart; words that are equal
IN_PLACE = 0.2  # of the lines that are lacked: as many new ones may stand in their place


@dataclass(frozen=True)
class _Ceased:
    """A template that the canary logs no more since a time, or never did (None)."""

    row: Compared
    since: datetime | None
    expected: float


def ceased_lines(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Yield, for each container, the kind of work of which most lines are missing since it ceased."""
    if explain_no_work(evidence):
        return
    own = find_own_containers(evidence, "canary")
    for pair in pair_logs_after_start(evidence, rules):
        due = find_due(pair, evidence)
        if pair.container not in own or not due.ratio:
            continue
        said = {(one.level, one.template) for form in find_rewritten(pair, due) for one in form.stood_for}
        rows = [
            row for row in pair.comparison if (row.level, row.template) not in said and _is_work(row, pair)
        ]
        found = [one for row in rows if (one := _find_ceased(row, pair, due, evidence))]
        if found:
            yield _make_finding(max(found, key=lambda one: one.expected), pair)


def _is_work(row: Compared, pair: LogPair) -> bool:
    if not row.certain or row.level == "debug" or complains(row) or probes(row.sample):
        return False
    return row.stable >= SHARE * pair.stable_lines


def _find_ceased(row: Compared, pair: LogPair, due: Due, evidence: Evidence) -> _Ceased | None:
    times = pair.list_times(row, "stable")
    if not times or pair.canary.first is None or pair.canary.last is None:
        return None
    begin, end = max(pair.canary.first, evidence.window.start), evidence.window.end
    first, last = min(first for first, _ in times), max(last for _, last in times)
    covered = (end - begin).total_seconds()
    if covered <= 0 or last <= first or (end - last).total_seconds() > STABLE_QUIET * QUIET * covered:
        return None
    rate = row.stable * due.ratio / covered
    if not row.canary:
        beginning = _find_beginning(row, pair)
        begun = beginning.canary if beginning is not None else 0
        if begun >= MIN_EXPECTED and not _has_in_place(pair, begun):
            return _Ceased(row, None, float(begun))
        whole = due.sure and row.stable >= WHOLE * pair.stable_lines
        expected = rate * covered
        lacked = whole and expected >= MIN_EXPECTED_WHOLE and not _has_in_place(pair, expected)
        return _Ceased(row, None, expected) if lacked and _goes_on(pair, row, due) else None
    if row.last is None or row.first is None or row.canary < BEFORE or row.last <= row.first:
        return None
    quiet = (end - row.last).total_seconds()
    own = row.canary / (row.last - row.first).total_seconds()
    expected = min(rate, own) * quiet
    stopped = quiet >= QUIET * covered and expected >= MIN_EXPECTED
    goes_on = pair.canary.last - row.last > GOES_ON * (end - row.last)
    return (
        _Ceased(row, row.last, expected)
        if stopped and goes_on and not _is_told(pair, row.last, end)
        else None
    )


def _find_beginning(end: Compared, pair: LogPair) -> Compared | None:
    """Return the line that stable logs as often as this one and that says nearly the same, as of a beginning
    and an end ("got: job 7", "done: job 7"); None without one.
    """
    words = end.template.split()
    for row in pair.comparison:
        if row is end or not row.stable or abs(row.stable - end.stable) > PAIRED * end.stable:
            continue
        others = row.template.split()
        same = sum(word == other for word, other in zip(words, others, strict=False))
        if len(words) == len(others) and len(words) - same == 1 and same >= SAME_WORDS:
            return row
    return None


def _is_told(pair: LogPair, since: datetime, end: datetime) -> bool:
    """Return whether complaints of the canary alone go on since then: they say more."""
    return any(
        row.canary >= BEFORE
        and not row.stable
        and complains(row)
        and row.last
        and end - row.last < (end - since) / 5
        for row in pair.comparison
    )


def _goes_on(pair: LogPair, ceased: Compared, due: Due) -> bool:
    """Return whether the canary does its share of the rest."""
    stable = pair.stable_lines - ceased.stable
    return stable > 0 and pair.canary_lines >= GOES_ON * due.ratio * stable


def _has_in_place(pair: LogPair, expected: float) -> bool:
    new = sum(row.canary for row in pair.comparison if not row.stable and row.level != "debug")
    return new >= IN_PLACE * expected


def _make_finding(ceased: _Ceased, pair: LogPair) -> Finding:
    row, about = ceased.row, f"about {ceased.expected:,.0f}"
    if ceased.since is None:
        when, since = "never logs", "in the window"
    else:
        when, since = f"has not logged since {ceased.since:%H:%M:%S}", f"since {ceased.since:%H:%M:%S}"
    return Finding(
        kind="missing-work",
        key=f"missing-work/{pair.container}/{make_slug(row.template)}",
        sentence=f"container {pair.container} of the canary goes on with other work, and {when} what stable"
        f" logs to the end: expected {about} lines, seen 0: {row.template}",
        stable=f"{row.stable:,} of {counted(pair.stable_lines, 'line')}",
        canary=f"0 {since}, {about} expected",
        advice="see what became of this work on the canary: a job that is not scheduled, a step that waits,"
        " or a line that the new version does not write",
        samples=(row.sample,),
        settled=False,
    )


RULES: tuple[Rule, ...] = (Rule(ceased_lines, needs=(Logs, Pods)),)
