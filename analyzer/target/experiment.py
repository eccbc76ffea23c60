"""An Experiment's two sides: its templates, by the versions that the Rollout's step gives them.

Its pods have hashes of their own. A template's hash is on its ReplicaSet, which is called
EXPERIMENT-TEMPLATE. The Experiment's status has it only for a template with a Service
(experiments/experiment.go in argo-rollouts).
"""

from analyzer.cluster import Cluster
from analyzer.cluster.errors import MissingResource
from analyzer.common.value import Json, Value
from analyzer.errors import InfrastructureError, UsageError
from analyzer.target.argo import NOBODY, Analysis
from analyzer.target.rollout import HASH_LABEL, Rollout, read_rollout


class Templates(Value):
    """The Rollout that an Experiment belongs to, and the hash of the template that runs each version.

    A hash is empty if no template runs that version; the side is then the Rollout's own pods. `version` is
    the Rollout's own hash of the canary that the Experiment was made for, empty if it does not say. `served`:
    the canary's template has a Service, as each template with a weight has.
    """

    rollout: Rollout
    version: str
    stable: str
    canary: str
    served: bool = False


def read_templates(cluster: Cluster, analysis: Analysis, name: str) -> Templates:
    """Read which of the Experiment's pods are on which side.

    Raise UsageError if that is not known, InfrastructureError while its ReplicaSets do not exist yet, and
    ClusterError.
    """
    experiment = _read_experiment(cluster, analysis, name)
    names = [str(template["name"]) for template in experiment["spec"]["templates"]]
    owner = next(
        (
            reference
            for reference in experiment["metadata"].get("ownerReferences") or ()
            if reference["kind"] == "Rollout"
        ),
        None,
    )
    if owner is None:
        raise UsageError(
            f"the Experiment {name} belongs to no Rollout, so it does not say which template is which side",
            advice=_advise_hashes(names),
        )
    try:
        rollout = read_rollout(cluster, analysis.namespace, owner["name"])
    except MissingResource as error:
        raise UsageError(
            f"the Rollout {owner['name']} of Experiment {name} is no longer there", advice=NOBODY
        ) from error
    versions = next((step for step in rollout.experiments if set(step) == set(names)), None)
    if versions is None:
        raise UsageError(
            f"no step of Rollout {rollout.name} has an experiment like {name}", advice=_advise_hashes(names)
        )
    stable, canary = (
        _read_template_hash(
            cluster, experiment, version, [template for template in names if versions[template] == version]
        )
        for version in ("stable", "canary")
    )
    version = (experiment["metadata"].get("labels") or {}).get(HASH_LABEL, "")
    served = any(
        template.get("service") is not None
        for template in experiment["spec"]["templates"]
        if versions[str(template["name"])] == "canary"
    )
    return Templates(rollout=rollout, version=version, stable=stable, canary=canary, served=served)


def _read_experiment(cluster: Cluster, analysis: Analysis, name: str) -> Json:
    try:
        return cluster.get(f"/apis/argoproj.io/v1alpha1/namespaces/{analysis.namespace}/experiments/{name}")
    except MissingResource as error:
        raise UsageError(
            f"the Experiment {name} of AnalysisRun {analysis.name} is no longer there", advice=NOBODY
        ) from error


def _read_template_hash(cluster: Cluster, experiment_object: Json, version: str, names: list[str]) -> str:
    experiment = experiment_object["metadata"]
    if not names:
        return ""
    if len(names) > 1:
        raise UsageError(
            (
                f"templates {' and '.join(names)} of Experiment {experiment['name']} both run the"
                f" {version} version"
            ),
            advice=_advise_hashes(names),
        )
    path = f"/apis/apps/v1/namespaces/{experiment['namespace']}/replicasets"
    # the verb that gathering needs anyway
    called = cluster.list(path, fieldSelector=f"metadata.name={experiment['name']}-{names[0]}")
    own = (
        replicaset["metadata"]
        for replicaset in called
        if any(
            owner["uid"] == experiment["uid"] for owner in replicaset["metadata"].get("ownerReferences") or ()
        )
    )
    pod_hash = next((str((metadata.get("labels") or {}).get(HASH_LABEL) or "") for metadata in own), "")
    if not pod_hash:
        raise InfrastructureError(
            f"Experiment {experiment['name']} has no ReplicaSet for its template {names[0]} yet",
            advice="try again",
        )
    return pod_hash


def _advise_hashes(names: list[str]) -> str:
    """Return advice with the placeholders that Argo fills in:
    https://argo-rollouts.readthedocs.io/en/stable/features/experiment/.
    """
    shown = ", ".join(f"{{{{templates.{name}.podTemplateHash}}}}" for name in names)
    return f"pass --stable-hash and --canary-hash as arguments of the analysis, from {shown}"
