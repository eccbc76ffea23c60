"""Who asks: from the pod this runs in to its Job, and from the Job to the AnalysisRun that waits for the answer.

Argo's job provider writes on the Job for which AnalysisRun and which metric it is (metricproviders/job in argo-rollouts). The Job's
ownerReference is not there where the controller runs Jobs in another namespace or cluster, so annotations come first, and our own
cluster, where pod and Job are, may be another one than the workload's.
"""

import os
import re
import socket
from typing import Any, Literal

import msgspec

from analyzer.cluster import Cluster
from analyzer.cluster.errors import Missing
from analyzer.errors import UsageError
from analyzer.patterns import found
from analyzer.selectors import NAME
from analyzer.target.rollout import HASH_LABEL, HOW
from analyzer.value import Value

Kind = Literal["step", "background", "pre-promotion", "post-promotion", "experiment", "by hand"]
Json = dict[str, Any]

MARK = "analysisrun.argoproj.io"
DOWNWARD = "set POD_NAME and POD_NAMESPACE from metadata.name and metadata.namespace (the downward API), or "
NOBODY = "nobody waits for an answer any more"
KINDS: dict[str, Kind] = {
    "Step": "step",
    "Background": "background",
    "PrePromotion": "pre-promotion",
    "PostPromotion": "post-promotion",
}
PHASES = ("successful", "failed", "inconclusive", "error")
_OURS = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.")  # Argo's Jobs are named UID.metric.number


class Owner(Value):
    """What an object belongs to: its controller."""

    kind: str
    name: str
    uid: str


class Analysis(Value):
    """The AnalysisRun that asks, and the metric it asks for. `dry_run`: Argo heeds no answer of this metric.

    `hash` is the pod template hash of the Rollout's version that is to be judged, empty where the AnalysisRun names none;
    `owner` a Rollout, an Experiment, or None where it was made by hand; `job` is `namespace/name`. `before` counts what earlier
    measurements of this metric came to, by Argo's own words for it.
    """

    namespace: str
    name: str
    uid: str
    metric: str
    kind: Kind
    dry_run: bool = False
    hash: str = ""
    owner: Owner | None = None
    job: str = ""
    before: dict[str, int] = msgspec.field(default_factory=dict)

    def key(self) -> str:
        """What an effect is done once for, over retries of the pod and Jobs made anew."""
        return f"{self.uid}/{self.metric}"

    def earlier(self) -> str:
        """What this metric came to before, such as "1 successful, 1 failed"; empty for its first measurement."""
        return ", ".join(f"{self.before[phase]} {phase}" for phase in PHASES if self.before.get(phase))


def likely() -> bool:
    """Whether the name of this pod is that of a Job which Argo made. Asks nobody."""
    return bool(_OURS.match(_pod_name()))


def caller(own: Cluster, workload: Cluster) -> Analysis:
    """The AnalysisRun whose Job this pod is of. `own` reaches the pod and the Job, `workload` the AnalysisRun.

    Raises UsageError where the chain breaks, in one line that says where, and ClusterError.
    """
    namespace = _checked(os.environ.get("POD_NAMESPACE") or own.namespace, "the namespace of this pod")
    job = _job(own, namespace, _pod(own, namespace, _checked(_pod_name(), "the name of this pod")))
    metadata = job["metadata"]
    notes, owner = metadata.get("annotations") or {}, _controller(metadata)
    name = str(notes.get(f"{MARK}/name") or (owner.name if owner and owner.kind == "AnalysisRun" else ""))
    if not name:
        raise UsageError(f"the Job {metadata['name']} is none that Argo made: it names no AnalysisRun", advice=HOW)
    told = (name, str(notes.get(f"{MARK}/namespace") or namespace), str(notes.get(f"{MARK}/metric-name") or ""))
    name, at, metric = (_checked(each, f"what the Job {metadata['name']} says of its AnalysisRun") for each in told)
    run = _analysis_run(workload, at, name)
    uid = str((metadata.get("labels") or {}).get(f"{MARK}/uid") or "")
    if uid and uid != run["metadata"]["uid"]:
        raise UsageError(f"the AnalysisRun {name} in {at} is not the one that asked: that one was deleted", advice=NOBODY)
    return _analysis(run, at, metric, f"{namespace}/{metadata['name']}")


