"""The Kubernetes API: the only importer of its client. Raw JSON, no typed models.

A kubeconfig that is missing or broken, an unknown context or a credential plugin that fails is a UsageError (kubeconfig.py).
`kubernetes` costs 0.25 s and 56 MiB: it is imported when a cluster is connected, and no sooner.
"""

from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from analyzer import __version__
from analyzer.cluster.bursts import in_bursts
from analyzer.cluster.errors import Expired, Rejected, Unavailable, meaning, refused
from analyzer.deadline import Deadline, Done, in_parallel
from analyzer.retry import retrying
from analyzer.units import date
from analyzer.value import UNREADABLE

if TYPE_CHECKING:
    from kubernetes.client.api_client import ApiClient
    from kubernetes.client.configuration import Configuration
    from urllib3 import HTTPResponse

Json = dict[str, Any]
Operations = list[Json]
Query = str | int | bool
T = TypeVar("T")

PAGE = 200  # items a list request asks for: a page of big pods stays below 4 MiB
CHUNK = 64 * 1024  # bytes
CONNECT_TIMEOUT = 5.0  # seconds
READ_TIMEOUT = 30.0  # seconds without one byte
CONNECTIONS = 32
FIELD_MANAGER = "rollout-analyzer"
ERROR_BYTES = 64 * 1024  # what is read of an answer that is an error


@dataclass(frozen=True)
class _Sent:
    """What a request carries, where it is no look."""

    method: str
    content_type: str
    body: Json | Operations


