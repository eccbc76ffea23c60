"""An Experiment's two sides: its templates, by the versions that the Rollout's step says they run.

Its pods are not the Rollout's: they have hashes of their own. Each template's is on its ReplicaSet, called EXPERIMENT-TEMPLATE; the
Experiment's status tells it only for a template with a Service (experiments/experiment.go in argo-rollouts).
"""

from typing import Any

from analyzer.cluster import Cluster
from analyzer.cluster.errors import Missing
from analyzer.errors import InfrastructureError, UsageError
from analyzer.target.argo import NOBODY, Analysis
from analyzer.target.rollout import HASH_LABEL, Rollout, get
from analyzer.value import Value

Json = dict[str, Any]


class Templates(Value):
    """The Rollout that an Experiment belongs to, and the hash of the template that stands for each version.

    A hash is empty where no template does: that side is the Rollout's own. `version` is the Rollout's own hash for the canary that
    the Experiment was made for, empty where it does not say.
    """

    rollout: Rollout
    version: str
    stable: str
    canary: str


def templates(cluster: Cluster, analysis: Analysis, name: str) -> Templates:
    """Which of the Experiment's pods are on which side.

    UsageError where that cannot be told, InfrastructureError while its ReplicaSets are not there yet, ClusterError.
    """
    found = _experiment(cluster, analysis, name)
    names = [str(each["name"]) for each in found["spec"]["templates"]]
    owner = next((each for each in found["metadata"].get("ownerReferences") or () if each["kind"] == "Rollout"), None)
    if owner is None:
        raise UsageError(
            f"the Experiment {name} belongs to no Rollout: which template is which side it does not say", advice=_options(names)
        )
    try:
        rollout = get(cluster, analysis.namespace, owner["name"])
    except Missing as error:
        raise UsageError(f"the Rollout {owner['name']} of Experiment {name} is no longer there", advice=NOBODY) from error
    versions = next((each for each in rollout.experiments if set(each) == set(names)), None)
    if versions is None:
        raise UsageError(f"no step of Rollout {rollout.name} has an experiment like {name}", advice=_options(names))
    stable, canary = (
        _hash(cluster, found, version, [each for each in names if versions[each] == version]) for version in ("stable", "canary")
    )
    version = (found["metadata"].get("labels") or {}).get(HASH_LABEL, "")
    return Templates(rollout=rollout, version=version, stable=stable, canary=canary)


def _experiment(cluster: Cluster, analysis: Analysis, name: str) -> Json:
    try:
        return cluster.get(f"/apis/argoproj.io/v1alpha1/namespaces/{analysis.namespace}/experiments/{name}")
    except Missing as error:
        raise UsageError(f"the Experiment {name} of AnalysisRun {analysis.name} is no longer there", advice=NOBODY) from error


def _hash(cluster: Cluster, found: Json, version: str, names: list[str]) -> str:
    experiment = found["metadata"]
    if not names:
        return ""
    if len(names) > 1:
        raise UsageError(
            f"templates {' and '.join(names)} of Experiment {experiment['name']} both run the {version} version", advice=_options(names)
        )
    path = f"/apis/apps/v1/namespaces/{experiment['namespace']}/replicasets"
    called = cluster.list(path, fieldSelector=f"metadata.name={experiment['name']}-{names[0]}")  # the verb that gathering needs anyway
    own = (
        each["metadata"]
        for each in called
        if any(owner["uid"] == experiment["uid"] for owner in each["metadata"].get("ownerReferences") or ())
    )
    told = next((str((each.get("labels") or {}).get(HASH_LABEL) or "") for each in own), "")
    if not told:
        raise InfrastructureError(f"Experiment {experiment['name']} has no ReplicaSet for its template {names[0]} yet", advice="try again")
    return told


def _options(names: list[str]) -> str:
    """Argo fills these in: https://argo-rollouts.readthedocs.io/en/stable/features/experiment/."""
    shown = ", ".join(f"{{{{templates.{name}.podTemplateHash}}}}" for name in names)
    return f"pass --stable-hash and --canary-hash as arguments of the analysis, from {shown}"
