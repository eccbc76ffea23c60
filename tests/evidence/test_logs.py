"""Logs: read from the end, within their bounds, and what could not be read said."""

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from analyzer.cluster import Cluster
from analyzer.evidence.interface import Gap, SourceContext
from analyzer.evidence.logs import ENOUGH_PODS, Logs, LogSource, PodSample, assemble, mined_stream, sample
from analyzer.evidence.pods import Condition, Container, Pod, Pods, State
from analyzer.evidence.streams import EXCERPTED, HEAD, WIDTH
from analyzer.target import ROLES, Role

if TYPE_CHECKING:
    from tests.conftest import Namespace

SceneOf = Callable[..., SourceContext]
Gathered = Callable[..., tuple[list[Any], list[Gap]]]
NOW = datetime.now(UTC)
RUNNING = State(kind="running")


def pod(name: str, *containers: Container) -> Pod:
    app = Container(name="app", type="main", image="app:1", state=RUNNING)
    ready = (Condition(type="Ready", status="True"),)
    return Pod(
        name=name,
        owner="",
        phase="Running",
        created_at=NOW,
        conditions=ready,
        containers=containers or (app,),
    )


def restarted(name: str) -> Pod:
    return pod(name, Container(name="app", type="main", image="app:1", restarts=1, state=RUNNING))


def side(role: Role, *pods: Pod) -> Pods:
    return Pods(side=role, pods=pods)


def recorded(lines: Iterable[bytes], ago: float = 60) -> bytes:
    """Lines as the container runtime writes them into the file that a kubelet reads."""
    stamp = (datetime.now(UTC) - timedelta(seconds=ago)).strftime("%Y-%m-%dT%H:%M:%S.000000000Z").encode()
    return b"".join(stamp + b" stdout F " + line + b"\n" for line in lines)


