"""The client: what a real Prometheus says, and what every fault of one means."""

import base64
import subprocess
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, get_args
from urllib.parse import parse_qs

import pytest

from analyzer import prometheus as module
from analyzer.common.deadline import Deadline
from analyzer.common.http import FaultKind, HttpFault
from analyzer.errors import UsageError
from analyzer.prometheus import (
    BadQuery,
    PrometheusError,
    PrometheusUnreachable,
    Server,
    check_settings,
    translate_fault,
)
from analyzer.settings import Prometheus

pytestmark = pytest.mark.slow  # a server, or a whole run, each time

Web = Callable[[Callable[[BaseHTTPRequestHandler], None]], str]
Reply = Callable[..., None]
NOW = datetime(2025, 1, 1, 12, 0, tzinfo=UTC)
URL = "http://prometheus:9090"
HUNTER2 = "$2b$04$XwS24RqP9OeZYCYho8lHF.TAz9qMPbFaeJvWtgAyfpKYXsb605D6m"  # that password by bcrypt


def connect(url: str, environ: Mapping[str, str] | None = None, seconds: float = 10, **fields: Any) -> Server:
    return Server.connect(Prometheus(url=url, **fields), environ or {}, Deadline.after(seconds))


def success(kind: str, result: object, **more: object) -> dict[str, object]:
    return {"status": "success", "data": {"resultType": kind, "result": result}, **more}


@pytest.fixture(scope="module")
def url(prometheus_of: Callable[[str], str]) -> str:
    points = "\n".join(
        f'a{{x="{x}"}} {x * 10 + step} {int((NOW - timedelta(seconds=60 - 15 * step)).timestamp())}'
        for x in (1, 2)
        for step in range(5)
    )
    return prometheus_of(f"# TYPE a gauge\n{points}")


@pytest.mark.prometheus
class TestReal:
    def test_a_vector_a_scalar_and_nothing(self, url: str) -> None:
        found = connect(url).instant("a", NOW)
        assert {(each.metric["x"], each.value and each.value[1]) for each in found.series} == {
            ("1", "14"),
            ("2", "24"),
        }
        assert [
            each.value and each.value[1] for each in connect(url).instant("scalar(sum(a)) / 0", NOW).series
        ] == ["+Inf"]
        assert connect(url).instant("no_such_metric", NOW).series == ()

    def test_a_range_has_both_of_its_ends(self, url: str) -> None:
        (series,) = connect(url).range('a{x="1"}', NOW - timedelta(seconds=60), NOW, 15).series
        assert [value for _, value in series.values] == ["10", "11", "12", "13", "14"]

    @pytest.mark.parametrize(
        ("query", "says"),
        [
            ("sum(", "parse error"),
            ("rate(a)", "expected type range vector"),
            ('a{x=~"("}', "missing closing"),
            ("a / ignoring(x) a", "found duplicate series"),
        ],
    )
    def test_a_query_that_it_refuses_is_told_in_its_own_words(self, query: str, says: str, url: str) -> None:
        with pytest.raises(BadQuery, match=says):
            connect(url).instant(query, NOW)

    def test_a_path_that_is_not_there(self, url: str) -> None:
        with pytest.raises(PrometheusError, match="is not Prometheus' API \\(404") as caught:
            connect(f"{url}/prometheus").instant("a", NOW)
        assert "Prometheus' root" in caught.value.advice

    def test_a_slash_at_the_end_does_no_harm(self, url: str) -> None:
        assert connect(f"{url}/").instant("a", NOW).series


