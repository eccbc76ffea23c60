"""Traps of a Rollout's strategy that Argo refuses, and of a step with two purposes.

ValidateRolloutStrategyCanary and ValidateRolloutStrategyBlueGreen in argo-rollouts'
pkg/apis/rollouts/validation/validation.go, DurationSeconds in its pkg/apis/rollouts/v1alpha1,
completedCurrentCanaryStep in its rollout/canary.go.
"""

import re
from collections.abc import Iterator

from analyzer.check.documents import Node
from analyzer.check.traps.interface import Trap
from analyzer.common.short import cut

REFUSED = "Argo refuses the Rollout"
KINDS = ("setWeight", "pause", "experiment", "analysis")  # of which a step may have one
OTHERS = ("setCanaryScale", "setHeaderRoute", "setMirrorRoute", "plugin")
ROUTES = ("setHeaderRoute", "setMirrorRoute")
# Go's time.ParseDuration
DURATION = re.compile(r"[-+]?(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|ms|s|m|h))+|[-+]?0")
_SECONDS = re.compile(r"[-+]?[0-9]{1,18}")
_SOME = re.compile(r"[1-9]")


def check_strategies(strategy: Node) -> Iterator[Trap]:
    """Check a strategy of either kind."""
    canary, blue_green = strategy["canary"], strategy["blueGreen"]
    if canary and blue_green:
        yield Trap(strategy, f"canary and blueGreen both: {REFUSED}", "leave one of them out")
    active = blue_green["activeService"]
    if active and active.text() == blue_green["previewService"].text():
        yield Trap(
            active,
            f"activeService and previewService are both {active.text()}: {REFUSED}",
            "two services are wanted",
        )
    if all(canary[name] and _parse_share(canary[name]) == 0 for name in ("maxSurge", "maxUnavailable")):
        what = f"maxSurge and maxUnavailable are both 0, so that no pod can be replaced: {REFUSED}"
        yield Trap(canary["maxSurge"], what, "leave one of them out: it is 25% then")
    for step in canary["steps"].elements():
        yield from _check_kinds(step)
        yield from _check_pause(step["pause"]["duration"])
        yield from _check_routes(step, canary["trafficRouting"])


def _parse_share(node: Node) -> int:
    """Return a number, a percentage, or 0 for other text (IntOrString.IntValue)."""
    return Node(node.text().removesuffix("%")).number() or 0


def _check_kinds(step: Node) -> Iterator[Trap]:
    kinds = [kind for kind in KINDS if step[kind]]
    apart = "make a step of each: begin each with a dash of its own"
    if len(kinds) > 1:
        yield Trap(step, f"{' and '.join(kinds)} in one step: {REFUSED}", apart)
    elif step["setCanaryScale"] and kinds and kinds[0] in ("analysis", "experiment"):
        what = (
            f"setCanaryScale and {kinds[0]} in one step: the step is over once the canary is scaled,"
            " and no answer is waited for"
        )
        yield Trap(step, what, apart)
    elif not kinds and not any(step[kind] for kind in OTHERS):
        yield Trap(
            step,
            f"a step that does nothing: {REFUSED}",
            f"leave it out, or give one of {', '.join((*KINDS, *OTHERS))}",
        )


def _check_pause(duration: Node) -> Iterator[Trap]:
    text = duration.text()
    if not duration:
        return
    if not _SECONDS.fullmatch(text) and not DURATION.fullmatch(text):
        yield Trap(
            duration,
            f"pause {cut(text, 40)!r} is no duration: {REFUSED}",
            "such as 90s, 5m or 1h30m, or a number of seconds",
        )
    elif text.startswith("-") and _SOME.search(text):
        yield Trap(
            duration,
            f"pause {cut(text, 40)} is less than nothing: {REFUSED}",
            "such as 90s, 5m or 1h30m; pause: {} waits for a person",
        )


def _check_routes(step: Node, routing: Node) -> Iterator[Trap]:
    """Check fields that need traffic routing."""
    most = routing["maxTrafficWeight"].number() or 100
    weight = step["setWeight"].number()
    if weight is not None and not 0 <= weight <= most:
        yield Trap(
            step["setWeight"],
            f"setWeight {weight} is not from 0 to {most}: {REFUSED}",
            "a percentage is wanted",
        )
    for name in ("setCanaryScale", *ROUTES):
        if step[name] and not routing:
            yield Trap(
                step[name],
                f"{name} without trafficRouting: {REFUSED}",
                "give trafficRouting, or use setWeight alone",
            )
        elif step[name] and name in ROUTES and not routing["managedRoutes"]:
            yield Trap(
                step[name],
                f"{name} without trafficRouting.managedRoutes: {REFUSED}",
                "list the route's name under managedRoutes",
            )
