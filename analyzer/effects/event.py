"""An Event on the AnalysisRun and one on the Rollout: what `kubectl describe` and dashboards show.

Of the core API, as Argo's own are: that is what tools count and date by. An Event's name is made of the AnalysisRun's uid and the
metric, so that another attempt writes the same Event again, counted once more.
"""

import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from analyzer.cluster import Cluster
from analyzer.cluster.errors import ClusterError
from analyzer.effects.interface import Occasion, not_done
from analyzer.effects.told import digest, headline
from analyzer.records.record import Receipt

COMPONENT = "rollout-analyzer"
REASONS = {"promote": "CanaryPromote", "rollback": "CanaryRollback", "inconclusive": "CanaryInconclusive", "error": "CanaryNotJudged"}
LONGEST_NAME = 230  # characters, of an object, in a name that may have 253

Json = dict[str, Any]


class Event:
    """Tells the answer on the objects that people look at."""

    name = "event"

    def asked(self, occasion: Occasion) -> bool:
        """Where an AnalysisRun asks: without one there is nothing to do it once for."""
        return occasion.analysis is not None and self.name in occasion.settings.tell.effects

    def apply(self, occasion: Occasion, cluster: Cluster) -> Receipt:
        """One Event for each object; an object that fails does not keep the other from its own."""
        told, failed = [], []
        for involved in _objects(occasion):
            try:
                _written(cluster, occasion, involved)
                told.append(f"{involved['kind']} {involved['name']}")
            except ClusterError as error:
                failed.append(not_done(self.name, error))
        return failed[0] if failed else Receipt(effect=self.name, done=True, detail=f"on {' and '.join(told)}")


def _objects(occasion: Occasion) -> Iterator[Json]:
    run, target = occasion.analysis, occasion.target
    assert run is not None
    rollout = run.owner if run.owner and run.owner.kind == "Rollout" else None
    name, uid = (target.rollout, target.rollout_uid) if target and target.rollout else (rollout.name, rollout.uid) if rollout else ("", "")
    for kind, each, its in (("AnalysisRun", run.name, run.uid), ("Rollout", name, uid)):
        if each:
            yield {"apiVersion": "argoproj.io/v1alpha1", "kind": kind, "namespace": run.namespace, "name": each, "uid": its}


def _written(cluster: Cluster, occasion: Occasion, involved: Json) -> None:
    assert occasion.analysis is not None
    path = f"/api/v1/namespaces/{involved['namespace']}/events"
    name = f"{involved['name'][:LONGEST_NAME]}.{digest(occasion.analysis.key(), involved['kind'])}"
    now, before = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), _before(cluster, path, name)
    event = {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": name, "namespace": involved["namespace"]},
        "involvedObject": involved,
        "type": "Normal" if occasion.decision.outcome == "promote" else "Warning",
        "reason": REASONS[occasion.decision.outcome],
        "message": headline(occasion),
        "source": {"component": COMPONENT},
        "reportingComponent": COMPONENT,
        "reportingInstance": os.environ.get("POD_NAME") or socket.gethostname(),
        "firstTimestamp": before.get("firstTimestamp") or now,
        "lastTimestamp": now,
        "count": int(before.get("count") or 0) + 1,
    }
    cluster.apply(f"{path}/{name}", event)


def _before(cluster: Cluster, path: str, name: str) -> Json:
    """What an earlier attempt wrote. Listed, not got: the verb that gathering needs anyway. How often is not worth failing for."""
    try:
        return next(cluster.list(path, fieldSelector=f"metadata.name={name}"), {})
    except ClusterError:
        return {}
