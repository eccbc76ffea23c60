"""What ended a container's run, other than the container itself: the kubelet, by its events, or a signal, by
the exit code.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain

from analyzer.evidence.events import Event
from analyzer.evidence.pods import Container, State

# Linux on amd64 and arm64 (signal(7)). Not Python's own table: a record replayed elsewhere says the same.
SIGNALS = {
    1: "SIGHUP",
    2: "SIGINT",
    3: "SIGQUIT",
    4: "SIGILL",
    5: "SIGTRAP",
    6: "SIGABRT",
    7: "SIGBUS",
    8: "SIGFPE",
    9: "SIGKILL",
    10: "SIGUSR1",
    11: "SIGSEGV",
    12: "SIGUSR2",
    13: "SIGPIPE",
    14: "SIGALRM",
    15: "SIGTERM",
    24: "SIGXCPU",
    25: "SIGXFSZ",
    31: "SIGSYS",
}
BY_SIGNAL = 128  # an exit code above it is that and the signal's number (bash(1), EXIT STATUS)
SIGNAL_REMEDIES = {
    "SIGILL": "Build the image, and what native libraries it has, for the processor of the nodes.",
    "SIGABRT": (
        "See what its last lines say: it ends itself, by a failed assertion or a fault of its runtime."
    ),
    "SIGBUS": "Look for a native library or a mapped file that the new version brings.",
    "SIGSEGV": (
        "Look for a native library that the new version brings, and whether the image fits the"
        " node's processor."
    ),
    "SIGKILL": (
        "Find what killed it: the kernel for memory (the node's log says so), or a stop that outlasted"
        " its grace period."
    ),
    "SIGTERM": "Find what stops it: a probe, a supervisor in the image, or a change of its pod.",
    "SIGSYS": "Compare the seccomp profile with the system calls of the new version.",
}
TRUNCATED = timedelta(seconds=2)  # the API's times have whole seconds


@dataclass(frozen=True)
class Kill:
    """Why the kubelet ended a run. `text` follows "is killed ", `probe` is the probe that failed, or empty,
    and `remedy` is what to do.
    """

    text: str
    probe: str
    remedy: str


# The kubelet's words (pkg/kubelet/kuberuntime/kuberuntime_manager.go), and those before Kubernetes 1.16.
_PROBE = re.compile(
    r"(?:Container |://)(?P<name>[^\s\":/]{1,253})(?::Container)? failed (?P<probe>liveness|startup) probe"
)
PROBES = {
    "liveness": Kill(
        "by its liveness probe",
        "liveness",
        (
            "Check the liveness probe's path, port and timing against the new version;"
            " if it only starts slowly, give it a startup probe."
        ),
    ),
    "startup": Kill(
        "by its startup probe",
        "startup",
        (
            "Check the startup probe's path and port against the new version, or allow it more time to start"
            " (failureThreshold)."
        ),
    ),
}
# By the event's reason (pkg/kubelet/events/event.go).
HOOKS = {
    "FailedPostStartHook": Kill(
        "because its postStart hook failed",
        "",
        "Correct the postStart hook, or have the image bring what it runs.",
    ),
    "FailedPreStopHook": Kill(
        "while its preStop hook failed",
        "",
        "Correct the preStop hook, or have the image bring what it runs; and find what stops the container.",
    ),
    "ExceededGracePeriod": Kill(
        "because it did not stop within its grace period",
        "",
        "Have it end on SIGTERM, or raise terminationGracePeriodSeconds; and find what stops the container.",
    ),
}


def find_kill(container: Container, exited: State, events: Sequence[Event]) -> Kill | None:
    """Return why the kubelet ended this run of a container, or None where no event says that it did.

    `events` are its pod's. An event is about this run if it was last seen during the run. The exit code does
    not matter: a container that is asked to stop may exit with any. Where it ran out of memory, the kernel
    ended it.
    """
    if exited.reason == "OOMKilled":
        return None
    during = [event for event in events if _within(event, exited)]
    probes = (_probe(container, event) for event in during)
    hooks = (HOOKS.get(event.reason) for event in during if event.container in ("", container.name))
    return next((kill for kill in chain(probes, hooks) if kill is not None), None)


def _probe(container: Container, event: Event) -> Kill | None:
    match = _PROBE.search(event.message) if event.reason == "Killing" else None
    return PROBES[match["probe"]] if match and match["name"] == container.name else None


def name_signal(exited: State) -> str:
    """Return the name of the signal that ended a run, or empty."""
    code = exited.exit_code or 0
    return SIGNALS.get(exited.signal or (code - BY_SIGNAL if code > BY_SIGNAL else 0), "")


def describe_exit_code(exited: State) -> str:
    """Return the code or signal of a run's end in words: "code 1", "code 137 (SIGKILL)"."""
    name = name_signal(exited)
    if exited.exit_code is None:
        signal = f"signal {exited.signal}{f' ({name})' if name else ''}"
        return signal if exited.signal else "an unknown code"
    return f"code {exited.exit_code}{f' ({name})' if name else ''}"


def _within(event: Event, exited: State) -> bool:
    """Return whether an event was last seen during a run; True where it has no time."""
    if event.last is None:
        return True
    after = exited.started_at is None or event.last >= exited.started_at - TRUNCATED
    return after and (exited.finished_at is None or event.last <= exited.finished_at + TRUNCATED)
