"""Who asks: found from a pod on the real API server, objects as Argo's controller makes them, and each break
in the chain.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from analyzer.cluster import Cluster
from analyzer.cluster.errors import Denied
from analyzer.common.deadline import Deadline
from analyzer.errors import UsageError
from analyzer.target.argo import Analysis, find_analysis, looks_like_argo_job

if TYPE_CHECKING:
    from tests.conftest import Namespace

Json = dict[str, Any]
InPod = Callable[..., None]
PODS = {"apiGroups": [""], "resources": ["pods"], "verbs": ["list"]}
JOBS = {"apiGroups": ["batch"], "resources": ["jobs"], "verbs": ["get"]}
RUNS = {"apiGroups": ["argoproj.io"], "resources": ["analysisruns"], "verbs": ["get"]}
STEP = {"rollout-type": "Step", "rollouts-pod-template-hash": "bbb", "step-index": "2"}


def asks() -> Analysis:
    deadline = Deadline.after(60)
    return find_analysis(Cluster.connect_own(deadline), Cluster.connect("", "", deadline))


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("3f0c9e5e-54a8-4ef7-bd19-2f8d3c1a9b77.judge.1-x7k2p", True),
        ("runner-abc-project-7-concurrent-0", False),
        ("laptop", False),
    ],
)
def test_the_pod_of_argos_job_is_known_by_its_name(
    monkeypatch: pytest.MonkeyPatch, name: str, ours: bool
) -> None:
    monkeypatch.setenv("POD_NAME", name)
    assert looks_like_argo_job() is ours


@pytest.mark.api
@pytest.mark.usefixtures("argo")
class TestFound:
    @pytest.mark.parametrize(
        ("label", "kind"),
        [
            ("Step", "step"),
            ("Background", "background"),
            ("PrePromotion", "pre-promotion"),
            ("PostPromotion", "post-promotion"),
        ],
    )
    def test_each_kind_of_a_rollouts_analysis(
        self, namespace: "Namespace", in_pod: InPod, label: str, kind: str
    ) -> None:
        rollout = namespace.rollout("cart", stable="aaa", canary="bbb")
        run = namespace.analysis_run("cart-bbb-2", rollout, labels={**STEP, "rollout-type": label})
        in_pod(namespace, namespace.measurement(run), PODS, JOBS, RUNS)
        assert looks_like_argo_job()
        found = asks()
        assert (found.name, found.uid, found.metric, found.hash) == (
            "cart-bbb-2",
            run["metadata"]["uid"],
            "judge",
            "bbb",
        )
        assert found.kind == kind
        assert found.owner is not None
        assert (found.owner.kind, found.owner.name) == ("Rollout", "cart")
        assert found.key() == f"{run['metadata']['uid']}/judge"

    def test_a_job_elsewhere_has_no_owner_and_is_found_by_its_annotations(
        self, namespace: "Namespace", in_pod: InPod
    ) -> None:
        run = namespace.analysis_run("cart-bbb-2")
        in_pod(namespace, namespace.measurement(run, owned=False))
        assert asks().name == "cart-bbb-2"
        assert asks().kind == "by hand"

    def test_the_hostname_will_do_where_the_downward_api_tells_nothing(
        self, namespace: "Namespace", in_pod: InPod, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pod = namespace.measurement(namespace.analysis_run("cart-bbb-2"))
        in_pod(namespace, pod)
        monkeypatch.delenv("POD_NAME")
        monkeypatch.setattr("socket.gethostname", lambda: pod)
        assert asks().name == "cart-bbb-2"

    @pytest.mark.parametrize(
        ("resolved", "spec", "dry"),
        [
            (True, [], True),
            (False, [{"metricName": ".*"}], False),
            (None, [{"metricName": ".*"}], True),
            (None, [{"metricName": "udg"}], True),
            (None, [{"metricName": "^jud$"}], False),
            (None, [], False),
        ],
    )
    def test_dry_run_is_what_argo_resolved_and_before_that_its_own_rule(
        self, namespace: "Namespace", in_pod: InPod, resolved: bool | None, spec: list[Json], dry: bool
    ) -> None:
        in_pod(namespace, namespace.measurement(namespace.analysis_run("run", dry=resolved, dryRun=spec)))
        assert asks().dry_run is dry

    @pytest.mark.parametrize(
        ("often", "looks"),
        [
            ({}, 1),
            ({"count": 3, "interval": "1m"}, 3),
            ({"count": "4", "interval": "1m"}, 4),
            ({"interval": "1m"}, None),
            ({"count": 0, "interval": "1m"}, None),
            ({"count": "all", "interval": "1m"}, None),
        ],
    )
    def test_how_often_argo_measures_the_metric(
        self, namespace: "Namespace", in_pod: InPod, often: Json, looks: int | None
    ) -> None:
        in_pod(namespace, namespace.measurement(namespace.analysis_run("run", often=often)))
        assert asks().looks == looks


@pytest.mark.api
@pytest.mark.usefixtures("argo")
class TestBroken:
    """Where the chain breaks, one line says so."""

    def test_a_pod_that_is_not_there(self, namespace: "Namespace", in_pod: InPod) -> None:
        in_pod(namespace, "laptop")
        with pytest.raises(
            UsageError, match=f"there is no pod 'laptop' in namespace '{namespace.name}'"
        ) as caught:
            asks()
        assert "set POD_NAME and POD_NAMESPACE" in caught.value.advice

    def test_a_name_that_is_none(self, namespace: "Namespace", in_pod: InPod) -> None:
        in_pod(namespace, "../../secrets")
        with pytest.raises(UsageError, match=r"the name of this pod is '\.\./\.\./secrets'"):
            asks()

    def test_a_pod_of_no_job(self, namespace: "Namespace", in_pod: InPod) -> None:
        namespace.pod("lonely", {})
        in_pod(namespace, "lonely")
        with pytest.raises(UsageError, match="the pod lonely belongs to no Job") as caught:
            asks()
        assert "--rollout" in caught.value.advice

    def test_a_job_that_argo_did_not_make(self, namespace: "Namespace", in_pod: InPod) -> None:
        run = namespace.analysis_run("run")
        in_pod(namespace, namespace.measurement(run, owned=False, name="nightly", annotations={}, labels={}))
        with pytest.raises(UsageError, match="the Job nightly was not created by Argo"):
            asks()

    def test_annotations_that_lead_elsewhere_are_not_followed(
        self, namespace: "Namespace", in_pod: InPod
    ) -> None:
        notes = {
            "analysisrun.argoproj.io/name": "../../../api/v1/secrets/key",
            "analysisrun.argoproj.io/metric-name": "judge",
        }
        in_pod(namespace, namespace.measurement(namespace.analysis_run("run"), annotations=notes))
        with pytest.raises(UsageError, match="not a valid name in Kubernetes"):
            asks()

    def test_a_job_that_is_gone(self, namespace: "Namespace", in_pod: InPod) -> None:
        namespace.pod("orphan", {"batch.kubernetes.io/job-name": "gone"})
        in_pod(namespace, "orphan")
        with pytest.raises(UsageError, match="the Job gone of this pod is no longer there"):
            asks()

    def test_an_analysis_run_that_is_gone(self, namespace: "Namespace", in_pod: InPod) -> None:
        run = namespace.analysis_run("run")
        in_pod(namespace, namespace.measurement(run, owned=False))
        namespace.send("DELETE", f"{namespace.path('analysisruns', '/apis/argoproj.io/v1alpha1')}/run", {})
        with pytest.raises(
            UsageError, match=f"there is no AnalysisRun 'run' in namespace '{namespace.name}'"
        ) as caught:
            asks()
        assert "in another cluster" in caught.value.advice

    def test_an_analysis_run_made_anew_is_not_the_one_that_asked(
        self, namespace: "Namespace", in_pod: InPod
    ) -> None:
        in_pod(namespace, namespace.measurement(namespace.analysis_run("run"), owned=False))
        namespace.send("DELETE", f"{namespace.path('analysisruns', '/apis/argoproj.io/v1alpha1')}/run", {})
        namespace.analysis_run("run")
        with pytest.raises(UsageError, match="is not the one that asked"):
            asks()

    @pytest.mark.parametrize("missing", [PODS, JOBS, RUNS], ids=lambda rule: rule["resources"][0])
    def test_each_right_that_is_missing_is_named(
        self, namespace: "Namespace", in_pod: InPod, missing: Json
    ) -> None:
        rules = [rule for rule in (PODS, JOBS, RUNS) if rule is not missing]
        in_pod(namespace, namespace.measurement(namespace.analysis_run("run")), *rules)
        with pytest.raises(
            Denied, match=f"may not {missing['verbs'][0]} {missing['resources'][0]}"
        ) as caught:
            asks()
        assert f"a Role in namespace {namespace.name}" in caught.value.advice
        assert (
            f'apiGroups: ["{missing["apiGroups"][0]}"], resources: ["{missing["resources"][0]}"]'
            in caught.value.advice
        )
