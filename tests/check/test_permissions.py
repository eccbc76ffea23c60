"""On a real API server, with service accounts: each permission that is missing is named, and nothing else."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from analyzer.check import exit_code_of, run_checks
from analyzer.check.cluster import check_cluster
from analyzer.check.interface import CheckRequest, CheckResult
from analyzer.check.needs import Need, find_needs
from analyzer.exits import ExitCode
from analyzer.settings import Ask, Policy, Settings, Tell, Where

if TYPE_CHECKING:
    from tests.conftest import Namespace

pytestmark = [pytest.mark.api, pytest.mark.usefixtures("argo")]

SOUND = Path(__file__).parent / "sound.yaml"
EVERYTHING_TOLD = Settings(policy=Policy(on_inconclusive="pause"), tell=Tell(save="configmap:judged"))
NEEDED = tuple({need.name(): need for need in find_needs(EVERYTHING_TOLD)}.values())


def admin(namespace: "Namespace", kubeconfig: Path | None = None) -> Settings:
    return Settings(
        where=Where(kubeconfig=str(kubeconfig or namespace.server.kubeconfig), namespace=namespace.name)
    )


def account_of(kubeconfig: Path) -> str:
    """The name of the service account that a kubeconfig's token is of."""
    token = json.loads(kubeconfig.read_text())["users"][0]["user"]["token"].split(".")[1]
    return str(json.loads(base64.urlsafe_b64decode(token + "=="))["sub"]).rpartition(":")[2]


def manifest(folder: Path, account: str, *arguments: str) -> str:
    """A file of the sound template, whose Job runs as this account, with more arguments."""
    text = (
        SOUND.read_text()
        .partition("\n---")[0]
        .replace("serviceAccountName: rollout-analyzer", f"serviceAccountName: {account}")
    )
    (folder / "template.yaml").write_text(
        text.replace("args: [analyze,", f"args: [{', '.join(('analyze', *arguments))},")
    )
    return str(folder / "template.yaml")


def rule(need: Need) -> dict[str, Any]:
    return {"apiGroups": [need.group], "resources": [need.resource], "verbs": [need.verb]}


@pytest.fixture
def told(
    namespace: "Namespace",
    ask: Callable[..., CheckRequest],
    wait_until: Callable[[Callable[[], object]], None],
) -> Callable[..., list[CheckResult]]:
    """What a check tells of the permissions of an account with what these needs grant."""

    def tell(needs: tuple[Need, ...]) -> list[CheckResult]:
        where = Where(kubeconfig=str(namespace.account(*map(rule, needs))), namespace=namespace.name)
        settings = Settings(where=where, policy=EVERYTHING_TOLD.policy, tell=EVERYTHING_TOLD.tell)
        found: list[CheckResult] = []

        def granted() -> bool:
            """The API server hears of a new Role a moment later."""
            found[:] = (each for each in check_cluster(ask(settings)) if each.check == "permission")
            return sum(each.state == "holds" for each in found) >= len(needs)

        wait_until(granted)
        return found

    return tell


def test_all_that_is_needed_holds(told: Callable[..., list[CheckResult]]) -> None:
    assert [each for each in told(NEEDED) if each.state != "holds"] == []


@pytest.mark.parametrize("missing", NEEDED, ids=Need.name)
def test_each_that_is_missing_is_named_and_what_to_grant(
    told: Callable[..., list[CheckResult]], namespace: "Namespace", missing: Need
) -> None:
    (found,) = (
        each for each in told(tuple(need for need in NEEDED if need is not missing)) if each.state != "holds"
    )
    assert found.about == f"{missing.name()} in {namespace.name}"
    assert found.state == ("wrong" if missing.must else "note")
    assert missing.why in found.what
    assert f"grant it in a Role in namespace {namespace.name}: {missing.rule()}" == found.advice


