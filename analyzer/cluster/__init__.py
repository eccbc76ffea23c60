"""The Kubernetes API client, the only importer of the `kubernetes` package. It returns raw JSON, not typed
models.

A kubeconfig that is missing or broken, an unknown context, or a credential plugin that fails is a UsageError
(kubeconfig.py). Importing `kubernetes` costs 0.25 s and 56 MiB, so it is imported when a cluster is
connected.
"""

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from analyzer.cluster.batched_reads import in_bursts
from analyzer.cluster.connection import Connection, Operations, Query, RequestBody, make_client
from analyzer.cluster.errors import Expired, Unavailable
from analyzer.common.deadline import Deadline, Done, in_parallel
from analyzer.common.units import parse_http_date
from analyzer.common.value import Json

if TYPE_CHECKING:
    from kubernetes.client.configuration import Configuration

__all__ = ["Cluster", "Json", "Operations", "Query"]

PAGE_SIZE = 200  # items a list request asks for: a page of big pods stays below 4 MiB
CHUNK = 64 * 1024  # bytes
FIELD_MANAGER = "rollout-analyzer"


@dataclass(frozen=True)
class Cluster(Connection):
    """A connection to one cluster, by the verbs of its API. Every method raises ClusterError, at the deadline
    at the latest.
    """

    @classmethod
    def connect(cls, kubeconfig: str, context: str, deadline: Deadline) -> "Cluster":
        """Connect as kubectl would (`kubeconfig.load_kubeconfig`), without sending anything yet. Raise
        UsageError, or Unavailable if a credential plugin does not end in time.

        Credentials are read once. Near a token's end the SDK would otherwise run a credential plugin before
        every request.
        """
        from analyzer.cluster.kubeconfig import load_kubeconfig

        return cls._connect_with(partial(load_kubeconfig, kubeconfig, context), deadline)

    @classmethod
    def connect_own(cls, deadline: Deadline) -> "Cluster":
        """Connect to the cluster of the pod that this process runs in, whatever the kubeconfig says. Raise
        UsageError.
        """
        from analyzer.cluster.kubeconfig import load_service_account

        return cls._connect_with(load_service_account, deadline)

    @classmethod
    def _connect_with(cls, load: "Callable[[], tuple[Configuration, str]]", deadline: Deadline) -> "Cluster":
        outcome = in_parallel([load], deadline)[0]
        if not isinstance(outcome, Done):
            raise Unavailable(
                "the kubeconfig's credential plugin did not end in time",
                advice="run it by hand, or use a token",
            )
        configuration, namespace = outcome.value
        return cls(namespace or "default", make_client(configuration), deadline)

    def get(self, path: str, **query: Query) -> Json:
        """Return one object. `path` is the API's; the caller has checked the names in it."""
        return self.call_within_deadline(lambda: self.request_json(path, query))

    def list(self, path: str, **query: Query) -> Iterator[Json]:
        """Yield each item of a list, page by page. Items carry no apiVersion and no kind.

        A continue token lives about five minutes. When it has expired, the list starts over once and skips
        the items that it yielded before
        (https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks).
        """
        yielded: set[str] = set()
        try:
            yield from self._list_pages(path, query, yielded)
        except Expired:
            yield from self._list_pages(path, query, yielded)

    def stream(self, path: str, **query: Query) -> Generator[bytes, None, None]:
        """Yield the body in chunks, as it arrives (in bursts if it is slow). Closing the generator closes the
        connection.
        """
        response = self.call_with_retries(lambda: self.send(path, query))
        try:
            # read1 is slow on many small chunks; without chunks, stream would wait until so many bytes are
            # there
            with self.translate_errors():
                yield from in_bursts(
                    response.stream(CHUNK) if response.chunked else iter(lambda: response.read1(CHUNK), b"")
                )
        finally:
            response.close()

    def post(self, path: str, body: Json) -> Json:
        """Post a question, such as an access review, and return the answer. It is retried, so it must change
        nothing.
        """
        return self.call_within_deadline(
            lambda: self.request_json(path, {}, RequestBody("POST", "application/json", body))
        )

    def patch(self, path: str, body: Json) -> Json:
        """Merge `body` into an existing object (RFC 7386), and return the object as it is then.

        A `resourceVersion` (else Conflict) or `uid` (else Rejected) in its metadata is a precondition. It is
        retried, because applying it twice has the same result.
        """
        return self.call_within_deadline(
            lambda: self.request_json(path, {}, RequestBody("PATCH", "application/merge-patch+json", body))
        )

    def create(self, path: str, body: Json) -> Json:
        """Create an object, and return it. Raise Conflict if it exists, which may also come from a retry
        after a first success.
        """
        return self.call_within_deadline(
            lambda: self.request_json(
                path, {"fieldManager": FIELD_MANAGER}, RequestBody("POST", "application/json", body)
            )
        )

    def patch_if(self, path: str, operations: Operations) -> Json:
        """Change an object by operations (RFC 6902), all or none. Raise Rejected if a `test` among them
        fails.
        """
        query: dict[str, Query] = {"fieldManager": FIELD_MANAGER}
        return self.call_within_deadline(
            lambda: self.request_json(
                path, query, RequestBody("PATCH", "application/json-patch+json", operations)
            )
        )

    def apply(self, path: str, body: Json) -> Json:
        """Create the object, or take over the fields that differ (server-side apply). It needs the verb
        `patch`, and `create` if the object does not exist.
        """
        query: dict[str, Query] = {"fieldManager": FIELD_MANAGER, "force": True}
        return self.call_within_deadline(
            lambda: self.request_json(path, query, RequestBody("PATCH", "application/apply-patch+yaml", body))
        )

    def within(self, deadline: Deadline) -> "Cluster":
        """Return the same connection with another deadline."""
        return replace(self, deadline=deadline)

    def now(self) -> datetime:
        """Return the clock of the API server, to the second, because the times that it reports come from that
        clock. Return our own clock if it sends none.
        """
        headers = self.call_within_deadline(lambda: self.request("/version", {})[1])
        return parse_http_date(headers.get("Date", "")) or datetime.now(UTC)

    def _list_pages(self, path: str, query: Mapping[str, Query], yielded: set[str]) -> Iterator[Json]:
        token = ""
        while True:
            page = self.get(path, **{"limit": PAGE_SIZE, **query, **({"continue": token} if token else {})})
            for item in page.get("items") or ():
                uid = (item.get("metadata") or {}).get("uid", "")
                if not uid or uid not in yielded:
                    yield item
                yielded.add(uid)
            token = (page.get("metadata") or {}).get("continue", "")
            if not token:
                return
