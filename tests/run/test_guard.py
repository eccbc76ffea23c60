"""The guard of a canary's start, on the real API server: its controllers count what is available."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from analyzer.cli import run
from analyzer.cluster.errors import Unavailable
from analyzer.common.deadline import Deadline
from analyzer.evidence import Evidence
from analyzer.run import gather
from analyzer.run import guard as module
from analyzer.run.guard import guard
from analyzer.settings import Rules, Settings, Where
from analyzer.target.rollout import HASH_LABEL

if TYPE_CHECKING:
    from tests.conftest import Namespace

pytestmark = [pytest.mark.api, pytest.mark.usefixtures("argo")]
Json = dict[str, Any]
Until = Callable[[Callable[[], object]], None]
ARGO = "/apis/argoproj.io/v1alpha1"
LONG_AGO = "2026-01-01T00:00:00Z"
STABLE, CANARY = {"app": "cart", HASH_LABEL: "aaa"}, {"app": "cart", HASH_LABEL: "bbb"}
CRASHED = {"terminated": {"exitCode": 1, "reason": "Error", "finishedAt": "2099-01-01T00:00:00Z"}}
DOWN = {
    "ready": False,
    "restartCount": 5,
    "state": {"waiting": {"reason": "CrashLoopBackOff"}},
    "lastState": CRASHED,
}


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EVERY", 0.05)


@pytest.fixture
def one_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time to wait is over after the first look, however long that takes."""
    monkeypatch.setattr(module, "WAITING", 0.0)


def status(**container: Any) -> Json:
    ready = container.get("ready", True)
    told = {
        "name": "app",
        "image": "app:1",
        "imageID": "",
        "ready": True,
        "restartCount": 0,
        "state": {"running": {"startedAt": LONG_AGO}},
    }
    conditions = [{"type": "Ready", "status": "True" if ready else "False", "lastTransitionTime": LONG_AGO}]
    return {"phase": "Running", "conditions": conditions, "containerStatuses": [told | container]}


def pods(namespace: "Namespace", labels: Json) -> list[str]:
    selector = ",".join(f"{key}={value}" for key, value in labels.items())
    return [
        each["metadata"]["name"]
        for each in namespace.admin.list(namespace.path("pods"), labelSelector=selector)
    ]


def side(namespace: "Namespace", labels: Json, until: Until, told: Json) -> None:
    """A ReplicaSet whose real controller has made its one pod, which is as told; and counted, where it is
    Ready.
    """
    name = f"cart-{labels[HASH_LABEL]}"
    namespace.replicaset(name, labels, 1)
    until(lambda: pods(namespace, labels))
    namespace.report("pods", pods(namespace, labels)[0], told)
    path = namespace.path(f"replicasets/{name}", "/apis/apps/v1")
    ready = told["conditions"][0]["status"] == "True"
    until(lambda: namespace.admin.get(path)["status"].get("availableReplicas", 0) == int(ready))


def guarded(
    namespace: "Namespace", say: Callable[[str], None] = lambda _: None, min_fault_age: float = 0
) -> tuple[str, str, str]:
    where = Where(kubeconfig=str(namespace.server.kubeconfig), namespace=namespace.name, rollout="cart")
    _, judgement = guard(
        Settings(where=where, rules=Rules(min_fault_age=min_fault_age)), Deadline.after(60), say
    )
    return judgement.decision.outcome, judgement.decision.rule, judgement.decision.reason


@pytest.fixture
def options(namespace: "Namespace") -> list[str]:
    return [
        "guard",
        "--kubeconfig",
        str(namespace.server.kubeconfig),
        "--namespace",
        namespace.name,
        "--rollout",
        "cart",
        "--min-fault-age",
        "0s",
    ]