class TestAsking:
    def test_the_query_goes_by_post_with_the_tenants_header(self, web: Web, answer: Reply) -> None:
        seen: list[tuple[str, str, dict[str, list[str]], Any]] = []

        def ask(request: BaseHTTPRequestHandler) -> None:
            form = parse_qs(request.rfile.read(int(request.headers["Content-Length"])).decode())
            seen.append((request.command, request.path, form, request.headers))
            answer(request, 200, success("vector", []))

        connect(f"{web(ask)}/tenant/prometheus", headers={"X-Scope-OrgID": "shop"}).instant('a{b="c&d"}', NOW)
        ((method, path, form, headers),) = seen
        assert (method, path, headers["X-Scope-OrgID"]) == ("POST", "/tenant/prometheus/api/v1/query", "shop")
        assert (form["query"], form["time"]) == (['a{b="c&d"}'], [f"{NOW.timestamp():.3f}"])
        assert 1 <= int(form["timeout"][0].removesuffix("s")) <= 10

    @pytest.mark.parametrize(
        ("environ", "sent"),
        [
            ({}, None),
            ({"PROMETHEUS_TOKEN": "t0ken\n"}, "Bearer t0ken"),
            (
                {"PROMETHEUS_USERNAME": "me", "PROMETHEUS_PASSWORD": "hunter2"},
                f"Basic {base64.b64encode(b'me:hunter2').decode()}",
            ),
        ],
    )
    def test_credentials_are_the_environments(
        self, environ: dict[str, str], sent: str | None, web: Web, answer: Reply
    ) -> None:
        seen: list[str | None] = []

        def ask(request: BaseHTTPRequestHandler) -> None:
            seen.append(request.headers["Authorization"])
            answer(request, 200, success("vector", []))

        connect(web(ask), environ).instant("a", NOW)
        assert seen == [sent]

    def test_a_token_in_a_file_is_read_when_it_is_used(self, tmp_path: Path) -> None:
        (tmp_path / "token").write_text("from-file\n")
        url = URL.replace("http:", "https:")
        server = connect(url, {"PROMETHEUS_TOKEN": "other"}, token_file=str(tmp_path / "token"))
        assert server.client.headers["Authorization"] == "Bearer from-file"

    @pytest.mark.parametrize(
        "environ",
        [
            {"PROMETHEUS_TOKEN": "hunter2"},
            {"PROMETHEUS_USERNAME": "me", "PROMETHEUS_PASSWORD": "hunter2"},
        ],
    )
    def test_a_credential_goes_to_no_other_machine_unencrypted(self, environ: dict[str, str]) -> None:
        with pytest.raises(UsageError, match="over http, unencrypted") as caught:
            connect(URL, environ)
        assert "hunter2" not in f"{caught.value}{caught.value.advice}"

    def test_a_token_that_is_none_is_not_shown(self) -> None:
        with pytest.raises(UsageError) as caught:
            connect(URL, {"PROMETHEUS_TOKEN": "two\nlines"})
        assert "two" not in f"{caught.value}{caught.value.advice}"

    def test_warnings_and_infos_are_kept(self, web: Web, answer: Reply) -> None:
        url = web(
            lambda request: answer(
                request, 200, success("vector", [], warnings=["one store is down"], infos=["not a counter"])
            )
        )
        assert connect(url).instant("a", NOW).warnings == ("one store is down", "not a counter")

    def test_a_partial_answer_is_said_to_be(self, web: Web, answer: Reply) -> None:
        url = web(lambda request: answer(request, 200, success("vector", [], isPartial=True)))
        assert connect(url).instant("a", NOW).warnings == ("the answer is partial",)


