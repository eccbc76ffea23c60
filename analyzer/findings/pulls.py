"""Why an image is not pulled, by the message of the registry, the resolver or the runtime.

The kubelet gives the reason in an event, and in the container's state while that is ErrImagePull. The
back-off that follows has no reason. Messages are those of containerd, CRI-O and Docker, and of Docker Hub,
Harbor, Quay, Amazon's and Google's registries.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from analyzer.evidence.events import Event
from analyzer.evidence.pods import Container

QUOTED = 150  # characters of a message that a reason has room for
Fault = Literal["version", "registry", "place"]


@dataclass(frozen=True)
class PullFault:
    """Why a pull fails. `says` is what the message matches, `text` is the reason as the end of a sentence,
    and `remedy` is what to do.

    `fault` is what is to blame: the version, by what it names; the registry that it names; or the place,
    whichever image is pulled.
    """

    says: re.Pattern[str]
    text: str
    remedy: str
    fault: Fault


# The first that matches counts: a registry that limits pulls also "denies" them, and one without an image for
# a platform also "finds none".
CAUSES = (
    PullFault(
        re.compile(
            r"too ?many ?requests|rate[ -]?limit|rate exceeded|pull limit|\b429\b|RESOURCE_EXHAUSTED"
            r"|quota exceeded for|pull QPS exceeded",
            re.IGNORECASE,
        ),
        "the registry limits how often it may be pulled",
        (
            "Nothing is wrong with the image: pull as a user with a higher limit, or through a mirror,"
            " and deploy it again."
        ),
        "place",
    ),
    PullFault(
        re.compile(r"no space left|ENOSPC|disk quota exceeded", re.IGNORECASE),
        "the node has no space left",
        "Nothing is wrong with the image's name: free disk space on the node, or make the image smaller.",
        "place",
    ),
    PullFault(
        re.compile(
            r"no matching manifest for|no match for platform|no image found in (?:image index|manifest list)"
            r"|does not match the (?:specified|expected|detected) (?:host )?platform"
            r"|cannot be used on this platform",
            re.IGNORECASE,
        ),
        "there is none for the node's platform",
        "Build the image for the platform of the nodes, or select nodes of its platform.",
        "version",
    ),
    PullFault(
        re.compile(
            r"signature (?:validation|verification) failed|signature was required|no signature exists"
            r"|signature for identity|SignatureValidationFailed",
            re.IGNORECASE,
        ),
        "its signature is not accepted",
        "Sign the image as the node's policy asks, or correct the policy.",
        "version",
    ),
    PullFault(
        re.compile(
            r"x509|certificate|tls: (?!handshake timeout)|HTTP response to HTTPS client", re.IGNORECASE
        ),
        "the registry's certificate is not accepted",
        (
            "Renew the registry's certificate, or have the nodes trust who issued it;"
            " and check the registry's name in the image."
        ),
        "registry",
    ),
    PullFault(
        re.compile(
            r"no such host|server misbehaving|could not resolve host|name resolution"
            r"|name or service not known"
            r"|\blookup \S{1,253} on \S{1,253} (?:read udp|dial udp)|\blookup \S{1,253}:? i/o timeout",
            re.IGNORECASE,
        ),
        "the registry's name is not resolved",
        "Check the registry's name in the image, and the name resolution of the node.",
        "registry",
    ),
    PullFault(
        re.compile(
            r"connection refused|connection reset|i/o timeout|handshake timeout"
            r"|deadline exceeded|Client\.Timeout|request canceled|no route to host|registry is unavailable"
            r"|network is unreachable|proxyconnect|\bEOF\b",
            re.IGNORECASE,
        ),
        "the registry is not reached",
        "Check that the node reaches the registry: its address, its network policy, its proxy.",
        "registry",
    ),
    PullFault(
        re.compile(
            r"\b50[0-4]\b|bad gateway|gateway timeout|service unavailable|internal server error|backend error"
            r"|server error",
            re.IGNORECASE,
        ),
        "the registry fails",
        "Nothing is wrong with the image's name: wait until the registry works again, and deploy it again.",
        "place",
    ),
    PullFault(
        re.compile(
            r"unauthorized|unauthenticated|authentication (?:is )?required|authorization failed|denied"
            r"|forbidden|no basic auth|insufficient_scope|token has expired|invalid username|\b40[13]\b",
            re.IGNORECASE,
        ),
        "the registry does not allow it",
        "Check the pull secret and its rights, and that the repository exists.",
        "version",
    ),
    PullFault(
        re.compile(
            r"not ?found|manifest[ _]unknown|name[ _]unknown|does not exist|no such image|\b404\b",
            re.IGNORECASE,
        ),
        "the registry has no such image",
        "Correct the image's name or tag, or push the image.",
        "version",
    ),
)
_FAILED = re.compile(r"^(?:Error: |ErrImagePull: |Back-off pulling image \"[^\"]{1,500}\"(?:: )?)")
# What wraps the reason, the outermost first.
_WRAPPED = re.compile(
    r"^(?:Failed to (?:pull|inspect) image \"[^\"]{1,500}\": "
    r"|rpc error: code = \w{1,40} desc = "
    r"|failed to (?:pull and unpack image|resolve reference|resolve image) \"[^\"]{1,500}\": "
    r"|Error response from daemon: )"
)
_NAMES = re.compile(r"\"(?:https?|docker)://[^\"\s]{1,2000}\"|\b(?:https?|docker)://[^\s\",]{1,2000}")


@dataclass(frozen=True)
class FailedPull:
    """Why a container's image is not pulled. `quote` is the message without its wrappers, or empty where
    there is none; `cause` is None where no listed cause matches.
    """

    quote: str = ""
    cause: PullFault | None = None


def explain_failed_pull(container: Container, events: Sequence[Event]) -> FailedPull:
    """Return why a container's image is not pulled. `events` are its pod's, the newest first.

    The newest message with a listed cause counts, else the newest one that is not only the back-off.
    """
    pulls = [FailedPull(_quote(message, cause), cause) for message, cause in _reasons(container, events)]
    known = (pull for pull in pulls if pull.cause is not None)
    return next(known, next(iter(pulls), FailedPull()))


def cause_of(message: str, image: str = "") -> PullFault | None:
    """Return the cause that a message names, or None. Words within the image's name do not count."""
    text = _NAMES.sub(" ", message)
    for name in _names_of(image):
        text = text.replace(name, " ")
    return next((cause for cause in CAUSES if cause.says.search(text)), None)


