"""Context: the logs of pods that both sides share, such as a gateway or a dependency. Never a side: nothing there is the canary's."""

import re
from collections.abc import Iterator, Sequence

from analyzer.cluster.errors import ClusterError
from analyzer.errors import UsageError
from analyzer.evidence.heard import ContainerLogs
from analyzer.evidence.interface import Gap, Part, Scene, unread
from analyzer.evidence.logs import Sample, sample
from analyzer.evidence.pods import Pods, pods_of
from analyzer.evidence.streams import gaps, read, streams_of
from analyzer.selectors import is_selector

PODS = 10  # of one selector whose logs are read: they explain, and decide nothing
WIDTH = 4  # streams at a time, beside those of the sides
_NAME = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")


class ContextLogs(Part, tag="context"):
    """What one selector found: its name, its pods, and their logs by container. `sample` is None where all pods' were read."""

    name: str
    pods: int
    containers: tuple[ContainerLogs, ...]
    sample: Sample | None = None


class ContextSource:
    """Reads the logs of the pods that each `--context-selector` finds in the target's namespace, less those on a side."""

    name = "context"

    def gather(self, scene: Scene) -> Iterator[Part | Gap]:
        """Every gap is minor: it would have explained."""
        for given in scene.look.context_selectors:
            name, selector = parsed(given)
            try:
                found = [pod for pod in pods_of(scene, selector) if pod.name not in _on_a_side(scene)]
            except ClusterError as error:
                yield unread(self.name, None, error, minor=True)
                continue
            if not found:
                yield Gap(source=self.name, side=None, reason=f"{name}: no pods match {selector}, the sides' own apart", minor=True)
                continue
            chosen = sample(found, PODS)
            asked = list(streams_of(name, chosen))
            bound = max(1, scene.look.log_bytes // max(1, len(asked)))
            heard, reading = read(scene, asked, bound=bound, width=WIDTH)
            if any(each.stream is not None for each in heard):
                sampled = Sample(pods=len(chosen), of=len(found)) if len(chosen) < len(found) else None
                yield ContextLogs(side=None, name=name, pods=len(found), containers=reading.containers(name), sample=sampled)
            yield from gaps(self.name, None, heard, minor=True)


def check(selectors: Sequence[str]) -> None:
    """UsageError unless each is NAME=SELECTOR, and no name is given twice."""
    names = [parsed(each)[0] for each in selectors]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise UsageError(f"--context-selector names {twice!r} twice", advice="give each its own name")


def parsed(given: str) -> tuple[str, str]:
    """Name and selector. UsageError when it is not one of each."""
    name, _, selector = given.partition("=")
    if not (_NAME.fullmatch(name) and is_selector(selector)):
        raise UsageError(
            f"--context-selector {given!r} is not NAME=SELECTOR",
            advice="such as gateway=app=istio-gateway; several in the environment stand one a line",
        )
    return name, selector


def _on_a_side(scene: Scene) -> set[str]:
    return {pod.name for side in scene.sides() if (part := scene.part(Pods, side.role)) for pod in part.pods}
