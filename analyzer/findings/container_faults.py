"""The fault of one container: of its image, of its configuration, or of how its runs end."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from analyzer.evidence.events import Event
from analyzer.evidence.exits import Exits
from analyzer.evidence.pods import Container, Pod, State
from analyzer.findings.compare import Fault
from analyzer.findings.kills import SIGNAL_REMEDIES, describe_exit_code, find_kill, name_signal
from analyzer.findings.permanent import RAISE_MEMORY, TOO_LITTLE_MEMORY, says_too_little_memory
from analyzer.findings.pulls import explain_failed_pull

# The kubelet's reasons: pkg/kubelet/images/types.go and cri-api's errors.go; pkg/kubelet/kuberuntime;
# containerd's and dockershim's
IMAGE_REASONS = frozenset(
    {
        "ErrImagePull",
        "ImagePullBackOff",
        "InvalidImageName",
        "ErrImageNeverPull",
        "ImageInspectError",
        "RegistryUnavailable",
        "SignatureValidationFailed",
    }
)
CONFIG_REASONS = frozenset(
    {
        "CreateContainerConfigError",
        "CreateContainerError",
        "RunContainerError",
        "PreCreateHookError",
        "PreStartHookError",
        "PostStartHookError",
        "StartError",
        "ContainerCannotRun",
    }
)


@dataclass(frozen=True)
class PodHistory:
    """What is known of a pod beside its state: how its side's first runs ended, its events, the newest first,
    and the present time.
    """

    ended: Exits | None
    events: Sequence[Event]
    now: datetime


def fault_of(pod: Pod, container: Container, history: PodHistory, *, since: datetime) -> Fault | None:
    """Return a container's fault, or None where it has none, or had it before `since`.

    Its text says what the container does, and its samples why. Two exits that go on are a crash loop, one is
    an exit. Exits that have stopped are restarts (a rule of its own); an OOM kill stays one.
    """
    state = container.state
    if container.type == "ephemeral":
        return None
    if state.kind == "waiting" and state.reason in IMAGE_REASONS:
        return _pull_fault(container, history.events)
    if state.kind == "waiting" and state.reason in CONFIG_REASONS:
        return _start_fault(container, state.reason, state.message, ongoing=True)
    last = last_exit(container)
    if last is None or (last.finished_at is not None and last.finished_at < since and is_healthy(container)):
        return None
    ongoing = goes_on(pod, container, history.ended, history.now)
    fault = _exit_fault(container, last, history.events, ongoing=ongoing)
    return replace(fault, ended=last.finished_at) if fault else None


def _pull_fault(container: Container, events: Sequence[Event]) -> Fault:
    pull = explain_failed_pull(container, events)
    fault = Fault(
        "image-pull",
        container.name,
        "cannot pull its image",
        samples=(pull.quote,),
        reason=container.state.reason,
    )
    return replace(fault, cause=pull.cause.text, remedy=pull.cause.remedy) if pull.cause else fault


def _start_fault(container: Container, reason: str, message: str, *, ongoing: bool) -> Fault:
    fault = Fault("config-error", container.name, "cannot be started", ongoing, reason=reason)
    if says_too_little_memory(message):
        return replace(fault, cause=TOO_LITTLE_MEMORY, remedy=RAISE_MEMORY)
    return fault


def _exit_fault(container: Container, last: State, events: Sequence[Event], *, ongoing: bool) -> Fault | None:
    state, name = container.state, container.name
    if last.reason in CONFIG_REASONS:
        return _start_fault(container, last.reason, last.message, ongoing=ongoing)
    if last.reason == "OOMKilled":
        return Fault("oom-kill", name, "is killed for lack of memory", ongoing, reason=last.reason)
    if not ongoing:
        return None
    reason = state.reason if state.kind == "waiting" else ""
    again = container.restarts + (state.kind == "terminated" or state.reason == "CrashLoopBackOff") > 1
    kill = find_kill(container, last, events)
    if kill is not None:
        kind, often = ("crash-loop", " again and again") if again else ("container-exit", "")
        return Fault(
            kind,
            name,
            f"is killed{often} {kill.text}, and ends with {describe_exit_code(last)}",
            samples=_last_probe_message(kill.probe, events),
            remedy=kill.remedy,
            reason=reason,
        )
    remedy = SIGNAL_REMEDIES.get(name_signal(last), "")
    if again:
        text = f"exits with {describe_exit_code(last)} again and again"
        return Fault("crash-loop", name, text, remedy=remedy, reason=reason)
    text = f"exited with {describe_exit_code(last)}"
    return Fault("container-exit", name, text, remedy=remedy, reason=reason)


def _last_probe_message(probe: str, events: Iterable[Event]) -> tuple[str, ...]:
    """Return the kubelet's last message about the probe that failed, or nothing."""
    messages = (
        event.message
        for event in events
        if probe and event.reason == "Unhealthy" and event.message.lower().startswith(probe)
    )
    return tuple(islice(messages, 1))


