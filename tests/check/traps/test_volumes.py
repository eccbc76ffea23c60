"""What is mounted: volumes that are not there, and where a record can be written."""

from typing import Any

import pytest

from tests.check.traps.places import ARGS, CONTAINER, POD, Broken, assert_told

SAVED = {f"{ARGS}/3": "--save=/out/x.json"}
CLOSED = SAVED | {f"{CONTAINER}/securityContext": {"readOnlyRootFilesystem": True}}
OUT = {"name": "out", "mountPath": "/out"}


def mounted(*mounts: dict[str, Any], **volume: Any) -> dict[str, Any]:
    return {f"{CONTAINER}/volumeMounts": [*mounts], f"{POD}/volumes": [{"name": "out", **volume}]}


def test_a_mount_without_its_volume_is_refused(broken: Broken) -> None:
    found = broken({f"{CONTAINER}/volumeMounts": [OUT]})
    assert_told(found, "wrong", "volumeMount 'out' is not one of the pod's volumes", "- name: out")


@pytest.mark.slow
@pytest.mark.parametrize(
    "changes",
    [
        {},
        mounted({"name": "out", "mountPath": "/output"}, emptyDir={}),
        mounted(OUT | {"readOnly": True}, emptyDir={}),
        mounted(OUT, configMap={"name": "x"}),
        mounted({"name": "out", "mountPath": "/"}, secret={"secretName": "x"}),
    ],
)
def test_a_record_that_nobody_could_write_is_told_of(broken: Broken, changes: dict[str, Any]) -> None:
    assert_told(
        broken(CLOSED | changes),
        "note",
        "--save /out/x.json: the container's file system is read-only",
        "args:",
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "changes",
    [
        SAVED,
        CLOSED | {f"{ARGS}/3": "--save=/dev/stderr"},
        CLOSED | {f"{ARGS}/3": "--save={{args.team}}"},
        CLOSED | mounted(OUT, emptyDir={}),
        CLOSED | mounted(OUT, persistentVolumeClaim={"claimName": "x"}),
        CLOSED | mounted({"name": "out", "mountPath": "/"}, emptyDir={}),
    ],
)
def test_a_record_that_may_be_written(broken: Broken, changes: dict[str, Any]) -> None:
    assert broken(changes) == []
