"""What a real API server with all of it cannot show: one that lacks Argo's kinds or refuses the review. See
test_permissions.py.
"""

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from analyzer.check.cluster import check_cluster
from analyzer.check.interface import CheckRequest, CheckResult
from analyzer.settings import Settings, Where

pytestmark = pytest.mark.slow

Reply = Callable[..., None]
Told = Callable[..., list[CheckResult]]
ALLOWED: dict[str, Any] = {"status": {"allowed": True}}


@pytest.fixture
def told(
    web: Callable[[Callable[[BaseHTTPRequestHandler], None]], str],
    kubeconfig: Callable[..., Path],
    ask: Callable[..., CheckRequest],
    answer: Reply,
) -> Told:
    """What is told of a server with these resources by group, whose answer to each review is `review`, by
    status.
    """

    def tell(
        served: dict[str, list[str]], review: tuple[int, dict[str, Any]] = (200, ALLOWED), **where: str
    ) -> list[CheckResult]:
        def server(handler: BaseHTTPRequestHandler) -> None:
            if handler.command == "POST":
                answer(handler, *review)
                return
            group = handler.path.partition("/apis/")[2]
            if group and group not in served:
                answer(handler, 404, {"kind": "Status", "message": "not found"})
                return
            answer(handler, 200, {"resources": [{"name": name} for name in served.get(group, ())]})

        return list(
            check_cluster(
                ask(Settings(where=Where(kubeconfig=str(kubeconfig(web(server))), **where)), seconds=10)
            )
        )

    return tell


def of(found: list[CheckResult], about: str) -> CheckResult:
    return next(each for each in found if each.about == about)


def test_a_cluster_without_argo_is_wrong_and_says_so_for_each_kind(told: Told) -> None:
    found = told({"metrics.k8s.io/v1beta1": ["nodes", "pods"]})
    wrong = [each for each in found if each.state == "wrong"]
    assert [each.about for each in wrong] == ["analysisruns.argoproj.io", "rollouts.argoproj.io"]
    assert all("install Argo Rollouts" in each.advice for each in wrong)
    assert of(found, "metrics.k8s.io/v1beta1").state == "holds"


def test_two_hashes_need_no_kind_of_argo_s(told: Told) -> None:
    found = told({}, stable_hash="aaa", canary_hash="bbb")
    assert [each for each in found if each.check == "cluster" and "argoproj" in each.about] == []


def test_no_metrics_api_is_worth_knowing(told: Told) -> None:
    found = of(told({"argoproj.io/v1alpha1": ["rollouts", "analysisruns"]}), "metrics.k8s.io/v1beta1")
    assert (found.state, found.advice) == ("note", "install metrics-server")


def test_an_authorizer_that_cannot_say_is_no_yes(told: Told) -> None:
    found = told({}, (200, {"status": {"evaluationError": "webhook down"}}))
    jobs = of(found, "get jobs.batch in shop")
    assert jobs.state == "wrong"
    assert "(webhook down)" in jobs.what


@pytest.mark.parametrize(("status", "state"), [(403, "wrong"), (500, "unreachable")])
def test_a_review_that_is_not_answered_is_told(told: Told, status: int, state: str) -> None:
    found = told({}, (status, {"kind": "Status", "message": "no"}))
    assert {each.state for each in found if each.check == "permission"} == {state}
