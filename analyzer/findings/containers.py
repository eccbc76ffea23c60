"""What containers do: images that cannot be pulled, configurations that cannot start, OOM kills, crash loops, exits, restarts."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial

from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs, Stream
from analyzer.evidence.pods import Container, Pod, Pods, State
from analyzer.evidence.spec import Spec
from analyzer.findings.compare import ELSEWHERE, SAMPLE_CHARACTERS, Fault, compared, passed, standing, survey
from analyzer.findings.interface import Finding
from analyzer.settings import Rules
from analyzer.target import ROLES, Role

# The kubelet's reasons: pkg/kubelet/images/types.go and cri-api's errors.go; pkg/kubelet/kuberuntime; containerd's and dockershim's
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
CREATION = frozenset({"image-pull", "config-error"})  # what stops a container before its first run
LOG_LINES = 2
ERRORS = ("fatal", "error")


def faults(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Each container's fault, one finding for each kind and container name.

    Not settled where a container cannot be created and at least half of its side's pods could create theirs.
    """
    since = _horizon(evidence)
    streams = _streams(evidence)
    sides = {role: standing(evidence.part(Pods, role)) for role in ROLES}

    def look(role: Role, pod: Pod) -> Iterator[Fault]:
        old = (evidence.window.end - pod.created_at).total_seconds() >= rules.min_age
        for container in pod.containers:
            found = fault_of(pod, container, since=since, now=evidence.window.end)
            if found is not None:
                kind, text, ongoing = found
                samples = (*_messages(container), *_last_lines(streams.get((role, pod.name), ()), container))
                elsewhere = kind in CREATION and passed(sides[role], partial(_has_run, name=container.name))
                fault = Fault(kind, container.name, f"{_label(container)} {text}", ongoing, old, container.restarts, samples)
                yield replace(fault, settled=False, doubt=ELSEWHERE) if old and elsewhere else fault

    return compared(survey(evidence, look))


def _has_run(pod: Pod, name: str) -> bool:
    """Whether the container of that name could be created: it runs, or ran to its end, with nothing in its way."""
    return any(each.name == name and healthy(each) for each in pod.containers)


def fault_of(pod: Pod, container: Container, *, since: datetime, now: datetime) -> tuple[str, str, bool] | None:
    """A container's one fault: its kind, what it does in words, and whether it goes on. None when it has none, or had it before `since`.

    Two exits that go on are a crash loop, one is an exit; exits that have stopped are restarts (a rule of its own), but
    an OOM kill stays one.
    """
    state = container.state
    if container.type == "ephemeral":
        return None
    if state.kind == "waiting" and state.reason in IMAGE_REASONS:
        return "image-pull", f"cannot pull its image ({state.reason})", True
    if state.kind == "waiting" and state.reason in CONFIG_REASONS:
        return "config-error", f"cannot be started ({state.reason})", True
    last = _last_exit(container)
    if last is None or (last.finished_at is not None and last.finished_at < since and healthy(container)):
        return None
    return _exit_fault(container, last, ongoing=goes_on(pod, container, now))


def _exit_fault(container: Container, last: State, *, ongoing: bool) -> tuple[str, str, bool] | None:
    state = container.state
    if last.reason in CONFIG_REASONS:
        return "config-error", f"cannot be started ({last.reason})", ongoing
    if last.reason == "OOMKilled":
        return "oom-kill", "is killed for lack of memory (OOMKilled)", ongoing
    if not ongoing:
        return None
    shown = f" ({state.reason})" if state.kind == "waiting" and state.reason else ""
    if container.restarts + (state.kind == "terminated" or state.reason == "CrashLoopBackOff") > 1:
        return "crash-loop", f"exits with {_code(last)} again and again{shown}", True
    return "container-exit", f"exited with {_code(last)}{shown}", True


def goes_on(pod: Pod, container: Container, now: datetime) -> bool:
    """Whether a container that has exited may be expected to exit again.

    It is when the container is down, or has run for at most twice its mean time between exits, (last exit - pod start) / restarts.
    The present run is measured from its own start: the growing back-off between runs says nothing of healing.
    """
    last = container.last_state
    if not healthy(container):
        return True
    if container.state.kind == "terminated":  # an init container that has done its work
        return False
    if last is None or last.finished_at is None or container.state.started_at is None:
        return True
    mean = (last.finished_at - (pod.started_at or pod.created_at)) / max(1, container.restarts)
    return now - container.state.started_at <= 2 * mean


def healthy(container: Container) -> bool:
    """Whether it runs, or was to finish and did."""
    state = container.state
    return state.kind == "running" or (container.type == "init" and state.kind == "terminated" and state.exit_code == 0)


