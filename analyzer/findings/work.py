"""What a side has shown of its work: requests in its logs, lines after its start, figures above 0 of queries
that count it. Pods that are Ready show none.

A line counts when it was written after the start of its container (`start_spans.py`). A line without a time
counts for what lines without times can tell: there are as many as stable's.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.common.counted import counted
from analyzer.evidence import Evidence
from analyzer.evidence.figures import Metrics
from analyzer.evidence.logs import Logs
from analyzer.evidence.pods import Pods
from analyzer.evidence.traffic import Traffic
from analyzer.findings.canary_share import compute_expected_seconds, compute_rate
from analyzer.findings.figures import figures_of
from analyzer.findings.log_pairs import pair_logs
from analyzer.findings.logged_requests import count_requests
from analyzer.findings.own_containers import find_own_containers
from analyzer.findings.side_pods import select_standing_pods
from analyzer.findings.start_spans import find_start_spans, is_after_start, select_spans
from analyzer.logs.digest import Digest, TemplateGroup
from analyzer.logs.requests import probes
from analyzer.target import Role

# lines without times, a pod: more than a start's, and so much of stable's
MIN_LINES_PER_POD, SHARE = 10, 0.25
MANY, FEW = 50.0, 0.05  # lines that are expected, and a share of them that is as good as none


@dataclass(frozen=True)
class Work:
    """What a side has shown.

    `lines` and `requests` are None where no log was read; `figures` is how many were given of queries that
    count work, None where no query asks for any. `after`: a line was written after the start. `above`: one of
    these figures is above 0.
    """

    lines: int | None
    requests: int | None
    after: bool
    figures: int | None
    above: bool

    @property
    def shown(self) -> bool:
        """Return whether anything tells that the side works."""
        return bool(self.requests) or self.after or self.above

    def describe(self) -> str:
        """Return the side's lines, in words."""
        if self.lines is None:
            return "logs not read"
        if not self.lines:
            return "no line"
        return counted(self.lines, "line") + ("" if self.after else ", all of its start")


@dataclass(frozen=True)
class ScarceLines:
    """How many lines the canary's containers wrote after their start, and how many it should have been."""

    written: int
    expected: float


def measure_work(evidence: Evidence, role: Role) -> Work:
    """Return what a side has shown in the window."""
    logs, metrics = evidence.part(Logs, role), evidence.part(Metrics, role)
    queries = [figures.query for figures in (metrics.figures if metrics else ()) if figures.work]
    numbers = [number for query in queries for number in _find_numbers(evidence, query, role)]
    queried = bool(queries) or any(gap.source == "prometheus" for gap in evidence.gaps)
    return Work(
        lines=sum(entry.digest.lines for entry in logs.containers) if logs else None,
        requests=count_side_requests(evidence, role),
        after=logs is not None
        and (_has_line_after_start(evidence, role, logs) or _has_untimed_work(evidence, role)),
        figures=len(numbers) if queried else None,
        above=any(number > 0 for number in numbers),
    )


def count_side_requests(evidence: Evidence, role: Role) -> int | None:
    """Return a side's requests as the container logs them that logs most, because a proxy beside the
    application logs the same ones; None where no log was read.
    """
    logs = evidence.part(Logs, role)
    if logs is None:
        return None
    return max((count_requests(entry.digest) for entry in logs.containers), default=0)


def explain_no_work(evidence: Evidence) -> str:
    """Return why the canary is sent no work here, and so need not show any; empty where it should have some,
    or where that is not known.
    """
    target, traffic = evidence.target, evidence.part(Traffic, "canary")
    kind = target.analysis.kind if target.analysis else ""
    if kind == "pre-promotion" or (kind != "post-promotion" and _is_preview(evidence)):
        return "it is not promoted yet"
    if target.unserved:
        return "no Service leads to its pods, which are an experiment's"
    if traffic is not None and traffic.weight == 0 and not any(change.weight for change in traffic.weights):
        return "its weight is 0 %"
    return ""


def _is_preview(evidence: Evidence) -> bool:
    """Return whether the canary is the preview of a blue-green Rollout whose stable side has a Service."""
    canary, stable = evidence.part(Traffic, "canary"), evidence.part(Traffic, "stable")
    return (
        canary is not None and canary.strategy == "blueGreen" and stable is not None and bool(stable.service)
    )


def find_scarce_lines(evidence: Evidence) -> ScarceLines | None:
    """Return how many lines the canary wrote, where they are so few of those that stable's rate lets expect
    that it does not work as stable does; else None.
    """
    seconds = compute_expected_seconds(evidence)
    if not seconds:
        return None
    own = find_own_containers(evidence, "canary")
    written, expected = 0, 0.0
    for pair in pair_logs(evidence):
        if pair.container in own:
            stable = count_lines_after_start(evidence, "stable", pair.container, pair.stable)
            written += count_lines_after_start(evidence, "canary", pair.container, pair.canary)
            expected += compute_rate(pair.stable, stable) * seconds
    return ScarceLines(written, expected) if expected >= MANY and written <= expected * FEW else None


def count_lines_after_start(evidence: Evidence, role: Role, container: str, digest: Digest) -> int:
    """Return how many lines a container's pods wrote after their start, by the last time of each template;
    the times of a start make no rate.
    """
    spans = select_spans(find_start_spans(evidence, role), container)
    return digest.other + sum(
        group.count
        for group in _select_work_groups(digest)
        if not group.last or is_after_start(group.last, spans)
    )


def _find_numbers(evidence: Evidence, query: str, role: Role) -> Iterator[float]:
    """Yield the values that a query gave of a side."""
    figures = figures_of(evidence, query, role)
    if figures is not None and figures.state == "values":
        yield from (number for number in (figures.value, *figures.points) if number is not None)


def _has_line_after_start(evidence: Evidence, role: Role, logs: Logs) -> bool:
    """Return whether a line came after the start: by the times of its template, or by the last lines of each
    pod.
    """
    own, spans = find_own_containers(evidence, role), find_start_spans(evidence, role)
    for entry in logs.containers:
        if entry.container in own or not own:
            container_spans = select_spans(spans, entry.container)
            groups = list(_select_work_groups(entry.digest))
            times = [at for group in groups for at in (group.first, group.last) if at]
            if entry.digest.other > 0 or any(is_after_start(at, container_spans) for at in times):
                return True
    for stream in logs.streams:
        span = spans.get((stream.pod, stream.container))
        if span and not stream.previous and stream.container in own:
            times = [line.at for line in stream.excerpt if line.at and not probes(line.text)]
            if any(is_after_start(at, [span]) for at in times):
                return True
    return False


def _select_work_groups(digest: Digest) -> Iterator[TemplateGroup]:
    """Yield the templates of a log that are no probe's."""
    return (group for group in digest.groups if not probes(group.sample))


def _has_untimed_work(evidence: Evidence, role: Role) -> bool:
    """Return whether so many lines carry no time that they are more than a start's, and no fewer than
    stable's by much.
    """
    own = _count_untimed_lines(evidence, role)
    return own >= max(MIN_LINES_PER_POD, SHARE * _count_untimed_lines(evidence, "stable"))


def _count_untimed_lines(evidence: Evidence, role: Role) -> float:
    """Return the lines without a time by the pod."""
    logs, pods = evidence.part(Logs, role), select_standing_pods(evidence.part(Pods, role))
    lines = sum(
        group.count
        for entry in (logs.containers if logs else ())
        for group in _select_work_groups(entry.digest)
        if not group.last
    )
    return lines / max(1, len(pods))
