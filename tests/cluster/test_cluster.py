"""The connection: how it is found, what it reads, and what every failure of it means."""

import base64
import inspect
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from kubernetes.client import exceptions as sdk_exceptions
from kubernetes.config.config_exception import ConfigException
from urllib3 import exceptions as urllib3_exceptions

from analyzer.cluster import Cluster
from analyzer.cluster import errors as module
from analyzer.cluster import kubeconfig as loading
from analyzer.cluster.errors import (
    ClusterError,
    Conflict,
    Denied,
    MissingResource,
    Rejected,
    Unauthenticated,
    Unavailable,
    translate_error,
)
from analyzer.common.deadline import Deadline, Done, in_parallel
from analyzer.errors import AnalyzerError, UsageError
from analyzer.evidence.fields import parse_time

if TYPE_CHECKING:
    from tests.conftest import ApiServer, Namespace

Stub = Callable[..., Cluster]
Reply = Callable[..., None]
Kubeconfig = Callable[..., Path]
HOST = "https://api.example:6443"
BROKEN = [
    b"",
    b"just text",
    b"[1, 2]",
    b"{: broken",
    b"\xff\xfe",
    b"a: 1",
    b"contexts: [{name: a, context: {cluster: gone}}]\ncurrent-context: a",
]


def connect(path: Path | str = "", context: str = "", seconds: float = 10) -> Cluster:
    return Cluster.connect(str(path), context, Deadline.after(seconds))


