"""The ways of the network, for every client: an authority of one's own, a proxy, and who is asked past it."""

import datetime as dt
import ipaddress
import json
import os
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from analyzer.common.authorities import share_authorities

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
COMMAND = Path(sys.executable).with_name("rollout-analyzer")
HEALTHY = str(ROOT / "examples/evidence/healthy.json.gz")
GITHUB = """
import os
from analyzer.common.authorities import share_authorities
from analyzer.common.deadline import Deadline
from analyzer.github.client import Repository
from analyzer.github.credentials import read_credentials
share_authorities(os.environ)
try:
    Repository.connect("acme/shop", read_credentials(os.environ), Deadline.after(20)).read()
except Exception as error:
    print(error, error.advice)
"""
OURS = """
import os
from analyzer.common.deadline import Deadline
from analyzer.common.http import HttpClient, HttpFault
try:
    print(HttpClient(os.environ["URL"]).exchange("GET", "/", Deadline.after(20)).body)
except HttpFault as fault:
    print(fault.kind, fault)
"""


@dataclass
class Heard:
    """A server on this machine, and whom it was asked for."""

    url: str = ""
    asked: list[str] = field(default_factory=list)


def serve(
    handler: type[BaseHTTPRequestHandler], context: ssl.SSLContext | None = None
) -> ThreadingHTTPServer:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `cert.pem` of 127.0.0.1, which is its own authority, and its `key.pem`."""
    folder = tmp_path_factory.mktemp("authority")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "shop's own authority")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=2))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return folder


@pytest.fixture(scope="module")
def secure(authority: Path) -> Iterator[Heard]:
    """Speaks TLS, and answers everything with 418 and the word tea."""
    heard = Heard()

    class Refusing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.asked.append(self.path)
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = b'{"error": {"message": "only tea"}, "message": "only tea"}'
            self.send_response(HTTPStatus.IM_A_TEAPOT)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority / "cert.pem", authority / "key.pem")
    with serve(Refusing, context) as server:
        heard.url = f"https://127.0.0.1:{server.server_port}"
        yield heard
        server.shutdown()


@pytest.fixture
def proxy() -> Iterator[Heard]:
    """Lets nobody through."""
    heard = Heard()

    class Closed(BaseHTTPRequestHandler):
        def do_CONNECT(self) -> None:
            heard.asked.append(self.path)
            self.send_error(HTTPStatus.FORBIDDEN)

        def log_message(self, *_: object) -> None:
            pass

    with serve(Closed) as server:
        heard.url = f"http://127.0.0.1:{server.server_port}"
        yield heard
        server.shutdown()


Ask = Callable[..., str]


@pytest.fixture
def ask(secure: Heard, tmp_path: Path) -> Ask:
    """`ask(client, **environment)`: what a client says of the server, in a process of its own."""

    def told(client: str, **environment: str) -> str:
        environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "URL": secure.url,
            "GEMINI_API_KEY": "k",
            "GOOGLE_GEMINI_BASE_URL": secure.url,
            "OLLAMA_HOST": secure.url,
            "GITHUB_API_URL": secure.url,
            "GITHUB_TOKEN": "t",
        } | environment
        models = {"openai": f"openai:any@{secure.url}", "agent": f"agent:{secure.url}"}
        command = [str(COMMAND), "analyze", "--evidence", HEALTHY, "--format", "json", "--model"]
        commands = {
            "github": [sys.executable, "-c", GITHUB],
            "prometheus and webhooks": [sys.executable, "-c", OURS],
            "cluster": cluster(secure.url, tmp_path),
        }
        done = subprocess.run(
            commands.get(client) or [*command, models.get(client, client)],
            env=environ,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout + done.stderr

    return told


def cluster(url: str, folder: Path) -> list[str]:
    """A command that asks a cluster, whose kubeconfig names no authority."""
    config = {
        "current-context": "c",
        "clusters": [{"name": "c", "cluster": {"server": url}}],
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
        "users": [{"name": "u", "user": {"token": "t"}}],
    }
    (folder / "config").write_text(json.dumps(config))
    return [
        str(COMMAND), "analyze", "--rollout=cart", "--namespace=shop", "--model=builtin",
        f"--kubeconfig={folder / 'config'}", "--deadline=20s",
    ]  # fmt: skip


CLIENTS = ("gemini", "ollama", "openai", "agent", "github", "prometheus and webhooks", "cluster")


@pytest.mark.parametrize("client", CLIENTS)
def test_an_authority_of_ones_own_is_trusted_where_one_variable_names_it(
    ask: Ask, authority: Path, client: str
) -> None:
    untrusted = ask(client)
    assert "tea" not in untrusted
    assert "trusted" in untrusted or "CERTIFICATE_VERIFY_FAILED" in untrusted, untrusted
    trusted = ask(client, SSL_CERT_FILE=str(authority / "cert.pem"))
    assert "tea" in trusted, trusted


@pytest.mark.parametrize("client", CLIENTS)
def test_a_proxy_is_asked_but_for_whom_it_is_not(
    ask: Ask, authority: Path, proxy: Heard, secure: Heard, client: str
) -> None:
    environ = {"SSL_CERT_FILE": str(authority / "cert.pem"), "HTTPS_PROXY": proxy.url}
    assert "tea" not in ask(client, **environ)
    assert set(proxy.asked) == {secure.url.removeprefix("https://")}
    proxy.asked.clear()
    assert "tea" in ask(client, **environ, NO_PROXY="127.0.0.1")
    assert proxy.asked == []


def test_what_is_named_for_requests_alone_stays() -> None:
    environ = {"SSL_CERT_FILE": "all.pem", "REQUESTS_CA_BUNDLE": "its.pem"}
    share_authorities(environ)
    assert environ["REQUESTS_CA_BUNDLE"] == "its.pem"
    share_authorities(neither := {"PATH": "/bin"})
    assert neither == {"PATH": "/bin"}
