"""The answer on the canary's revision: a commit status, or a status of the deployment that is of this
revision.

https://docs.github.com/en/rest/commits/statuses and https://docs.github.com/en/rest/deployments/statuses. A
status with the same context replaces the one before.
"""

import re
from collections.abc import Mapping

import msgspec

from analyzer.common.deadline import Deadline
from analyzer.common.short import cut
from analyzer.common.value import Value
from analyzer.errors import UsageError
from analyzer.github.change import resolve_revision
from analyzer.github.client import Repository
from analyzer.github.errors import GitHubError
from analyzer.github.listing import retry
from analyzer.github.revisions import find_other_source, list_revisions
from analyzer.records.record import Record
from analyzer.report.neutral import inert

STATES = {"promote": "success", "rollback": "failure", "inconclusive": "error"}
MAX_DESCRIPTION = 140  # characters of a description
_ADDRESS = re.compile(r"https?://[!-~]{1,2000}")


class Status(Value):
    """What is set: GitHub's word for the outcome, one line, an address or nothing, and whose status it is."""

    state: str
    description: str
    target_url: str
    context: str


class _MadeStatus(msgspec.Struct):
    url: str = ""


class _DeploymentJson(msgspec.Struct):
    id: int


def write_status(record: Record, issue: str) -> Status:
    """Return the status of a run. It leads to the issue, else to what `--link` says."""
    decision, target = record.judgement.decision, record.evidence.target
    line = inert(" ".join(decision.headline("").split()))
    links = (link for link in (issue, record.settings.tell.link) if _ADDRESS.fullmatch(link))
    return Status(
        state=STATES[decision.outcome],
        description=cut(line, MAX_DESCRIPTION - 2),
        target_url=next(links, ""),
        context=f"rollout-analyzer/{target.name().replace('namespace ', '')}",
    )


def find_revision(repository: Repository, record: Record, deadline: Deadline) -> str:
    """Return the hash of the canary's commit. Raise UsageError where it is not known, and GitHubError."""
    evidence, issues = record.evidence, record.settings.issues
    other = find_other_source(evidence, repository.name)
    if other and not issues.canary_revision:
        raise UsageError(
            f"the canary was built from {other}, not from {repository.name}",
            advice="name the revision with --canary-revision, or leave --github-status out",
        )
    names = list_revisions(evidence, issues, "canary")
    sha = resolve_revision(repository, names, deadline)
    if not sha:
        tried = ", ".join(name.removeprefix("tags/") for name in names[:4]) or "its pod template says none"
        raise UsageError(
            f"the commit that the canary was built from is not known: {tried}",
            advice="name it with --canary-revision, or in the annotation org.opencontainers.image.revision",
        )
    return sha


def set_commit_status(repository: Repository, sha: str, status: Status, deadline: Deadline) -> None:
    """Set the status of a commit. Raise GitHubError."""
    fields = {"state": status.state, "description": status.description, "context": status.context}
    wanted = _with_url(fields, "target_url", status.target_url)
    retry(lambda: repository.post(f"/statuses/{sha}", "set a commit status", _MadeStatus, wanted), deadline)


def set_deployment_status(repository: Repository, sha: str, status: Status, deadline: Deadline) -> None:
    """Set the status of a commit's newest deployment. Raise GitHubError, also if it has no deployment."""
    listed = retry(
        lambda: repository.get(
            "/deployments", "list deployments", list[_DeploymentJson], sha=sha, per_page=1
        ),
        deadline,
    )
    if not listed:
        raise GitHubError(
            f"there is no deployment of {sha[:8]}",
            advice="have what deploys make one, or give --github-status commit",
        )
    fields = {"state": status.state, "description": status.description}
    wanted = _with_url(fields, "log_url", status.target_url)
    path = f"/deployments/{listed[0].id}/statuses"
    retry(lambda: repository.post(path, "set a deployment status", _MadeStatus, wanted), deadline)


def _with_url(fields: Mapping[str, str], name: str, url: str) -> dict[str, str]:
    return {**fields, **({name: url} if url else {})}
