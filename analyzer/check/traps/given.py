"""Traps of a template with the arguments that a Rollout or an Experiment gives it."""

from collections.abc import Iterable, Iterator

from analyzer.check.traps import command, job, jury
from analyzer.check.traps.calls import AnalyzerCall, find_calls
from analyzer.check.traps.interface import Manifests, Trap, TrapState
from analyzer.check.traps.uses import find_uses

RULES = (command.check_refused_at_once, jury.check_jury, job.check_deadlines)


def check_given(manifests: Manifests) -> Iterator[Trap]:
    """Yield the traps that the template has only with these arguments."""
    for use in find_uses(manifests):
        if use.argument_values():
            alone = _collect_traps(
                (call for document in use.templates for call in find_calls(manifests, document)), manifests
            )
            for what, advice, state in sorted(_collect_traps(use.calls(), manifests) - alone):
                yield Trap(use.args, f"with these arguments, {what}", advice, state)


def _collect_traps(every: Iterable[AnalyzerCall], manifests: Manifests) -> set[tuple[str, str, TrapState]]:
    return {
        (trap.what, trap.advice, trap.state)
        for call in every
        for rule in RULES
        for trap in rule(call, manifests)
    }
