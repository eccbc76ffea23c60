"""Servers that take their time, at each stage: whatever they do, the run is over within a second of its
deadline.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from analyzer.answer import answer_schema
from analyzer.common.deadline import Deadline
from analyzer.models import create
from analyzer.models.interface import Model, Question, Reply, Turn
from analyzer.verdicts.dialogue import ask_all
from analyzer.verdicts.verdict import Failed, Verdict

pytestmark = pytest.mark.models

KEY = "sk-this-is-a-secret"
BUDGET = 1.0  # seconds a run is given; it may take one more
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
LATER = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n%s\r\n"

Slow = Callable[[socket.socket, threading.Event], None]


def drip(connection: socket.socket, over: threading.Event, data: bytes) -> None:
    """Long enough to be late, and not for ever: a judge that does not leave is to fail the test, not to hang
    it.
    """
    end = Deadline.after(10 * BUDGET)
    while not over.wait(0.05) and not end.expired():
        connection.sendall(data)


def silent(connection: socket.socket, over: threading.Event) -> None:
    """It takes the request and says nothing."""
    over.wait()


def deaf(connection: socket.socket, over: threading.Event) -> None:
    """It does not even read the request, which fills the pipe."""
    over.wait()


def slow_to_read(connection: socket.socket, over: threading.Event) -> None:
    while not over.wait(0.05):
        connection.recv(1)


def headers_by_the_byte(connection: socket.socket, over: threading.Event) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    drip(connection, over, b"x")


def body_by_the_byte(connection: socket.socket, over: threading.Event) -> None:
    connection.sendall(HEAD)
    drip(connection, over, b"1\r\n \r\n")


def lines_without_end(connection: socket.socket, over: threading.Event) -> None:
    """Each of them is in order: Ollama's stream that never ends."""
    line = b'{"model": "m", "message": {"role": "assistant", "content": "x"}, "done": false}\n'
    connection.sendall(HEAD)
    drip(connection, over, b"%x\r\n%s\r\n" % (len(line), line))


def busy(connection: socket.socket, over: threading.Event) -> None:
    connection.sendall(LATER % b"")


def busy_for_an_hour(connection: socket.socket, over: threading.Event) -> None:
    connection.sendall(LATER % b"Retry-After: 3600\r\n")


@contextlib.contextmanager
def listening(slow: Slow, *, reads: bool) -> Iterator[str]:
    """A server that does so with every connection, by its address."""
    over = threading.Event()

    def serve(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            if reads:
                connection.recv(65_536)
            slow(connection, over)

    def accept(server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = server.accept()
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setsockopt(
            socket.SOL_SOCKET, socket.SO_RCVBUF, 4096
        )  # so that a request of some MiB does not fit
        threading.Thread(target=accept, args=(server,), daemon=True).start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        over.set()
        server.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def full() -> Iterator[str]:
    """An address at which a connection is never made: the queue of the listening socket is full."""
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(server.getsockname())
        yield f"127.0.0.1:{server.getsockname()[1]}"


def judges(address: str) -> tuple[Model, ...]:
    """Each judge that asks a server, all at that one."""
    url = f"http://{address}"
    environ = {
        "GEMINI_API_KEY": KEY,
        "GOOGLE_GEMINI_BASE_URL": url,
        "OLLAMA_HOST": url,
        "OPENAI_API_KEY_127_0_0_1": KEY,
        "A2A_TOKEN": KEY,
    }
    return create(("gemini", "ollama:tiny", f"openai:gemma@{url}", f"agent:{url}"), environ)


class Prompt:
    """A second model, which answers at once."""

    name = "prompt"

    def ask(self, question: Question, turns: tuple[Turn, ...], deadline: Deadline) -> Reply:
        return Reply(text='{"verdict": "promote", "confidence": 95, "summary": "s"}', latency=0.0)


def left_in_time(address: str, size: int = 100) -> None:
    """Asks all of them, and one that answers: they fail, retryably, it counts, and the time is kept."""
    question = Question(prompt="x" * size, schema=answer_schema())
    jury = (*judges(address), Prompt())
    began = time.monotonic()
    heard = ask_all(jury, question, Deadline.after(BUDGET))
    assert time.monotonic() - began < BUDGET + 1
    *slow, quick = (opinion for _, opinion in heard)
    assert isinstance(quick, Verdict)
    for model, opinion in zip(jury, slow, strict=False):
        assert isinstance(opinion, Failed), model.name
        assert opinion.retryable, opinion
        assert "\n" not in opinion.reason
        assert opinion.reason
        assert KEY not in repr(opinion)


@pytest.fixture(scope="module", autouse=True)
def loaded() -> None:
    """The SDKs are imported before any clock runs, as they are before a run's models are asked."""
    judges("127.0.0.1:9")


@pytest.mark.timed
class TestDeadline:
    def test_a_connection_that_is_never_made(self) -> None:
        with full() as address:
            left_in_time(address)

    @pytest.mark.parametrize(
        "slow", [silent, headers_by_the_byte, body_by_the_byte, lines_without_end, busy, busy_for_an_hour]
    )
    def test_a_server_that_takes_its_time_to_answer(self, slow: Slow) -> None:
        with listening(slow, reads=True) as address:
            left_in_time(address)

    @pytest.mark.parametrize("place", [1, 2, 3])
    def test_the_judge_itself_leaves_a_server_that_drips_and_keeps_no_connection(self, place: int) -> None:
        with listening(body_by_the_byte, reads=True) as address:
            began = time.monotonic()
            judges(address)[place].ask(
                Question(prompt="x", schema={}), (Turn(role="user", text="x"),), Deadline.after(BUDGET)
            )
            assert time.monotonic() - began < BUDGET + 1

    @pytest.mark.parametrize("slow", [deaf, slow_to_read])
    def test_a_server_that_takes_its_time_to_read(self, slow: Slow) -> None:
        with listening(slow, reads=False) as address:
            left_in_time(address, size=6 * 1024 * 1024)