def registry_of(image: str) -> str:
    """Return the registry of an image's name; Docker Hub's where the name has none.

    https://github.com/distribution/reference, normalize.go
    """
    first, slash, _ = image.partition("/")
    return first if slash and ("." in first or ":" in first or first == "localhost") else "docker.io"


def _reasons(container: Container, events: Sequence[Event]) -> Iterator[tuple[str, PullFault | None]]:
    """Yield each message about a container's image, without its wrappers, and its cause.

    The message of the container's state comes first, then those of its events, the newest first.
    """
    messages = (
        event.message
        for event in events
        if event.reason in ("Failed", "InspectFailed") and f'image "{container.image}"' in event.message
    )
    for message in (container.state.message, *messages):
        text = _unwrap(" ".join(message.split()))
        if text:
            yield text, cause_of(text, container.image)


def _unwrap(text: str) -> str:
    for pattern in (_FAILED, _FAILED, *[_WRAPPED] * 6):
        text = pattern.sub("", text, count=1)
    return "" if text in ("ErrImagePull", "ImagePullBackOff") else text


def _quote(text: str, cause: PullFault | None) -> str:
    """Return the text, cut at its beginning so that the words that name the cause are within `QUOTED`."""
    match = cause.says.search(text) if cause else None
    if match is None or match.end() <= QUOTED:
        return text
    start = text.rfind(" ", 0, max(0, match.end() - QUOTED)) + 1
    return f"… {text[start:]}"


def _names_of(image: str) -> Iterator[str]:
    """Yield the image's name, and the parts of it that a registry repeats, the longest first."""
    path = image.partition("@")[0]
    if ":" in path.rpartition("/")[2]:
        path = path.rpartition(":")[0]
    yield from (name for name in (image, path, path.partition("/")[2]) if len(name) > 2 and "/" in name)