def goes_on(pod: Pod, container: Container, ended: Exits | None, now: datetime) -> bool:
    """Return whether a container that has exited is expected to exit again.

    It is when the container is down, or has run for at most twice its mean time between exits, (last exit -
    first start) / restarts. Where the first start is not known, the pod's is used. That makes the mean
    longer by the time of the image's pull, and so errs on the side of going on. The present run is measured
    from its own start: the growing back-off between runs says nothing of healing.
    """
    last = container.last_state
    if not is_healthy(container):
        return True
    if container.state.kind == "terminated":  # an init container that has done its work
        return False
    if last is None or last.finished_at is None or container.state.started_at is None:
        return True
    first = min(first_starts(pod, ended, container.name), default=pod.started_at or pod.created_at)
    mean = (last.finished_at - first) / max(1, container.restarts)
    return now - container.state.started_at <= 2 * mean


def is_healthy(container: Container) -> bool:
    """Return whether a container runs, or is an init container that has finished with code 0."""
    state = container.state
    return state.kind == "running" or (
        container.type == "init" and state.kind == "terminated" and state.exit_code == 0
    )


def first_starts(pod: Pod, ended: Exits | None, name: str) -> Iterator[datetime]:
    """Return when a container's first runs started, as far as that is known.

    A run that never started has containerd's zero, 1970, as its start, and is left out.
    """
    runs = ended.of_container(pod.name, name) if ended else ()
    return (run.started_at for run in runs if run.started_at and run.started_at >= pod.created_at)


def known_starts(pod: Pod, ended: Exits | None, events: Sequence[Event], name: str) -> Iterator[datetime]:
    """Return times by which a container had begun: the known starts of its runs, the kubelet's event of the
    first, and its first back-off, which comes after the second run (kuberuntime_manager.go: doBackOff).

    A look that begins late sees only later runs. The time at which the pod got its node would be too early,
    by the time of the image's pull.
    """
    started = list(first_starts(pod, ended, name))
    backed_off = (
        event.first
        for event in events
        if event.reason == "BackOff" and f"failed container {name} in pod" in event.message
    )
    return (at for at in (*started, *started_at(events, name), *backed_off) if started and at)


def started_at(events: Iterable[Event], name: str) -> Iterator[datetime]:
    """Return when the kubelet first said, in each event, that it had started a container
    (kuberuntime_container.go: startContainer).
    """
    return (
        event.first
        for event in events
        if (event.reason, event.container) == ("Started", name) and event.first
    )


def last_exit(container: Container) -> State | None:
    """Return how a container's last run ended, or None where none has."""
    if container.state.kind == "terminated" and not is_healthy(container):
        return container.state
    if container.last_state is not None and container.last_state.kind == "terminated":
        return container.last_state
    return State(kind="terminated") if container.state.reason == "CrashLoopBackOff" else None
