"""On a real API server, with service accounts: each permission that is missing is named, and nothing else."""

import base64
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from analyzer.check import code, look
from analyzer.check.cluster import cluster
from analyzer.check.interface import Asked, Result
from analyzer.check.needs import Need, needed
from analyzer.exits import Exit
from analyzer.settings import Ask, Policy, Settings, Tell, Where

if TYPE_CHECKING:
    from tests.conftest import Namespace

pytestmark = [pytest.mark.api, pytest.mark.usefixtures("argo")]

EVERYTHING_TOLD = Settings(policy=Policy(on_inconclusive="pause"), tell=Tell(save="configmap:judged"))
NEEDED = tuple({need.name(): need for need in needed(EVERYTHING_TOLD)}.values())


def rule(need: Need) -> dict[str, Any]:
    return {"apiGroups": [need.group], "resources": [need.resource], "verbs": [need.verb]}


@pytest.fixture
def told(
    namespace: "Namespace", ask: Callable[..., Asked], wait_until: Callable[[Callable[[], object]], None]
) -> Callable[..., list[Result]]:
    """What a check tells of the permissions of an account with what these needs grant."""

    def tell(needs: tuple[Need, ...]) -> list[Result]:
        where = Where(kubeconfig=str(namespace.account(*map(rule, needs))), namespace=namespace.name)
        settings = Settings(where=where, policy=EVERYTHING_TOLD.policy, tell=EVERYTHING_TOLD.tell)
        found: list[Result] = []

        def granted() -> bool:
            """The API server hears of a new Role a moment later."""
            found[:] = (each for each in cluster(ask(settings)) if each.check == "permission")
            return sum(each.state == "holds" for each in found) >= len(needs)

        wait_until(granted)
        return found

    return tell


def test_all_that_is_needed_holds(told: Callable[..., list[Result]]) -> None:
    assert [each for each in told(NEEDED) if each.state != "holds"] == []


@pytest.mark.parametrize("missing", NEEDED, ids=Need.name)
def test_each_that_is_missing_is_named_and_what_to_grant(told: Callable[..., list[Result]], namespace: "Namespace", missing: Need) -> None:
    (found,) = (each for each in told(tuple(need for need in NEEDED if need is not missing)) if each.state != "holds")
    assert found.about == f"{missing.name()} in {namespace.name}"
    assert found.state == ("wrong" if missing.must else "note")
    assert missing.why in found.what
    assert f"grant it in a Role in namespace {namespace.name}: {missing.rule()}" == found.advice


def test_a_person_can_ask_what_the_jobs_account_may(
    namespace: "Namespace", ask: Callable[..., Asked], wait_until: Callable[[Callable[[], object]], None]
) -> None:
    needs = needed(Settings(tell=Tell(effects=("none",))))
    kubeconfig = namespace.account(*(rule(need) for need in needs if need.resource != "pods/log"))
    name = json.loads(base64.urlsafe_b64decode(json.loads(kubeconfig.read_text())["users"][0]["user"]["token"].split(".")[1] + "=="))["sub"]
    admin = Settings(where=Where(kubeconfig=str(namespace.server.kubeconfig), namespace=namespace.name), tell=Tell(effects=("none",)))

    def missing(account: str) -> list[str]:
        return [each.about for each in cluster(ask(admin, account=account)) if each.check == "permission" and each.state != "holds"]

    account = name.rpartition(":")[2]
    for given in (account, f"{namespace.name}/{account}"):
        wait_until(lambda given=given: missing(given) == [f"get pods/log in {namespace.name}"])  # type: ignore[misc]
    assert missing("") == []
    assert f"list pods in {namespace.name}" in missing(f"elsewhere/{account}")


def test_the_whole_check_holds_on_a_cluster(namespace: "Namespace", ask: Callable[..., Asked]) -> None:
    namespace.rollout("cart", stable="aaa", canary="bbb")
    where = Where(kubeconfig=str(namespace.server.kubeconfig), namespace=namespace.name, rollout="cart")
    found = look(ask(Settings(where=where, ask=Ask(models=("builtin",)))))
    assert code(found) == Exit.PROMOTE, found
    told = {each.about: each.what for each in found if each.check == "target"}
    assert "stable aaa, canary bbb" in told["cart"]


def test_a_rollout_that_is_not_there_names_the_one_that_is(namespace: "Namespace", ask: Callable[..., Asked]) -> None:
    namespace.rollout("cart", stable="aaa", canary="bbb")
    where = Where(kubeconfig=str(namespace.server.kubeconfig), namespace=namespace.name, rollout="card")
    (wrong,) = (each for each in cluster(ask(Settings(where=where))) if each.state == "wrong")
    assert (wrong.check, wrong.advice) == ("target", "did you mean cart?")


def test_credentials_that_nobody_knows_are_wrong(namespace: "Namespace", ask: Callable[..., Asked]) -> None:
    where = Where(kubeconfig=str(namespace.kubeconfig_with("nobody")), namespace=namespace.name)
    found = list(cluster(ask(Settings(where=where))))
    assert found[-1].state == "wrong"
    assert code(found) == Exit.USAGE


def test_in_a_pod_its_own_namespace_is_asked_about_its_job(
    namespace: "Namespace", another_namespace: "Callable[[], Namespace]", in_pod: Callable[..., None], ask: Callable[..., Asked]
) -> None:
    jobs = another_namespace()
    in_pod(jobs, "judge-1", {"apiGroups": ["batch"], "resources": ["jobs"], "verbs": ["get"]})
    settings = Settings(where=Where(kubeconfig=str(namespace.server.kubeconfig), namespace=namespace.name))
    about = {each.about: each.state for each in cluster(ask(settings)) if each.check == "permission"}
    assert {name for name, state in about.items() if state == "wrong"} <= {f"list pods in {jobs.name}", f"get jobs.batch in {jobs.name}"}
    assert about[f"list pods in {jobs.name}"] == "wrong"
    assert about[f"list pods in {namespace.name}"] == "holds"
