"""Log lines around a text, a template or a time: of what the evidence kept, and of a real API server."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from analyzer.cluster import Cluster
from analyzer.cluster.errors import ClusterError
from analyzer.common.deadline import Deadline
from analyzer.evidence import Evidence
from analyzer.evidence.interface import SourceContext
from analyzer.evidence.log_streams import ExcerptLine, Stream
from analyzer.evidence.logs import Logs
from analyzer.evidence.pods import Container, Pod, Pods, State
from analyzer.tools import ToolContext, logs
from tests.recorded import canary_pod
from tests.tools.conftest import EXAMPLES

if TYPE_CHECKING:
    from tests.conftest import Namespace

Of = Callable[..., Any]
POD = canary_pod(EXAMPLES / "crash-loop.json.gz")
FIRST = datetime(2026, 11, 21, 8, tzinfo=UTC)


@pytest.fixture
def numbered(recorded: Of, having: Of) -> Evidence:
    """A canary whose kept log is one line a second, every tenth a failure."""
    texts = [
        f"checkout of c-{second} failed: 50{second % 5} from prices" if second % 10 == 0 else f"tick {second}"
        for second in range(60)
    ]
    lines = tuple(
        ExcerptLine(at=FIRST + timedelta(seconds=second), text=text) for second, text in enumerate(texts)
    )
    stream = Stream(pod=POD, container="cart", previous=False, lines=60, bytes=1000, excerpt=lines)
    changed: Evidence = having(
        recorded("crash-loop"), Logs(side="canary", containers=(), streams=(stream,)), without=Logs
    )
    return changed


def texts(lines: list[str]) -> list[str]:
    """Without the heading and the times."""
    return [line.partition(" ")[2] for entry in lines for line in entry.splitlines() if line[:2] == "20"]


def test_by_default_it_is_the_end_and_a_replay_says_that_it_is_only_what_was_kept(
    look: Of, numbered: Evidence
) -> None:
    lines = look("logs", numbered, {"pod": POD, "context": 2})
    assert lines[0].startswith("a replay: this was not read from the pod")
    assert lines[1] == f"log of {POD} cart, canary: 60 lines looked through"
    assert texts(lines) == ["tick 57", "tick 58", "tick 59"]


def test_around_a_text_come_the_last_matches_with_what_surrounds_them(look: Of, numbered: Evidence) -> None:
    lines = look("logs", numbered, {"pod": POD, "text": "FAILED:", "context": 1})
    assert "6 lines match, the last of them:" in lines
    assert texts(lines)[:3] == ["tick 29", "checkout of c-30 failed: 500 from prices", "tick 31"]
    assert len(texts(lines)) == 9
    assert lines.count("…") == 2


@pytest.mark.parametrize(
    "template",
    ["checkout of c-<num> failed: <num> from prices", "checkout of <*> failed: <*>", "Checkout  of"],
)
def test_a_template_as_the_prompt_shows_it_finds_its_lines(
    look: Of, numbered: Evidence, template: str
) -> None:
    assert len(texts(look("logs", numbered, {"pod": POD, "text": template, "context": 0}))) == 3


def test_so_does_one_whose_words_are_not_the_line_s(look: Of, numbered: Evidence, having: Of) -> None:
    line = ExcerptLine(
        at=FIRST, text='10.0.0.1 - - [21/Nov/2026:08:00:00 +0000] "GET /cart/12 HTTP/1.1" 503 12'
    )
    stream = Stream(pod=POD, container="cart", previous=False, lines=1, bytes=80, excerpt=(line,))
    evidence = having(numbered, Logs(side="canary", containers=(), streams=(stream,)), without=Logs)
    assert len(texts(look("logs", evidence, {"pod": POD, "text": "GET /cart/<*> 5xx"}))) == 1


def test_a_text_that_is_not_there_shows_nothing(look: Of, numbered: Evidence) -> None:
    lines = look("logs", numbered, {"pod": POD, "text": "from prices failed"})
    assert lines[-1] == "0 lines match"


@pytest.mark.parametrize(
    "time",
    [
        "2026-11-21T08:00:30Z",
        "2026-11-21T08:00:29.5+00:00",
        "2026-11-21T08:00:30",
        "2026-11-21T09:00:30+01:00",
    ],
)
def test_around_a_time_come_the_lines_from_then_and_before(look: Of, numbered: Evidence, time: str) -> None:
    assert texts(look("logs", numbered, {"pod": POD, "time": time, "context": 1})) == [
        "tick 29",
        "checkout of c-30 failed: 500 from prices",
        "tick 31",
    ]


@pytest.mark.parametrize("time", ["yesterday", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_what_is_no_time_is_said(look: Of, numbered: Evidence, time: str) -> None:
    assert look("logs", numbered, {"pod": POD, "time": time}) == [
        "that is not a time; write it as in 2026-01-31T12:00:00Z"
    ]


def test_nothing_outside_the_two_sides_can_be_named(look: Of, numbered: Evidence) -> None:
    assert (
        look("logs", numbered, {"pod": "../../secrets"})[0]
        == "neither side has a pod of that name; there are:"
    )
    assert look("logs", numbered, {"pod": POD, "container": "istio"}) == [
        "that pod has no such container; there are:",
        "cart",
    ]


@pytest.mark.api
class TestRealServer:
    """A pod whose log a simulated node serves, read through the API server."""

    @pytest.fixture
    def desk(
        self,
        namespace: "Namespace",
        cluster: Cluster,
        simulated_node: str,
        scene_of: Callable[..., SourceContext],
        recorded: Of,
    ) -> Callable[..., ToolContext]:
        def make(*lines: str, previous: bool = False, account: Cluster | None = None) -> ToolContext:
            stamped = [
                f"{(begin + timedelta(seconds=number)).isoformat()} stdout F {line}\n"
                for number, line in enumerate(lines)
            ]
            namespace.server.write_log("logged-3", "".join(stamped).encode(), previous=previous)
            namespace.pod("logged-3", {"app": "cart"}, nodeName=simulated_node)
            container = Container(name="app", type="main", image="app:1", state=State(kind="running"))
            pods = Pods(
                side="canary",
                pods=(
                    Pod(
                        name="logged-3", owner="", phase="Running", created_at=begin, containers=(container,)
                    ),
                ),
            )
            scene = scene_of(account or cluster, namespace.name, pods)
            evidence = msgspec.structs.replace(recorded("healthy"), target=scene.target, parts=(pods,))
            return ToolContext(
                evidence, scene.redact, Deadline.after(60), lambda until: replace(scene, deadline=until)
            )

        begin = datetime.now(UTC) - timedelta(seconds=300)
        return make

    def test_lines_are_read_from_the_pod_with_their_times_and_masked(
        self, desk: Callable[..., ToolContext]
    ) -> None:
        there = desk("listening", "password hunter2 refused", "\x1b[31mbye\x1b[0m")
        lines = list(logs.run(logs.LogsArguments(pod="logged-3"), there))
        assert lines[0] == "log of logged-3 app, canary: 3 lines looked through"
        assert texts(lines) == ["listening", "password [masked] refused", "bye"]

    def test_around_a_text_far_from_the_end(self, desk: Callable[..., ToolContext]) -> None:
        there = desk(*(f"tick {number}" if number != 40 else "needle" for number in range(250)))
        assert texts(list(logs.run(logs.LogsArguments(pod="logged-3", text="needle", context=1), there))) == [
            "tick 39",
            "needle",
            "tick 41",
        ]

    def test_around_a_time(self, desk: Callable[..., ToolContext]) -> None:
        there = desk(*(f"tick {number}" for number in range(250)))
        end = list(logs.run(logs.LogsArguments(pod="logged-3", context=0), there))[-1]
        when = datetime.fromisoformat(end.split(" ")[0]) - timedelta(seconds=100)
        assert texts(
            list(logs.run(logs.LogsArguments(pod="logged-3", time=when.isoformat(), context=0), there))
        ) == ["tick 149"]

    def test_what_is_read_of_a_long_log_is_bounded(self, desk: Callable[..., ToolContext]) -> None:
        there = desk(*("x" * 10_000 for _ in range(250)))
        heading = next(iter(logs.run(logs.LogsArguments(pod="logged-3"), there)))
        assert 90 < int(heading.split(": ")[1].split(" ")[0]) < 120  # of 1 MiB

    def test_an_account_that_may_not_is_the_error_that_the_model_is_told(
        self, desk: Callable[..., ToolContext], namespace: "Namespace"
    ) -> None:
        there = desk(
            "secret",
            account=namespace.as_account({"apiGroups": [""], "resources": ["pods"], "verbs": ["list"]}),
        )
        with pytest.raises(ClusterError, match="may not get pods/log"):
            list(logs.run(logs.LogsArguments(pod="logged-3"), there))


def test_a_pod_of_which_no_container_is_known_has_no_log_to_show(look: Of, recorded: Of) -> None:
    seen = recorded("healthy")
    pods = seen.part(Pods, "canary")
    bare = msgspec.structs.replace(
        pods, pods=tuple(msgspec.structs.replace(each, containers=()) for each in pods.pods)
    )
    parts = (*(part for part in seen.parts if part is not pods), bare)
    assert look("logs", msgspec.structs.replace(seen, parts=parts), {"pod": bare.pods[0].name}) == [
        "that pod has no such container; there are:"
    ]
