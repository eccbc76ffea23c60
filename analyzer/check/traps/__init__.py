"""The traps of manifests: what looks right, is accepted, and does something else. docs/check.md lists them.

A new one is a rule in one of these files, or in a new one with its line below.
"""

from analyzer.check.traps import (
    accepted,
    arguments,
    command,
    experiment,
    fields,
    given,
    job,
    jury,
    merged,
    metric,
    pod,
    policy,
    rbac,
    rollout,
    template,
    variables,
    volumes,
)
from analyzer.check.traps.interface import TEMPLATES, Manifests, Rule, Trap
from analyzer.check.traps.ours import ours

OF_TEMPLATE: tuple[Rule, ...] = (
    fields.fields,
    accepted.metrics,
    merged.template,
    template.nested,
    metric.metrics,
    arguments.arguments,
    arguments.literals,
    command.commands,
    variables.variables,
    jury.juries,
    job.jobs,
    policy.policies,
    pod.pods,
    volumes.volumes,
    rbac.grants,
)
OF_USE: tuple[Rule, ...] = (fields.fields, experiment.experiments, template.references, merged.merged, given.given, arguments.references)
TRAPS: dict[str, tuple[Rule, ...]] = {
    **dict.fromkeys(TEMPLATES, OF_TEMPLATE),
    "Rollout": (rollout.rollouts, accepted.steps, *OF_USE),
    "Experiment": OF_USE,
}

__all__ = ["TRAPS", "Manifests", "Trap", "ours"]
