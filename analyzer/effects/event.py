"""An Event on the AnalysisRun and one on the Rollout, which `kubectl describe` and dashboards show.

It is an Event of the core API, as Argo's own are, because tools count and date by that. Its name is made of
the AnalysisRun's uid and the metric, so another attempt writes the same Event again and counts it once more.
"""

import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime

from analyzer.cluster import Cluster
from analyzer.cluster.errors import ClusterError
from analyzer.common.short import short_digest
from analyzer.common.value import Json
from analyzer.effects.interface import EffectContext, not_done
from analyzer.effects.summary import headline
from analyzer.records.record import Receipt

COMPONENT = "rollout-analyzer"
REASONS = {
    "promote": "CanaryPromote",
    "started": "CanaryStarted",
    "rollback": "CanaryRollback",
    "inconclusive": "CanaryInconclusive",
    "error": "CanaryNotJudged",
}
LONGEST_NAME = 230  # characters, of an object, in a name that may have 253


class EventEffect:
    """Writes the answer on the objects that people look at."""

    name = "event"

    def is_enabled(self, context: EffectContext) -> bool:
        """Return True if an AnalysisRun asks and the option is on. Without one there is no key to write the
        Event once for.
        """
        return context.analysis is not None and self.name in context.settings.tell.effects

    def apply(self, context: EffectContext, cluster: Cluster) -> Receipt:
        """Write one Event for each object. A failure for one does not keep another from its Event."""
        written, failed = [], []
        for involved in _involved_objects(context):
            try:
                _write_event(cluster, context, involved)
                written.append(f"{involved['kind']} {involved['name']}")
            except ClusterError as error:
                failed.append(not_done(self.name, error))
        return (
            failed[0]
            if failed
            else Receipt(effect=self.name, done=True, detail=f"on {' and '.join(written)}")
        )


def _involved_objects(context: EffectContext) -> Iterator[Json]:
    run, target = context.analysis, context.target
    assert run is not None
    name = uid = ""
    if target and target.rollout:
        name, uid = target.rollout, target.rollout_uid
    elif run.owner and run.owner.kind == "Rollout":
        name, uid = run.owner.name, run.owner.uid
    for kind, object_name, object_uid in (("AnalysisRun", run.name, run.uid), ("Rollout", name, uid)):
        if object_name:
            yield {
                "apiVersion": "argoproj.io/v1alpha1",
                "kind": kind,
                "namespace": run.namespace,
                "name": object_name,
                "uid": object_uid,
            }


def _write_event(cluster: Cluster, context: EffectContext, involved: Json) -> None:
    assert context.analysis is not None
    path = f"/api/v1/namespaces/{involved['namespace']}/events"
    name = f"{involved['name'][:LONGEST_NAME]}.{short_digest(context.analysis.key(), involved['kind'])}"
    now, before = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), _read_previous_event(cluster, path, name)
    event = {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": name, "namespace": involved["namespace"]},
        "involvedObject": involved,
        "type": "Normal" if context.decision.outcome in ("promote", "started") else "Warning",
        "reason": REASONS[context.decision.outcome],
        "message": headline(context),
        "source": {"component": COMPONENT},
        "reportingComponent": COMPONENT,
        "reportingInstance": os.environ.get("POD_NAME") or socket.gethostname(),
        "firstTimestamp": before.get("firstTimestamp") or now,
        "lastTimestamp": now,
        "count": int(before.get("count") or 0) + 1,
    }
    cluster.apply(f"{path}/{name}", event)


def _read_previous_event(cluster: Cluster, path: str, name: str) -> Json:
    """Return the Event that an earlier attempt wrote; empty if there is none or it cannot be read. It is
    listed, because gathering needs the verb `list` anyway.
    """
    try:
        return next(cluster.list(path, fieldSelector=f"metadata.name={name}"), {})
    except ClusterError:
        return {}