class TestFaults:
    @pytest.mark.parametrize(
        ("status", "body", "says", "advice"),
        [
            (
                200,
                b"<!DOCTYPE html><html>Log in</html>",
                "answered with a web page",
                "a login in front of it",
            ),
            (200, b'{"status": "succ', "in a form that is not that of Prometheus' API", ""),
            (200, b'{"status": "success"}', "in a form that is not that of Prometheus' API", ""),
            (200, b'{"ok": true}', "in a form that is not that of Prometheus' API", ""),
            (
                200,
                b'{"status":"success","data":{"resultType":"vector","result":[{"value":"x"}]}}',
                "in a form that is not",
                "",
            ),
            (
                200,
                b'{"status":"success","data":{"resultType":"vector","result":[{"value":[1,"x"]}]}}',
                "in a form that is not",
                "",
            ),
            (
                200,
                b'{"status":"success","data":{"resultType":"matrix","result":[{"values":[[1,"2"],[2,""]]}]}}',
                "in a form that is not",
                "",
            ),
            (401, b"no org id", "denies access (401 no org id)", "PROMETHEUS_TOKEN"),
            (403, b"forbidden", "denies access (403 forbidden)", "--prometheus-token-file"),
            (404, b"404 page not found", "is not Prometheus' API (404 404 page not found)", "root"),
            (405, b"", "is not Prometheus' API (405 )", "root"),
            (
                503,
                b'{"status":"error","errorType":"timeout","error":"query timed out"}',
                "took too long: query timed out",
                "shorter window",
            ),
        ],
    )
    def test_each_is_one_line_and_what_to_do(
        self, *, status: int, body: bytes, says: str, advice: str, web: Web, answer: Reply
    ) -> None:
        url = web(lambda request: answer(request, status, body))
        with pytest.raises(PrometheusError) as caught:
            connect(url).instant("a", NOW)
        assert type(caught.value) is PrometheusError
        assert says in str(caught.value)
        assert advice in caught.value.advice

    def test_a_token_that_is_refused_is_said_to_be(self, web: Web, answer: Reply) -> None:
        url = web(lambda request: answer(request, 401, b"Unauthorized"))
        with pytest.raises(PrometheusError) as caught:
            connect(url, {"PROMETHEUS_TOKEN": "t0ken"}).instant("a", NOW)
        assert caught.value.advice.startswith("the credentials may have expired")
        assert "t0ken" not in f"{caught.value}{caught.value.advice}"

    def test_a_redirect_is_not_followed_with_the_token(self, web: Web, answer: Reply) -> None:
        asked: list[str] = []

        def elsewhere(request: BaseHTTPRequestHandler) -> None:
            asked.append(request.path)
            answer(request, 302, b"", Location="/login")

        with pytest.raises(PrometheusError, match=r"sends us elsewhere \(302\): /login"):
            connect(web(elsewhere), {"PROMETHEUS_TOKEN": "t0ken"}).instant("a", NOW)
        assert asked == ["/api/v1/query"]

    def test_what_may_pass_is_asked_again(self, web: Web, answer: Reply) -> None:
        answers = iter([(429, b"slow down"), (500, b""), (200, success("scalar", [0, "1"]))])
        server = connect(web(lambda request: answer(request, *next(answers))))
        assert [each.value for each in server.instant("1", NOW).series] == [(0, "1")]

    def test_a_server_that_asks_for_more_time_than_there_is(self, web: Web, answer: Reply) -> None:
        url = web(lambda request: answer(request, 503, b"starting", Retry_After="60"))
        with pytest.raises(PrometheusUnreachable, match="answered 503: starting"):
            connect(url, seconds=5).instant("a", NOW)

    def test_an_answer_that_is_cut_off(self, web: Web) -> None:
        def cut(request: BaseHTTPRequestHandler) -> None:
            request.send_response(200)
            request.send_header("Content-Length", "100")
            request.end_headers()
            request.wfile.write(b'{"status":')
            request.close_connection = True

        with pytest.raises(PrometheusUnreachable, match="the connection to Prometheus"):
            connect(web(cut)).instant("a", NOW)

    def test_an_answer_larger_than_any_that_is_meant(
        self, web: Web, answer: Reply, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(module, "LARGEST_ANSWER", 1024 * 1024)
        url = web(lambda request: answer(request, 200, b"x" * (2 * 1024 * 1024)))
        with pytest.raises(BadQuery, match="more than 1 MiB") as caught:
            connect(url).instant("a", NOW)
        assert "aggregate" in caught.value.advice

    def test_nobody_listens(self) -> None:
        with pytest.raises(
            PrometheusUnreachable, match=r"no connection to Prometheus at http://127\.0\.0\.1:1"
        ) as caught:
            connect("http://127.0.0.1:1").instant("a", NOW)
        assert "reachable from here" in caught.value.advice

    def test_no_time_left_asks_nothing(self) -> None:
        with pytest.raises(PrometheusUnreachable, match="no time is left"):
            connect("http://127.0.0.1:1", seconds=0).instant("a", NOW)

    def test_https_where_http_is_spoken(self, web: Web, answer: Reply) -> None:
        url = web(lambda request: answer(request, 200, {})).replace("http:", "https:")
        with pytest.raises(PrometheusError, match="does not speak TLS"):
            connect(url).instant("a", NOW)


@pytest.mark.prometheus
def test_a_certificate_is_trusted_only_by_its_authority(
    prometheus_of: Callable[..., str], tmp_path: Path
) -> None:
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2", "-nodes"]
    make = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-keyout",
        "key.pem",
        "-out",
        "ca.pem",
        *subject,
    ]
    subprocess.run(make, cwd=tmp_path, check=True, capture_output=True)
    (tmp_path / "web.yml").write_text("tls_server_config: {cert_file: ca.pem, key_file: key.pem}")
    url = prometheus_of(f"a 1 {NOW.timestamp():.0f}", f"--web.config.file={tmp_path / 'web.yml'}").replace(
        "http:", "https:"
    )
    assert connect(url, ca=str(tmp_path / "ca.pem")).instant("a", NOW).series
    with pytest.raises(PrometheusError, match="is not trusted") as caught:
        connect(url).instant("a", NOW)
    assert "--prometheus-ca" in caught.value.advice


