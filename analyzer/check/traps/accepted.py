"""Traps that Argo itself refuses, in any metric or step. One of them ends the whole analysis, ours included.

ValidateMetric in argo-rollouts' utils/analysis/factory.go, EffectiveCount in its pkg/apis/rollouts/v1alpha1;
strategies.py has those of a Rollout.
"""

from collections.abc import Iterator

from analyzer.check.documents import Node
from analyzer.check.traps import strategies
from analyzer.check.traps.calls import find_calls
from analyzer.check.traps.interface import Manifests, Trap
from analyzer.check.traps.metric import check_interval, is_endless
from analyzer.check.traps.strategies import DURATION
from analyzer.check.traps.uses import Use, find_analyses, find_uses
from analyzer.common.short import cut

HASHES = ("Stable", "Latest")
LIMITS = ("failureLimit", "inconclusiveLimit", "consecutiveErrorLimit")
FIGURES = ("count", *LIMITS, "consecutiveSuccessLimit")


def check_metrics(manifests: Manifests) -> Iterator[Trap]:
    """Check each metric of a template. What metric.py reports of our own metrics is not reported again."""
    document = manifests.document
    own_steps = [call.metric.steps for call in find_calls(manifests)]
    all_metrics = document.root["spec"]["metrics"].elements()
    for metric in all_metrics:
        yield from _check_durations(metric)
        yield from _check_providers(metric)
        yield from _check_numbers(metric)
        if not metric["name"]:
            yield Trap(metric, "a metric without a name: Kubernetes refuses it", "add a name")
        if metric.steps not in own_steps:
            yield from _check_figures(metric)
    if document.kind == "AnalysisRun" and not all_metrics:
        yield Trap(
            document.root["spec"],
            "an AnalysisRun without metrics: Argo fails it",
            "write them out, as its template has them",
        )


def check_steps(manifests: Manifests) -> Iterator[Trap]:
    """Check a Rollout's strategy. A strategy that Argo refuses keeps every analysis from being started."""
    strategy = manifests.document.root["spec"]["strategy"]
    yield from strategies.check_strategies(strategy)
    for use in find_uses(manifests):
        yield from _check_endless(use)
    for analysis in find_analyses(manifests):
        for argument in analysis.args.elements():
            value = argument["valueFrom"]["podTemplateHashValue"]
            if value and value.text() not in HASHES:
                yield Trap(
                    value,
                    f"podTemplateHashValue {value.text()} is none of {', '.join(HASHES)}",
                    "write one of them",
                )


def _check_endless(use: Use) -> Iterator[Trap]:
    if use.where in ("background", "experiment"):
        return
    for document in use.templates:
        for metric in document.root["spec"]["metrics"].elements():
            if is_endless(metric):
                name = metric["name"].text()
                what = (
                    f"{name} of {document.name} has an interval and no count: anywhere but in the background"
                    " Argo refuses what never ends"
                )
                yield Trap(use.reference, what, "give the metric a count, or use it in the background")


def _check_durations(metric: Node) -> Iterator[Trap]:
    for name in ("interval", "initialDelay"):
        text = metric[name].text()
        if metric[name] and "{{" not in text and not DURATION.fullmatch(text):
            yield Trap(
                metric[name],
                f"{name} {cut(text, 40)!r} is no duration: Argo refuses the analysis",
                "such as 90s, 5m or 1h30m",
            )


def _check_providers(metric: Node) -> Iterator[Trap]:
    names = [name for name, node in metric["provider"].items() if node.value is not None]
    if len(names) > 1:
        yield Trap(
            metric["provider"],
            f"{' and '.join(names)} in one metric: Argo refuses the analysis",
            "make a metric of each",
        )
    elif not names:
        yield Trap(metric, "a metric without a provider: Argo refuses the analysis", "add provider: {job: …}")


def _check_numbers(metric: Node) -> Iterator[Trap]:
    """Check the figures of a metric. Each may be a number or text, since an argument may stand for it. Argo
    reads other text as 0 (IntOrString.IntValue).
    """
    for name in FIGURES:
        node = metric[name]
        if not node or node.number() is not None or "{{" in node.text():
            continue
        if not isinstance(node.value, str):
            yield Trap(
                node,
                f"{name} {cut(str(node.value), 40)} is no whole number: Kubernetes refuses it",
                "write a whole number",
            )
            continue
        consequence = " and asks without end" if is_endless(metric) else " and asks once"
        what = (
            f"{name} {cut(node.value, 40)!r} is no whole number: Argo silently reads it as"
            f" 0{consequence if name == 'count' else ''}"
        )
        yield Trap(node, what, "write a whole number")


def _check_figures(metric: Node) -> Iterator[Trap]:
    yield from check_interval(metric)
    times = metric["count"].number()
    for name in LIMITS:
        limit = metric[name].number()
        if limit is not None and times and limit > times and name != "consecutiveErrorLimit":
            yield Trap(
                metric[name],
                f"{name} {limit} is more than count {times}: Argo refuses the analysis",
                f"{times} at most",
            )
