"""The client against servers that answer, and against every exception that its library has."""

import inspect
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

import httpx
import pytest

from analyzer.common.deadline import Deadline
from analyzer.common.http import HttpClient, HttpFault

Web = Callable[[Callable[[BaseHTTPRequestHandler], None]], str]
Reply = Callable[..., None]
SOON = 10.0
CLASSES = [each for _, each in inspect.getmembers(httpx, inspect.isclass) if issubclass(each, Exception)]


def raising(error: Exception) -> httpx.MockTransport:
    def fail(_request: httpx.Request) -> httpx.Response:
        raise error

    return httpx.MockTransport(fail)


def fault(client: HttpClient) -> HttpFault:
    with pytest.raises(HttpFault) as raised:
        client.exchange("GET", "/x", Deadline.after(SOON))
    return raised.value


def test_a_form_goes_with_the_headers_and_the_answer_is_whole(web: Web, answer: Reply) -> None:
    heard: list[tuple[str, str, str | None, bytes]] = []

    def ask(request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers["Content-Length"]))
        heard.append((request.command, request.path, request.headers["X-Scope-OrgID"], body))
        answer(request, 404, b"no such thing")

    response = HttpClient(web(ask), {"X-Scope-OrgID": "shop"}).exchange(
        "POST", "/x", Deadline.after(SOON), form={"q": "a&b"}
    )
    assert heard == [("POST", "/x", "shop", b"q=a%26b")]
    assert (response.status, response.body) == (404, b"no such thing")


def test_a_redirect_is_not_followed(web: Web, answer: Reply) -> None:
    asked: list[str] = []

    def ask(request: BaseHTTPRequestHandler) -> None:
        asked.append(request.path)
        answer(request, 302, b"", Location="/login")

    assert HttpClient(web(ask)).exchange("GET", "/x", Deadline.after(SOON)).location == "/login"
    assert asked == ["/x"]


def test_an_answer_is_read_no_further_than_it_may_be_large(web: Web, answer: Reply) -> None:
    url = web(lambda request: answer(request, 200, b"x" * 4096))
    assert fault(HttpClient(url, largest=1024)).kind == "too large"


def test_credentials_are_not_shown() -> None:
    assert "hunter2" not in repr(HttpClient("http://h", {"Authorization": "Bearer hunter2"}))


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_exception_of_the_library_is_a_fault(kind: type[Exception]) -> None:
    class Said(kind):  # type: ignore[misc, valid-type]
        def __init__(self) -> None:
            Exception.__init__(self, "what it said")

    assert "what it said" in str(fault(HttpClient("http://h", transport=raising(Said()))))


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (httpx.ConnectError("refused"), "no connection"),
        (httpx.ConnectTimeout("slow"), "no connection in time"),
        (httpx.ReadTimeout("slow"), "timeout"),
        (httpx.RemoteProtocolError("hung up"), "broken"),
        (httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed"), "untrusted"),
        (httpx.ConnectError("[SSL: WRONG_VERSION_NUMBER] wrong version"), "no tls"),
        (httpx.DecodingError("gzip"), "undecodable"),
        (KeyError("a bug of the library"), "unusable"),
    ],
)
def test_each_kind_of_fault_is_told_apart(error: Exception, kind: str) -> None:
    assert fault(HttpClient("http://h", transport=raising(error))).kind == kind
