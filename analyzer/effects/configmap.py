"""`--save configmap:NAME`: the record in a ConfigMap of the Rollout's namespace, so that it can be judged
again when the pod is gone.

If an AnalysisRun asked, the ConfigMap is called `NAME-` and a digest of that run and metric, and belongs to
the AnalysisRun. Another attempt overwrites it. Kubernetes deletes it with the AnalysisRun, and Argo keeps the
last few of those. Otherwise nothing deletes it, so it holds only the last record: `NAME-` and a digest of the
Rollout, or NAME for hashes or selectors.

A ConfigMap of that name without our label, or without a record in it, belongs to somebody else and is left
alone. That needs no permission to read: the write tests both (RFC 6902), and the API server does all of it or
nothing.

A ConfigMap holds 1 MiB. Parts of a record that do not fit are left out, the least important first, and a
replay reports them as gaps.
"""

import base64
import gzip
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from msgspec.structs import replace

from analyzer.cluster import Cluster
from analyzer.cluster.errors import Conflict, Rejected
from analyzer.common.short import short_digest
from analyzer.effects.interface import EffectContext
from analyzer.evidence import AnyPart, Evidence
from analyzer.evidence.bundle import encode
from analyzer.evidence.context import ContextLogs
from analyzer.evidence.interface import Gap
from analyzer.evidence.logs import Logs
from analyzer.records import record_store
from analyzer.records.record import KEEPING, Receipt, Record
from analyzer.target import ROLES

LABEL, OURS = "app.kubernetes.io/managed-by", "rollout-analyzer"
MAX_RECORD = 1000 * 1024  # bytes, compressed: 1 MiB less the key and what else there is


class ConfigMapEffect:
    """Keeps the record, without the receipts that come after its own."""

    name = KEEPING

    def is_enabled(self, context: EffectContext) -> bool:
        """Return True if `--save` names a ConfigMap and there is a record."""
        return context.record is not None and record_store.is_configmap(context.settings.tell.save)

    def apply(self, context: EffectContext, cluster: Cluster) -> Receipt:
        """Write the record into one ConfigMap, whole."""
        record, analysis = context.record, context.analysis
        assert record is not None
        target = record.evidence.target
        name, namespace = record_store.name_to_write(context.settings.tell.save), target.namespace
        of = analysis.key() if analysis else target.rollout
        if of:
            name = f"{name}-{short_digest(of)}"
        packed, left_out = fit_record(
            replace(record, receipts=context.receipts, exit_code=context.exit_code())
        )
        if not packed:
            return Receipt(
                effect=self.name,
                done=False,
                detail="not kept: too large for a ConfigMap",
                advice="--save FILE on a volume",
            )
        owner = (
            {
                "apiVersion": "argoproj.io/v1alpha1",
                "kind": "AnalysisRun",
                "name": analysis.name,
                "uid": analysis.uid,
            }
            if analysis
            else None
        )
        metadata = {
            "name": name,
            "namespace": namespace,
            "labels": {LABEL: OURS},
            "ownerReferences": [owner] if owner else [],
        }
        if foreign := _write_or_explain(cluster, metadata, base64.b64encode(packed).decode()):
            wrong = (
                f"not kept: the ConfigMap {name} in {namespace} is somebody else's, without our label or a"
                f" record: {foreign}"
            )
            return Receipt(
                effect=self.name,
                done=False,
                detail=wrong,
                advice="name another with --save configmap:NAME, or delete that one",
            )
        without = f", without {' and '.join(left_out)}, for which there is no room" if left_out else ""
        place = f"{record_store.PREFIX}{namespace}/{name}"
        return Receipt(
            effect=self.name,
            done=True,
            detail=f"the record is in {place}, {len(packed) // 1024 + 1} KiB{without}",
            place=place,
        )


def _write_or_explain(cluster: Cluster, metadata: dict[str, Any], record: str) -> str:
    """Create the ConfigMap, or overwrite our own; return empty. Return the API server's reason if it belongs
    to somebody else.
    """
    path, at = f"/api/v1/namespaces/{metadata['namespace']}/configmaps", f"/binaryData/{record_store.KEY}"
    with suppress(Conflict):
        cluster.create(
            path,
            {
                "apiVersion": "v1",
                "kind": "ConfigMap",
                "metadata": metadata,
                "binaryData": {record_store.KEY: record},
            },
        )
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


def fit_record(record: Record, most: int = MAX_RECORD) -> tuple[bytes, tuple[str, ...]]:
    """Return the record, compressed to at most `most` bytes, and what was left out. Return no bytes if it
    cannot fit.
    """
    left_out: tuple[str, ...] = ()
    packed = _compress(record)
    for what, without in PRUNING:
        if len(packed) <= most:
            break
        record, left_out = without(record), (*left_out, what)
        packed = _compress(record)
    return (packed, left_out) if len(packed) <= most else (b"", left_out)


def _compress(record: Record) -> bytes:
    return gzip.compress(encode(record), mtime=0)


def _without_exchanges(record: Record) -> Record:
    return replace(record, judgement=replace(record.judgement, exchanges=()))


def _without_excerpts(record: Record) -> Record:
    return _change_parts(
        record,
        _drop_excerpts,
        Gap(source="record", side=None, reason="the excerpts of the logs are not in this record", minor=True),
    )


def _without_logs(record: Record) -> Record:
    gaps = (
        Gap(
            source="logs",
            side=role,
            reason="the logs are not in this record: a ConfigMap has no room for them",
        )
        for role in ROLES
        if record.evidence.part(Logs, role)
    )
    return _change_parts(record, lambda part: None if isinstance(part, Logs | ContextLogs) else part, *gaps)


def _change_parts(record: Record, change: Callable[[AnyPart], AnyPart | None], *gaps: Gap) -> Record:
    evidence: Evidence = record.evidence
    parts: Iterator[AnyPart | None] = map(change, evidence.parts)
    return replace(
        record,
        evidence=replace(evidence, parts=tuple(part for part in parts if part), gaps=(*evidence.gaps, *gaps)),
    )


def _drop_excerpts(part: AnyPart) -> AnyPart:
    return (
        replace(part, streams=tuple(replace(stream, excerpt=()) for stream in part.streams))
        if isinstance(part, Logs)
        else part
    )


# What is left out, in this order, until the rest fits.
PRUNING: tuple[tuple[str, Callable[[Record], Record]], ...] = (
    ("the conversations with models", _without_exchanges),
    ("the excerpts of the logs", _without_excerpts),
    ("the logs", _without_logs),
)