def _pod_name() -> str:
    return os.environ.get("POD_NAME") or socket.gethostname()


def _pod(own: Cluster, namespace: str, name: str) -> Json:
    """Listed, not got: the verb that reading the two sides needs anyway."""
    pods = list(own.list(f"/api/v1/namespaces/{namespace}/pods", fieldSelector=f"metadata.name={name}"))
    if not pods:
        raise UsageError(f"this pod is not found: there is no pod {name!r} in namespace {namespace!r}", advice=DOWNWARD + HOW)
    return pods[0]


def _job(own: Cluster, namespace: str, pod: Json) -> Json:
    metadata = pod["metadata"]
    labels, owner = metadata.get("labels") or {}, _controller(metadata)
    name = labels.get("batch.kubernetes.io/job-name") or (owner.name if owner and owner.kind == "Job" else "")
    if not name:
        raise UsageError(f"the pod {metadata['name']} belongs to no Job, so no AnalysisRun asks", advice=HOW)
    try:
        return own.get(f"/apis/batch/v1/namespaces/{namespace}/jobs/{name}")
    except Missing as error:
        raise UsageError(f"the Job {name} of this pod is no longer there", advice=NOBODY) from error


def _analysis_run(workload: Cluster, namespace: str, name: str) -> Json:
    try:
        return workload.get(f"/apis/argoproj.io/v1alpha1/namespaces/{namespace}/analysisruns/{name}")
    except Missing as error:
        if not error.name:
            raise UsageError("this cluster has no AnalysisRuns", advice="is the workload in another one? give its --kubeconfig") from error
        advice = f"if it was deleted, {NOBODY}; if it is in another cluster, give its --kubeconfig"
        raise UsageError(f"there is no AnalysisRun {name!r} in namespace {namespace!r}", advice=advice) from error


def _analysis(run: Json, namespace: str, metric: str, job: str) -> Analysis:
    metadata = run["metadata"]
    labels, owner = metadata.get("labels") or {}, _controller(metadata)
    kind = KINDS.get(labels.get("rollout-type", ""), "experiment" if owner and owner.kind == "Experiment" else "by hand")
    return Analysis(
        namespace=namespace,
        name=metadata["name"],
        uid=metadata["uid"],
        metric=metric,
        kind=kind,
        dry_run=_dry_run(run, metric),
        hash=labels.get(HASH_LABEL, ""),
        owner=owner if owner and owner.kind in ("Rollout", "Experiment") else None,
        job=job,
        before={phase: int(count) for phase in PHASES if (count := _result(run, metric).get(phase))},
    )


def _dry_run(run: Json, metric: str) -> bool:
    """As Argo resolved it; before it has, by its own rule: each `metricName` is a regex, found anywhere in the metric's name."""
    resolved = _result(run, metric)
    if resolved:
        return bool(resolved.get("dryRun"))
    return any(found(each["metricName"], metric) for each in (run.get("spec") or {}).get("dryRun") or ())


def _result(run: Json, metric: str) -> Json:
    """What Argo has written of the metric by now; empty where that is nothing yet."""
    results = (run.get("status") or {}).get("metricResults") or ()
    return next((each for each in results if each.get("name") == metric), {})


def _controller(metadata: Json) -> Owner | None:
    owners = metadata.get("ownerReferences") or ()
    return next((Owner(kind=each["kind"], name=each["name"], uid=each["uid"]) for each in owners if each.get("controller")), None)


def _checked(name: str, what: str) -> str:
    """It becomes part of a path."""
    if not NAME.fullmatch(name):
        raise UsageError(f"{what} is {name[:80]!r}, which is none that Kubernetes knows", advice=HOW)
    return name
