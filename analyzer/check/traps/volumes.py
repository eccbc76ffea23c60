"""Traps of what is mounted: a volume that is not there, and a record that nobody could write.

validateVolumeMounts in Kubernetes' pkg/apis/core/validation; ConfigMaps, Secrets and the like are mounted read-only
(https://kubernetes.io/docs/concepts/storage/volumes/).
"""

from collections.abc import Iterator
from pathlib import PurePosixPath

from analyzer.check.documents import Node
from analyzer.check.traps.interface import Manifests, Trap
from analyzer.check.traps.ours import Ours, ours
from analyzer.check.traps.reading import reading
from analyzer.errors import UsageError

READ_ONLY = ("configMap", "secret", "downwardAPI", "projected", "image")
ALWAYS = ("/dev", "/proc")  # not of the image


def volumes(manifests: Manifests) -> Iterator[Trap]:
    """Of every pod that runs this product."""
    for each in ours(manifests):
        yield from _mounts(each)
        yield from _record(each, manifests)


def _mounts(each: Ours) -> Iterator[Trap]:
    names = [volume["name"].text() for volume in each.pod["volumes"].each()]
    for container in (*each.pod["containers"].each(), *each.pod["initContainers"].each()):
        for mount in container["volumeMounts"].each():
            if (name := mount["name"].text()) not in names:
                what = f"volumeMount {name!r} is none of the pod's volumes: Kubernetes refuses the Job"
                yield Trap(mount, what, f"there are: {', '.join(names)}" if names else "add it to the pod's volumes")


def _record(each: Ours, manifests: Manifests) -> Iterator[Trap]:
    try:
        known = reading(each, manifests.lines)
    except UsageError:
        return  # told where the command line is looked at
    if known is None or not known.clear("--save") or each.container["securityContext"]["readOnlyRootFilesystem"].value is not True:
        return
    path = known.settings.tell.save
    if path.startswith("/") and not _writable(each, PurePosixPath(path)):
        what = f"--save {path[:80]}: the container's file system is read-only, and no volume that can be written is mounted there"
        yield Trap(each.at, what, "mount one there, such as an emptyDir: the record is lost without it", "note")


def _writable(each: Ours, path: PurePosixPath) -> bool:
    """By the mount that is nearest above it."""
    mounts: list[tuple[PurePosixPath, Node]] = [
        (PurePosixPath(mount["mountPath"].text()), mount) for mount in each.container["volumeMounts"].each()
    ]
    above = [(place, mount) for place, mount in mounts if path.is_relative_to(place)]
    if not above:
        return any(path.is_relative_to(place) for place in ALWAYS)
    mount = max(above, key=lambda found: len(found[0].parts))[1]
    volume = next((volume for volume in each.pod["volumes"].each() if volume["name"].text() == mount["name"].text()), None)
    return mount["readOnly"].value is not True and not (volume and any(volume[kind] for kind in READ_ONLY))
