"""CPU and memory of containers: memory near its limit or rising toward it, CPU at its limit, and both far
above stable's.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import combinations
from statistics import fmean, median

from analyzer.evidence import Evidence
from analyzer.evidence.fields import parse_quantity
from analyzer.evidence.pods import Container, Pod, Pods
from analyzer.evidence.usage import Usage, UsageSample
from analyzer.findings.chance import chance_of_rise
from analyzer.findings.compare import CHANCE, Fault, compare_sides, survey_pods
from analyzer.findings.interface import Finding, Rule
from analyzer.findings.side_pods import select_standing_pods
from analyzer.settings import Rules
from analyzer.target import ROLES, Role

NEAR_LIMIT = 0.9  # of the memory limit
THROTTLED = 0.95  # of the CPU limit: the kernel stops a container at it, so an average never goes beyond
FAR_ABOVE = 2.0  # times stable's …
FLOORS = {"CPU": 0.1, "memory": 64 * 1024**2}  # … and at least so much above it, cores and bytes
SERIES = 5  # samples, and …
RISE = 0.02  # … so much of the limit between the first and the last: less is no trend
# of a memory limit: so much less than counts in the canary counts in stable, for 89 % beside 91 % is no
# difference
LEEWAY = 0.05
Test = Callable[[Container, Sequence[UsageSample], float], tuple[str, str] | None]


def memory_near_limit(evidence: Evidence, _rules: Rules) -> Iterator[Finding]:
    """Yield the containers that use 90 % of their memory limit or more."""

    def near(container: Container, samples: Sequence[UsageSample], leeway: float) -> tuple[str, str] | None:
        limit, used = parse_quantity(container.limits.get("memory")), samples[-1].memory
        if not limit or used < (NEAR_LIMIT - leeway) * limit:
            return None
        return (
            f"uses {NEAR_LIMIT:.0%} of its memory limit or more",
            f"{_mebibytes(used)} of {_mebibytes(limit)} ({used / limit:.0%})",
        )

    return _test_containers(evidence, "memory-near-limit", near)


def memory_above_request(evidence: Evidence, _rules: Rules) -> Iterator[Finding]:
    """Yield the containers that use more memory than they request, for information: a node that runs short
    evicts these first.

    https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/#pod-selection-for-kubelet-eviction
    """

    def above(container: Container, samples: Sequence[UsageSample], _leeway: float) -> tuple[str, str] | None:
        request, used = parse_quantity(container.requests.get("memory")), samples[-1].memory
        if not request or used <= request:
            return None
        return "uses more memory than it requests", f"{_mebibytes(used)}, {_mebibytes(request)} requested"

    return _test_containers(evidence, "memory-above-request", above)


def memory_climbing(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Yield the containers whose memory reaches its limit if it rises for as long again as it was watched.

    The slope is the median of all pairs' (Theil-Sen: P. K. Sen, JASA 63, 1968). So one jump is no trend, nor
    is memory that a garbage collector frees again and again. The first `min_fault_age` of a container is left
    out: every container grows at its start.
    """

    def climbs(
        container: Container, samples: Sequence[UsageSample], _leeway: float
    ) -> tuple[str, str] | None:
        limit = parse_quantity(container.limits.get("memory"))
        steady = _samples_after(samples, container.state.started_at, rules.min_fault_age)
        if not limit or len(steady) < SERIES or steady[-1].memory - steady[0].memory < RISE * limit:
            return None
        if chance_of_rise([sample.memory for sample in steady]) > CHANCE:
            return None
        seconds = (steady[-1].at - steady[0].at).total_seconds()
        slope = median(
            (b.memory - a.memory) / (b.at - a.at).total_seconds() for a, b in combinations(steady, 2)
        )
        if steady[-1].memory + slope * seconds < limit:
            return None
        rise = (
            f"{_mebibytes(steady[0].memory)} to {_mebibytes(steady[-1].memory)} of {_mebibytes(limit)}"
            f" in {seconds:.0f} s"
        )
        return "uses more and more memory and is about to reach its limit", rise

    return _test_containers(evidence, "memory-climbing", climbs)


