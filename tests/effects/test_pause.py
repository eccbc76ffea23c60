"""The pause on the real API server: verified before it is believed, and never of another version than was
looked at.
"""

import json
import shlex
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from analyzer.cli import run
from analyzer.cluster import Cluster
from analyzer.target import rollout
from analyzer.target.rollout import HASH_LABEL
from tests.effects.conftest import ARGO, receipts

if TYPE_CHECKING:
    from tests.effects.conftest import Shop

pytestmark = pytest.mark.api
DOUBT = (
    "--on-inconclusive",
    "pause",
    "--min-requests",
    "1000",
)  # a healthy canary that has had too few requests for any answer
Json = dict[str, Any]


def paused(cart: "Shop") -> bool:
    return bool(cart.rollout()["spec"].get("paused"))


def test_an_inconclusive_answer_pauses_and_says_how_to_go_on_and_how_to_refuse(
    shop: Callable[..., "Shop"],
) -> None:
    cart = shop()
    code, result = cart.attempt(*DOUBT)
    assert (code, result["outcome"], result["passed_by"]) == (0, "inconclusive", "--on-inconclusive pause")
    assert paused(cart)
    told = receipts(result)["pause"]["detail"]
    go_on, refuse = told.split("; refuse: ")
    assert "kubectl patch rollout cart" in go_on
    assert refuse.index("abort cart") < refuse.index("""-p '{"spec":{"paused":false}}'""")
    assert cart.annotations()["rollout-analyzer/judge.passed-by"] == "--on-inconclusive pause"
    assert "NOT JUDGED HEALTHY but passed by --on-inconclusive pause" in cart.events()["Rollout"]["message"]


def test_the_way_on_works_as_it_is_told(shop: Callable[..., "Shop"]) -> None:
    cart = shop()
    told = receipts(cart.attempt(*DOUBT)[1])["pause"]["detail"]
    patch = told.split("go on: ")[1].split("; refuse")[0]
    assert patch.startswith("kubectl ")
    cart.namespace.server.run(*shlex.split(patch)[1:])
    assert not paused(cart)


def test_the_log_of_a_pod_ends_with_the_pause_the_outcome_and_the_reason(shop: Callable[..., "Shop"]) -> None:
    cart = shop()
    cart.attempts += 1
    pod = cart.namespace.measurement(cart.asking)
    cart.enter(cart.namespace, pod)
    run(["analyze", "--model", "builtin", *DOUBT])
    *_, outcome, reason = cart.capsys.readouterr().out.splitlines()
    assert outcome.startswith("INCONCLUSIVE")
    assert reason.startswith("  ")


def test_a_second_attempt_finds_it_paused_and_passes(shop: Callable[..., "Shop"]) -> None:
    cart = shop()
    cart.attempt(*DOUBT)
    version = cart.rollout()["metadata"]["resourceVersion"]
    assert cart.attempt(*DOUBT, may=())[0] == 0
    assert cart.rollout()["metadata"]["resourceVersion"] == version


@pytest.mark.parametrize(("crashing", "code"), [(True, 3), (False, 0)])
def test_a_clear_answer_pauses_nothing(shop: Callable[..., "Shop"], crashing: bool, code: int) -> None:
    cart = shop(crashing=crashing, kind="PrePromotion")
    cart.promotes()
    found, result = cart.attempt("--on-inconclusive", "pause", "--on-error", "pause")
    assert found == code
    assert "pause" not in receipts(result)
    assert not paused(cart)


def test_without_the_permission_it_is_4_and_the_rule_to_grant(shop: Callable[..., "Shop"]) -> None:
    cart = shop()
    code, result = cart.attempt(*DOUBT, may=("event", "annotations"))
    assert (code, result["passed_by"]) == (4, "")
    assert (
        'apiGroups: ["argoproj.io"], resources: ["rollouts"], verbs: ["patch"]'
        in receipts(result)["pause"]["advice"]
    )
    assert cart.annotations()["rollout-analyzer/judge.exit-code"] == "4"


def test_after_the_promotion_it_is_refused(shop: Callable[..., "Shop"]) -> None:
    cart = shop(kind="PostPromotion")
    code, result = cart.attempt(*DOUBT)
    assert code == 4
    assert "Argo ignores a pause after the promotion" in receipts(result)["pause"]["detail"]
    assert not paused(cart)


