"""The change under test, as values for the issue's template: what it links, lists and names. Pure."""

import re

from analyzer.common.short import cut
from analyzer.common.value import Value
from analyzer.github.change import Change, Commit
from analyzer.github.suspects import Suspect
from analyzer.report import neutral

SENTENCE = 400  # characters of a reason, of what was not found
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]{1,253}(?::[0-9]{1,5})?")
_HASH = re.compile(r"[0-9a-f]{40,64}")
PATHS = 20  # of the files that differ


class Examined(Value):
    """The change under test with its suspects. `site` is the address of the code; empty for none."""

    change: Change
    suspects: tuple[Suspect, ...] = ()
    site: str = ""
    repository: str = ""


def write_change(examined: Examined, commits: int) -> dict[str, object]:
    """Return what a template shows of a change, with at most so many commits."""
    change = examined.change
    return {
        "stable": change.stable,
        "canary": change.canary,
        "link": _link(examined),
        "total": change.total,
        "read": sum(bool(commit.files) for commit in change.commits),
        "suspects": [
            {"reason": f"{cut(suspect.reason, SENTENCE)}.", **_commit(suspect.commit)}
            for suspect in examined.suspects
        ],
        "commits": [_commit(commit) for commit in change.commits[:commits]],
        "more": max(0, change.total - commits),
        "paths": [cut(path, SENTENCE) for path in change.paths[:PATHS]],
        "more_paths": max(0, len(change.paths) - PATHS),
        "unknown": [cut(sentence, SENTENCE) for sentence in change.unknown],
    }


def _commit(commit: Commit) -> dict[str, object]:
    return {
        "sha": commit.short(),
        "subject": commit.subject,
        "author": commit.author,
        "pulls": [pull.number for pull in commit.pulls],
    }


def _link(examined: Examined) -> neutral.Markdown:
    """Return the link to the comparison, of hashes and a plain address; empty without them."""
    change = examined.change
    hashes = all(_HASH.fullmatch(sha) for sha in (change.stable, change.canary))
    if not (hashes and _ADDRESS.fullmatch(examined.site) and examined.repository):
        return neutral.Markdown("")
    ends = f"{change.stable}...{change.canary}"
    return neutral.Markdown(
        f"[{ends[:8]}...{change.canary[:8]}]({examined.site}/{examined.repository}/compare/{ends})"
    )
