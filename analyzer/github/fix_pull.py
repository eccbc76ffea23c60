"""A suggested fix as a draft pull request, on a new branch of its own at the canary's commit. No branch that
is there is ever written to: making the branch fails if there is one.
"""

import base64
from urllib.parse import quote

import msgspec

from analyzer.common.deadline import Deadline
from analyzer.common.value import Value
from analyzer.github.client import Repository
from analyzer.github.errors import GitHubError, Refused
from analyzer.github.fix_edits import Fix
from analyzer.github.listing import retry


class _MadePull(msgspec.Struct):
    ref: str = ""


class _CreatedPull(msgspec.Struct):
    html_url: str


class _Written(msgspec.Struct):
    commit: object = None


class Proposal(Value):
    """A proposed fix: its issue, commit, branch (empty for the default one) and words."""

    issue: int
    fix: Fix
    revision: str
    base: str
    body: str


def open_pull(repository: Repository, proposal: Proposal, deadline: Deadline) -> str:
    """Return the draft pull request's address, which a retried run finds again. Raise GitHubError."""
    revision = proposal.revision
    branch = f"rollout-analyzer/fix-{proposal.issue}-{revision[:8]}"
    if found := _find_pull(repository, branch, deadline):
        return found
    wanted = {"ref": f"refs/heads/{branch}", "sha": revision}
    try:
        retry(lambda: repository.post("/git/refs", "make a branch", _MadePull, wanted), deadline)
    except Refused as error:
        if error.status != 422:
            raise
        raise GitHubError(
            f"there is a branch {branch} without a pull request, and no branch that is there is written to",
            advice="delete it if nobody needs it",
        ) from error
    for file in proposal.fix.files:
        change = {
            "message": f"Suggest a fix of {file.path}\n\nA model wrote it, and nobody has looked at it.",
            "content": base64.b64encode(file.text.encode()).decode(),
            "sha": file.sha,
            "branch": branch,
        }
        repository.put(f"/contents/{quote(file.path)}", "write a file", _Written, change)
    pull = {
        "title": f"Suggested fix for issue {proposal.issue}: nobody has looked at it",
        "head": branch,
        "base": proposal.base or repository.read().default_branch,
        "body": proposal.body,
        "draft": True,
        "maintainer_can_modify": True,
    }
    return repository.post("/pulls", "open a pull request", _CreatedPull, pull).html_url


def _find_pull(repository: Repository, branch: str, deadline: Deadline) -> str:
    owner = repository.name.partition("/")[0]
    listed = retry(
        lambda: repository.get(
            "/pulls", "list pull requests", list[_CreatedPull], head=f"{owner}:{branch}", state="all"
        ),
        deadline,
    )
    return listed[0].html_url if listed else ""
