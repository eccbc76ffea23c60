"""Logs of the two sides: whose are read, and what of them.

Hundreds of pods are sampled, each side alike: those in need first (restarted, or not Ready), up to half of the sample, then the
rest in an order that has nothing to do with what they are (a hash of the name), so that what is left out is left out by chance.
A sample is no gap: it is stated, and every pod's status counts all the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import chain, zip_longest

from analyzer.evidence.heard import Asked, ContainerLogs, ExcerptLine, Heard, Mined, Stream
from analyzer.evidence.interface import Gap, Part, Scene
from analyzer.evidence.pods import Pod, Pods
from analyzer.evidence.streams import gaps, mined_stream, read, streams_of
from analyzer.logs.digest import merge
from analyzer.target import Role
from analyzer.value import Value

__all__ = ["ContainerLogs", "ExcerptLine", "LogSource", "Logs", "Sample", "Stream", "assemble", "mined_stream", "sample"]

ENOUGH = 50  # pods read of one side: the rest, which time did not suffice for, is then a matter of sampling and no gap


class Sample(Value):
    """Of how many pods the logs were read, and how many there are."""

    pods: int
    of: int

    def words(self) -> str:
        """ "a sample of 500 of 730 pods"."""
        return f"a sample of {self.pods} of {self.of} pods"


class Logs(Part, tag="logs"):
    """One side's logs. Digests by container name; streams by pod, container, previous last; `sample` is None where all were read."""

    containers: tuple[ContainerLogs, ...]
    streams: tuple[Stream, ...]
    sample: Sample | None = None

    def bounds(self) -> tuple[str, ...]:
        """What of the logs was read, where it is not all, in words."""
        cut, other = sum(stream.truncated for stream in self.streams), sum(each.digest.other for each in self.containers)
        sampled = (self.sample.words(),) if self.sample else ()
        whole = (f"{cut} of {len(self.streams)} logs cut short",) if cut else ()
        return (*sampled, *whole, *((f"{other:,} lines of more templates than are kept",) if other else ()))


class LogSource:
    """Reads the logs of the pods an earlier stage saw, the sides in turn, so that a bound takes from both alike."""

    name = "logs"

    def gather(self, scene: Scene) -> Iterator[Part | Gap]:
        """A stream that cannot be read is a gap; a side has no part when none of its streams could be."""
        pods = {side.role: part.pods for side in scene.sides() if (part := scene.part(Pods, side.role)) is not None}
        chosen = {role: sample(each, scene.look.log_pods) for role, each in pods.items()}
        asked = list(_alternating(*(streams_of(role, chosen.get(role, ())) for role in ("canary", "stable"))))
        heard, reading = read(scene, asked, bound=_share(scene, len(asked)))
        for side in scene.sides():
            if side.role not in pods:
                yield Gap(source=self.name, side=side.role, reason="the pods were not read, so neither were their logs")
                continue
            whole = [each for each in heard if each.asked.group == side.role]
            late = _in_vain(whole)
            own = [each for each in whole if each.asked.pod not in late]
            streams = [each.stream for each in own if each.stream is not None]
            if streams or not own:
                of, most = len(pods[side.role]), len(chosen[side.role]) - len(late)
                sampled = Sample(pods=most, of=of) if most < of else None
                yield Logs(side=side.role, containers=reading.containers(side.role), streams=_ordered(streams), sample=sampled)
            yield from gaps(self.name, side.role, own)


def assemble(role: Role, mined: Sequence[Mined]) -> Logs:
    """One side's part: the streams in order, the digests of each container name merged."""
    names = sorted({stream.container for stream, _ in mined})
    digests = {name: merge(digest for stream, digest in mined if stream.container == name) for name in names}
    return Logs(
        side=role,
        containers=tuple(ContainerLogs(container=name, digest=digest) for name, digest in digests.items()),
        streams=_ordered(stream for stream, _ in mined),
    )


def sample(pods: Sequence[Pod], most: int) -> tuple[Pod, ...]:
    """At most so many pods, in the order they are worth reading."""
    spread = sorted(pods, key=lambda pod: blake2b(pod.name.encode(), digest_size=8).digest())
    needy = list(filter(_in_need, spread))
    if len(pods) > most:
        needy = needy[: most // 2]
    first = {pod.name for pod in needy}
    return (*needy, *(pod for pod in spread if pod.name not in first))[:most]


def _in_need(pod: Pod) -> bool:
    ready = pod.ready()
    return not ready or any(container.restarts for container in pod.containers)


def _share(scene: Scene, streams: int) -> int:
    """Bytes of each stream: all together stay within the bound of all, whichever of them are long."""
    return max(1, min(scene.look.log_bytes, scene.look.log_bytes_total // max(1, streams)))


def _alternating(*sides: Iterable[Asked]) -> Iterator[Asked]:
    return (each for each in chain.from_iterable(zip_longest(*sides)) if each is not None)


def _ordered(streams: Iterable[Stream]) -> tuple[Stream, ...]:
    return tuple(sorted(streams, key=lambda stream: (stream.pod, stream.container, stream.previous)))


def _in_vain(heard: Sequence[Heard]) -> set[str]:
    """The pods whose turn never came, where enough others were read: the order makes a sample of those."""
    asked, begun = {each.asked.pod for each in heard}, {each.asked.pod for each in heard if each.begun}
    return asked - begun if len(begun) >= ENOUGH else set()
