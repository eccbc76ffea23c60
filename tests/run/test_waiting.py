"""What a run waits for, how long, and when it stops; and a real wait on the real API server, as the Job of an
AnalysisRun.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from healthy import TARGET

from analyzer.cli import run
from analyzer.common.deadline import Deadline
from analyzer.decision import DecisionInput
from analyzer.errors import InfrastructureError
from analyzer.evidence import AnyPart, Evidence
from analyzer.evidence.events import Event, Events
from analyzer.evidence.figures import Metrics, QueryFigures
from analyzer.evidence.interface import Gap, Window
from analyzer.evidence.logs import Logs
from analyzer.evidence.pods import Condition, Container, Pod, Pods, State
from analyzer.evidence.replicasets import ReplicaSet, ReplicaSets
from analyzer.findings import find
from analyzer.run import gather, waiting
from analyzer.run.waiting import longest_wait, reasons_to_wait
from analyzer.settings import Gate, Look, Rules, Settings
from analyzer.target import Role
from analyzer.target.rollout import HASH_LABEL

if TYPE_CHECKING:
    from tests.conftest import Namespace

NOW = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
OLD = NOW - timedelta(hours=1)
READY = "for the canary to have been Ready for long enough"
WORK = "for the canary to show work"
UNREAD = Gap(source="logs", side=None, reason="denied")


def pod(role: Role, ready_for: float = 3600, **state: Any) -> Pod:
    since = NOW - timedelta(seconds=ready_for)
    running = State(kind="running", started_at=since)
    container = Container(
        name="app",
        type="main",
        image="a",
        ready="kind" not in state,
        state=State(**state) if state else running,
    )
    conditions = (Condition(type="Ready", status=str("kind" not in state), since=since),)
    return Pod(
        name=f"{role}-1",
        owner="",
        phase="Running",
        created_at=since,
        conditions=conditions,
        containers=(container,),
    )


def case(
    canary: Pod | None,
    *more: AnyPart,
    gaps: tuple[Gap, ...] = (),
    mismatch: str = "",
    rules: Rules | None = None,
) -> DecisionInput:
    rules = rules or Rules()
    parts: tuple[AnyPart, ...] = (
        Pods(side="stable", pods=(pod("stable"),)),
        Pods(side="canary", pods=(canary,) if canary else ()),
        *more,
    )
    window = Window(start=OLD, end=NOW)
    seen = Evidence(target=TARGET, window=window, nonce="n", parts=parts, gaps=gaps, mismatch=mismatch)
    return DecisionInput(evidence=seen, findings=find(seen, rules), opinions=(), rules=rules)


def measured(state: Any, problem: str = "") -> Metrics:
    return Metrics(
        side="canary", figures=(QueryFigures(query="errors", promql="errors", state=state, problem=problem),)
    )


GATED = Rules(gates=(Gate(query="errors", at_most=1),))


def warned(*reasons: str) -> tuple[Events, Events]:
    """A probe of the canary timed out 20 s ago (`Unhealthy`), or another warning came."""
    message, at = "Readiness probe failed: context deadline exceeded", NOW - timedelta(seconds=20)
    events = tuple(
        Event(object="Pod/canary-1", type="Warning", reason=reason, message=message, first=at, last=at)
        for reason in reasons
    )
    return Events(side="stable", events=()), Events(side="canary", events=events)


COMING = ReplicaSets(
    side="canary", replicasets=(ReplicaSet(name="cart-c", owner="", created_at=OLD, desired=1),)
)


@pytest.mark.parametrize(
    ("seen", "lacks"),
    [
        pytest.param(case(pod("canary")), (), id="enough"),
        pytest.param(case(pod("canary", 5)), (READY,), id="young"),
        pytest.param(
            case(pod("canary", 5), Logs(side="canary", containers=(), streams=())),
            (READY, WORK),
            id="young, and idle",
        ),
        pytest.param(case(pod("canary"), gaps=(UNREAD,)), (), id="logs that may not be read"),
        pytest.param(
            case(pod("canary"), rules=Rules(min_requests=5)), (), id="requests that nobody may read of"
        ),
        pytest.param(case(pod("canary", 5), mismatch="the Rollout was aborted"), (), id="the sides moved"),
        pytest.param(
            case(pod("canary", 5, kind="waiting", reason="ErrImagePull")),
            ("for a fault to last or to end",),
            id="not yet told",
        ),
        pytest.param(
            case(pod("canary", 3600, kind="waiting", reason="InvalidImageName")), (), id="broken in kind"
        ),
        pytest.param(
            case(pod("canary"), *warned("Unhealthy")),
            ("to see whether a probe times out again",),
            id="a probe that timed out just now",
        ),
        pytest.param(
            case(pod("canary"), *warned("Unhealthy", "DNSConfigForming")), (), id="a warning beside it"
        ),
        pytest.param(
            case(pod("canary"), *warned("Unhealthy", "Unhealthy", "Unhealthy")), (), id="a probe that fails"
        ),
        pytest.param(case(None), (), id="no pods, and none to come"),
        pytest.param(case(None, COMING), ("for pods of the canary side",), id="pods that are to come"),
        pytest.param(
            case(pod("canary"), measured("nan"), rules=GATED),
            ("for Prometheus to have figures of the canary",),
            id="no figures",
        ),
        pytest.param(
            case(pod("canary"), measured("broken", "parse error"), rules=GATED), (), id="a broken query"
        ),
        pytest.param(
            case(pod("canary", 5), measured("broken", "parse error"), rules=GATED),
            (),
            id="young, and a broken query",
        ),
    ],
)
def test_it_waits_for_what_time_may_bring_where_nothing_else_is_in_the_way(
    seen: DecisionInput, lacks: tuple[str, ...]
) -> None:
    assert reasons_to_wait(seen) == lacks


@pytest.mark.parametrize("side", ["stable", "canary"])
def test_a_side_that_there_is_not_is_not_waited_for(side: str) -> None:
    young = case(pod("canary", 5))
    target = msgspec.structs.replace(young.evidence.target, **{side: None})
    assert (
        reasons_to_wait(
            msgspec.structs.replace(young, evidence=msgspec.structs.replace(young.evidence, target=target))
        )
        == ()
    )


@pytest.mark.parametrize(
    ("look", "asked", "seconds"),
    [
        (Look(), True, 150.0),
        (Look(), False, 0.0),
        (Look(observe=100), True, 100.0),
        (Look(wait=20), False, 20.0),
        (Look(wait=0), True, 0.0),
    ],
)
def test_by_default_it_waits_in_the_job_of_an_analysis_and_nowhere_else(
    look: Look, asked: bool, seconds: float
) -> None:
    assert longest_wait(Settings(look=look), 300, by_argo=asked) == seconds


def test_waiting_leaves_time_to_look_and_to_ask(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        run(["analyze", "--rollout", "cart", "--wait", "31s", "--deadline", "1m", "--model", "builtin"]) == 2
    )
    assert "--wait 31s is more than half of --deadline 60s" in capsys.readouterr().err


class TestLooks:
    """The loop over looks that are played: a failure between two that succeed is none that a real server
    gives when told to.
    """

    @pytest.fixture
    def played(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> Callable[..., tuple[waiting.Waited, list[str], list[str]]]:
        def play(
            cheap: list[DecisionInput | str], whole: list[DecisionInput | str], seconds: float = 30
        ) -> tuple[waiting.Waited, list[str], list[str]]:
            looks: list[str] = []
            said: list[str] = []

            def look(kind: str, from_: list[DecisionInput | str]) -> Evidence:
                looks.append(kind)
                seen = from_.pop(0) if len(from_) > 1 else from_[0]
                if isinstance(seen, str):
                    raise InfrastructureError(seen)
                return seen.evidence

            scene = SimpleNamespace(target=TARGET)
            monkeypatch.setattr(waiting, "EVERY", 0.001)
            monkeypatch.setattr(waiting, "AGAIN", 0.001)
            monkeypatch.setattr(gather, "begin_run", lambda *_: SimpleNamespace(scene=scene))
            monkeypatch.setattr(gather, "read_sources", lambda *_: look("pods", cheap))
            monkeypatch.setattr(gather, "read_everything", lambda *_: look("all", whole))
            settings = Settings(look=Look(wait=seconds))
            return waiting.gather(settings, Deadline.after(60), said.append), looks, said

        return play

    def test_the_pods_are_looked_at_until_they_are_old_enough_and_all_of_it_until_it_has_worked(
        self, played: Any
    ) -> None:
        young, idle = (
            case(pod("canary", 5)),
            case(pod("canary"), Logs(side="canary", containers=(), streams=())),
        )
        waited, looks, said = played(
            [young, "the API is away", young, case(pod("canary"))],
            [idle, "the API is away", case(pod("canary"))],
        )
        assert looks == ["pods"] * 4 + ["all"] * 3
        assert [each.partition(": ")[0] for each in said] == [f"waiting {READY}", f"waiting {WORK}"]
        assert waited.evidence == case(pod("canary")).evidence
        assert waited.seconds > 0

    def test_what_fails_at_the_first_look_is_told_by_the_whole_one(self, played: Any) -> None:
        with pytest.raises(InfrastructureError, match="denied"):
            played(["denied"], ["denied"])

    def test_without_time_there_is_one_look(self, played: Any) -> None:
        young = case(pod("canary", 5))
        waited, looks, said = played([young], [young], 0)
        assert (waited.evidence, looks, said) == (young.evidence, ["all"], [])

    def test_a_fault_that_shows_meanwhile_ends_the_wait(self, played: Any) -> None:
        broken = case(pod("canary", 3600, kind="waiting", reason="InvalidImageName"))
        waited, looks, _ = played([case(pod("canary", 5)), broken], [broken])
        assert (waited.evidence, looks) == (broken.evidence, ["pods", "pods", "all"])


@pytest.mark.api
@pytest.mark.usefixtures("argo")
class TestOnTheApiServer:
    @pytest.fixture(autouse=True)
    def _at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(waiting, "EVERY", 0.05)
        monkeypatch.setattr(waiting, "AGAIN", 0.05)

    @pytest.fixture
    def logged(
        self, namespace: "Namespace", simulated_node: str, wait_until: Callable[[Callable[[], object]], None]
    ) -> None:
        """Both sides with a pod that has just become Ready, as a real scheduler's node would have it."""
        for name, role in (("logged-1", "aaa"), ("logged-2", "bbb")):
            namespace.server.write_log(name, b"")
            namespace.pod(name, {"app": "cart", HASH_LABEL: role}, nodeName=simulated_node)
        namespace.rollout("cart", stable="aaa", canary="bbb")
        pods = namespace.path("pods")
        wait_until(
            lambda: all(each["status"].get("phase") == "Running" for each in namespace.admin.list(pods))
        )

    def options(self, namespace: "Namespace", *more: str) -> list[str]:
        where = ["--kubeconfig", str(namespace.server.kubeconfig), "-n", namespace.name, "--rollout", "cart"]
        return ["analyze", *where, "--model", "builtin", "--deadline", "2m", *more]

    @pytest.mark.usefixtures("logged")
    def test_a_canary_that_is_seconds_old_is_waited_for_and_then_promoted(
        self, namespace: "Namespace", capsys: pytest.CaptureFixture[str]
    ) -> None:
        now = datetime.now(UTC)
        line = "{:%Y-%m-%dT%H:%M:%S}.000000000Z stdout F GET /items/{} HTTP/1.1 200\n"
        for name in ("logged-1", "logged-2"):
            namespace.server.write_log(
                name, "".join(line.format(now, number) for number in range(40)).encode()
            )
        asked = self.options(namespace, "--format", "json", "--min-ready-time", "5s")
        assert run(asked) == 4
        assert "too-young" in [
            each["finding"]["kind"] for each in json.loads(capsys.readouterr().out)["findings"]
        ]
        assert run([*asked, "--wait", "30s"]) == 0
        captured = capsys.readouterr()
        assert json.loads(captured.out)["timings"]["wait"] > 0
        assert f"waiting {READY}: " in captured.err

    def test_a_blocking_finding_ends_the_wait_at_once(
        self, namespace: "Namespace", capsys: pytest.CaptureFixture[str]
    ) -> None:
        app = {"name": "app", "image": "app:1", "imageID": "", "restartCount": 0}
        for name, role, state in (
            ("cart-1", "aaa", {"running": {}}),
            ("cart-2", "bbb", {"waiting": {"reason": "InvalidImageName"}}),
        ):
            condition = {
                "type": "Ready",
                "status": str(role == "aaa"),
                "lastTransitionTime": "2026-01-01T00:00:00Z",
            }
            told = {
                "phase": "Running",
                "conditions": [condition],
                "containerStatuses": [{**app, "ready": role == "aaa", "state": state}],
            }
            namespace.pod(name, {"app": "cart", HASH_LABEL: role}, status=told)
        namespace.rollout("cart", stable="aaa", canary="bbb")
        assert run(self.options(namespace, "--wait", "30s", "--min-fault-age", "0s")) == 3
        assert "waiting" not in capsys.readouterr().err

    @pytest.mark.usefixtures("logged")
    def test_what_does_not_come_is_waited_for_no_longer_than_said(
        self, namespace: "Namespace", capsys: pytest.CaptureFixture[str]
    ) -> None:
        asked = self.options(namespace, "--min-ready-time", "1s", "--wait", "3s")
        assert run([*asked, "--format", "json"]) == 4
        assert "no-work-seen" in [
            each["finding"]["kind"] for each in json.loads(capsys.readouterr().out)["findings"]
        ]
        assert run([*asked, "--idle-ok"]) == 0
        assert "none of its work was seen" in capsys.readouterr().out
