"""The shipped manifests: what Argo and Kubernetes would make of them."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from analyzer.check.needs import find_needs
from analyzer.cli import cli
from analyzer.cli.check import parsed
from analyzer.exits import ExitCode
from analyzer.run.preflight import checks
from analyzer.settings import Settings

if TYPE_CHECKING:
    from tests.conftest import Namespace

pytestmark = pytest.mark.slow

Json = dict[str, Any]

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
EXAMPLE = EXAMPLES / "analysistemplate.yaml"
ARGO_KINDS = ("AnalysisTemplate", "ClusterAnalysisTemplate", "Rollout", "Experiment")


def documents(file: Path) -> list[Json]:
    return [document for document in yaml.safe_load_all(file.read_text()) if isinstance(document, dict)]


FOR_ARGO = [
    file
    for file in sorted(EXAMPLES.glob("*.yaml"))
    if any(each.get("kind") in ARGO_KINDS for each in documents(file))
]
USES = [file for file in FOR_ARGO if file != EXAMPLE]
METRICS = [
    (file.stem, metric)
    for file in FOR_ARGO
    for document in documents(file)
    if document["kind"].endswith("AnalysisTemplate")
    for metric in document["spec"]["metrics"]
]
each_metric = pytest.mark.parametrize(
    "metric", [metric for _, metric in METRICS], ids=[f"{file}-{metric['name']}" for file, metric in METRICS]
)


def job_of(metric: Json) -> Json:
    spec: Json = metric["provider"]["job"]["spec"]
    return spec


def container_of(metric: Json) -> Json:
    (container,) = job_of(metric)["template"]["spec"]["containers"]
    assert isinstance(container, dict)
    return container


def seconds(duration: str) -> int:
    number, unit = re.fullmatch(r"(\d+)([ms])", duration).groups()  # type: ignore[union-attr]  # a misfit fails the test
    return int(number) * {"m": 60, "s": 1}[unit]


def test_every_kind_of_analysis_has_its_example() -> None:
    assert {file.stem for file in USES} == {
        "background",
        "blue-green",
        "clusteranalysistemplate",
        "confirm",
        "experiment",
        "prometheus-gates",
        "self-healing",
        "shadow",
        "two-models",
    }


@each_metric
def test_no_number_of_failures_ends_as_a_success(metric: Json) -> None:
    """With `count: 1`, a `failureLimit` of 1 would let the one Job fail: 1 > 1 is false."""
    if "consecutiveSuccessLimit" in metric:
        assert metric["failureLimit"] + metric["consecutiveSuccessLimit"] <= metric["count"]
    else:
        assert metric["failureLimit"] == 0
    assert metric.get("count") == 1 or "interval" in metric


@each_metric
def test_our_deadline_fires_before_the_jobs(metric: Json) -> None:
    job = job_of(metric)
    (ours,) = (
        option.split("=")[1] for option in container_of(metric)["args"] if option.startswith("--deadline=")
    )
    back_off = sum(10 * 2**retry for retry in range(job["backoffLimit"]))  # the Job controller's
    assert job["activeDeadlineSeconds"] > (job["backoffLimit"] + 1) * seconds(ours) + back_off
    if "interval" in metric and "count" not in metric:
        assert job["activeDeadlineSeconds"] < seconds(metric["interval"])


@each_metric
def test_answers_are_not_retried_and_infrastructure_is(metric: Json) -> None:
    rules = {rule["action"]: rule for rule in job_of(metric)["podFailurePolicy"]["rules"]}
    # the first that matches: a pod that is evicted may exit with any code
    assert list(rules) == [
        "Ignore",
        "FailJob",
        "Count",
    ]
    codes = {action: rules[action]["onExitCodes"] for action in ("FailJob", "Count")}
    assert set(codes["FailJob"]["values"]) == {ExitCode.USAGE, ExitCode.ROLLBACK, ExitCode.INCONCLUSIVE}
    assert set(codes["Count"]["values"]) == {ExitCode.BUG, ExitCode.INFRASTRUCTURE}
    assert {code["containerName"] for code in codes.values()} == {container_of(metric)["name"]}


@each_metric
def test_the_jobs_differ_in_what_is_asked_only(metric: Json) -> None:
    """Security, resources, mesh, retries: what one example has learnt all have."""

    def plain(job: Json) -> Json:
        pod = job["template"]["spec"]
        container = {
            key: value
            for key, value in pod["containers"][0].items()
            if key not in ("args", "env", "volumeMounts")
        }
        pod = {key: value for key, value in pod.items() if key not in ("containers", "volumes")}
        return job | {
            "activeDeadlineSeconds": None,
            "template": job["template"] | {"spec": pod | {"containers": [container]}},
        }

    assert plain(job_of(metric)) == plain(job_of(METRICS[0][1]))
    env = {each["name"]: each for each in container_of(metric)["env"]}
    assert env["POD_NAME"]["valueFrom"]["fieldRef"]["fieldPath"] == "metadata.name"
    assert env["POD_NAMESPACE"]["valueFrom"]["fieldRef"]["fieldPath"] == "metadata.namespace"


@each_metric
def test_secrets_are_the_pods_and_no_arguments(metric: Json) -> None:
    """Argo writes an argument's value into the Job, for all to read who may read Jobs."""
    assert "{{" not in json.dumps(metric)
    for each in container_of(metric)["env"]:
        assert "secretKeyRef" in each["valueFrom"] if re.search("KEY|TOKEN", each["name"]) else True


