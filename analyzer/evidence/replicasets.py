"""ReplicaSets: how many pods each side should have, and why some could not be created."""

from collections.abc import Iterator

from analyzer.cluster.errors import ClusterError
from analyzer.common.value import Json, Moment, Value
from analyzer.evidence.fields import controller_of, parse_time
from analyzer.evidence.interface import Gap, Part, SourceContext, gap_from_error
from analyzer.evidence.pods import Condition, read_conditions
from analyzer.target import Side
from analyzer.target.rollout import HASH_LABEL


class ReplicaSet(Value):
    """One ReplicaSet; counts as its status reports them."""

    name: str
    owner: str
    hash: str = ""
    created_at: Moment
    desired: int
    current: int = 0
    ready: int = 0
    available: int = 0
    conditions: tuple[Condition, ...] = ()


class ReplicaSets(Part, tag="replicasets"):
    """Every ReplicaSet of one side, by name."""

    replicasets: tuple[ReplicaSet, ...]


class ReplicaSetSource:
    """Lists each side's ReplicaSets by its selector: a ReplicaSet carries the labels of its pods."""

    name = "replicasets"

    def gather(self, scene: SourceContext) -> Iterator[Part | Gap]:
        """Yield each side's ReplicaSets, or a gap where they could not be listed."""
        for side in scene.sides():
            try:
                yield ReplicaSets(
                    side=side.role,
                    replicasets=tuple(
                        sorted(_replicasets(scene, side), key=lambda replicaset: replicaset.name)
                    ),
                )
            except ClusterError as error:
                yield gap_from_error(self.name, side.role, error)


def _replicasets(scene: SourceContext, side: Side) -> Iterator[ReplicaSet]:
    path = f"/apis/apps/v1/namespaces/{scene.target.namespace}/replicasets"
    for item in scene.cluster.list(path, labelSelector=side.selector):
        yield _replicaset(item, scene)


def _replicaset(item: Json, scene: SourceContext) -> ReplicaSet:
    metadata, status = item["metadata"], item.get("status") or {}
    return ReplicaSet(
        name=metadata["name"],
        owner=controller_of(metadata),
        hash=(metadata.get("labels") or {}).get(HASH_LABEL, ""),
        created_at=parse_time(metadata.get("creationTimestamp")) or scene.window.end,
        desired=int((item.get("spec") or {}).get("replicas") or 0),
        current=int(status.get("replicas") or 0),
        ready=int(status.get("readyReplicas") or 0),
        available=int(status.get("availableReplicas") or 0),
        conditions=read_conditions(status, scene.redact),
    )
