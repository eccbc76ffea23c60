"""The change under test of a finished run: its revisions, the commits between them, and the suspects among
these.
"""

from urllib.parse import urlsplit

from msgspec.structs import replace

from analyzer.common.deadline import Deadline
from analyzer.github.change import Change, read_change, read_pulls
from analyzer.github.change_text import Examined
from analyzer.github.client import Repository
from analyzer.github.clues import find_clues
from analyzer.github.credentials import PUBLIC
from analyzer.github.revisions import find_other_source, list_revisions
from analyzer.github.suspects import rank_suspects
from analyzer.records.record import Record

COMMITS_SHOWN = 5  # newest commits whose pull requests are shown beside the suspects'


def examine_change(repository: Repository, record: Record, api: str, deadline: Deadline) -> Examined:
    """Return the change under test, as far as GitHub tells it by the deadline. `api` is the API's address.
    What was not found is in the change, in sentences; nothing is raised.
    """
    evidence, issues = record.evidence, record.settings.issues
    other = find_other_source(evidence, repository.name)
    if other and not issues.canary_revision:
        why = (
            f"The canary was built from {other}, and the issue is in {repository.name}:"
            " its commits were not looked at."
        )
        return Examined(change=Change(unknown=(why,)))
    stable, canary = (list_revisions(evidence, issues, role) for role in ("stable", "canary"))
    change = read_change(repository, stable, canary, deadline)
    suspects = rank_suspects(find_clues(record), change)
    wanted = [
        *(suspect.commit.sha for suspect in suspects),
        *(commit.sha for commit in change.commits[:COMMITS_SHOWN]),
    ]
    whole = read_pulls(repository, change, wanted, deadline)
    by_sha = {commit.sha: commit for commit in whole.commits}
    return Examined(
        change=whole,
        suspects=tuple(replace(suspect, commit=by_sha[suspect.commit.sha]) for suspect in suspects),
        site=_site(api),
        repository=repository.name,
    )


def _site(api: str) -> str:
    """Return the address at which people read what an API serves. GitHub Enterprise Server has it on one host
    (https://docs.github.com/en/enterprise-server@latest/rest/quickstart).
    """
    if api == PUBLIC:
        return "https://github.com"
    parts = urlsplit(api)
    host = parts.netloc.removeprefix("api.") if parts.netloc.endswith(".ghe.com") else parts.netloc
    return f"{parts.scheme}://{host}"