@dataclass(frozen=True)
class Cluster:
    """A connection. `namespace` is the context's or the service account's own. Raises ClusterError, at the deadline at the latest."""

    namespace: str
    api: "ApiClient"
    deadline: Deadline

    @classmethod
    def connect(cls, kubeconfig: str, context: str, deadline: Deadline) -> "Cluster":
        """As kubectl would (`kubeconfig.load`); sends nothing yet.

        Credentials are read once: near a token's end the SDK would run a credential plugin again before every request.
        Raises UsageError, or Unavailable when a credential plugin does not end in time.
        """
        from analyzer.cluster.kubeconfig import load

        return cls._connected(partial(load, kubeconfig, context), deadline)

    @classmethod
    def own(cls, deadline: Deadline) -> "Cluster":
        """The cluster of the pod this runs in, whatever the kubeconfig says. Raises UsageError."""
        from analyzer.cluster.kubeconfig import own

        return cls._connected(own, deadline)

    @classmethod
    def _connected(cls, load: "Callable[[], tuple[Configuration, str]]", deadline: Deadline) -> "Cluster":
        outcome = in_parallel([load], deadline)[0]
        if not isinstance(outcome, Done):
            raise Unavailable("the kubeconfig's credential plugin did not end in time", advice="run it by hand, or use a token")
        configuration, namespace = outcome.value
        return cls(namespace or "default", _client(configuration), deadline)

    def get(self, path: str, **query: Query) -> Json:
        """One object. `path` is the API's, the names in it already checked."""
        return self._promptly(lambda: self._json(path, query))

    def list(self, path: str, **query: Query) -> Iterator[Json]:
        """Each item of a list, page by page; items carry no apiVersion and no kind.

        A continue token lives five minutes or so. When it has expired the list starts over, once, and leaves out what it has
        given already (https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks).
        """
        given: set[str] = set()
        try:
            yield from self._pages(path, query, given)
        except Expired:
            yield from self._pages(path, query, given)

    def stream(self, path: str, **query: Query) -> Generator[bytes, None, None]:
        """The body in chunks, as it arrives (in bursts, where it is slow); closing the generator closes the connection."""
        response = self._again(lambda: self._open(path, query))
        try:
            with self._mapped():  # read1 is slow on many small chunks; without chunks, stream would wait until so many bytes are there
                yield from in_bursts(response.stream(CHUNK) if response.chunked else iter(lambda: response.read1(CHUNK), b""))
        finally:
            response.close()

    def post(self, path: str, body: Json) -> Json:
        """What the API answers to a question that it wants posted (a review). Tried again like a look: it must change nothing."""
        return self._promptly(lambda: self._json(path, {}, _Sent("POST", "application/json", body)))

    def patch(self, path: str, body: Json) -> Json:
        """Merges `body` into an object that is there (RFC 7386), and gives it as it is then.

        A `resourceVersion` (else Conflict) or `uid` (else Rejected) in its metadata is a precondition. Tried again like a look:
        twice is the same as once.
        """
        return self._promptly(lambda: self._json(path, {}, _Sent("PATCH", "application/merge-patch+json", body)))

    def create(self, path: str, body: Json) -> Json:
        """Makes an object that is not there; Conflict where it is, which a second try may find of the first."""
        return self._promptly(lambda: self._json(path, {"fieldManager": FIELD_MANAGER}, _Sent("POST", "application/json", body)))

    def patch_if(self, path: str, operations: Operations) -> Json:
        """Changes an object by operations (RFC 6902), all or none; Rejected where a `test` among them fails."""
        query: dict[str, Query] = {"fieldManager": FIELD_MANAGER}
        return self._promptly(lambda: self._json(path, query, _Sent("PATCH", "application/json-patch+json", operations)))

    def apply(self, path: str, body: Json) -> Json:
        """Makes the object, or takes over what differs in it (server-side apply). Needs `patch`, and `create` where it is not there."""
        query: dict[str, Query] = {"fieldManager": FIELD_MANAGER, "force": True}
        return self._promptly(lambda: self._json(path, query, _Sent("PATCH", "application/apply-patch+yaml", body)))

    def within(self, deadline: Deadline) -> "Cluster":
        """The same connection, until another deadline."""
        return replace(self, deadline=deadline)

    def now(self) -> datetime:
        """The API server's clock, to the second: the times it reports are its own. Ours when it tells none."""
        headers = self._promptly(lambda: self._whole("/version", {})[1])
        return date(headers.get("Date", "")) or datetime.now(UTC)

    def _pages(self, path: str, query: Mapping[str, Query], given: set[str]) -> Iterator[Json]:
        token = ""
        while True:
            page = self.get(path, **{"limit": PAGE, **query, **({"continue": token} if token else {})})
            for item in page.get("items") or ():
                uid = (item.get("metadata") or {}).get("uid", "")
                if not uid or uid not in given:
                    yield item
                given.add(uid)
            token = (page.get("metadata") or {}).get("continue", "")
            if not token:
                return

    def _json(self, path: str, query: Mapping[str, Query], sent: "_Sent | None" = None) -> Json:
        body, _ = self._whole(path, query, sent)
        try:
            return msgspec.json.decode(body, type=Json)
        except UNREADABLE as error:
            raise Rejected(f"{self._host()}{path} did not answer in JSON", advice="is the kubeconfig's server a Kubernetes API?") from error

    def _whole(self, path: str, query: Mapping[str, Query], sent: "_Sent | None" = None) -> tuple[bytes, Mapping[str, str]]:
        response = self._open(path, query, sent)
        with self._mapped():
            return response.read(), response.headers

    def _open(self, path: str, query: Mapping[str, Query], sent: "_Sent | None" = None) -> "HTTPResponse":
        left = self.deadline.remaining()
        if not left:
            raise Unavailable("no time is left to ask the Kubernetes API")
        with self._mapped():
            headers = {"Accept": "application/json, */*"} | ({"Content-Type": sent.content_type} if sent else {})
            request = self.api.param_serialize(
                sent.method if sent else "GET",
                path,
                query_params=list(query.items()),
                header_params=headers,
                body=sent.body if sent else None,
                auth_settings=["BearerToken"],
            )
            timeouts = (min(CONNECT_TIMEOUT, left), min(READ_TIMEOUT, left))
            response: HTTPResponse = self.api.call_api(*request, _request_timeout=timeouts).response
            if response.status in (200, 201):
                return response
            body = response.read(ERROR_BYTES)
            response.close()
        raise refused(response.status, response.headers, body)

    def _promptly(self, call: Callable[[], T]) -> T:
        """On a thread of its own: a server that drips its answer outlives any timeout of the SDK."""
        outcome = in_parallel([partial(self._again, call)], self.deadline)[0]
        if not isinstance(outcome, Done):
            raise Unavailable(f"the Kubernetes API at {self._host()} did not answer in time")
        return outcome.value

    def _again(self, call: Callable[[], T]) -> T:
        return retrying(call, pause_after=_pause_after, deadline=self.deadline)

    @contextmanager
    def _mapped(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            known = meaning(error, self._host())
            if known is None:
                raise
            raise known from error

    def _host(self) -> str:
        return str(self.api.configuration.host)


def _client(configuration: "Configuration") -> "ApiClient":
    from kubernetes.client.api_client import ApiClient

    configuration.retries = False
    configuration.refresh_api_key_hook = None
    configuration.connection_pool_maxsize = CONNECTIONS
    if not configuration.verify_ssl:  # asked for in the kubeconfig; kubectl is silent about it too
        import urllib3

        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
    client = ApiClient(configuration)
    client.user_agent = f"rollout-analyzer/{__version__}"
    return client


def _pause_after(error: Exception) -> float | None:
    return error.retry_after if isinstance(error, Unavailable) else None