def test_nor_where_only_the_rollout_tells_that_the_traffic_has_moved(shop: Callable[..., "Shop"]) -> None:
    cart = shop()
    cart.namespace.report("rollouts", "cart", {"blueGreen": {"activeSelector": "bbb"}}, ARGO)
    code, result = cart.attempt(*DOUBT)
    assert code == 4
    assert "Argo ignores a pause after the promotion" in receipts(result)["pause"]["detail"]
    assert not paused(cart)


def test_a_dry_run_pauses_nothing(shop: Callable[..., "Shop"]) -> None:
    cart = shop(dry=True)
    code, result = cart.attempt(*DOUBT)
    assert code == 4
    assert receipts(result)["pause"]["detail"] == "not paused: a dry run changes nothing"
    assert not paused(cart)


@pytest.mark.parametrize(
    ("status", "why"),
    [
        ({"currentPodHash": "ccc"}, "the canary asked about is bbb, but the Rollout's current one is ccc"),
        ({"abort": True}, "the Rollout was aborted"),
        ({"stableRS": "bbb"}, "bbb is promoted already"),
    ],
)
def test_a_rollout_that_moved_on_is_never_paused(shop: Callable[..., "Shop"], status: Json, why: str) -> None:
    cart = shop()
    cart.namespace.report("rollouts", "cart", status, ARGO)
    code, result = cart.attempt(*DOUBT)
    assert code == 4
    assert why in receipts(result)["pause"]["detail"]
    assert not paused(cart)


