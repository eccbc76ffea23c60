"""The AnalysisRun that asks: from the pod that this process runs in to its Job, and from the Job to the
AnalysisRun.

Argo's job provider writes on the Job which AnalysisRun and metric it belongs to (metricproviders/job in
argo-rollouts). The Job has no ownerReference if the controller runs Jobs in another namespace or cluster, so
annotations come first. The cluster of the pod and the Job may differ from the workload's.
"""

import os
import re
import socket
from typing import Literal

import msgspec

from analyzer.cluster import Cluster
from analyzer.cluster.errors import MissingResource
from analyzer.common.patterns import regex_finds
from analyzer.common.selectors import NAME
from analyzer.common.short import cut
from analyzer.common.value import Json, Value
from analyzer.errors import UsageError
from analyzer.target.rollout import HASH_LABEL, HOW

AnalysisKind = Literal["step", "background", "pre-promotion", "post-promotion", "experiment", "by hand"]

MARK = "analysisrun.argoproj.io"
DOWNWARD = "set POD_NAME and POD_NAMESPACE from metadata.name and metadata.namespace (the downward API), or "
NOBODY = "nobody waits for an answer any more"
KINDS: dict[str, AnalysisKind] = {
    "Step": "step",
    "Background": "background",
    "PrePromotion": "pre-promotion",
    "PostPromotion": "post-promotion",
}
PHASES = ("successful", "failed", "inconclusive", "error")
COUNT = re.compile(r"[1-9][0-9]{0,5}", re.ASCII)
_OURS = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.")  # Argo's Jobs are named UID.metric.number


class Owner(Value):
    """The controller that an object belongs to."""

    kind: str
    name: str
    uid: str


class Analysis(Value):
    """The AnalysisRun that asks, and its metric. `dry_run`: Argo ignores the answers of this metric.

    `hash` is the pod template hash of the version to judge, empty if the AnalysisRun names none. `owner` is a
    Rollout, an Experiment, or None if somebody created the AnalysisRun by hand. `job` is `namespace/name`.
    `before` counts the results of earlier measurements of this metric, by Argo's words for them. `looks`: how
    often one canary is judged, by this metric and over all AnalysisRuns of its Rollout; None where nothing
    limits it.
    """

    namespace: str
    name: str
    uid: str
    metric: str
    kind: AnalysisKind
    dry_run: bool = False
    hash: str = ""
    owner: Owner | None = None
    job: str = ""
    before: dict[str, int] = msgspec.field(default_factory=dict)
    looks: int | None = None

    def key(self) -> str:
        """Return the key under which an effect is done once, over retries of the pod and new Jobs."""
        return f"{self.uid}/{self.metric}"

    def earlier(self) -> str:
        """Return the earlier results of this metric, such as "1 successful, 1 failed"; empty for its first
        measurement.
        """
        return ", ".join(f"{self.before[phase]} {phase}" for phase in PHASES if self.before.get(phase))


def looks_like_argo_job() -> bool:
    """Return True if the name of this pod looks like that of a Job which Argo created. Sends nothing."""
    return bool(_OURS.match(_pod_name()))


def find_analysis(own: Cluster, workload: Cluster) -> Analysis:
    """Return the AnalysisRun that this pod's Job belongs to. `own` reaches the pod and the Job, `workload`
    the AnalysisRun.

    Raise UsageError, which says where the chain breaks, and ClusterError.
    """
    namespace = _check_name(os.environ.get("POD_NAMESPACE") or own.namespace, "the namespace of this pod")
    job = _read_job(
        own, namespace, _read_own_pod(own, namespace, _check_name(_pod_name(), "the name of this pod"))
    )
    metadata = job["metadata"]
    notes, owner = metadata.get("annotations") or {}, _find_controller(metadata)
    name = str(notes.get(f"{MARK}/name") or (owner.name if owner and owner.kind == "AnalysisRun" else ""))
    if not name:
        raise UsageError(
            f"the Job {metadata['name']} was not created by Argo: it names no AnalysisRun", advice=HOW
        )
    written = (
        name,
        str(notes.get(f"{MARK}/namespace") or namespace),
        str(notes.get(f"{MARK}/metric-name") or ""),
    )
    name, at, metric = (
        _check_name(value, f"what the Job {metadata['name']} says of its AnalysisRun") for value in written
    )
    run = _read_analysis_run(workload, at, name)
    uid = str((metadata.get("labels") or {}).get(f"{MARK}/uid") or "")
    if uid and uid != run["metadata"]["uid"]:
        raise UsageError(
            f"the AnalysisRun {name} in {at} is not the one that asked: that one was deleted", advice=NOBODY
        )
    return _parse_analysis(run, at, metric, f"{namespace}/{metadata['name']}")