@pytest.mark.parametrize("file", FOR_ARGO, ids=lambda file: file.stem)
def test_what_an_example_names_is_there(file: Path) -> None:
    """In the file itself, or in the one that its first lines say to apply with it."""
    there = documents(file) + (
        documents(EXAMPLE) if "-f examples/analysistemplate.yaml" in file.read_text() else []
    )
    names = {(each["kind"], each["metadata"]["name"]) for each in there}
    text = json.dumps(documents(file))
    for template in re.findall(r'"templateName": "([^"]+)"(, "clusterScope": true)?', text):
        assert (f"{'Cluster' if template[1] else ''}AnalysisTemplate", template[0]) in names
    for key, kind in (
        ("serviceAccountName", "ServiceAccount"),
        ("activeService", "Service"),
        ("previewService", "Service"),
    ):
        assert {(kind, name) for name in re.findall(f'"{key}": "([^"]+)"', text)} <= names
    assert {("ConfigMap", name) for name in re.findall(r'"configMap": {"name": "([^"]+)"', text)} <= names


def rules(role: Json) -> set[tuple[str, str, str]]:
    """Each right that a Role grants, as (group, resource, verb)."""
    return {
        (group, resource, verb)
        for each in role["rules"]
        for group in each["apiGroups"]
        for resource in each["resources"]
        for verb in each["verbs"]
    }


def test_the_examples_grant_what_the_documentation_says() -> None:
    (documented,) = re.findall(r"```yaml\n(rules:\n.*?)```", (ROOT / "docs/argo.md").read_text(), re.DOTALL)
    needed = rules(yaml.safe_load(documented))
    for file, kind in ((EXAMPLE, "Role"), (EXAMPLES / "clusteranalysistemplate.yaml", "ClusterRole")):
        (role,) = (each for each in documents(file) if each["kind"] == kind)
        assert rules(role) == needed


