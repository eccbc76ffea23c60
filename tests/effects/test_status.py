"""`--github-status`: the answer on the canary's commit, on a GitHub that answers by its own description."""

from pathlib import Path
from typing import Any, cast

import pytest
from msgspec.structs import replace

from analyzer.cluster import Cluster
from analyzer.common.deadline import Deadline
from analyzer.decision import Outcome
from analyzer.effects import carry_out
from analyzer.effects.interface import EffectContext
from analyzer.effects.issue import check_issues
from analyzer.errors import UsageError
from analyzer.records.record import Receipt
from analyzer.settings import Issues
from tests.effects.test_issue import RUN, NoCluster, a_context
from tests.effects.test_issue import github as github  # noqa: PLC0414 - the fixture
from tests.github.history import History
from tests.github.planted import Commit
from tests.github.server import NAME, GitHub, error
from tests.github.test_tracking import times

pytestmark = pytest.mark.slow


@pytest.fixture
def canary(github: GitHub, tmp_path: Path) -> str:
    """The hash of the commit that the recorded canary's image is tagged with."""
    commits = tuple(Commit("Ann Ode", f"Step {number}", {"a": str(number)}) for number in range(2))
    github.history = History.write(tmp_path / "shop", commits)
    _, last = github.history.commits
    github.history.tags = {"1.5.1": last}
    return last


def status_of(context: EffectContext) -> Receipt | None:
    done = carry_out(context, lambda deadline: cast("Cluster", NoCluster(deadline)), Deadline.after(30))
    return next((receipt for receipt in done.receipts if receipt.effect == "status"), None)


def asked(github_status: str = "commit", outcome: Outcome | None = None, **more: Any) -> EffectContext:
    return a_context(outcome=outcome, github_status=github_status, **more)


def test_a_rollback_is_a_failure_that_leads_to_the_issue(github: GitHub, canary: str) -> None:
    receipt = status_of(asked())
    assert receipt is not None
    assert (receipt.done, receipt.detail) == (True, f"commit status failure on acme/shop@{canary[:8]}")
    ((sha, status),) = github.statuses
    assert sha == canary
    assert status["context"] == "rollout-analyzer/shop/cart"
    assert status["target_url"] == github.issues[0]["html_url"]
    assert status["description"].startswith("ROLLBACK: 2 of 2 canary pods: container cart exits")
    assert len(status["description"]) <= 140


@pytest.mark.parametrize(("outcome", "state"), [("promote", "success"), ("inconclusive", "error")])
def test_each_outcome_has_its_state(github: GitHub, canary: str, outcome: Outcome, state: str) -> None:
    status_of(asked(outcome=outcome))
    ((_, status),) = github.statuses
    assert (status["state"], "target_url" in status) == (state, False)


def test_a_deployment_has_it_by_option(github: GitHub, canary: str) -> None:
    receipt = status_of(asked("deployment"))
    assert receipt is not None
    assert not receipt.done
    assert "there is no deployment of" in receipt.detail
    github.deployments = {canary: [7, 9]}
    receipt = status_of(asked("deployment"))
    assert receipt is not None
    assert receipt.done
    ((number, status),) = github.statuses
    assert (number, status["log_url"]) == ("9", github.issues[0]["html_url"])


def test_a_commit_that_is_not_known_is_said(github: GitHub) -> None:
    receipt = status_of(asked())
    assert receipt is not None
    assert "commit that the canary was built from is not known: 1.5.1" in receipt.detail
    assert "--canary-revision" in receipt.advice


def test_a_right_that_is_missing_is_named(github: GitHub, canary: str) -> None:
    denied = error(403, "Resource not accessible", x_accepted_github_permissions="statuses=write")
    github.faults.append(
        lambda request: denied if request.verb == "POST" and "/statuses/" in request.path else None
    )
    receipt = status_of(asked())
    assert receipt is not None
    assert "may not set a commit status" in receipt.detail
    assert "statuses=write" in receipt.advice


def test_it_is_tried_again_while_it_may_pass(github: GitHub, canary: str) -> None:
    github.faults.append(times(1, error(502, "Bad Gateway"), "POST", canary))
    receipt = status_of(asked())
    assert receipt is not None
    assert receipt.done


def test_none_is_set_in_a_dry_run_nor_unasked(github: GitHub, canary: str) -> None:
    assert status_of(asked(analysis=replace(RUN, dry_run=True))) is None
    assert status_of(asked("none")) is None
    assert status_of(asked(outcome="started")) is None
    assert github.statuses == []


def test_without_a_repository_it_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="no repository is named"):
        check_issues(Issues(github_status="commit"))
    check_issues(Issues(github_status="commit", github_repo=NAME))
