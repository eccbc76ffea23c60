"""A whole run on the real API server: the answer, its exit code, and what is said when there is nothing to
look at.
"""

import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml

from analyzer.cli import run
from analyzer.cluster import Cluster
from analyzer.common.deadline import Deadline
from analyzer.errors import InfrastructureError
from analyzer.evidence import Evidence
from analyzer.evidence.bundle import load
from analyzer.evidence.events import Events
from analyzer.evidence.logs import Logs
from analyzer.evidence.observed import Observed
from analyzer.evidence.pods import Pod, Pods
from analyzer.evidence.replicasets import ReplicaSets
from analyzer.models.interface import Reply
from analyzer.run.gather import gather
from analyzer.run.judge import Jury, judge
from analyzer.settings import Ask, Look, Price, Settings, Where
from analyzer.target import ROLES
from analyzer.target.rollout import HASH_LABEL
from analyzer.verdicts.verdict import Opinion

if TYPE_CHECKING:
    from tests.conftest import Namespace

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "docs" / "schema" / "evidence.json"
WITH_SERVICES = {
    "selector": {"matchLabels": {"app": "cart"}},
    "template": {
        "metadata": {"labels": {"app": "cart"}},
        "spec": {"containers": [{"name": "app", "image": "app:1"}]},
    },
    "strategy": {
        "canary": {"canaryService": "cart-canary", "stableService": "cart", "steps": [{"setWeight": 20}]}
    },
}
# asked for only where there is a metrics API, or a pod refers to one: tests/evidence/test_usage.py,
# test_spec.py
ELSEWHERE = (
    {"apiGroups": ["metrics.k8s.io"], "resources": ["pods"], "verbs": ["list"]},
    {"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get"]},
)
InPod = Callable[..., None]
LONG_AGO = f"{datetime.now(UTC) - timedelta(days=30):%Y-%m-%dT%H:%M:%SZ}"
READY = {
    "phase": "Running",
    "conditions": [{"type": "Ready", "status": "True", "lastTransitionTime": LONG_AGO}],
}


def status(**container: Any) -> dict[str, Any]:
    running = {"running": {"startedAt": LONG_AGO}}
    return {
        **READY,
        "containerStatuses": [
            {
                "name": "app",
                "image": "app:1",
                "imageID": "",
                "ready": True,
                "restartCount": 0,
                "state": running,
                **container,
            }
        ],
    }


