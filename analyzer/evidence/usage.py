"""Usage: CPU and memory of each container, from the metrics API (metrics.k8s.io, which metrics-server
serves).
"""

from collections.abc import Iterable, Iterator

from analyzer.cluster.errors import ClusterError, Denied, MissingResource
from analyzer.common.value import Json, Moment, Value
from analyzer.evidence.fields import parse_quantity, parse_time
from analyzer.evidence.interface import Gap, Part, SourceContext, gap_from_error
from analyzer.evidence.pods import Pods
from analyzer.target import Role, Side


class UsageSample(Value):
    """What a container used at a time: cores, as an average over the scraper's interval, and bytes of its
    working set.
    """

    at: Moment
    cpu: float
    memory: int


class ContainerUsage(Value):
    """One container of one pod, the oldest sample first."""

    pod: str
    container: str
    samples: tuple[UsageSample, ...]


class Usage(Part, tag="usage"):
    """One side's usage, by pod and container. A pod without figures in the API is left out."""

    containers: tuple[ContainerUsage, ...]


class UsageSource:
    """Lists each side's PodMetrics by its selector: they carry the labels of their pods."""

    name = "usage"

    def gather(self, scene: SourceContext) -> Iterator[Part | Gap]:
        """Yield each side's usage, one sample a container, and gaps.

        Gaps are minor: a container that runs out of memory shows in its pod as well.
        """
        for side in scene.sides():
            try:
                yield self._usage(scene, side)
            except (MissingResource, Denied) as error:  # the same for both sides
                yield self._no_api_gap(error)
                return
            except ClusterError as error:
                yield gap_from_error(self.name, side.role, error, minor=True)

    def _usage(self, scene: SourceContext, side: Side) -> Part | Gap:
        path = f"/apis/metrics.k8s.io/v1beta1/namespaces/{scene.target.namespace}/pods"
        containers = [
            usage
            for item in scene.cluster.list(path, labelSelector=side.selector)
            for usage in _containers(item, scene)
        ]
        pods = scene.part(Pods, side.role)
        if not containers and (pods is None or pods.pods):
            return Gap(
                source=self.name,
                side=side.role,
                reason="the metrics API has no figures of these pods",
                minor=True,
            )
        return join_usage(side.role, containers)

    def _no_api_gap(self, error: MissingResource | Denied) -> Gap:
        if isinstance(error, Denied):
            return Gap(
                source=self.name,
                side=None,
                reason=f"the metrics API: {error}",
                advice=error.advice,
                minor=True,
            )
        advice = "install metrics-server to see CPU and memory"
        return Gap(
            source=self.name,
            side=None,
            reason="this cluster serves no metrics API (metrics.k8s.io)",
            advice=advice,
            minor=True,
        )


def join_usage(role: Role, containers: Iterable[ContainerUsage]) -> Usage:
    """Return the usage of several looks as one part, each container's samples in the order of their times.

    Of samples of one time the last counts: the API repeats its latest figures.
    """
    samples: dict[tuple[str, str], dict[Moment, UsageSample]] = {}
    for usage in containers:
        samples.setdefault((usage.pod, usage.container), {}).update(
            {sample.at: sample for sample in usage.samples}
        )
    return Usage(
        side=role,
        containers=tuple(
            ContainerUsage(
                pod=pod, container=container, samples=tuple(sample for _, sample in sorted(by_time.items()))
            )
            for (pod, container), by_time in sorted(samples.items())
        ),
    )


def add_usage(before: Usage | None, usage: Usage, _at: Moment) -> Usage:
    """Return the usage seen before and that of one more look as one part."""
    assert usage.side is not None
    return join_usage(usage.side, [*(before.containers if before else ()), *usage.containers])


def _containers(item: Json, scene: SourceContext) -> Iterator[ContainerUsage]:
    """Yield what each container of a PodMetrics object used.

    https://github.com/kubernetes/metrics/blob/master/pkg/apis/metrics/v1beta1/types.go
    """
    at = parse_time(item.get("timestamp")) or scene.window.end
    for container in item.get("containers") or ():
        used = container.get("usage") or {}
        cpu, memory = parse_quantity(used.get("cpu")), parse_quantity(used.get("memory"))
        if cpu is not None and memory is not None:
            sample = UsageSample(at=at, cpu=cpu, memory=int(memory))
            yield ContainerUsage(pod=item["metadata"]["name"], container=container["name"], samples=(sample,))