def test_a_canary_that_crashes_at_start_is_a_rollback(
    namespace: "Namespace", wait_until: Until, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    namespace.rollout("cart", stable="aaa", canary="bbb")
    side(namespace, STABLE, wait_until, status())
    side(namespace, CANARY, wait_until, status(**DOWN))
    assert run([*options, "--format", "json"]) == 3
    result = json.loads(capsys.readouterr().out)
    assert (result["rule"], result["verdicts"]) == ("blocking finding", [])
    assert result["findings"][0]["finding"]["kind"] == "crash-loop"


def recorded(*lines: str) -> bytes:
    """Lines as the container runtime writes them into the file that a kubelet reads."""
    return "".join(f"{datetime.now(UTC):%FT%T}.000000000Z stdout F {line}\n" for line in lines).encode()


def canary_that_logs(namespace: "Namespace", node: str, until: Until) -> None:
    namespace.server.write_log(
        "logged-1", recorded("reading /etc/cart.yaml", "panic: no price for hunter2secret"), previous=True
    )
    namespace.pod("logged-1", CANARY, nodeName=node)
    until(lambda: namespace.admin.get(namespace.path("pods/logged-1"))["status"]["phase"] == "Running")
    namespace.report("pods", "logged-1", status(**DOWN))


def test_a_rollback_keeps_what_the_canary_logged_last(
    namespace: "Namespace",
    wait_until: Until,
    simulated_node: str,
    options: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """When somebody asks why, its pods are gone."""
    namespace.rollout("cart", stable="aaa", canary="bbb")
    side(namespace, STABLE, wait_until, status())
    canary_that_logs(namespace, simulated_node, wait_until)
    assert run(options) == 3
    told = capsys.readouterr().out
    assert "panic: no price for" in told
    assert "rollback" in told.lower()


def test_a_log_that_may_not_be_read_costs_no_answer(
    namespace: "Namespace", wait_until: Until, simulated_node: str, capsys: pytest.CaptureFixture[str]
) -> None:
    namespace.rollout("cart", stable="aaa", canary="bbb")
    side(namespace, STABLE, wait_until, status())
    canary_that_logs(namespace, simulated_node, wait_until)
    may = [
        {"apiGroups": ["argoproj.io"], "resources": ["rollouts"], "verbs": ["get"]},
        {"apiGroups": ["", "apps"], "resources": ["pods", "events", "replicasets"], "verbs": ["list"]},
    ]
    where = ["--kubeconfig", str(namespace.account(*may)), "--namespace", namespace.name, "--rollout", "cart"]
    assert run(["guard", *where, "--min-fault-age", "0s"]) == 3
    assert 'resources: ["pods/log"], verbs: ["get"]' in capsys.readouterr().out


def test_a_canary_that_is_available_is_enough(
    namespace: "Namespace", wait_until: Until, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    namespace.rollout("cart", stable="aaa", canary="bbb")
    for labels in (STABLE, CANARY):
        side(namespace, labels, wait_until, status())
    assert run(options) == 0
    assert ": 1 of 1 canary pod is available" in capsys.readouterr().out


def test_it_begins_before_there_is_a_pod_and_waits(namespace: "Namespace", wait_until: Until) -> None:
    namespace.rollout("cart", stable="aaa", canary="bbb")
    side(namespace, STABLE, wait_until, status())
    said: list[str] = []

    def say(text: str) -> None:
        said.append(text)
        if text == "waiting: the canary should have no pods yet":
            side(namespace, CANARY, wait_until, status())

    assert guarded(namespace, say)[:2] == ("started", "available")
    assert "waiting: the canary should have no pods yet" in said


@pytest.mark.usefixtures("one_look")
def test_available_but_restarting_is_not_started(namespace: "Namespace", wait_until: Until) -> None:
    """Ready between two crashes, as a container without a readiness probe is; stable does it as well, so that
    nothing blocks.
    """
    namespace.rollout("cart", stable="aaa", canary="bbb")
    for labels in (STABLE, CANARY):
        side(namespace, labels, wait_until, status(restartCount=5, lastState=CRASHED, state={"running": {}}))
    outcome, _, reason = guarded(namespace)
    assert outcome == "inconclusive"
    assert reason.startswith("no start in time: 1 of 1 canary pod is available")
    assert "; 1 of 1 canary pod: container app exits with code 1 again and again" in reason


@pytest.mark.usefixtures("one_look")
def test_ready_and_young_is_not_started(namespace: "Namespace", wait_until: Until) -> None:
    """A container without a readiness probe is Ready as soon as it runs, and may crash a moment later."""
    namespace.rollout("cart", stable="aaa", canary="bbb")
    side(namespace, STABLE, wait_until, status())
    side(
        namespace, CANARY, wait_until, status(state={"running": {"startedAt": f"{datetime.now(UTC):%FT%TZ}"}})
    )
    assert guarded(namespace, min_fault_age=3600) == (
        "inconclusive",
        "cannot be told yet",
        "no start in time: 1 of 1 canary pod is available, none of them for 3600 s yet (--min-fault-age)",
    )


def test_one_pod_that_has_run_long_enough_speaks_for_those_that_come_with_each_step(
    namespace: "Namespace", wait_until: Until
) -> None:
    namespace.rollout("cart", stable="aaa", canary="bbb")
    for labels in (STABLE, CANARY):
        side(namespace, labels, wait_until, status())
    namespace.replicaset("cart-bbb-2", CANARY | {"pod": "second"}, 1)
    wait_until(lambda: len(pods(namespace, CANARY)) == 2)
    (second,) = pods(namespace, {"pod": "second"})
    namespace.report("pods", second, status(state={"running": {"startedAt": f"{datetime.now(UTC):%FT%TZ}"}}))
    path = namespace.path("replicasets/cart-bbb-2", "/apis/apps/v1")
    wait_until(lambda: namespace.admin.get(path)["status"].get("availableReplicas") == 1)
    assert guarded(namespace, min_fault_age=3600)[2].startswith(
        "2 of 2 canary pods are available, and nothing speaks against the canary"
    )


@pytest.mark.usefixtures("one_look")
def test_what_is_not_available_in_time_is_inconclusive(
    namespace: "Namespace", wait_until: Until, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    namespace.rollout("cart", stable="aaa", canary="bbb")
    side(namespace, STABLE, wait_until, status())
    namespace.replicaset("cart-bbb", CANARY, 1)
    wait_until(lambda: pods(namespace, CANARY))
    assert run([*options, "--min-fault-age", "1h"]) == 4
    assert "no start in time: 0 of 1 canary pod is available" in capsys.readouterr().out


MOVES: dict[str, tuple[Json, str]] = {
    "aborted": ({"abort": True}, "nothing is left to judge, the Rollout was aborted: it goes back to aaa"),
    "a new version": (
        {"currentPodHash": "ccc"},
        "the canary asked about is bbb, but the Rollout's current one is ccc",
    ),
    "a new version, stable": (
        {"currentPodHash": "ccc", "stableRS": "ccc"},
        "the canary asked about is bbb, but the Rollout's current one is ccc",
    ),
}


@pytest.mark.parametrize("how", MOVES)
def test_a_rollout_that_moves_on_ends_the_wait(namespace: "Namespace", wait_until: Until, how: str) -> None:
    told, says = MOVES[how]
    namespace.rollout("cart", stable="aaa", canary="bbb")
    side(namespace, STABLE, wait_until, status())

    def say(text: str) -> None:
        if text.startswith("waiting"):
            namespace.report("rollouts", "cart", told, ARGO)

    outcome, rule, reason = guarded(namespace, say)
    assert (outcome, rule) == ("inconclusive", "sides")
    assert says in reason


PROMOTED = {"stableRS": "bbb"}


def test_a_canary_that_is_promoted_meanwhile_has_started(namespace: "Namespace", wait_until: Until) -> None:
    """A rollout whose steps end before a pod has run for `--min-fault-age`: Argo's analysis must not fail
    over it.
    """
    namespace.rollout("cart", stable="aaa", canary="bbb")
    for labels in (STABLE, CANARY):
        side(
            namespace,
            labels,
            wait_until,
            status(state={"running": {"startedAt": f"{datetime.now(UTC):%FT%TZ}"}}),
        )

    def say(text: str) -> None:
        if text.startswith("waiting"):
            namespace.report("rollouts", "cart", PROMOTED, ARGO)

    outcome, rule, reason = guarded(namespace, say, min_fault_age=3600)
    assert (outcome, rule) == ("started", "promoted")
    assert reason.startswith("bbb is stable by now: all its pods were available, and Argo promoted it")


class TestPromotedInFull:
    """`kubectl argo rollouts promote --full` skips the analyses that come; whether the canary starts is still
    to be seen.
    """

    def test_it_is_guarded_until_it_is_promoted(self, namespace: "Namespace", wait_until: Until) -> None:
        namespace.rollout("cart", stable="aaa", canary="bbb")
        for labels in (STABLE, CANARY):
            side(
                namespace,
                labels,
                wait_until,
                status(state={"running": {"startedAt": f"{datetime.now(UTC):%FT%TZ}"}}),
            )
        namespace.report("rollouts", "cart", {"promoteFull": True}, ARGO)

        def say(text: str) -> None:
            if text.startswith("waiting"):
                namespace.report("rollouts", "cart", PROMOTED, ARGO)

        assert guarded(namespace, say, min_fault_age=3600)[:2] == ("started", "promoted")

    def test_one_that_crashes_is_a_rollback_as_ever(self, namespace: "Namespace", wait_until: Until) -> None:
        namespace.rollout("cart", stable="aaa", canary="bbb")
        side(namespace, STABLE, wait_until, status())
        side(namespace, CANARY, wait_until, status(**DOWN))
        namespace.report("rollouts", "cart", {"promoteFull": True}, ARGO)
        assert guarded(namespace)[:2] == ("rollback", "blocking finding")


@pytest.mark.parametrize("stable_too", [False, True])
def test_promoted_with_a_fault_that_goes_on_is_no_good_start(
    namespace: "Namespace", wait_until: Until, stable_too: bool
) -> None:
    """Stable has it as well, so that it would hold; or the canary alone, so that it would block."""
    namespace.rollout("cart", stable="bbb", canary="bbb")
    side(namespace, STABLE, wait_until, status(**DOWN) if stable_too else status())
    side(namespace, CANARY, wait_until, status(**DOWN))
    where = Where(
        kubeconfig=str(namespace.server.kubeconfig),
        namespace=namespace.name,
        rollout="cart",
        stable_hash="aaa",
        canary_hash="bbb",
    )
    evidence, judgement = guard(
        Settings(where=where, rules=Rules(min_fault_age=0)), Deadline.after(60), lambda _: None
    )
    assert "bbb is promoted already" in evidence.mismatch
    assert judgement.findings[0].severity == ("hold" if stable_too else "blocking")
    assert (judgement.decision.outcome, judgement.decision.rule) == ("inconclusive", "sides")


def test_a_version_that_had_long_been_stable_is_none_that_has_started(
    namespace: "Namespace", wait_until: Until
) -> None:
    """Argo's controller may not have seen the new version yet: this is the old one."""
    namespace.rollout("cart", stable="bbb", canary="bbb")
    side(namespace, CANARY, wait_until, status())
    assert guarded(namespace)[:2] == ("inconclusive", "sides")


def test_a_job_that_comes_after_the_promotion_ends_well(
    namespace: "Namespace", wait_until: Until, in_pod: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    rollout = namespace.rollout("cart", stable="bbb", canary="bbb")
    side(namespace, CANARY, wait_until, status())
    labels = {"rollout-type": "Background", HASH_LABEL: "bbb"}
    in_pod(
        namespace,
        namespace.measurement(namespace.analysis_run("cart-bbb", rollout, labels=labels, metric="guard")),
    )
    assert run(["guard"]) == 0
    assert "bbb is stable by now" in capsys.readouterr().out


def test_a_look_that_fails_is_made_up_for(
    namespace: "Namespace", wait_until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stand-in for the API server's being away for a moment, which the real one cannot be told to be."""
    namespace.rollout("cart", stable="aaa", canary="bbb")
    side(namespace, STABLE, wait_until, status())
    looked: list[int] = []
    said: list[str] = []

    def look(arrival: Any, stages: Any) -> Evidence:
        looked.append(1)
        if len(looked) == 2:
            raise Unavailable("the Kubernetes API answered 503")
        if len(looked) == 3:
            side(namespace, CANARY, wait_until, status())
        return gather.read_sources(arrival, stages)

    monkeypatch.setattr(module, "read_sources", look)
    assert guarded(namespace, said.append)[:2] == ("started", "available")
    assert said[-1] == (
        "waiting: the canary should have no pods yet; the last look failed: the Kubernetes API answered 503"
    )


def test_without_arguments_in_a_background_analysis(
    namespace: "Namespace", wait_until: Until, in_pod: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    rollout = namespace.rollout("cart", stable="aaa", canary="bbb")
    for labels in (STABLE, CANARY):
        side(namespace, labels, wait_until, status())
    labels = {"rollout-type": "Background", HASH_LABEL: "bbb"}
    in_pod(
        namespace,
        namespace.measurement(namespace.analysis_run("cart-bbb", rollout, labels=labels, metric="guard")),
    )
    assert run(["guard"]) == 0
    assert (
        "background analysis: AnalysisRun cart-bbb, metric guard, of Rollout cart" in capsys.readouterr().out
    )


def test_pods_that_may_not_be_listed_are_infrastructure(
    namespace: "Namespace", capsys: pytest.CaptureFixture[str]
) -> None:
    namespace.rollout("cart", stable="aaa", canary="bbb")
    account = namespace.account({"apiGroups": ["argoproj.io"], "resources": ["rollouts"], "verbs": ["get"]})
    assert (
        run(["guard", "--kubeconfig", str(account), "--namespace", namespace.name, "--rollout", "cart"]) == 5
    )
    assert 'resources: ["pods"], verbs: ["list"]' in capsys.readouterr().err