def cpu_at_limit(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Yield the containers that use all the CPU of their limit after their first `min_fault_age`: they are
    likely throttled.
    """

    def throttled(
        container: Container, samples: Sequence[UsageSample], _leeway: float
    ) -> tuple[str, str] | None:
        limit, steady = (
            parse_quantity(container.limits.get("cpu")),
            _samples_after(samples, container.state.started_at, rules.min_fault_age),
        )
        if not limit or not steady or fmean(sample.cpu for sample in steady) < THROTTLED * limit:
            return None
        used = fmean(sample.cpu for sample in steady)
        return (
            "uses all the CPU its limit allows, so it is likely throttled",
            f"{used:.2f} of {limit:.2f} cores",
        )

    return _test_containers(evidence, "cpu-at-limit", throttled)


def above_stable(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Yield CPU and memory per pod of at least twice stable's, over pods past `min_fault_age`.

    CPU is for information, since it follows the traffic that a pod gets.
    """
    stable, canary = (_means(evidence, role, rules) for role in ROLES)
    for name in sorted(stable.keys() & canary.keys()):
        for resource, kind, show in (
            ("CPU", "cpu-above-stable", _cores),
            ("memory", "memory-above-stable", _mebibytes),
        ):
            theirs, mine = stable[name][resource], canary[name][resource]
            if mine >= FAR_ABOVE * theirs and mine - theirs >= FLOORS[resource]:
                yield Finding(
                    kind=kind,
                    key=f"{kind}/{name}",
                    sentence=f"container {name} uses {show(mine)} of {resource} per pod in the canary,"
                    f" and {show(theirs)} in stable",
                    stable=f"{show(theirs)} per pod",
                    canary=f"{show(mine)} per pod",
                )


def _test_containers(evidence: Evidence, kind: str, test: Test) -> Iterator[Finding]:
    """Yield one finding for each container name that fails `test`; none that only stable fails.

    `test` returns words that many containers share, and one container's figures as a sample; None for a
    container that is well. It gets `LEEWAY` for stable, and 0 for the canary.
    """
    used = {role: _samples(evidence, role) for role in ROLES}

    def faults(role: Role, pod: Pod) -> Iterator[Fault]:
        leeway = LEEWAY if role == "stable" else 0.0
        for container in pod.containers:
            samples = used[role].get((pod.name, container.name))
            failure = test(container, samples, leeway) if samples else None
            if failure is not None:
                text, figures = failure
                yield Fault(
                    kind,
                    container.name,
                    f"container {container.name} {text}",
                    samples=(f"{pod.name}: {figures}",),
                )

    return (
        finding
        for finding in compare_sides(survey_pods(evidence, faults, needs=(Usage,)))
        if finding.scope != "stable"
    )


def _samples(evidence: Evidence, role: Role) -> dict[tuple[str, str], tuple[UsageSample, ...]]:
    """Return the samples of each container's present run, by pod and container, in the order of their times.

    Of several samples of one time the last counts.
    """
    usage, pods = evidence.part(Usage, role), evidence.part(Pods, role)
    begun = {
        (pod.name, container.name): container.state.started_at
        for pod in (pods.pods if pods else ())
        for container in pod.containers
    }
    samples_by_container = {
        (measured.pod, measured.container): tuple(
            {sample.at: sample for sample in sorted(measured.samples, key=lambda sample: sample.at)}.values()
        )
        for measured in (usage.containers if usage else ())
    }
    return {
        key: tuple(_samples_after(samples, begun.get(key), 0))
        for key, samples in samples_by_container.items()
    }


def _samples_after(
    samples: Sequence[UsageSample], started: datetime | None, seconds: float
) -> list[UsageSample]:
    return [
        sample for sample in samples if started is None or sample.at >= started + timedelta(seconds=seconds)
    ]


def _means(evidence: Evidence, role: Role, rules: Rules) -> dict[str, dict[str, float]]:
    """Return the mean over pods of each pod's mean, by container name and by resource: CPU in cores, memory
    in bytes.
    """
    used = _samples(evidence, role)
    pod_means: dict[str, list[tuple[float, float]]] = {}
    for pod in select_standing_pods(evidence.part(Pods, role)):
        for container in pod.containers:
            steady = _samples_after(
                used.get((pod.name, container.name), ()), container.state.started_at, rules.min_fault_age
            )
            if steady:
                means = (fmean(sample.cpu for sample in steady), fmean(sample.memory for sample in steady))
                pod_means.setdefault(container.name, []).append(means)
    return {
        name: {"CPU": fmean(cpu for cpu, _ in pods), "memory": fmean(memory for _, memory in pods)}
        for name, pods in pod_means.items()
    }


def _cores(value: float) -> str:
    return f"{value:.2f} cores"


def _mebibytes(value: float) -> str:
    return f"{value / 1024**2:.0f} MiB"


RULES: tuple[Rule, ...] = (
    Rule(memory_near_limit, needs=(Pods, Usage)),
    Rule(memory_above_request, needs=(Pods, Usage)),
    Rule(memory_climbing, needs=(Pods, Usage)),
    Rule(cpu_at_limit, needs=(Pods, Usage)),
    Rule(above_stable, needs=(Pods, Usage)),
)