@pytest.mark.parametrize(
    ("recording", "code", "kind"),
    [
        ("healthy", 0, ""),
        ("crash-loop", 3, "crash-loop"),
        ("oom-kill", 3, "oom-kill"),
        ("new-errors", 3, "new-error-template"),
    ],
)
def test_each_recording_is_judged_as_its_name_says(recording: str, code: int, kind: str) -> None:
    bundle = str(EXAMPLES / f"evidence/{recording}.json.gz")
    command = [
        sys.executable,
        "-m",
        "analyzer",
        "analyze",
        "--evidence",
        bundle,
        "--model",
        "builtin",
        "--format",
        "json",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    result = json.loads(done.stdout)
    assert (result["target"]["namespace"], result["target"]["rollout"]) == ("shop", "cart")
    kinds = {
        graded["finding"]["kind"]
        for graded in result["findings"]
        if graded["severity"] in ("blocking", "warning")
    }
    assert kind in kinds if kind else not kinds


def test_the_config_of_the_gates_is_one(tmp_path: Path) -> None:
    (config,) = (
        each for each in documents(EXAMPLES / "prometheus-gates.yaml") if each["kind"] == "ConfigMap"
    )
    file = tmp_path / "config.yaml"
    file.write_text(config["data"]["config.yaml"])
    command = [sys.executable, "-m", "analyzer", "settings", "--config", str(file)]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "at_least: 0.95" in shown


def test_the_two_models_are_asked_where_the_other_example_serves_one() -> None:
    (template, *_), ollama = (
        documents(EXAMPLES / "two-models.yaml"),
        (EXAMPLES / "ollama-gemma.yaml").read_text(),
    )
    container = container_of(template["spec"]["metrics"][0])
    (name,) = (
        option.removeprefix("--model=ollama:")
        for option in container["args"]
        if option.startswith("--model=ollama:")
    )
    assert f'{{name: MODEL, value: "{name}"}}' in ollama
    (host,) = (each["value"] for each in container["env"] if each["name"] == "OLLAMA_HOST")
    (service,) = (each for each in documents(EXAMPLES / "ollama-gemma.yaml") if each["kind"] == "Service")
    (namespace,) = re.findall("kubectl create namespace (.*)", ollama)
    assert host == f"http://{service['metadata']['name']}.{namespace}:{service['spec']['ports'][0]['port']}"


HEALING = EXAMPLES / "self-healing.yaml"
WORKFLOW = EXAMPLES / "self-healing-workflow.yaml"


class TestTheLoop:
    @pytest.fixture
    def settings(self) -> Settings:
        """What its Job is asked."""
        container = container_of(documents(HEALING)[0]["spec"]["metrics"][0])
        command, *options = container["args"]
        return parsed(cli, command, options, {})

    def test_its_options_hold_together_and_bound_the_loop(self, settings: Settings) -> None:
        for check in checks(settings).values():
            check()
        assert settings.issues.issue_limit <= 3
        assert not settings.issues.issue_inconclusive
        assert settings.issues.assign_min_confidence >= 80

    def test_both_files_grant_what_its_options_need(self, settings: Settings) -> None:
        granted = set[tuple[str, str, str]]()
        for file in (EXAMPLE, HEALING):
            for role in (each for each in documents(file) if each["kind"] == "Role"):
                granted |= rules(role)
        needed = {(need.group, need.resource, need.verb) for need in find_needs(settings) if need.must}
        written = {("", "events", "create"), ("argoproj.io", "analysisruns", "patch")}
        assert needed | written <= granted

    def test_the_network_policy_is_of_its_pods_and_lets_through_what_they_ask(self) -> None:
        (policy,) = (each for each in documents(HEALING) if each["kind"] == "NetworkPolicy")
        labels = job_of(documents(HEALING)[0]["spec"]["metrics"][0])["template"]["metadata"]["labels"]
        assert policy["spec"]["podSelector"]["matchLabels"].items() <= labels.items()
        assert set(policy["spec"]["policyTypes"]) == {"Ingress", "Egress"}
        assert "ingress" not in policy["spec"]
        ports = {port["port"] for rule in policy["spec"]["egress"] for port in rule["ports"]}
        assert ports == {53, 443, 6443}

    def test_the_rollout_says_the_commit_of_its_image(self) -> None:
        (rollout,) = (each for each in documents(HEALING) if each["kind"] == "Rollout")
        template = rollout["spec"]["template"]
        revision = template["metadata"]["annotations"]["org.opencontainers.image.revision"]
        assert template["spec"]["containers"][0]["image"].endswith(f":{revision}")

    def test_the_workflow_runs_for_what_was_merged_alone_and_no_text_of_others_is_a_command(self) -> None:
        text = WORKFLOW.read_text()
        workflow = yaml.load(text, yaml.BaseLoader)
        assert workflow["on"] == {"push": {"branches": ["main"]}}
        assert workflow["permissions"] == {"contents": "read"}
        steps = workflow["jobs"]["start"]["steps"]
        assert all("${{" not in step.get("run", "") for step in steps)
        used = set(re.findall(r"\$\{\{ ([a-z.]+)", text))
        assert used == {"github.sha", "vars.", "secrets."}

    @pytest.mark.api
    @pytest.mark.usefixtures("argo")
    def test_its_patch_sets_image_and_commit_and_nothing_else(
        self, namespace: "Namespace", tmp_path: Path
    ) -> None:
        (rollout,) = (each for each in documents(HEALING) if each["kind"] == "Rollout")
        made = namespace.send("POST", namespace.path("rollouts", "/apis/argoproj.io/v1alpha1"), rollout)
        kubectl = tmp_path / "kubectl"
        kubectl.write_text('#!/bin/sh\nfor each; do last=$each; done; printf %s "$last" > "$PATCH"\n')
        kubectl.chmod(0o755)
        step = yaml.safe_load(WORKFLOW.read_text())["jobs"]["start"]["steps"][-1]["run"]
        known = {"IMAGE": "registry.example.com/cart:abc", "REVISION": "abc", "ROLLOUT": "cart"}
        known |= {"NAMESPACE": namespace.name, "KUBECONFIG_TEXT": "{}", "RUNNER_TEMP": str(tmp_path)}
        known |= {"PATCH": str(tmp_path / "patch.json"), "PATH": f"{tmp_path}:/usr/bin:/bin"}
        subprocess.run(["bash", "-euc", step], env=known, check=True)
        patch = ("--type", "json", "--patch-file", str(tmp_path / "patch.json"))
        namespace.server.run("patch", "rollout", "cart", "-n", namespace.name, *patch)
        now = namespace.admin.get(namespace.path("rollouts/cart", "/apis/argoproj.io/v1alpha1"))
        template = made["spec"]["template"]
        template["spec"]["containers"][0]["image"] = "registry.example.com/cart:abc"
        template["metadata"]["annotations"]["org.opencontainers.image.revision"] = "abc"
        assert now["spec"] == made["spec"]


@pytest.mark.api
@pytest.mark.usefixtures("argo")
class TestOnTheApiServer:
    """Argo's own CRDs, and the Job's own validation: the CRDs know its fields only."""

    @pytest.mark.parametrize("file", FOR_ARGO, ids=lambda file: file.stem)
    def test_an_example_is_taken_as_it_is(self, namespace: "Namespace", file: Path) -> None:
        created = namespace.server.run(
            "create", "-n", namespace.name, "--dry-run=server", "--validate=strict", "-f", str(file)
        )
        assert created.count("created") == len(documents(file))

    def test_the_steps_in_the_examples_head_are_a_rollouts(
        self, namespace: "Namespace", tmp_path: Path
    ) -> None:
        strategy = yaml.safe_load("\n".join(re.findall(r"^#   (.*)$", EXAMPLE.read_text(), re.MULTILINE)))
        template = {
            "metadata": {"labels": {"app": "a"}},
            "spec": {"containers": [{"name": "a", "image": "a"}]},
        }
        spec = strategy | {"selector": {"matchLabels": {"app": "a"}}, "template": template}
        file = tmp_path / "rollout.json"
        file.write_text(
            json.dumps(
                {
                    "apiVersion": "argoproj.io/v1alpha1",
                    "kind": "Rollout",
                    "metadata": {"name": "a"},
                    "spec": spec,
                }
            )
        )
        assert "created" in namespace.server.run(
            "create", "-n", namespace.name, "--dry-run=server", "--validate=strict", "-f", str(file)
        )

    @each_metric
    def test_a_metrics_job_is_one(self, namespace: "Namespace", tmp_path: Path, metric: Json) -> None:
        file = tmp_path / "job.json"
        file.write_text(
            json.dumps(
                {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "a"}, "spec": job_of(metric)}
            )
        )
        assert "created" in namespace.server.run(
            "create", "-n", namespace.name, "--dry-run=server", "--validate=strict", "-f", str(file)
        )

    @each_metric
    def test_a_restricted_namespace_takes_its_pod(
        self, namespace: "Namespace", tmp_path: Path, metric: Json
    ) -> None:
        namespace.server.run(
            "label", "namespace", namespace.name, "pod-security.kubernetes.io/enforce=restricted"
        )
        namespace.server.run("create", "-n", namespace.name, "serviceaccount", "rollout-analyzer")
        pod: Json = {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": "a"},
            "spec": job_of(metric)["template"]["spec"],
        }
        file = tmp_path / "pod.json"
        file.write_text(json.dumps(pod))
        create = ("create", "-n", namespace.name, "--dry-run=server", "-f", str(file))
        assert "created" in namespace.server.run(*create)
        # and the namespace is one that would refuse
        del pod["spec"]["containers"][0]["securityContext"]["capabilities"]
        file.write_text(json.dumps(pod))
        with pytest.raises(subprocess.CalledProcessError) as refused:
            namespace.server.run(*create)
        assert 'violates PodSecurity "restricted' in refused.value.stderr


def test_each_pod_of_the_indexed_job_judges_its_part_and_merging_reads_them() -> None:
    claim, judging, merging = documents(EXAMPLES / "eval-indexed-job.yaml")
    spec = judging["spec"]
    (container,) = spec["template"]["spec"]["containers"]
    shell, _, command = container["command"]
    assert spec["completionMode"] == "Indexed"
    shards = []
    for index in range(spec["completions"]):
        echoed = subprocess.run(
            [shell, "-c", command.replace("exec ", "echo ")],
            env={"JOB_COMPLETION_INDEX": str(index), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=True,
        )
        arguments = echoed.stdout.split()
        shards.append(arguments[arguments.index("--shard") + 1])
    assert shards == ["1/3", "2/3", "3/3"]
    (merger,) = merging["spec"]["template"]["spec"]["containers"]
    assert merger["args"][:3] == ["eval", "--merge", arguments[arguments.index("--output") + 1]]
    assert {
        job["spec"]["template"]["spec"]["volumes"][0]["persistentVolumeClaim"]["claimName"]
        for job in (judging, merging)
    } == {claim["metadata"]["name"]}
