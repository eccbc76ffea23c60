"""Traps of an analysis that begins together with its pods (around a promotion, in an experiment), and answers
before they have shown anything.
"""

from collections.abc import Iterator

from analyzer.check.documents import Node
from analyzer.check.traps.calls import AnalyzerCall
from analyzer.check.traps.interface import Manifests, Trap
from analyzer.check.traps.reading import read_settings
from analyzer.check.traps.uses import find_uses
from analyzer.common.units import seconds
from analyzer.errors import UsageError
from analyzer.run.waiting import longest_wait
from analyzer.settings import Rules, Settings

FRESH = ("pre-promotion", "post-promotion", "experiment")  # whose pods may have started a second ago
WAIT_OPTIONS = ("--wait", "--min-ready-time", "--deadline", "--observe")


def check_early(manifests: Manifests) -> Iterator[Trap]:
    """Check each such analysis of a Rollout or an Experiment whose template is among the files."""
    for use in find_uses(manifests):
        for call in use.calls() if use.where in FRESH else ():
            settings, delay = _known_settings(call, manifests), _delay_seconds(call.metric["initialDelay"])
            if settings is not None and delay is not None:
                yield from _check_age(use.reference, use.where, settings, delay)


def _check_age(at: Node, where: str, settings: Settings, delay: float) -> Iterator[Trap]:
    age = settings.rules.min_ready_time
    waits = longest_wait(settings, settings.deadline, by_argo=True) + delay
    if not age and delay < Rules().min_ready_time:
        what = (
            f"--min-ready-time 0s in a {where} analysis: its pods have just started, and one that crashes"
            " after 30 s is judged before"
        )
        yield Trap(at, what, "leave --min-ready-time out, or set an initialDelay of 1m on the metric")
    elif waits < age:
        what = (
            f"the {where} analysis answers {waits:.0f} s after it began, at the latest, and its pods have"
            f" just started: before they have been Ready for {age:.0f} s (--min-ready-time)"
            " that is inconclusive"
        )
        advice = (
            f"leave --wait out and give a --deadline of {2 * (age - delay):.0f}s or more,"
            f" or set an initialDelay of {age:.0f}s"
        )
        yield Trap(at, what, f"{advice} on the metric")


def _known_settings(call: AnalyzerCall, manifests: Manifests) -> Settings | None:
    """Return the settings of a container that judges; None if a file does not tell how long it waits."""
    try:
        container_settings = read_settings(call, manifests.lines) if call.command == "analyze" else None
    except UsageError:
        return None  # told where the template is looked at
    return (
        container_settings.settings
        if container_settings and not container_settings.config and container_settings.clear(*WAIT_OPTIONS)
        else None
    )


def _delay_seconds(node: Node) -> float | None:
    """Return the seconds until Argo starts the metric; None if that is filled in later, or is no duration."""
    try:
        return seconds(node.text()) if node else 0.0
    except ValueError:
        return None
