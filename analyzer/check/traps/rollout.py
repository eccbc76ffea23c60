"""Traps of a Rollout: when it asks for an analysis, and what it does with the answer.

`setWeight` ends only when the canary is available, a background analysis starts before there is a canary pod, and one that the
steps overtake is ended: Successful up to Argo 1.9, Inconclusive from 1.10.
"""

from collections.abc import Iterator

from analyzer.check.documents import Node
from analyzer.check.traps.interface import Manifests, Trap
from analyzer.check.traps.metric import endless
from analyzer.check.traps.reading import settings
from analyzer.check.traps.uses import Use, uses
from analyzer.errors import UsageError

LATER = "move it into a step after setWeight and a pause, or set initialDelay or startingStep"


def rollouts(manifests: Manifests) -> Iterator[Trap]:
    """Of one Rollout."""
    spec = manifests.document.root["spec"]
    canary = spec["strategy"]["canary"]
    found = list(uses(manifests))
    if not found:
        yield Trap(spec["strategy"], "no analysis at all: every version is promoted", "add an analysis step (docs/argo.md)", "note")
    for use in found:
        if use.where == "step":
            yield from _step(use, canary["steps"])
        elif use.where == "background":
            yield from _background(use, canary)
        elif use.where == "post-promotion":
            yield from _after(use, manifests)
    yield from _crash_at_start(found, spec)
    yield from _kept(spec)
    yield from _again(spec["strategy"]["blueGreen"])


def _weighted(steps: Node, until: int) -> bool:
    """Whether there is a canary before that step."""
    before = steps.each()[:until]
    return any((step["setWeight"].number() or 0) > 0 or step["setCanaryScale"] or step["experiment"] for step in before)


def _step(use: Use, steps: Node) -> Iterator[Trap]:
    if not _weighted(steps, use.step):
        what = "an analysis step before the first setWeight: there is no canary yet to look at"
        ours = use.judges() or use.ours()
        yield Trap(use.reference, what, "put setWeight and a pause before it", "wrong" if ours else "note")
    elif use.judges() and not use.waits() and not any(step["pause"].value is not None for step in steps.each()[: use.step]):
        what = "no pause before the analysis: the canary has just started, and hardly had a request"
        yield Trap(use.reference, what, "add a step such as pause: {duration: 2m}, or an initialDelay to the metric", "note")
    weights = [step["setWeight"].number() for step in steps.each()[: use.step] if step["setWeight"]]
    if use.judges() and weights and weights[-1] is not None and weights[-1] >= 100:
        what = "the analysis comes after setWeight 100: all requests go to the canary by then"
        yield Trap(use.reference, what, "put it after a smaller weight", "note")


def _background(use: Use, canary: Node) -> Iterator[Trap]:
    if not use.judges():
        return
    starts = canary["analysis"]["startingStep"].number() or 0
    if not use.waits() and not _weighted(canary["steps"], starts):
        yield Trap(use.reference, "a background analysis starts at once, before there is a canary pod to judge", LATER)
    if not any(endless(each.metric) for each in use.ours()):
        what = "a background analysis that is slower than the steps blocks nothing: Argo ends it with the rollout, as Successful up to 1.9"
        yield Trap(use.reference, what, "ask in a step; keep the background for guard, or for a metric with an interval", "note")


def _after(use: Use, manifests: Manifests) -> Iterator[Trap]:
    for each in use.ours():
        try:
            known = settings(each, manifests.lines)
        except UsageError:
            continue  # told where the template is looked at
        if known and "pause" in (known.policy.on_inconclusive, known.policy.on_error):
            what = "a pause is ignored in post-promotion, when all traffic has moved: it is refused"
            yield Trap(use.reference, what, "leave --on-inconclusive pause and --on-error pause to analyses before the promotion")


def _crash_at_start(found: list[Use], spec: Node) -> Iterator[Trap]:
    """Nothing inline is reached by a canary that never becomes available."""
    guarded = any(use.where == "background" for use in found)
    if not any(use.where == "step" for use in found) or guarded or spec["progressDeadlineAbort"].value is True:
        return
    what = "a canary that crashes at start never reaches the analysis step: the rollout hangs, and is not aborted"
    advice = "set progressDeadlineAbort: true, or run rollout-analyzer guard as the background analysis"
    yield Trap(spec["progressDeadlineSeconds"] or spec, what, advice, "note")


def _again(blue_green: Node) -> Iterator[Trap]:
    """https://github.com/argoproj/argo-rollouts/issues/2824: the failed AnalysisRun is taken for that of the retry."""
    analyses = [blue_green[name] for name in ("prePromotionAnalysis", "postPromotionAnalysis") if blue_green[name]]
    if analyses:
        what = "blue-green: a retry after a failed analysis aborts at once, for as long as the failed AnalysisRun is there"
        yield Trap(analyses[0], what, "delete that AnalysisRun before kubectl argo rollouts retry, or roll out anew", "note")


def _kept(spec: Node) -> Iterator[Trap]:
    canary = spec["strategy"]["canary"]
    if canary["dynamicStableScale"].value is True:
        what = "dynamicStableScale: stable shrinks while the canary grows, and late in the rollout there is little to compare with"
        yield Trap(canary["dynamicStableScale"], what, "judge at a low weight", "note")
    kept = spec["analysis"]["unsuccessfulRunHistoryLimit"]
    if kept.number() == 0:
        what = "unsuccessfulRunHistoryLimit 0: a failed AnalysisRun is deleted, with its Job, its log and the reason"
        yield Trap(kept, what, "leave it out: Argo keeps five", "note")
    for node in (canary["analysis"], *(step["analysis"] for step in canary["steps"].each())):
        if node["dryRun"].each():
            yield Trap(
                node["dryRun"], "a dry run: Argo heeds no answer of these metrics", "leave dryRun out once they should decide", "note"
            )
