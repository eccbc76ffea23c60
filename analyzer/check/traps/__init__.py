"""The traps of manifests: what looks right, is accepted, and does something else. docs/check.md lists them.

A new one is a rule in one of these files, or in a new one with its line below.
"""

from analyzer.check.traps import arguments, experiment, fields, job, metric, pod, policy, rbac, rollout, template
from analyzer.check.traps.interface import TEMPLATES, Manifests, Rule, Trap, ours

OF_TEMPLATE: tuple[Rule, ...] = (
    fields.fields,
    metric.metrics,
    arguments.arguments,
    arguments.literals,
    job.jobs,
    policy.policies,
    pod.pods,
    rbac.grants,
)
TRAPS: dict[str, tuple[Rule, ...]] = {
    **dict.fromkeys(TEMPLATES, OF_TEMPLATE),
    "Rollout": (fields.fields, rollout.rollouts, template.references, experiment.experiments, arguments.references),
    "Experiment": (fields.fields, experiment.experiments, template.references, arguments.references),
}

__all__ = ["TRAPS", "Manifests", "Trap", "ours"]
