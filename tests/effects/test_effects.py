"""All effects together: each only with its own permission, none can fail the run or outlast it."""

import json
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from analyzer.cli import run
from analyzer.cluster import Cluster
from analyzer.cluster.errors import ClusterError
from analyzer.common.deadline import Deadline
from analyzer.decision import Decision
from analyzer.effects import carry_out
from analyzer.effects.interface import EffectContext
from analyzer.evidence.bundle import load
from analyzer.run.deliver import answer_deadline
from analyzer.settings import Policy, Settings
from tests.effects.conftest import ARGO, WRITES, receipts

if TYPE_CHECKING:
    from tests.effects.conftest import Shop

Json = dict[str, Any]
EXAMPLE = Path(__file__).parents[2] / "examples" / "evidence" / "crash-loop.json.gz"
DOUBT = ("--on-inconclusive", "pause", "--min-requests", "1000", "--save", "configmap:verdicts")


@pytest.mark.api
class TestPermissions:
    def test_with_all_of_them_everything_is_done(self, shop: Callable[..., "Shop"]) -> None:
        code, result = shop().attempt(*DOUBT)
        assert code == 0
        assert {name: each["done"] for name, each in receipts(result).items()} == dict.fromkeys(WRITES, True)

    @pytest.mark.parametrize(
        ("missing", "code"), [("event", 0), ("annotations", 0), ("configmap", 0), ("pause", 4)]
    )
    def test_each_that_is_missing_is_said_and_the_others_are_done(
        self, shop: Callable[..., "Shop"], missing: str, code: int
    ) -> None:
        cart = shop()
        found, result = cart.attempt(*DOUBT, may=tuple(each for each in WRITES if each != missing))
        told = receipts(result)
        assert (found, result["outcome"]) == (code, "inconclusive")
        assert {name: each["done"] for name, each in told.items()} == {
            name: name != missing for name in WRITES
        }
        rule = WRITES[missing]
        assert f'resources: ["{rule["resources"][0]}"]' in told[missing]["advice"]
        assert f"grant it in a Role in namespace {cart.namespace.name}" in told[missing]["advice"]

    @pytest.mark.parametrize("crashing", [True, False])
    def test_with_none_of_them_the_answer_is_the_same(
        self, shop: Callable[..., "Shop"], crashing: bool
    ) -> None:
        cart = shop(crashing=crashing, kind="PrePromotion")
        cart.promotes()
        with_all, without = (cart.attempt(may=may) for may in (tuple(WRITES), ()))
        assert with_all[0] == without[0] == (3 if crashing else 0)
        assert with_all[1]["reason"] == without[1]["reason"]
        assert {name: each["done"] for name, each in receipts(without[1]).items()} == {
            "annotations": False,
            "event": False,
        }

    @pytest.mark.parametrize("verb", ["create", "patch"])
    def test_making_an_event_takes_both_verbs(
        self, shop: Callable[..., "Shop"], monkeypatch: pytest.MonkeyPatch, verb: str
    ) -> None:
        monkeypatch.setitem(WRITES, "event", {**WRITES["event"], "verbs": [verb]})
        told = receipts(shop(crashing=True).attempt()[1])["event"]
        other = "patch" if verb == "create" else "create"
        assert not told["done"]
        assert f'verbs: ["{other}"]' in told["advice"]


@pytest.mark.api
class TestAsked:
    def test_none_is_none(self, shop: Callable[..., "Shop"]) -> None:
        cart = shop(crashing=True)
        assert cart.attempt("--effect", "none")[1]["effects"] == []
        assert (cart.events(), cart.annotations()) == ({}, {})

    def test_one_is_one(self, shop: Callable[..., "Shop"]) -> None:
        cart = shop(crashing=True)
        assert set(receipts(cart.attempt("--effect", "event")[1])) == {"event"}
        assert cart.annotations() == {}

    def test_where_no_analysis_run_asks_nothing_is_written(self, shop: Callable[..., "Shop"]) -> None:
        cart = shop(crashing=True)
        admin = ["--kubeconfig", str(cart.namespace.server.kubeconfig), "--namespace", cart.namespace.name]
        assert (
            run(
                [
                    "analyze",
                    *admin,
                    "--rollout",
                    "cart",
                    "--model",
                    "builtin",
                    "--min-fault-age",
                    "0s",
                    "--format",
                    "json",
                ]
            )
            == 3
        )
        assert json.loads(cart.capsys.readouterr().out)["effects"] == []
        assert cart.events() == {}

    def test_a_replay_of_such_a_run_writes_nothing(self, shop: Callable[..., "Shop"], tmp_path: Path) -> None:
        cart, record = shop(crashing=True), str(tmp_path / "cart.json")
        cart.attempt("--save", record)
        version = cart.events()["Rollout"]["metadata"]["resourceVersion"]
        assert run(["analyze", "--evidence", record, "--model", "builtin", "--min-fault-age", "0s"]) == 3
        assert cart.events()["Rollout"]["metadata"]["resourceVersion"] == version

    def test_a_guard_tells_its_answer_as_well(self, shop: Callable[..., "Shop"]) -> None:
        cart = shop(crashing=True)
        assert cart.attempt("--min-fault-age", "0s", command="guard")[0] == 3
        assert cart.annotations()["rollout-analyzer/judge.outcome"] == "rollback"
        assert cart.events()["Rollout"]["count"] == 1


