"""Traps of mounts: a volume that does not exist, and a record that cannot be written.

validateVolumeMounts in Kubernetes' pkg/apis/core/validation. ConfigMaps, Secrets and the like are mounted
read-only (https://kubernetes.io/docs/concepts/storage/volumes/).
"""

from collections.abc import Iterator
from pathlib import PurePosixPath

from analyzer.check.documents import Node
from analyzer.check.traps.calls import AnalyzerCall, find_calls
from analyzer.check.traps.interface import Manifests, Trap
from analyzer.check.traps.reading import read_settings
from analyzer.common.short import cut
from analyzer.errors import UsageError

READ_ONLY = ("configMap", "secret", "downwardAPI", "projected", "image")
ALWAYS = ("/dev", "/proc")  # not of the image


def check_volumes(manifests: Manifests) -> Iterator[Trap]:
    """Check every pod that runs this product."""
    for call in find_calls(manifests):
        yield from _check_mounts(call)
        yield from _check_record(call, manifests)


def _check_mounts(call: AnalyzerCall) -> Iterator[Trap]:
    names = [volume["name"].text() for volume in call.pod["volumes"].elements()]
    for container in (*call.pod["containers"].elements(), *call.pod["initContainers"].elements()):
        for mount in container["volumeMounts"].elements():
            if (name := mount["name"].text()) not in names:
                what = f"volumeMount {name!r} is not one of the pod's volumes: Kubernetes refuses the Job"
                yield Trap(
                    mount, what, f"there are: {', '.join(names)}" if names else "add it to the pod's volumes"
                )


def _check_record(call: AnalyzerCall, manifests: Manifests) -> Iterator[Trap]:
    try:
        container_settings = read_settings(call, manifests.lines)
    except UsageError:
        return  # told where the command line is looked at
    if (
        container_settings is None
        or not container_settings.clear("--save")
        or call.container["securityContext"]["readOnlyRootFilesystem"].value is not True
    ):
        return
    path = container_settings.settings.tell.save
    if path.startswith("/") and not _is_writable(call, PurePosixPath(path)):
        what = (
            f"--save {cut(path, 80)}: the container's file system is read-only, and no volume that can be"
            " written is mounted there"
        )
        yield Trap(
            call.at, what, "mount one there, such as an emptyDir: the record is lost without it", "note"
        )


def _is_writable(call: AnalyzerCall, path: PurePosixPath) -> bool:
    """Return True if the path can be written, by the mount that is nearest above it."""
    mounts: list[tuple[PurePosixPath, Node]] = [
        (PurePosixPath(mount["mountPath"].text()), mount)
        for mount in call.container["volumeMounts"].elements()
    ]
    above = [(place, mount) for place, mount in mounts if path.is_relative_to(place)]
    if not above:
        return any(path.is_relative_to(place) for place in ALWAYS)
    mount = max(above, key=lambda placed: len(placed[0].parts))[1]
    volume = next(
        (
            volume
            for volume in call.pod["volumes"].elements()
            if volume["name"].text() == mount["name"].text()
        ),
        None,
    )
    return mount["readOnly"].value is not True and not (volume and any(volume[kind] for kind in READ_ONLY))
