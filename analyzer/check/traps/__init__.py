"""The traps of manifests: what looks right, is accepted, and does something else. docs/check.md lists them.

A new one is a rule in one of these files, or in a new file with its line below.
"""

from analyzer.check.traps import (
    accepted,
    arguments,
    command,
    early,
    experiment,
    fields,
    given,
    image,
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
from analyzer.check.traps.calls import find_calls
from analyzer.check.traps.interface import TEMPLATES, Manifests, Rule, Trap

OF_TEMPLATE: tuple[Rule, ...] = (
    fields.check_fields,
    accepted.check_metrics,
    merged.check_template,
    template.check_nested,
    metric.check_metrics,
    arguments.check_arguments,
    arguments.check_literals,
    command.check_commands,
    image.check_images,
    variables.check_variables,
    jury.check_juries,
    job.check_jobs,
    policy.check_policies,
    pod.check_pods,
    volumes.check_volumes,
    rbac.check_grants,
)
OF_USE: tuple[Rule, ...] = (
    fields.check_fields,
    experiment.check_experiments,
    template.check_references,
    merged.check_merged,
    given.check_given,
    arguments.check_given_arguments,
    early.check_early,
)
TRAPS: dict[str, tuple[Rule, ...]] = {
    **dict.fromkeys(TEMPLATES, OF_TEMPLATE),
    "Rollout": (rollout.check_rollouts, accepted.check_steps, *OF_USE),
    "Experiment": OF_USE,
}

__all__ = ["TRAPS", "Manifests", "Trap", "find_calls"]