@pytest.mark.api
class TestWithoutAnAnswer:
    """A run that came to nothing is told as well: Argo shows no more of it than that it failed."""

    def test_an_error_is_told_where_people_look(
        self, shop: Callable[..., "Shop"], capsys: pytest.CaptureFixture[str]
    ) -> None:
        cart = shop()
        assert cart.attempt("--prometheus", "ftp://nowhere", "--config", "/nonexistent.yaml")[0] == 2
        assert cart.events() == {}  # before who asks was looked for
        assert cart.attempt("--namespace", "kube-system")[0] == 2
        assert "--namespace is kube-system" in cart.events()["AnalysisRun"]["message"]
        assert cart.annotations()["rollout-analyzer/judge.outcome"] == "error"
        assert cart.annotations()["rollout-analyzer/judge.exit-code"] == "2"

    def test_its_receipts_are_in_the_report(self, shop: Callable[..., "Shop"]) -> None:
        result = shop().attempt("--namespace", "kube-system", may=())[1]
        assert (result["outcome"], result["exit_code"]) == ("error", 2)
        assert not receipts(result)["event"]["done"]


def test_on_a_cluster_the_models_leave_time_for_the_effects() -> None:
    deadline = Deadline.after(100)
    assert 80 < answer_deadline(deadline, live=True).remaining() < 95
    assert answer_deadline(deadline, live=False) == deadline


@pytest.mark.api
def test_what_an_admission_policy_says_and_a_link_are_masked(
    shop: Callable[..., "Shop"], wait_until: Callable[[Callable[[], object]], None]
) -> None:
    """By a real admission policy, which denies with words of its own."""
    cart = shop(crashing=True)
    policies, name = "/apis/admissionregistration.k8s.io/v1", f"deny-{cart.namespace.name}"
    rule = {
        "apiGroups": ["argoproj.io"],
        "apiVersions": ["*"],
        "resources": ["analysisruns"],
        "operations": ["UPDATE"],
    }
    here = {"matchLabels": {"kubernetes.io/metadata.name": cart.namespace.name}}
    denial = {"expression": "false", "message": "ask with token=hunter2secret"}
    policy = {
        "failurePolicy": "Fail",
        "matchConstraints": {"namespaceSelector": here, "resourceRules": [rule]},
        "validations": [denial],
    }
    binding = {"policyName": name, "validationActions": ["Deny"]}
    for kind, spec in (
        ("validatingadmissionpolicies", policy),
        ("validatingadmissionpolicybindings", binding),
    ):
        cart.namespace.send("POST", f"{policies}/{kind}", {"metadata": {"name": name}, "spec": spec})
    try:
        wait_until(lambda: refuses(cart))
        result = cart.attempt("--link", "https://me:hunter2secret@logs.example.com")[1]
    finally:
        for kind in ("validatingadmissionpolicybindings", "validatingadmissionpolicies"):
            cart.namespace.send("DELETE", f"{policies}/{kind}/{name}", {})
    assert "denied request" in receipts(result)["annotations"]["detail"]
    assert "hunter2secret" not in json.dumps(result)


def refuses(cart: "Shop") -> bool:
    """Whether the policy has come into force."""
    try:
        cart.namespace.admin.patch(
            f"{cart.namespace.path('analysisruns', ARGO)}/cart-bbb-2",
            {"metadata": {"annotations": {"x": "y"}}},
        )
    except ClusterError:
        return True
    return False


@pytest.mark.timed
def test_an_api_server_that_hangs_holds_the_run_no_longer_than_the_deadline(
    stub: Callable[..., Cluster], wait_until: Callable[..., None]
) -> None:
    """A server that takes the request and never answers."""
    ended: list[bool] = []

    def hang(handler: BaseHTTPRequestHandler) -> None:
        wait_until(lambda: ended, seconds=60)

    cluster = stub(hang)
    target = load(EXAMPLE).target
    occasion = EffectContext(
        settings=Settings(policy=Policy(on_inconclusive="pause")),
        decision=Decision(outcome="inconclusive", rule="x", reason="y"),
        target=replace(target, rollout="cart"),
        analysis=None,
    )
    begun = time.monotonic()
    told = carry_out(occasion, cluster.within, Deadline.after(1))
    assert time.monotonic() - begun < 10
    ended.append(True)
    assert [(each.effect, each.done, each.may_pass) for each in told.receipts] == [("pause", False, True)]
    assert told.exit_code() == 4
