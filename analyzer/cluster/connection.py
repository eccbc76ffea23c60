"""Requests to a Kubernetes API: sent by the SDK, bounded by the deadline, retried, their errors
translated.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import msgspec

from analyzer import __version__
from analyzer.cluster.errors import Rejected, Unavailable, error_of_status, translate_error
from analyzer.common.deadline import Deadline, Done, in_parallel
from analyzer.common.retry import retrying
from analyzer.common.value import UNREADABLE, Json

if TYPE_CHECKING:
    from kubernetes.client.api_client import ApiClient
    from kubernetes.client.configuration import Configuration
    from urllib3 import HTTPResponse

Operations = list[Json]
Query = str | int | bool
T = TypeVar("T")

CONNECT_TIMEOUT = 5.0  # seconds
READ_TIMEOUT = 30.0  # seconds without one byte
CONNECTIONS = 32
ERROR_BYTES = 64 * 1024  # what is read of an answer that is an error


@dataclass(frozen=True)
class RequestBody:
    """The method, content type and body of a request that is not a GET."""

    method: str
    content_type: str
    body: Json | Operations


@dataclass(frozen=True)
class Connection:
    """An API client, and the deadline of its requests. `namespace` is that of the context or of the service
    account.
    """

    namespace: str
    api: "ApiClient"
    deadline: Deadline

    def request_json(
        self, path: str, query: Mapping[str, Query], request_body: "RequestBody | None" = None
    ) -> Json:
        """Return the JSON object of the answer. Raise ClusterError."""
        body, _ = self.request(path, query, request_body)
        try:
            return msgspec.json.decode(body, type=Json)
        except UNREADABLE as error:
            raise Rejected(
                f"{self.host()}{path} did not answer in JSON",
                advice="is the kubeconfig's server a Kubernetes API?",
            ) from error

    def request(
        self, path: str, query: Mapping[str, Query], request_body: "RequestBody | None" = None
    ) -> tuple[bytes, Mapping[str, str]]:
        """Return the body and the headers of the answer. Raise ClusterError."""
        response = self.send(path, query, request_body)
        with self.translate_errors():
            return response.read(), response.headers

    def send(
        self, path: str, query: Mapping[str, Query], request_body: "RequestBody | None" = None
    ) -> "HTTPResponse":
        """Send one request, and return the response with its body unread. Raise ClusterError for a status
        other than 200 and 201.
        """
        left = self.deadline.remaining()
        if not left:
            raise Unavailable("no time is left to ask the Kubernetes API")
        with self.translate_errors():
            headers = {"Accept": "application/json, */*"} | (
                {"Content-Type": request_body.content_type} if request_body else {}
            )
            request = self.api.param_serialize(
                request_body.method if request_body else "GET",
                path,
                query_params=list(query.items()),
                header_params=headers,
                body=request_body.body if request_body else None,
                auth_settings=["BearerToken"],
            )
            timeouts = (min(CONNECT_TIMEOUT, left), min(READ_TIMEOUT, left))
            response: HTTPResponse = self.api.call_api(*request, _request_timeout=timeouts).response
            if response.status in (200, 201):
                return response
            body = response.read(ERROR_BYTES)
            response.close()
        raise error_of_status(response.status, response.headers, body)

    def call_within_deadline(self, call: Callable[[], T]) -> T:
        """Run the call on its own thread, because a server that drips its answer outlives any timeout of the
        SDK.
        """
        outcome = in_parallel([partial(self.call_with_retries, call)], self.deadline)[0]
        if not isinstance(outcome, Done):
            raise Unavailable(f"the Kubernetes API at {self.host()} did not answer in time")
        return outcome.value

    def call_with_retries(self, call: Callable[[], T]) -> T:
        """Run the call, again while the API is unavailable, and return its value."""
        return retrying(call, pause_after=_pause_after, deadline=self.deadline)

    @contextmanager
    def translate_errors(self) -> Iterator[None]:
        """Raise our error for an error of the SDK. Anything else passes unchanged."""
        try:
            yield
        except Exception as error:
            known = translate_error(error, self.host())
            if known is None:
                raise
            raise known from error

    def host(self) -> str:
        """Return the address of the API server."""
        return str(self.api.configuration.host)


def make_client(configuration: "Configuration") -> "ApiClient":
    """Return a client of the SDK that does not retry and does not refresh credentials itself."""
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
