"""Traps of the metric around our Job: what Argo counts, and when it repeats the measurement.

The default count is 1, or endless with an interval. A limit is exceeded by *more* than its number
(https://argo-rollouts.readthedocs.io/en/stable/features/analysis/, argo-rollouts' analysis/analysis.go and
utils/analysis/helpers.go).
"""

import re
from collections.abc import Iterator

from analyzer.check.documents import Node
from analyzer.check.traps.calls import AnalyzerCall, find_calls
from analyzer.check.traps.interface import Manifests, Trap
from analyzer.common.patterns import regex_finds
from analyzer.errors import UsageError

JOB_NAME = 63
# characters for the metric's name and the number
LONGEST_METRIC_NAME = JOB_NAME - len("00000000-0000-0000-0000-000000000000..")
RETRIED = 4  # Jobs made anew after an error, beside those that count
MANY = 99  # Jobs of a metric without end that a rollout may well come to
CONFIRM = (
    "for a second opinion, give count, interval and consecutiveSuccessLimit: then Argo has a third"
    " outcome (docs/argo.md)"
)
_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")


def check_metrics(manifests: Manifests) -> Iterator[Trap]:
    """Check every metric that runs this product."""
    for call in find_calls(manifests):
        yield from _check_name(call.metric)
        yield from _check_limits(call.metric)
        yield from _check_times(call.metric)
        yield from _check_ignored(call)
        yield from _check_dry_run(call, manifests.document.root["spec"])


def count_measurements(metric: Node) -> int | None:
    """Return how often Argo measures; None if that is endless, or depends on an argument."""
    if metric["count"] and (figure := _read_figure(metric["count"])) != 0:
        return figure
    return None if metric["interval"] else 1


def is_endless(metric: Node) -> bool:
    """Return True if Argo repeats the measurement until somebody ends it."""
    return bool(metric["interval"]) and (not metric["count"] or _read_figure(metric["count"]) == 0)


def _read_figure(node: Node) -> int | None:
    """Return a figure as Argo reads it: a number, or 0 for other text; None if it depends on an argument."""
    number = node.number()
    return 0 if number is None and "{{" not in node.text() else number


def _check_name(metric: Node) -> Iterator[Trap]:
    """Check the metric's name. Argo calls the Job UID.metric.number (metricproviders/job/job.go), and a Job's
    name is a label of its pods.

    Argo 1.9 and newer cut the metric's name to what fits. An existing Job of that name is then taken for its
    own.
    """
    name, times = metric["name"].text(), count_measurements(metric)
    longest = LONGEST_METRIC_NAME - len(str(times + RETRIED if times else MANY))
    if "{{" in name:
        return
    if len(name) > longest:
        what = (
            f"the metric's name makes the Job's longer than the {JOB_NAME} characters that Kubernetes takes: "
            "no Job is ever created; Argo 1.9 and newer cut the name, and metrics that begin "
            "alike share one Job"
        )
        yield Trap(metric["name"], what, f"{longest} characters at most; it has {len(name)}")
    elif not _LABEL.fullmatch(name):
        what = (
            f"the metric's name {name!r} is part of the Job's, and Kubernetes refuses that:"
            " no Job is ever created"
        )
        yield Trap(metric["name"], what, "lower-case letters, digits and dashes")


def _check_limits(metric: Node) -> Iterator[Trap]:
    times = count_measurements(metric)
    failures, doubts, successes = (
        metric[name].number() for name in ("failureLimit", "inconclusiveLimit", "consecutiveSuccessLimit")
    )
    if failures is not None and failures != 0 and not successes:
        at, short = metric["failureLimit"], f"failureLimit {failures} swallows"
        if failures < 0 or (times is not None and times <= failures):
            whole = "the Job's failure" if times == 1 else "every failure"
            yield Trap(
                at, f"{short} {whole}: the analysis is Successful, whatever we answer", "set failureLimit: 0"
            )
        else:
            many = "the first failure" if failures == 1 else f"the first {failures} failures"
            yield Trap(
                at,
                f"{short} {many}: a rollback goes unheeded until one more",
                f"set failureLimit: 0; {CONFIRM}",
                "note",
            )
    if doubts and (doubts < 0 or (times is not None and times <= doubts)):
        yield Trap(
            metric["inconclusiveLimit"],
            (
                f"inconclusiveLimit {doubts} lets an image that cannot be pulled pass: Argo 1.10 calls that"
                " Inconclusive, and then Successful"
            ),
            "leave inconclusiveLimit out",
        )
    if successes and times is not None and successes > times:
        what = (
            f"consecutiveSuccessLimit {successes} is more than the {times} times Argo asks: the analysis can"
            " never be Successful"
        )
        yield Trap(metric["consecutiveSuccessLimit"], what, f"give count: {successes} or more")
    if metric["consecutiveErrorLimit"].number() == 0:
        what = (
            "consecutiveErrorLimit 0: a Job that could not be created once, or was deleted,"
            " ends the analysis as Error"
        )
        yield Trap(metric["consecutiveErrorLimit"], what, "leave it out: Argo then tries five times", "note")


def check_interval(metric: Node) -> Iterator[Trap]:
    """Yield the count that lacks an interval."""
    times = metric["count"].number()
    if times is not None and times > 1 and not metric["interval"]:
        yield Trap(
            metric["count"],
            f"count {times} without an interval: Argo refuses the analysis",
            "give an interval, such as 5m",
        )


def _check_times(metric: Node) -> Iterator[Trap]:
    yield from check_interval(metric)
    if metric["interval"] and metric["count"].number() == 1:
        yield Trap(
            metric["interval"],
            "the interval does nothing: count is 1",
            "leave it out, or give a higher count",
            "note",
        )


def _check_ignored(call: AnalyzerCall) -> Iterator[Trap]:
    for name in ("successCondition", "failureCondition"):
        if call.metric[name]:
            yield Trap(
                call.metric[name],
                f"{name} does nothing: of a Job Argo reads only whether it failed",
                "leave it out",
                "note",
            )


def _check_dry_run(call: AnalyzerCall, spec: Node) -> Iterator[Trap]:
    """Check for a dry run. `metricName` is a regular expression, found anywhere in the name."""
    name = call.metric["name"].text()
    for rule in spec["dryRun"].elements():
        try:
            meant = regex_finds(rule["metricName"].text(), name)
        except UsageError:
            continue
        if meant:
            yield Trap(
                rule,
                f"a dry run of {name}: Argo heeds no answer of it",
                "leave dryRun out once it should decide",
                "note",
            )
