"""Who is compared: resolved from a Rollout, hashes or selectors, and checked again after looking."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from analyzer.cluster import Cluster
from analyzer.cluster.errors import Denied
from analyzer.common.deadline import Deadline
from analyzer.errors import UsageError
from analyzer.settings import Where
from analyzer.target import Target, check_target, find_mismatch, resolve
from analyzer.target.argo import Owner, find_analysis
from analyzer.target.rollout import HASH_LABEL

if TYPE_CHECKING:
    from tests.conftest import ApiServer, Namespace

NOW = datetime(2026, 11, 21, tzinfo=UTC)
ROLLOUTS = {"apiGroups": ["argoproj.io"], "resources": ["rollouts"], "verbs": ["get"]}


def found(cluster: Cluster, namespace: str = "", **where: str) -> Target:
    return resolve(cluster, Where(namespace=namespace, **where), NOW)


CANARY = {
    "selector": {"matchLabels": {"app": "cart"}},
    "template": {
        "metadata": {"labels": {"app": "cart"}},
        "spec": {"containers": [{"name": "app", "image": "app:1"}]},
    },
}
STEP_ANALYSIS = {"analysis": {"templates": [{"templateName": "judge"}]}}
BLUE_GREEN = CANARY | {"strategy": {"blueGreen": {"activeService": "cart", "previewService": "cart-preview"}}}
Asked = Callable[..., Target]


def labels(kind: str) -> dict[str, str]:
    """Of an AnalysisRun that a Rollout made for its version bbb."""
    return {"rollout-type": kind, HASH_LABEL: "bbb"}


def sides(target: Target) -> tuple[str, str]:
    return target.stable.selector if target.stable else "", target.canary.selector if target.canary else ""


@pytest.fixture
def asked(namespace: "Namespace", in_pod: Callable[..., None]) -> Asked:
    """The target of an AnalysisRun, from the pod of its Job on; `owner` replaces what the AnalysisRun says it
    belongs to.
    """

    def ask(run: dict[str, Any], *, owner: Owner | None = None, **where: str) -> Target:
        in_pod(namespace, namespace.measurement(run, owned=False))
        own = Cluster.connect_own(Deadline.after(60))
        analysis = find_analysis(own, own)
        return resolve(
            own, Where(**where), NOW, msgspec.structs.replace(analysis, owner=owner or analysis.owner)
        )

    return ask


def picked(cluster: Cluster, namespace: "Namespace", selector: str) -> list[str]:
    return [item["metadata"]["name"] for item in cluster.list(namespace.path("pods"), labelSelector=selector)]


class TestCheck:
    @pytest.mark.parametrize(
        ("where", "message"),
        [
            (Where(), "no target was given"),
            (Where(namespace="shop"), "no target was given"),
            (Where(stable_hash="a"), "--stable-hash and --canary-hash belong together"),
            (Where(rollout="cart", canary_hash="a"), "--stable-hash and --canary-hash belong together"),
            (Where(canary_selector="a=b"), "--stable-selector and --canary-selector belong together"),
            (
                Where(stable_hash="a", canary_hash="b", stable_selector="a=b", canary_selector="a=c"),
                "hashes and selectors exclude",
            ),
            (
                Where(rollout="cart", stable_selector="a=b", canary_selector="a=c"),
                "--rollout and selectors exclude",
            ),
            (Where(stable_selector="a=b,c=d", canary_selector="a=b, c=d"), "both selectors are the same"),
            (Where(rollout="Cart/../x"), "--rollout 'Cart/../x' is not valid"),
            (Where(namespace="../kube-system", rollout="cart"), "--namespace '../kube-system' is not valid"),
            (Where(stable_hash="a b", canary_hash="c"), "--stable-hash 'a b' is not valid"),
            (
                Where(stable_selector="a=b", canary_selector="a in (b"),
                r"--canary-selector 'a in \(b' is not valid",
            ),
            (Where(stable_selector="=b", canary_selector="a=c"), "--stable-selector '=b' is not valid"),
            (Where(stable_selector="a=b,", canary_selector="a=c"), "--stable-selector 'a=b,' is not valid"),
        ],
    )
    def test_what_was_asked_incompletely_is_said(self, where: Where, message: str) -> None:
        with pytest.raises(UsageError, match=message) as caught:
            check_target(where)
        assert caught.value.advice

    @pytest.mark.parametrize(
        "selector",
        [
            "role=canary",
            "role==canary",
            "role!=stable",
            "role in (a, b),x",
            "!example.com/role",
            "role notin (a),b=c",
            "a= b",
            "v=1.2_x",
        ],
    )
    def test_a_selector_kubernetes_takes_is_taken(self, selector: str) -> None:
        check_target(Where(stable_selector="role=stable", canary_selector=selector))


@pytest.mark.api
class TestSelectors:
    def test_role_labels_need_no_rollout(self, namespace: "Namespace", cluster: Cluster) -> None:
        namespace.pod("old", {"role": "stable"})
        namespace.pod("new", {"role": "canary"})
        target = found(
            cluster, namespace.name, stable_selector="role=stable", canary_selector="role in (canary)"
        )
        assert target.stable is not None
        assert target.canary is not None
        assert picked(cluster, namespace, target.stable.selector) == ["old"]
        assert picked(cluster, namespace, target.canary.selector) == ["new"]
        assert find_mismatch(cluster, target) == ""

    def test_an_unknown_namespace_names_the_nearest(self, namespace: "Namespace", cluster: Cluster) -> None:
        with pytest.raises(UsageError, match=f"no namespace '{namespace.name}x' in this cluster") as caught:
            found(cluster, f"{namespace.name}x", stable_hash="a", canary_hash="b")
        assert namespace.name in caught.value.advice

    def test_who_may_not_read_namespaces_is_taken_at_their_word(self, namespace: "Namespace") -> None:
        target = found(namespace.as_account(), namespace.name, stable_hash="a", canary_hash="b")
        assert target.namespace == namespace.name

    def test_without_a_namespace_the_contexts_is_meant(self, cluster: Cluster) -> None:
        assert found(cluster, stable_hash="a", canary_hash="b").namespace == "default"

    def test_one_hash_given_twice_is_a_mismatch(self, namespace: "Namespace", cluster: Cluster) -> None:
        target = found(cluster, namespace.name, stable_hash="a", canary_hash="a")
        assert find_mismatch(cluster, target) == "both sides are one ReplicaSet: hash a"


@pytest.mark.api
@pytest.mark.usefixtures("argo")
class TestRollout:
    def test_the_hashes_of_its_status_are_the_sides(self, namespace: "Namespace", cluster: Cluster) -> None:
        namespace.rollout("cart", stable="aaa", canary="bbb")
        target = found(cluster, namespace.name, rollout="cart")
        assert (target.stable and target.stable.hash, target.canary and target.canary.hash) == ("aaa", "bbb")
        assert target.name() == f"{namespace.name}/cart"
        assert "stable aaa, canary bbb" in target.how
        assert find_mismatch(cluster, target) == ""

    def test_another_rollouts_pods_of_the_same_hash_are_not_ours(
        self, namespace: "Namespace", cluster: Cluster
    ) -> None:
        namespace.rollout("cart", stable="aaa", canary="bbb")
        namespace.pod("ours", {"app": "cart", HASH_LABEL: "bbb"})
        namespace.pod("theirs", {"app": "checkout", HASH_LABEL: "bbb"})
        target = found(cluster, namespace.name, rollout="cart")
        assert target.canary is not None
        assert picked(cluster, namespace, target.canary.selector) == ["ours"]

    def test_a_selector_of_expressions_is_kept(self, namespace: "Namespace", cluster: Cluster) -> None:
        expressions = [
            {"key": "app", "operator": "In", "values": ["cart", "basket"]},
            {"key": "tier", "operator": "NotIn", "values": ["test"]},
            {"key": "app", "operator": "Exists"},
            {"key": "retired", "operator": "DoesNotExist"},
        ]
        template = {
            "metadata": {"labels": {"app": "cart"}},
            "spec": {"containers": [{"name": "app", "image": "app:1"}]},
        }
        spec = {
            "selector": {"matchExpressions": expressions},
            "template": template,
            "strategy": {"canary": {}},
        }
        namespace.rollout("cart", stable="aaa", canary="bbb", spec=spec)
        namespace.pod("ours", {"app": "basket", HASH_LABEL: "bbb"})
        namespace.pod("test", {"app": "cart", "tier": "test", HASH_LABEL: "bbb"})
        namespace.pod("retired", {"app": "cart", "retired": "", HASH_LABEL: "bbb"})
        target = found(cluster, namespace.name, rollout="cart")
        assert target.canary is not None
        assert picked(cluster, namespace, target.canary.selector) == ["ours"]

    def test_a_workload_reference_has_its_selector_in_the_status(
        self, namespace: "Namespace", cluster: Cluster
    ) -> None:
        spec = {
            "workloadRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "cart"},
            "strategy": {"canary": {}},
        }
        namespace.rollout(
            "cart", stable="aaa", canary="bbb", spec=spec, selector=f"app=cart,{HASH_LABEL}=aaa"
        )
        namespace.pod("ours", {"app": "cart", HASH_LABEL: "bbb"})
        namespace.pod("theirs", {"app": "checkout", HASH_LABEL: "bbb"})
        target = found(cluster, namespace.name, rollout="cart")
        assert target.canary is not None
        assert picked(cluster, namespace, target.canary.selector) == ["ours"]

    def test_a_first_deploy_has_no_stable_side(self, namespace: "Namespace", cluster: Cluster) -> None:
        namespace.rollout("cart", canary="bbb")
        target = found(cluster, namespace.name, rollout="cart")
        assert target.stable is None
        assert "first deploy" in target.how
        assert find_mismatch(cluster, target) == ""

    def test_a_rollout_nobody_has_looked_at_yet(self, namespace: "Namespace", cluster: Cluster) -> None:
        namespace.rollout("cart")
        with pytest.raises(UsageError, match="no canary yet") as caught:
            found(cluster, namespace.name, rollout="cart")
        assert "controller" in caught.value.advice

    def test_fully_promoted_keeps_both_sides_and_says_so(
        self, namespace: "Namespace", cluster: Cluster
    ) -> None:
        namespace.rollout("cart", stable="aaa", canary="aaa")
        target = found(cluster, namespace.name, rollout="cart")
        assert target.stable is not None
        assert (
            find_mismatch(cluster, target)
            == "nothing is left to judge, aaa is promoted already: both sides are one ReplicaSet"
        )

    def test_a_canary_that_moved_is_a_mismatch(self, namespace: "Namespace", cluster: Cluster) -> None:
        namespace.rollout("cart", stable="aaa", canary="bbb")
        target = found(cluster, namespace.name, rollout="cart")
        namespace.report("rollouts", "cart", {"currentPodHash": "ccc"}, "/apis/argoproj.io/v1alpha1")
        assert (
            find_mismatch(cluster, target)
            == "the canary asked about is bbb, but the Rollout's current one is ccc"
        )

    def test_a_stable_side_that_moved_is_a_mismatch(self, namespace: "Namespace", cluster: Cluster) -> None:
        namespace.rollout("cart", stable="aaa", canary="bbb")
        target = found(cluster, namespace.name, rollout="cart")
        namespace.report("rollouts", "cart", {"stableRS": "ccc"}, "/apis/argoproj.io/v1alpha1")
        assert (
            find_mismatch(cluster, target) == "the stable side asked about is aaa, but the Rollout's is ccc"
        )

    @pytest.mark.parametrize(
        ("status", "reason"),
        [
            ({"stableRS": "bbb"}, "nothing is left to judge, bbb is promoted already"),
            ({"abort": True}, "nothing is left to judge, the Rollout was aborted: it goes back to aaa"),
            ({"promoteFull": True}, "nothing is left to judge, bbb is being promoted in full"),
        ],
    )
    def test_what_was_settled_while_we_looked(
        self, namespace: "Namespace", cluster: Cluster, status: dict[str, Any], reason: str
    ) -> None:
        namespace.rollout("cart", stable="aaa", canary="bbb")
        target = found(cluster, namespace.name, rollout="cart")
        namespace.report("rollouts", "cart", status, "/apis/argoproj.io/v1alpha1")
        assert reason in find_mismatch(cluster, target)

    def test_a_rollout_made_anew_is_another_one(self, namespace: "Namespace", cluster: Cluster) -> None:
        namespace.rollout("cart", stable="aaa", canary="bbb")
        target = found(cluster, namespace.name, rollout="cart")
        namespace.send("DELETE", f"{namespace.path('rollouts', '/apis/argoproj.io/v1alpha1')}/cart", {})
        namespace.rollout("cart", stable="aaa", canary="bbb")
        assert find_mismatch(cluster, target) == "the Rollout cart was deleted and made anew"

    def test_a_rollout_that_was_deleted_is_a_mismatch(self, namespace: "Namespace", cluster: Cluster) -> None:
        namespace.rollout("cart", stable="aaa", canary="bbb")
        target = found(cluster, namespace.name, rollout="cart")
        namespace.send("DELETE", f"{namespace.path('rollouts', '/apis/argoproj.io/v1alpha1')}/cart", {})
        assert find_mismatch(cluster, target) == "the Rollout cart is no longer there"

    def test_a_reread_that_is_denied_is_no_mismatch(self, namespace: "Namespace", cluster: Cluster) -> None:
        namespace.rollout("cart", stable="aaa", canary="bbb")
        target = found(cluster, namespace.name, rollout="cart")
        with pytest.raises(Denied):
            find_mismatch(namespace.as_account(), target)

    def test_hashes_given_beside_it_are_checked_against_it(
        self, namespace: "Namespace", cluster: Cluster
    ) -> None:
        namespace.rollout("cart", stable="aaa", canary="bbb")
        agreed = found(cluster, namespace.name, rollout="cart", stable_hash="aaa", canary_hash="bbb")
        assert find_mismatch(cluster, agreed) == ""
        older = found(cluster, namespace.name, rollout="cart", stable_hash="aaa", canary_hash="old")
        assert older.canary is not None
        assert older.canary.selector == f"{HASH_LABEL}=old,app=cart"
        assert "old" in find_mismatch(cluster, older)

    def test_an_unknown_rollout_names_the_nearest(self, namespace: "Namespace", cluster: Cluster) -> None:
        namespace.rollout("checkout", stable="aaa", canary="bbb")
        namespace.rollout("cart", stable="aaa", canary="bbb")
        with pytest.raises(UsageError, match=f"no Rollout 'carts' in namespace '{namespace.name}'") as caught:
            found(cluster, namespace.name, rollout="carts")
        assert caught.value.advice == "did you mean cart?"

    def test_an_unknown_rollout_that_may_not_be_listed(self, namespace: "Namespace") -> None:
        with pytest.raises(UsageError, match="no Rollout 'cart'") as caught:
            found(namespace.as_account(ROLLOUTS), namespace.name, rollout="cart")
        assert "may not be listed" in caught.value.advice

    def test_a_rollout_in_an_unknown_namespace(self, cluster: Cluster) -> None:
        with pytest.raises(UsageError, match="no namespace 'nowhere'"):
            found(cluster, "nowhere", rollout="cart")

    def test_a_rollout_that_may_not_be_read_names_the_rule_and_the_way_around(
        self, namespace: "Namespace"
    ) -> None:
        with pytest.raises(Denied, match="may not get rollouts") as caught:
            found(namespace.as_account(), namespace.name, rollout="cart")
        assert 'apiGroups: ["argoproj.io"], resources: ["rollouts"], verbs: ["get"]' in caught.value.advice
        assert "--stable-hash" in caught.value.advice


@pytest.mark.api
@pytest.mark.usefixtures("argo")
class TestByAnalysis:
    """Nothing is given: the AnalysisRun whose Job this is says what is compared."""

    @pytest.mark.parametrize("kind", ["Step", "Background"])
    def test_a_canarys_sides_are_the_rollouts(self, namespace: "Namespace", asked: Asked, kind: str) -> None:
        rollout = namespace.rollout("cart", stable="aaa", canary="bbb")
        target = asked(namespace.analysis_run("cart-bbb-2", rollout, labels=labels(kind)))
        assert sides(target) == (f"{HASH_LABEL}=aaa,app=cart", f"{HASH_LABEL}=bbb,app=cart")
        assert (target.rollout, target.rollout_uid) == ("cart", rollout["metadata"]["uid"])
        assert target.how == (
            f"{kind.lower()} analysis: AnalysisRun cart-bbb-2, metric judge, of Rollout cart in"
            f" {namespace.name}: stable aaa, canary bbb"
        )

    @pytest.mark.parametrize(("kind", "active"), [("PrePromotion", "aaa"), ("PostPromotion", "bbb")])
    def test_blue_greens_stable_side_is_no_matter_of_the_active_service(
        self, namespace: "Namespace", cluster: Cluster, asked: Asked, kind: str, active: str
    ) -> None:
        rollout = namespace.rollout(
            "cart", stable="aaa", canary="bbb", spec=BLUE_GREEN, blueGreen={"activeSelector": active}
        )
        target = asked(namespace.analysis_run("cart-bbb-pre", rollout, labels=labels(kind)))
        assert sides(target) == (f"{HASH_LABEL}=aaa,app=cart", f"{HASH_LABEL}=bbb,app=cart")
        assert find_mismatch(cluster, target) == ""

    def test_role_labels_change_nothing(self, namespace: "Namespace", cluster: Cluster, asked: Asked) -> None:
        rollout = namespace.rollout("cart", stable="aaa", canary="bbb")
        for role, pod_hash in (("stable", "aaa"), ("canary", "bbb")):
            namespace.pod(f"{role}-labelled", {"app": "cart", HASH_LABEL: pod_hash, "role": role})
            namespace.pod(f"{role}-bare", {"app": "cart", HASH_LABEL: pod_hash})
        target = asked(namespace.analysis_run("run", rollout, labels=labels("Step")))
        assert target.canary is not None
        assert picked(cluster, namespace, target.canary.selector) == ["canary-bare", "canary-labelled"]

    def test_a_version_that_the_rollout_has_left_is_never_taken_for_the_current_one(
        self, namespace: "Namespace", cluster: Cluster, asked: Asked
    ) -> None:
        rollout = namespace.rollout("cart", stable="aaa", canary="ccc")
        target = asked(namespace.analysis_run("run", rollout, labels=labels("Step")))
        assert target.canary is not None
        assert target.canary.hash == "bbb"
        assert (
            find_mismatch(cluster, target)
            == "the canary asked about is bbb, but the Rollout's current one is ccc"
        )

    @pytest.mark.parametrize(
        ("status", "reason"),
        [
            ({"stable": "bbb"}, "bbb is promoted already"),
            ({"stable": "aaa", "abort": True}, "was aborted"),
            ({"stable": "aaa", "promoteFull": True}, "promoted in full"),
        ],
    )
    def test_what_is_settled_is_not_judged(
        self, namespace: "Namespace", cluster: Cluster, asked: Asked, status: dict[str, Any], reason: str
    ) -> None:
        target = asked(
            namespace.analysis_run(
                "run", namespace.rollout("cart", canary="bbb", **status), labels=labels("Step")
            )
        )
        assert find_mismatch(cluster, target).startswith("nothing is left to judge")
        assert reason in find_mismatch(cluster, target)

    def test_a_stable_side_that_shrinks_is_said(self, namespace: "Namespace", asked: Asked) -> None:
        spec = CANARY | {
            "strategy": {
                "canary": {"dynamicStableScale": True, "trafficRouting": {"nginx": {"stableIngress": "cart"}}}
            }
        }
        rollout = namespace.rollout("cart", stable="aaa", canary="bbb", spec=spec)
        target = asked(namespace.analysis_run("run", rollout, labels=labels("Step")))
        assert target.dynamic_stable
        assert "dynamicStableScale" in target.how

    @pytest.mark.parametrize("dry", [True, False])
    def test_a_dry_run_is_part_of_the_target(self, namespace: "Namespace", asked: Asked, dry: bool) -> None:
        rollout = namespace.rollout("cart", stable="aaa", canary="bbb")
        asks = asked(namespace.analysis_run("run", rollout, labels=labels("Step"), dry=dry)).analysis
        assert asks is not None
        assert asks.dry_run is dry

    @pytest.mark.parametrize(
        ("canary", "often", "looks"),
        [
            ({"steps": [{"setWeight": 20}, STEP_ANALYSIS]}, {}, 1),
            ({"steps": [{"setWeight": 20}, STEP_ANALYSIS, STEP_ANALYSIS]}, {"count": 3, "interval": "1m"}, 6),
            ({"steps": [STEP_ANALYSIS], **STEP_ANALYSIS}, {}, None),
            (STEP_ANALYSIS, {"interval": "1m"}, None),
            (STEP_ANALYSIS, {"count": 9, "interval": "1m"}, 9),
        ],
    )
    def test_one_canary_is_judged_by_every_analysis_of_its_rollout(
        self, namespace: "Namespace", asked: Asked, canary: Any, often: Any, looks: int | None
    ) -> None:
        rollout = namespace.rollout(
            "cart", stable="aaa", canary="bbb", spec=CANARY | {"strategy": {"canary": canary}}
        )
        asks = asked(namespace.analysis_run("run", rollout, labels=labels("Step"), often=often)).analysis
        assert asks is not None
        assert asks.looks == looks

    def test_options_win_and_the_analysis_is_still_known(self, namespace: "Namespace", asked: Asked) -> None:
        rollout = namespace.rollout("cart", stable="aaa", canary="bbb")
        run = namespace.analysis_run("run", rollout, labels=labels("Step"))
        target = asked(run, namespace=namespace.name, stable_hash="yyy", canary_hash="zzz")
        assert sides(target) == (f"{HASH_LABEL}=yyy", f"{HASH_LABEL}=zzz")
        assert target.analysis is not None
        assert target.analysis.uid == run["metadata"]["uid"]

    def test_another_namespace_contradicts_it(self, namespace: "Namespace", asked: Asked) -> None:
        run = namespace.analysis_run(
            "run", namespace.rollout("cart", stable="aaa", canary="bbb"), labels=labels("Step")
        )
        with pytest.raises(
            UsageError,
            match=f"--namespace is kube-system, but the AnalysisRun that asks, run, is in {namespace.name}",
        ):
            asked(run, namespace="kube-system")

    def test_a_rollout_deleted_meanwhile(self, namespace: "Namespace", asked: Asked) -> None:
        rollout = namespace.rollout("cart", stable="aaa", canary="bbb")
        run = namespace.analysis_run("run", None, labels=labels("Step"))
        namespace.send("DELETE", f"{namespace.path('rollouts', '/apis/argoproj.io/v1alpha1')}/cart", {})
        with pytest.raises(UsageError, match="the Rollout cart of AnalysisRun run is no longer there"):
            asked(run, owner=Owner(kind="Rollout", name="cart", uid=rollout["metadata"]["uid"]))

    def test_a_rollout_made_anew_is_not_the_one_that_is_asked_about(
        self, namespace: "Namespace", asked: Asked
    ) -> None:
        namespace.rollout("cart", stable="aaa", canary="bbb")
        run = namespace.analysis_run("run", None, labels=labels("Step"))
        with pytest.raises(UsageError, match="another one has its name"):
            asked(run, owner=Owner(kind="Rollout", name="cart", uid="0"))


@pytest.mark.api
@pytest.mark.usefixtures("argo")
class TestByHand:
    """An AnalysisRun that a person started says of no Rollout."""

    def test_the_only_rollout_is_meant(self, namespace: "Namespace", asked: Asked) -> None:
        namespace.rollout("cart", stable="aaa", canary="bbb")
        target = asked(namespace.analysis_run("try"))
        assert target.rollout == "cart"
        assert (
            "by hand analysis: AnalysisRun try, metric judge, of the one Rollout there is, cart" in target.how
        )

    def test_two_rollouts_match(self, namespace: "Namespace", asked: Asked) -> None:
        for name in ("checkout", "cart"):
            namespace.rollout(name, stable="aaa", canary="bbb")
        with pytest.raises(
            UsageError,
            match=f"AnalysisRun try names no Rollout, and {namespace.name} has 2: cart, checkout",
        ) as caught:
            asked(namespace.analysis_run("try"))
        assert "--rollout" in caught.value.advice
        with pytest.raises(UsageError, match="has 2 of version bbb: cart, checkout"):
            asked(namespace.analysis_run("labelled", labels=labels("Step")))

    def test_the_version_tells_which_of_two(self, namespace: "Namespace", asked: Asked) -> None:
        namespace.rollout("checkout", stable="aaa", canary="ccc")
        namespace.rollout("cart", stable="aaa", canary="bbb")
        assert asked(namespace.analysis_run("labelled", labels=labels("Step"))).rollout == "cart"

    def test_there_is_none(self, namespace: "Namespace", asked: Asked) -> None:
        with pytest.raises(UsageError, match=f"and {namespace.name} has 0"):
            asked(namespace.analysis_run("try"))


@pytest.fixture
def no_argo(api_server: "ApiServer", argo: None) -> Iterator[None]:
    api_server.run("delete", "crd", "rollouts.argoproj.io", "--wait")
    yield
    api_server.apply_argo()


@pytest.mark.api
@pytest.mark.usefixtures("no_argo")
def test_a_cluster_without_argo(cluster: Cluster, wait_until: Callable[[Callable[[], object]], None]) -> None:
    def message() -> str:
        try:
            found(cluster, "default", rollout="cart")
        except UsageError as error:
            return f"{error}: {error.advice}"
        return ""

    wait_until(lambda: "no Argo Rollouts" in message())
    assert "--stable-hash and --canary-hash" in message()