def crashing() -> dict[str, Any]:
    exited = {
        "exitCode": 1,
        "reason": "Error",
        "message": "dial db: password=hunter2secret refused",
        "finishedAt": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    down = {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 40s"}}
    told = status(ready=False, restartCount=5, state=down, lastState={"terminated": exited})
    return {**told, "conditions": [{"type": "Ready", "status": "False", "lastTransitionTime": LONG_AGO}]}


def sides(namespace: "Namespace", canary: dict[str, Any]) -> None:
    """Two pods of stable that do well, and one of the canary."""
    for number in range(2):
        namespace.pod(f"stable-{number}", {"app": "cart", HASH_LABEL: "aaa"}, status=status())
    namespace.pod("canary-0", {"app": "cart", HASH_LABEL: "bbb"}, status=canary)


def options(namespace: "Namespace", **token: Path) -> list[str]:
    kubeconfig = token.get("kubeconfig", namespace.server.kubeconfig)
    return ["--kubeconfig", str(kubeconfig), "--namespace", namespace.name]


def judged(namespace: "Namespace", *arguments: str) -> int:
    return run(["analyze", *options(namespace), "--model", "builtin", "--min-fault-age", "0s", *arguments])


def _pods(namespace: "Namespace") -> list[Pod]:
    evidence = seen(namespace, stable_hash="aaa", canary_hash="bbb")
    return [pod for role in ROLES if (part := evidence.part(Pods, role)) for pod in part.pods]


def seen(namespace: "Namespace", **where: str) -> Evidence:
    asked = Where(kubeconfig=str(namespace.server.kubeconfig), namespace=namespace.name, **where)
    return gather(Settings(where=asked), Deadline.after(60), lambda _: None)


@pytest.mark.api
@pytest.mark.usefixtures("argo")
class TestByRollout:
    def test_a_crashing_canary_is_rolled_back(
        self, namespace: "Namespace", capsys: pytest.CaptureFixture[str]
    ) -> None:
        sides(namespace, crashing())
        namespace.rollout("cart", stable="aaa", canary="bbb")
        assert judged(namespace, "--rollout", "cart", "--format", "json") == 3
        result = json.loads(capsys.readouterr().out)
        assert result["findings"][0]["finding"]["kind"] == "crash-loop"
        assert "hunter2secret" not in json.dumps(result)

    def test_the_change_that_explains_the_fault_is_told(
        self, namespace: "Namespace", capsys: pytest.CaptureFixture[str]
    ) -> None:
        killed = crashing()
        killed["containerStatuses"][0]["lastState"]["terminated"] |= {"reason": "OOMKilled", "exitCode": 137}
        sides(namespace, killed)
        for pod_hash, pods, limit in (("aaa", 2, "512Mi"), ("bbb", 1, "128Mi")):
            labels = {"app": "cart", HASH_LABEL: pod_hash}
            app = {"name": "app", "image": "app:1", "resources": {"limits": {"memory": limit}}}
            template = {
                "metadata": {"labels": labels},
                "spec": {"schedulerName": "none", "containers": [app]},
            }
            spec = {"replicas": pods, "selector": {"matchLabels": labels}, "template": template}
            body = {"metadata": {"name": f"cart-{pod_hash}", "labels": labels}, "spec": spec}
            namespace.send("POST", namespace.path("replicasets", "/apis/apps/v1"), body)
        namespace.rollout("cart", stable="aaa", canary="bbb")
        assert judged(namespace, "--rollout", "cart", "--format", "json") == 3
        first = json.loads(capsys.readouterr().out)["findings"][0]["finding"]
        assert (first["kind"], first["because"]) == (
            "oom-kill",
            "the canary changes container app: memory limit 512Mi -> 128Mi",
        )

    def test_a_canary_that_does_well_is_promoted_only_when_its_logs_were_seen(
        self, namespace: "Namespace", capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Pods on no node have no logs to read: nothing is seen of what they do, however little confidence is
        asked for.
        """
        sides(namespace, status())
        namespace.rollout("cart", stable="aaa", canary="bbb")
        assert judged(namespace, "--rollout", "cart") == 4
        assert judged(namespace, "--rollout", "cart", "--min-confidence", "0") == 4
        shown = capsys.readouterr().out
        assert "the canary's logs were not read, and no query of it was asked" in shown
        assert "logs of the canary side" in shown

    def test_a_rollout_that_has_moved_on_is_inconclusive(
        self, namespace: "Namespace", capsys: pytest.CaptureFixture[str]
    ) -> None:
        sides(namespace, crashing())
        namespace.rollout("cart", stable="aaa", canary="ccc")
        assert judged(namespace, "--rollout", "cart", "--stable-hash", "aaa", "--canary-hash", "bbb") == 4
        assert "the Rollout's current one is ccc" in capsys.readouterr().out

    def test_a_rollout_with_nothing_to_judge_is_inconclusive(
        self, namespace: "Namespace", capsys: pytest.CaptureFixture[str]
    ) -> None:
        sides(namespace, status())
        namespace.rollout("cart", stable="aaa", canary="aaa")
        assert judged(namespace, "--rollout", "cart") == 4
        assert "both sides are one ReplicaSet" in capsys.readouterr().out

    def test_a_first_deploy_has_no_stable_side(
        self, namespace: "Namespace", capsys: pytest.CaptureFixture[str]
    ) -> None:
        sides(namespace, status())
        namespace.rollout("cart", canary="bbb")
        assert judged(namespace, "--rollout", "cart") == 4
        assert "there is no stable side" in capsys.readouterr().out

    def test_an_unknown_rollout_names_the_one_that_is_there(
        self, namespace: "Namespace", capsys: pytest.CaptureFixture[str]
    ) -> None:
        namespace.rollout("cart", stable="aaa", canary="bbb")
        assert judged(namespace, "--rollout", "card") == 2
        assert "cart" in capsys.readouterr().err


def permissions() -> list[dict[str, Any]]:
    """What docs/argo.md says a bare `analyze` needs."""
    (block,) = re.findall(r"```yaml\n(rules:\n.*?)```", (ROOT / "docs/argo.md").read_text(), re.DOTALL)
    rules: list[dict[str, Any]] = yaml.safe_load(block)["rules"]
    return rules


@pytest.mark.api
@pytest.mark.usefixtures("argo")
class TestInAJob:
    """Without an argument, in the pod of the Job that Argo makes."""

    def ask(self, namespace: "Namespace", *, dry: bool = False, spec: dict[str, Any] | None = None) -> str:
        """The name of that pod, for a canary step of the Rollout cart."""
        rollout = namespace.rollout("cart", stable="aaa", canary="bbb", spec=spec)
        labels = {"rollout-type": "Step", HASH_LABEL: "bbb"}
        return namespace.measurement(namespace.analysis_run("cart-bbb-2", rollout, labels=labels, dry=dry))

    @pytest.mark.parametrize(("canary", "code"), [(True, 3), (False, 4)])
    def test_the_two_sides_are_found_and_judged(
        self,
        namespace: "Namespace",
        in_pod: InPod,
        capsys: pytest.CaptureFixture[str],
        canary: bool,
        code: int,
    ) -> None:
        sides(namespace, crashing() if canary else status())
        in_pod(namespace, self.ask(namespace))
        assert (
            run(
                [
                    "analyze",
                    "--model",
                    "builtin",
                    "--min-fault-age",
                    "0s",
                    "--min-confidence",
                    "0",
                    "--format",
                    "json",
                ]
            )
            == code
        )
        target = json.loads(capsys.readouterr().out)["target"]
        assert (target["rollout"], target["stable"]["hash"], target["canary"]["hash"]) == (
            "cart",
            "aaa",
            "bbb",
        )
        assert (target["analysis"]["name"], target["analysis"]["kind"], target["analysis"]["dry_run"]) == (
            "cart-bbb-2",
            "step",
            False,
        )

    def test_what_was_found_and_how_is_said(
        self, namespace: "Namespace", in_pod: InPod, capsys: pytest.CaptureFixture[str]
    ) -> None:
        sides(namespace, crashing())
        in_pod(namespace, self.ask(namespace))
        assert run(["analyze", "--model", "builtin", "--wait", "0s"]) in (3, 4)
        shown = capsys.readouterr().out
        assert (
            f"step analysis: AnalysisRun cart-bbb-2, metric judge, of Rollout cart in {namespace.name}:"
            " stable aaa, canary bbb"
        ) in shown
        assert "DRY RUN" not in shown

    def test_a_dry_run_is_marked_and_exits_as_ever(
        self, namespace: "Namespace", in_pod: InPod, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        sides(namespace, crashing())
        in_pod(namespace, self.ask(namespace, dry=True))
        short = tmp_path / "termination-log"
        assert (
            run(["analyze", "--model", "builtin", "--min-fault-age", "0s", "--termination-log", str(short)])
            == 3
        )
        assert "exit code 3 (DRY RUN: Argo heeds no answer)" in capsys.readouterr().out
        assert "DRY RUN" in short.read_text()

    def test_a_rollout_that_was_aborted_meanwhile_is_inconclusive(
        self, namespace: "Namespace", in_pod: InPod, capsys: pytest.CaptureFixture[str]
    ) -> None:
        sides(namespace, crashing())
        in_pod(namespace, self.ask(namespace))
        namespace.report("rollouts", "cart", {"abort": True}, "/apis/argoproj.io/v1alpha1")
        assert run(["analyze", "--model", "builtin", "--min-fault-age", "0s"]) == 4
        assert (
            ": nothing is left to judge, the Rollout was aborted: it goes back to aaa"
            in capsys.readouterr().out
        )

    def test_stable_pods_that_were_scaled_down_are_said(
        self, namespace: "Namespace", in_pod: InPod, capsys: pytest.CaptureFixture[str]
    ) -> None:
        namespace.pod("canary-0", {"app": "cart", HASH_LABEL: "bbb"}, status=status())
        namespace.replicaset("cart-aaa", {"app": "cart", HASH_LABEL: "aaa"}, 0)
        spec = {
            **WITH_SERVICES,
            "strategy": {
                "canary": {"dynamicStableScale": True, "trafficRouting": {"nginx": {"stableIngress": "cart"}}}
            },
        }
        rollout = namespace.rollout("cart", stable="aaa", canary="bbb", spec=spec)
        run_of = namespace.analysis_run(
            "cart-bbb-2", rollout, labels={"rollout-type": "Step", HASH_LABEL: "bbb"}
        )
        in_pod(namespace, namespace.measurement(run_of))
        assert run(["analyze", "--model", "builtin"]) == 4
        assert (
            "the stable side has no pods: it is scaled to zero (dynamicStableScale),"
            " so judge at an earlier step"
        ) in capsys.readouterr().out

    def test_the_documented_permissions_are_enough(
        self, namespace: "Namespace", in_pod: InPod, tmp_path: Path
    ) -> None:
        sides(namespace, status())
        in_pod(namespace, self.ask(namespace, spec=WITH_SERVICES), *permissions())
        assert denied(tmp_path) == set()

    @pytest.mark.parametrize(
        "missing",
        [each for each in permissions() if each not in ELSEWHERE],
        ids=lambda rule: "-".join([*rule["apiGroups"], *rule["resources"]]),
    )
    def test_each_of_them_that_is_missing_is_named(
        self,
        namespace: "Namespace",
        in_pod: InPod,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
        missing: dict[str, Any],
    ) -> None:
        (resource,), (verb,) = missing["resources"], missing["verbs"]
        sides(namespace, status())
        for role in ("aaa", "bbb"):
            namespace.pod(f"logged-{role}", {"app": "cart", HASH_LABEL: role}, status=status())
        in_pod(
            namespace,
            self.ask(namespace, spec=WITH_SERVICES),
            *(rule for rule in permissions() if rule != missing),
        )
        needed = resource in ("pods", "jobs", "analysisruns", "rollouts")
        assert denied(tmp_path, code=5 if needed else 0) == (
            set() if needed else {f"may not {verb} {resource}"}
        )
        if needed:
            shown = capsys.readouterr().err
            assert f"error: these credentials may not {verb} {resource}" in shown
            assert (
                f"grant it in a Role in namespace {namespace.name}: {{apiGroups:"
                f' ["{missing["apiGroups"][0]}"]'
            ) in shown

    def test_a_job_in_another_namespace_than_the_workload(
        self,
        namespace: "Namespace",
        another_namespace: Callable[[], "Namespace"],
        in_pod: InPod,
        tmp_path: Path,
    ) -> None:
        """And of another account: the pod's own reads but the pod and its Job, as where the Job runs in
        another cluster.
        """
        sides(namespace, status())
        elsewhere = another_namespace()
        rollout = namespace.rollout("cart", stable="aaa", canary="bbb")
        asking = namespace.analysis_run(
            "cart-bbb-2", rollout, labels={"rollout-type": "Step", HASH_LABEL: "bbb"}
        )
        in_pod(elsewhere, elsewhere.measurement(asking, owned=False), *permissions()[:2])
        bundle = tmp_path / "cart.json"
        kubeconfig = namespace.account(*permissions())
        assert run(["collect", "--kubeconfig", str(kubeconfig), "--output", str(bundle)]) == 0
        target = load(bundle).target
        assert (target.namespace, target.rollout) == (namespace.name, "cart")
        assert target.analysis is not None
        assert target.analysis.job.startswith(f"{elsewhere.name}/")

    def test_a_workload_in_another_cluster_needs_its_kubeconfig(
        self,
        namespace: "Namespace",
        another_namespace: Callable[[], "Namespace"],
        in_pod: InPod,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        run_elsewhere = namespace.analysis_run("cart-bbb-2")
        elsewhere = another_namespace()
        pod = elsewhere.measurement(run_elsewhere, owned=False)
        namespace.send("DELETE", namespace.path("analysisruns/cart-bbb-2", "/apis/argoproj.io/v1alpha1"), {})
        in_pod(elsewhere, pod)
        assert run(["analyze", "--kubeconfig", str(namespace.server.kubeconfig)]) == 2
        assert "give its --kubeconfig" in capsys.readouterr().err

    def test_with_a_target_given_an_analysis_that_is_not_found_is_only_told(
        self, namespace: "Namespace", in_pod: InPod, capsys: pytest.CaptureFixture[str]
    ) -> None:
        sides(namespace, crashing())
        in_pod(
            namespace, self.ask(namespace), *(rule for rule in permissions() if rule["resources"] != ["jobs"])
        )
        assert (
            run(
                [
                    "analyze",
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
        result = json.loads(capsys.readouterr().out)
        (told,) = (gap for gap in result["gaps"] if gap["source"] == "argo")
        assert told["minor"]
        assert "may not get jobs" in told["reason"]
        assert result["target"]["analysis"] is None

    def test_a_pod_of_a_pipeline_is_no_job_of_argos(
        self, namespace: "Namespace", in_pod: InPod, capsys: pytest.CaptureFixture[str]
    ) -> None:
        sides(namespace, crashing())
        namespace.rollout("cart", stable="aaa", canary="bbb")
        in_pod(namespace, "runner-42", *permissions())
        assert run(["analyze", "--rollout", "cart", "--model", "builtin", "--min-fault-age", "0s"]) == 3
        assert "argo:" not in capsys.readouterr().out
        assert run(["analyze"]) == 2
        assert "there is no pod 'runner-42'" in capsys.readouterr().err


def denied(folder: Path, code: int = 0) -> set[str]:
    """What the gaps of a bare `collect` say that it was not permitted to read."""
    bundle = folder / "cart.json"
    assert run(["collect", "--output", str(bundle)]) == code
    gaps = load(bundle).gaps if bundle.exists() else ()
    return {match[0] for gap in gaps if (match := re.search(r"may not \S+ [a-z/]+", gap.reason))}


@pytest.mark.api
class TestGates:
    """The real API server and a real Prometheus: what a team's config file asks for decides."""

    @pytest.mark.parametrize(("success", "code", "said"), [(0.5, 3, "success"), (0.99, 0, "promote")])
    def test_a_critical_gate_decides(
        self,
        namespace: "Namespace",
        prometheus_of: Callable[[str], str],
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
        success: float,
        code: int,
        said: str,
    ) -> None:
        sides(namespace, status())
        ends = int(namespace.admin.now().timestamp()) + 120
        url = prometheus_of(
            "\n".join(
                f'success{{hash="{pod_hash}"}} {value} {at}'
                for pod_hash, value in (("aaa", 0.99), ("bbb", success))
                for at in range(ends - 900, ends, 15)
            )
        )
        config = tmp_path / "config.yaml"
        config.write_text(
            f"prometheus:\n  url: {url}\n  queries:\n    - name: success\n      query:"
            ' success{hash="$hash"}\n      work: true\n'
            "gates:\n  - query: success\n    at_least: 0.95\n"
        )
        hashes = ("--stable-hash", "aaa", "--canary-hash", "bbb")
        model = tmp_path / "promotes.json"  # the built-in judge cannot, of pods without logs
        model.write_text(
            json.dumps({"answer": {"verdict": "promote", "confidence": 91, "summary": "It does well."}})
        )
        more = ("--config", str(config), "--require", "prometheus", "--model", f"scripted:{model}")
        assert run(["analyze", *options(namespace), "--min-fault-age", "0s", *hashes, *more]) == code
        assert said in capsys.readouterr().out

    def test_a_prometheus_that_is_out_of_reach_never_promotes(
        self, namespace: "Namespace", tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        sides(namespace, status())
        config = tmp_path / "config.yaml"
        config.write_text(
            "prometheus:\n  url: http://127.0.0.1:1\n  queries:\n    - name: success\n      query:"
            ' success{hash="$hash"}\n'
            "gates:\n  - query: success\n    at_least: 0.95\n"
        )
        hashes = ("--stable-hash", "aaa", "--canary-hash", "bbb")
        assert judged(namespace, *hashes, "--config", str(config), "--min-confidence", "0") == 4
        assert "no connection to Prometheus" in capsys.readouterr().out


@pytest.mark.api
class TestByHashAndSelector:
    def test_every_source_has_a_part_of_each_side(self, namespace: "Namespace") -> None:
        sides(namespace, status())
        evidence = seen(namespace, stable_hash="aaa", canary_hash="bbb")
        for role in ROLES:
            pods = evidence.part(Pods, role)
            assert pods is not None
            assert [pod.name for pod in pods.pods] == {
                "stable": ["stable-0", "stable-1"],
                "canary": ["canary-0"],
            }[role]
            assert evidence.part(ReplicaSets, role) is not None
            assert evidence.part(Events, role) is not None
            assert evidence.part(Logs, role) is None
        assert {gap.source for gap in evidence.gaps if not gap.minor} == {"logs"}
        assert {gap.source for gap in evidence.gaps if gap.minor} == {"spec", "usage"}
        assert evidence.mismatch == ""

    def test_the_nonce_is_drawn_anew_and_now_is_when_looking_ended(self, namespace: "Namespace") -> None:
        sides(namespace, status())
        one, two = (seen(namespace, stable_hash="aaa", canary_hash="bbb") for _ in range(2))
        assert one.nonce != two.nonce
        assert abs((one.window.end - namespace.admin.now()).total_seconds()) < 60
        assert (one.window.end - one.window.start).total_seconds() >= Look().since

    def test_what_is_kept_is_masked_and_counted(self, namespace: "Namespace") -> None:
        sides(namespace, crashing())
        assert seen(namespace, stable_hash="aaa", canary_hash="bbb").masked

    def test_a_pod_on_both_sides_is_inconclusive(
        self, namespace: "Namespace", capsys: pytest.CaptureFixture[str]
    ) -> None:
        sides(namespace, crashing())
        assert (
            judged(namespace, "--stable-selector", "app=cart", "--canary-selector", f"{HASH_LABEL}=bbb") == 4
        )
        assert "canary-0 among them" in capsys.readouterr().out

    def test_a_canary_whose_log_alone_may_not_be_read_is_held(
        self,
        namespace: "Namespace",
        simulated_node: str,
        wait_until: Callable[[Callable[[], object]], None],
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        stamp = (datetime.now(UTC) - timedelta(seconds=60)).strftime("%Y-%m-%dT%H:%M:%S.000000000Z")
        for name, given in (("logged-1", "aaa"), ("logged-2", "bbb")):
            namespace.server.write_log(name, f"{stamp} stdout F GET /items/1 HTTP/1.1 200\n".encode() * 20)
            namespace.pod(name, {"app": "cart", HASH_LABEL: given}, nodeName=simulated_node)
        wait_until(lambda: all(pod.ready() for pod in _pods(namespace)))
        look = {
            "apiGroups": ["", "apps"],
            "resources": ["pods", "events", "replicasets"],
            "verbs": ["get", "list"],
        }

        def outcome(names: list[str], *more: str) -> tuple[int, str]:
            named = (
                [{"apiGroups": [""], "resources": ["pods/log"], "verbs": ["get"], "resourceNames": names}]
                if names
                else []
            )
            where = ["--kubeconfig", str(namespace.account(look, *named)), "--namespace", namespace.name]
            # the pods have just been made
            hashes = (
                "--stable-hash",
                "aaa",
                "--canary-hash",
                "bbb",
                "--min-ready-time",
                "0s",
            )
            code = run(["analyze", *where, "--model", "builtin", *hashes, *more])
            return code, capsys.readouterr().out

        code, told = outcome(["logged-1"])
        assert code == 4
        assert "the log of container app was read of stable and of no pod of the canary" in told
        assert outcome(["logged-1", "logged-2"])[0] == 0
        code, told = outcome([], "--min-confidence", "0")
        # no permission for any log is no difference, and nothing was seen of the canary's work
        assert code == 4
        assert "the canary's logs were not read, and no query of it was asked" in told

    @pytest.mark.parametrize("missing", ROLES)
    def test_a_side_without_pods_is_inconclusive(
        self, namespace: "Namespace", capsys: pytest.CaptureFixture[str], missing: str
    ) -> None:
        sides(namespace, status())
        hashes = {"stable": "aaa", "canary": "bbb", missing: "fff"}
        assert judged(namespace, "--stable-hash", hashes["stable"], "--canary-hash", hashes["canary"]) == 4
        assert f"the {missing} side has no pods" in capsys.readouterr().out

    def test_a_bundle_replays_to_what_was_judged_live(
        self, namespace: "Namespace", tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        sides(namespace, crashing())
        bundle = str(tmp_path / "cart.json.gz")
        hashes = ["--stable-hash", "aaa", "--canary-hash", "bbb"]
        assert run(["collect", *options(namespace), *hashes, "--output", bundle]) == 0
        prompts = []
        for _ in range(2):
            capsys.readouterr()
            assert run(["analyze", "--evidence", bundle, "--model", "builtin", "--min-fault-age", "0s"]) == 3
            run(["prompt", "--evidence", bundle, "--min-fault-age", "0s"])
            prompts.append(capsys.readouterr().out)
        assert prompts[0] == prompts[1]

    def test_a_bundle_goes_to_the_judge_by_a_pipe(self, namespace: "Namespace") -> None:
        sides(namespace, crashing())
        command = [sys.executable, "-m", "analyzer"]
        target = [*options(namespace), "--stable-hash", "aaa", "--canary-hash", "bbb"]
        with subprocess.Popen(
            [*command, "collect", *target, "--output", "-"], stdout=subprocess.PIPE
        ) as collecting:
            judging = [*command, "analyze", "--evidence", "-", "--model", "builtin", "--min-fault-age", "0s"]
            assert (
                subprocess.run(judging, stdin=collecting.stdout, capture_output=True, check=False).returncode
                == 3
            )

    def test_what_was_watched_and_its_context_replay_to_the_same_prompt(
        self, namespace: "Namespace", tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        sides(namespace, status())
        bundle = tmp_path / "cart.json"
        more = ["--observe", "1s", "--shared-pods", "gateway=app=gateway", "--output", str(bundle)]
        assert (
            run(["collect", *options(namespace), "--stable-hash", "aaa", "--canary-hash", "bbb", *more]) == 0
        )
        evidence = load(bundle)
        canary = evidence.part(Observed, "canary")
        assert canary is not None
        assert len(canary.looks) >= 3
        assert canary.looks[0].at < canary.looks[-1].at <= evidence.window.end
        assert [(gap.reason, gap.minor) for gap in evidence.gaps if gap.source == "shared-pods"] == [
            ("gateway: no pods match app=gateway, the sides' own apart", True)
        ]
        jsonschema.validate(json.loads(bundle.read_text()), json.loads(SCHEMA.read_text()))
        prompts = []
        for _ in range(2):
            capsys.readouterr()
            run(["prompt", "--evidence", str(bundle)])
            prompts.append(capsys.readouterr().out)
        assert prompts[0] == prompts[1]
        assert "watched: " in prompts[0]

    def test_a_canary_that_is_too_young_or_has_too_little_traffic_is_inconclusive(
        self, namespace: "Namespace", capsys: pytest.CaptureFixture[str]
    ) -> None:
        sides(namespace, status())
        hashes = ["--stable-hash", "aaa", "--canary-hash", "bbb", "--min-confidence", "0"]
        assert judged(namespace, *hashes, "--min-ready-time", "8000h", "--min-requests", "10") == 4
        shown = capsys.readouterr().out
        assert "hold too-young: the canary has been Ready for" in shown
        assert "hold too-little-traffic: the canary's logs were not read" in shown

    def test_a_bundle_follows_the_published_schema(self, namespace: "Namespace", tmp_path: Path) -> None:
        sides(namespace, crashing())
        bundle = tmp_path / "cart.json"
        assert (
            run(
                [
                    "collect",
                    *options(namespace),
                    "--stable-hash",
                    "aaa",
                    "--canary-hash",
                    "bbb",
                    "--output",
                    str(bundle),
                ]
            )
            == 0
        )
        jsonschema.validate(json.loads(bundle.read_text()), json.loads(SCHEMA.read_text()))


@pytest.mark.api
class TestNothingToLookAt:
    def test_an_unknown_namespace_is_a_usage_error(
        self, namespace: "Namespace", capsys: pytest.CaptureFixture[str]
    ) -> None:
        arguments = [
            "--kubeconfig",
            str(namespace.server.kubeconfig),
            "-n",
            "nowhere",
            "--stable-hash",
            "aaa",
            "--canary-hash",
            "bbb",
        ]
        assert run(["analyze", *arguments]) == 2
        assert "nowhere" in capsys.readouterr().err

    @pytest.mark.parametrize(
        "wrong",
        [
            ["--observe", "3m"],
            ["--shared-pods", "gateway"],
            ["--shared-pods", "a=app=x", "--shared-pods", "a=app=y"],
        ],
    )
    def test_what_cannot_be_looked_at_as_asked_is_a_usage_error(
        self, namespace: "Namespace", capsys: pytest.CaptureFixture[str], wrong: list[str]
    ) -> None:
        assert judged(namespace, "--stable-hash", "aaa", "--canary-hash", "bbb", *wrong) == 2
        assert wrong[0] in capsys.readouterr().err

    def test_an_unknown_context_is_a_usage_error(
        self, namespace: "Namespace", capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert judged(namespace, "--context", "nowhere", "--stable-hash", "aaa", "--canary-hash", "bbb") == 2
        assert "nowhere" in capsys.readouterr().err

    def test_no_pod_list_at_all_is_infrastructure_and_says_what_to_grant(
        self, namespace: "Namespace", capsys: pytest.CaptureFixture[str]
    ) -> None:
        kubeconfig = namespace.account(
            {"apiGroups": ["apps"], "resources": ["replicasets"], "verbs": ["list"]}
        )
        arguments = [
            *options(namespace, kubeconfig=kubeconfig),
            "--stable-hash",
            "aaa",
            "--canary-hash",
            "bbb",
            "--format",
            "json",
        ]
        assert run(["analyze", *arguments]) == 5
        shown = capsys.readouterr()
        assert "no pod list could be read" in shown.err
        assert "pods" in json.loads(shown.out)["advice"]

    def test_credentials_that_have_expired_are_infrastructure(
        self, namespace: "Namespace", capsys: pytest.CaptureFixture[str]
    ) -> None:
        arguments = [
            *options(namespace, kubeconfig=namespace.kubeconfig_with("expired")),
            "--stable-hash",
            "aaa",
            "--canary-hash",
            "bbb",
        ]
        assert run(["analyze", *arguments]) == 5
        assert "expired" in capsys.readouterr().err

    def test_a_deadline_that_has_passed_is_infrastructure(self, namespace: "Namespace") -> None:
        asked = Where(
            kubeconfig=str(namespace.server.kubeconfig),
            namespace=namespace.name,
            stable_hash="aaa",
            canary_hash="bbb",
        )
        with pytest.raises(InfrastructureError):
            gather(Settings(where=asked), Deadline.after(0), lambda _: None)


@pytest.mark.timed
@pytest.mark.slow
def test_what_was_not_read_by_the_deadline_is_a_gap_and_the_rest_is_evidence(
    stub: Callable[..., Cluster], kubeconfig: Callable[..., Path], answer: Callable[..., None]
) -> None:
    released = threading.Event()

    def serve(handler: BaseHTTPRequestHandler) -> None:
        if "/events" in handler.path:
            released.wait(30)
        answer(handler, 200, {"items": [], "metadata": {}})

    host = stub(serve).api.configuration.host
    asked = Where(
        kubeconfig=str(kubeconfig(host)), stable_selector="role=stable", canary_selector="role=canary"
    )
    begun = time.monotonic()
    evidence = gather(Settings(where=asked), Deadline.after(4), lambda _: None)
    assert time.monotonic() - begun < 6
    released.set()
    assert [(gap.source, gap.reason) for gap in evidence.gaps if not gap.minor] == [
        ("events", "not read by the deadline")
    ]
    assert evidence.part(Pods, "canary") is not None


@pytest.mark.timed
def test_judging_that_takes_longer_than_there_is_time_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    released, seen = threading.Event(), load(ROOT / "examples" / "evidence" / "healthy.json.gz")
    monkeypatch.setattr("analyzer.run.judge.find", lambda *_: released.wait(60))
    begun = time.monotonic()
    with pytest.raises(InfrastructureError, match="the evidence was not judged by the deadline"):
        judge(seen, Settings(), Jury(()), Deadline.after(0.3), lambda _: None)
    assert time.monotonic() - begun < 2
    released.set()


class TestCounted:
    """What a model's opinion is given beside what it said: its weight, and what its tokens cost over all
    rounds.
    """

    def opinion(self, name: str, ask: Ask, weights: dict[str, float]) -> Opinion:
        class Metered:
            def __init__(self) -> None:
                self.name = name

            def ask(self, *_: object) -> Reply:
                return Reply(text="?", latency=0.0, tokens_in=500_000, tokens_out=50_000)

        seen = load(ROOT / "examples" / "evidence" / "healthy.json.gz")
        told = judge(
            seen, Settings(ask=ask), Jury((Metered(),), weights=weights), Deadline.after(30), lambda _: None
        )
        return told.opinions[0]

    def test_list_prices_and_a_weight_of_1(self) -> None:
        told = self.opinion("gemini:gemini-2.5-flash-lite", Ask(), {})  # 0.10 and 0.40 USD a million
        assert told.spent.cost == pytest.approx(0.14)
        assert told.weight == 1.0

    def test_a_team_s_own_price_and_a_given_weight(self) -> None:
        own = Ask(prices={"gemini:gemini-2.5-flash-lite": Price(tokens_in=1.0, tokens_out=10.0)})
        told = self.opinion(
            "gemini:gemini-2.5-flash-lite", own, {"gemini:gemini-2.5-flash-lite": 0.5, "other": 3.0}
        )
        assert told.spent.cost == pytest.approx(2.0)
        assert told.weight == 0.5

    def test_what_has_no_price_costs_nothing_that_is_known(self) -> None:
        assert self.opinion("ollama:gemma4", Ask(), {}).spent.cost is None