def _pod_name() -> str:
    return os.environ.get("POD_NAME") or socket.gethostname()


def _read_own_pod(own: Cluster, namespace: str, name: str) -> Json:
    """List the pod by its name. Reading the two sides needs the verb `list` anyway."""
    pods = list(own.list(f"/api/v1/namespaces/{namespace}/pods", fieldSelector=f"metadata.name={name}"))
    if not pods:
        raise UsageError(
            f"this pod is not found: there is no pod {name!r} in namespace {namespace!r}",
            advice=DOWNWARD + HOW,
        )
    return pods[0]


def _read_job(own: Cluster, namespace: str, pod: Json) -> Json:
    metadata = pod["metadata"]
    labels, owner = metadata.get("labels") or {}, _find_controller(metadata)
    name = labels.get("batch.kubernetes.io/job-name") or (owner.name if owner and owner.kind == "Job" else "")
    if not name:
        raise UsageError(f"the pod {metadata['name']} belongs to no Job, so no AnalysisRun asks", advice=HOW)
    try:
        return own.get(f"/apis/batch/v1/namespaces/{namespace}/jobs/{name}")
    except MissingResource as error:
        raise UsageError(f"the Job {name} of this pod is no longer there", advice=NOBODY) from error


def _read_analysis_run(workload: Cluster, namespace: str, name: str) -> Json:
    try:
        return workload.get(f"/apis/argoproj.io/v1alpha1/namespaces/{namespace}/analysisruns/{name}")
    except MissingResource as error:
        if not error.name:
            raise UsageError(
                "this cluster has no AnalysisRuns",
                advice="is the workload in another one? give its --kubeconfig",
            ) from error
        advice = f"if it was deleted, {NOBODY}; if it is in another cluster, give its --kubeconfig"
        raise UsageError(
            f"there is no AnalysisRun {name!r} in namespace {namespace!r}", advice=advice
        ) from error


def _parse_analysis(run: Json, namespace: str, metric: str, job: str) -> Analysis:
    metadata = run["metadata"]
    labels, owner = metadata.get("labels") or {}, _find_controller(metadata)
    kind = KINDS.get(
        labels.get("rollout-type", ""), "experiment" if owner and owner.kind == "Experiment" else "by hand"
    )
    counts = _metric_result(run, metric)
    return Analysis(
        namespace=namespace,
        name=metadata["name"],
        uid=metadata["uid"],
        metric=metric,
        kind=kind,
        dry_run=_is_dry_run(run, metric),
        hash=labels.get(HASH_LABEL, ""),
        owner=owner if owner and owner.kind in ("Rollout", "Experiment") else None,
        job=job,
        before={phase: int(counts[phase]) for phase in PHASES if counts.get(phase)},
        looks=_count_measurements(run, metric),
    )


def _count_measurements(run: Json, metric: str) -> int | None:
    """Return how often Argo measures a metric: `count`, or 1 without an `interval`; None without an end."""
    metrics = (run.get("spec") or {}).get("metrics") or ()
    wanted = next((one for one in metrics if one.get("name") == metric), None)
    count = str((wanted or {}).get("count") or "")
    if COUNT.fullmatch(count):
        return int(count)
    return None if wanted is None or count or wanted.get("interval") else 1


def _is_dry_run(run: Json, metric: str) -> bool:
    """Return True if Argo resolved the metric as a dry run. Before it has, apply its rule: each `metricName`
    is a regex, found anywhere in the metric's name.
    """
    resolved = _metric_result(run, metric)
    if resolved:
        return bool(resolved.get("dryRun"))
    return any(
        regex_finds(rule["metricName"], metric) for rule in (run.get("spec") or {}).get("dryRun") or ()
    )


def _metric_result(run: Json, metric: str) -> Json:
    """Return what Argo has written about the metric so far; empty if nothing."""
    results = (run.get("status") or {}).get("metricResults") or ()
    return next((result for result in results if result.get("name") == metric), {})


def _find_controller(metadata: Json) -> Owner | None:
    owners = metadata.get("ownerReferences") or ()
    return next(
        (
            Owner(kind=reference["kind"], name=reference["name"], uid=reference["uid"])
            for reference in owners
            if reference.get("controller")
        ),
        None,
    )


def _check_name(name: str, what: str) -> str:
    """Return the name, which becomes part of a path. Raise UsageError if it is not a name of Kubernetes."""
    if not NAME.fullmatch(name):
        raise UsageError(f"{what} is {cut(name, 80)!r}, which is not a valid name in Kubernetes", advice=HOW)
    return name
