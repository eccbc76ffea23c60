import json
import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec
import pytest

from analyzer.answer import answer_schema
from analyzer.common.deadline import Deadline
from analyzer.models.interface import Call, Calls, Failure, Model, Question, Reply, ToolResult, Turn
from analyzer.verdicts.investigate import OFFERED

ASKED = (Turn(role="user", text="judge"),)


@dataclass
class Heard:
    """One request as a server got it."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class Answered:
    """What a server answers. Bytes go out as they are; anything else as JSON. `hang`: nothing is sent until
    the test ends.
    """

    body: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    hang: bool = False


class Server:
    """A server on loopback for the faults that a real one cannot be made to show. Answers in order, the last
    one again and again.
    """

    def __init__(self, check: Callable[[Heard], None]) -> None:
        self.heard: list[Heard] = []
        self.answers: list[Answered] = []
        self.broken: list[str] = []
        self.over = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def handle_request(self) -> None:
                raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {key.lower(): value for key, value in self.headers.items()}
                heard = Heard(self.command, self.path, headers, json.loads(raw or "null"))
                try:
                    check(heard)
                except Exception as error:  # noqa: BLE001 - whatever the check minds, the test is told of it
                    server.broken.append(f"{heard.method} {heard.path}: {error}")
                answered = server.answers[min(len(server.heard), len(server.answers) - 1)]
                server.heard.append(heard)
                if answered.hang:
                    server.over.wait()
                    return
                sent = (
                    answered.body if isinstance(answered.body, bytes) else json.dumps(answered.body).encode()
                )
                self.send_response(answered.status)
                for key, value in {
                    "Content-Type": "application/json",
                    "Content-Length": str(len(sent)),
                    **answered.headers,
                }.items():
                    self.send_header(key, value)
                self.end_headers()
                self.wfile.write(sent)

            do_GET = do_POST = handle_request  # noqa: N815

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                """Nothing: the test's own output is enough."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def close(self) -> None:
        self.over.set()
        self.http.shutdown()
        self.http.server_close()


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """`serve(check, *answers)`: a server whose requests must all pass `check`; that they did is asserted at
    the end.
    """
    servers: list[Server] = []

    def start(check: Callable[[Heard], None], *answers: Answered) -> Server:
        server = Server(check)
        server.answers.extend(answers)
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.close()
    assert [broken for server in servers for broken in server.broken] == []


@pytest.fixture
def answered() -> type[Answered]:
    return Answered


@pytest.fixture
def asking(serve: Callable[..., Server], question: Question) -> Callable[..., Any]:
    """`asking(check, model, secret)`: `ask(*answers)`, which says what `model(name, url)` makes of a server's
    answers, and the server.
    """

    def of(
        check: Callable[[Heard], None], model: Callable[[str, str], Model], secret: str
    ) -> Callable[..., Any]:
        def ask(
            *answers: Any,
            turns: tuple[Turn, ...] = ASKED,
            name: str = "",
            seconds: float = 20,
            question: Question = question,
        ) -> tuple[Reply | Calls | Failure, Server]:
            server = serve(
                check, *(each if isinstance(each, Answered) else Answered(each) for each in answers)
            )
            reply = model(name, server.url).ask(question, turns, Deadline.after(seconds))
            assert secret not in repr(reply)
            return reply, server

        return ask

    return of


@pytest.fixture
def refused() -> str:
    """An address of loopback at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{taken.getsockname()[1]}"


@pytest.fixture
def question() -> Question:
    return Question(prompt="Judge. <<<evidence 12ab>>> GET /cart 500 <<<end 12ab>>>", schema=answer_schema())


@pytest.fixture
def offering(question: Question) -> Question:
    """The same, with tools to use first."""
    return msgspec.structs.replace(question, tools=OFFERED)


@pytest.fixture
def looked() -> tuple[Turn, ...]:
    """A conversation in which a model has looked at two things, and is asked for its answer."""
    calls = (
        Call(name="pods", arguments={"side": "canary"}, id="c1", signature="c2lnbmVk"),
        Call(name="logs", arguments={"pod": "cart-1", "context": 3}, id="c2"),
    )
    results = (
        ToolResult(name="pods", text="| cart-1: Running", id="c1"),
        ToolResult(name="logs", text="| out of memory", id="c2"),
    )
    return (
        Turn(role="user", text="judge"),
        Turn(role="model", text="Let me look.", calls=calls),
        Turn(role="tool", results=results),
        Turn(role="user", text="answer"),
    )


@dataclass(frozen=True)
class Started:
    """A real Ollama: its address, the folder of its state, and the program itself."""

    host: str
    run: Path
    program: Path

    @property
    def pid(self) -> int:
        return int((self.run / "ollama.pid").read_text())

    @property
    def log(self) -> str:
        return (self.run / "ollama.log").read_text(errors="replace")


@pytest.fixture(scope="session")
def ollama_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Started]]:
    """`ollama_of(OLLAMA_MAX_QUEUE="1")`: a real Ollama with the model `tiny` and that environment, up to the
    end.
    """
    if shutil.which("go") is None:
        assert not os.environ.get("CI"), "CI runs on the real Ollama: Go is not installed"
        pytest.skip("the real Ollama needs Go to be built")
    script = Path(__file__).parent.parent / "testollama" / "testollama"
    started: list[dict[str, str]] = []

    def start(**environ: str) -> Started:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        run = tmp_path_factory.mktemp("ollama") / "run"
        env = {**os.environ, **environ, "TESTOLLAMA_PORT": str(port), "TESTOLLAMA_RUN": str(run)}
        up = subprocess.run([script, "up"], env=env, capture_output=True, text=True, check=False)
        assert up.returncode == 0, up.stderr
        started.append(env)
        program = Path(f"/proc/{(run / 'ollama.pid').read_text().strip()}/exe").resolve()
        return Started(f"127.0.0.1:{port}", run, program)

    yield start
    for env in started:
        subprocess.run([script, "down"], env=env, check=True)


@pytest.fixture(scope="session")
def ollama_host(ollama_of: Callable[..., Started]) -> str:
    """The real Ollama, with the model `tiny`, as most tests use it."""
    return ollama_of().host
