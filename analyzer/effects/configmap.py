"""`--save configmap:NAME`: the record in a ConfigMap of the Rollout's namespace, so that it can be judged again when the pod is gone.

Where an AnalysisRun asked, it is `NAME-` and a mark of that run and metric, and belongs to the AnalysisRun: another attempt writes it
again, and Kubernetes takes it away with the AnalysisRun, of which Argo keeps the last few. Else nothing takes it away, so it holds the
last record only: of a Rollout, `NAME-` and a mark of that one; of hashes or selectors, NAME.

A ConfigMap of that name that is somebody else's is left alone: it has not our label, or no record in it. That is told without leave to
read any: what writes over a record tests both (RFC 6902), and the API server does all of it or nothing.

A ConfigMap holds 1 MiB. What does not fit goes, the least missed first, and a replay says so: nothing left out is read as healthy.
"""

import base64
import gzip
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from msgspec.structs import replace

from analyzer.cluster import Cluster
from analyzer.cluster.errors import Conflict, Rejected
from analyzer.effects.interface import Occasion
from analyzer.effects.told import digest
from analyzer.evidence import AnyPart, Evidence
from analyzer.evidence.bundle import encode
from analyzer.evidence.context import ContextLogs
from analyzer.evidence.interface import Gap
from analyzer.evidence.logs import Logs
from analyzer.records import kept
from analyzer.records.record import KEEPING, Receipt, Record
from analyzer.target import ROLES

LABEL, OURS = "app.kubernetes.io/managed-by", "rollout-analyzer"
MOST = 1000 * 1024  # bytes, compressed: 1 MiB less the key and what else there is


class ConfigMap:
    """Keeps the record, without the receipts that come after its own."""

    name = KEEPING

    def asked(self, occasion: Occasion) -> bool:
        """By `--save`, where there is a record."""
        return occasion.record is not None and kept.is_configmap(occasion.settings.tell.save)

    def apply(self, occasion: Occasion, cluster: Cluster) -> Receipt:
        """One object, written whole."""
        record, analysis = occasion.record, occasion.analysis
        assert record is not None
        target = record.evidence.target
        name, namespace = kept.name_to_write(occasion.settings.tell.save), target.namespace
        of = analysis.key() if analysis else target.rollout
        if of:
            name = f"{name}-{digest(of)}"
        packed, left_out = fitted(replace(record, receipts=occasion.receipts, exit_code=occasion.exit_code()))
        if not packed:
            return Receipt(effect=self.name, done=False, detail="not kept: too large for a ConfigMap", advice="--save FILE on a volume")
        owner = (
            {"apiVersion": "argoproj.io/v1alpha1", "kind": "AnalysisRun", "name": analysis.name, "uid": analysis.uid} if analysis else None
        )
        metadata = {"name": name, "namespace": namespace, "labels": {LABEL: OURS}, "ownerReferences": [owner] if owner else []}
        if foreign := _foreign(cluster, metadata, base64.b64encode(packed).decode()):
            wrong = f"not kept: the ConfigMap {name} in {namespace} is somebody else's, without our label or a record: {foreign}"
            return Receipt(effect=self.name, done=False, detail=wrong, advice="name another with --save configmap:NAME, or delete that one")
        without = f", without {' and '.join(left_out)}, for which there is no room" if left_out else ""
        place = f"{kept.PREFIX}{namespace}/{name}"
        return Receipt(effect=self.name, done=True, detail=f"the record is in {place}, {len(packed) // 1024 + 1} KiB{without}", place=place)


def _foreign(cluster: Cluster, metadata: dict[str, Any], record: str) -> str:
    """Makes it, or writes over our own; else why it is none of ours, as the API server has it."""
    path, at = f"/api/v1/namespaces/{metadata['namespace']}/configmaps", f"/binaryData/{kept.KEY}"
    with suppress(Conflict):
        cluster.create(path, {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "binaryData": {kept.KEY: record}})
        return ""
    change = [
        {"op": "test", "path": f"/metadata/labels/{LABEL.replace('/', '~1')}", "value": OURS},
        {"op": "replace", "path": at, "value": record},
        {"op": "add", "path": "/metadata/ownerReferences", "value": metadata["ownerReferences"]},
    ]
    try:
        cluster.patch_if(f"{path}/{metadata['name']}", change)
    except Rejected as error:
        if isinstance(error, Conflict):
            raise
        return str(error)
    return ""


def fitted(record: Record, most: int = MOST) -> tuple[bytes, tuple[str, ...]]:
    """The record, compressed to at most so many bytes, and what had to be left out; no bytes where nothing helps."""
    left_out: tuple[str, ...] = ()
    packed = _packed(record)
    for what, without in PRUNING:
        if len(packed) <= most:
            break
        record, left_out = without(record), (*left_out, what)
        packed = _packed(record)
    return (packed, left_out) if len(packed) <= most else (b"", left_out)


def _packed(record: Record) -> bytes:
    return gzip.compress(encode(record), mtime=0)


def _without_exchanges(record: Record) -> Record:
    return replace(record, judgement=replace(record.judgement, exchanges=()))


def _without_excerpts(record: Record) -> Record:
    return _with(record, _bare, Gap(source="record", side=None, reason="the excerpts of the logs are not in this record", minor=True))


def _without_logs(record: Record) -> Record:
    gaps = (
        Gap(source="logs", side=role, reason="the logs are not in this record: a ConfigMap has no room for them")
        for role in ROLES
        if record.evidence.part(Logs, role)
    )
    return _with(record, lambda part: None if isinstance(part, Logs | ContextLogs) else part, *gaps)


def _with(record: Record, change: Callable[[AnyPart], AnyPart | None], *gaps: Gap) -> Record:
    seen: Evidence = record.evidence
    parts: Iterator[AnyPart | None] = map(change, seen.parts)
    return replace(record, evidence=replace(seen, parts=tuple(part for part in parts if part), gaps=(*seen.gaps, *gaps)))


def _bare(part: AnyPart) -> AnyPart:
    return replace(part, streams=tuple(replace(each, excerpt=()) for each in part.streams)) if isinstance(part, Logs) else part


# What is left out, in this order, until the rest fits.
PRUNING: tuple[tuple[str, Callable[[Record], Record]], ...] = (
    ("the conversations with models", _without_exchanges),
    ("the excerpts of the logs", _without_excerpts),
    ("the logs", _without_logs),
)