class TestMeanwhile:
    """What happens between our reading and our writing."""

    @pytest.fixture
    def between(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Callable[[], object]]]:
        """What somebody does right before each of our patches, one after the other."""
        todo: list[Callable[[], object]] = []
        pause = rollout.pause_rollout

        def after(cluster: Cluster, found: rollout.Rollout) -> None:
            if todo:
                todo.pop(0)()
            pause(cluster, found)

        monkeypatch.setattr(rollout, "pause_rollout", after)
        yield todo
        assert not todo

    def test_a_new_version_is_not_paused_in_the_old_ones_place(
        self, shop: Callable[..., "Shop"], between: list[Any]
    ) -> None:
        cart = shop()
        between.append(lambda: cart.namespace.report("rollouts", "cart", {"currentPodHash": "ccc"}, ARGO))
        code, result = cart.attempt(*DOUBT)
        assert code == 4
        assert "current one is ccc" in receipts(result)["pause"]["detail"]
        assert not paused(cart)

    def test_a_status_that_only_ticks_on_is_read_again(
        self, shop: Callable[..., "Shop"], between: list[Any]
    ) -> None:
        cart = shop()
        between.append(lambda: cart.namespace.report("rollouts", "cart", {"replicas": 1}, ARGO))
        between.append(lambda: cart.namespace.report("rollouts", "cart", {"replicas": 2}, ARGO))
        assert cart.attempt(*DOUBT)[0] == 0
        assert paused(cart)

    def test_a_rollout_that_is_deleted(self, shop: Callable[..., "Shop"], between: list[Any]) -> None:
        cart = shop()
        between.append(lambda: cart.namespace.send("DELETE", cart.namespace.path("rollouts/cart", ARGO), {}))
        code, result = cart.attempt(*DOUBT)
        assert code == 4
        assert "no longer there" in receipts(result)["pause"]["detail"]

    def test_a_pause_that_does_not_last_is_none(
        self, shop: Callable[..., "Shop"], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        cart = shop()
        pause = rollout.pause_rollout

        def undone(cluster: Cluster, found: rollout.Rollout) -> None:
            pause(cluster, found)
            path, merge = cart.namespace.path("rollouts/cart", ARGO), "application/merge-patch+json"
            cart.namespace.send("PATCH", path, {"spec": {"paused": False}}, merge)

        monkeypatch.setattr(rollout, "pause_rollout", undone)
        code, result = cart.attempt(*DOUBT)
        assert code == 4
        assert "something else set spec.paused back" in receipts(result)["pause"]["detail"]


class TestOnError:
    """No answer at all: pods that may not be listed."""

    def blind(self, cart: "Shop", *options: str, may: tuple[str, ...] = ("rollouts", "analysisruns")) -> int:
        pod = cart.namespace.measurement(cart.asking, name=f"{cart.asking['metadata']['uid']}.judge.1")
        rules = [
            {"apiGroups": [""], "resources": ["events"], "verbs": ["list", "create", "patch"]},
            {"apiGroups": ["batch"], "resources": ["jobs"], "verbs": ["get"]},
            {"apiGroups": ["argoproj.io"], "resources": ["rollouts", "analysisruns"], "verbs": ["get"]},
            *({"apiGroups": ["argoproj.io"], "resources": [each], "verbs": ["patch"]} for each in may),
        ]
        cart.enter(cart.namespace, pod, *rules)
        return run(["analyze", "--rollout", "cart", "--model", "builtin", *options])

    def test_it_pauses_and_passes(self, shop: Callable[..., "Shop"]) -> None:
        cart = shop()
        assert self.blind(cart, "--on-error", "pause") == 0
        assert paused(cart)
        told = cart.capsys.readouterr().err
        assert "may not list pods" in told
        assert "pause: Rollout cart" in told
        assert told.splitlines()[-1] == "NOT JUDGED HEALTHY but passed by --on-error pause"

    def test_without_the_permission_it_is_4(self, shop: Callable[..., "Shop"]) -> None:
        cart = shop()
        assert self.blind(cart, "--on-error", "pause", may=()) == 4
        assert 'resources: ["rollouts"], verbs: ["patch"]' in cart.capsys.readouterr().err
        assert not paused(cart)

    @pytest.mark.parametrize(("may", "code"), [(("pause",), 0), ((), 4)])
    def test_models_that_are_out_of_reach_are_an_error_as_well(
        self, shop: Callable[..., "Shop"], monkeypatch: pytest.MonkeyPatch, may: tuple[str, ...], code: int
    ) -> None:
        monkeypatch.setenv("OLLAMA_HOST", "127.0.0.1:1")
        cart = shop(kind="PrePromotion")
        found, result = cart.attempt(
            "--model", "ollama:gemma4", "--quorum", "2", "--on-error", "pause", may=may
        )
        assert (result["outcome"], found) == ("error", code)
        assert paused(cart) == (code == 0)

    def test_by_default_it_is_5_and_nothing_is_paused(self, shop: Callable[..., "Shop"]) -> None:
        cart = shop()
        assert self.blind(cart) == 5
        assert not paused(cart)

    def test_what_was_asked_wrongly_pauses_nothing(self, shop: Callable[..., "Shop"]) -> None:
        cart = shop()
        assert cart.attempt("--on-error", "pause", "--gate-that-is-none")[0] == 2
        assert cart.attempt("--on-error", "pause", "--rollout", "carts")[0] == 2
        assert not paused(cart)


def test_without_a_rollout_there_is_nothing_to_pause_and_nothing_is_looked_at(
    shop: Callable[..., "Shop"],
) -> None:
    cart = shop()
    sides = ["--stable-selector", f"{HASH_LABEL}=aaa", "--canary-selector", f"{HASH_LABEL}=bbb"]
    admin = ["--kubeconfig", str(cart.namespace.server.kubeconfig), "--namespace", cart.namespace.name]
    assert run(["analyze", *admin, *sides, "--on-inconclusive", "pause"]) == 2
    told = cart.capsys.readouterr().err
    assert "--on-inconclusive pause needs a Rollout, and none is known" in told
    assert "gathering" not in told


def test_a_replay_pauses_nothing(shop: Callable[..., "Shop"], tmp_path: Any) -> None:
    cart, record = shop(), str(tmp_path / "cart.json")
    assert cart.attempt(*DOUBT[2:], "--save", record)[0] == 4
    assert run(["analyze", "--evidence", record, "--model", "builtin", *DOUBT, "--format", "json"]) == 4
    assert (
        receipts(json.loads(cart.capsys.readouterr().out))["pause"]["detail"]
        == "not paused: a replay changes nothing"
    )
    assert not paused(cart)