def test_a_person_can_ask_what_the_jobs_account_may(
    namespace: "Namespace",
    ask: Callable[..., CheckRequest],
    wait_until: Callable[[Callable[[], object]], None],
) -> None:
    needs = find_needs(Settings(tell=Tell(effects=("none",))))
    kubeconfig = namespace.account(*(rule(need) for need in needs if need.resource != "pods/log"))
    settings = Settings(
        where=Where(kubeconfig=str(namespace.server.kubeconfig), namespace=namespace.name),
        tell=Tell(effects=("none",)),
    )

    def missing(account: str) -> list[str]:
        return [
            each.about
            for each in check_cluster(ask(settings, account=account))
            if each.check == "permission" and each.state != "holds"
        ]

    account = account_of(kubeconfig)
    for given in (account, f"{namespace.name}/{account}"):
        wait_until(lambda given=given: missing(given) == [f"get pods/log in {namespace.name}"])  # type: ignore[misc]
    assert missing("") == []


def test_an_account_that_is_not_there_is_one_line(
    namespace: "Namespace", ask: Callable[..., CheckRequest]
) -> None:
    for given in ("judge", f"{namespace.name}/judge", "Not/A name"):
        found = [
            each
            for each in check_cluster(ask(admin(namespace), account=given))
            if each.check in ("account", "permission")
        ]
        assert [(each.check, each.state) for each in found] == [("account", "wrong")]
        assert "there is no ServiceAccount" in found[0].what


def test_an_account_that_a_file_brings_is_not_wrong(
    namespace: "Namespace", ask: Callable[..., CheckRequest]
) -> None:
    example = str(Path(__file__).parents[2] / "examples" / "analysistemplate.yaml")
    (found,) = (
        each
        for each in check_cluster(ask(admin(namespace), example))
        if each.check in ("account", "permission")
    )
    assert (found.about, found.state) == (f"{namespace.name}/rollout-analyzer", "note")
    assert f"not in the cluster yet, but in {example}" in found.what


def test_whose_permissions_were_looked_at_is_said(
    namespace: "Namespace", ask: Callable[..., CheckRequest]
) -> None:
    mine = namespace.account()
    (note,) = (each for each in check_cluster(ask(admin(namespace, mine))) if each.check == "account")
    assert (note.state, note.what) == (
        "note",
        "checked your own permissions; those of the Job's ServiceAccount may differ",
    )
    assert note.about.startswith(f"system:serviceaccount:{namespace.name}:")
    assert "--service-account" in note.advice


def test_the_account_that_a_template_names_is_looked_at_for_what_its_job_does(
    namespace: "Namespace", ask: Callable[..., CheckRequest], tmp_path: Path
) -> None:
    file = manifest(tmp_path, account_of(namespace.account()), "--save=configmap:judged")
    found = list(check_cluster(ask(admin(namespace), file)))
    (said,) = (each for each in found if each.check == "account")
    assert (said.state, said.what) == (
        "holds",
        f"checked the permissions of the ServiceAccount that {file} names",
    )
    about = {each.about: each.state for each in found if each.check == "permission"}
    assert about[f"list pods in {namespace.name}"] == "wrong"
    assert about[f"create configmaps in {namespace.name}"] == "wrong"


def test_who_may_not_ask_for_another_is_told_so_and_what_they_may_themselves(
    namespace: "Namespace", ask: Callable[..., CheckRequest], tmp_path: Path
) -> None:
    mine, other = namespace.account(), account_of(namespace.account())
    where = admin(namespace, mine)
    found = [
        each
        for each in check_cluster(ask(where, manifest(tmp_path, other)))
        if each.check in ("account", "permission")
    ]
    assert [each.state for each in found[:2]] == ["note", "note"]
    assert found[0].what.startswith(
        "the permissions of this ServiceAccount were not checked: these credentials may not create"
    )
    assert found[1].what.startswith("checked your own permissions")
    (refused,) = (
        each for each in check_cluster(ask(where, account=other)) if each.check in ("account", "permission")
    )
    assert (refused.check, refused.state) == ("account", "wrong")


