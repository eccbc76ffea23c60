"""Work that the canary did as stable does it, and then stopped at once and for good, in all of its pods.

A canary without work may be one that none is sent. One that did the work was sent it, and where the Rollout
still sends it its share, while stable goes on, it hangs.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from analyzer.common.counted import counted
from analyzer.evidence import Evidence
from analyzer.evidence.traffic import Traffic
from analyzer.findings.interface import Finding
from analyzer.findings.log_pairs import LogPair, pair_logs
from analyzer.findings.side_pods import find_ready_times
from analyzer.findings.work_rates import Rates, find_streams
from analyzer.logs.compare import Compared
from analyzer.logs.requests import probes
from analyzer.logs.timeline import in_spans
from analyzer.settings import Rules

# Bursts of lines that are expected since it stopped, by its share and by its own rate before: of so many none
# is seen by chance in 1 of 480 million cases (exp(-20)).
MIN_EXPECTED = 20.0
DONE = 20  # lines of the work before: a start logs fewer
SPANS = 3  # in which they came: a log that is written at once, when its buffer is full, has gaps as well
LONGER = 3.0  # times the longest gap between its lines before
# A last line that stable logs so often, over so much of the window, and went on after it, is no reason to
# stop.
USUAL, SPREAD = 10, 0.5


@dataclass(frozen=True)
class Stop:
    """When the canary did its last work, how many lines or requests of it, and how many were expected
    since.
    """

    since: datetime
    done: int
    expected: float


def find_stop(container: str, rates: Rates, evidence: Evidence, rules: Rules) -> Stop | None:
    """Return when a container of the canary has stopped its work; None where that is not sure.

    It is sure where each of its Ready pods is looked at, none has logged a line since, probes apart, for the
    time after which a fault counts, its last line is one that stable logs all the time, and its share is
    known for the whole time.
    """
    unknown = rates.expected is None or not _knows_share(evidence)
    if unknown or len(rates.canary) < len(find_ready_times(evidence, "canary")):
        return None
    since = _find_last_line(container, evidence)
    if since is None or (evidence.window.end - since).total_seconds() < rules.min_fault_age:
        return None
    counts = _count_by_span(container, rates, evidence)
    last = max(counts, default=rates.window.stop)
    quiet = rates.window.stop - 1 - last
    spans = sorted(counts)
    gap = max((later - earlier - 1 for earlier, later in pairwise(spans)), default=0)
    if len(spans) < SPANS or quiet < LONGER * gap:
        return None
    done = sum(counts.values())
    expected = min(_expect(rates, last + 1), done / (last + 1 - spans[0]) * quiet)
    if done < DONE or expected < MIN_EXPECTED * rates.all_load().burst:
        return None
    return Stop(since, done, expected)


def describe_stop(container: str, rates: Rates, stop: Stop, work: Compared | None, end: datetime) -> Finding:
    """Return the finding. `work` is what stable logs most, `end` the window's."""
    seconds = (end - stop.since).total_seconds()
    spans = max(1, int(seconds // rates.span))
    when, usual = f"in the last {seconds:.0f} s", round(sum(rates.usual[-spans:]))
    told = f"; the work, as stable logs it: {work.template}" if work else ""
    return Finding(
        kind="missing-work",
        key=f"missing-work/{container}",
        sentence=f"container {container} of the canary has stopped its work:"
        f" after {counted(stop.done, rates.noun)} none {when} (since {stop.since:%H:%M:%S}),"
        f" while stable goes on; about {stop.expected:,.0f} were expected{told}",
        stable=f"{counted(usual, rates.noun)} a pod in the last {spans * rates.span} s",
        canary=f"0 {rates.noun}s {when}, about {stop.expected:,.0f} expected",
        samples=(work.sample,) if work else (),
    )


def _knows_share(evidence: Evidence) -> bool:
    """Return whether the Rollout's weights are known over time. Without them, a canary that was tried out and
    is sent nothing since looks the same.
    """
    traffic = evidence.part(Traffic, "canary")
    return traffic is not None and bool(traffic.weights)


def _find_last_line(container: str, evidence: Evidence) -> datetime | None:
    """Return when the canary logged its last line, probes apart; None where stable does not log it all the
    time, since it may say why it was the last, or where no time tells.
    """
    pair = next((pair for pair in pair_logs(evidence) if pair.container == container), None)
    rows = [row for row in pair.comparison if row.canary and not probes(row.sample)] if pair else []
    if pair is None or any(row.last is None for row in rows):
        return None
    last = _find_latest(rows)
    usual = _find_latest([row for row in rows if _is_usual(row, pair, evidence)])
    return last if last == usual else None


def _is_usual(row: Compared, pair: LogPair, evidence: Evidence) -> bool:
    """Return whether stable logs a line now and again, for most of the window."""
    times = pair.list_times(row, "stable")
    if row.stable < USUAL or row.level == "debug" or not times:
        return False
    lasted = max(last for _, last in times) - min(first for first, _ in times)
    return lasted >= SPREAD * (evidence.window.end - evidence.window.start)


def _find_latest(rows: Sequence[Compared]) -> datetime | None:
    return max((row.last for row in rows if row.last), default=None)


def _count_by_span(container: str, rates: Rates, evidence: Evidence) -> Counter[int]:
    """Return what all of the canary's pods did in each span in which they did something, their start as
    well.
    """
    counts: Counter[int] = Counter()
    for stream in find_streams(evidence, container, "canary"):
        if stream.timeline:
            for number, tally in in_spans(stream.timeline, rates.span):
                if tally[0]:
                    counts[number] += tally[rates.noun == "request"]
    return counts


def _expect(rates: Rates, first: int) -> float:
    """Return what all pods of the canary should have done from a span of the window on, by its share."""
    return sum(
        count * max(1, sum(row.since <= number for row in rates.canary))
        for number, count in enumerate(rates.expected or ())
        if number >= first - rates.window.start
    )
