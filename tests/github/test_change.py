"""The change between two commits, as the real client reads it from a real repository, and what is said of
the rest.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from analyzer.common.deadline import Deadline
from analyzer.github.change import Change, read_change, read_pulls
from analyzer.github.client import Repository
from tests.github.history import History
from tests.github.planted import Commit
from tests.github.server import GitHub, Request, error

TREES = (
    {"main.go": "package main\n\nfunc main() {\n\tserve()\n}\n"},
    {"main.go": "package main\n\nfunc main() {\n\tserve(8080)\n}\n"},
    {"cart/main.go": "package main\n\nfunc main() {\n\tserve(8080)\n}\n", "README.md": "# cart\n"},
)


@dataclass
class Shop:
    """A repository of three commits on GitHub."""

    github: GitHub
    history: History
    repository: Repository

    def hashes(self) -> list[str]:
        return list(self.history.commits)

    def read(self, stable: str, canary: str) -> Change:
        return read_change(self.repository, [stable], [canary], Deadline.after(30))


@pytest.fixture
def shop(github: GitHub, repository: Callable[..., Repository], tmp_path: Path) -> Shop:
    commits = tuple(Commit("Ann Ode", f"Step {number}", tree) for number, tree in enumerate(TREES))
    github.history = History.write(tmp_path / "shop", commits)
    return Shop(github, github.history, repository())


def test_commits_come_newest_first_with_their_files_and_authors(shop: Shop) -> None:
    first, second, third = shop.hashes()
    change = shop.read(first, third)
    assert (change.stable, change.canary, change.total, change.unknown) == (first, third, 2, ())
    assert [(commit.sha, commit.subject, commit.author) for commit in change.commits] == [
        (third, "Step 2", "ann"),
        (second, "Step 1", "ann"),
    ]
    (renamed,) = [file for file in change.commits[0].files if file.before]
    assert (renamed.path, renamed.before) == ("cart/main.go", "main.go")
    assert "+\tserve(8080)" in change.commits[1].files[0].patch
    assert set(change.paths) == {"README.md", "cart/main.go"}


def test_a_part_of_a_hash_and_a_tag_lead_to_the_commit(shop: Shop) -> None:
    first, _, third = shop.hashes()
    shop.history.tags["v1.5.1"] = third
    change = read_change(shop.repository, [first[:8]], ["tags/1.5.1", "tags/v1.5.1"], Deadline.after(30))
    assert (change.stable, change.canary) == (first, third)


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ((2, 2), "Both sides are of the same commit"),
        ((2, 0), "The canary lacks 2 commits that stable has"),
    ],
)
def test_what_a_comparison_cannot_show_is_said(shop: Shop, ends: tuple[int, int], said: str) -> None:
    stable, canary = (shop.hashes()[end] for end in ends)
    change = shop.read(stable, canary)
    assert change.commits == ()
    assert change.unknown[0].startswith(said)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], "neither its pod template nor its image's tag says it"),
        (["tags/1.5.1"], "has no commit or tag 1.5.1"),
    ],
)
def test_a_side_whose_commit_is_not_known_is_said(shop: Shop, names: list[str], said: str) -> None:
    change = read_change(shop.repository, names, [shop.hashes()[2]], Deadline.after(30))
    assert change.commits == ()
    (sentence,) = change.unknown
    assert sentence.startswith("Which commit stable was built from is not known")
    assert said in sentence


def test_a_right_that_is_missing_is_said_and_raises_nothing(shop: Shop) -> None:
    def refuse(request: Request) -> object:
        return error(403, "Resource not accessible") if "/compare/" in request.path else None

    shop.github.faults.append(refuse)  # type: ignore[arg-type]
    change = shop.read(shop.hashes()[0], shop.hashes()[2])
    assert change.canary == shop.hashes()[2]
    assert "The commits between them were not read: this token may not compare commits" in change.unknown[0]


def test_a_commit_that_is_not_read_is_said_and_has_no_files(shop: Shop) -> None:
    first, second, third = shop.hashes()

    def refuse(request: Request) -> object:
        return error(403, "No") if request.path.endswith(second) else None

    shop.github.faults.append(refuse)  # type: ignore[arg-type]
    change = shop.read(first, third)
    assert [bool(commit.files) for commit in change.commits] == [True, False]
    assert change.unknown == ("The files of 1 commit were not read, the oldest ones.",)


def test_the_pull_requests_of_wanted_commits_are_read(shop: Shop) -> None:
    first, second, third = shop.hashes()
    shop.history.pulls[second] = 41
    change = read_pulls(shop.repository, shop.read(first, third), [second], Deadline.after(30))
    assert [[pull.number for pull in commit.pulls] for commit in change.commits] == [[], [41]]
    assert len(shop.github.sent("GET", "/pulls")) == 1


@pytest.mark.slow
def test_more_than_a_page_of_commits_is_read_to_the_bound(
    github: GitHub, repository: Callable[..., Repository], tmp_path: Path
) -> None:
    commits = tuple(Commit("Ann Ode", f"Step {n}", {"a.txt": f"{n}\n"}) for n in range(262))
    github.history = History.write(tmp_path / "long", commits)
    hashes = list(github.history.commits)
    change = read_change(repository(), [hashes[0]], [hashes[-1]], Deadline.after(60))
    assert (change.total, len(change.commits)) == (261, 250)
    assert [commit.subject for commit in (change.commits[0], change.commits[-1])] == ["Step 261", "Step 12"]
    assert sum(bool(commit.files) for commit in change.commits) == 100
    assert change.unknown == (
        "Of 261 commits, the newest 250 were listed.",
        "The files of 150 commits were not read, the oldest ones.",
    )
