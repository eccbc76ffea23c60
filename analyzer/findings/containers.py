"""Faults of containers: images that cannot be pulled, configurations that cannot start, OOM kills, crash
loops, exits, restarts.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from analyzer.evidence import Evidence
from analyzer.evidence.events import Event
from analyzer.evidence.exits import Exits
from analyzer.evidence.pods import Container, Pod, Pods
from analyzer.findings.compare import SAMPLE_CHARACTERS, Fault, compare_sides, survey_pods
from analyzer.findings.container_faults import PodHistory, fault_of, is_healthy, known_starts, last_exit
from analyzer.findings.failed_starts import fails_to_start
from analyzer.findings.interface import Finding
from analyzer.findings.kills import describe_exit_code, find_kill
from analyzer.findings.last_lines import lines_of_failed_run, streams_by_pod
from analyzer.findings.permanent import cannot_heal
from analyzer.findings.side_pods import ELSEWHERE, events_by_pod, most_pods_pass, select_standing_pods
from analyzer.settings import Rules
from analyzer.target import ROLES, Role

CREATION = frozenset({"image-pull", "config-error"})  # what stops a container before its first run


def faults(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Yield each container's fault, one finding for each kind and container name.

    Settled when the fault is `min_fault_age` old, or does not heal by itself. Not settled where a container
    cannot be created and at least half of its side's pods could create theirs.
    """
    since, now = _horizon(evidence), evidence.window.end
    streams, events = streams_by_pod(evidence), events_by_pod(evidence)
    sides = {role: select_standing_pods(evidence.part(Pods, role)) for role in ROLES}

    def is_settled(role: Role, pod: Pod, container: Container, kind: str) -> bool:
        pod_events, ended = events.get((role, pod.name), ()), evidence.part(Exits, role)
        firsts = (
            _creation_failures(pod_events)
            if kind in CREATION
            else known_starts(pod, ended, pod_events, container.name)
        )
        if (now - min(firsts, default=_scheduled_at(pod))).total_seconds() >= rules.min_fault_age:
            return True
        return (
            cannot_heal(container, pod_events, now)
            if kind in CREATION
            else fails_to_start(
                sides[role],
                container.name,
                ended,
                {each.name: events.get((role, each.name), ()) for each in sides[role]},
            )
        )

    def find_faults(role: Role, pod: Pod) -> Iterator[Fault]:
        history = PodHistory(evidence.part(Exits, role), events.get((role, pod.name), ()), now)
        for container in pod.containers:
            fault = fault_of(pod, container, history, since=since)
            if fault is not None:
                settled = is_settled(role, pod, container, fault.kind)
                logged = lines_of_failed_run(
                    streams.get((role, pod.name), ()), container, down=not is_healthy(container)
                )
                fault = replace(
                    fault,
                    text=f"{_label(container)} {fault.text}",
                    settled=settled,
                    restarts=container.restarts,
                    samples=(*fault.samples, *_messages(container), *logged),
                )
                elsewhere = fault.kind in CREATION and most_pods_pass(
                    sides[role], partial(_has_run, name=container.name)
                )
                yield replace(fault, settled=False, doubt=ELSEWHERE) if settled and elsewhere else fault

    return compare_sides(survey_pods(evidence, find_faults))


def _creation_failures(events: Iterable[Event]) -> Iterator[datetime]:
    """Return when the kubelet first said, in each event, that a container of the pod cannot be created.

    An init container may have run for minutes before.
    """
    return (event.first for event in events if event.reason == "Failed" and event.first)


def _scheduled_at(pod: Pod) -> datetime:
    """Return when the pod got a node, which may take a while; else when it was created."""
    times = (
        condition.since
        for condition in pod.conditions
        if (condition.type, condition.status) == ("PodScheduled", "True") and condition.since
    )
    return next(times, pod.created_at)


def _has_run(pod: Pod, name: str) -> bool:
    """Return whether a pod's container of that name could be created: it runs, or has finished as it
    should.
    """
    return any(container.name == name and is_healthy(container) for container in pod.containers)


def restarts(evidence: Evidence, _rules: Rules) -> Iterator[Finding]:
    """Yield restarts that have stopped, where the canary has more of them than stable.

    They are counted by pod, not by hour. An exit that healed nearly always belongs to a pod's start, which
    each pod has once, however long it runs; by the hour, stable's older pods would always look better. A pod
    of stable counts when it restarted at least half as often as the canary's do on average.
    """
    since, events = _horizon(evidence), events_by_pod(evidence)

    def healed_containers(role: Role, pod: Pod) -> Iterator[Container]:
        history = PodHistory(evidence.part(Exits, role), (), evidence.window.end)
        for container in pod.containers:
            if container.restarts and container.type != "ephemeral" and is_healthy(container):
                fault = fault_of(pod, container, history, since=since)
                if fault is None:
                    yield container

    counts: dict[str, list[int]] = {}
    for pod in select_standing_pods(evidence.part(Pods, "canary")):
        for container in healed_containers("canary", pod):
            counts.setdefault(container.name, []).append(container.restarts)

    def find_faults(role: Role, pod: Pod) -> Iterator[Fault]:
        for container in healed_containers(role, pod):
            canary_counts = counts.get(container.name, [])
            if canary_counts and (
                role == "canary" or 2 * container.restarts >= sum(canary_counts) / len(canary_counts)
            ):
                last_end = _describe_last_exit(container, events.get((role, pod.name), ()))
                text, messages = f"{_label(container)} was restarted{last_end}", tuple(_messages(container))
                yield Fault(
                    "restarts",
                    container.name,
                    text,
                    ongoing=False,
                    restarts=container.restarts,
                    samples=messages,
                    ended=last.finished_at if (last := last_exit(container)) else None,
                )

    return compare_sides(survey_pods(evidence, find_faults))


def _describe_last_exit(container: Container, events: Sequence[Event]) -> str:
    last = last_exit(container)
    if last is None:
        return ""
    kill = find_kill(container, last, events)
    return (
        f", last after it {f'was killed {kill.text}' if kill else f'exited with {describe_exit_code(last)}'}"
    )


def _horizon(evidence: Evidence) -> datetime:
    """Return when the first canary pod was created. What stable did before is left out, so that both sides
    are watched for the same time.
    """
    return min(
        (pod.created_at for pod in select_standing_pods(evidence.part(Pods, "canary"))),
        default=evidence.window.start,
    )


def _label(container: Container) -> str:
    return f"{'container' if container.type == 'main' else f'{container.type} container'} {container.name}"


def _messages(container: Container) -> Iterator[str]:
    for state in (container.state, container.last_state):
        if (
            state is not None
            and state.kind in {"waiting", "terminated"}
            and state.reason != "CrashLoopBackOff"
        ):
            ended = state.kind == "terminated"  # its message may be the end of a log
            yield state.message[-SAMPLE_CHARACTERS:] if ended else state.message
