"""Faults that do not heal by themselves: their signs, each with how long it must be seen. For these a rule
need not wait for `--min-fault-age`.

The messages are those of the kubelet (pkg/kubelet of Kubernetes 1.34, the files named below), of runtimes and
of registries. A fault that is not listed, such as a registry that is out of reach or limits its pulls, may
heal, so its rule waits.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from analyzer.evidence.events import Event
from analyzer.evidence.pods import Container, State

PULLING = frozenset({"ErrImagePull", "ImagePullBackOff"})
STARTING = frozenset({"RunContainerError", "CreateContainerError", "StartError", "ContainerCannotRun"})
# seconds: who makes what is missing (a sync wave, an operator for secrets) does it within; the kubelet asks
# twice or more
LASTS = 15.0
TRIES = 2  # pulls that failed: between them the registry was asked anew

_NAME = r"[^\"\s]{1,253}"
_MISSING = re.compile(
    rf"couldn't find key {_NAME} in (?:ConfigMap|Secret) |(?:configmap|secret) \"{_NAME}\" not found"
    r"|references non-existent (?:config|secret) key"
)
_ROOT = re.compile(
    r"container has runAsNonRoot and image (?:will run as root|has (?:an invalid|non-numeric) user)"
)
_NO_COMMAND = re.compile(
    r"exec format error|executable file not found in"
    r"|exec: \"[^\"]{1,500}\": (?:stat [^\":]{1,500}: )?(?:no such file or directory|permission denied"
    r"|is a directory)"
)
# of the node's own tools, which may still be installed
_NODE = re.compile(r"\bhooks?\b|prestart|start shim|runtime handler|credential")
# runc's words, CRI-O's and Docker's
_MEMORY = re.compile(
    r"OOM-killed \(memory limit too low|memory limit [0-9]{1,20} too low|inimum memory limit allowed"
)
TOO_LITTLE_MEMORY = "its memory limit is too low for it to start"
RAISE_MEMORY = "Raise the memory limit: what starts a container needs some megabytes of it."
# a registry gave one
_ANSWER = re.compile(r"failed to resolve|manifest|repository|pull access|registry|requested access|authorize")
_NO_IMAGE = re.compile(
    r"not found|NotFound|no matching manifest for|no image found in|(?:manifest|name) unknown"
    r"|does not exist|denied|unauthorized|authorization failed|403 Forbidden"
)
_MAY_PASS = re.compile(
    r"too ?many ?requests|rate ?limit|timed? ?out|deadline exceeded|no such host|refused|reset by peer"
    r"|unreachable|misbehaving|extract layer|snapshot|\blease\b|content digest|expired|reauthenticate|cancel"
    r"|credential|quota|backend"
    r"|handshake|EOF|temporar|unavailable|server error|bad gateway|no space|\b(?:429|50[0-4])\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Sign:
    """A state that does not heal. `reasons` are the kubelet's, `says` is what its message must match (None:
    anything), and `lasts` is for how many seconds it must be seen.
    """

    reasons: frozenset[str]
    says: re.Pattern[str] | None = None
    lasts: float = 0.0


SIGNS = (
    Sign(frozenset({"InvalidImageName"})),  # images/image_manager.go: the name is none
    Sign(
        frozenset({"ErrImageNeverPull"})
    ),  # images/image_manager.go: it is not on the node, and the pod says never to pull it
    Sign(frozenset({"CreateContainerConfigError"}), _ROOT),  # kuberuntime/security_context_others.go
    Sign(
        frozenset({"CreateContainerConfigError"}), _MISSING, LASTS
    ),  # kubelet_pods.go: makeEnvironmentVariables
    Sign(
        STARTING, _NO_COMMAND
    ),  # kuberuntime/kuberuntime_container.go: startContainer; runc's words, containerd's reason StartError
    Sign(STARTING, _MEMORY),
)


def cannot_heal(container: Container, events: Sequence[Event], now: datetime) -> bool:
    """Return whether a container is stopped by a fault that only a person, with another version, can mend.

    `events` are its pod's, the newest first.
    """
    for state in _stopping_states(container):
        if state.reason in PULLING and has_no_image(container.image, events, now):
            return True
        for sign in SIGNS:
            if state.reason in sign.reasons and (sign.says is None or _says(sign, state.message)):
                return not sign.lasts or _said_for_long(sign.says, events, now)
    return False


def has_no_image(image: str, events: Sequence[Event], now: datetime) -> bool:
    """Return whether the registry has answered, twice or more and for `LASTS`, that the image is missing or
    refused.

    The newest failure's message decides (images/image_manager.go: pullImage), without the image's name.
    Returns False while a pull secret is missing.
    """
    pulls = [
        event for event in events if event.reason == "Failed" and f'pull image "{image}"' in event.message
    ]
    if not pulls or any(event.reason == "FailedToRetrieveImagePullSecret" for event in events):
        return False
    refused = [event for event in pulls if _refuses(event.message.replace(image, ""))]
    return pulls[0] in refused and has_lasted(refused, now)


def _refuses(message: str) -> bool:
    """Return whether a message is a registry's answer that the image is missing or refused. A fault of the
    node is no answer.
    """
    return bool(_ANSWER.search(message) and _NO_IMAGE.search(message)) and not _MAY_PASS.search(message)


def _says(sign: Sign, message: str) -> bool:
    return sign.says is not None and bool(sign.says.search(message)) and not _NODE.search(message)


def says_too_little_memory(message: str) -> bool:
    """Return whether a runtime says that a memory limit is too low for a container, or a pod, to start."""
    return _MEMORY.search(message) is not None


def has_lasted(events: Iterable[Event], now: datetime) -> bool:
    """Return whether what these events say was said `TRIES` times or more, and for `LASTS`."""
    known = list(events)
    return sum(event.count for event in known) >= TRIES and _for_long(known, now)


def lacks_reference(events: Iterable[Event], now: datetime) -> bool:
    """Return whether a ConfigMap, a Secret or a key of one has been missing for `LASTS`, in a volume
    (volume/configmap, volume/secret) as well.
    """
    return _said_for_long(_MISSING, events, now)


def _stopping_states(container: Container) -> Iterator[State]:
    """Yield why a container does not run: its state, and in back-off its last end, too."""
    if container.state.kind in ("waiting", "terminated"):
        yield container.state
    if container.state.reason == "CrashLoopBackOff" and container.last_state is not None:
        yield container.last_state


def _said_for_long(says: re.Pattern[str] | None, events: Iterable[Event], now: datetime) -> bool:
    return says is not None and _for_long(
        [event for event in events if event.type == "Warning" and says.search(event.message)], now
    )


def _for_long(events: Iterable[Event], now: datetime) -> bool:
    """Return whether the first of these events is `LASTS` old."""
    firsts = [event.first for event in events if event.first is not None]
    return bool(firsts) and (now - min(firsts)).total_seconds() >= LASTS
