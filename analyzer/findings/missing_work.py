"""Work that is missing: a canary, or some of its pods, that do next to nothing of what they should, since
their start or from a time on.

What they should is reckoned three ways (`work_rates.py`), each against the same time, so that a quiet hour of
the service explains a quiet canary. What stable's own pods do now and then is no sign of anything: a batch, a
leader among several pods, a poll.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, partial
from math import ceil

from analyzer.common.counted import counted
from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs
from analyzer.evidence.pods import Pods
from analyzer.findings.chance import chance_of_one_rate
from analyzer.findings.failing import complains
from analyzer.findings.interface import Finding, Rule
from analyzer.findings.log_pairs import pair_logs
from analyzer.findings.logged_requests import is_request_template
from analyzer.findings.own_containers import find_own_containers
from analyzer.findings.silence import silent
from analyzer.findings.traffic import no_traffic
from analyzer.findings.work import explain_no_work
from analyzer.findings.work_rates import Load, Rates, compute_rates
from analyzer.logs.compare import Compared
from analyzer.logs.requests import probes
from analyzer.settings import Rules

# Expected: ten bursts of lines, of which none is seen by chance in 1 of 20,000 cases (exp(-10)), and so many
# lines.
MIN_EXPECTED, FEWEST = 10.0, 15.0
OF_STABLE = 0.05  # of what stable's rate lets expect, which a version that logs less than stable may write …
OF_ITS_OWN = 0.1  # … and of what the canary itself does elsewhere, or did before
CHANCE = 1e-4  # of counts so far apart where the rates are one
PAST = 60.0  # seconds: a pod's rate before is that of so long at least, or it is a warm-up's
# Of stable's rate, the canary's share known or not: a pod that falls from a warm-up or a backlog falls to
# more.
STILL_KNOWN, STILL_UNKNOWN = 0.3, 0.1
PAUSE = 0.2  # of its rate, what stable falls to in a pause …
PAUSE_LINES = 15.0  # that are expected of pods together: by chance, a fifth is seen in 1 of 5,000 cases
PAUSED = 0.05  # … and the share of its pods that may have had one
NAMED = 3  # pods that are named, of those that do nothing
FEW_PODS = 0.05  # of the canary's: that one of so many has nothing to do says nothing of the version

Pauses = Callable[[int, int], bool]  # whether stable pauses for so many spans, by so many pods at a time


@dataclass(frozen=True)
class MissingWork:
    """What one pod, or all of them together, has not done: in the last so many spans, of which `whole` says
    that they are all that there are.

    `counted_on` is the count on which the expectation rests, `by` whose it is.
    """

    spans: int
    whole: bool
    expected: float
    seen: float
    counted_on: float
    by: str


def missing_work(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Yield each container whose work is missing in some pods or all, unless another rule reports it."""
    canary, own = evidence.part(Logs, "canary"), find_own_containers(evidence, "canary")
    if canary is None or explain_no_work(evidence):
        return
    told_elsewhere = {
        finding.key.partition("/")[2] for rule in (no_traffic, silent) for finding in rule(evidence, rules)
    }
    for logs in canary.containers:
        if logs.container in own - told_elsewhere:
            rates = compute_rates(logs.container, evidence)
            if rates is not None:
                yield from _judge_rates(logs.container, rates, evidence)


def _judge_rates(container: str, rates: Rates, evidence: Evidence) -> Iterator[Finding]:
    """Yield what is missing of one container, where it is by pods that are no few, or by all together."""
    pauses: Pauses = cache(partial(_pauses, rates))
    by_pod = [_find_missing(load, rates.span, pauses) for load in rates.loads()]
    missing = [pod for pod in by_pod if pod is not None]
    pods = len(rates.canary)
    if len(missing) > FEW_PODS * pods:
        idle = [row.pod for row, pod in zip(rates.canary, by_pod, strict=True) if pod is not None]
        who = (
            "the canary" if len(missing) == pods else f"{len(missing)} of {pods} canary pods ({_name(idle)})"
        )
        yield _make_finding(container, rates, missing, who, evidence)
    elif not missing and pods > 1:
        together = _find_missing(rates.all_load(), rates.span, pauses)
        if together is not None:
            yield _make_finding(container, rates, [together], "the canary", evidence)


def _name(pods: Sequence[str]) -> str:
    more = len(pods) - NAMED
    return ", ".join(pods[:NAMED]) + (f" and {more} more" if more > 0 else "")


def _make_finding(
    container: str, rates: Rates, missing: Sequence[MissingWork], who: str, evidence: Evidence
) -> Finding:
    clearest = max(missing, key=lambda pod: pod.expected)
    seen, expected = sum(pod.seen for pod in missing), sum(pod.expected for pod in missing)
    seconds = clearest.spans * rates.span
    work = find_main_work(container, evidence, requests=rates.noun == "request")
    since = evidence.window.end - timedelta(seconds=seconds)
    stopped = "" if clearest.whole else f" (since {since:%H:%M:%S})"
    told = f"; the work, as stable logs it: {work.template}" if work else ""
    does = "has done next to nothing since its start" if clearest.whole else "has stopped its work"
    when = f"in {seconds} s" if clearest.whole else f"in the last {seconds} s"
    return Finding(
        kind="missing-work",
        key=f"missing-work/{container}",
        sentence=f"container {container} of {who} {does}: expected about"
        f" {counted(round(expected), rates.noun)} {when}{stopped} by {clearest.by}, seen {seen:,.0f}{told}",
        stable=f"{counted(round(sum(rates.usual[-clearest.spans :])), rates.noun)} a pod {when}",
        canary=f"{counted(round(seen), rates.noun)} {when}, about {expected:,.0f} expected",
        advice="see whether work reaches it, and what it waits for, such as a lock, a connection or a"
        " partition; or name a Prometheus query of its work (docs/prometheus.md)",
        samples=(work.sample,) if work else (),
    )


