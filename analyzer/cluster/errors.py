"""Errors of the Kubernetes API and of its client.

ClusterError(InfrastructureError)   never raised itself
├── Denied            403: the credentials may not; `advice` is the RBAC rule to grant
├── Unauthenticated   401, or the server's certificate is not trusted: who is who is not established
├── Missing           404: `name` is the missing object, empty when the API lacks the resource
├── Rejected          any other answer: trying again changes nothing
│   ├── Conflict      409: the object is not, or no longer, the one that was to be changed
│   └── Expired       410: the continue token of a list is too old
└── Unavailable       429, 5xx, no connection, cut off, late: may pass, after `retry_after` seconds
"""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec

from analyzer.common.retry import parse_retry_after
from analyzer.common.short import cut
from analyzer.common.surroundings import in_container
from analyzer.common.value import UNREADABLE
from analyzer.errors import AnalyzerError, InfrastructureError, UsageError

KUBECTL = "kubectl get pods must work with the same kubeconfig"
SLOW = "try again, or allow more time with --deadline"
RENEW = (
    "they may have expired: renew the kubeconfig's token or certificate (kubectl get pods must work with it)"
)
_DENIED = re.compile(
    r'cannot (?P<verb>\S+) resource "(?P<resource>[^"]+)" in API group "(?P<group>[^"]*)"'
    r'(?: in the namespace "(?P<namespace>[^"]+)")?'
)


class ClusterError(InfrastructureError):
    """The Kubernetes API did not do what was asked."""


class Denied(ClusterError):  # noqa: N818 - what the API said, and what a person reads
    """403: these credentials may not."""


class Unauthenticated(ClusterError):  # noqa: N818 - as above
    """401, or a certificate that is not trusted."""


class MissingResource(ClusterError):  # noqa: N818 - as above
    """404: the object or the API does not exist."""

    def __init__(self, message: str, *, advice: str = "", name: str = "") -> None:
        super().__init__(message, advice=advice)
        self.name = name


class Rejected(ClusterError):  # noqa: N818 - as above
    """An answer that stays the same on every retry."""


class Conflict(Rejected):
    """409: the object has changed or exists already."""


class Expired(Rejected):
    """410: the continue token is too old."""


class Unavailable(ClusterError):  # noqa: N818 - as above
    """No answer, or one that asks to come back later."""

    def __init__(self, message: str, *, advice: str = "", retry_after: float = 0.0) -> None:
        super().__init__(message, advice=advice)
        self.retry_after = retry_after


def translate_error(error: Exception, host: str) -> AnalyzerError | None:
    """Return our error for an exception of kubernetes, urllib3 or a socket; None for any other."""
    from kubernetes.client import exceptions as sdk
    from kubernetes.config.config_exception import ConfigException
    from urllib3 import exceptions as http

    reason = cut(" ".join(str(error).split()), 200)
    if "CERTIFICATE_VERIFY_FAILED" in reason:
        return Unauthenticated(
            f"the certificate of {host} is not trusted", advice="check the kubeconfig's certificate authority"
        )
    if isinstance(error, sdk.ApiException) and error.status:
        return error_of_status(error.status, error.headers or {}, (error.body or "").encode())
    if (
        "PEM" in reason or "no start line" in reason
    ):  # OpenSSL's words for a file that holds no certificate or key
        return UsageError(f"a certificate or key in the kubeconfig cannot be used: {reason}", advice=KUBECTL)
    lost = f"the connection to the Kubernetes API at {host} failed: {reason}"
    rows: tuple[tuple[tuple[type[Exception], ...], AnalyzerError], ...] = (
        ((ConfigException,), UsageError(f"the kubeconfig cannot be used: {reason}", advice=KUBECTL)),
        (
            (http.LocationValueError, http.ProxySchemeUnsupported),
            UsageError(f"the address {host} cannot be used: {reason}", advice=KUBECTL),
        ),
        (
            (http.ConnectTimeoutError,),
            Unavailable(f"no connection to the Kubernetes API at {host}", advice=_advise_reaching(host)),
        ),
        (
            (http.TimeoutError,),
            Unavailable(f"the Kubernetes API at {host} did not answer in time", advice=SLOW),
        ),
        ((http.HTTPError, sdk.ApiException, OSError), Unavailable(lost)),
        ((sdk.OpenApiException,), Rejected(f"the Kubernetes client refused the request: {reason}")),
    )
    return next((ours for theirs, ours in rows if isinstance(error, theirs)), None)


def error_of_status(status: int, headers: Mapping[str, str], body: bytes) -> ClusterError:
    """Return the error for an answer other than 200 or 201. The message comes from a Status object if there
    is one, else from the start of the body.
    """
    status_object = _parse_status(body)
    message = str(
        status_object.get("message") or f"HTTP {status} {body[:200].decode(errors='replace').strip()}"
    )
    if status == 429 or status >= 500:
        return Unavailable(
            f"the Kubernetes API answered {status}: {message}", retry_after=parse_retry_after(headers)
        )
    if status == 404:
        return MissingResource(message, name=str((status_object.get("details") or {}).get("name") or ""))
    known: dict[int, Callable[[], ClusterError]] = {
        401: lambda: Unauthenticated(
            f"the Kubernetes API does not know these credentials (401 {message})", advice=RENEW
        ),
        403: lambda: _denied_error(message),
        409: lambda: Conflict(message),
        410: lambda: Expired(message),
    }
    return known.get(status, lambda: Rejected(message))()


def _parse_status(body: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except UNREADABLE:
        return {}


def _denied_error(message: str) -> Denied:
    denial = _DENIED.search(message)
    if denial is None:
        return Denied(f"denied: {message}")
    verb, resource, group = denial["verb"], denial["resource"], denial["group"]
    role = f"a Role in namespace {denial['namespace']}" if denial["namespace"] else "a ClusterRole"
    return Denied(
        f"these credentials may not {verb} {resource}",
        advice=f'grant it in {role}: {{apiGroups: ["{group}"], resources: ["{resource}"],'
        f' verbs: ["{verb}"]}}',
    )


def _advise_reaching(host: str) -> str:
    if urlsplit(host).hostname in {"127.0.0.1", "localhost", "::1"} and in_container():
        return (
            "in this container that address is the container itself: run it with --network host,"
            " or name an address it can reach"
        )
    return "is the cluster running, and the kubeconfig's server right?"
