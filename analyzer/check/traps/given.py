"""Traps of a template with the arguments that a Rollout or an Experiment gives it, where those make a difference."""

from collections.abc import Iterable, Iterator

from analyzer.check.traps import command, job, jury
from analyzer.check.traps.interface import Manifests, State, Trap
from analyzer.check.traps.ours import Ours, ours
from analyzer.check.traps.uses import uses

RULES = (command.refused_at_once, jury.asked, job.deadlines)


def given(manifests: Manifests) -> Iterator[Trap]:
    """What the template alone does not say."""
    for use in uses(manifests):
        if use.given():
            alone = _told((each for document in use.templates for each in ours(manifests, document)), manifests)
            for what, advice, state in sorted(_told(use.ours(), manifests) - alone):
                yield Trap(use.args, f"with these arguments, {what}", advice, state)


def _told(every: Iterable[Ours], manifests: Manifests) -> set[tuple[str, str, State]]:
    return {(trap.what, trap.advice, trap.state) for each in every for rule in RULES for trap in rule(each, manifests)}
