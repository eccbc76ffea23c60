"""Context: the logs of pods that both sides share, such as a gateway or a dependency. Never a side: nothing
there is the canary's.
"""

import re
from collections.abc import Iterator, Sequence

from analyzer.cluster.errors import ClusterError
from analyzer.common.selectors import is_selector
from analyzer.errors import UsageError
from analyzer.evidence.interface import Gap, Part, SourceContext, gap_from_error
from analyzer.evidence.log_gaps import gaps_of
from analyzer.evidence.log_streams import ContainerLogs, streams_of
from analyzer.evidence.logs import PodSample, sample
from analyzer.evidence.pods import Pods, list_pods
from analyzer.evidence.streams import read_streams

PODS = 10  # of one selector whose logs are read: they explain, and decide nothing
WIDTH = 4  # streams at a time, beside those of the sides
_NAME = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")


class ContextLogs(Part, tag="shared-pods"):
    """The logs of one selector's pods, by container. `pods` is how many the selector matches; `sample` is
    None where the logs of all of them were read.
    """

    name: str
    pods: int
    containers: tuple[ContainerLogs, ...]
    sample: PodSample | None = None


class ContextSource:
    """Reads the logs of the pods that each `--shared-pods` matches in the target's namespace, except
    those of a side.
    """

    name = "shared-pods"

    def gather(self, scene: SourceContext) -> Iterator[Part | Gap]:
        """Yield the logs of each selector, and gaps. Every gap is minor: these logs explain and decide
        nothing.
        """
        for option in scene.look.shared_pods:
            name, selector = parse_selector(option)
            try:
                pods = [pod for pod in list_pods(scene, selector) if pod.name not in _names_on_sides(scene)]
            except ClusterError as error:
                yield gap_from_error(self.name, None, error, minor=True)
                continue
            if not pods:
                yield Gap(
                    source=self.name,
                    side=None,
                    reason=f"{name}: no pods match {selector}, the sides' own apart",
                    minor=True,
                )
                continue
            chosen = sample(pods, PODS)
            requests = list(streams_of(name, chosen))
            bound = max(1, scene.look.log_bytes // max(1, len(requests)))
            answers, reading = read_streams(scene, requests, bound=bound, width=WIDTH)
            if any(answer.stream is not None for answer in answers):
                sampled = PodSample(pods=len(chosen), of=len(pods)) if len(chosen) < len(pods) else None
                yield ContextLogs(
                    side=None, name=name, pods=len(pods), containers=reading.containers(name), sample=sampled
                )
            yield from gaps_of(self.name, None, answers, minor=True)


def check_selectors(selectors: Sequence[str]) -> None:
    """Raise UsageError unless each is NAME=SELECTOR, and no name occurs twice."""
    names = [parse_selector(selector)[0] for selector in selectors]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise UsageError(f"--shared-pods names {twice!r} twice", advice="give each its own name")


def parse_selector(option: str) -> tuple[str, str]:
    """Return the name and the selector of NAME=SELECTOR. Raises UsageError for anything else."""
    name, _, selector = option.partition("=")
    if not (_NAME.fullmatch(name) and is_selector(selector)):
        raise UsageError(
            f"--shared-pods {option!r} is not NAME=SELECTOR",
            advice="such as gateway=app=istio-gateway; several in the environment stand one a line",
        )
    return name, selector


def _names_on_sides(scene: SourceContext) -> set[str]:
    parts = [scene.part(Pods, side.role) for side in scene.sides()]
    return {pod.name for part in parts if part for pod in part.pods}