@pytest.mark.parametrize("live", [True, False])
def test_a_template_that_nobody_has_is_wrong_and_one_of_a_like_name_is_told(
    namespace: "Namespace", ask: Callable[..., CheckRequest], tmp_path: Path, live: bool
) -> None:
    """Whether the Rollout is in the cluster, or in a file."""
    steps = [{"analysis": {"templates": [{"templateName": name} for name in ("judge", "judgee")]}}]
    strategy = {"canary": {"steps": steps}}
    namespace.argo(
        "AnalysisTemplate", {"name": "judge"}, yaml.safe_load(SOUND.read_text().partition("\n---")[0])["spec"]
    )
    file = tmp_path / "rollout.yaml"
    rollout = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Rollout",
        "metadata": {"name": "cart"},
        "spec": {"strategy": strategy},
    }
    file.write_text(yaml.safe_dump(rollout))
    if live:
        labels = {"app": "cart"}
        pod = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "app", "image": "app:1"}]}}
        spec = {"selector": {"matchLabels": labels}, "template": pod, "strategy": strategy}
        namespace.rollout("cart", stable="aaa", canary="bbb", spec=spec)
    where = Where(
        kubeconfig=str(namespace.server.kubeconfig), namespace=namespace.name, rollout="cart" if live else ""
    )
    found = [
        each
        for each in check_cluster(ask(Settings(where=where), *([] if live else [str(file)])))
        if each.check == "reference"
    ]
    assert [(each.about, each.state) for each in found] == [
        ("AnalysisTemplate judge", "holds"),
        ("AnalysisTemplate judgee", "wrong"),
    ]
    assert f"it is neither in namespace {namespace.name} nor in a file" in found[1].what
    assert found[1].advice == "did you mean judge?"


def test_the_whole_check_holds_on_a_cluster(namespace: "Namespace", ask: Callable[..., CheckRequest]) -> None:
    namespace.rollout("cart", stable="aaa", canary="bbb")
    where = Where(kubeconfig=str(namespace.server.kubeconfig), namespace=namespace.name, rollout="cart")
    found = run_checks(ask(Settings(where=where, ask=Ask(models=("builtin",)))))
    assert exit_code_of(found) == ExitCode.PROMOTE, found
    told = {each.about: each.what for each in found if each.check == "target"}
    assert "stable aaa, canary bbb" in told["cart"]


def test_a_rollout_that_is_not_there_names_the_one_that_is(
    namespace: "Namespace", ask: Callable[..., CheckRequest]
) -> None:
    namespace.rollout("cart", stable="aaa", canary="bbb")
    where = Where(kubeconfig=str(namespace.server.kubeconfig), namespace=namespace.name, rollout="card")
    (wrong,) = (each for each in check_cluster(ask(Settings(where=where))) if each.state == "wrong")
    assert (wrong.check, wrong.advice) == ("target", "did you mean cart?")


def test_credentials_that_nobody_knows_are_wrong(
    namespace: "Namespace", ask: Callable[..., CheckRequest]
) -> None:
    where = Where(kubeconfig=str(namespace.kubeconfig_with("nobody")), namespace=namespace.name)
    found = list(check_cluster(ask(Settings(where=where))))
    assert found[-1].state == "wrong"
    assert exit_code_of(found) == ExitCode.USAGE


def test_in_a_pod_its_own_namespace_is_asked_about_its_job(
    namespace: "Namespace",
    another_namespace: "Callable[[], Namespace]",
    in_pod: Callable[..., None],
    ask: Callable[..., CheckRequest],
) -> None:
    jobs = another_namespace()
    in_pod(jobs, "judge-1", {"apiGroups": ["batch"], "resources": ["jobs"], "verbs": ["get"]})
    settings = Settings(where=Where(kubeconfig=str(namespace.server.kubeconfig), namespace=namespace.name))
    about = {each.about: each.state for each in check_cluster(ask(settings)) if each.check == "permission"}
    assert {name for name, state in about.items() if state == "wrong"} <= {
        f"list pods in {jobs.name}",
        f"get jobs.batch in {jobs.name}",
    }
    assert about[f"list pods in {jobs.name}"] == "wrong"
    assert about[f"list pods in {namespace.name}"] == "holds"
