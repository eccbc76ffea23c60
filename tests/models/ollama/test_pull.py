"""`--ollama-pull`: the real Ollama pulls from a registry on loopback, over TLS, whose blobs are those of
another real Ollama.
"""

import contextlib
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from ollama import ProgressResponse

from analyzer.cli import run
from analyzer.common.deadline import Deadline
from analyzer.models import create, enable_pulling
from analyzer.models.interface import Failure, Question, Reply, Turn, Warm
from analyzer.models.ollama.pull import PullError, explain_pull_error, explain_refusal, follow

pytestmark = pytest.mark.models

ASKED = (Turn(role="user", text="judge"),)
HEALTHY = Path(__file__).parents[3] / "examples" / "evidence" / "healthy.json.gz"


def step(
    status: str, done: int | None = None, total: int | None = None, digest: str = "sha256:a"
) -> ProgressResponse:
    return ProgressResponse(status=status, completed=done, total=total, digest=digest if total else None)


def followed(*steps: ProgressResponse, seconds: float = 30) -> list[str]:
    said: list[str] = []
    follow("gemma4", steps, said.append, Deadline.after(seconds))
    return said


def test_each_tenth_is_said_once_and_the_layers_are_one_figure() -> None:
    layers = [step("pulling a", done * 10**6, 9_600_000_000) for done in range(0, 9_600, 100)]
    last = [step("pulling b", 0, 400, "sha256:b"), step("pulling b", 400, 400, "sha256:b")]
    said = followed(
        step("pulling manifest"), *layers, *last, step("verifying sha256 digest"), step("success")
    )
    tenths = [f"pulling gemma4: {tenth} % of 9.6 GB" for tenth in range(0, 100, 10)]
    assert said == [
        "pulling gemma4: pulling manifest",
        *tenths,
        "pulling gemma4: verifying sha256 digest",
        "pulling gemma4: success",
    ]


def test_a_pull_that_breaks_off_is_not_taken_for_a_model() -> None:
    with pytest.raises(PullError, match="broke off after 'pulling a'") as raised:
        followed(step("pulling manifest"), step("pulling a", 5, 10))
    assert explain_pull_error(raised.value, "gemma4").retryable


def test_a_pull_that_takes_too_long_says_how_far_it_came_and_that_the_next_goes_on() -> None:
    with pytest.raises(PullError, match=r"was not pulled by the deadline: 50 % of 9\.6 GB") as raised:
        followed(step("pulling a", 4_800_000_000, 9_600_000_000), seconds=0)
    failure = explain_pull_error(raised.value, "gemma4")
    assert failure.retryable
    assert failure.advice.startswith("the next run goes on from there: allow more time with --deadline")


@pytest.mark.parametrize(
    ("said", "retryable"),
    [
        ("pull model manifest: file does not exist", False),
        ("invalid model name", False),
        ("pull model manifest: Get https://127.0.0.1/v2: connection refused", True),
        ("write /models/blobs: no space left on device", True),
    ],
)
def test_a_name_that_is_nowhere_stays_so_and_what_else_goes_wrong_may_pass(
    said: str, retryable: bool
) -> None:
    failure = explain_pull_error(explain_refusal("gemma9", "Ollama at gpu", said), "gemma9")
    assert failure.retryable == retryable
    assert failure.reason == f"Ollama at gpu could not pull 'gemma9': {said}"
    assert failure.advice


class Registry:
    """The read side of the protocol, as far as Ollama speaks it. `held`: no blob is sent until it is set."""

    def __init__(self, models: Path, certificate: Path) -> None:
        self.asked: list[str] = []
        self.open = threading.Event()
        self.open.set()
        registry = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                registry.asked.append(self.path)
                _, _, _, name, kind, what = self.path.split("/")
                (library,) = (models / "manifests").glob("*/library")
                file = (
                    library / name / what
                    if kind == "manifests"
                    else models / "blobs" / what.replace(":", "-")
                )
                asked = self.headers.get("Range")
                if not file.is_file():
                    self.answer(
                        404,
                        json.dumps({"errors": [{"code": "MANIFEST_UNKNOWN", "message": "unknown"}]}).encode(),
                    )
                elif kind == "manifests" or self.command == "HEAD":
                    self.answer(200, file.read_bytes())
                elif asked is None:  # it takes no blob but from another host
                    self.answer(
                        307, b"", Location=f"https://localhost:{registry.http.server_port}{self.path}"
                    )
                else:
                    registry.open.wait()
                    first, last = map(int, asked.removeprefix("bytes=").split("-"))
                    self.answer(206, file.read_bytes()[first : last + 1])

            do_HEAD = do_GET  # noqa: N815

            def answer(self, status: int, content: bytes, **headers: str) -> None:
                self.send_response(status)
                for key, value in headers.items():
                    self.send_header(key, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if self.command != "HEAD":
                    with contextlib.suppress(OSError):  # it leaves when whoever asked for the model has left
                        self.wfile.write(content)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                """Nothing: the test's own output is enough."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.http.socket = context.wrap_socket(self.http.socket, server_side=True)
        self.name = f"127.0.0.1:{self.http.server_port}/library"
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()


def certify(file: Path) -> None:
    """A certificate for loopback and its key, in one file, that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "registry")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=2 * 365))  # `make test-later` does not move Ollama's clock
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1")), x509.DNSName("localhost")]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    file.write_bytes(key.private_bytes(pem, form, serialization.NoEncryption()) + made.public_bytes(pem))