class TestConnect:
    @pytest.fixture(autouse=True)
    def _elsewhere(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("HOME", str(tmp_path / "home"))
        monkeypatch.delenv("KUBECONFIG", raising=False)
        monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)

    def test_the_option_wins_over_the_environment(
        self, kubeconfig: Kubeconfig, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("KUBECONFIG", str(kubeconfig("https://environment:1")))
        assert connect(kubeconfig("https://option:1")).api.configuration.host == "https://option:1"
        assert connect().api.configuration.host == "https://environment:1"

    def test_several_files_are_merged_and_the_missing_ones_skipped(
        self, kubeconfig: Kubeconfig, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("KUBECONFIG", f"/nowhere/config:{kubeconfig('https://there:1')}")
        assert connect().api.configuration.host == "https://there:1"

    def test_the_home_directory_is_last(
        self, kubeconfig: Kubeconfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "home" / ".kube").mkdir(parents=True)
        kubeconfig("https://home:1").rename(tmp_path / "home" / ".kube" / "config")
        monkeypatch.setenv("KUBECONFIG", "")
        assert connect().api.configuration.host == "https://home:1"

    def test_the_namespace_is_the_contexts(self, kubeconfig: Kubeconfig) -> None:
        assert connect(kubeconfig()).namespace == "shop"

    def test_in_a_pod_the_service_account_is_used(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name, content in {"token": "t0ken", "ca.crt": "certificate", "namespace": "inside"}.items():
            (tmp_path / name).write_text(content)
        monkeypatch.setattr(loading, "SERVICE_ACCOUNT", tmp_path)
        monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "10.0.0.1")
        monkeypatch.setenv("KUBERNETES_SERVICE_PORT", "443")
        configuration, namespace = loading.load_kubeconfig("", "")
        assert (configuration.host, namespace) == ("https://10.0.0.1:443", "inside")
        assert configuration.api_key["BearerToken"].endswith("t0ken")

    @pytest.mark.parametrize("inside", [True, False])
    @pytest.mark.parametrize("asked", ["--kubeconfig", "KUBECONFIG"])
    def test_a_missing_kubeconfig(self, asked: str, inside: bool, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(loading, "in_container", lambda: inside)
        monkeypatch.setenv("KUBECONFIG", "/nowhere/config" if asked == "KUBECONFIG" else "")
        with pytest.raises(UsageError, match="no such kubeconfig: /nowhere/config") as caught:
            connect("/nowhere/config" if asked == "--kubeconfig" else "")
        assert ("container" in caught.value.advice) == inside

    def test_nothing_to_connect_with(self) -> None:
        with pytest.raises(UsageError, match="no kubeconfig, and this is no pod") as caught:
            connect()
        assert "--kubeconfig FILE" in caught.value.advice

    def test_a_context_needs_a_kubeconfig(self) -> None:
        with pytest.raises(UsageError, match="no context 'prod'"):
            connect(context="prod")

    def test_an_unknown_context_names_those_there_are(self, kubeconfig: Kubeconfig) -> None:
        with pytest.raises(UsageError, match="no context 'prod'") as caught:
            connect(kubeconfig(), "prod")
        assert caught.value.advice == "it has: stub"

    @pytest.mark.parametrize("content", BROKEN)
    def test_a_broken_kubeconfig(self, content: bytes, tmp_path: Path) -> None:
        (tmp_path / "config").write_bytes(content)
        with pytest.raises(UsageError, match=str(tmp_path / "config")) as caught:
            connect(tmp_path / "config")
        assert "\n" not in str(caught.value)
        assert caught.value.advice

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"just text", "is no kubeconfig: it is not a YAML mapping"),
            (b"[1, 2]", "is no kubeconfig: it is not a YAML mapping"),
            (b"\xff\xfe", "is not UTF-8"),
        ],
    )
    def test_another_file_is_no_kubeconfig(self, content: bytes, says: str, tmp_path: Path) -> None:
        (tmp_path / "config").write_bytes(content)
        with pytest.raises(UsageError) as caught:
            connect(tmp_path / "config")
        assert str(caught.value) == f"the kubeconfig {tmp_path / 'config'} {says}"

    @pytest.mark.parametrize("data", ["x", base64.b64encode(b"no PEM").decode()])
    def test_a_certificate_that_is_none(
        self, data: str, kubeconfig: Kubeconfig, stub: Stub, answer: Reply
    ) -> None:
        listening = stub(lambda request: answer(request, 200, {})).api.configuration.host.replace(
            "http:", "https:"
        )
        with pytest.raises(UsageError, match="cannot be used"):
            connect(kubeconfig(listening, {"client-certificate-data": data, "client-key-data": data})).get(
                "/api"
            )

    def test_a_cluster_without_a_server(self, kubeconfig: Kubeconfig) -> None:
        path = kubeconfig()
        config = json.loads(path.read_text())
        config["clusters"][0]["cluster"] = {}
        path.write_text(json.dumps(config))
        with pytest.raises(UsageError, match="names no server"):
            connect(path)

    def test_a_credential_plugin_that_is_not_there_is_no_anonymous_request(
        self, kubeconfig: Kubeconfig
    ) -> None:
        with pytest.raises(UsageError, match="plugin no-such-auth-plugin is not here") as caught:
            connect(kubeconfig(user=_plugin("no-such-auth-plugin")))
        assert "token" in caught.value.advice

    def test_a_credential_plugin_that_fails(self, kubeconfig: Kubeconfig) -> None:
        with pytest.raises(UsageError, match=r"plugin failed: .*log in first"):
            connect(kubeconfig(user=_plugin("sh", "-c", "echo log in first >&2; exit 1")))

    def test_a_credential_plugin_that_hangs_ends_with_the_deadline(self, kubeconfig: Kubeconfig) -> None:
        with pytest.raises(Unavailable, match="did not end in time"):
            connect(kubeconfig(user=_plugin("sleep", "5")), seconds=0.3)

    def test_a_credential_plugin_runs_once(
        self, kubeconfig: Kubeconfig, stub: Stub, answer: Reply, tmp_path: Path
    ) -> None:
        seen: list[str] = []

        def pods(request: BaseHTTPRequestHandler) -> None:
            seen.append(str(request.headers["Authorization"]))
            answer(request, 200, {"items": []})

        host = stub(pods).api.configuration.host
        expiring = {
            "token": "from-plugin",
            "expirationTimestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        status = {
            "apiVersion": "client.authentication.k8s.io/v1",
            "kind": "ExecCredential",
            "status": expiring,
        }
        script = f"echo run >> {tmp_path}/runs; echo '{json.dumps(status)}'"
        cluster = connect(kubeconfig(host, _plugin("sh", "-c", script)))
        cluster.get("/api/v1/pods")
        cluster.get("/api/v1/pods")
        assert seen == ["Bearer from-plugin"] * 2
        assert (tmp_path / "runs").read_text() == "run\n"