def find_main_work(container: str, evidence: Evidence, *, requests: bool = False) -> Compared | None:
    """Return the template that stable logs most, probes and complaints apart: what its work is; None without
    any. `requests`: of those that tell of one.
    """
    rows = [row for pair in pair_logs(evidence) if pair.container == container for row in pair.comparison]
    work = [
        row
        for row in rows
        if row.stable and row.level != "debug" and not probes(row.sample) and not complains(row)
        if not requests or is_request_template(row)
    ]
    return max(work, key=lambda row: (row.stable, row.template), default=None)


def _find_missing(load: Load, span: int, pauses: Pauses) -> MissingWork | None:
    """Return what has not been done, by the way of reckoning that shows most; None where nothing is missing,
    or where chance or a pause of stable explains it.
    """
    still = STILL_UNKNOWN if load.expected is None else STILL_KNOWN
    least = max(FEWEST, MIN_EXPECTED * load.burst)
    ways = [
        (_compare_with_rate(load.counts, load.expected or (), load.stable, "stable's rate"), OF_STABLE),
        (
            _compare_with_rate(load.counts, load.others, load.siblings, "the rate of the other pods"),
            OF_ITS_OWN,
        ),
        (_compare_with_past(load, ceil(PAST / span), least, still), OF_ITS_OWN),
    ]
    found = [_find_clearest(ends, least, share) for ends, share in ways]
    sure = [
        way
        for way in found
        if way is not None and _is_sure(way, load.burst) and not pauses(way.spans, load.pods)
    ]
    return max(sure, key=lambda way: way.expected, default=None)


def _is_sure(way: MissingWork, burst: float) -> bool:
    """Return whether chance does not explain that so much is missing."""
    seen, counted_on = round(way.seen), round(way.counted_on)
    return chance_of_one_rate(seen, way.expected, counted_on, way.counted_on, burst) < CHANCE


def _compare_with_rate(
    counts: Sequence[float], expected: Sequence[float], rests_on: Sequence[float], by: str
) -> Iterator[MissingWork]:
    """Yield each end of the time, with what is expected there by the counts that this rests on."""
    seen, due, counted_on = 0.0, 0.0, 0.0
    for spans in range(1, min(len(counts), len(expected)) + 1):
        seen, due = seen + counts[-spans], due + expected[-spans]
        counted_on += rests_on[-spans]
        yield MissingWork(spans, spans == len(counts), due, seen, counted_on, by)


def _compare_with_past(load: Load, shortest: int, least: float, still: float) -> Iterator[MissingWork]:
    """Yield the same by its own rate before, of so many spans at least, where stable's pods went on."""
    counts, usual = load.counts, load.expected or load.usual
    for split in range(shortest, len(counts)):
        past, before = sum(counts[:split]), sum(usual[:split])
        seen, after = sum(counts[split:]), sum(usual[split:])
        if past >= least and before and seen <= still * after:
            due = past * after / before
            yield MissingWork(len(counts) - split, False, due, seen, past, "its own rate before")


def _find_clearest(ends: Iterable[MissingWork], least: float, share: float) -> MissingWork | None:
    """Return the one of which most is missing, where no more than a share is there: of a drop the moment at
    which it was (E. S. Page, "Continuous inspection schemes", Biometrika 41, 1954, 100: the sum of the
    differences is largest there).
    """
    missing = [end for end in ends if end.expected >= least and end.seen <= share * end.expected]
    return max(missing, key=lambda end: share * end.expected - end.seen, default=None)


def _pauses(rates: Rates, spans: int, pods: int) -> bool:
    """Return whether stable, by so many pods at a time, does as little for half as long, or is not seen for
    half as long.
    """
    half = ceil(spans / 2)
    rows = [row.counts for row in rates.stable if len(row.counts) >= half]
    usual = sum(map(sum, rows)) / max(1, sum(map(len, rows)))
    if not usual:
        return True
    size = min(len(rows), max(pods, ceil(PAUSE_LINES / (usual * half))))
    groups = [rows[start : start + size] for start in range(0, len(rows) - size + 1, size)]
    paused = sum(_find_lowest(group, half) <= PAUSE * usual * half * len(group) for group in groups)
    return paused > PAUSED * len(groups)


def _find_lowest(rows: Sequence[Sequence[float]], spans: int) -> float:
    """Return the least that several pods together did in so many spans, counted from the end."""
    length = min(map(len, rows))
    counts = [sum(row[len(row) - length + number] for row in rows) for number in range(length)]
    return min(sum(counts[start : start + spans]) for start in range(length - spans + 1))


RULES: tuple[Rule, ...] = (Rule(missing_work, needs=(Logs, Pods)),)
