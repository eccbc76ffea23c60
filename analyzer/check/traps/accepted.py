"""Traps of what Argo itself refuses, in whichever metric or step: one of them ends the whole analysis, ours with it.

ValidateMetric in argo-rollouts' utils/analysis/factory.go, and ValidateRolloutStrategyCanary in pkg/apis/rollouts/validation.
"""

import re
from collections.abc import Iterator

from analyzer.check.documents import Node
from analyzer.check.traps.interface import Manifests, Trap
from analyzer.check.traps.metric import endless
from analyzer.check.traps.ours import ours
from analyzer.check.traps.uses import Use, analyses, uses

HASHES = ("Stable", "Latest")
KINDS = ("setWeight", "pause", "experiment", "analysis")
LIMITS = ("failureLimit", "inconclusiveLimit", "consecutiveErrorLimit")
_DURATION = re.compile(r"[-+]?(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|ms|s|m|h))+|[-+]?0")  # Go's time.ParseDuration


def metrics(manifests: Manifests) -> Iterator[Trap]:
    """Of each metric of a template. What is told of ours in other words is not told again."""
    document = manifests.document
    mine = [each.metric.steps for each in ours(manifests)]
    every = document.root["spec"]["metrics"].each()
    for each in every:
        yield from _durations(each)
        yield from _providers(each)
        if not each["name"]:
            yield Trap(each, "a metric without a name: Kubernetes refuses it", "add a name")
        if each.steps not in mine:
            yield from _figures(each)
    if document.kind == "AnalysisRun" and not every:
        yield Trap(document.root["spec"], "an AnalysisRun without metrics: Argo fails it", "write them out, as its template has them")


def steps(manifests: Manifests) -> Iterator[Trap]:
    """Of a Rollout's strategy, where that has to do with an analysis."""
    strategy = manifests.document.root["spec"]["strategy"]
    if strategy["canary"] and strategy["blueGreen"]:
        yield Trap(strategy, "canary and blueGreen both: Argo refuses the Rollout", "leave one of them out")
    most = strategy["canary"]["trafficRouting"]["maxTrafficWeight"].number() or 100
    for step in strategy["canary"]["steps"].each():
        having = [kind for kind in KINDS if step[kind]]
        if len(having) > 1:
            what = f"{' and '.join(having)} in one step: Argo refuses the Rollout"
            yield Trap(step, what, "make a step of each: begin each with a dash of its own")
        weight = step["setWeight"].number()
        if weight is not None and not 0 <= weight <= most:
            yield Trap(step["setWeight"], f"setWeight {weight} is not from 0 to {most}: Argo refuses the Rollout", "a percentage is wanted")
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
        if metric[name] and "{{" not in text and not _DURATION.fullmatch(text):
            yield Trap(metric[name], f"{name} {text[:40]!r} is no duration: Argo refuses the analysis", "such as 90s, 5m or 1h30m")


def _providers(metric: Node) -> Iterator[Trap]:
    names = [name for name, node in metric["provider"].items() if node.value is not None]
    if len(names) > 1:
        yield Trap(metric["provider"], f"{' and '.join(names)} in one metric: Argo refuses the analysis", "make a metric of each")
    elif not names:
        yield Trap(metric, "a metric without a provider: Argo refuses the analysis", "add provider: {job: …}")


def _figures(metric: Node) -> Iterator[Trap]:
    times = metric["count"].number()
    if times is not None and times > 1 and not metric["interval"]:
        yield Trap(metric["count"], f"count {times} without an interval: Argo refuses the analysis", "give an interval, such as 5m")
    for name in LIMITS:
        limit = metric[name].number()
        if limit is not None and times and limit > times and name != "consecutiveErrorLimit":
            yield Trap(metric[name], f"{name} {limit} is more than count {times}: Argo refuses the analysis", f"{times} at most")
