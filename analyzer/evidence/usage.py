"""Usage: CPU and memory of each container, from the metrics API (metrics.k8s.io, which metrics-server serves)."""

from collections.abc import Iterable, Iterator

from analyzer.cluster.errors import ClusterError, Denied, Missing
from analyzer.evidence.fields import Json, moment, quantity
from analyzer.evidence.interface import Gap, Part, Scene, unread
from analyzer.evidence.pods import Pods
from analyzer.target import Role, Side
from analyzer.value import Moment, Value


class Sample(Value):
    """What a container used at a time: cores, as an average over the scraper's interval, and bytes of its working set."""

    at: Moment
    cpu: float
    memory: int


class ContainerUsage(Value):
    """One container of one pod, the oldest sample first."""

    pod: str
    container: str
    samples: tuple[Sample, ...]


class Usage(Part, tag="usage"):
    """One side's usage, by pod and container. A pod of which the API has no figures yet is not in it."""

    containers: tuple[ContainerUsage, ...]


class UsageSource:
    """Lists each side's PodMetrics by its selector: they carry the labels of their pods."""

    name = "usage"

    def gather(self, scene: Scene) -> Iterator[Part | Gap]:
        """One look, one sample. Gaps are minor: what runs out of memory or time shows in the pods as well."""
        for side in scene.sides():
            try:
                yield self._usage(scene, side)
            except (Missing, Denied) as error:  # the same for both sides
                yield self._none(error)
                return
            except ClusterError as error:
                yield unread(self.name, side.role, error, minor=True)

    def _usage(self, scene: Scene, side: Side) -> Part | Gap:
        path = f"/apis/metrics.k8s.io/v1beta1/namespaces/{scene.target.namespace}/pods"
        seen = [usage for item in scene.cluster.list(path, labelSelector=side.selector) for usage in _containers(item, scene)]
        pods = scene.part(Pods, side.role)
        if not seen and (pods is None or pods.pods):
            return Gap(source=self.name, side=side.role, reason="the metrics API has no figures of these pods", minor=True)
        return joined(side.role, seen)

    def _none(self, error: Missing | Denied) -> Gap:
        if isinstance(error, Denied):
            return Gap(source=self.name, side=None, reason=f"the metrics API: {error}", advice=error.advice, minor=True)
        advice = "install metrics-server to see CPU and memory"
        return Gap(source=self.name, side=None, reason="this cluster serves no metrics API (metrics.k8s.io)", advice=advice, minor=True)


def joined(role: Role, seen: Iterable[ContainerUsage]) -> Usage:
    """One part of many looks: each container's samples in order, those of one time once (the API repeats its last figures)."""
    samples: dict[tuple[str, str], dict[Moment, Sample]] = {}
    for each in seen:
        samples.setdefault((each.pod, each.container), {}).update({sample.at: sample for sample in each.samples})
    return Usage(
        side=role,
        containers=tuple(
            ContainerUsage(pod=pod, container=container, samples=tuple(sample for _, sample in sorted(found.items())))
            for (pod, container), found in sorted(samples.items())
        ),
    )


def longer(before: Usage | None, seen: Usage, _at: Moment) -> Usage:
    """What was seen before, and one look more."""
    assert seen.side is not None
    return joined(seen.side, [*(before.containers if before else ()), *seen.containers])


def _containers(item: Json, scene: Scene) -> Iterator[ContainerUsage]:
    """https://github.com/kubernetes/metrics/blob/master/pkg/apis/metrics/v1beta1/types.go"""
    at = moment(item.get("timestamp")) or scene.window.end
    for container in item.get("containers") or ():
        used = container.get("usage") or {}
        cpu, memory = quantity(used.get("cpu")), quantity(used.get("memory"))
        if cpu is not None and memory is not None:
            sample = Sample(at=at, cpu=cpu, memory=int(memory))
            yield ContainerUsage(pod=item["metadata"]["name"], container=container["name"], samples=(sample,))
