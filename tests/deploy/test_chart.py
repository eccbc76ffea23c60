"""The chart: what Helm makes of it is what the kustomizations are, and a real release comes and goes."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from analyzer import __version__

if TYPE_CHECKING:
    from tests.conftest import Namespace

pytestmark = pytest.mark.api
Json = dict[str, Any]
Helm = Callable[..., str]

ROOT = Path(__file__).parents[2]
CHART = "deploy/chart"
RELEASED = sorted((ROOT / "tests/released").glob("*/*.tgz"))
EVERY_WRITE = tuple(f"--set=writes.{each}=true" for each in ("announce", "pause", "save"))


def rendered(helm: Helm, *options: str) -> list[Json]:
    return [
        each
        for each in yaml.safe_load_all(helm("template", "release", CHART, "--namespace=shop", *options))
        if each
    ]


def plain(documents: list[Json]) -> dict[tuple[str, str], Json]:
    """By kind and name, without what a release adds: Helm's labels, and the namespace where there is one
    policy for each.
    """
    text = json.dumps(documents).replace("-shop", "")
    text = text.replace(
        "request.userInfo.username == 'system:serviceaccount:shop:rollout-analyzer'",
        "request.userInfo.username.matches('^system:serviceaccount:[^:]+:rollout-analyzer$')",
    )
    for each in (found := json.loads(text)):
        each["metadata"].pop("labels", None)
        if each["kind"] == "Role":
            each["rules"] = sorted(
                [group, resource, verb]
                for rule in each["rules"]
                for group in rule["apiGroups"]
                for resource in rule["resources"]
                for verb in rule["verbs"]
            )
        if each["kind"] == "AnalysisTemplate":
            (container,) = each["spec"]["metrics"][0]["provider"]["job"]["spec"]["template"]["spec"][
                "containers"
            ]
            container["args"].sort()
    return {(each["kind"], each["metadata"]["name"]): each for each in found}


def test_by_default_it_is_the_kustomize_base(helm: Helm, kustomized: Callable[..., list[Json]]) -> None:
    assert plain(rendered(helm)) == plain(kustomized("deploy/kustomize/base"))


@pytest.mark.parametrize("write", ["announce", "pause", "save"])
def test_a_write_is_the_kustomize_overlay(
    helm: Helm, kustomized: Callable[..., list[Json]], write: str
) -> None:
    assert plain(rendered(helm, f"--set=writes.{write}=true")) == plain(
        kustomized(f"deploy/kustomize/overlays/{write}")
    )


@pytest.mark.parametrize(
    "options", [(), EVERY_WRITE, ("--set=config.since=15m", "--set=env[0].name=A,env[0].value=b")]
)
def test_helm_finds_no_fault(helm: Helm, options: tuple[str, ...]) -> None:
    assert "0 chart(s) failed" in helm("lint", "--strict", CHART, *options)


@pytest.mark.parametrize("options", [(), EVERY_WRITE])
def test_our_own_check_finds_no_trap(helm: Helm, options: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "analyzer", "check", "--offline", "--file", "-"]
    image = "--set=image.repository=ours/rollout-analyzer"  # in place of the placeholder
    done = subprocess.run(
        command,
        input=helm("template", "release", CHART, image, *options),
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "wrong", ["judge.deadlineMinute=3", "judge.deadlineMinutes=0", "writes.pauses=true", "backoffLimit=many"]
)
def test_a_value_that_is_none_is_refused(helm: Helm, wrong: str) -> None:
    with pytest.raises(subprocess.CalledProcessError) as refused:
        rendered(helm, f"--set={wrong}")
    assert "don't meet the specifications of the schema" in refused.value.stderr


@pytest.mark.parametrize(("minutes", "tries"), [(1, 0), (5, 2), (30, 4)])
def test_the_deadlines_stay_in_order(helm: Helm, minutes: int, tries: int) -> None:
    documents = rendered(helm, f"--set=judge.deadlineMinutes={minutes},backoffLimit={tries}")
    (template,) = (
        each
        for each in documents
        if each["kind"] == "AnalysisTemplate" and each["metadata"]["name"] == "rollout-analyzer"
    )
    job = template["spec"]["metrics"][0]["provider"]["job"]["spec"]
    assert f"--deadline={minutes}m" in job["template"]["spec"]["containers"][0]["args"]
    assert job["backoffLimit"] == tries
    assert job["activeDeadlineSeconds"] > (tries + 1) * minutes * 60 + sum(
        10 * 2**retry for retry in range(tries)
    )


def test_the_config_reaches_the_command(helm: Helm, tmp_path: Path) -> None:
    values = tmp_path / "values.yaml"
    values.write_text(
        yaml.safe_dump({"config": {"since": "15m", "redact": [{"kind": "customer", "regex": r"C-\d{6}"}]}})
    )
    documents = rendered(helm, f"--values={values}")
    (config,) = (each for each in documents if each["kind"] == "ConfigMap")
    file = tmp_path / "config.yaml"
    file.write_text(config["data"]["config.yaml"])
    shown = subprocess.run(
        [sys.executable, "-m", "analyzer", "settings", "--config", file],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert "since: 15m  # config file" in shown.stdout
    for template in (each for each in documents if each["kind"] == "AnalysisTemplate"):
        pod = template["spec"]["metrics"][0]["provider"]["job"]["spec"]["template"]["spec"]
        (mounted,) = (each for each in pod["containers"][0]["volumeMounts"] if each["name"] == "config")
        assert f"--config={mounted['mountPath']}/config.yaml" in pod["containers"][0]["args"]
        assert {"name": "config", "configMap": {"name": config["metadata"]["name"]}} in pod["volumes"]


def container_of(documents: list[Json], template: str = "rollout-analyzer") -> tuple[Json, Json]:
    """The pod of a template's Job, and its container."""
    (found,) = (
        each
        for each in documents
        if each["kind"] == "AnalysisTemplate" and each["metadata"]["name"] == template
    )
    pod = found["spec"]["metrics"][0]["provider"]["job"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    return pod, container


def test_a_registry_of_ones_own(helm: Helm) -> None:
    documents = rendered(
        helm,
        "--set=image.repository=localhost:5000/ours,image.tag=v7,image.pullPolicy=Always",
        "--set=image.pullSecrets={one,two}",
    )
    for template in ("rollout-analyzer", "rollout-analyzer-guard"):
        pod, container = container_of(documents, template)
        assert (container["image"], container["imagePullPolicy"]) == ("localhost:5000/ours:v7", "Always")
        assert pod["imagePullSecrets"] == [{"name": "one"}, {"name": "two"}]


def test_keys_are_the_judges_alone(helm: Helm) -> None:
    documents = rendered(helm, "--set=secret=keys", "--set=env[0].name=A,env[0].value=b")
    _, judge = container_of(documents)
    assert {"name": "A", "value": "b"} in judge["env"]
    [key] = (each for each in judge["env"] if each["name"] == "GEMINI_API_KEY")
    assert key["valueFrom"]["secretKeyRef"] == {"name": "keys", "key": "gemini-api-key", "optional": True}
    _, guard = container_of(documents, "rollout-analyzer-guard")
    assert not {"A", "GEMINI_API_KEY"} & {each["name"] for each in guard["env"]}


def test_an_account_and_room_of_ones_own(helm: Helm) -> None:
    documents = rendered(
        helm,
        "--set=serviceAccount.name=judge,serviceAccount.annotations.role=r",
        "--set=resources.limits.memory=1Gi",
        *EVERY_WRITE,
    )
    pod, container = container_of(documents)
    assert pod["serviceAccountName"] == "judge"
    assert container["resources"]["limits"] == {"memory": "1Gi"}
    (account,) = (each for each in documents if each["kind"] == "ServiceAccount")
    assert (account["metadata"]["name"], account["metadata"]["annotations"]) == ("judge", {"role": "r"})
    (binding,) = (each for each in documents if each["kind"] == "RoleBinding")
    assert [each["name"] for each in binding["subjects"]] == ["judge"]
    assert {
        condition["expression"]
        for each in documents
        if each["kind"] == "ValidatingAdmissionPolicy"
        for condition in each["spec"]["matchConditions"]
    } == {"request.userInfo.username == 'system:serviceaccount:shop:judge'"}


@pytest.mark.parametrize("release", RELEASED, ids=lambda path: path.name)
def test_the_values_of_an_earlier_chart_are_taken(helm: Helm, tmp_path: Path, release: Path) -> None:
    values = tmp_path / "values.yaml"
    values.write_text(helm("show", "values", str(release)))
    tags = f"--set=image.tag={__version__}"  # of no other use than to be the same in both
    assert plain(rendered(helm, f"--values={values}", tags)) == plain(rendered(helm, tags))


def test_its_version_is_the_programs() -> None:
    chart = yaml.safe_load((ROOT / CHART / "Chart.yaml").read_text())
    assert (chart["version"], chart["appVersion"]) == (__version__, __version__)
    (image,) = {
        container["image"]
        for document in yaml.safe_load_all((ROOT / "examples/analysistemplate.yaml").read_text())
        if document["kind"] == "AnalysisTemplate"
        for container in document["spec"]["metrics"][0]["provider"]["job"]["spec"]["template"]["spec"][
            "containers"
        ]
    }
    assert image.rpartition(":")[2] == __version__


@pytest.mark.usefixtures("argo")
def test_a_release_comes_changes_and_goes(helm: Helm, namespace: "Namespace") -> None:
    cluster = (f"--kubeconfig={namespace.server.kubeconfig}", f"--namespace={namespace.name}")
    assert "rollout-analyzer-guard" in helm("install", "release", CHART, *cluster)
    policies = ("get", "validatingadmissionpolicies", "-o", "name")
    ours = f"validatingadmissionpolicy.admissionregistration.k8s.io/rollout-analyzer-pause-{namespace.name}"
    assert ours not in namespace.server.run(*policies)
    helm("upgrade", "release", CHART, *cluster, *EVERY_WRITE)
    assert ours in namespace.server.run(*policies)
    templates = ("get", "analysistemplates", "-n", namespace.name, "-o", "name")
    assert namespace.server.run(*templates).count("\n") == 2
    unguarded = helm("upgrade", "release", CHART, *cluster, "--set=writes.pause=true,policies=false")
    assert "whoever has its token can forge a verdict or change an image" in unguarded
    assert ours not in namespace.server.run(*policies)
    helm("uninstall", "release", *cluster)
    assert namespace.server.run(*templates) == ""


@pytest.mark.usefixtures("argo")
@pytest.mark.parametrize("release", RELEASED, ids=lambda path: path.name)
def test_a_release_of_an_earlier_chart_is_upgraded(helm: Helm, namespace: "Namespace", release: Path) -> None:
    """With its values as they were, by whoever looks at nothing but the version."""
    cluster = (f"--kubeconfig={namespace.server.kubeconfig}", f"--namespace={namespace.name}")
    helm("install", "release", str(release), *cluster, "--set=writes.save=true,judge.deadlineMinutes=7")
    assert "STATUS: deployed" in helm("upgrade", "release", CHART, *cluster, "--reset-then-reuse-values")
    named = ("get", "analysistemplate", "rollout-analyzer", "-n", namespace.name, "-o", "json")
    template = json.loads(namespace.server.run(*named))
    assert template["metadata"]["labels"]["app.kubernetes.io/version"] == __version__
    job = template["spec"]["metrics"][0]["provider"]["job"]["spec"]
    (container,) = job["template"]["spec"]["containers"]
    assert container["image"].endswith(f":{__version__}")
    assert {"--deadline=7m", "--save=configmap:rollout-analyzer"} <= set(container["args"])
    helm("rollback", "release", "1", *cluster)
    template = json.loads(namespace.server.run(*named))
    assert template["metadata"]["labels"]["app.kubernetes.io/version"] == release.parent.name
    helm("uninstall", "release", *cluster)