@pytest.mark.prometheus
def test_a_real_prometheus_that_asks_for_a_password(
    prometheus_of: Callable[..., str], tmp_path: Path
) -> None:
    (tmp_path / "web.yml").write_text("basic_auth_users: {me: '" + HUNTER2 + "'}")
    url = prometheus_of(f"a 1 {NOW.timestamp():.0f}", f"--web.config.file={tmp_path / 'web.yml'}")
    with pytest.raises(PrometheusError, match="denies access"):
        connect(url).instant("a", NOW)
    assert (
        connect(url, {"PROMETHEUS_USERNAME": "me", "PROMETHEUS_PASSWORD": "hunter2"}).instant("a", NOW).series
    )


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"url": "prometheus:9090"}, "'prometheus:9090' is not a valid address"),
        ({"url": "ftp://prometheus"}, "is not a valid address"),
        ({"url": "http://"}, "is not a valid address"),
        ({"url": "http://prometheus:port"}, "is not a valid address"),
        ({"url": "http://prometheus:99999"}, "is not a valid address"),
        ({"url": "http://prometheus/?tenant=a"}, "is not a valid address"),
        ({"url": "https://me:hunter2@prometheus"}, "holds a credential"),
        ({"url": URL, "ca": "/nowhere/ca.pem"}, "--prometheus-ca: there is no file /nowhere/ca.pem"),
        ({"url": URL, "token_file": "/nowhere/token"}, "--prometheus-token-file: there is no file"),
        ({"url": URL, "headers": {"Authorization": "x"}}, "Authorization is a credential"),
        ({"url": URL, "headers": {"X-Api-Key": "hunter2hunter2"}}, "X-Api-Key is a credential"),
        ({"url": URL, "headers": {"X Scope": "a"}}, "'X Scope' is no header"),
        ({"url": URL, "headers": {"X-Scope-OrgID": "a\r\nHost: b"}}, "is no header"),
    ],
)
def test_settings_that_cannot_be_used_are_usage_errors(fields: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_settings(Prometheus(**fields))
    assert says in str(caught.value)
    assert "hunter2" not in f"{caught.value}{caught.value.advice}"


def test_a_certificate_authority_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no PEM")
    with pytest.raises(UsageError, match="holds no certificate"):
        connect("https://prometheus", ca=str(tmp_path / "ca.pem"))


@pytest.mark.parametrize("kind", get_args(FaultKind))
def test_every_fault_of_the_connection_has_a_meaning(kind: FaultKind) -> None:
    assert URL in str(translate_fault(HttpFault(kind, "more than 4 MiB"), URL)) or kind == "too large"
