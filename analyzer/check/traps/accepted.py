"""Traps of what Argo itself refuses, in whichever metric or step: one of them ends the whole analysis, ours with it.

ValidateMetric in argo-rollouts' utils/analysis/factory.go, EffectiveCount in its pkg/apis/rollouts/v1alpha1; strategies.py has those
of a Rollout.
"""

from collections.abc import Iterator

from analyzer.check.documents import Node
from analyzer.check.traps import strategies
from analyzer.check.traps.interface import Manifests, Trap
from analyzer.check.traps.metric import endless
from analyzer.check.traps.ours import ours
from analyzer.check.traps.strategies import DURATION
from analyzer.check.traps.uses import Use, analyses, uses

HASHES = ("Stable", "Latest")
LIMITS = ("failureLimit", "inconclusiveLimit", "consecutiveErrorLimit")
FIGURES = ("count", *LIMITS, "consecutiveSuccessLimit")


def metrics(manifests: Manifests) -> Iterator[Trap]:
    """Of each metric of a template. What is told of ours in other words is not told again."""
    document = manifests.document
    mine = [each.metric.steps for each in ours(manifests)]
    every = document.root["spec"]["metrics"].each()
    for each in every:
        yield from _durations(each)
        yield from _providers(each)
        yield from _numbers(each)
        if not each["name"]:
            yield Trap(each, "a metric without a name: Kubernetes refuses it", "add a name")
        if each.steps not in mine:
            yield from _figures(each)
    if document.kind == "AnalysisRun" and not every:
        yield Trap(document.root["spec"], "an AnalysisRun without metrics: Argo fails it", "write them out, as its template has them")


def steps(manifests: Manifests) -> Iterator[Trap]:
    """Of a Rollout's strategy: what is refused of it keeps every analysis from being asked for."""
    strategy = manifests.document.root["spec"]["strategy"]
    yield from strategies.strategies(strategy)
    for use in uses(manifests):
        yield from _endless(use)
    for each in analyses(manifests):
        for argument in each.args.each():
            told = argument["valueFrom"]["podTemplateHashValue"]
            if told and told.text() not in HASHES:
                yield Trap(told, f"podTemplateHashValue {told.text()} is none of {', '.join(HASHES)}", "write one of them")


def _endless(use: Use) -> Iterator[Trap]:
    if use.where in ("background", "experiment"):
        return
    for document in use.templates:
        for metric in document.root["spec"]["metrics"].each():
            if endless(metric):
                name = metric["name"].text()
                what = (
                    f"{name} of {document.name} has an interval and no count: anywhere but in the background Argo refuses what never ends"
                )
                yield Trap(use.reference, what, "give the metric a count, or use it in the background")


def _durations(metric: Node) -> Iterator[Trap]:
    for name in ("interval", "initialDelay"):
        text = metric[name].text()
        if metric[name] and "{{" not in text and not DURATION.fullmatch(text):
            yield Trap(metric[name], f"{name} {text[:40]!r} is no duration: Argo refuses the analysis", "such as 90s, 5m or 1h30m")


def _providers(metric: Node) -> Iterator[Trap]:
    names = [name for name, node in metric["provider"].items() if node.value is not None]
    if len(names) > 1:
        yield Trap(metric["provider"], f"{' and '.join(names)} in one metric: Argo refuses the analysis", "make a metric of each")
    elif not names:
        yield Trap(metric, "a metric without a provider: Argo refuses the analysis", "add provider: {job: …}")


def _numbers(metric: Node) -> Iterator[Trap]:
    """Each may be a number or text, for an argument may stand for it; of other text Argo makes 0 (IntOrString.IntValue)."""
    for name in FIGURES:
        node = metric[name]
        if not node or node.number() is not None or "{{" in node.text():
            continue
        if not isinstance(node.value, str):
            yield Trap(node, f"{name} {str(node.value)[:40]} is no whole number: Kubernetes refuses it", "write a whole number")
            continue
        asked = " and asks without end" if endless(metric) else " and asks once"
        what = f"{name} {node.value[:40]!r} is no whole number: Argo takes it for 0 in silence{asked if name == 'count' else ''}"
        yield Trap(node, what, "write a whole number")


def _figures(metric: Node) -> Iterator[Trap]:
    times = metric["count"].number()
    if times is not None and times > 1 and not metric["interval"]:
        yield Trap(metric["count"], f"count {times} without an interval: Argo refuses the analysis", "give an interval, such as 5m")
    for name in LIMITS:
        limit = metric[name].number()
        if limit is not None and times and limit > times and name != "consecutiveErrorLimit":
            yield Trap(metric[name], f"{name} {limit} is more than count {times}: Argo refuses the analysis", f"{times} at most")