def _plugin(command: str, *arguments: str) -> dict[str, Any]:
    return {
        "exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": command, "args": list(arguments)}
    }


@pytest.mark.api
class TestRealServer:
    def test_a_list_has_every_item_of_every_page(self, namespace: "Namespace", cluster: Cluster) -> None:
        for number in range(7):
            namespace.pod(f"pod-{number}", {"app": "cart"})
        names = [item["metadata"]["name"] for item in cluster.list(namespace.path("pods"), limit=3)]
        assert names == [f"pod-{number}" for number in range(7)]

    def test_selectors_reach_the_server_as_written(self, namespace: "Namespace", cluster: Cluster) -> None:
        namespace.pod("one", {"app": "cart", "track": "a"})
        namespace.pod("two", {"app": "cart", "track": "b"})
        found = cluster.list(namespace.path("pods"), labelSelector="app=cart,track in (a,c),!other")
        assert [item["metadata"]["name"] for item in found] == ["one"]

    def test_the_clock_is_the_servers(self, namespace: "Namespace", cluster: Cluster) -> None:
        made = parse_time(namespace.pod("cart", {})["metadata"]["creationTimestamp"])
        assert made is not None
        assert abs((cluster.now() - made).total_seconds()) < 30

    def test_an_object_that_is_not_there_is_named(self, cluster: Cluster) -> None:
        with pytest.raises(MissingResource) as caught:
            cluster.get("/api/v1/namespaces/nowhere")
        assert caught.value.name == "nowhere"

    def test_a_resource_the_api_does_not_have_names_no_object(self, cluster: Cluster) -> None:
        with pytest.raises(MissingResource) as caught:
            cluster.get("/apis/example.com/v1/namespaces/default/things/one")
        assert caught.value.name == ""

    def test_denied_names_the_rule_to_grant(self, namespace: "Namespace") -> None:
        account = namespace.as_account({"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]})
        with pytest.raises(Denied, match="may not list replicasets") as caught:
            list(account.list(namespace.path("replicasets", "/apis/apps/v1")))
        rule = '{apiGroups: ["apps"], resources: ["replicasets"], verbs: ["list"]}'
        assert caught.value.advice == f"grant it in a Role in namespace {namespace.name}: {rule}"

    def test_denied_of_the_whole_cluster_asks_for_a_cluster_role(self, namespace: "Namespace") -> None:
        with pytest.raises(Denied, match="may not list nodes") as caught:
            list(namespace.as_account().list("/api/v1/nodes"))
        assert caught.value.advice.startswith("grant it in a ClusterRole: ")

    def test_a_patch_merges_and_its_preconditions_hold(
        self, namespace: "Namespace", cluster: Cluster
    ) -> None:
        path = namespace.path("pods/one")
        made = namespace.pod("one", {"app": "cart"})["metadata"]
        after = cluster.patch(
            path, {"metadata": {"resourceVersion": made["resourceVersion"], "annotations": {"a": "1"}}}
        )
        assert (after["metadata"]["annotations"], after["metadata"]["labels"]) == (
            {"a": "1"},
            {"app": "cart"},
        )
        for name, precondition, error in (
            ("resourceVersion", made["resourceVersion"], Conflict),
            ("uid", namespace.name, Rejected),
        ):
            with pytest.raises(error):
                cluster.patch(path, {"metadata": {name: precondition, "annotations": {"a": "2"}}})
        assert cluster.get(path)["metadata"]["annotations"] == {"a": "1"}
        with pytest.raises(MissingResource):
            cluster.patch(namespace.path("pods/two"), {"metadata": {"annotations": {"a": "1"}}})

    def test_an_apply_makes_and_then_keeps_one_object(self, namespace: "Namespace", cluster: Cluster) -> None:
        def config(value: str) -> dict[str, Any]:
            return {
                "apiVersion": "v1",
                "kind": "ConfigMap",
                "metadata": {"name": "one"},
                "data": {"a": value},
            }

        first, second = (cluster.apply(namespace.path("configmaps/one"), config(value)) for value in "12")
        assert (first["metadata"]["uid"], second["data"]) == (second["metadata"]["uid"], {"a": "2"})

    def test_a_token_that_is_not_valid(self, namespace: "Namespace") -> None:
        cluster = connect(namespace.kubeconfig_with("not.a.token"))
        with pytest.raises(Unauthenticated, match="401") as caught:
            cluster.get("/api/v1/namespaces/default")
        assert "renew" in caught.value.advice

    def test_a_token_that_has_expired(self, namespace: "Namespace") -> None:
        signed = namespace.send("POST", f"{namespace.path('serviceaccounts')}/default/token", {"spec": {}})[
            "status"
        ]["token"]
        head, body, signature = signed.split(".")
        claims = json.loads(base64.urlsafe_b64decode(body + "==")) | {"exp": 1}
        old = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
        with pytest.raises(Unauthenticated):
            connect(namespace.kubeconfig_with(f"{head}.{old}.{signature}")).get("/api/v1/namespaces/default")

    def test_a_certificate_of_another_authority(
        self, api_server: "ApiServer", kubeconfig: Kubeconfig
    ) -> None:
        path = kubeconfig(connect(api_server.kubeconfig).api.configuration.host)
        with pytest.raises(Unauthenticated, match="is not trusted"):
            connect(path).get("/version")

    def test_lists_that_priority_and_fairness_turns_away_are_asked_for_again(
        self, namespace: "Namespace", cluster: Cluster, wait_until: Callable[[Callable[[], object]], None]
    ) -> None:
        """A priority level with one seat and no queue: whoever comes second gets 429, and Retry-After."""
        flow, name = "/apis/flowcontrol.apiserver.k8s.io/v1", namespace.name
        namespace.pod("one", {"app": "cart"})
        account = namespace.as_account({"apiGroups": [""], "resources": ["pods"], "verbs": ["list"]})
        limited = {
            "nominalConcurrencyShares": 0,
            "lendablePercent": 0,
            "borrowingLimitPercent": 0,
            "limitResponse": {"type": "Reject"},
        }
        everyone = [{"kind": "Group", "group": {"name": f"system:serviceaccounts:{name}"}}]
        rule = {
            "subjects": everyone,
            "resourceRules": [{"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"], "namespaces": ["*"]}],
        }
        schema = {"priorityLevelConfiguration": {"name": name}, "matchingPrecedence": 2, "rules": [rule]}
        levels = f"{flow}/prioritylevelconfigurations"
        namespace.send(
            "POST", levels, {"metadata": {"name": name}, "spec": {"type": "Limited", "limited": limited}}
        )
        namespace.send("POST", f"{flow}/flowschemas", {"metadata": {"name": name}, "spec": schema})

        def names() -> list[str]:
            return [item["metadata"]["name"] for item in account.list(namespace.path("pods"))]

        def turned_away() -> bool:
            """Whether some were, when all at once asked; every one has its answer all the same."""
            assert [
                done.value for done in in_parallel([names] * 16, account.deadline) if isinstance(done, Done)
            ] == [["one"]] * 16
            told = b"".join(cluster.stream("/metrics")).decode().splitlines()
            return any(
                "flowcontrol_rejected_requests_total{" in line and f'"{name}"' in line for line in told
            )

        try:
            wait_until(turned_away)
        finally:
            namespace.send("DELETE", f"{flow}/flowschemas/{name}", {})
            namespace.send("DELETE", f"{levels}/{name}", {})

    def test_a_selector_the_server_refuses(self, namespace: "Namespace", cluster: Cluster) -> None:
        with pytest.raises(Rejected, match="unable to parse"):
            list(cluster.list(namespace.path("pods"), labelSelector="a in ("))


class TestFaults:
    @pytest.mark.slow
    def test_too_many_requests_is_asked_again_after_as_long_as_it_says(
        self, stub: Stub, answer: Reply
    ) -> None:
        times: list[float] = []

        def busy_once(request: BaseHTTPRequestHandler) -> None:
            times.append(time.monotonic())
            if len(times) == 1:
                answer(request, 429, {"message": "slow down"}, Retry_After="1")
            else:
                answer(request, 200, {"kind": "Pod"})

        assert stub(busy_once).get("/api/v1/pods") == {"kind": "Pod"}
        assert times[1] - times[0] >= 1.0

    def test_a_wait_past_the_deadline_is_not_begun(self, stub: Stub, answer: Reply) -> None:
        with pytest.raises(Unavailable, match="503: down") as caught:
            stub(
                lambda request: answer(request, 503, {"message": "down"}, Retry_After="3600"), seconds=5
            ).get("/api")
        assert caught.value.retry_after == 3600.0

    def test_a_date_to_retry_after_is_understood(self, stub: Stub, answer: Reply) -> None:
        date = "Fri, 31 Dec 2100 23:59:59 GMT"
        with pytest.raises(Unavailable) as caught:
            stub(lambda request: answer(request, 503, {}, Retry_After=date)).get("/api")
        assert caught.value.retry_after > 1e6

    def test_an_answer_that_is_cut_off_is_asked_for_again(self, stub: Stub, answer: Reply) -> None:
        asked: list[str] = []

        def cut_once(request: BaseHTTPRequestHandler) -> None:
            asked.append(request.path)
            if len(asked) > 1:
                answer(request, 200, {"items": []})
                return
            request.send_response(200)
            request.send_header("Content-Length", "100")
            request.end_headers()
            request.wfile.write(b'{"items"')

        assert stub(cut_once).get("/api/v1/pods") == {"items": []}

    def test_a_drip_ends_with_the_deadline(
        self, stub: Stub, wait_until: Callable[[Callable[[], object]], None]
    ) -> None:
        gone: list[bool] = []
        end = threading.Event()

        def drip(request: BaseHTTPRequestHandler) -> None:
            request.send_response(200)
            request.end_headers()
            try:
                while not end.wait(0.05):
                    request.wfile.write(b" ")
                    request.wfile.flush()
            finally:
                gone.append(True)

        with pytest.raises(Unavailable, match="did not answer in time"):
            stub(drip, seconds=0.5).get("/api/v1/pods")
        assert not gone
        end.set()
        wait_until(lambda: gone)

    def test_an_expired_continue_token_starts_over_without_repeating(self, stub: Stub, answer: Reply) -> None:
        asked: list[str] = []

        def pages(request: BaseHTTPRequestHandler) -> None:
            asked.append(request.path)
            if "continue=old" in request.path:
                answer(request, 410, {"message": "The provided continue parameter is too old"})
            elif "continue=new" in request.path:
                answer(request, 200, {"items": [{"metadata": {"uid": "c"}}]})
            else:
                token = "new" if len(asked) > 2 else "old"
                uids = ["a", "b"] if len(asked) > 2 else ["a"]
                answer(
                    request,
                    200,
                    {"metadata": {"continue": token}, "items": [{"metadata": {"uid": uid}} for uid in uids]},
                )

        assert [item["metadata"]["uid"] for item in stub(pages).list("/api/v1/pods")] == ["a", "b", "c"]

    def test_a_token_that_always_expires_ends(self, stub: Stub, answer: Reply) -> None:
        def never(request: BaseHTTPRequestHandler) -> None:
            if "continue" in request.path:
                answer(request, 410, {"message": "too old"})
            else:
                answer(request, 200, {"metadata": {"continue": "x"}, "items": []})

        with pytest.raises(Rejected, match="too old"):
            list(stub(never).list("/api/v1/pods"))

    @pytest.mark.parametrize("body", [b"<html>log in</html>", b"[]", b""])
    def test_a_server_that_is_no_kubernetes(self, body: bytes, stub: Stub, answer: Reply) -> None:
        with pytest.raises(Rejected, match="did not answer in JSON") as caught:
            stub(lambda request: answer(request, 200, body)).get("/api")
        assert "kubeconfig" in caught.value.advice

    def test_a_redirect_is_not_followed_with_our_credentials(self, stub: Stub, answer: Reply) -> None:
        asked: list[str] = []

        def elsewhere(request: BaseHTTPRequestHandler) -> None:
            asked.append(request.path)
            answer(request, 302, {}, Location="/login")

        with pytest.raises(Rejected, match="302"):
            stub(elsewhere).get("/api")
        assert asked == ["/api"]

    def test_a_denial_in_other_words_is_still_a_denial(self, stub: Stub, answer: Reply) -> None:
        with pytest.raises(Denied, match="denied: a webhook said no"):
            stub(lambda request: answer(request, 403, {"message": "a webhook said no"})).get("/api")

    def test_no_time_left_asks_nothing(self, kubeconfig: Kubeconfig) -> None:
        cluster = Cluster("shop", connect(kubeconfig()).api, Deadline.after(0))
        with pytest.raises(Unavailable):
            cluster.get("/api")

    @pytest.mark.parametrize(
        ("inside", "advice"), [(True, "--network host"), (False, "is the cluster running")]
    )
    def test_nobody_listens(
        self, inside: bool, advice: str, kubeconfig: Kubeconfig, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(module, "in_container", lambda: inside)
        with pytest.raises(Unavailable, match="no connection to the Kubernetes API") as caught:
            connect(kubeconfig()).get("/api")
        assert advice in caught.value.advice

    def test_a_host_name_that_does_not_resolve(
        self, kubeconfig: Kubeconfig, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def unknown(*_: object, **__: object) -> NoReturn:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

        monkeypatch.setattr(socket, "getaddrinfo", unknown)
        with pytest.raises(Unavailable, match="no connection to the Kubernetes API"):
            connect(kubeconfig("https://nowhere.invalid")).get("/api")

    def test_an_address_that_is_none(self, kubeconfig: Kubeconfig) -> None:
        with pytest.raises(UsageError, match="ftp://example cannot be used"):
            connect(kubeconfig("ftp://example")).get("/api")

    @pytest.mark.parametrize(
        ("more", "scheme"), [({}, "http"), ({"insecure-skip-tls-verify": True}, "https")], ids=["bare", "tls"]
    )
    def test_an_address_without_a_scheme_is_taken_as_kubectl_does(
        self, more: dict[str, Any], scheme: str, kubeconfig: Kubeconfig
    ) -> None:
        path = kubeconfig("127.0.0.1:8001")
        written = json.loads(path.read_text())
        written["clusters"][0]["cluster"] |= more
        path.write_text(json.dumps(written))
        assert connect(path).api.configuration.host == f"{scheme}://127.0.0.1:8001"

    def test_closing_a_stream_closes_its_connection(
        self, stub: Stub, wait_until: Callable[[Callable[[], object]], None]
    ) -> None:
        closed: list[bool] = []

        def endless(request: BaseHTTPRequestHandler) -> None:
            request.send_response(200)
            request.end_headers()
            try:
                while True:
                    request.wfile.write(b"x" * 65536)
            except OSError:
                closed.append(True)

        chunks = stub(endless).stream("/log")
        assert next(chunks)
        chunks.close()
        wait_until(lambda: closed)


def _exceptions() -> Iterator[type[Exception]]:
    """Every exception class of the client and of what it connects with."""
    yield ConfigException
    for where in (sdk_exceptions, urllib3_exceptions):
        for _, kind in inspect.getmembers(where, inspect.isclass):
            if (
                issubclass(kind, Exception)
                and not issubclass(kind, Warning)
                and kind.__module__ == where.__name__
            ):
                yield kind


@pytest.mark.parametrize("kind", tuple(_exceptions()), ids=lambda kind: kind.__name__)
def test_every_exception_of_the_client_has_a_meaning(kind: type[Exception]) -> None:
    class Said(kind):  # type: ignore[misc, valid-type]
        status = None

        def __init__(self) -> None:
            Exception.__init__(self)

        def __str__(self) -> str:
            return "what it said"

    assert isinstance(translate_error(Said(), HOST), ClusterError | UsageError)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, Unauthenticated), (403, Denied), (404, MissingResource), (422, Rejected), (500, Unavailable)],
)
def test_an_exception_with_a_status_means_what_the_status_means(
    status: int, kind: type[AnalyzerError]
) -> None:
    assert type(translate_error(sdk_exceptions.ApiException(status=status, reason="x"), HOST)) is kind


def test_an_exception_of_nobody_we_know_is_not_swallowed() -> None:
    assert translate_error(KeyError("ours"), HOST) is None
