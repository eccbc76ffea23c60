"""Traps of a Rollout: when it starts an analysis, and what it does with the answer.

`setWeight` ends only when the canary is available. A background analysis starts before there is a canary pod.
An analysis that the steps overtake is ended: Successful up to Argo 1.9, Inconclusive from 1.10.
"""

from collections.abc import Iterator

from analyzer.check.documents import Node
from analyzer.check.traps.interface import Manifests, Trap
from analyzer.check.traps.metric import is_endless
from analyzer.check.traps.reading import read_settings_with_deadline
from analyzer.check.traps.uses import Use, find_uses
from analyzer.errors import UsageError

LATER = "move it into a step after setWeight and a pause, or set initialDelay or startingStep"


def check_rollouts(manifests: Manifests) -> Iterator[Trap]:
    """Check one Rollout."""
    spec = manifests.document.root["spec"]
    canary = spec["strategy"]["canary"]
    all_uses = list(find_uses(manifests))
    if not all_uses:
        yield Trap(
            spec["strategy"],
            "no analysis at all: every version is promoted",
            "add an analysis step (docs/argo.md)",
            "note",
        )
    for use in all_uses:
        if use.where == "step":
            yield from _check_step(use, canary["steps"])
        elif use.where == "background":
            yield from _check_background(use, canary)
        elif use.where == "post-promotion":
            yield from _check_post_promotion(use, manifests)
    yield from _check_crash_at_start(all_uses, spec)
    yield from _check_history(spec)
    yield from _check_retry(spec["strategy"]["blueGreen"])


def _has_canary_before(steps: Node, until: int) -> bool:
    """Return True if there is a canary before step `until`."""
    before = steps.elements()[:until]
    return any(
        (step["setWeight"].number() or 0) > 0 or step["setCanaryScale"] or step["experiment"]
        for step in before
    )


def _check_step(use: Use, steps: Node) -> Iterator[Trap]:
    if not _has_canary_before(steps, use.step):
        what = "an analysis step before the first setWeight: there is no canary yet to look at"
        ours = use.judges() or use.calls()
        yield Trap(use.reference, what, "put setWeight and a pause before it", "wrong" if ours else "note")
    elif (
        use.judges()
        and not use.waits()
        and not any(step["pause"].value is not None for step in steps.elements()[: use.step])
    ):
        what = "no pause before the analysis: the canary has just started, and hardly had a request"
        yield Trap(
            use.reference,
            what,
            "add a step such as pause: {duration: 2m}, or an initialDelay to the metric",
            "note",
        )
    weights = [step["setWeight"].number() for step in steps.elements()[: use.step] if step["setWeight"]]
    if use.judges() and weights and weights[-1] is not None and weights[-1] >= 100:
        what = "the analysis comes after setWeight 100: all requests go to the canary by then"
        yield Trap(use.reference, what, "put it after a smaller weight", "note")


def _check_background(use: Use, canary: Node) -> Iterator[Trap]:
    if not use.judges():
        return
    starts = canary["analysis"]["startingStep"].number() or 0
    if not use.waits() and not _has_canary_before(canary["steps"], starts):
        yield Trap(
            use.reference,
            "a background analysis starts at once, before there is a canary pod to judge",
            LATER,
        )
    if not any(is_endless(call.metric) for call in use.calls()):
        what = (
            "a background analysis that is slower than the steps blocks nothing: Argo ends it with the"
            " rollout, as Successful up to 1.9"
        )
        yield Trap(
            use.reference,
            what,
            "ask in a step; keep the background for guard, or for a metric with an interval",
            "note",
        )


def _check_post_promotion(use: Use, manifests: Manifests) -> Iterator[Trap]:
    for call in use.calls():
        try:
            container_settings = read_settings_with_deadline(call, manifests.lines)
        except UsageError:
            continue  # told where the template is looked at
        if container_settings and "pause" in (
            container_settings.policy.on_inconclusive,
            container_settings.policy.on_error,
        ):
            what = "a pause is ignored in post-promotion, when all traffic has moved: it is refused"
            yield Trap(
                use.reference,
                what,
                "leave --on-inconclusive pause and --on-error pause to analyses before the promotion",
            )


def _check_crash_at_start(all_uses: list[Use], spec: Node) -> Iterator[Trap]:
    """Check that something ends a canary that crashes at its start. It never becomes available, so no inline
    analysis is reached.
    """
    guarded = any(use.where == "background" for use in all_uses)
    if (
        not any(use.where == "step" for use in all_uses)
        or guarded
        or spec["progressDeadlineAbort"].value is True
    ):
        return
    what = (
        "a canary that crashes at start never reaches the analysis step: the rollout hangs,"
        " and is not aborted"
    )
    advice = "set progressDeadlineAbort: true, or run rollout-analyzer guard as the background analysis"
    yield Trap(spec["progressDeadlineSeconds"] or spec, what, advice, "note")


def _check_retry(blue_green: Node) -> Iterator[Trap]:
    """Check for a blue-green analysis. Argo takes the failed AnalysisRun for that of the retry:
    https://github.com/argoproj/argo-rollouts/issues/2824
    """
    analyses = [
        blue_green[name] for name in ("prePromotionAnalysis", "postPromotionAnalysis") if blue_green[name]
    ]
    if analyses:
        what = (
            "blue-green: a retry after a failed analysis aborts at once, for as long as the failed"
            " AnalysisRun is there"
        )
        yield Trap(
            analyses[0],
            what,
            "delete that AnalysisRun before kubectl argo rollouts retry, or roll out anew",
            "note",
        )


def _check_history(spec: Node) -> Iterator[Trap]:
    canary = spec["strategy"]["canary"]
    if canary["dynamicStableScale"].value is True:
        what = (
            "dynamicStableScale: stable shrinks while the canary grows, and late in the rollout there is"
            " little to compare with"
        )
        yield Trap(canary["dynamicStableScale"], what, "judge at a low weight", "note")
    limit = spec["analysis"]["unsuccessfulRunHistoryLimit"]
    if limit.number() == 0:
        what = (
            "unsuccessfulRunHistoryLimit 0: a failed AnalysisRun is deleted, with its Job,"
            " its log and the reason"
        )
        yield Trap(limit, what, "leave it out: Argo keeps five", "note")
    for node in (canary["analysis"], *(step["analysis"] for step in canary["steps"].elements())):
        if node["dryRun"].elements():
            yield Trap(
                node["dryRun"],
                "a dry run: Argo heeds no answer of these metrics",
                "leave dryRun out once they should decide",
                "note",
            )
