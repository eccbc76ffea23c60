"""What `check` says of webhooks beforehand. Nothing is posted."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analyzer.check.interface import CheckRequest, CheckResult
from analyzer.check.webhooks import check_webhooks
from analyzer.settings import Notices, Settings

KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
Looked = Callable[..., dict[str, CheckResult]]


class Server:
    """Answers the head of what is there with a status, and notes whatever else it is asked."""

    def __init__(self) -> None:
        self.status = 405
        self.asked: list[str] = []


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def url(server: Server, heads: Callable[..., str]) -> str:
    return heads(server)


@pytest.fixture
def heads() -> Any:
    import threading
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    running: list[ThreadingHTTPServer] = []

    def serve(server: Server) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_HEAD(self) -> None:
                server.asked.append(self.command)
                self.send_response(server.status)
                if 300 <= server.status < 400:
                    self.send_header("Location", "https://evil.example")
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_POST = do_HEAD  # noqa: N815

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Nothing: the test's own output is enough."""

        made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        running.append(made)
        threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return f"http://127.0.0.1:{made.server_port}/hook"

    yield serve
    for made in running:
        made.shutdown()
        made.server_close()


@pytest.fixture
def look(ask: Callable[..., CheckRequest]) -> Looked:
    def check(environ: Any = None, *, offline: bool = False, **notices: Any) -> dict[str, CheckResult]:
        settings = Settings(notices=Notices(**notices))
        found = check_webhooks(ask(settings, environ=environ or {}, offline=offline))
        return {result.about: result for result in found}

    return check


@pytest.mark.parametrize(
    ("status", "state"),
    [(405, "holds"), (200, "holds"), (404, "holds"), (503, "unreachable"), (308, "wrong")],
)
def test_each_is_asked_for_its_head_alone(
    server: Server, url: str, look: Looked, status: int, state: str
) -> None:
    server.status = status
    environ = {"HANDOFF_WEBHOOK_SECRET": KEY, "SLACK_WEBHOOK_URL": f"{url}/hunter2"}
    results = look(environ, handoff_webhook=url, notify=("slack",))
    assert {about: result.state for about, result in results.items()} == {
        "template": "holds",
        "handoff": state,
        "slack": state,
    }
    assert set(server.asked) == {"HEAD"}
    assert "hunter2" not in str(results)


def test_what_is_missing_is_wrong_without_asking(server: Server, url: str, look: Looked) -> None:
    results = look(handoff_webhook=url, notify=("teams",))
    assert (results["handoff"].state, results["teams"].state) == ("wrong", "wrong")
    assert "openssl rand" in results["handoff"].advice
    assert server.asked == []


def test_offline_asks_nobody(server: Server, url: str, look: Looked) -> None:
    environ = {"HANDOFF_WEBHOOK_SECRET": KEY}
    assert look(environ, offline=True, handoff_webhook=url) == {}
    assert "wrong" in {result.state for result in look(offline=True, handoff_webhook=url).values()}
    assert server.asked == []


def test_a_template_that_is_broken_is_wrong(look: Looked, tmp_path: Path) -> None:
    (tmp_path / "own.j2").write_text("{{ nothing }}")
    results = look(offline=True, notify=("slack",), notify_template=str(tmp_path / "own.j2"))
    assert results["template"].state == "wrong"


def test_nothing_asked_is_nothing_to_check(look: Looked) -> None:
    assert look() == {}