@pytest.fixture(scope="module")
def puller(
    ollama_of: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Registry]]:
    """An Ollama, and a registry that has its `tiny` under another name, which it does not have itself."""
    certificate = tmp_path_factory.mktemp("registry") / "both.pem"
    certify(certificate)
    holder, started = ollama_of(), ollama_of(SSL_CERT_FILE=str(certificate))
    registry = Registry(holder.run / "models", certificate)
    for blob in (started.run / "models" / "blobs").iterdir():
        blob.unlink()  # those of its own `tiny`, or there were nothing to pull
    yield started.host, registry
    registry.open.set()
    registry.http.shutdown()
    registry.http.server_close()


@pytest.fixture
def short(question: Question) -> Question:
    return msgspec.structs.replace(question, schema={"type": "boolean"})


def ask(host: str, name: str, question: Question, seconds: float = 120) -> tuple[Any, list[str]]:
    said: list[str] = []
    (model,) = enable_pulling(create((f"ollama:{name}",), {"OLLAMA_HOST": host}), said.append)
    return model.ask(question, ASKED, Deadline.after(seconds)), said


class TestRealServer:
    """In this order: what is pulled is there from then on."""

    def test_a_name_that_the_registry_does_not_have_is_told_and_does_not_pass(
        self, puller: tuple[str, Registry], short: Question
    ) -> None:
        host, registry = puller
        reply, _ = ask(host, f"{registry.name}/gemma9", short)
        assert isinstance(reply, Failure)
        assert reply.reason.startswith(f"Ollama at {host} could not pull '{registry.name}/gemma9'")
        assert "check the model's name" in reply.advice
        assert not reply.retryable

    def test_without_the_option_nothing_is_pulled_and_the_advice_names_it(
        self, puller: tuple[str, Registry], short: Question
    ) -> None:
        host, registry = puller
        (model,) = create((f"ollama:{registry.name}/tiny",), {"OLLAMA_HOST": host})
        before = len(registry.asked)
        reply = model.ask(short, ASKED, Deadline.after(30))
        assert isinstance(reply, Failure)
        assert "--ollama-pull" in reply.advice
        assert f"ollama pull {registry.name}/tiny" in reply.advice
        assert len(registry.asked) == before

    def test_a_pull_that_is_not_done_by_the_deadline_is_retryable(
        self, puller: tuple[str, Registry], short: Question
    ) -> None:
        host, registry = puller
        registry.open.clear()
        reply, said = ask(host, f"{registry.name}/tiny", short, seconds=5)
        assert isinstance(reply, Failure)
        assert reply.retryable, reply
        assert "was not pulled by the deadline" in reply.reason
        assert "allow more time with --deadline" in reply.advice
        assert said[0] == f"pulling {registry.name}/tiny: pulling manifest"

    def test_a_whole_run_pulls_the_model_says_so_and_asks_it(
        self,
        puller: tuple[str, Registry],
        short: Question,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        host, registry = puller
        registry.open.set()
        monkeypatch.setenv("OLLAMA_HOST", host)
        monkeypatch.setattr(
            "analyzer.run.judge.answer_schema", lambda: short.schema
        )  # a word, and a model that says it at once
        named = [
            "--model",
            f"ollama:{registry.name}/tiny",
            "--ollama-pull",
            "--prompt-tokens",
            "1400",
            "--deadline",
            "120s",
        ]
        assert run(["analyze", "--evidence", str(HEALTHY), *named]) == 4
        out, err = capsys.readouterr()
        assert f"rollout-analyzer: pulling {registry.name}/tiny: pulling manifest\n" in err
        assert f"rollout-analyzer: pulling {registry.name}/tiny: success\n" in err
        assert "has no model" not in out
        reply, said = ask(host, f"{registry.name}/tiny", short)
        assert isinstance(reply, Reply), reply
        assert said == []  # it is there

    def test_to_warm_it_pulls_it_and_tells_nobody(
        self, puller: tuple[str, Registry], short: Question
    ) -> None:
        host, registry = puller
        said: list[str] = []
        (model,) = enable_pulling(
            create((f"ollama:{registry.name}/tiny:warm",), {"OLLAMA_HOST": host}), said.append
        )
        assert isinstance(model, Warm)
        model.warm(Deadline.after(60))
        assert "/v2/library/tiny/manifests/warm" in registry.asked
        assert said == []


def test_what_is_no_ollama_is_not_asked_to_pull_twice(serve: Any, answered: Any, question: Question) -> None:
    server = serve(lambda heard: None, answered(b"<html>no such page</html>", 404))
    reply, said = ask(server.url, "gemma4", question, seconds=20)
    assert isinstance(reply, Failure)
    assert not reply.retryable
    assert "OLLAMA_HOST" in reply.advice
    assert said == []


def test_models_that_cannot_be_missing_are_left_as_they_are() -> None:
    models = create(("builtin",), {})
    assert enable_pulling(models, lambda _: None) == models