def restarts(evidence: Evidence, _rules: Rules) -> Iterator[Finding]:
    """Restarts that have stopped, above stable's.

    Counted by pod, not by hour: an exit that healed is nearly always one of the start, which each pod has once, however
    long it runs then; by the hour, stable's older pods would always look better. A pod of stable counts when it restarted
    at least half as often as the canary's do on average.
    """
    since = _horizon(evidence)

    def healed(pod: Pod) -> Iterator[Container]:
        for container in pod.containers:
            if container.restarts and container.type != "ephemeral" and healthy(container):
                fault = fault_of(pod, container, since=since, now=evidence.window.end)
                if fault is None:
                    yield container

    counts: dict[str, list[int]] = {}
    for pod in standing(evidence.part(Pods, "canary")):
        for container in healed(pod):
            counts.setdefault(container.name, []).append(container.restarts)

    def look(role: Role, pod: Pod) -> Iterator[Fault]:
        for container in healed(pod):
            mine = counts.get(container.name, [])
            if mine and (role == "canary" or 2 * container.restarts >= sum(mine) / len(mine)):
                last = _last_exit(container)
                exited = f", last after it exited with {_code(last)}" if last else ""
                text, messages = f"{_label(container)} was restarted{exited}", tuple(_messages(container))
                yield Fault("restarts", container.name, text, ongoing=False, restarts=container.restarts, samples=messages)

    return compared(survey(evidence, look))


def images(evidence: Evidence, _rules: Rules) -> Iterator[Finding]:
    """The images that differ, by name or by what a name that both use stands for: what was meant to change, for whoever asks what did.

    As the pods run them; as the pod template says where a side has no pods.
    """
    sides = {role: _images(evidence, role) for role in ROLES}
    for name in sorted(sides["canary"].keys() & sides["stable"].keys()):
        stable, canary = sides["stable"][name], sides["canary"][name]
        if stable.keys() == canary.keys():
            stable, canary = _digests(stable), _digests(canary)
            if not stable or not canary or stable.keys() & canary.keys():
                continue
        one, two = ", ".join(sorted(stable)), ", ".join(sorted(canary))
        sentence = f"container {name} runs image {two} in the canary and {one} in stable"
        yield Finding(kind="image-differs", key=f"image-differs/{name}", sentence=sentence, stable=one, canary=two)


def _images(evidence: Evidence, role: Role) -> dict[str, dict[str, set[str]]]:
    """Each container's images, and the ids that the nodes give for each."""
    seen: dict[str, dict[str, set[str]]] = {}
    for pod in standing(evidence.part(Pods, role)):
        for container in pod.containers:
            if container.type != "ephemeral":
                seen.setdefault(container.name, {}).setdefault(container.image, set()).add(container.image_id)
    spec = evidence.part(Spec, role)
    return seen or {each.container: {each.text: set()} for each in (spec.fields if spec else ()) if each.group == "image"}


def _digests(images: dict[str, set[str]]) -> dict[str, set[str]]:
    """By name and digest, of those whose digest is known ("docker.io/shop/cart@sha256:…")."""
    return {f"{image}@{each.rpartition('@')[2]}": set() for image, ids in images.items() for each in ids if "@sha256:" in each}


def _horizon(evidence: Evidence) -> datetime:
    """Both sides are watched for the same time: what stable did before the first canary pod was there is no comparison."""
    return min((pod.created_at for pod in standing(evidence.part(Pods, "canary"))), default=evidence.window.start)


def _last_exit(container: Container) -> State | None:
    if container.state.kind == "terminated" and not healthy(container):
        return container.state
    if container.last_state is not None and container.last_state.kind == "terminated":
        return container.last_state
    return State(kind="terminated") if container.state.reason == "CrashLoopBackOff" else None


def _label(container: Container) -> str:
    return f"{'container' if container.type == 'main' else f'{container.type} container'} {container.name}"


def _code(exited: State) -> str:
    if exited.exit_code is None:
        return f"signal {exited.signal}" if exited.signal else "an unknown code"
    return f"code {exited.exit_code}"


def _messages(container: Container) -> Iterator[str]:
    for state in (container.state, container.last_state):
        if state is not None and state.kind in {"waiting", "terminated"} and state.reason != "CrashLoopBackOff":
            yield state.message if state.kind == "waiting" else state.message[-SAMPLE_CHARACTERS:]  # which may be a log's end


def _streams(evidence: Evidence) -> dict[tuple[Role, str], list[Stream]]:
    found: dict[tuple[Role, str], list[Stream]] = {}
    for role in ROLES:
        logs = evidence.part(Logs, role)
        for stream in logs.streams if logs else ():
            found.setdefault((role, stream.pod), []).append(stream)
    return found


def _last_lines(streams: Iterable[Stream], container: Container) -> Iterator[str]:
    """What the run that failed said last: its last error, for a trace's end names no fault, and its last lines.

    That run is the previous one, or the present one while the container is down.
    """
    from analyzer.logs.fields import mask  # for nothing but a container that failed

    mine = [stream for stream in streams if stream.container == container.name and stream.excerpt]
    failed = [stream for stream in mine if stream.previous] or [stream for stream in mine if not healthy(container)]
    for stream in failed[:1]:
        lines = [line.text for line in stream.excerpt]
        end = lines[-LOG_LINES:]
        errors = [line for line in lines if mask(line).level in ERRORS]
        yield from (*(error for error in errors[-1:] if error not in end), *end)