@pytest.mark.api
class TestRealServer:
    @pytest.fixture
    def read(
        self,
        namespace: "Namespace",
        cluster: Cluster,
        simulated_node: str,
        scene_of: SceneOf,
        gathered: Gathered,
    ) -> Callable[..., tuple[Logs, list[Gap]]]:
        """The canary's logs, of pods that are made for it, and the gaps."""

        def gather(*pods: Pod, **bounds: Any) -> tuple[Logs, list[Gap]]:
            for each in pods:
                of_kind = {"init": "initContainers", "sidecar": "initContainers", "main": "containers"}
                spec: dict[str, Any] = {"containers": []}
                for container in each.containers:
                    always = {"restartPolicy": "Always"} if container.type == "sidecar" else {}
                    spec.setdefault(of_kind[container.type], []).append(
                        {"name": container.name, "image": "app:1"} | always
                    )
                namespace.pod(each.name, {"app": "cart"}, nodeName=simulated_node, **spec)
            scene = scene_of(cluster, namespace.name, side("stable"), side("canary", *pods), **bounds)
            (stable, canary), gaps = gathered(LogSource(), scene)
            assert (stable.side, stable.streams) == ("stable", ())
            return canary, gaps

        return gather

    def test_current_and_previous_of_every_container(
        self, namespace: "Namespace", read: Callable[..., tuple[Logs, list[Gap]]]
    ) -> None:
        namespace.server.write_log("logged-1", recorded([b"listening on 8080", b"password hunter2 refused"]))
        namespace.server.write_log("logged-1", recorded([b"panic: no config"]), previous=True)
        containers = (
            Container(name="setup", type="init", image="app:1", state=RUNNING),
            Container(name="mesh", type="sidecar", image="app:1", state=RUNNING),
            Container(name="app", type="main", image="app:1", restarts=2, state=RUNNING),
        )
        logs, gaps = read(pod("logged-1", *containers))
        assert not gaps
        assert [(stream.container, stream.previous, stream.lines) for stream in logs.streams] == [
            ("app", False, 2),
            ("app", True, 1),
            ("mesh", False, 2),
            ("setup", False, 2),
        ]
        assert [line.text for line in logs.streams[0].excerpt] == [
            "listening on 8080",
            "password [masked] refused",
        ]
        assert [line.text for line in logs.streams[1].excerpt] == ["panic: no config"]
        at = logs.streams[0].excerpt[0].at
        assert at is not None
        assert timedelta(seconds=59) < datetime.now(UTC) - at < timedelta(minutes=10)
        assert {each.container: each.digest.lines for each in logs.containers} == {
            "app": 3,
            "mesh": 2,
            "setup": 2,
        }

    def test_only_the_window(
        self, namespace: "Namespace", read: Callable[..., tuple[Logs, list[Gap]]]
    ) -> None:
        namespace.server.write_log(
            "logged-2", recorded([b"long ago"], ago=900) + recorded([b"just now"], ago=30)
        )
        logs, _ = read(pod("logged-2"), since=600)
        assert [line.text for line in logs.streams[0].excerpt] == ["just now"]
        assert not logs.streams[0].truncated

    @pytest.mark.parametrize("width", [10, 200, 5000])
    def test_a_log_beyond_the_bound_is_read_from_its_end(
        self, width: int, namespace: "Namespace", read: Callable[..., tuple[Logs, list[Gap]]]
    ) -> None:
        lines = [b"%d %s" % (number, b"x" * width) for number in range(400_000 // width)]
        namespace.server.write_log("logged-3", recorded([*lines, b"the last line"]))
        logs, gaps = read(pod("logged-3"), log_bytes=65536)
        (stream,) = logs.streams
        assert not gaps
        assert stream.truncated
        assert stream.excerpt[-1].text == "the last line"
        assert 65536 // 3 < stream.bytes <= 65536

    def test_a_log_within_the_bound_is_whole(
        self, namespace: "Namespace", read: Callable[..., tuple[Logs, list[Gap]]]
    ) -> None:
        namespace.server.write_log("logged-4", recorded([b"x" * 100] * 400))
        logs, _ = read(pod("logged-4"), log_bytes=65536)
        assert (logs.streams[0].lines, logs.streams[0].truncated) == (400, False)

    def test_lines_that_are_no_text(
        self, namespace: "Namespace", read: Callable[..., tuple[Logs, list[Gap]]]
    ) -> None:
        lines = [b"nul \0 here", b"not \xff\xfe utf-8", b"\x1b[31mred\x1b[0m", b"y" * 10_000_000, b"end"]
        namespace.server.write_log("logged-5", recorded(lines))
        logs, gaps = read(pod("logged-5"), log_bytes=16 * 1024 * 1024)
        (stream,) = logs.streams
        assert not gaps
        assert stream.lines == 5
        assert stream.excerpt[-1].text == "end"
        assert all("\x1b" not in line.text and "\0" not in line.text for line in stream.excerpt)

    def test_a_pod_that_is_gone(
        self, namespace: "Namespace", cluster: Cluster, scene_of: SceneOf, gathered: Gathered
    ) -> None:
        parts, gaps = gathered(
            LogSource(), scene_of(cluster, namespace.name, side("stable"), side("canary", pod("gone")))
        )
        assert [part.side for part in parts] == ["stable"], "no stream could be read: no part"
        assert [(gap.side, gap.reason) for gap in gaps] == [("canary", "log of app in gone: the pod is gone")]

    def test_containers_that_never_started_are_one_gap(
        self, namespace: "Namespace", cluster: Cluster, scene_of: SceneOf, gathered: Gathered
    ) -> None:
        pods = [pod(f"waiting-{number}") for number in range(3)]
        for each in pods:
            namespace.pod(each.name, {"app": "cart"})
        _, (gap,) = gathered(
            LogSource(), scene_of(cluster, namespace.name, side("stable"), side("canary", *pods))
        )
        assert gap.reason.startswith("log of app in waiting-0 and 2 more: ")
        assert "waiting-1" not in gap.reason

    def test_denied_is_one_gap_a_side(
        self, namespace: "Namespace", scene_of: SceneOf, gathered: Gathered
    ) -> None:
        names = [f"denied-{number}" for number in range(3)]
        sides = (side("stable", pod("old")), side("canary", *(pod(name) for name in names)))
        for name in ("old", *names):
            namespace.pod(name, {"app": "cart"})
        account = namespace.as_account({"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]})
        parts, gaps = gathered(LogSource(), scene_of(account, namespace.name, *sides))
        assert not parts
        assert [(gap.side, gap.reason) for gap in gaps] == [
            ("stable", "these credentials may not get pods/log"),
            ("canary", "these credentials may not get pods/log"),
        ]
        assert 'resources: ["pods/log"], verbs: ["get"]' in gaps[0].advice

    def test_the_beginning_of_a_log_is_what_a_start_logs(
        self,
        namespace: "Namespace",
        cluster: Cluster,
        simulated_node: str,
        scene_of: SceneOf,
        gathered: Gathered,
    ) -> None:
        long = [b"served an item, %d" % number for number in range(20_000)]
        since = (datetime.now(UTC) - NOW).total_seconds()
        namespace.server.write_log("logged-30", recorded([b"loading prices", *long], ago=since + 7999))
        namespace.server.write_log("logged-31", recorded([b"loading prices"], ago=30))
        for name in ("logged-30", "logged-31"):
            namespace.pod(
                name, {"app": "cart"}, nodeName=simulated_node, containers=[{"name": "app", "image": "app:1"}]
            )
        scene = scene_of(
            cluster,
            namespace.name,
            side("stable", started("logged-30", 8000)),
            side("canary", started("logged-31", 60)),
        )
        (stable, _), gaps = gathered(LogSource(), scene)
        assert not gaps
        [start] = stable.starts
        assert start.digest.bytes == HEAD
        assert "loading prices" in {group.template for group in start.digest.groups}


class TestFaults:
    @pytest.fixture
    def read(
        self, stub: Callable[..., Cluster], scene_of: SceneOf, gathered: Gathered
    ) -> Callable[..., tuple[list[Logs], list[Gap]]]:
        """The canary's parts and gaps, when the server answers so."""

        def gather(
            answer: Callable[[BaseHTTPRequestHandler], None], *pods: Pod, **bounds: Any
        ) -> tuple[list[Logs], list[Gap]]:
            scene = scene_of(
                stub(answer), "shop", side("stable"), side("canary", *(pods or (pod("cart"),))), **bounds
            )
            parts, gaps = gathered(LogSource(), scene)
            return [part for part in parts if part.side == "canary"], gaps

        return gather

    def test_a_connection_that_breaks_keeps_what_was_read(
        self, read: Callable[..., tuple[list[Logs], list[Gap]]]
    ) -> None:
        def broken(request: BaseHTTPRequestHandler) -> None:
            request.send_response(200)
            request.send_header("Content-Length", "1000000")
            request.end_headers()
            request.wfile.write(b"2026-11-21T07:00:00Z first line\n")

        (logs,), (gap,) = read(broken)
        assert (logs.streams[0].lines, logs.streams[0].truncated) == (1, True)
        assert gap.reason.startswith(
            "the rest of the log of app in cart: the connection to the Kubernetes API"
        )

    def test_half_a_line_is_none_whether_the_cut_is_told_or_not(
        self, read: Callable[..., tuple[list[Logs], list[Gap]]], answer: Callable[..., None]
    ) -> None:
        lines = (
            b"2026-11-21T07:00:00Z order 1 taken\n2026-11-21T07:00:01Z ERROR no stock of sku-1, backorder tak"
        )

        def broken(request: BaseHTTPRequestHandler) -> None:
            request.send_response(200)
            request.send_header("Content-Length", "1000000")
            request.end_headers()
            request.wfile.write(lines)

        (logs,), (gap,) = read(broken)
        assert gap.reason.startswith("the rest of the log of app in cart: ")
        (silently,), gaps = read(lambda request: answer(request, 200, lines))
        assert not gaps
        for each in (logs, silently):
            assert [group.template for group in each.containers[0].digest.groups] == ["order <num> taken"]
            assert [line.text for line in each.streams[0].excerpt] == ["order 1 taken"]
            assert "1 of 1 log cut short" in each.bounds()

    def test_the_last_words_of_a_container_that_ended_need_no_newline(
        self, read: Callable[..., tuple[list[Logs], list[Gap]]], answer: Callable[..., None]
    ) -> None:
        over = State(kind="terminated", exit_code=1, started_at=NOW, finished_at=NOW)
        words = b"2026-11-21T07:00:00Z fatal: no config"
        (logs,), _ = read(
            lambda request: answer(request, 200, words),
            pod("cart", Container(name="app", type="main", image="app:1", state=over)),
        )
        assert [line.text for line in logs.streams[0].excerpt] == ["fatal: no config"]
        assert not logs.streams[0].truncated

    def test_a_log_that_is_read_from_its_middle_does_not_begin_with_half_an_event(
        self, read: Callable[..., tuple[list[Logs], list[Gap]]], answer: Callable[..., None]
    ) -> None:
        def from_the_middle(request: BaseHTTPRequestHandler) -> None:
            (told,) = parse_qs(urlsplit(request.path).query)["sinceTime"]
            start = datetime.fromisoformat(told)
            stamp, later = (
                (start + timedelta(seconds=after)).strftime("%Y-%m-%dT%H:%M:%S.9Z") for after in (0, 60)
            )
            trace = (
                "Caused by: java.net.ConnectException: refused",
                "\tat java.base/sun.nio.ch.Net.connect0(Native Method)",
            )
            answer(
                request,
                200,
                "".join(f"{stamp} {line}\n" for line in trace).encode()
                + f"{later} ready to serve\n".encode(),
            )

        young = pod(
            "cart",
            Container(name="app", type="main", image="app:1", state=State(kind="running", started_at=NOW)),
        )
        (old,), _ = read(from_the_middle)
        (new,), _ = read(from_the_middle, young)
        assert [group.template for group in old.containers[0].digest.groups] == ["ready to serve"]
        assert len(new.containers[0].digest.groups) == 2, (
            "this container is younger than the window: its log is whole"
        )

    def test_a_container_that_is_down_has_one_log_and_that_is_of_the_run_before(
        self, read: Callable[..., tuple[list[Logs], list[Gap]]], answer: Callable[..., None]
    ) -> None:
        over = State(kind="terminated", reason="OOMKilled", exit_code=137, started_at=NOW, finished_at=NOW)
        down = Container(
            name="app",
            type="main",
            image="app:1",
            restarts=4,
            state=State(kind="waiting", reason="CrashLoopBackOff"),
            last_state=over,
        )
        (logs,), _ = read(
            lambda request: answer(request, 200, b"2026-11-21T07:00:00Z growing\n"), pod("cart", down)
        )
        assert [(stream.previous, stream.lines) for stream in logs.streams] == [(True, 1)]
        assert logs.containers[0].digest.lines == 1
        exited = msgspec.structs.replace(down, restarts=1, state=over)
        (logs,), _ = read(
            lambda request: answer(request, 200, b"2026-11-21T07:00:00Z growing\n"), pod("cart", exited)
        )
        assert [stream.previous for stream in logs.streams] == [False, True], (
            "it has ended again: these are two runs"
        )

    def test_the_only_log_of_a_container_is_no_minor_one(
        self, read: Callable[..., tuple[list[Logs], list[Gap]]], answer: Callable[..., None]
    ) -> None:
        over = State(kind="terminated", exit_code=1, started_at=NOW, finished_at=NOW)
        down = Container(
            name="app", type="main", image="app:1", restarts=4, state=State(kind="waiting"), last_state=over
        )
        body = b"unable to retrieve container logs for containerd://0123"
        _, (gap,) = read(lambda request: answer(request, 200, body), pod("cart", down))
        assert (gap.reason, gap.minor) == (
            "previous log of app in cart: the log has been rotated away",
            False,
        )

    def test_an_init_container_that_did_its_work_is_spared_its_log(
        self, read: Callable[..., tuple[list[Logs], list[Gap]]], answer: Callable[..., None]
    ) -> None:
        def cleared(request: BaseHTTPRequestHandler) -> None:
            body = b"unable to retrieve container logs for containerd://0123"
            answer(
                request, 200, body if "container=setup" in request.path else b"2026-11-21T07:00:00Z fine\n"
            )

        app = Container(name="app", type="main", image="app:1", state=RUNNING)
        for code, minor in ((0, True), (1, False)):
            over = State(kind="terminated", exit_code=code, started_at=NOW, finished_at=NOW)
            _, (gap,) = read(
                cleared, pod("cart", Container(name="setup", type="init", image="app:1", state=over), app)
            )
            assert (gap.reason, gap.minor) == ("log of setup in cart: the log has been rotated away", minor)

    @pytest.mark.timed
    def test_a_drip_ends_with_the_deadline_and_keeps_what_was_read(
        self, read: Callable[..., tuple[list[Logs], list[Gap]]]
    ) -> None:
        def drip(request: BaseHTTPRequestHandler) -> None:
            request.send_response(200)
            request.send_header("Transfer-Encoding", "chunked")
            request.end_headers()
            pause = threading.Event()
            while True:
                try:
                    request.wfile.write(b"2\r\nx\n\r\n")
                except OSError:
                    return
                pause.wait(0.02)

        (logs,), (gap,) = read(drip, seconds=1)
        assert logs.streams[0].lines > 0
        assert logs.streams[0].truncated
        assert gap.reason == "the rest of the log of app in cart: not read by the deadline"
        assert "--deadline" in gap.advice

    @pytest.mark.timed
    def test_a_stream_that_hangs_is_a_gap_and_the_others_are_read(
        self, read: Callable[..., tuple[list[Logs], list[Gap]]], answer: Callable[..., None]
    ) -> None:
        end = threading.Event()

        def some_hang(request: BaseHTTPRequestHandler) -> None:
            if "/stuck/" in request.path:
                end.wait(20)
            else:
                answer(request, 200, b"2026-11-21T07:00:00Z fine\n")

        (logs,), gaps = read(some_hang, pod("fine"), pod("stuck"), seconds=1)
        end.set()
        assert [stream.pod for stream in logs.streams] == ["fine"]
        assert [gap.reason for gap in gaps] == ["log of app in stuck: not read by the deadline"]

    def test_a_log_the_runtime_has_removed(
        self, read: Callable[..., tuple[list[Logs], list[Gap]]], answer: Callable[..., None]
    ) -> None:
        body = b"unable to retrieve container logs for containerd://0123"
        parts, (gap,) = read(lambda request: answer(request, 200, body))
        assert not parts
        assert gap.reason == "log of app in cart: the log has been rotated away"
        assert not gap.minor

    def test_a_previous_log_that_is_gone_leaves_the_current_one(
        self, read: Callable[..., tuple[list[Logs], list[Gap]]], answer: Callable[..., None]
    ) -> None:
        def current_only(request: BaseHTTPRequestHandler) -> None:
            if "previous=true" in request.path:
                answer(
                    request, 400, {"message": 'previous terminated container "app" in pod "cart" not found'}
                )
            else:
                answer(request, 200, b"2026-11-21T07:00:00Z started\n")

        restarted = pod("cart", Container(name="app", type="main", image="app:1", restarts=1, state=RUNNING))
        (logs,), (gap,) = read(current_only, restarted)
        assert [stream.previous for stream in logs.streams] == [False]
        assert gap.reason == 'previous log of app in cart: previous terminated container "app" not found'
        assert gap.minor

    def test_a_previous_log_that_was_not_answered_is_no_minor_gap(
        self, read: Callable[..., tuple[list[Logs], list[Gap]]], answer: Callable[..., None]
    ) -> None:
        def current_only(request: BaseHTTPRequestHandler) -> None:
            answer(
                request, 503 if "previous=true" in request.path else 200, b"2026-11-21T07:00:00Z started\n"
            )

        restarted = pod("cart", Container(name="app", type="main", image="app:1", restarts=1, state=RUNNING))
        _, (gap,) = read(current_only, restarted, seconds=2)
        assert not gap.minor

    def test_containers_a_person_attached_are_left_out(
        self, read: Callable[..., tuple[list[Logs], list[Gap]]], answer: Callable[..., None]
    ) -> None:
        debugger = Container(name="debug", type="ephemeral", image="shell", state=RUNNING)
        (logs,), gaps = read(lambda request: answer(request, 200, b""), pod("cart", debugger))
        assert (logs.streams, gaps) == ((), [])

    def test_unread_pods_leave_their_logs_unread(
        self, stub: Callable[..., Cluster], answer: Callable[..., None], scene_of: SceneOf, gathered: Gathered
    ) -> None:
        cluster = stub(lambda request: answer(request, 200, b""))
        parts, gaps = gathered(LogSource(), scene_of(cluster, "shop", side("stable")))
        assert [part.side for part in parts] == ["stable"]
        assert [(gap.side, gap.reason) for gap in gaps] == [
            ("canary", "the pods were not read, so neither were their logs")
        ]


def test_a_part_is_the_same_in_whatever_order_its_streams_were_read() -> None:
    def chunks(text: str) -> Iterator[bytes]:
        yield f"2026-11-21T07:00:00Z {text}\n".encode()

    mined = [mined_stream(name, "app", False, chunks(f"ready in {name}"), str) for name in ("b", "a", "c")]
    assert assemble("canary", mined) == assemble("canary", mined[::-1])
    assert [stream.pod for stream in assemble("canary", mined).streams] == ["a", "b", "c"]


class TestSample:
    """Which pods' logs are read where there are too many."""

    def test_few_pods_are_all_read_those_in_need_first(self) -> None:
        chosen = sample([pod("a"), pod("b"), restarted("c")], 500)
        assert chosen[0].name == "c"
        assert {each.name for each in chosen} == {"a", "b", "c"}

    def test_a_pod_that_is_not_ready_is_in_need(self) -> None:
        starting = Pod(name="z", owner="", phase="Pending", created_at=NOW)
        assert sample([pod("a"), starting, pod("b")], 2)[0].name == "z"

    def test_those_in_need_take_half_of_it_at_most(self) -> None:
        chosen = sample(
            [
                *(pod(f"well-{number}") for number in range(100)),
                *(restarted(f"ill-{number}") for number in range(100)),
            ],
            10,
        )
        assert len(chosen) == 10
        assert all(each.name.startswith("ill") for each in chosen[:5])
        assert any(each.name.startswith("well") for each in chosen[5:])

    def test_the_same_pods_in_any_order_give_the_same_sample_and_not_the_first_by_name(self) -> None:
        pods = [pod(f"cart-{number:03}") for number in range(300)]
        chosen = sample(pods, 30)
        assert sample(pods[::-1], 30) == chosen
        assert {each.name for each in chosen} != {each.name for each in pods[:30]}


def started(name: str, ago: float, **fields: Any) -> Pod:
    """A pod whose container began so many seconds ago."""
    state = State(kind="running", started_at=NOW - timedelta(seconds=ago))
    return pod(name, Container(name="app", type="main", image="app:1", state=state, **fields))


def stamped(ago: float, text: str) -> bytes:
    return f"{(NOW - timedelta(seconds=ago)).isoformat().replace('+00:00', 'Z')} {text}\n".encode()


class TestStarts:
    """What stable logs at its start is read of one pod, where the canary has started within the window and
    stable has not.
    """

    @pytest.fixture
    def read(
        self, stub: Callable[..., Cluster], scene_of: SceneOf, gathered: Gathered, answer: Callable[..., None]
    ) -> Callable[..., Any]:
        """Stable's part, the gaps, and the pods that were asked for the beginning of their log, which is
        `head`.
        """

        def gather(head: bytes, stable: Iterable[Pod], canary: Pod, *, status: int = 200) -> Any:
            asked: list[str] = []

            def serve(request: BaseHTTPRequestHandler) -> None:
                where, query = urlsplit(request.path).path, parse_qs(urlsplit(request.path).query)
                if "limitBytes" not in query:
                    answer(request, 200, stamped(30, "INFO served item 7"))
                    return
                assert not {"sinceTime", "tailLines"} & query.keys()
                asked.append(where.split("/")[-2])
                answer(request, status, head[: int(query["limitBytes"][0])])

            scene = scene_of(stub(serve), "shop", side("stable", *stable), side("canary", canary))
            parts, gaps = gathered(LogSource(), scene)
            (logs,) = (part for part in parts if part.side == "stable")
            assert all(not part.starts for part in parts if part.side == "canary")
            return logs, gaps, asked

        return gather

    def test_of_the_pod_that_started_last_and_of_no_other(self, read: Callable[..., Any]) -> None:
        head = stamped(8000, "INFO loading prices") + stamped(7999, "INFO password hunter2 refused")
        logs, gaps, asked = read(
            head, [started("old", 90000), started("late", 8000), started("older", 99000)], started("new", 60)
        )
        assert (asked, gaps) == (["late"], [])
        [start] = logs.starts
        assert start.container == "app"
        assert {group.sample for group in start.digest.groups} == {
            "INFO loading prices",
            "INFO password [masked] refused",
        }
        assert [(stream.pod, stream.lines) for stream in logs.streams] == [
            ("late", 1),
            ("old", 1),
            ("older", 1),
        ], "it is in no other count"
        assert {each.digest.lines for each in logs.containers} == {3}

    def test_not_where_a_pod_of_stable_started_within_the_window_or_the_canary_before_it(
        self, read: Callable[..., Any]
    ) -> None:
        for stable, canary in (
            (started("old", 60), started("new", 60)),
            (started("old", 8000), started("new", 7000)),
        ):
            logs, _, asked = read(stamped(8000, "INFO loading prices"), [stable], canary)
            assert (logs.starts, asked) == ((), [])

    def test_a_log_that_was_rotated_begins_with_no_start(self, read: Callable[..., Any]) -> None:
        logs, gaps, asked = read(
            stamped(7000, "INFO served item 1"), [started("old", 8000)], started("new", 60)
        )
        assert (logs.starts, gaps, asked) == ((), [], ["old"])

    def test_a_beginning_that_is_not_given_is_no_gap(self, read: Callable[..., Any]) -> None:
        logs, gaps, _ = read(b"", [started("old", 8000)], started("new", 60), status=400)
        assert (logs.starts, gaps) == ((), [])

    def test_no_more_is_read_than_the_bound_and_no_half_line_is_told(self, read: Callable[..., Any]) -> None:
        line = stamped(8000, "ERROR cannot price item seven")
        logs, _, _ = read(line * 100_000, [started("old", 8000)], started("new", 60))
        [start] = logs.starts
        assert start.digest.bytes == HEAD
        assert {group.template for group in start.digest.groups} == {"cannot price item seven"}


@pytest.mark.slow
class TestScale:
    @pytest.fixture
    def read(
        self, stub: Callable[..., Cluster], scene_of: SceneOf, gathered: Gathered, answer: Callable[..., None]
    ) -> Callable[..., Any]:
        """Both sides' parts, the gaps, and each request's path, of so many pods a side and bounds given."""

        def gather(
            stable: int, canary: int, *, body: bytes = b"2026-11-21T07:00:00Z fine\n", **look: Any
        ) -> Any:
            asked: list[str] = []

            def serve(request: BaseHTTPRequestHandler) -> None:
                asked.append(request.path)
                answer(request, 200, body)

            sides = (
                side(role, *(pod(f"{role}-{number}") for number in range(count)))
                for role, count in zip(ROLES, (stable, canary), strict=True)
            )
            scene = scene_of(stub(serve), "shop", *sides)
            scene = replace(scene, look=msgspec.structs.replace(scene.look, **look))
            parts, gaps = gathered(LogSource(), scene)
            return {part.side: part for part in parts}, gaps, asked

        return gather

    def test_hundreds_of_pods_are_sampled_and_that_is_no_gap(self, read: Callable[..., Any]) -> None:
        logs, gaps, asked = read(40, 3, log_pods=10)
        assert not gaps
        assert (logs["stable"].sample, logs["canary"].sample) == (PodSample(pods=10, of=40), None)
        assert (len(logs["stable"].streams), len(logs["canary"].streams), len(asked)) == (10, 3, 13)

    def test_all_logs_together_stay_within_their_bound_and_each_has_its_share(
        self, read: Callable[..., Any]
    ) -> None:
        logs, gaps, _ = read(5, 5, body=b"2026-11-21T07:00:00Z fine\n" * 1000, log_bytes_total=20_000)
        streams = [stream for part in logs.values() for stream in part.streams]
        assert not gaps
        assert sum(stream.bytes for stream in streams) <= 20_000
        assert len(streams) == 10
        assert min(stream.bytes for stream in streams) > 1000
        assert all(stream.truncated for stream in streams)

    def test_only_the_first_streams_keep_an_excerpt_and_all_are_counted(
        self, read: Callable[..., Any]
    ) -> None:
        logs, _, _ = read(80, 80)
        streams = [stream for part in logs.values() for stream in part.streams]
        assert sum(1 for stream in streams if stream.excerpt) == EXCERPTED
        assert {part.containers[0].digest.lines for part in logs.values()} == {80}

    def test_not_too_many_are_asked_for_at_a_time(
        self, stub: Callable[..., Cluster], scene_of: SceneOf, answer: Callable[..., None]
    ) -> None:
        open_now, most, lock, gate = [0], [0], threading.Lock(), threading.Barrier(WIDTH, timeout=20)

        def serve(request: BaseHTTPRequestHandler) -> None:
            with lock:
                open_now[0] += 1
                most[0] = max(most[0], open_now[0])
            gate.wait()  # until as many are open as ever will be
            with lock:
                open_now[0] -= 1
            answer(request, 200, b"")

        pods = side("canary", *(pod(f"canary-{number}") for number in range(4 * WIDTH)))
        list(LogSource().gather(scene_of(stub(serve), "shop", side("stable"), pods)))
        assert most[0] == WIDTH

    def test_pods_that_time_did_not_suffice_for_are_a_matter_of_sampling_when_enough_were_read(
        self, stub: Callable[..., Cluster], scene_of: SceneOf, gathered: Gathered, answer: Callable[..., None]
    ) -> None:
        served, end, lock = [0], threading.Event(), threading.Lock()

        def serve(request: BaseHTTPRequestHandler) -> None:
            with lock:
                served[0] += 1
                turn = served[0]
            if turn > ENOUGH_PODS + 5:
                end.wait(20)
            else:
                answer(request, 200, b"2026-11-21T07:00:00Z fine\n")

        pods = side("canary", *(pod(f"canary-{number}") for number in range(ENOUGH_PODS + 100)))
        parts, gaps = gathered(LogSource(), scene_of(stub(serve), "shop", side("stable"), pods, seconds=4))
        end.set()
        (logs,) = (part for part in parts if part.side == "canary")
        assert len(logs.streams) == ENOUGH_PODS + 5
        assert logs.sample == PodSample(pods=ENOUGH_PODS + 5 + WIDTH, of=ENOUGH_PODS + 100)
        (gap,) = gaps
        assert gap.reason.endswith(f"and {WIDTH - 1} more: not read by the deadline"), (
            "those that hung are missing; the rest had no turn"
        )
