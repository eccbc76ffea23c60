"""Where a record is kept: in a file, or in a ConfigMap (`configmap:NAMESPACE/NAME`), which outlives the pod
that wrote it.

It may also come from standard input (`-`). That can be read once, so everything is read once.
"""

import base64
import binascii
import io
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from analyzer.cluster import Cluster
from analyzer.cluster.errors import MissingResource
from analyzer.common.deadline import Deadline
from analyzer.common.files import STREAM
from analyzer.errors import InfrastructureError, UsageError
from analyzer.evidence.bundle import COLLECT, check_writable, unpack
from analyzer.evidence.bundle import read_content as file_content
from analyzer.settings import Where

PREFIX = "configmap:"
KEY = "record.json.gz"
NAMED = "a ConfigMap is named configmap:NAME, or configmap:NAMESPACE/NAME to read it"
_LABEL = r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"
_NAMESPACE = re.compile(_LABEL)
_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})*")
LONGEST_NAME = 200  # characters: what is written has the AnalysisRun's mark behind it


@dataclass(frozen=True)
class StoredRecord:
    """The JSON of a bundle or record, and its place as people are told it."""

    place: str
    raw: bytes


def is_configmap(place: str) -> bool:
    """Return True if the place is a ConfigMap."""
    return place.startswith(PREFIX)


def check_place(place: str) -> None:
    """Raise UsageError if a record could not be kept there, wherever the run is. An empty place keeps
    nothing.
    """
    if is_configmap(place):
        name_to_write(place)


def check_writable_place(place: str) -> None:
    """Check the place, and raise UsageError if this run could not write the file. A check on another machine
    uses `check_place` alone.
    """
    check_place(place)
    if place and not is_configmap(place):
        check_writable(Path(place))


def name_to_write(place: str) -> str:
    """Return the NAME of `configmap:NAME`. Raise UsageError if it is not a name of Kubernetes."""
    name = place.removeprefix(PREFIX)
    if not _NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        raise UsageError(
            f"--save {place!r} names no ConfigMap",
            advice="such as --save configmap:rollout-analyzer; it goes into the Rollout's namespace",
        )
    return name


def read_record(place: str, where: Where, deadline: Deadline, advice: str = COLLECT) -> StoredRecord:
    """Read the bundle or record that is kept there. Raise UsageError, with `advice` where there is no such
    file, or InfrastructureError if it cannot be read.
    """
    if place == STREAM:
        return StoredRecord("standard input", _read_standard_input())
    return StoredRecord(
        place,
        _read_configmap(place, where, deadline) if is_configmap(place) else file_content(Path(place), advice),
    )


def _read_standard_input() -> bytes:
    if sys.stdin is None:
        raise UsageError(
            "--evidence - reads standard input, and there is none",
            advice="pipe a bundle to it: collect --output -",
        )
    with os.fdopen(
        os.dup(sys.stdin.fileno()), "rb"
    ) as file:  # a copy: ending while another thread reads sys.stdin aborts the interpreter
        raw = unpack(file, "standard input")
    if not raw:
        raise InfrastructureError(
            "standard input was empty",
            advice="the command that writes the bundle says why; run both again",
        )
    return raw


def _read_configmap(place: str, where: Where, deadline: Deadline) -> bytes:
    namespace, _, name = place.removeprefix(PREFIX).rpartition("/")
    if not _NAME.fullmatch(name) or (namespace and not _NAMESPACE.fullmatch(namespace)):
        raise UsageError(f"--evidence {place!r} names no ConfigMap", advice=NAMED)
    cluster = Cluster.connect(where.kubeconfig, where.context, deadline)
    namespace = namespace or where.namespace or cluster.namespace
    try:
        configmap = cluster.get(f"/api/v1/namespaces/{namespace}/configmaps/{name}")
    except MissingResource as error:
        raise UsageError(
            f"there is no ConfigMap {name!r} in namespace {namespace!r}",
            advice="it goes with the AnalysisRun that it belongs to; is --context right?",
        ) from error
    try:
        packed = base64.b64decode((configmap.get("binaryData") or {})[KEY], validate=True)
    except (KeyError, binascii.Error) as error:
        raise UsageError(
            f"the ConfigMap {name} in {namespace} holds no record: it has no {KEY}", advice=NAMED
        ) from error
    return unpack(io.BytesIO(packed), place)
